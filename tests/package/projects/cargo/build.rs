//! Makes the thunks as an archive: other than an object, it reaches programs that use a library crate.
use std::{env, fs, path::PathBuf, process::Command};

fn main() {
    let folder = PathBuf::from(env::var("OUT_DIR").unwrap());
    let (archive, depfile) = (folder.join("libthunks.a"), folder.join("thunks.d"));
    let made = Command::new(env::var("ABIDE").unwrap_or("abide".into()))
        .args(["thunk", "readings.abi.yaml", "--caller", "./mine.yaml", "--callee", "c", "--prefix", "mine_"])
        .args(["--target", &env::var("TARGET").unwrap(), "-MD", "-MF", depfile.to_str().unwrap()])
        .arg("-o")
        .arg(&archive)
        .status()
        .expect("abide is not installed");
    assert!(made.success(), "abide made no thunks");
    println!("cargo:rustc-link-search=native={}", folder.display());
    println!("cargo:rustc-link-lib=static=thunks");
    // "OUTPUT: \", then an input on each line
    for line in fs::read_to_string(depfile).unwrap().lines().skip(1) {
        println!("cargo:rerun-if-changed={}", line.trim_end_matches('\\').trim());
    }
}

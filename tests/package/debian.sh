#!/bin/sh
# debian.sh: the Debian source package is made of the sources and built, lintian has nothing to say, and what is in the
# packages, unpacked elsewhere, makes the thunks of a project.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
rm -rf abide-* abide_* ./*.deb unpacked
mkdir unpacked

quietly() {
    "$@" >quietly.log 2>&1 || {
        echo "failed: $*"
        tail -n 20 quietly.log | cut -c1-300
        exit 1
    }
}

version=$(sed -n 's/^project(abide VERSION \([0-9.]*\).*/\1/p' "$ABIDE_SOURCE_DIR/CMakeLists.txt")
tree=abide-$version
mkdir "$tree"
(cd "$ABIDE_SOURCE_DIR" && tar -cf - --exclude=./build --exclude=./.git .) | tar -xf - -C "$tree"
tar -czf "abide_$version.orig.tar.gz" "$tree"
cp -R "$tree/tools/packaging/debian" "$tree/debian"

# Half of the time is the optimizer's, which other tests see.
quietly sh -c "cd $tree && DEB_BUILD_OPTIONS='noopt terse parallel=2' nice dpkg-buildpackage --no-sign"
lintian --allow-root --fail-on error,warning ./*.changes
for package in ./*.deb; do
    case $package in *-dbgsym*) ;; *) dpkg-deb -x "$package" unpacked ;; esac
done

libraries=$(dirname "$(find "$PWD/unpacked" -name libabide.so)")
LD_LIBRARY_PATH=$libraries
export LD_LIBRARY_PATH
"$here/projects.sh" cmake-ninja "$PWD/unpacked/usr"

// node host.mjs PROGRAM.wasm PLAN.json: a host that follows the canonical ABI, for the functions of demo.abi.yaml.
// It lifts and lowers by the types of the plan alone; what it knows of the functions stands in `answers`.
import { readFileSync } from "node:fs";
import { bytes, flatten, liftFlat, load, setInstance, store, text } from "./canonical.mjs";

const plan = JSON.parse(readFileSync(process.argv[3], "utf8"));

const show = ([name, age, tags]) => `${name} ${age} ${tags};`;
const square = { tag: 1, value: [5, 6] };
const same = (a, b) => JSON.stringify(a, (_, v) => (typeof v === "bigint" ? `${v}n` : v)) === JSON.stringify(b, (_, v) => (typeof v === "bigint" ? `${v}n` : v));
const answers = {
  greet: (person, times) => show(person).repeat(times),
  area: (shape, color) => color.tag + [(r) => 3 * r, ([x, y]) => x * y, (n) => n.length, () => -1][shape.tag](shape.value),
  lookup: (key) => (key === "key" ? { tag: 0, value: `value of ${key}` } : { tag: 1, value: -key.length }),
  total: (points) => (points.length ? { tag: 1, value: points.flat().reduce((a, b) => a + b, 0) } : { tag: 0 }),
  change: (perms, on, small) => (on ? perms | (small === -3 ? 0x80 : 0) : perms & (small === 100 ? 0xff : 0)),
  swap: ([a, b]) => [b - 1n, a + 1],
  words: (count) => Array.from({ length: count }, (_, i) => "x".repeat(i)),
  take: (thing, other) => thing + other,
  many: (a, person, shape, d, e, t, points, h, i) =>
    a === 2n ** 40n && show(person) === "Ada é 36 1,700,65535;" && same(shape, square) && d.value === 0.5 && e.tag === 1 &&
    e.value === "bad" && same(t, [9, 10]) && same(points, [[1.5, 2], [3, 4], [-100, 0.25]]) && h === true && i === 0x1f600 ? 42 : 0,
};

function call({ name, params, result }, words) {
  const flat = params.flatMap(flatten);
  let at = 0;
  const values = flat.length > 16 ? load(["tuple", params], words[at++]) : params.map((type) => liftFlat(type, () => words[at++]));
  const value = answers[name](...values);
  const words_of_result = result ? flatten(result).length : 0;
  if (words_of_result > 1) store(result, words[at++], value);
  if (at !== words.length) throw new Error(`${name}: ${words.length} words, not ${at}`);
  return words_of_result === 1 ? value : undefined;
}

const env = Object.fromEntries(plan.map((f) => [f.name, (...words) => call(f, words)]));
const trap = (at) => { throw new Error(`trap in ${text(at, bytes().indexOf(0, at) - at)}`); };
const module = await WebAssembly.compile(readFileSync(process.argv[2]));
const instance = await WebAssembly.instantiate(module, { env, host: { trap } });
setInstance(instance);
const failures = instance.exports.run();
console.log(failures === 0 ? "the host and the module agree" : `questions answered wrongly: ${failures.toString(2)}`);
process.exit(failures === 0 ? 0 : 1);

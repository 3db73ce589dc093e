// node calls.mjs PROGRAM.wasm PLAN.json: calls exports with random values, which come back as imports (see calls.py).
import { readFileSync } from "node:fs";
import { bytes, flatten, liftFlat, load, lowerFlat, measure, setInstance, setStrict, store, text } from "./canonical.mjs";

const { functions, values, seed, words, lists, hasLoans } = JSON.parse(readFileSync(process.argv[3], "utf8"));

// ---- chance ----

let state = seed >>> 0;
function chance(below) { // xorshift32
  state = state || 1;
  state ^= state << 13;
  state ^= state >>> 17;
  state ^= state << 5;
  state >>>= 0;
  return state % below;
}
const pick = (list) => list[chance(list.length)];
const bits = (count) => (count === 32 ? (chance(65536) * 65536 + chance(65536)) >>> 0 : chance(2 ** count));
const long = () => (BigInt(bits(32)) << 32n) | BigInt(bits(32));
const signed = (count) => (bits(count) << (32 - count)) >> (32 - count);

const makers = {
  bool: () => chance(2) === 1, u8: () => bits(8), i8: () => signed(8), u16: () => bits(16), i16: () => signed(16), u32: () => bits(32),
  i32: () => signed(32), u64: () => long(), i64: () => BigInt.asIntN(64, long()), handle: () => makeHandle(),
  f32: () => pick([0, -0, 1.5, -Infinity, Math.fround(1e-45), Math.fround(Math.PI), NaN, signed(24)]),
  f64: () => pick([0, -0, Math.E, Infinity, 5e-324, NaN, signed(32) / 7]),
  char: () => pick([0, 0x41, 0x7ff, 0xd7ff, 0xe000, 0xffff, 0x10000, 0x10ffff]),
  string: () => Array.from({ length: pick([0, 0, 1, 3, 40]) }, () => pick(["a", "\0", "é", "€", "😀", "\u{10ffff}"])).join(""),
};

// ---- handles: of those that are lent it is known whether the module has dropped them ----

let handles = 0, isLent = false, dropped = 0;
const loans = new Set();

function makeHandle() {
  if (!hasLoans) return bits(32);
  handles++;
  if (isLent) loans.add(handles);
  return handles;
}

function makeArgument({ params, lent }, i) {
  isLent = lent[i];
  const value = make(params[i]);
  isLent = false;
  return value;
}

function thing_drop(handle) {
  if (!loans.delete(handle)) throw new Error(`resource ${handle} is dropped, which is not lent`);
  dropped++;
}

function make(type) {
  if (typeof type === "string") return makers[type]();
  const [kind, a, b] = type;
  if (kind === "list") return Array.from({ length: pick([0, 0, 1, 2, 5]) }, () => make(a));
  if (kind === "array") return Array.from({ length: b }, () => make(a));
  if (kind === "record" || kind === "tuple") return a.map(make);
  if (kind === "flags") return a === 32 ? bits(32) : bits(a);
  const cases = kind === "variant" ? a : kind === "option" ? [null, a] : kind === "result" ? [a, b] : Array(a).fill(null);
  const tag = pick([chance(cases.length), chance(Math.min(4, cases.length)), cases.length - 1]);
  return { tag, value: cases[tag] ? make(cases[tag]) : undefined };
}

const shown = (value) => JSON.stringify(value, (_, v) =>
  typeof v === "bigint" ? `${v}n` : typeof v === "number" && (Number.isNaN(v) || Object.is(v, -0) || !Number.isFinite(v)) ? `#${Object.is(v, -0) ? "-0" : v}` : v);

// ---- memory: every block is known, and what is not there is overwritten ----

const live = new Map();
let top = 0, instance;

function malloc(size) {
  const at = Math.ceil(top / 16) * 16;
  top = at + size + 16;
  const missing = top - instance.exports.memory.buffer.byteLength;
  if (missing > 0) instance.exports.memory.grow(Math.ceil(missing / 65536));
  bytes().fill(0xcd, at, top);
  live.set(at, size);
  return at;
}

function free(at) {
  if (at === 0) return;
  if (!live.has(at)) throw new Error(`free of ${at}, which is no block`);
  bytes().fill(0xdd, at, at + live.get(at));
  live.delete(at);
}

// Nothing lies at an address that is aligned, and no block.
const realloc = (old, oldSize, align, size) => (size ? malloc(size) : align);

// ---- calls ----

let passed, answer, lent;

function called({ name, params, result }, words) {
  if (loans.size !== lent) throw new Error(`${name}: ${lent - loans.size} handles are dropped too early`);
  let at = 0;
  const got = params.flatMap(flatten).length > 16 ? load(["tuple", params], words[at++]) : params.map((type) => liftFlat(type, () => words[at++]));
  if (shown(got) !== shown(passed)) throw new Error(`${name}: the import gets ${shown(got)}, not ${shown(passed)}`);
  if (!result) return undefined;
  if (flatten(result).length > 1) return store(result, words[at], answer);
  return lowerFlat(result, answer)[0];
}

function call(f, given) {
  const { name, params, result } = f;
  const before = live.size;
  passed = given ?? params.map((_, i) => makeArgument(f, i));
  lent = loans.size;
  answer = given ? given[0] : result ? make(result) : undefined;
  let words = [];
  if (params.flatMap(flatten).length > 16) {
    const record = ["tuple", params];
    const [size, align] = measure(record);
    words = [realloc(0, 0, align, size)];
    store(record, words[0], passed);
  } else words = params.flatMap((type, i) => lowerFlat(type, passed[i]));
  const returned = instance.exports[`out_${name}`](...words);
  if (loans.size) throw new Error(`${name}(${shown(passed)}): ${loans.size} of ${lent} borrowed handles are not dropped`);
  if (result) {
    const is_memory = flatten(result).length > 1;
    if (is_memory && returned % measure(result)[1]) throw new Error(`${name}: the result is at ${returned}`);
    const got = is_memory ? load(result, returned >>> 0) : liftFlat(result, () => returned);
    if (shown(got) !== shown(answer)) throw new Error(`${name}: the result is ${shown(got)}, not ${shown(answer)}`);
    if (is_memory) instance.exports[`cabi_post_out_${name}`](returned);
  }
  if (live.size !== before) throw new Error(`${name}(${shown(passed)}): ${live.size - before} blocks were not released`);
}

// ---- published values: what they are to a host, and there and back ----

const long_of = (value) => (typeof value === "string" && /^-?\d+n$/.test(value) ? BigInt(value.slice(0, -1)) : Array.isArray(value) ? value.map(long_of) : value);

function lifted(lift) {
  try {
    return lift();
  } catch {
    return null;
  }
}

function check({ name, params }, type, expected, lift) {
  const value = lifted(lift), wanted = long_of(expected);
  if (shown(value) !== shown(wanted)) throw new Error(`${shown(type)}: lifted to ${shown(value)}, ${shown(wanted)} is published`);
  setStrict(true);
  if (wanted !== null) call({ name, params, result: params[0] }, [wanted]);
  setStrict(false);
}

function checkWords(f, [type, core, expected]) {
  const left = core.map(long_of);
  check(f, type, expected, () => liftFlat(type, () => left.shift()));
}

function checkList(f, [type, content, length, expected]) {
  const at = malloc(content.length);
  bytes().set(content, at);
  if (type === "string" || type[0] === "list")
    for (let i = 0; i < length; i++) {
      const word = new DataView(instance.exports.memory.buffer, at + 8 * i);
      if (word.getUint32(4, true)) word.setUint32(0, word.getUint32(0, true) + at, true);
    }
  check(f, ["list", type], expected, () => liftFlat(["list", type], ((flat) => () => flat.shift())([at, length])));
  free(at);
}

const cString = (at) => text(at, bytes().indexOf(0, at) - at);
const trap = (code, name, parameter) => { throw new Error(`trap ${code} in ${cString(name)}, ${cString(parameter)}`); };
const imports = Object.fromEntries(functions.map((f) => [`host_${f.name}`, (...words) => called(f, words)]));
const module = await WebAssembly.compile(readFileSync(process.argv[2]));
instance = await WebAssembly.instantiate(module, { env: { malloc, free, thing_drop, ...imports }, host: { trap } });
setInstance({ exports: { ...instance.exports, cabi_realloc: realloc } });
top = instance.exports.__heap_base.value;
words.forEach((row, i) => checkWords(functions[i], row));
lists.forEach((row, i) => checkList(functions[words.length + i], row));
setStrict(true);
const tried = functions.slice(words.length + lists.length);
for (const f of tried) for (let i = 0; i < values; i++) call(f);
console.log(`${words.length + lists.length} published values, and ${tried.length} functions, ${tried.length * values} calls there and back: ` +
  `all values as they were, ${hasLoans ? `${dropped} borrowed handles dropped, ` : ""}and all memory released`);
if (hasLoans && !dropped) throw new Error("no handle was lent, and nothing is said");

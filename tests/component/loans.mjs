// node loans.mjs PROGRAM.wasm: calls exports of loans.abi.yaml and judged.abi.yaml with handles out of a table, and counts each, as "Resource State" has it.
import { readFileSync } from "node:fs";
import { bytes, flatten, liftFlat, load, lowerFlat, measure, setInstance, store } from "./canonical.mjs";

const HANDLE = "handle", PAIR = ["record", [HANDLE, "string", ["option", HANDLE]]], LIST = ["list", HANDLE], PAIRS = ["list", PAIR];
const OUTCOME = ["result", "u32", ["enum", 2]];

// ---- the instance's table: what is borrowed has to be gone when a call has returned ----

const table = new Map();
let top, next = 1;
const add = (kind) => (table.set(next, kind), next++);
const own = () => add("own"), borrow = () => add("borrow"), rep = () => add("rep");
function drop(handle) {
  const kind = table.get(handle);
  if (kind !== "own" && kind !== "borrow") throw new Error(`handle ${handle} is dropped, which is ${kind ?? "none"}`);
  table.delete(handle);
}
function use(handle) {
  if (!table.has(handle)) throw new Error(`handle ${handle} is used, which is none`);
  return 1;
}

// ---- memory ----

const live = new Map();
let instance;
function malloc(size) {
  const at = Math.ceil(top / 16) * 16;
  top = at + size + 16;
  live.set(at, size);
  return at;
}
function free(at) {
  if (!live.has(at)) throw new Error(`free of ${at}, which is no block`);
  bytes().fill(0xdd, at, at + live.get(at));
  live.delete(at);
}

const trap = (code) => { throw new Error(`trap ${code}`); };
const module = await WebAssembly.compile(readFileSync(process.argv[2]));
const none = () => { throw new Error("what the component defines is destroyed"); };
instance = await WebAssembly.instantiate(module, { env: { malloc, free, theirs_drop: drop, mine_drop: none }, host: { trap, use } });
top = instance.exports.__heap_base.value;
setInstance({ exports: { ...instance.exports, cabi_realloc: (old, oldSize, align, size) => (size ? malloc(size) : align) } });

// A call, whose words may be changed: to a value that is none.
function call(name, params, result, values, change = (words) => words) {
  let words;
  if (params.flatMap(flatten).length > 16) {
    const record = ["tuple", params];
    words = [malloc(measure(record)[0])];
    store(record, words[0], values);
  } else words = params.flatMap((type, i) => lowerFlat(type, values[i]));
  const returned = instance.exports[`out_${name}`](...change(words));
  const borrowed = [...table.values()].filter((kind) => kind === "borrow").length;
  if (borrowed) throw new Error(`${name}: ${borrowed} borrowed handles are left`);
  const in_memory = flatten(result).length > 1;
  const got = in_memory ? load(result, returned >>> 0) : liftFlat(result, () => returned);
  if (in_memory) instance.exports[`cabi_post_out_${name}`](returned);
  if (live.size) throw new Error(`${name}: ${live.size} blocks are left`);
  return got;
}

let count = 0;
function expect(what, got, wanted, left) {
  if (JSON.stringify(got) !== JSON.stringify(wanted)) throw new Error(`${what}: ${JSON.stringify(got)}, not ${JSON.stringify(wanted)}`);
  const kinds = [...table.values()].join(" ");
  if (kinds !== left) throw new Error(`${what}: left are "${kinds}", not "${left}"`);
  table.clear();
  count++;
}

const some = (value) => ({ tag: 1, value }), nothing = { tag: 0 };
const pair = (name, second) => [borrow(), name, second ? some(borrow()) : nothing];

expect("look", call("look", [HANDLE, HANDLE], "u32", [borrow(), rep()]), 11, "rep");
expect("same", call("same", [HANDLE, HANDLE], "u32", [borrow(), borrow()]), 11, "");
const given = own();
expect("take", call("take", [HANDLE, HANDLE], HANDLE, [given, borrow()]), given, "own");
expect("all", call("all", [LIST, PAIR, PAIRS], "u32", [[borrow(), borrow()], pair("ab", true), [pair("", false), pair("xyz", true)]]), 12, "");
expect("all of nothing", call("all", [LIST, PAIR, PAIRS], "u32", [[], pair("", false), []]), 1, "");
const many = [...Array(7).fill("u64"), LIST, PAIR, HANDLE, PAIR];
expect("many", call("many", many, "u32", [1n, 2n, 3n, 4n, 5n, 6n, 7n, [borrow()], pair("a", true), rep(), pair("b", false)]), 35, "rep");
const judged = [HANDLE, "string", ["enum", 2], ["list", ["option", HANDLE]], HANDLE];
const question = () => [borrow(), "four", { tag: 1 }, [some(borrow()), nothing, some(borrow())], own()];
const broken = (words) => words.map((word, i) => (i === 3 ? 7 : word));
expect("judged", call("judged", judged, OUTCOME, question()), { tag: 0, value: 8 }, "");
expect("a colour that is none", call("judged", judged, OUTCOME, question(), broken), { tag: 1, value: { tag: 1 } }, "");
console.log(`${count} calls: each borrowed handle from elsewhere is dropped once, and no other`);

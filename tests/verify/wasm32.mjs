// node wasm32.mjs PROGRAM.wasm PLAN.json: calls the functions of the program as the plan says, and prints what happened.
// The plan and wasm32.py, which made it, know what it should be; here are only bytes.
import { readFileSync } from "node:fs";

const plan = JSON.parse(readFileSync(process.argv[3], "utf8"));
const kinds = {
  i32: { bytes: 4, get: "getInt32", set: "setInt32", type: "number" },
  i64: { bytes: 8, get: "getBigInt64", set: "setBigInt64", type: "bigint" },
  f32: { bytes: 4, get: "getFloat32", set: "setFloat32", type: "number" },
  f64: { bytes: 8, get: "getFloat64", set: "setFloat64", type: "number" },
};
let memory;
const received = {};

function decode(value) {
  const view = new DataView(new Uint8Array(Buffer.from(value.hex, "hex")).buffer);
  return view[kinds[value.kind].get](0, true);
}

function encode(kind, value) {
  if (typeof value !== kinds[kind]?.type) return `no ${kind}: ${typeof value} ${value}`;
  const view = new DataView(new ArrayBuffer(kinds[kind].bytes));
  view[kinds[kind].set](0, value, true);
  return Buffer.from(view.buffer).toString("hex");
}

// A value of v128 is two of i64: the wrappers of wasm32.py split it, and put the other half of a result into `high`.
function split(local) {
  if (local.kind !== "v128") return [decode(local)];
  const halves = [local.hex.slice(0, 16), local.hex.slice(16)];
  return halves.map((hex) => decode({ kind: "i64", hex }));
}

// The values of locals, one text each, of which those of v128 are made of two.
function join(locals, values) {
  const texts = [];
  let next = 0;
  for (const local of locals) {
    if (local.kind === "v128") texts.push(encode("i64", values[next++]) + encode("i64", values[next++]));
    else texts.push(encode(local.kind, values[next++]));
  }
  return { count: next === values.length ? locals.length : values.length, texts, pointers: values };
}

const highOf = () => read(place("high"), 8);

function read(at, bytes) {
  return Buffer.from(memory.buffer, at, bytes).toString("hex");
}

function write(at, hex) {
  Buffer.from(hex, "hex").copy(Buffer.from(memory.buffer), at);
}

// Behind pointers that lie in memory: the buffer of unnamed arguments.
function follow(local, at) {
  const view = new DataView(memory.buffer);
  return (local.pointers ?? []).map(({ offset, points_to }) => read(view.getUint32(at + offset, true), points_to));
}

function give(call) {
  if (call.result.kind === "v128") {
    const [low, high] = split(call.result);
    new DataView(memory.buffer).setBigInt64(place("high"), high, true);
    return low;
  }
  return decode(call.result);
}

// Stands for the callee of a compiled caller.
function imported(call) {
  return (...values) => {
    const { count, texts } = join(call.locals, values);
    const addresses = call.wrapped ? addressesOf(call, values) : values;
    received[call.name] = {
      count,
      values: texts,
      copies: call.locals.map((local, i) => (local.points_to ? read(addresses[i], local.points_to) : "")),
      inner: call.locals.map((local, i) => follow(local, addresses[i])),
    };
    if (call.result.kind) return give(call);
    if (call.result.local !== undefined) write(addresses[call.result.local], call.result.hex);
    return undefined;
  };
}

// The first value of each local.
function addressesOf(call, values) {
  let next = 0;
  return call.locals.map((local) => {
    const value = values[next];
    next += local.kind === "v128" ? 2 : 1;
    return value;
  });
}

const imports = Object.fromEntries(plan.calls.map((call) => [`${call.wrapped ? "wi" : "i"}_${call.name}`, imported(call)]));
const module = new WebAssembly.Module(readFileSync(process.argv[2]));
const { exports } = new WebAssembly.Instance(module, { js: imports });
memory = exports.memory;
const place = (name) => exports[name].value;
exports.measure();
const answer = { numbers: read(place("numbers"), plan.numbers_bytes), calls: [] };
for (const call of plan.calls) {
  const told = { name: call.name };
  answer.calls.push(told);
  try {
    write(place("out"), "aa".repeat(plan.out_bytes));
    write(place("pattern"), call.result.hex);
    call.memory.forEach(({ at, hex }) => write(place("area") + at, hex));
    const view = new DataView(memory.buffer);
    call.pointers.forEach(({ at, to }) => view.setUint32(place("area") + at, place("area") + to, true));
    const values = call.locals.flatMap((local) => (local.at === undefined ? split(local) : [place("area") + local.at]));
    const callee = exports[`${call.wrapped ? "w" : "f"}_${call.name}`];
    const result = callee(...values);
    told.count = callee.length === values.length ? call.locals.length : callee.length;
    told.taken = read(place("out"), plan.out_bytes);
    if (call.result.kind === "v128") told.result = encode("i64", result) + highOf();
    else told.result = call.result.kind ? encode(call.result.kind, result) : read(place("area"), plan.slot_bytes);
    write(place("out"), "aa".repeat(plan.out_bytes));
    call.inputs.forEach((hex, i) => write(place("area") + i * plan.slot_bytes, hex));
    exports[`c_${call.name}`]();
    told.received = received[call.name];
    told.got = read(place("out"), plan.slot_bytes);
  } catch (problem) {
    told.problem = String(problem);
  }
}
console.log(JSON.stringify(answer));

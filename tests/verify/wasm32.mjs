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

function read(at, bytes) {
  return Buffer.from(memory.buffer, at, bytes).toString("hex");
}

function write(at, hex) {
  Buffer.from(hex, "hex").copy(Buffer.from(memory.buffer), at);
}

// Stands for the callee of a compiled caller.
function imported(call) {
  return (...values) => {
    received[call.name] = {
      count: values.length,
      values: values.map((value, i) => encode(call.locals[i]?.kind, value)),
      copies: values.map((value, i) => (call.locals[i]?.points_to ? read(value, call.locals[i].points_to) : "")),
      aligned: values.every((value, i) => !call.locals[i]?.align || value % call.locals[i].align === 0),
    };
    if (call.result.kind) return decode(call.result);
    if (call.result.local !== undefined) write(values[call.result.local], call.result.hex);
    return undefined;
  };
}

const imports = Object.fromEntries(plan.calls.map((call) => [`i_${call.name}`, imported(call)]));
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
    const values = call.locals.map((local) => (local.at === undefined ? decode(local) : place("area") + local.at));
    const result = exports[`f_${call.name}`](...values);
    told.count = exports[`f_${call.name}`].length;
    told.taken = read(place("out"), plan.out_bytes);
    told.result = call.result.kind ? encode(call.result.kind, result) : read(place("area"), plan.slot_bytes);
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

// The canonical ABI of the component model, by the document alone: values of types in memory and in words, of a module's instance.
let instance;
export const bytes = () => new Uint8Array(instance.exports.memory.buffer);
const view = () => new DataView(instance.exports.memory.buffer);
const up = (at, align) => Math.ceil(at / align) * align;

export function setInstance(made) {
  instance = made;
}

const scalars = {
  bool: [1, "Uint8"], u8: [1, "Uint8"], i8: [1, "Int8"], u16: [2, "Uint16"], i16: [2, "Int16"], u32: [4, "Uint32"],
  i32: [4, "Int32"], u64: [8, "BigUint64"], i64: [8, "BigInt64"], f32: [4, "Float32"], f64: [8, "Float64"],
  char: [4, "Uint32"], handle: [4, "Uint32"],
};
const core = { u64: "i64", i64: "i64", f32: "f32", f64: "f64" };

function casesOf(type) {
  if (type[0] === "variant") return type[1];
  if (type[0] === "option") return [null, type[1]];
  if (type[0] === "result") return [type[1], type[2]];
  if (type[0] === "enum") return Array(type[1]).fill(null);
  return undefined;
}

function fieldsOf(type) {
  if (type[0] === "array") return Array(type[2]).fill(type[1]);
  return type[0] === "record" || type[0] === "tuple" ? type[1] : undefined;
}

// What a host takes is more than what a module passes: `strict` is for the latter.
let strict = false;
export function setStrict(wanted) {
  strict = wanted;
}

function truth(value) {
  if (strict && value !== 0 && value !== 1) throw new Error(`bool is ${value}`);
  return value !== 0;
}

function scalarValue(value) {
  if (value > 0x10ffff || (value >= 0xd800 && value < 0xe000)) throw new Error(`char is ${value}`);
  return value;
}

function usedBits(type, value) {
  const used = (value & (type[1] === 32 ? -1 : 2 ** type[1] - 1)) >>> 0;
  if (strict && used !== value >>> 0) throw new Error(`flags are ${value}`);
  return used;
}

const isSequence = (type) => type === "string" || type[0] === "list";
const flagBytes = (count) => (count <= 8 ? 1 : count <= 16 ? 2 : 4);
const tagBytes = (count) => (count <= 256 ? 1 : count <= 65536 ? 2 : 4);

export function measure(type) {
  if (isSequence(type)) return [8, 4];
  if (typeof type === "string") return [scalars[type][0], scalars[type][0]];
  if (type[0] === "flags") return [flagBytes(type[1]), flagBytes(type[1])];
  const fields = fieldsOf(type);
  if (fields) {
    let at = 0, align = 1;
    for (const field of fields) {
      const [size, own] = measure(field);
      at = up(at, own) + size;
      align = Math.max(align, own);
    }
    return [up(at, align), align];
  }
  const held = casesOf(type).filter((c) => c).map(measure);
  const align = Math.max(tagBytes(casesOf(type).length), ...held.map((m) => m[1]));
  return [up(payloadAt(type) + Math.max(0, ...held.map((m) => m[0])), align), align];
}

function payloadAt(type) {
  const held = casesOf(type).filter((c) => c).map((c) => measure(c)[1]);
  return up(tagBytes(casesOf(type).length), Math.max(1, ...held));
}

export function flatten(type) {
  if (isSequence(type)) return ["i32", "i32"];
  if (typeof type === "string") return [core[type] ?? "i32"];
  if (type[0] === "flags") return ["i32"];
  if (fieldsOf(type)) return fieldsOf(type).flatMap(flatten);
  const words = [];
  for (const held of casesOf(type).filter((c) => c))
    flatten(held).forEach((word, i) => {
      const both = [words[i], word].sort().join();
      words[i] = words[i] === undefined || words[i] === word ? word : both === "f32,i32" ? "i32" : "i64";
    });
  return ["i32", ...words];
}

// ---- values in memory ----

export function text(at, length) {
  return new TextDecoder("utf-8", { fatal: true }).decode(bytes().subarray(at, at + length));
}

function sequence(type, at, length) {
  if (type === "string") return text(at, length);
  return Array.from({ length }, (_, i) => load(type[1], at + i * measure(type[1])[0]));
}

export function load(type, at) {
  if (at % measure(type)[1]) throw new Error(`${type} at ${at}`);
  if (isSequence(type)) return sequence(type, view().getUint32(at, true), view().getUint32(at + 4, true));
  if (type === "bool") return truth(view().getUint8(at));
  if (type === "char") return scalarValue(view().getUint32(at, true));
  if (typeof type === "string") return view()["get" + scalars[type][1]](at, true);
  if (type[0] === "flags") return usedBits(type, view()[`getUint${8 * flagBytes(type[1])}`](at, true));
  if (fieldsOf(type)) {
    let next = at;
    return fieldsOf(type).map((field) => {
      next = up(next, measure(field)[1]);
      const value = load(field, next);
      next += measure(field)[0];
      return value;
    });
  }
  const tag = view()[`getUint${8 * tagBytes(casesOf(type).length)}`](at, true);
  if (tag >= casesOf(type).length) throw new Error(`case ${tag}`);
  const held = casesOf(type)[tag];
  return { tag, value: held ? load(held, at + payloadAt(type)) : undefined };
}

function allocate(align, size) {
  const at = instance.exports.cabi_realloc(0, 0, align, size);
  if (at % align) throw new Error("realloc");
  return at;
}

function place(type, value) {
  const items = type === "string" ? new TextEncoder().encode(value) : value;
  const [size, align] = type === "string" ? [1, 1] : measure(type[1]);
  const at = allocate(align, size * items.length);
  if (type === "string") bytes().set(items, at);
  else items.forEach((item, i) => store(type[1], at + i * size, item));
  return [at, items.length];
}

export function store(type, at, value) {
  if (isSequence(type)) {
    const [start, length] = place(type, value);
    view().setUint32(at, start, true);
    view().setUint32(at + 4, length, true);
  } else if (typeof type === "string") view()["set" + scalars[type][1]](at, type === "bool" ? Number(value) : value, true);
  else if (type[0] === "flags") view()[`setUint${8 * flagBytes(type[1])}`](at, value, true);
  else if (fieldsOf(type)) {
    let next = at;
    fieldsOf(type).forEach((field, i) => {
      next = up(next, measure(field)[1]);
      store(field, next, value[i]);
      next += measure(field)[0];
    });
  } else {
    view()[`setUint${8 * tagBytes(casesOf(type).length)}`](at, value.tag, true);
    const held = casesOf(type)[value.tag];
    if (held) store(held, at + payloadAt(type), value.value);
  }
}

// ---- values in words ----

const buffer = new DataView(new ArrayBuffer(8));

function reinterpret(value, have, want) {
  if (have === want) return value;
  if (have === "i64") buffer.setBigInt64(0, value, true);
  else buffer.setInt32(0, value, true);
  return want === "i32" ? buffer.getInt32(0, true) : want === "f32" ? buffer.getFloat32(0, true) : buffer.getFloat64(0, true);
}

export function liftFlat(type, next) {
  if (isSequence(type)) return sequence(type, next("i32") >>> 0, next("i32") >>> 0);
  if (typeof type === "string") {
    const value = next(core[type] ?? "i32");
    if (type === "bool") return truth(value);
    if (type === "char") return scalarValue(value >>> 0);
    if (type === "u64") return BigInt.asUintN(64, value);
    if (type === "i64") return BigInt.asIntN(64, value);
    if (core[type]) return value;
    const bits = 8 * scalars[type][0];
    if (strict && !scalars[type][1].startsWith("Int") && value >>> 0 >= 2 ** bits) throw new Error(`${type} is ${value}`);
    return scalars[type][1].startsWith("Int") ? (value << (32 - bits)) >> (32 - bits) : (value << (32 - bits)) >>> (32 - bits);
  }
  if (type[0] === "flags") return usedBits(type, next("i32"));
  if (fieldsOf(type)) return fieldsOf(type).map((field) => liftFlat(field, next));
  const joined = flatten(type).slice(1);
  const tag = next("i32") >>> 0;
  if (tag >= casesOf(type).length) throw new Error(`case ${tag}`);
  const words = joined.map((word) => [word, next(word)]);
  const held = casesOf(type)[tag];
  const inner = (want) => reinterpret(words[0][1], words.shift()[0], want);
  return { tag, value: held ? liftFlat(held, inner) : undefined };
}

// The words of a value; those that the case does not use are zero.
export function lowerFlat(type, value) {
  if (isSequence(type)) return place(type, value);
  if (type === "bool") return [Number(value)];
  if (typeof type === "string" || type[0] === "flags") return [value];
  if (fieldsOf(type)) return fieldsOf(type).flatMap((field, i) => lowerFlat(field, value[i]));
  const joined = flatten(type).slice(1), held = casesOf(type)[value.tag];
  const words = held ? lowerFlat(held, value.value) : [], have = held ? flatten(held) : [];
  return [value.tag, ...joined.map((want, i) => (i < words.length ? widen(words[i], have[i], want) : want === "i64" ? 0n : 0))];
}

function widen(value, have, want) {
  if (have === want) return value;
  if (have === "f64") buffer.setFloat64(0, value, true);
  else if (have === "f32") buffer.setFloat32(0, value, true);
  else if (have === "i64") buffer.setBigInt64(0, value, true);
  else buffer.setInt32(0, value, true);
  return want === "i32" ? buffer.getInt32(0, true) : have === "f64" || have === "i64" ? buffer.getBigInt64(0, true) : BigInt(buffer.getUint32(0, true));
}

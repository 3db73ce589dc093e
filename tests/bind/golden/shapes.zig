//! shapes in Zig. Made by abide bind zig: change the interface file instead.
//! Shapes and what can be done with them.

const builtin = @import("builtin");
const abide_target: enum {
    @"x86_64-linux-gnu",
    @"i386-linux-gnu",
    other,
} = if (builtin.cpu.arch == .x86_64 and builtin.os.tag == .linux and @sizeOf(usize) == 8)
    .@"x86_64-linux-gnu"
else if (builtin.cpu.arch == .x86 and builtin.os.tag == .linux)
    .@"i386-linux-gnu"
else
    .other;

/// A place.
pub const point = extern struct {
    /// across
    x: f64,
    y: f64,
};

pub const color = enum(u8) {
    red = 1,
    /// As grass * / is.
    green = 2,
    blue = 10,
    _,
};

pub const mode = enum(u32) {
    fast = 0,
    /// As snails are.
    slow = 1,
    _,
};

pub const access = u32;
/// Look at it.
pub const access_read: access = 4;
pub const access_write: access = 32;

pub const node = extern struct {
    next: ?*const node,
    at: point,
    kind: color,
    @"type": u8,
    long: c_long,
};

pub const link = ?*node;

pub const number = extern union {
    i: i64,
    f: f64,
    self: [3]u8,
};

/// Zig has no words for what is in it.
pub const bits = extern struct { bytes: [4]u8 align(4) };

pub const hdr = extern struct {
    tag: u8 align(1),
    len: u32 align(1),
};

pub const al = extern struct {
    a: u8 align(32),
    b: u16 align(8),
};

pub const ctx = opaque {};

pub const id = u32;

pub const visitor = ?*const fn (user: ?*anyopaque, n: *const node) callconv(.c) bool;

pub const rec = extern struct {
    f: visitor,
    g: ?*const fn (a1: i32) callconv(.c) f32,
    ld: c_longdouble,
    arr: [2][3]i16,
};

pub const any_anon2 = extern union {
    number: i64,
    text: ?*u8,
};

pub const any = extern struct {
    kind: u8,
    anon2: any_anon2,
    tail: [0]u8,
};

pub const thing = opaque {};

/// Zig has no words for what is in it.
pub const empty = extern struct { bytes: [0]u8 align(1) };

/// Called like a function.
pub const stat_type = extern struct {
    size: u64,
    max_align_t: u64,
};

pub const max_align_t = u64;

pub const speed = enum(u32) {
    s_2_5 = 0,
    s_25 = 1,
    _,
};

pub const table_anon2 = extern struct {
    none: empty,
    rows: [0]u32,
};

pub const table = extern struct {
    count: u32,
    anon2: table_anon2,
};

pub const each_f = extern struct {
    code: ?*const fn (n: u32, env: ?*anyopaque) callconv(.c) bool,
    env: ?*anyopaque,
};

pub const keep_f = extern struct {
    code: ?*const anyopaque,
    env: ?*anyopaque,
    drop: ?*const fn (a1: ?*anyopaque) callconv(.c) void,
};

/// stat(path cstring, at out stat) -> i32
/// - at is written; it holds nothing before
pub extern fn stat(path: ?[*:0]const u8, at: ?*stat_type) callconv(.c) i32;

/// STAT(how speed) -> ptr<table>
pub extern fn STAT(how: speed) callconv(.c) ?*const table;

/// st-at()
pub extern fn st_at() callconv(.c) void;

/// Computes an area.
/// area(p point, by f64) -> f64
/// - by: factor of the result
/// - the result: never negative
pub const area = switch (abide_target) {
    .@"x86_64-linux-gnu" => @extern(*const fn (p: point, by: f64) callconv(.c) f64, .{ .name = "area" }),
    else => @compileError("area: Zig passes its records otherwise than C here: see adapters for the ABI zig"),
};

/// walk(n ptr<node>, each visitor, user mutptr<void>) -> c_int
pub extern fn walk(n: ?*const node, each: visitor, user: ?*anyopaque) callconv(.c) c_int;

/// log-it(fmt cstring, ...) -> c_int
pub extern fn log_it(fmt: ?[*:0]const u8, ...) callconv(.c) c_int;

// get(c ref<ctx>, which color) -> number
// Zig passes its values otherwise than C: see adapters for the ABI zig.

// take-bits(b bits) -> u16
// Zig passes its values otherwise than C: see adapters for the ABI zig.

/// fill(at inout point, out-node out node) -> bool
/// - at is written
/// - out-node is written; it holds nothing before
pub extern fn fill(at: ?*point, out_node: ?*node) callconv(.c) bool;

/// make(name string, tags slice<id>) -> own thing
/// - the result is given away: thing_free releases it
pub extern fn make(name: ?[*]u8, name_len: usize, tags: ?[*]id, tags_len: usize) callconv(.c) ?*thing;

/// end(t own thing)
/// - t is given away
pub extern fn end(t: ?*thing) callconv(.c) void;

/// each(f closure(n u32) -> bool) -> u32
pub const each = switch (abide_target) {
    .@"x86_64-linux-gnu" => @extern(*const fn (f: each_f) callconv(.c) u32, .{ .name = "each" }),
    else => @compileError("each: Zig passes its records otherwise than C here: see adapters for the ABI zig"),
};

// keep(f own closure(at point))
// - f is given away
// Zig passes its values otherwise than C: see adapters for the ABI zig.

// wide(x c_longdouble) -> c_longdouble
// Zig passes its values otherwise than C: see adapters for the ABI zig.

/// thing_free(it own thing)
/// - it is given away
pub extern fn thing_free(it: ?*thing) callconv(.c) void;

/// Trees are no deeper.
pub const max_depth: u16 = 64;
pub const version: [*:0]const u8 = "1.2 \"beta\"";
pub const title: []const u8 = "Gr\xc3\xb6\xc3\x9fe";
pub const magic: [3]u8 = "ab\x00".*;
pub const usual: color = @enumFromInt(2);
pub const half: f32 = 0.5;
pub const least: i64 = -9223372036854775808;
pub const x_constant: c_int = -1;
/// Of memory.
pub const page: c_long = switch (abide_target) {
    .@"x86_64-linux-gnu" => 65536,
    .@"i386-linux-gnu" => 4096,
    else => @compileError("the target has no such constant"),
};

comptime {
    switch (abide_target) {
        .@"x86_64-linux-gnu" => {
            if (@sizeOf(point) != 16) @compileError("point: size");
            if (@alignOf(point) != 8) @compileError("point: alignment");
            if (@offsetOf(point, "x") != 0) @compileError("point: offset of x");
            if (@offsetOf(point, "y") != 8) @compileError("point: offset of y");
            if (@sizeOf(color) != 1) @compileError("color: size");
            if (@alignOf(color) != 1) @compileError("color: alignment");
            if (@sizeOf(mode) != 4) @compileError("mode: size");
            if (@alignOf(mode) != 4) @compileError("mode: alignment");
            if (@sizeOf(access) != 4) @compileError("access: size");
            if (@alignOf(access) != 4) @compileError("access: alignment");
            if (@sizeOf(node) != 40) @compileError("node: size");
            if (@alignOf(node) != 8) @compileError("node: alignment");
            if (@offsetOf(node, "next") != 0) @compileError("node: offset of next");
            if (@offsetOf(node, "at") != 8) @compileError("node: offset of at");
            if (@offsetOf(node, "kind") != 24) @compileError("node: offset of kind");
            if (@offsetOf(node, "type") != 25) @compileError("node: offset of type");
            if (@offsetOf(node, "long") != 32) @compileError("node: offset of long");
            if (@sizeOf(link) != 8) @compileError("link: size");
            if (@alignOf(link) != 8) @compileError("link: alignment");
            if (@sizeOf(number) != 8) @compileError("number: size");
            if (@alignOf(number) != 8) @compileError("number: alignment");
            if (@sizeOf(bits) != 4) @compileError("bits: size");
            if (@alignOf(bits) != 4) @compileError("bits: alignment");
            if (@sizeOf(hdr) != 5) @compileError("hdr: size");
            if (@alignOf(hdr) != 1) @compileError("hdr: alignment");
            if (@offsetOf(hdr, "tag") != 0) @compileError("hdr: offset of tag");
            if (@offsetOf(hdr, "len") != 1) @compileError("hdr: offset of len");
            if (@sizeOf(al) != 32) @compileError("al: size");
            if (@alignOf(al) != 32) @compileError("al: alignment");
            if (@offsetOf(al, "a") != 0) @compileError("al: offset of a");
            if (@offsetOf(al, "b") != 8) @compileError("al: offset of b");
            if (@sizeOf(id) != 4) @compileError("id: size");
            if (@alignOf(id) != 4) @compileError("id: alignment");
            if (@sizeOf(visitor) != 8) @compileError("visitor: size");
            if (@alignOf(visitor) != 8) @compileError("visitor: alignment");
            if (@sizeOf(rec) != 48) @compileError("rec: size");
            if (@alignOf(rec) != 16) @compileError("rec: alignment");
            if (@offsetOf(rec, "f") != 0) @compileError("rec: offset of f");
            if (@offsetOf(rec, "g") != 8) @compileError("rec: offset of g");
            if (@offsetOf(rec, "ld") != 16) @compileError("rec: offset of ld");
            if (@offsetOf(rec, "arr") != 32) @compileError("rec: offset of arr");
            if (@sizeOf(any_anon2) != 8) @compileError("any_anon2: size");
            if (@alignOf(any_anon2) != 8) @compileError("any_anon2: alignment");
            if (@sizeOf(any) != 16) @compileError("any: size");
            if (@alignOf(any) != 8) @compileError("any: alignment");
            if (@offsetOf(any, "kind") != 0) @compileError("any: offset of kind");
            if (@offsetOf(any, "anon2") != 8) @compileError("any: offset of anon2");
            if (@offsetOf(any, "tail") != 16) @compileError("any: offset of tail");
            if (@sizeOf(empty) != 0) @compileError("empty: size");
            if (@alignOf(empty) != 1) @compileError("empty: alignment");
            if (@sizeOf(stat_type) != 16) @compileError("stat_type: size");
            if (@alignOf(stat_type) != 8) @compileError("stat_type: alignment");
            if (@offsetOf(stat_type, "size") != 0) @compileError("stat_type: offset of size");
            if (@offsetOf(stat_type, "max_align_t") != 8) @compileError("stat_type: offset of max_align_t");
            if (@sizeOf(max_align_t) != 8) @compileError("max_align_t: size");
            if (@alignOf(max_align_t) != 8) @compileError("max_align_t: alignment");
            if (@sizeOf(speed) != 4) @compileError("speed: size");
            if (@alignOf(speed) != 4) @compileError("speed: alignment");
            if (@sizeOf(table_anon2) != 0) @compileError("table_anon2: size");
            if (@alignOf(table_anon2) != 4) @compileError("table_anon2: alignment");
            if (@offsetOf(table_anon2, "none") != 0) @compileError("table_anon2: offset of none");
            if (@offsetOf(table_anon2, "rows") != 0) @compileError("table_anon2: offset of rows");
            if (@sizeOf(table) != 4) @compileError("table: size");
            if (@alignOf(table) != 4) @compileError("table: alignment");
            if (@offsetOf(table, "count") != 0) @compileError("table: offset of count");
            if (@offsetOf(table, "anon2") != 4) @compileError("table: offset of anon2");
            if (@sizeOf(each_f) != 16) @compileError("each_f: size");
            if (@alignOf(each_f) != 8) @compileError("each_f: alignment");
            if (@offsetOf(each_f, "code") != 0) @compileError("each_f: offset of code");
            if (@offsetOf(each_f, "env") != 8) @compileError("each_f: offset of env");
            if (@sizeOf(keep_f) != 24) @compileError("keep_f: size");
            if (@alignOf(keep_f) != 8) @compileError("keep_f: alignment");
            if (@offsetOf(keep_f, "code") != 0) @compileError("keep_f: offset of code");
            if (@offsetOf(keep_f, "env") != 8) @compileError("keep_f: offset of env");
            if (@offsetOf(keep_f, "drop") != 16) @compileError("keep_f: offset of drop");
        },
        .@"i386-linux-gnu" => {
            if (@sizeOf(point) != 16) @compileError("point: size");
            if (@alignOf(point) != 4) @compileError("point: alignment");
            if (@offsetOf(point, "x") != 0) @compileError("point: offset of x");
            if (@offsetOf(point, "y") != 8) @compileError("point: offset of y");
            if (@sizeOf(color) != 1) @compileError("color: size");
            if (@alignOf(color) != 1) @compileError("color: alignment");
            if (@sizeOf(mode) != 4) @compileError("mode: size");
            if (@alignOf(mode) != 4) @compileError("mode: alignment");
            if (@sizeOf(access) != 4) @compileError("access: size");
            if (@alignOf(access) != 4) @compileError("access: alignment");
            if (@sizeOf(node) != 28) @compileError("node: size");
            if (@alignOf(node) != 4) @compileError("node: alignment");
            if (@offsetOf(node, "next") != 0) @compileError("node: offset of next");
            if (@offsetOf(node, "at") != 4) @compileError("node: offset of at");
            if (@offsetOf(node, "kind") != 20) @compileError("node: offset of kind");
            if (@offsetOf(node, "type") != 21) @compileError("node: offset of type");
            if (@offsetOf(node, "long") != 24) @compileError("node: offset of long");
            if (@sizeOf(link) != 4) @compileError("link: size");
            if (@alignOf(link) != 4) @compileError("link: alignment");
            if (@sizeOf(number) != 8) @compileError("number: size");
            if (@alignOf(number) != 4) @compileError("number: alignment");
            if (@sizeOf(bits) != 4) @compileError("bits: size");
            if (@alignOf(bits) != 4) @compileError("bits: alignment");
            if (@sizeOf(hdr) != 5) @compileError("hdr: size");
            if (@alignOf(hdr) != 1) @compileError("hdr: alignment");
            if (@offsetOf(hdr, "tag") != 0) @compileError("hdr: offset of tag");
            if (@offsetOf(hdr, "len") != 1) @compileError("hdr: offset of len");
            if (@sizeOf(al) != 32) @compileError("al: size");
            if (@alignOf(al) != 32) @compileError("al: alignment");
            if (@offsetOf(al, "a") != 0) @compileError("al: offset of a");
            if (@offsetOf(al, "b") != 8) @compileError("al: offset of b");
            if (@sizeOf(id) != 4) @compileError("id: size");
            if (@alignOf(id) != 4) @compileError("id: alignment");
            if (@sizeOf(visitor) != 4) @compileError("visitor: size");
            if (@alignOf(visitor) != 4) @compileError("visitor: alignment");
            if (@sizeOf(rec) != 32) @compileError("rec: size");
            if (@alignOf(rec) != 4) @compileError("rec: alignment");
            if (@offsetOf(rec, "f") != 0) @compileError("rec: offset of f");
            if (@offsetOf(rec, "g") != 4) @compileError("rec: offset of g");
            if (@offsetOf(rec, "ld") != 8) @compileError("rec: offset of ld");
            if (@offsetOf(rec, "arr") != 20) @compileError("rec: offset of arr");
            if (@sizeOf(any_anon2) != 8) @compileError("any_anon2: size");
            if (@alignOf(any_anon2) != 4) @compileError("any_anon2: alignment");
            if (@sizeOf(any) != 12) @compileError("any: size");
            if (@alignOf(any) != 4) @compileError("any: alignment");
            if (@offsetOf(any, "kind") != 0) @compileError("any: offset of kind");
            if (@offsetOf(any, "anon2") != 4) @compileError("any: offset of anon2");
            if (@offsetOf(any, "tail") != 12) @compileError("any: offset of tail");
            if (@sizeOf(empty) != 0) @compileError("empty: size");
            if (@alignOf(empty) != 1) @compileError("empty: alignment");
            if (@sizeOf(stat_type) != 16) @compileError("stat_type: size");
            if (@alignOf(stat_type) != 4) @compileError("stat_type: alignment");
            if (@offsetOf(stat_type, "size") != 0) @compileError("stat_type: offset of size");
            if (@offsetOf(stat_type, "max_align_t") != 8) @compileError("stat_type: offset of max_align_t");
            if (@sizeOf(max_align_t) != 8) @compileError("max_align_t: size");
            if (@alignOf(max_align_t) != 4) @compileError("max_align_t: alignment");
            if (@sizeOf(speed) != 4) @compileError("speed: size");
            if (@alignOf(speed) != 4) @compileError("speed: alignment");
            if (@sizeOf(table_anon2) != 0) @compileError("table_anon2: size");
            if (@alignOf(table_anon2) != 4) @compileError("table_anon2: alignment");
            if (@offsetOf(table_anon2, "none") != 0) @compileError("table_anon2: offset of none");
            if (@offsetOf(table_anon2, "rows") != 0) @compileError("table_anon2: offset of rows");
            if (@sizeOf(table) != 4) @compileError("table: size");
            if (@alignOf(table) != 4) @compileError("table: alignment");
            if (@offsetOf(table, "count") != 0) @compileError("table: offset of count");
            if (@offsetOf(table, "anon2") != 4) @compileError("table: offset of anon2");
            if (@sizeOf(each_f) != 8) @compileError("each_f: size");
            if (@alignOf(each_f) != 4) @compileError("each_f: alignment");
            if (@offsetOf(each_f, "code") != 0) @compileError("each_f: offset of code");
            if (@offsetOf(each_f, "env") != 4) @compileError("each_f: offset of env");
            if (@sizeOf(keep_f) != 12) @compileError("keep_f: size");
            if (@alignOf(keep_f) != 4) @compileError("keep_f: alignment");
            if (@offsetOf(keep_f, "code") != 0) @compileError("keep_f: offset of code");
            if (@offsetOf(keep_f, "env") != 4) @compileError("keep_f: offset of env");
            if (@offsetOf(keep_f, "drop") != 8) @compileError("keep_f: offset of drop");
        },
        .other => {},
    }
}

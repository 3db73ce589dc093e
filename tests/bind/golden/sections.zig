//! words in Zig. Made by abide bind zig: change the interface file instead.

const builtin = @import("builtin");
const abide_target: enum {
    @"i386-linux-gnu",
    @"arm-linux-gnueabihf",
    @"x86_64-linux-gnu",
    @"aarch64-linux-gnu",
    @"s390x-linux-gnu",
    @"powerpc64le-linux-gnu",
    other,
} = if (builtin.cpu.arch == .x86 and builtin.os.tag == .linux)
    .@"i386-linux-gnu"
else if ((builtin.cpu.arch == .arm or builtin.cpu.arch == .thumb) and builtin.os.tag == .linux and (builtin.abi == .gnueabihf or builtin.abi == .musleabihf))
    .@"arm-linux-gnueabihf"
else if (builtin.cpu.arch == .x86_64 and builtin.os.tag == .linux and @sizeOf(usize) == 8)
    .@"x86_64-linux-gnu"
else if (builtin.cpu.arch == .aarch64 and builtin.os.tag == .linux and @sizeOf(usize) == 8)
    .@"aarch64-linux-gnu"
else if (builtin.cpu.arch == .s390x and builtin.os.tag == .linux)
    .@"s390x-linux-gnu"
else if (builtin.cpu.arch == .powerpc64le and builtin.os.tag == .linux)
    .@"powerpc64le-linux-gnu"
else
    .other;

pub const item_payload_a = extern struct {
    x: u32,
    y: f32,
};

pub const sys_str = extern struct {
    ptr: ?[*]const u8,
    len: usize,
};

pub const item_payload = extern union {
    a: item_payload_a,
    b: sys_str,
};

pub const item = extern struct {
    tag: u8,
    payload: item_payload,
};

/// tell(it item, k u32) -> u32
pub const tell = switch (abide_target) {
    .@"i386-linux-gnu", .@"arm-linux-gnueabihf" => @extern(*const fn (it_tag: u32, it_0: u32, it_1: u32, k: u32) callconv(.c) u32, .{ .name = "words_tell" }),
    .@"x86_64-linux-gnu", .@"aarch64-linux-gnu", .@"s390x-linux-gnu", .@"powerpc64le-linux-gnu" => @extern(*const fn (it_tag: u32, it_0: u64, it_1: u64, k: u32) callconv(.c) u32, .{ .name = "words_tell" }),
    else => @compileError("this binding is not for this target"),
};

comptime {
    switch (abide_target) {
        .@"i386-linux-gnu", .@"arm-linux-gnueabihf" => {
            if (@sizeOf(item_payload_a) != 8) @compileError("item_payload_a: size");
            if (@alignOf(item_payload_a) != 4) @compileError("item_payload_a: alignment");
            if (@offsetOf(item_payload_a, "x") != 0) @compileError("item_payload_a: offset of x");
            if (@offsetOf(item_payload_a, "y") != 4) @compileError("item_payload_a: offset of y");
            if (@sizeOf(sys_str) != 8) @compileError("sys_str: size");
            if (@alignOf(sys_str) != 4) @compileError("sys_str: alignment");
            if (@offsetOf(sys_str, "ptr") != 0) @compileError("sys_str: offset of ptr");
            if (@offsetOf(sys_str, "len") != 4) @compileError("sys_str: offset of len");
            if (@sizeOf(item_payload) != 8) @compileError("item_payload: size");
            if (@alignOf(item_payload) != 4) @compileError("item_payload: alignment");
            if (@sizeOf(item) != 12) @compileError("item: size");
            if (@alignOf(item) != 4) @compileError("item: alignment");
            if (@offsetOf(item, "tag") != 0) @compileError("item: offset of tag");
            if (@offsetOf(item, "payload") != 4) @compileError("item: offset of payload");
        },
        .@"x86_64-linux-gnu", .@"aarch64-linux-gnu", .@"s390x-linux-gnu", .@"powerpc64le-linux-gnu" => {
            if (@sizeOf(item_payload_a) != 8) @compileError("item_payload_a: size");
            if (@alignOf(item_payload_a) != 4) @compileError("item_payload_a: alignment");
            if (@offsetOf(item_payload_a, "x") != 0) @compileError("item_payload_a: offset of x");
            if (@offsetOf(item_payload_a, "y") != 4) @compileError("item_payload_a: offset of y");
            if (@sizeOf(sys_str) != 16) @compileError("sys_str: size");
            if (@alignOf(sys_str) != 8) @compileError("sys_str: alignment");
            if (@offsetOf(sys_str, "ptr") != 0) @compileError("sys_str: offset of ptr");
            if (@offsetOf(sys_str, "len") != 8) @compileError("sys_str: offset of len");
            if (@sizeOf(item_payload) != 16) @compileError("item_payload: size");
            if (@alignOf(item_payload) != 8) @compileError("item_payload: alignment");
            if (@sizeOf(item) != 24) @compileError("item: size");
            if (@alignOf(item) != 8) @compileError("item: alignment");
            if (@offsetOf(item, "tag") != 0) @compileError("item: offset of tag");
            if (@offsetOf(item, "payload") != 8) @compileError("item: offset of payload");
        },
        .other => @compileError("this binding is not for this target"),
    }
}

// shapes in C++. Made by abide bind cpp: change the interface file instead.
// Shapes and what can be done with them.
#ifndef ABIDE_SHAPES_H
#define ABIDE_SHAPES_H

#include <cstddef>
#include <cstdint>

#define ABIDE_ASSERT static_assert
#define ABIDE_STRING_(x) #x
#define ABIDE_STRING(x) ABIDE_STRING_(x)
#define ABIDE_SYMBOL(name) ABIDE_STRING(__USER_LABEL_PREFIX__) name

typedef struct point point;
typedef struct node node;
typedef union number number;
typedef struct bits bits;
typedef struct hdr hdr;
typedef struct al al;
typedef struct rec rec;
typedef union any_anon2 any_anon2;
typedef struct any any;
typedef struct empty empty;
typedef struct stat_type stat_type;
typedef struct table_anon2 table_anon2;
typedef struct table table;
typedef struct each_f each_f;
typedef struct keep_f keep_f;

typedef struct ctx ctx;

typedef struct thing thing;

/// A place.
struct point {
    /// across
    double x;
    double y;
};

typedef uint8_t color;
enum {
    color_red = 1,
    /// As grass * / is.
    color_green = 2,
    color_blue = 10,
};

typedef enum mode {
    mode_fast = 0,
    /// As snails are.
    mode_slow = 1,
} mode;

typedef uint32_t access;
enum {
    /// Look at it.
    access_read = 4,
    access_write = 32,
};

struct node {
    const ::node *next;
    ::point at;
    ::color kind;
    uint8_t type;
    long long_;
};

typedef ::node *link;

union number {
    int64_t i;
    double f;
    uint8_t self[3];
};

struct bits {
    uint32_t a : 3;
    uint32_t b : 5;
    uint16_t c;
};

struct __attribute__((packed)) hdr {
    uint8_t tag;
    uint32_t len;
};

struct __attribute__((aligned(32))) al {
    uint8_t a;
    uint16_t b __attribute__((aligned(8)));
};

typedef uint32_t id;

typedef bool (*visitor)(void *user, const ::node *n);

struct rec {
    ::visitor f;
    float (*g)(int32_t a1);
    long double ld;
    int16_t arr[2][3];
};

union any_anon2 {
    int64_t number;
    char *text;
};

struct any {
    uint8_t kind;
    ::any_anon2 anon2;
    uint8_t tail[];
};

struct empty {
    char nothing[0];
};

/// Called like a function.
struct stat_type {
    uint64_t size;
    uint64_t max_align_t_;
};

typedef uint64_t max_align_t_;

typedef enum speed {
    speed_s_2_5 = 0,
    speed_s_25 = 1,
} speed;

struct table_anon2 {
    ::empty none;
    uint32_t rows[0];
};

struct table {
    uint32_t count;
    ::table_anon2 anon2;
};

struct each_f {
    bool (*code)(uint32_t n, void *env);
    void *env;
};

struct keep_f {
    void (*code)(::point at, void *env);
    void *env;
    void (*drop)(void *a1);
};

extern "C" {

/// stat(path cstring, at out stat) -> i32
/// - at is written; it holds nothing before
int32_t stat(char *path, ::stat_type *at);

/// STAT(how speed) -> ptr<table>
const ::table *STAT(::speed how);

/// st-at()
void st_at(void);

/// Computes an area.
/// area(p point, by f64) -> f64
/// - by: factor of the result
/// - the result: never negative
double area(::point p, double by);

/// walk(n ptr<node>, each visitor, user mutptr<void>) -> c_int
int walk(const ::node *n, ::visitor each, void *user);

/// log-it(fmt cstring, ...) -> c_int
int log_it(char *fmt, ...);

/// get(c ref<ctx>, which color) -> number
::number get(const ::ctx *c, ::color which);

/// take-bits(b bits) -> u16
uint16_t take_bits(::bits b);

/// fill(at inout point, out-node out node) -> bool
/// - at is written
/// - out-node is written; it holds nothing before
bool fill(::point *at, ::node *out_node);

/// make(name string, tags slice<id>) -> own thing
/// - the result is given away: thing_free releases it
::thing *make(char *name, size_t name_len, ::id *tags, size_t tags_len);

/// end(t own thing)
/// - t is given away
void end(::thing *t);

/// each(f closure(n u32) -> bool) -> u32
uint32_t each(::each_f f);

/// keep(f own closure(at point))
/// - f is given away
void keep(::keep_f f);

/// wide(x c_longdouble) -> c_longdouble
long double wide(long double x);

/// thing_free(it own thing)
/// - it is given away
void thing_free(::thing *it);

}

#if (defined(__x86_64__) && defined(__linux__) && !defined(__ILP32__))
ABIDE_ASSERT(sizeof(point) == 16, "point: size");
ABIDE_ASSERT(alignof(point) == 8, "point: alignment");
ABIDE_ASSERT(offsetof(point, x) == 0, "point: offset of x");
ABIDE_ASSERT(offsetof(point, y) == 8, "point: offset of y");
ABIDE_ASSERT(sizeof(color) == 1, "color: size");
ABIDE_ASSERT(alignof(color) == 1, "color: alignment");
ABIDE_ASSERT(sizeof(mode) == 4, "mode: size");
ABIDE_ASSERT(alignof(mode) == 4, "mode: alignment");
ABIDE_ASSERT(sizeof(access) == 4, "access: size");
ABIDE_ASSERT(alignof(access) == 4, "access: alignment");
ABIDE_ASSERT(sizeof(node) == 40, "node: size");
ABIDE_ASSERT(alignof(node) == 8, "node: alignment");
ABIDE_ASSERT(offsetof(node, next) == 0, "node: offset of next");
ABIDE_ASSERT(offsetof(node, at) == 8, "node: offset of at");
ABIDE_ASSERT(offsetof(node, kind) == 24, "node: offset of kind");
ABIDE_ASSERT(offsetof(node, type) == 25, "node: offset of type");
ABIDE_ASSERT(offsetof(node, long_) == 32, "node: offset of long");
ABIDE_ASSERT(sizeof(link) == 8, "link: size");
ABIDE_ASSERT(alignof(link) == 8, "link: alignment");
ABIDE_ASSERT(sizeof(number) == 8, "number: size");
ABIDE_ASSERT(alignof(number) == 8, "number: alignment");
ABIDE_ASSERT(offsetof(number, i) == 0, "number: offset of i");
ABIDE_ASSERT(offsetof(number, f) == 0, "number: offset of f");
ABIDE_ASSERT(offsetof(number, self) == 0, "number: offset of self");
ABIDE_ASSERT(sizeof(bits) == 4, "bits: size");
ABIDE_ASSERT(alignof(bits) == 4, "bits: alignment");
ABIDE_ASSERT(offsetof(bits, c) == 2, "bits: offset of c");
ABIDE_ASSERT(sizeof(hdr) == 5, "hdr: size");
ABIDE_ASSERT(alignof(hdr) == 1, "hdr: alignment");
ABIDE_ASSERT(offsetof(hdr, tag) == 0, "hdr: offset of tag");
ABIDE_ASSERT(offsetof(hdr, len) == 1, "hdr: offset of len");
ABIDE_ASSERT(sizeof(al) == 32, "al: size");
ABIDE_ASSERT(alignof(al) == 32, "al: alignment");
ABIDE_ASSERT(offsetof(al, a) == 0, "al: offset of a");
ABIDE_ASSERT(offsetof(al, b) == 8, "al: offset of b");
ABIDE_ASSERT(sizeof(id) == 4, "id: size");
ABIDE_ASSERT(alignof(id) == 4, "id: alignment");
ABIDE_ASSERT(sizeof(visitor) == 8, "visitor: size");
ABIDE_ASSERT(alignof(visitor) == 8, "visitor: alignment");
ABIDE_ASSERT(sizeof(rec) == 48, "rec: size");
ABIDE_ASSERT(alignof(rec) == 16, "rec: alignment");
ABIDE_ASSERT(offsetof(rec, f) == 0, "rec: offset of f");
ABIDE_ASSERT(offsetof(rec, g) == 8, "rec: offset of g");
ABIDE_ASSERT(offsetof(rec, ld) == 16, "rec: offset of ld");
ABIDE_ASSERT(offsetof(rec, arr) == 32, "rec: offset of arr");
ABIDE_ASSERT(sizeof(any_anon2) == 8, "any_anon2: size");
ABIDE_ASSERT(alignof(any_anon2) == 8, "any_anon2: alignment");
ABIDE_ASSERT(offsetof(any_anon2, number) == 0, "any_anon2: offset of number");
ABIDE_ASSERT(offsetof(any_anon2, text) == 0, "any_anon2: offset of text");
ABIDE_ASSERT(sizeof(any) == 16, "any: size");
ABIDE_ASSERT(alignof(any) == 8, "any: alignment");
ABIDE_ASSERT(offsetof(any, kind) == 0, "any: offset of kind");
ABIDE_ASSERT(offsetof(any, anon2) == 8, "any: offset of anon2");
ABIDE_ASSERT(offsetof(any, tail) == 16, "any: offset of tail");
ABIDE_ASSERT(sizeof(empty) == 0, "empty: size");
ABIDE_ASSERT(alignof(empty) == 1, "empty: alignment");
ABIDE_ASSERT(sizeof(stat_type) == 16, "stat_type: size");
ABIDE_ASSERT(alignof(stat_type) == 8, "stat_type: alignment");
ABIDE_ASSERT(offsetof(stat_type, size) == 0, "stat_type: offset of size");
ABIDE_ASSERT(offsetof(stat_type, max_align_t_) == 8, "stat_type: offset of max_align_t");
ABIDE_ASSERT(sizeof(max_align_t_) == 8, "max_align_t: size");
ABIDE_ASSERT(alignof(max_align_t_) == 8, "max_align_t: alignment");
ABIDE_ASSERT(sizeof(speed) == 4, "speed: size");
ABIDE_ASSERT(alignof(speed) == 4, "speed: alignment");
ABIDE_ASSERT(sizeof(table_anon2) == 0, "table_anon2: size");
ABIDE_ASSERT(alignof(table_anon2) == 4, "table_anon2: alignment");
ABIDE_ASSERT(offsetof(table_anon2, none) == 0, "table_anon2: offset of none");
ABIDE_ASSERT(offsetof(table_anon2, rows) == 0, "table_anon2: offset of rows");
ABIDE_ASSERT(sizeof(table) == 4, "table: size");
ABIDE_ASSERT(alignof(table) == 4, "table: alignment");
ABIDE_ASSERT(offsetof(table, count) == 0, "table: offset of count");
ABIDE_ASSERT(offsetof(table, anon2) == 4, "table: offset of anon2");
ABIDE_ASSERT(sizeof(each_f) == 16, "each_f: size");
ABIDE_ASSERT(alignof(each_f) == 8, "each_f: alignment");
ABIDE_ASSERT(offsetof(each_f, code) == 0, "each_f: offset of code");
ABIDE_ASSERT(offsetof(each_f, env) == 8, "each_f: offset of env");
ABIDE_ASSERT(sizeof(keep_f) == 24, "keep_f: size");
ABIDE_ASSERT(alignof(keep_f) == 8, "keep_f: alignment");
ABIDE_ASSERT(offsetof(keep_f, code) == 0, "keep_f: offset of code");
ABIDE_ASSERT(offsetof(keep_f, env) == 8, "keep_f: offset of env");
ABIDE_ASSERT(offsetof(keep_f, drop) == 16, "keep_f: offset of drop");
#endif

#if (defined(__i386__) && defined(__linux__))
ABIDE_ASSERT(sizeof(point) == 16, "point: size");
ABIDE_ASSERT(alignof(point) == 4, "point: alignment");
ABIDE_ASSERT(offsetof(point, x) == 0, "point: offset of x");
ABIDE_ASSERT(offsetof(point, y) == 8, "point: offset of y");
ABIDE_ASSERT(sizeof(color) == 1, "color: size");
ABIDE_ASSERT(alignof(color) == 1, "color: alignment");
ABIDE_ASSERT(sizeof(mode) == 4, "mode: size");
ABIDE_ASSERT(alignof(mode) == 4, "mode: alignment");
ABIDE_ASSERT(sizeof(access) == 4, "access: size");
ABIDE_ASSERT(alignof(access) == 4, "access: alignment");
ABIDE_ASSERT(sizeof(node) == 28, "node: size");
ABIDE_ASSERT(alignof(node) == 4, "node: alignment");
ABIDE_ASSERT(offsetof(node, next) == 0, "node: offset of next");
ABIDE_ASSERT(offsetof(node, at) == 4, "node: offset of at");
ABIDE_ASSERT(offsetof(node, kind) == 20, "node: offset of kind");
ABIDE_ASSERT(offsetof(node, type) == 21, "node: offset of type");
ABIDE_ASSERT(offsetof(node, long_) == 24, "node: offset of long");
ABIDE_ASSERT(sizeof(link) == 4, "link: size");
ABIDE_ASSERT(alignof(link) == 4, "link: alignment");
ABIDE_ASSERT(sizeof(number) == 8, "number: size");
ABIDE_ASSERT(alignof(number) == 4, "number: alignment");
ABIDE_ASSERT(offsetof(number, i) == 0, "number: offset of i");
ABIDE_ASSERT(offsetof(number, f) == 0, "number: offset of f");
ABIDE_ASSERT(offsetof(number, self) == 0, "number: offset of self");
ABIDE_ASSERT(sizeof(bits) == 4, "bits: size");
ABIDE_ASSERT(alignof(bits) == 4, "bits: alignment");
ABIDE_ASSERT(offsetof(bits, c) == 2, "bits: offset of c");
ABIDE_ASSERT(sizeof(hdr) == 5, "hdr: size");
ABIDE_ASSERT(alignof(hdr) == 1, "hdr: alignment");
ABIDE_ASSERT(offsetof(hdr, tag) == 0, "hdr: offset of tag");
ABIDE_ASSERT(offsetof(hdr, len) == 1, "hdr: offset of len");
ABIDE_ASSERT(sizeof(al) == 32, "al: size");
ABIDE_ASSERT(alignof(al) == 32, "al: alignment");
ABIDE_ASSERT(offsetof(al, a) == 0, "al: offset of a");
ABIDE_ASSERT(offsetof(al, b) == 8, "al: offset of b");
ABIDE_ASSERT(sizeof(id) == 4, "id: size");
ABIDE_ASSERT(alignof(id) == 4, "id: alignment");
ABIDE_ASSERT(sizeof(visitor) == 4, "visitor: size");
ABIDE_ASSERT(alignof(visitor) == 4, "visitor: alignment");
ABIDE_ASSERT(sizeof(rec) == 32, "rec: size");
ABIDE_ASSERT(alignof(rec) == 4, "rec: alignment");
ABIDE_ASSERT(offsetof(rec, f) == 0, "rec: offset of f");
ABIDE_ASSERT(offsetof(rec, g) == 4, "rec: offset of g");
ABIDE_ASSERT(offsetof(rec, ld) == 8, "rec: offset of ld");
ABIDE_ASSERT(offsetof(rec, arr) == 20, "rec: offset of arr");
ABIDE_ASSERT(sizeof(any_anon2) == 8, "any_anon2: size");
ABIDE_ASSERT(alignof(any_anon2) == 4, "any_anon2: alignment");
ABIDE_ASSERT(offsetof(any_anon2, number) == 0, "any_anon2: offset of number");
ABIDE_ASSERT(offsetof(any_anon2, text) == 0, "any_anon2: offset of text");
ABIDE_ASSERT(sizeof(any) == 12, "any: size");
ABIDE_ASSERT(alignof(any) == 4, "any: alignment");
ABIDE_ASSERT(offsetof(any, kind) == 0, "any: offset of kind");
ABIDE_ASSERT(offsetof(any, anon2) == 4, "any: offset of anon2");
ABIDE_ASSERT(offsetof(any, tail) == 12, "any: offset of tail");
ABIDE_ASSERT(sizeof(empty) == 0, "empty: size");
ABIDE_ASSERT(alignof(empty) == 1, "empty: alignment");
ABIDE_ASSERT(sizeof(stat_type) == 16, "stat_type: size");
ABIDE_ASSERT(alignof(stat_type) == 4, "stat_type: alignment");
ABIDE_ASSERT(offsetof(stat_type, size) == 0, "stat_type: offset of size");
ABIDE_ASSERT(offsetof(stat_type, max_align_t_) == 8, "stat_type: offset of max_align_t");
ABIDE_ASSERT(sizeof(max_align_t_) == 8, "max_align_t: size");
ABIDE_ASSERT(alignof(max_align_t_) == 4, "max_align_t: alignment");
ABIDE_ASSERT(sizeof(speed) == 4, "speed: size");
ABIDE_ASSERT(alignof(speed) == 4, "speed: alignment");
ABIDE_ASSERT(sizeof(table_anon2) == 0, "table_anon2: size");
ABIDE_ASSERT(alignof(table_anon2) == 4, "table_anon2: alignment");
ABIDE_ASSERT(offsetof(table_anon2, none) == 0, "table_anon2: offset of none");
ABIDE_ASSERT(offsetof(table_anon2, rows) == 0, "table_anon2: offset of rows");
ABIDE_ASSERT(sizeof(table) == 4, "table: size");
ABIDE_ASSERT(alignof(table) == 4, "table: alignment");
ABIDE_ASSERT(offsetof(table, count) == 0, "table: offset of count");
ABIDE_ASSERT(offsetof(table, anon2) == 4, "table: offset of anon2");
ABIDE_ASSERT(sizeof(each_f) == 8, "each_f: size");
ABIDE_ASSERT(alignof(each_f) == 4, "each_f: alignment");
ABIDE_ASSERT(offsetof(each_f, code) == 0, "each_f: offset of code");
ABIDE_ASSERT(offsetof(each_f, env) == 4, "each_f: offset of env");
ABIDE_ASSERT(sizeof(keep_f) == 12, "keep_f: size");
ABIDE_ASSERT(alignof(keep_f) == 4, "keep_f: alignment");
ABIDE_ASSERT(offsetof(keep_f, code) == 0, "keep_f: offset of code");
ABIDE_ASSERT(offsetof(keep_f, env) == 4, "keep_f: offset of env");
ABIDE_ASSERT(offsetof(keep_f, drop) == 8, "keep_f: offset of drop");
#endif

/// Trees are no deeper.
inline constexpr uint16_t max_depth = UINT16_C(64);

inline constexpr char version[] = "1.2 \"beta\"";
inline constexpr char title[] = "Gr\303\266\303\237e";
inline constexpr uint8_t magic[3] = {0x61, 0x62, 0x00};
inline constexpr ::color usual = UINT8_C(2);
inline constexpr float half = 0.5f;
inline constexpr int64_t least = (-INT64_C(9223372036854775807) - 1);
inline constexpr int x = (-1);

/// Of memory.
#if (defined(__x86_64__) && defined(__linux__) && !defined(__ILP32__))
inline constexpr long page = 65536L;
#elif (defined(__i386__) && defined(__linux__))
inline constexpr long page = 4096L;
#endif

#undef ABIDE_ASSERT
#undef ABIDE_SYMBOL
#undef ABIDE_STRING
#undef ABIDE_STRING_
#endif

/*
 * layouts.c [COUNT]: what COUNT structs of ten fields cost by the public interface: nanoseconds of processor time and bytes of
 * memory for each, of making the type, of the first layout, of asking for the layout again, and of reading its ten fields. Prints a
 * tenth of them first, to show that the cost is linear.
 *
 * No two structs are the same type. Fields of `scalars` are random scalars; of `mixed` one in three is a pointer to a struct of its
 * own, an array, an inner struct (one that is laid out with it), a bit-field, or aligned.
 *
 * Memory is all that the context's allocator gives out meanwhile; nothing is given back, so that this is the peak.
 */
#define _POSIX_C_SOURCE 200809L
#include <abide/abide.h>

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static size_t allocated_bytes;

static void *reallocate(void *user, void *block, size_t size_bytes)
{
    (void)user;
    if (size_bytes == 0) {
        free(block);
        return NULL;
    }
    allocated_bytes += size_bytes; /* the context's arena never makes a block larger */
    return realloc(block, size_bytes);
}

/* --- types --- */

enum { FIELDS = 10, SCALARS = 12 };

struct maker {
    abide_ctx *ctx;
    const abide_type *scalars[SCALARS];
    uint64_t random;
    bool is_mixed;
};

static unsigned below(struct maker *maker, unsigned limit)
{
    maker->random ^= maker->random << 13;
    maker->random ^= maker->random >> 7;
    maker->random ^= maker->random << 17;
    return (unsigned)(maker->random >> 33) % limit;
}

static const abide_type *random_scalar(struct maker *maker)
{
    return maker->scalars[below(maker, SCALARS)];
}

static void make_special(struct maker *maker, abide_member *member)
{
    abide_member inner[] = {{.name = "x", .type = random_scalar(maker)},
                            {.name = "y", .type = random_scalar(maker)}};
    switch (below(maker, 5)) {
    case 0:
        member->type =
            abide_type_pointer(maker->ctx, abide_type_struct(maker->ctx, NULL, inner, 2), true);
        return;
    case 1: member->type = abide_type_array(maker->ctx, member->type, 1 + below(maker, 8)); return;
    case 2: member->type = abide_type_struct(maker->ctx, NULL, inner, 2); return;
    case 3:
        member->type = maker->scalars[2]; /* u32 */
        member->is_bitfield = true;
        member->bits = 1 + below(maker, 32);
        return;
    default: member->align_bytes = 1u << below(maker, 6); return;
    }
}

static const abide_type *make_struct(struct maker *maker)
{
    static const char *const names[FIELDS] = {"a", "b", "c", "d", "e", "f", "g", "h", "i", "j"};
    abide_member members[FIELDS] = {{.name = NULL}};
    for (size_t i = 0; i < FIELDS; i++) {
        members[i].name = names[i];
        members[i].type = random_scalar(maker);
        if (maker->is_mixed && below(maker, 3) == 0)
            make_special(maker, &members[i]);
    }
    return abide_type_struct(maker->ctx, NULL, members, FIELDS);
}

/* --- measuring --- */

static double now_ns(void)
{
    struct timespec time;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

struct start {
    double ns;
    size_t bytes;
};

static struct start start(void)
{
    return (struct start){now_ns(), allocated_bytes};
}

static void print_since(const char *what, struct start from, size_t count)
{
    double ns = now_ns() - from.ns;
    printf("  %-14s %7.1f ns %6.0f bytes\n", what, ns / (double)count,
           (double)(allocated_bytes - from.bytes) / (double)count);
}

static bool make_types(struct maker *maker, const abide_type **types, size_t count)
{
    static const char *const names[SCALARS] = {"u8",    "u16",    "u32",  "u64",    "f32", "f64",
                                               "c_int", "c_long", "bool", "c_char", "i64", "size"};
    for (size_t i = 0; i < SCALARS; i++)
        maker->scalars[i] = abide_type_scalar(maker->ctx, names[i]);
    struct start from = start();
    for (size_t i = 0; i < count; i++)
        if (!(types[i] = make_struct(maker)))
            return false;
    print_since("type", from, count);
    return true;
}

/* The sum of the sizes, and of all that is read, so that nothing is left out by the compiler; 0: it failed. */
static uint64_t lay_out(abide_ctx *ctx, const abide_module *module, const abide_type **types,
                        size_t count, const char *what)
{
    uint64_t sum = 0;
    struct start from = start();
    for (size_t i = 0; i < count; i++) {
        const abide_layout *layout = abide_layout_of(ctx, module, types[i]);
        if (!layout)
            return 0;
        sum += abide_layout_size_bytes(layout);
    }
    print_since(what, from, count);
    return sum;
}

static uint64_t read_fields(abide_ctx *ctx, const abide_module *module, const abide_type **types,
                            size_t count)
{
    uint64_t sum = 0;
    struct start from = start();
    for (size_t i = 0; i < count; i++) {
        const abide_layout *layout = abide_layout_of(ctx, module, types[i]);
        for (size_t f = 0; f < FIELDS; f++)
            sum += abide_layout_field_at(layout, f).offset_bits;
    }
    print_since("its fields", from, count);
    return sum;
}

static bool measure(size_t count, bool is_mixed)
{
    abide_ctx_options options = ABIDE_CTX_OPTIONS_INIT;
    options.allocator.reallocate = reallocate;
    struct maker maker = {abide_ctx_new(&options), .random = 88172645463325252,
                          .is_mixed = is_mixed};
    const abide_module *module = abide_module_load(maker.ctx, "c-sysv", NULL);
    const abide_type **types = malloc(count * sizeof *types);
    if (!module || !types)
        return false;
    printf("%zu structs of %s\n", count, is_mixed ? "mixed fields" : "scalars");
    if (!make_types(&maker, types, count))
        return false;
    uint64_t sum = lay_out(maker.ctx, module, types, count, "layout");
    if (sum == 0 || lay_out(maker.ctx, module, types, count, "layout again") != sum)
        return false;
    uint64_t offsets = read_fields(maker.ctx, module, types, count);
    printf("  sums: %llu bytes, %llu bits\n", (unsigned long long)sum, (unsigned long long)offsets);
    free(types);
    abide_ctx_free(maker.ctx);
    return true;
}

int main(int argc, char **argv)
{
    size_t count = argc > 1 ? strtoul(argv[1], NULL, 10) : 1000000;
    bool fine = true;
    for (int is_mixed = 0; is_mixed < 2; is_mixed++)
        fine = fine && measure(count / 10, is_mixed) && measure(count, is_mixed);
    return fine ? 0 : 1;
}

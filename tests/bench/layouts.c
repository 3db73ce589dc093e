/*
 * layouts.c [COUNT]: what the layouts of COUNT structs of ten fields cost, by the public interface: nanoseconds and bytes of
 * memory for each, apart from what their types cost. Prints a tenth of them first, to show that the cost is linear.
 *
 * Memory is all that the context's allocator gives out while layouts are asked for; nothing is given back meanwhile, so that
 * this is the peak.
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

static double now_ns(void)
{
    struct timespec time;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

enum { FIELDS = 10 };

static const abide_type *make_struct(abide_ctx *ctx, size_t serial)
{
    static const char *const names[] = {"u8", "u16", "u32", "u64", "f32", "f64", "c_int", "c_long"};
    static const char *const field_names[FIELDS] = {"a", "b", "c", "d", "e",
                                                    "f", "g", "h", "i", "j"};
    abide_member members[FIELDS] = {{NULL, NULL, 0}};
    for (size_t i = 0; i < FIELDS; i++) {
        members[i].name = field_names[i];
        members[i].type = abide_type_scalar(ctx, names[(serial >> i) % 8]);
    }
    return abide_type_struct(ctx, NULL, members, FIELDS);
}

static bool measure(size_t count)
{
    abide_ctx_options options = ABIDE_CTX_OPTIONS_INIT;
    options.allocator.reallocate = reallocate;
    abide_ctx *ctx = abide_ctx_new(&options);
    const abide_module *module = abide_module_load(ctx, "c-sysv", NULL);
    const abide_type **types = malloc(count * sizeof *types);
    if (!module || !types)
        return false;
    for (size_t i = 0; i < count; i++)
        types[i] = make_struct(ctx, i);
    size_t before_bytes = allocated_bytes;
    uint64_t sum_bytes = 0;
    double start_ns = now_ns();
    for (size_t i = 0; i < count; i++) {
        const abide_layout *layout = abide_layout_of(ctx, module, types[i]);
        if (!layout)
            return false;
        sum_bytes += abide_layout_size_bytes(layout);
    }
    double each_ns = (now_ns() - start_ns) / (double)count;
    double each_bytes = (double)(allocated_bytes - before_bytes) / (double)count;
    printf("%zu structs: %.1f ns, %.0f bytes each (sizes add up to %llu)\n", count, each_ns,
           each_bytes, (unsigned long long)sum_bytes);
    free(types);
    abide_ctx_free(ctx);
    return true;
}

int main(int argc, char **argv)
{
    size_t count = argc > 1 ? strtoul(argv[1], NULL, 10) : 1000000;
    return measure(count / 10) && measure(count) ? 0 : 1;
}

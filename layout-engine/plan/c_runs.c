/* Everything goes through memcpy: no pointer is taken for aligned, and no type for the one that lies there. */
#include "plan/c_runs.h"

#include <inttypes.h>

const char *abide_c__displaced(abide_ctx *ctx, const char *base, uint64_t offset_bytes)
{
    return offset_bytes == 0 ? base
                             : abide__printf(ctx, "(char *)%s + %" PRIu64, base, offset_bytes);
}

static const char *integer_name(abide_ctx *ctx, uint64_t size_bytes, bool is_signed)
{
    return size_bytes == 16
               ? (is_signed ? "__int128" : "unsigned __int128")
               : abide__printf(ctx, "%sint%" PRIu64 "_t", is_signed ? "" : "u", size_bytes * 8);
}

/* A scalar that one side holds in fewer bytes. */
static void convert(const struct abide_c_sink *sink, const char *to, const char *from,
                    const struct abide_run *run)
{
    abide_ctx *ctx = sink->ctx;
    const char *indent = sink->indent;
    size_t n = (*sink->scratch)++;
    bool is_signed = run->widen == ABIDE_EXTEND_SIGN;
    const char *narrow = integer_name(ctx, run->from_size_bytes, is_signed);
    const char *wide = integer_name(ctx, run->to_size_bytes, is_signed);
    abide__text_printf(ctx, sink->text, "%s%s x%zu;\n%smemcpy(&x%zu, %s, sizeof x%zu);\n", indent,
                       narrow, n, indent, n, from, n);
    abide__text_printf(ctx, sink->text,
                       "%s%s y%zu = (%s)x%zu;\n%smemcpy(%s, &y%zu, sizeof y%zu);\n", indent, wide,
                       n, wide, n, indent, to, n, n);
}

void abide_c__runs(const struct abide_c_sink *sink, const char *to, const char *from,
                   const struct abide_run *runs, size_t run_count)
{
    for (size_t i = 0; i < run_count; i++) {
        const struct abide_run *run = &runs[i];
        const char *target = abide_c__displaced(sink->ctx, to, run->to_bytes);
        const char *source = abide_c__displaced(sink->ctx, from, run->from_bytes);
        if (run->from_size_bytes == run->to_size_bytes)
            abide__text_printf(sink->ctx, sink->text, "%smemcpy(%s, %s, %" PRIu64 ");\n",
                               sink->indent, target, source, run->to_size_bytes);
        else
            convert(sink, target, source, run);
    }
}

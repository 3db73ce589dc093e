#include "extend.h"

#include "cli.h"
#include "process.h"

#include <stdlib.h>
#include <string.h>

/* One number narrowed by compiled code, and the registers it left. */
struct sample {
    unsigned char arguments[IMAGE_BYTES];
    unsigned char results[RESULT_IMAGE_BYTES];
};

struct extender {
    const struct machine *machine;
    uint64_t scalars_allowed;
    FILE *file;
    bool callee_pops; /* the stub does not, so callers cannot call it */
};

static bool is_narrow(const struct extender *e, unsigned scalar)
{
    return (e->scalars_allowed >> scalar & 1) != 0 && scalars[scalar].group == GROUP_INTEGER &&
           scalars[scalar].size_bytes < e->machine->word_bytes;
}

static unsigned narrow_count(const struct extender *e)
{
    unsigned count = 0;
    for (unsigned i = 0; i < scalar_count; i++)
        count += is_narrow(e, i);
    return count;
}

static void write_batch(const struct extender *e, const struct toolchain *toolchain,
                        const char *path)
{
    FILE *file = fopen(path, "w");
    if (!file)
        die("cannot write %s", path);
    harness_prelude(file, toolchain);
    fprintf(file, "void capture_arguments(void);\n");
    for (unsigned i = 0; i < scalar_count; i++) {
        const char *type = scalars[i].c_name;
        if (!is_narrow(e, i))
            continue;
        fprintf(file, "static %s CONVENTION r%u(intptr_t v) { return (%s)v; }\n", type, i, type);
        fprintf(file, "static void a%u(intptr_t v) { ", i);
        if (!e->callee_pops)
            fprintf(file, "((void (CONVENTION *)(%s))capture_arguments)((%s)v); ", type, type);
        fprintf(file, "}\n");
    }
    fprintf(file, "struct extend_case { void (*caller)(intptr_t); void (*callee)(void); };\n"
                  "const struct extend_case extend_cases[] = {\n");
    for (unsigned i = 0; i < scalar_count; i++)
        if (is_narrow(e, i))
            fprintf(file, "    {a%u, (void (*)(void))r%u},\n", i, i);
    fprintf(file, "    {0, 0}};\nconst unsigned extend_case_count = %u;\n", narrow_count(e));
    if (fclose(file) != 0)
        die("cannot write %s", path);
}

static char *interface_text(const struct extender *e, size_t *length_bytes)
{
    char *text = NULL;
    FILE *file = open_memstream(&text, length_bytes);
    if (!file)
        cli_no_memory();
    render_interface_start(file);
    fprintf(file, "functions:\n");
    for (unsigned i = 0; i < scalar_count; i++)
        if (is_narrow(e, i))
            fprintf(file, "  a%u: (v %s) -> void\n  r%u: (v ssize) -> %s\n", i, scalars[i].name, i,
                    scalars[i].name);
    if (fclose(file) != 0)
        cli_no_memory();
    return text;
}

/*
 * A number as wide as its register, found at the place of its lowest-addressed byte. On a big-endian machine a short value
 * stands at the register's end, and its extension before it.
 */
static uint64_t read_word(const struct machine *machine, const unsigned char *bytes,
                          unsigned size_bytes)
{
    uint64_t word = 0;
    for (unsigned i = 0; i < size_bytes; i++)
        word |= (uint64_t)bytes[i] << 8 * (machine->is_big_endian ? size_bytes - 1 - i : i);
    return word;
}

static uint64_t low_bits(unsigned bits)
{
    return bits >= 64 ? UINT64_MAX : (UINT64_C(1) << bits) - 1;
}

/* Do the bits of a word above the value, up to `bits`, hold what `is_signed` makes of it? */
static bool holds(uint64_t word, unsigned size_bits, unsigned bits, bool is_signed)
{
    bool negative = is_signed && (word >> (size_bits - 1) & 1) != 0;
    uint64_t mask = low_bits(size_bits);
    uint64_t extended = negative ? word | ~mask : word & mask;
    return ((word ^ extended) & low_bits(bits)) == 0;
}

/* Compares the claim of one value with the samples of its type. */
static void check_value(const struct extender *e, const abide_argument *value, bool is_result,
                        unsigned scalar, const struct sample *samples, struct extend_counts *counts)
{
    static struct account account;
    const abide_piece *piece = value->piece_count > 0 ? value->pieces : NULL;
    if (!piece || (e->callee_pops && !is_result) || piece->extend == ABIDE_EXTEND_UNSTATED ||
        piece->extend == ABIDE_EXTEND_NONE) {
        counts->unclaimed++;
        return;
    }
    account.error[0] = '\0';
    unsigned size_bytes = scalars[scalar].size_bytes, word_bytes = e->machine->word_bytes;
    int place = answer_place(&account, e->machine, piece, is_result, size_bytes);
    if (place >= 0) /* where the whole word starts */
        place -= place % (int)word_bytes;
    bool kept = place >= 0 && piece->extend_bits > 0;
    for (unsigned i = 0; kept && i < EXTEND_SOURCES; i++) {
        const unsigned char *image = is_result ? samples[i].results : samples[i].arguments;
        kept = holds(read_word(e->machine, image + place, word_bytes), size_bytes * 8,
                     piece->extend_bits, piece->extend == ABIDE_EXTEND_SIGN);
    }
    counts->claims++;
    if (kept)
        return;
    counts->broken++;
    fprintf(e->file, "%s as %s: not %s-extended to %u bits in %s%s%s\n", scalars[scalar].name,
            is_result ? "a result" : "an argument",
            piece->extend == ABIDE_EXTEND_SIGN ? "sign" : "zero", piece->extend_bits,
            piece->register_name ? piece->register_name : "its stack slot",
            account.error[0] ? ": " : "", account.error);
}

static const abide_assignment *assignment_of(abide_ctx *ctx, const abide_module *module,
                                             const abide_iface *iface, char letter, unsigned scalar)
{
    char name[16];
    snprintf(name, sizeof name, "%c%u", letter, scalar);
    const abide_assignment *assignment =
        abide_assignment_of(ctx, module, abide_iface_signature(iface, name));
    if (!assignment)
        die("no answer about %s", scalars[scalar].name);
    return assignment;
}

static bool callee_pops(const struct engine *engine)
{
    abide_ctx *ctx;
    const abide_module *module = answer_open(engine, &ctx);
    const abide_parameter parameter = {NULL, abide_type_scalar(ctx, "u8")};
    const abide_assignment *call = abide_assignment_of(
        ctx, module, abide_signature_new(ctx, &parameter, 1, abide_type_void(ctx)));
    bool pops = call && abide_assignment_callee_cleans(call);
    abide_ctx_free(ctx);
    return pops;
}

static void check_all(const struct extender *e, const struct engine *engine,
                      const struct sample *samples, struct extend_result *found)
{
    abide_ctx *ctx;
    size_t length_bytes;
    const abide_module *module = answer_open(engine, &ctx);
    char *text = interface_text(e, &length_bytes);
    const abide_iface *iface = abide_iface_parse(ctx, "narrow values", text, length_bytes);
    free(text);
    for (unsigned i = 0; i < scalar_count; i++) {
        if (!is_narrow(e, i))
            continue;
        const abide_assignment *call = assignment_of(ctx, module, iface, 'a', i);
        abide_argument value = abide_assignment_argument_at(call, 0);
        check_value(e, &value, false, i, samples, &found->arguments);
        value = abide_assignment_result(assignment_of(ctx, module, iface, 'r', i));
        check_value(e, &value, true, i, samples, &found->results);
        samples += EXTEND_SOURCES;
    }
    abide_ctx_free(ctx);
}

static struct sample *read_samples(const char *path, unsigned count)
{
    struct sample *samples = allocate(count + 1, sizeof *samples);
    FILE *file = fopen(path, "rb");
    for (unsigned i = 0; i < count; i++)
        if (!file || fread(samples[i].arguments, sizeof samples[i].arguments, 1, file) != 1 ||
            fread(samples[i].results, sizeof samples[i].results, 1, file) != 1)
            die("%s ends early", path);
    fclose(file);
    return samples;
}

struct extend_result extend_run(struct toolchain *toolchain, const struct engine *engine,
                                uint64_t scalars_allowed, FILE *file)
{
    struct extender e = {engine->machine, scalars_allowed, file, callee_pops(engine)};
    struct extend_result found = {0};
    char batch[1024], data[1024];
    snprintf(batch, sizeof batch, "%s/%s-narrow.c", toolchain->directory, toolchain->name);
    snprintf(data, sizeof data, "%s/%s-found.out", toolchain->directory, toolchain->name);
    if (narrow_count(&e) == 0)
        return found;
    write_batch(&e, toolchain, batch);
    if (!harness_run_program(toolchain, "-narrow.c", "-extend.o")) {
        harness_complain(toolchain);
        die("%s cannot build or run the program that narrows values", toolchain->cc);
    }
    struct sample *samples = read_samples(data, narrow_count(&e) * EXTEND_SOURCES);
    check_all(&e, engine, samples, &found);
    release(samples);
    return found;
}

#include "extend.h"

#include "cli.h"
#include "process.h"

#include <stdlib.h>
#include <string.h>

/* What was made of a value: the callee of its argument, and the caller of its result. */
struct widened {
    uint64_t argument, result;
};

/* One number narrowed by compiled code, and the registers it left; and widened by it. */
struct sample {
    unsigned char arguments[IMAGE_BYTES];
    unsigned char results[RESULT_IMAGE_BYTES];
    uint64_t value;               /* extended to a word, as C does */
    struct widened raw, extended; /* with anything above it; above 32 bits */
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

/* The functions of one type, which are called as capture/extend-main.c says. */
static void write_functions(const struct extender *e, FILE *file, unsigned i)
{
    const char *type = scalars[i].c_name;
    bool is_bool = strcmp(scalars[i].name, "bool") == 0;
    fprintf(file, "static %s CONVENTION r%u(intptr_t v) { return (%s)v; }\n", type, i, type);
    fprintf(file, "static void a%u(intptr_t v) { ", i);
    if (!e->callee_pops)
        fprintf(file, "((void (CONVENTION *)(%s))arguments)((%s)v); ", type, type);
    fprintf(file, "}\nstatic void CONVENTION w%u(%s v) { capture_widened = (intptr_t)v; }\n", i,
            type);
    fprintf(file,
            "static void x%u(void) { capture_widened = (intptr_t)((%s (CONVENTION "
            "*)(void))result)(); }\n",
            i, type);
    fprintf(file, "static intptr_t v%u(intptr_t v) { return (intptr_t)(%s)(v%s); }\n", i, type,
            is_bool ? " & 1" : "");
    fprintf(file, "static intptr_t g%u(intptr_t v) { return %s; }\n", i,
            is_bool ? "(v & ~(intptr_t)255) | (v & 1)" : "v");
    fprintf(file,
            "static intptr_t e%u(intptr_t v) { return (intptr_t)(((uintptr_t)v & "
            "~(uintptr_t)0xffffffff) | (uint32_t)v%u(v)); }\n",
            i, i);
}

/* Two callers, whose rooms are measured. A variadic function with an attribute would not be one. */
static void write_rooms(const struct toolchain *toolchain, FILE *file)
{
    fprintf(file, "static void room(void)\n{\n    ((void (CONVENTION *)(void))arguments)();\n"
                  "    __asm__ volatile(\"\" : : : \"memory\");\n}\n"
                  "static void variadic_room(void)\n{\n    ((void (*)(int, ...))arguments)(0);\n"
                  "    __asm__ volatile(\"\" : : : \"memory\");\n}\n");
    fprintf(file, "void (*const extend_rooms[2])(void) = {room, %s};\n",
            toolchain->attribute ? "0" : "variadic_room");
}

static void write_batch(const struct extender *e, const struct toolchain *toolchain,
                        const char *path)
{
    FILE *file = fopen(path, "w");
    if (!file)
        die("cannot write %s", path);
    harness_prelude(file, toolchain);
    fprintf(file, "extern intptr_t capture_widened;\n"
                  "void capture_arguments(void), capture_result(void);\n"
                  /* gcc calls a function that it knows by the convention of its declaration. */
                  "static void (*volatile arguments)(void) = capture_arguments;\n"
                  "static void (*volatile result)(void) = capture_result;\n");
    for (unsigned i = 0; i < scalar_count; i++)
        if (is_narrow(e, i))
            write_functions(e, file, i);
    write_rooms(toolchain, file);
    fprintf(file, "struct extend_case { void (*caller)(intptr_t); void (*callee)(void);\n"
                  "    void (*widening_callee)(void), (*widening_caller)(void);\n"
                  "    intptr_t (*widen)(intptr_t), (*raw)(intptr_t), (*extended)(intptr_t); };\n"
                  "const struct extend_case extend_cases[] = {\n");
    for (unsigned i = 0; i < scalar_count; i++)
        if (is_narrow(e, i))
            fprintf(file,
                    "    {a%u, (void (*)(void))r%u, (void (*)(void))w%u, x%u, v%u, g%u, e%u},\n", i,
                    i, i, i, i, i, i);
    fprintf(file, "    {0}};\nconst unsigned extend_case_count = %u;\n", narrow_count(e));
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

/* What a value is found to rely on: that it is extended to so many bits; 0: on nothing above it. */
static unsigned relied_bits(const struct extender *e, const struct sample *samples, bool is_result)
{
    unsigned bits = 0;
    for (unsigned i = 0; i < EXTEND_SOURCES; i++) {
        const struct sample *s = &samples[i];
        uint64_t raw = is_result ? s->raw.result : s->raw.argument;
        uint64_t extended = is_result ? s->extended.result : s->extended.argument;
        if (extended != s->value)
            return e->machine->word_bytes * 8;
        if (raw != s->value)
            bits = 32;
    }
    return bits;
}

/* Whether compiled code leaves what the module claims. */
static bool is_kept(const struct extender *e, const abide_piece *piece, bool is_result,
                    unsigned scalar, const struct sample *samples, struct account *account)
{
    account->error[0] = '\0';
    unsigned size_bytes = scalars[scalar].size_bytes, word_bytes = e->machine->word_bytes;
    int place = answer_place(account, e->machine, piece, is_result, size_bytes);
    if (place >= 0) /* where the whole word starts */
        place -= place % (int)word_bytes;
    bool kept = place >= 0 && piece->extend_bits > 0;
    for (unsigned i = 0; kept && i < EXTEND_SOURCES; i++) {
        const unsigned char *image = is_result ? samples[i].results : samples[i].arguments;
        kept = holds(read_word(e->machine, image + place, word_bytes), size_bytes * 8,
                     piece->extend_bits, piece->extend == ABIDE_EXTEND_SIGN);
    }
    return kept;
}

static void complain(const struct extender *e, unsigned scalar, bool is_result, const char *what)
{
    fprintf(e->file, "%s as %s: %s\n", scalars[scalar].name, is_result ? "a result" : "an argument",
            what);
}

/* Compares the claim of one value with the samples of its type. */
static void check_value(const struct extender *e, const abide_argument *value, bool is_result,
                        unsigned scalar, const struct sample *samples, struct extend_counts *counts)
{
    static struct account account;
    const abide_piece *piece = value->piece_count > 0 ? value->pieces : NULL;
    bool is_claimed =
        piece && (piece->extend == ABIDE_EXTEND_SIGN || piece->extend == ABIDE_EXTEND_ZERO);
    unsigned relied = relied_bits(e, samples, is_result),
             claimed = is_claimed ? piece->extend_bits : 0;
    bool is_seen = is_claimed && !(e->callee_pops && !is_result);
    counts->claims += is_seen;
    counts->unclaimed += !is_seen;
    if (is_seen && !is_kept(e, piece, is_result, scalar, samples, &account)) {
        counts->broken++;
        complain(e, scalar, is_result,
                 cli_printf("not %s-extended to %u bits in %s%s%s",
                            piece->extend == ABIDE_EXTEND_SIGN ? "sign" : "zero",
                            piece->extend_bits,
                            piece->register_name ? piece->register_name : "its stack slot",
                            account.error[0] ? ": " : "", account.error));
    } else if (relied > claimed) {
        counts->broken++;
        complain(
            e, scalar, is_result,
            cli_printf(
                "compiled code relies on its being extended to %u bits, and the module says %u",
                relied, claimed));
    }
}

/* No call shows the sign of a value that nobody extends, but whoever reads the value needs it. */
static bool has_other_sign(const struct extender *e, abide_ctx *ctx, const abide_module *module,
                           const abide_type *type, unsigned scalar, const struct sample *samples)
{
    const abide_layout *layout = abide_layout_of(ctx, module, type);
    bool is_signed = layout && abide_layout_is_signed(layout), same = layout;
    for (unsigned i = 0; same && i < EXTEND_SOURCES; i++)
        same = holds(samples[i].value, 8 * (unsigned)abide_layout_size_bytes(layout),
                     e->machine->word_bytes * 8, is_signed);
    if (!same)
        fprintf(e->file, "%s: %s for the module, and not for the compiler\n", scalars[scalar].name,
                is_signed ? "it has a sign" : "it has no sign");
    return !same;
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
        found->wrong_signs += has_other_sign(e, ctx, module, value.type, i, samples);
        value = abide_assignment_result(assignment_of(ctx, module, iface, 'r', i));
        check_value(e, &value, true, i, samples, &found->results);
        samples += EXTEND_SOURCES;
    }
    abide_ctx_free(ctx);
}

static uint64_t read_number(const unsigned char *bytes)
{
    uint64_t number = 0;
    for (unsigned i = 0; i < 8; i++)
        number |= (uint64_t)bytes[i] << 8 * i;
    return number;
}

static bool read_sample(FILE *file, struct sample *sample)
{
    unsigned char words[5 * 8];
    if (fread(sample->arguments, sizeof sample->arguments, 1, file) != 1 ||
        fread(sample->results, sizeof sample->results, 1, file) != 1 ||
        fread(words, sizeof words, 1, file) != 1)
        return false;
    sample->value = read_number(words);
    sample->raw = (struct widened){read_number(words + 8), read_number(words + 16)};
    sample->extended = (struct widened){read_number(words + 24), read_number(words + 32)};
    return true;
}

/* The samples, and behind them the rooms of the two callers. */
static struct sample *read_samples(const char *path, unsigned count, uint64_t rooms_bytes[2])
{
    struct sample *samples = allocate(count + 1, sizeof *samples);
    unsigned char rooms[8];
    FILE *file = fopen(path, "rb");
    bool good = file != NULL;
    for (unsigned i = 0; good && i < count; i++)
        good = read_sample(file, &samples[i]);
    good = good && fread(rooms, sizeof rooms, 1, file) == 1;
    if (file)
        fclose(file);
    if (!good)
        die("%s ends early", path);
    rooms_bytes[0] = read_number(rooms) & UINT32_MAX;
    rooms_bytes[1] = read_number(rooms) >> 32;
    return samples;
}

/* A room of 0 bytes, or of UINT32_MAX, was not measured. */
static unsigned long check_rooms(const struct extender *e, const struct engine *engine,
                                 const uint64_t rooms_bytes[2])
{
    static const char *const words[2] = {"without parameters", "with others that are unnamed"};
    unsigned long count = 0;
    uint64_t homes_bytes[2];
    answer_homes(engine, homes_bytes);
    for (unsigned i = 0; i < 2; i++) {
        if (rooms_bytes[i] == 0 || homes_bytes[i] <= rooms_bytes[i])
            continue;
        fprintf(e->file, "the caller of a function %s reserves at most %llu bytes, not %llu\n",
                words[i], (unsigned long long)rooms_bytes[i], (unsigned long long)homes_bytes[i]);
        count++;
    }
    return count;
}

struct extend_result extend_run(struct toolchain *toolchain, const struct engine *engine,
                                uint64_t scalars_allowed, FILE *file)
{
    struct extender e = {engine->machine, scalars_allowed, file, callee_pops(engine)};
    struct extend_result found = {0};
    char batch[1024], data[1024];
    uint64_t rooms_bytes[2];
    snprintf(batch, sizeof batch, "%s/%s-narrow.c", toolchain->directory, toolchain->name);
    snprintf(data, sizeof data, "%s/%s-found.out", toolchain->directory, toolchain->name);
    write_batch(&e, toolchain, batch);
    if (!harness_run_program(toolchain, "-narrow.c", "-extend.o")) {
        harness_complain(toolchain);
        die("%s cannot build or run the program that narrows values", toolchain->cc);
    }
    struct sample *samples = read_samples(data, narrow_count(&e) * EXTEND_SOURCES, rooms_bytes);
    check_all(&e, engine, samples, &found);
    found.short_rooms = check_rooms(&e, engine, rooms_bytes);
    release(samples);
    return found;
}

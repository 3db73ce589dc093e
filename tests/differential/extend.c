#include "extend.h"

#include "process.h"

#include <stdlib.h>
#include <string.h>

/* One number narrowed by compiled code, and the registers it left. */
struct sample {
    int64_t source;
    unsigned char arguments[IMAGE_BYTES];
    unsigned char results[RESULT_IMAGE_BYTES];
};

struct counts {
    unsigned long claims, broken, unclaimed;
};

static bool is_narrow(const struct machine *machine, unsigned scalar)
{
    return scalars[scalar].group == GROUP_INTEGER &&
           scalars[scalar].size_bytes < machine->word_bytes;
}

static unsigned narrow_count(const struct machine *machine)
{
    unsigned count = 0;
    for (unsigned i = 0; i < scalar_count; i++)
        count += is_narrow(machine, i);
    return count;
}

static void write_batch(FILE *file, const struct machine *machine)
{
    render_c_prelude(file);
    fprintf(file, "void capture_arguments(void);\n");
    for (unsigned i = 0; i < scalar_count; i++)
        if (is_narrow(machine, i))
            fprintf(file,
                    "static void a%u(long v) { ((void (*)(%s))capture_arguments)((%s)v); }\n"
                    "static %s r%u(long v) { return (%s)v; }\n",
                    i, scalars[i].c_name, scalars[i].c_name, scalars[i].c_name, i,
                    scalars[i].c_name);
    fprintf(file, "struct extend_case { void (*caller)(long); void (*callee)(void); };\n"
                  "const struct extend_case extend_cases[] = {\n");
    for (unsigned i = 0; i < scalar_count; i++)
        if (is_narrow(machine, i))
            fprintf(file, "    {a%u, (void (*)(void))r%u},\n", i, i);
    fprintf(file, "};\nconst unsigned extend_case_count = %u;\n", narrow_count(machine));
}

static void write_interface(FILE *file, const struct machine *machine)
{
    render_interface_start(file);
    fprintf(file, "functions:\n");
    for (unsigned i = 0; i < scalar_count; i++)
        if (is_narrow(machine, i))
            fprintf(file, "  a%u: (v %s) -> void\n  r%u: (v c_long) -> %s\n", i, scalars[i].name, i,
                    scalars[i].name);
}

/* The low `size_bytes` of a word, extended to all of it. */
static uint64_t extended(uint64_t word, unsigned size_bits, bool is_signed)
{
    uint64_t mask = (UINT64_C(1) << size_bits) - 1;
    bool negative = is_signed && (word >> (size_bits - 1) & 1) != 0;
    return negative ? word | ~mask : word & mask;
}

/* Do the bits of a register above the value, up to `bits`, hold what `is_signed` makes of it? */
static bool holds(const unsigned char *image, unsigned place, unsigned size_bits, unsigned bits,
                  bool is_signed)
{
    uint64_t word;
    memcpy(&word, image + place, sizeof word);
    uint64_t mask = bits >= 64 ? UINT64_MAX : (UINT64_C(1) << bits) - 1;
    return ((word ^ extended(word, size_bits, is_signed)) & mask) == 0;
}

static const json_t *function_named(const json_t *document, char letter, unsigned scalar)
{
    char name[16];
    snprintf(name, sizeof name, "%c%u", letter, scalar);
    const json_t *functions = json_object_get(document, "functions");
    for (size_t i = 0; i < json_array_size(functions); i++) {
        const json_t *function = json_array_get(functions, i);
        const char *found = json_string_value(json_object_get(function, "name"));
        if (found != NULL && strcmp(found, name) == 0)
            return function;
    }
    die("abide's answer has no function %s", name);
}

/* Where a piece lies in its image. */
static unsigned place_of(const struct machine *machine, const json_t *piece, bool is_result,
                         unsigned scalar, const char **name)
{
    const json_t *on_stack = json_object_get(piece, "stack_offset_bytes");
    if (on_stack != NULL && !is_result)
        return REGISTER_AREA_BYTES + (unsigned)json_integer_value(on_stack);
    *name = json_string_value(json_object_get(piece, "register"));
    const struct machine_register *reg =
        *name != NULL ? machine_register_named(machine, is_result, *name) : NULL;
    if (reg == NULL)
        die("%s has no register in abide's answer", scalars[scalar].name);
    return reg->place;
}

/* Compares the claim of one piece with the samples of one type. */
static void check_piece(const struct machine *machine, const json_t *entry, bool is_result,
                        unsigned scalar, const struct sample *samples, struct counts *counts)
{
    const json_t *piece = json_array_get(json_object_get(entry, "pieces"), 0);
    const char *name = "the stack";
    const char *extend = json_string_value(json_object_get(piece, "extend"));
    unsigned place = place_of(machine, piece, is_result, scalar, &name);
    if (extend == NULL || strcmp(extend, "none") == 0) {
        counts->unclaimed++;
        return;
    }
    /* A bool is one bit; its byte is zero or one in memory, so the bits above count too. */
    unsigned size_bits = scalars[scalar].size_bytes * 8;
    json_int_t bits = json_integer_value(json_object_get(piece, "extend_bits"));
    bool is_signed = strcmp(extend, "sign") == 0, kept = true;
    for (unsigned i = 0; i < EXTEND_SOURCES; i++) {
        const unsigned char *image = is_result ? samples[i].results : samples[i].arguments;
        kept = kept && holds(image, place, size_bits, (unsigned)bits, is_signed);
    }
    counts->claims++;
    if (kept && bits > 0)
        return;
    counts->broken++;
    printf("mismatch: %s as %s: not %s-extended to %lld bits in %s\n", scalars[scalar].name,
           is_result ? "a result" : "an argument", extend, (long long)bits, name);
}

static void check_all(const struct machine *machine, const json_t *document,
                      const struct sample *samples, struct counts *arguments,
                      struct counts *results)
{
    for (unsigned i = 0; i < scalar_count; i++) {
        if (!is_narrow(machine, i))
            continue;
        const json_t *params = json_object_get(function_named(document, 'a', i), "params");
        check_piece(machine, json_array_get(params, 0), false, i, samples, arguments);
        const json_t *result = json_object_get(function_named(document, 'r', i), "result");
        check_piece(machine, result, true, i, samples, results);
        samples += EXTEND_SOURCES;
    }
}

static struct sample *read_samples(const char *path, unsigned count)
{
    struct sample *samples = allocate(count, sizeof *samples);
    FILE *file = fopen(path, "rb");
    for (unsigned i = 0; i < count; i++) {
        struct sample *s = &samples[i];
        if (file == NULL || fread(&s->source, sizeof s->source, 1, file) != 1 ||
            fread(s->arguments, sizeof s->arguments, 1, file) != 1 ||
            fread(s->results, sizeof s->results, 1, file) != 1)
            die("%s ends early", path);
    }
    fclose(file);
    return samples;
}

static void write_file(const char *path, const struct machine *machine,
                       void (*write)(FILE *file, const struct machine *machine))
{
    FILE *file = fopen(path, "w");
    if (file == NULL)
        die("cannot write %s", path);
    write(file, machine);
    if (fclose(file) != 0)
        die("cannot write %s", path);
}

unsigned long extend_run(const struct toolchain *toolchain, const struct engine *engine)
{
    char batch[1024], interface[1024], data[1024];
    snprintf(batch, sizeof batch, "%s/extend.c", engine->directory);
    snprintf(interface, sizeof interface, "%s/extend.abi.yaml", engine->directory);
    snprintf(data, sizeof data, "%s/extend.data", engine->directory);
    write_file(batch, engine->machine, write_batch);
    write_file(interface, engine->machine, write_interface);
    if (!harness_run_program(toolchain, "capture-extend.c", batch, data)) {
        harness_complain(toolchain);
        die("%s cannot build or run the program", toolchain->cc);
    }
    json_t *document = answer_ask(engine, "call", interface);
    if (document == NULL) {
        answer_complain(engine);
        die("abide refused %s", interface);
    }
    struct counts arguments = {0}, results = {0};
    struct sample *samples = read_samples(data, narrow_count(engine->machine) * EXTEND_SOURCES);
    check_all(engine->machine, document, samples, &arguments, &results);
    printf("%s %s, %s -O%s: extension: arguments: %lu claims, %lu broken, %lu without; "
           "results: %lu claims, %lu broken, %lu without\n",
           engine->target, engine->abi, toolchain->cc, toolchain->opt, arguments.claims,
           arguments.broken, arguments.unclaimed, results.claims, results.broken,
           results.unclaimed);
    free(samples);
    json_decref(document);
    return arguments.broken + results.broken;
}

/* Reads codegen/targets/ARCH.yaml. The files are part of the library, so a mistake in one is found by the unit test. */
#include "processor.h"

#include "base/diag.h"
#include "base/schema.h"
#include "embedded.h"

#include <assert.h>
#include <string.h>

#define MAX_BYTES 4096 /* of a register, a slot, a red zone: far beyond any that exists */

size_t abide_words__find(struct abide_words names, const char *name)
{
    for (size_t i = 0; i < names.count; i++)
        if (!strcmp(names.items[i], name))
            return i;
    return SIZE_MAX;
}

static struct abide_words words_of(abide_ctx *ctx, const struct abide_yaml *node)
{
    return node ? abide_registers__list(ctx, node) : (struct abide_words){0};
}

/* `values`: of the keys integer, vector, extended. */
static void read_kinds(abide_ctx *ctx, const struct abide_yaml *const *values,
                       struct abide_words *kinds)
{
    for (size_t i = 0; i < ABIDE_REGISTER_KIND_COUNT; i++) {
        kinds[i] = words_of(ctx, values[i]);
        assert(kinds[i].count <= ABIDE_MAX_REGISTERS);
    }
}

static bool read_bytes(abide_ctx *ctx, const struct abide_yaml *node, uint32_t *bytes)
{
    uint64_t value = 0;
    if (node && !abide_schema__uint(ctx, node, MAX_BYTES, &value))
        return false;
    *bytes = (uint32_t)value;
    return true;
}

static bool read_arguments(abide_ctx *ctx, const struct abide_yaml *node,
                           struct abide_convention *convention)
{
    static const struct abide_key keys[] = {
        {"integer", ABIDE_SHAPE_SCALAR, true, "Registers of integer parameters, in order."},
        {"vector", ABIDE_SHAPE_SCALAR, false, "Registers of vector parameters, in order."},
        {"extended", ABIDE_SHAPE_SCALAR, false, "Registers of wide floating-point parameters."},
        {"indirect", ABIDE_SHAPE_SCALAR, false, "The register of an `sret` parameter."}};
    static const struct abide_schema schema = {"argument registers", keys, 4};
    const struct abide_yaml *values[4];
    if (!abide_schema__read(ctx, &schema, node, values))
        return false;
    read_kinds(ctx, values, convention->arguments);
    convention->indirect = values[3] ? values[3]->text : NULL;
    return true;
}

static bool read_results(abide_ctx *ctx, const struct abide_yaml *node,
                         struct abide_convention *convention)
{
    static const struct abide_key keys[] = {
        {"integer", ABIDE_SHAPE_SCALAR, true, "Registers of integer results, in order."},
        {"vector", ABIDE_SHAPE_SCALAR, false, "Registers of vector results, in order."},
        {"extended", ABIDE_SHAPE_SCALAR, false, "Registers of wide floating-point results."}};
    static const struct abide_schema schema = {"result registers", keys, 3};
    const struct abide_yaml *values[3];
    if (!abide_schema__read(ctx, &schema, node, values))
        return false;
    read_kinds(ctx, values, convention->results);
    return true;
}

static bool read_stack(abide_ctx *ctx, const struct abide_yaml *node,
                       struct abide_convention *convention)
{
    static const struct abide_key keys[] = {
        {"slot", ABIDE_SHAPE_SCALAR, true, "Bytes of one stack argument."},
        {"align", ABIDE_SHAPE_SCALAR, true, "Alignment of the stack pointer at a call."},
        {"start", ABIDE_SHAPE_SCALAR, true, "Where stack arguments start."},
        {"red_zone", ABIDE_SHAPE_SCALAR, true, "Bytes below the stack pointer in free use."}};
    static const struct abide_schema schema = {"a stack", keys, 4};
    const struct abide_yaml *values[4];
    return abide_schema__read(ctx, &schema, node, values) &&
           read_bytes(ctx, values[0], &convention->slot_bytes) &&
           read_bytes(ctx, values[1], &convention->align_bytes) &&
           read_bytes(ctx, values[2], &convention->start_bytes) &&
           read_bytes(ctx, values[3], &convention->red_zone_bytes);
}

static bool read_convention(abide_ctx *ctx, const struct abide_yaml *node,
                            struct abide_convention *convention)
{
    static const struct abide_key keys[] = {
        {"name", ABIDE_SHAPE_SCALAR, true, "LLVM's word for the convention."},
        {"id", ABIDE_SHAPE_SCALAR, true, "LLVM's number for it."},
        {"since", ABIDE_SHAPE_SCALAR, true, "The first LLVM for which the entry holds."},
        {"arguments", ABIDE_SHAPE_MAPPING, true, "Registers of parameters."},
        {"results", ABIDE_SHAPE_MAPPING, true, "Registers of results."},
        {"vector_count", ABIDE_SHAPE_SCALAR, false, "The register that a variadic call sets."},
        {"preserved", ABIDE_SHAPE_SCALAR, true, "Registers that a call leaves alone."},
        {"scratch", ABIDE_SHAPE_SCALAR, true, "Registers with nothing in them at a call."},
        {"stack", ABIDE_SHAPE_MAPPING, true, "Where stack arguments go."}};
    static const struct abide_schema schema = {"a convention", keys, 9};
    const struct abide_yaml *values[9];
    uint64_t id, since;
    if (!abide_schema__read(ctx, &schema, node, values) ||
        !abide_schema__uint(ctx, values[1], 1023, &id) ||
        !abide_schema__uint(ctx, values[2], 999, &since))
        return false;
    convention->name = values[0]->text;
    convention->id = (unsigned)id;
    convention->since = (unsigned)since;
    convention->vector_count = values[5] ? values[5]->text : NULL;
    convention->preserved = words_of(ctx, values[6]);
    convention->scratch = words_of(ctx, values[7]);
    return read_arguments(ctx, values[3], convention) && read_results(ctx, values[4], convention) &&
           read_stack(ctx, values[8], convention);
}

static bool read_conventions(abide_ctx *ctx, const struct abide_yaml *node,
                             struct abide_processor *processor)
{
    struct abide_convention *conventions =
        abide__new_array(ctx, struct abide_convention, node->entry_count);
    for (size_t i = 0; i < node->entry_count; i++)
        if (!read_convention(ctx, node->entries[i].value, &conventions[i]))
            return false;
    processor->conventions = conventions;
    processor->convention_count = node->entry_count;
    return true;
}

static const struct abide_setting *settings_of(abide_ctx *ctx, const struct abide_yaml *node,
                                               size_t *count)
{
    *count = node ? node->entry_count : 0;
    struct abide_setting *settings = abide__new_array(ctx, struct abide_setting, *count);
    for (size_t i = 0; i < *count; i++)
        settings[i] =
            (struct abide_setting){node->entries[i].key->text, node->entries[i].value->text};
    return settings;
}

static bool read_protection(abide_ctx *ctx, const struct abide_yaml *node,
                            struct abide_processor *processor)
{
    static const struct abide_key keys[] = {
        {"flags", ABIDE_SHAPE_MAPPING, false, "Module flags and their numbers."},
        {"attributes", ABIDE_SHAPE_MAPPING, false, "Function attributes and their texts."}};
    static const struct abide_schema schema = {"control-flow protection", keys, 2};
    const struct abide_yaml *values[2];
    if (!abide_schema__read(ctx, &schema, node, values))
        return false;
    processor->module_flags = settings_of(ctx, values[0], &processor->module_flag_count);
    processor->function_attributes =
        settings_of(ctx, values[1], &processor->function_attribute_count);
    return true;
}

static bool read_registers(abide_ctx *ctx, const struct abide_yaml *node,
                           struct abide_processor *processor)
{
    static const struct abide_key keys[] = {
        {"integer", ABIDE_SHAPE_SCALAR, true, "Bytes of an integer register."},
        {"vector", ABIDE_SHAPE_SCALAR, false, "Bytes of a vector register."},
        {"extended", ABIDE_SHAPE_SCALAR, false, "Bytes of a wide floating-point register."}};
    static const struct abide_schema schema = {"register widths", keys, 3};
    const struct abide_yaml *values[3];
    if (!abide_schema__read(ctx, &schema, node, values))
        return false;
    for (size_t i = 0; i < ABIDE_REGISTER_KIND_COUNT; i++)
        if (!read_bytes(ctx, values[i], &processor->register_bytes[i]))
            return false;
    return true;
}

static bool lists(const struct abide_yaml *sequence, const char *text)
{
    for (size_t i = 0; i < sequence->entry_count; i++)
        if (!strcmp(sequence->entries[i].value->text, text))
            return true;
    return false;
}

/* The target in one file, if it is for `arch`; false: it is not, or something was reported. */
static bool read_target(abide_ctx *ctx, const struct abide_yaml *node, const char *arch,
                        struct abide_processor *processor)
{
    static const struct abide_key keys[] = {
        {"abide", ABIDE_SHAPE_SCALAR, true, "The version of the format."},
        {"arch", ABIDE_SHAPE_SEQUENCE, true, "First parts of the triples it is for."},
        {"cpu", ABIDE_SHAPE_SCALAR, true, "The processor that code is for."},
        {"features", ABIDE_SHAPE_SCALAR, true, "LLVM's feature string."},
        {"registers", ABIDE_SHAPE_MAPPING, true, "Widths of registers."},
        {"conventions", ABIDE_SHAPE_SEQUENCE, true, "LLVM's calling conventions."},
        {"protection", ABIDE_SHAPE_MAPPING, true, "How control-flow protection is asked for."}};
    static const struct abide_schema schema = {"emitter data", keys, 7};
    const struct abide_yaml *values[7];
    if (!abide_schema__read(ctx, &schema, node, values) || !lists(values[1], arch))
        return false;
    processor->cpu = values[2]->text;
    processor->features = values[3]->text;
    return read_registers(ctx, values[4], processor) &&
           read_conventions(ctx, values[5], processor) &&
           read_protection(ctx, values[6], processor);
}

const struct abide_processor *abide_processor__of(abide_ctx *ctx, const char *arch)
{
    struct abide_processor *processor = abide__new(ctx, struct abide_processor);
    size_t errors = abide__error_count(ctx);
    for (size_t i = 0; i < abide__embedded_targets_count; i++) {
        const struct abide_embedded *file = &abide__embedded_targets[i];
        const struct abide_source *source =
            abide_source__from_text(ctx, file->path, file->text, file->length_bytes);
        const struct abide_yaml *node = abide_yaml__parse(ctx, source);
        if (node && read_target(ctx, node, arch, processor))
            return processor;
        if (abide__error_count(ctx) != errors)
            return NULL;
    }
    abide__diag_help(ctx,
                     abide__report(ctx, ABIDE_CODE_UNSUPPORTED_TARGET, ABIDE_NOWHERE,
                                   "no machine code can be made for '%s'", arch),
                     "`--emit c` needs no knowledge of the processor");
    return NULL;
}

/* Reads codegen/targets/ARCH.yaml. The files are part of the library, so a mistake in one is found by the unit test. */
#include "processor.h"

#include "abide_llvm_compat.h"
#include "base/diag.h"
#include "base/schema.h"
#include "edge_data.h"
#include "embedded.h"
#include "instruction.h"

#include <assert.h>
#include <string.h>

const struct abide_word abide_register__kinds[] = {
    {"integer", "of whole numbers and addresses"},
    {"vector", "of vectors and floats"},
    {"extended", "of a file of its own"},
    {NULL, NULL},
};

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

static bool read_bytes(abide_ctx *ctx, const struct abide_yaml *node, uint32_t *bytes)
{
    uint64_t value = 0;
    if (node && !abide_schema__uint(ctx, node, MAX_BYTES, &value))
        return false;
    *bytes = (uint32_t)value;
    return true;
}

/* The keys that arguments and results have in common, and what they say. */
#define PLACES_KEY_COUNT 6
#define PLACES_KEYS(WHAT)                                                                          \
    {"integer", ABIDE_SHAPE_SCALAR, true, "Registers of integer " WHAT ", in order.", NULL},       \
        {"vector", ABIDE_SHAPE_SCALAR, false, "Registers of vector and float " WHAT ", in order.", \
         NULL},                                                                                    \
        {"extended", ABIDE_SHAPE_SCALAR, false, "Registers of a file of its own, in order.",       \
         NULL},                                                                                    \
        {"reach", ABIDE_SHAPE_SCALAR, false, "What decides: sequence, position or attribute.",     \
         NULL},                                                                                    \
        {"whole", ABIDE_SHAPE_SCALAR, false, "Whether floats are always seen as whole registers.", \
         NULL},                                                                                    \
    {                                                                                              \
        "widest", ABIDE_SHAPE_SCALAR, false, "The most bytes of a vector register.", NULL          \
    }

static bool read_places(abide_ctx *ctx, const struct abide_yaml *const *values,
                        struct abide_register_order *places)
{
    static const struct abide_word reaches[] = {
        {"sequence", "the next register"},
        {"position", "the register of the position"},
        {"attribute", "an attribute"},
        {NULL, NULL},
    };
    for (size_t i = 0; i < ABIDE_REGISTER_KIND_COUNT; i++) {
        places->registers[i] = words_of(ctx, values[i]);
        assert(places->registers[i].count <= ABIDE_MAX_REGISTERS);
    }
    size_t reach = ABIDE_REACH_SEQUENCE;
    if (values[3] && !abide_schema__word(ctx, values[3], reaches, &reach))
        return false;
    places->reach = (enum abide_reach)reach;
    return (!values[4] || abide_schema__bool(ctx, values[4], &places->is_whole)) &&
           read_bytes(ctx, values[5], &places->widest_bytes);
}

static bool read_arguments(abide_ctx *ctx, const struct abide_yaml *node,
                           struct abide_convention *convention)
{
    static const struct abide_key keys[] = {
        PLACES_KEYS("parameters"),
        {"indirect", ABIDE_SHAPE_SCALAR, false, "The register of an `sret` parameter.", NULL},
        {"indirect_pops", ABIDE_SHAPE_SCALAR, false,
         "An `sret` parameter is the first stack word, and the callee removes so many bytes.",
         NULL},
        {"spoilt", ABIDE_SHAPE_SCALAR, false,
         "Whether those up to the last one in use are not preserved.", NULL}};
    static const struct abide_schema schema = {"argument registers", keys, PLACES_KEY_COUNT + 3};
    const struct abide_yaml *values[PLACES_KEY_COUNT + 3];
    const struct abide_yaml *spoilt;
    if (!abide_schema__read(ctx, &schema, node, values))
        return false;
    spoilt = values[PLACES_KEY_COUNT + 2];
    if (spoilt && !abide_schema__bool(ctx, spoilt, &convention->arguments.are_spoilt))
        return false;
    const struct abide_yaml *indirect = values[PLACES_KEY_COUNT];
    convention->indirect = indirect ? indirect->text : NULL;
    return read_places(ctx, values, &convention->arguments) &&
           read_bytes(ctx, values[PLACES_KEY_COUNT + 1], &convention->indirect_pops_bytes);
}

static bool read_results(abide_ctx *ctx, const struct abide_yaml *node,
                         struct abide_convention *convention)
{
    static const struct abide_key keys[] = {PLACES_KEYS("results")};
    static const struct abide_schema schema = {"result registers", keys, PLACES_KEY_COUNT};
    const struct abide_yaml *values[PLACES_KEY_COUNT];
    return abide_schema__read(ctx, &schema, node, values) &&
           read_places(ctx, values, &convention->results);
}

static bool read_cleanup(abide_ctx *ctx, const struct abide_yaml *node,
                         struct abide_convention *convention)
{
    static const struct abide_word words[] = {
        {"caller", "the caller removes arguments"},
        {"callee", "the callee removes arguments"},
        {NULL, NULL},
    };
    size_t word = 0;
    if (node && !abide_schema__word(ctx, node, words, &word))
        return false;
    convention->callee_cleans = word == 1;
    return true;
}

static bool read_stack(abide_ctx *ctx, const struct abide_yaml *node,
                       struct abide_convention *convention)
{
    static const struct abide_key keys[] = {
        {"slot", ABIDE_SHAPE_SCALAR, true, "Bytes of one stack argument.", NULL},
        {"align", ABIDE_SHAPE_SCALAR, true, "Alignment of the stack pointer at a call.", NULL},
        {"start", ABIDE_SHAPE_SCALAR, true, "Where stack arguments start.", NULL},
        {"red_zone", ABIDE_SHAPE_SCALAR, true, "Bytes below the stack pointer in free use.", NULL},
        {"max_align", ABIDE_SHAPE_SCALAR, false, "The strictest alignment that a call can have.",
         NULL},
        {"copies", ABIDE_SHAPE_SCALAR, false, "Whether `byval` memory is a stack argument.", NULL},
        {"cleanup", ABIDE_SHAPE_SCALAR, false, "Who removes arguments: caller or callee.", NULL},
        {"homes", ABIDE_SHAPE_SCALAR, false,
         "Whether vector and extended registers have places on the stack, beside arguments.", NULL},
        {"splits", ABIDE_SHAPE_SCALAR, false,
         "Whether the first bytes of `byval` memory go to integer registers that are free.", NULL}};
    static const struct abide_schema schema = {"a stack", keys, 9};
    const struct abide_yaml *values[9];
    if (!abide_schema__read(ctx, &schema, node, values) ||
        !read_bytes(ctx, values[0], &convention->slot_bytes) ||
        !read_bytes(ctx, values[1], &convention->align_bytes) ||
        !read_bytes(ctx, values[2], &convention->start_bytes) ||
        !read_bytes(ctx, values[3], &convention->red_zone_bytes))
        return false;
    convention->max_align_bytes = convention->align_bytes;
    return read_bytes(ctx, values[4] ? values[4] : values[1], &convention->max_align_bytes) &&
           (!values[7] || abide_schema__bool(ctx, values[7], &convention->registers_have_homes)) &&
           (!values[5] || abide_schema__bool(ctx, values[5], &convention->copies)) &&
           (!values[8] || abide_schema__bool(ctx, values[8], &convention->copies_split)) &&
           read_cleanup(ctx, values[6], convention);
}

static bool read_jumps(abide_ctx *ctx, const struct abide_yaml *node,
                       struct abide_convention *convention)
{
    static const struct abide_key keys[] = {
        {"words", ABIDE_SHAPE_SCALAR, true, "The most stack words that a jump rewrites.", NULL},
        {"by_address", ABIDE_SHAPE_SCALAR, false, "Whether the target's address needs a register.",
         NULL},
        {"except", ABIDE_SHAPE_SCALAR, false, "Registers that are not there for a jump.", NULL},
        {"spoils", ABIDE_SHAPE_SCALAR, false, "Registers that it may overwrite on its way.", NULL}};
    static const struct abide_schema schema = {"jumps", keys, 4};
    const struct abide_yaml *values[4];
    if (!node)
        return true;
    convention->has_jumps = true;
    if (!abide_schema__read(ctx, &schema, node, values) ||
        !read_bytes(ctx, values[0], &convention->jump_words))
        return false;
    convention->unjumpable = words_of(ctx, values[2]);
    convention->jump_spoils = words_of(ctx, values[3]);
    return !values[1] || abide_schema__bool(ctx, values[1], &convention->jumps_by_address);
}

static bool ends_with(const char *text, const char *end)
{
    size_t text_bytes = strlen(text), end_bytes = strlen(end);
    return text_bytes >= end_bytes && !strcmp(text + text_bytes - end_bytes, end);
}

bool abide_processors__is_listed(const struct abide_yaml *systems, const char *triple)
{
    for (size_t i = 0; systems && i < systems->entry_count; i++)
        if (ends_with(triple, abide_yaml__at(systems, i)->text))
            return true;
    return !systems;
}

/* What is said of the register holds for releases of LLVM before one, and on systems that leave it free. */
static bool read_chain(abide_ctx *ctx, const struct abide_yaml *node, const char *triple,
                       const struct abide_chain **found)
{
    static const struct abide_key keys[] = {
        {"register", ABIDE_SHAPE_SCALAR, true, "What LLVM takes for a parameter with `nest`.",
         NULL},
        {"before", ABIDE_SHAPE_SCALAR, false, "The first LLVM that takes another one.", NULL},
        {"systems", ABIDE_SHAPE_SEQUENCE, false,
         "Ends of the triples that leave it free; absent: all.", NULL},
        {"entry", ABIDE_SHAPE_SCALAR, true, "An entry in front of a thunk.", NULL},
        {"load", ABIDE_SHAPE_SCALAR, false, "Loads a word from where it points to.", NULL},
        {"jump", ABIDE_SHAPE_SCALAR, false, "Jumps to where the first word there points to.", NULL},
        {"protected_entry", ABIDE_SHAPE_SCALAR, false, "An entry that is a landing pad, too.",
         NULL}};
    static const struct abide_schema schema = {"a chain register", keys, 7};
    const struct abide_yaml *values[7];
    uint64_t before = UINT64_MAX;
    if (!node)
        return true;
    if (!abide_schema__read(ctx, &schema, node, values) ||
        (values[1] && !abide_schema__uint(ctx, values[1], 999, &before)))
        return false;
    if (LLVM_VERSION_MAJOR >= before || !abide_processors__is_listed(values[2], triple))
        return true;
    struct abide_chain *chain = abide__new(ctx, struct abide_chain);
    *chain = (struct abide_chain){.name = values[0]->text,
                                  .entry = values[3]->text,
                                  .protected_entry = values[6] ? values[6]->text : values[3]->text,
                                  .load = values[4] && values[5] ? values[4]->text : NULL,
                                  .jump = values[4] && values[5] ? values[5]->text : NULL};
    *found = chain;
    return true;
}

static bool read_convention(abide_ctx *ctx, const struct abide_yaml *node, const char *triple,
                            const struct abide_chain *chain, struct abide_convention *convention)
{
    static const struct abide_key keys[] = {
        {"name", ABIDE_SHAPE_SCALAR, true, "LLVM's word for the convention.", NULL},
        {"id", ABIDE_SHAPE_SCALAR, true, "LLVM's number for it.", NULL},
        {"since", ABIDE_SHAPE_SCALAR, true, "The first LLVM for which the entry holds.", NULL},
        {"arguments", ABIDE_SHAPE_MAPPING, true, "Registers of parameters.", NULL},
        {"results", ABIDE_SHAPE_MAPPING, true, "Registers of results.", NULL},
        {"vector_count", ABIDE_SHAPE_SCALAR, false, "The register that a variadic call sets.",
         NULL},
        {"preserved", ABIDE_SHAPE_SCALAR, true, "Registers that a call leaves alone.", NULL},
        {"scratch", ABIDE_SHAPE_SCALAR, true, "Registers with nothing in them at a call.", NULL},
        {"stack", ABIDE_SHAPE_MAPPING, true, "Where stack arguments go.", NULL},
        {"jumps", ABIDE_SHAPE_MAPPING, false, "What LLVM can do before a jump; absent: none.",
         NULL},
        {"systems", ABIDE_SHAPE_SEQUENCE, false, "Ends of the triples it is for; absent: all.",
         NULL},
        {"chain", ABIDE_SHAPE_SCALAR, false, "Whether the chain register can be a parameter.",
         NULL},
        {"lists", ABIDE_SHAPE_SEQUENCE, false,
         "Kinds of registers that LLVM's lists of unnamed arguments cover; absent: it starts "
         "none.",
         NULL}};
    static const struct abide_schema schema = {"a convention", keys, 13};
    const struct abide_yaml *values[13];
    uint64_t id, since;
    bool has_chain = false;
    if (!abide_schema__read(ctx, &schema, node, values) ||
        !abide_schema__uint(ctx, values[1], 1023, &id) ||
        !abide_schema__uint(ctx, values[2], 999, &since) ||
        (values[11] && !abide_schema__bool(ctx, values[11], &has_chain)))
        return false;
    *convention = (struct abide_convention){0};
    convention->chain = has_chain && chain ? chain->name : NULL;
    convention->name = values[0]->text;
    convention->is_for_system = abide_processors__is_listed(values[10], triple);
    convention->id = (unsigned)id;
    convention->since = (unsigned)since;
    convention->vector_count = values[5] ? values[5]->text : NULL;
    convention->preserved = words_of(ctx, values[6]);
    convention->scratch = words_of(ctx, values[7]);
    convention->has_lists = values[12];
    for (size_t i = 0; values[12] && i < values[12]->entry_count; i++) {
        size_t kind;
        if (!abide_schema__word(ctx, abide_yaml__at(values[12], i), abide_register__kinds, &kind))
            return false;
        convention->lists[kind] = true;
    }
    return read_arguments(ctx, values[3], convention) && read_results(ctx, values[4], convention) &&
           read_stack(ctx, values[8], convention) && read_jumps(ctx, values[9], convention);
}

static bool read_conventions(abide_ctx *ctx, const struct abide_yaml *node, const char *triple,
                             struct abide_processor *processor)
{
    struct abide_convention *conventions =
        abide__new_array(ctx, struct abide_convention, node->entry_count);
    size_t count = 0;
    for (size_t i = 0; i < node->entry_count; i++) {
        if (!read_convention(ctx, abide_yaml__at(node, i), triple, processor->chain,
                             &conventions[count]))
            return false;
        count += conventions[count].is_for_system;
    }
    processor->conventions = conventions;
    processor->convention_count = count;
    return true;
}

static const struct abide_setting *settings_of(abide_ctx *ctx, const struct abide_yaml *node,
                                               size_t *count)
{
    *count = node ? node->entry_count : 0;
    struct abide_setting *settings = abide__new_array(ctx, struct abide_setting, *count);
    for (size_t i = 0; i < *count; i++)
        settings[i] = (struct abide_setting){abide_yaml__key_at(node, i)->text,
                                             abide_yaml__at(node, i)->text};
    return settings;
}

static bool read_protection(abide_ctx *ctx, const struct abide_yaml *node,
                            struct abide_processor *processor)
{
    static const struct abide_key keys[] = {
        {"flags", ABIDE_SHAPE_MAPPING, false, "Module flags and their numbers.", NULL},
        {"attributes", ABIDE_SHAPE_MAPPING, false, "Function attributes and their texts.", NULL}};
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
        {"integer", ABIDE_SHAPE_SCALAR, true, "Bytes of an integer register.", NULL},
        {"vector", ABIDE_SHAPE_SCALAR, false, "Bytes of a vector register.", NULL},
        {"extended", ABIDE_SHAPE_SCALAR, false, "Bytes of a wide floating-point register.", NULL}};
    static const struct abide_schema schema = {"register widths", keys, 3};
    const struct abide_yaml *values[3];
    if (!abide_schema__read(ctx, &schema, node, values))
        return false;
    for (size_t i = 0; i < ABIDE_REGISTER_KIND_COUNT; i++)
        if (!read_bytes(ctx, values[i], &processor->register_bytes[i]))
            return false;
    return true;
}

static bool read_narrow(abide_ctx *ctx, const struct abide_yaml *node, enum abide_narrow *narrow)
{
    static const struct abide_word words[] = {
        {"low", "in the lowest bytes"},
        {"high", "in the highest bytes"},
        {"converted", "as wider floats"},
        {"boxed", "below ones"},
        {NULL, NULL},
    };
    size_t word = ABIDE_NARROW_LOW;
    if (node && !abide_schema__word(ctx, node, words, &word))
        return false;
    *narrow = (enum abide_narrow)word;
    return true;
}

/* Integers have no such matter. */
static bool read_narrow_kinds(abide_ctx *ctx, const struct abide_yaml *node,
                              struct abide_processor *processor)
{
    static const struct abide_key keys[] = {
        {"vector", ABIDE_SHAPE_SCALAR, false,
         "In a vector register: low, high, converted or boxed.", NULL},
        {"extended", ABIDE_SHAPE_SCALAR, false, "In a wide one: low, high, converted or boxed.",
         NULL}};
    static const struct abide_schema schema = {"narrow floats", keys, 2};
    const struct abide_yaml *values[2];
    return !node || (abide_schema__read(ctx, &schema, node, values) &&
                     read_narrow(ctx, values[0], &processor->narrow[ABIDE_REGISTER_VECTOR]) &&
                     read_narrow(ctx, values[1], &processor->narrow[ABIDE_REGISTER_EXTENDED]));
}

/* Functions are copied on the systems listed, whose objects are ELF. */
static bool read_join(abide_ctx *ctx, const struct abide_yaml *node, const char *triple,
                      struct abide_processor *processor)
{
    static const struct abide_key keys[] = {
        {"systems", ABIDE_SHAPE_SEQUENCE, true, "Ends of the triples with objects of ELF.", NULL},
        {"fill", ABIDE_SHAPE_SCALAR, true, "The byte between functions, which is never run.",
         NULL}};
    static const struct abide_schema schema = {"joined objects", keys, 2};
    const struct abide_yaml *values[2];
    uint64_t fill;
    if (!node)
        return true;
    if (!abide_schema__read(ctx, &schema, node, values) ||
        !abide_schema__uint(ctx, values[1], UINT8_MAX, &fill))
        return false;
    processor->joins = abide_processors__is_listed(values[0], triple);
    processor->fill = (unsigned char)fill;
    return true;
}

static bool lists(const struct abide_yaml *sequence, const char *text)
{
    for (size_t i = 0; i < sequence->entry_count; i++)
        if (!strcmp(abide_yaml__at(sequence, i)->text, text))
            return true;
    return false;
}

/* The target in one file, if it is for `arch`; false: it is not, or something was reported. */
static bool read_target(abide_ctx *ctx, const struct abide_yaml *node, const char *arch,
                        const char *triple, struct abide_processor *processor)
{
    static const struct abide_key keys[] = {
        {"abide", ABIDE_SHAPE_SCALAR, true, "The version of the format.", NULL},
        {"arch", ABIDE_SHAPE_SEQUENCE, true, "First parts of the triples it is for.", NULL},
        {"cpu", ABIDE_SHAPE_SCALAR, true, "The processor that code is for.", NULL},
        {"features", ABIDE_SHAPE_SCALAR, true, "LLVM's feature string.", NULL},
        {"registers", ABIDE_SHAPE_MAPPING, true, "Widths of registers.", NULL},
        {"conventions", ABIDE_SHAPE_SEQUENCE, true, "LLVM's calling conventions.", NULL},
        {"protection", ABIDE_SHAPE_MAPPING, true, "How control-flow protection is asked for.",
         NULL},
        {"systems", ABIDE_SHAPE_SEQUENCE, false, "Ends of the triples it is for; absent: all.",
         NULL},
        {"abi", ABIDE_SHAPE_SCALAR, false, "LLVM's word for the ABI, where the triple has several.",
         NULL},
        {"library", ABIDE_SHAPE_SCALAR, false,
         "LLVM's number of the convention of C functions; absent: that of the first convention.",
         NULL},
        {"narrow", ABIDE_SHAPE_MAPPING, false,
         "Where a float narrower than its register is; absent: in the low bytes.", NULL},
        {"edge", ABIDE_SHAPE_MAPPING, false, "How assembly is written where no convention fits.",
         NULL},
        {"chain", ABIDE_SHAPE_MAPPING, false,
         "The register in which closures find their record; absent: none.", NULL},
        {"probe", ABIDE_SHAPE_SCALAR, false,
         "The register by which LLVM touches the pages of a large frame; absent: it does not.",
         NULL},
        {"join", ABIDE_SHAPE_MAPPING, false,
         "How functions are copied from objects; absent: they are not.", NULL},
        {"instructions", ABIDE_SHAPE_MAPPING, false,
         "Those that modules call and return by; absent: none.", NULL},
        {"unwinds", ABIDE_SHAPE_SEQUENCE, false,
         "Ends of the triples where frames tell what unwinding calls; absent: none.", NULL}};
    static const struct abide_schema schema = {"emitter data", keys, 17};
    const struct abide_yaml *values[17];
    if (!abide_schema__read(ctx, &schema, node, values) || !lists(values[1], arch) ||
        !abide_processors__is_listed(values[7], triple))
        return false;
    processor->cpu = values[2]->text;
    processor->features = values[3]->text;
    processor->probe = values[13] ? values[13]->text : NULL;
    processor->abi = values[8] ? values[8]->text : "";
    processor->unwinds = values[16] && abide_processors__is_listed(values[16], triple);
    if (!read_registers(ctx, values[4], processor) ||
        !read_chain(ctx, values[12], triple, &processor->chain) ||
        !read_conventions(ctx, values[5], triple, processor) ||
        !read_protection(ctx, values[6], processor) ||
        !read_narrow_kinds(ctx, values[10], processor) ||
        !read_join(ctx, values[14], triple, processor))
        return false;
    if (values[15]) {
        processor->instructions = abide_instructions__read(ctx, values[15]);
        if (!processor->instructions)
            return false;
        processor->instruction_convention = abide_instructions__convention(
            ctx, processor->instructions, &processor->conventions[0]);
    }
    processor->edge = abide_edge_data__read(ctx, values[11], triple);
    if (processor->edge) {
        processor->edge_convention =
            abide_edge_data__convention(ctx, processor->edge, &processor->conventions[0]);
        processor->edge_convention.chain = processor->chain ? processor->chain->name : NULL;
    }
    uint64_t library = processor->conventions[0].id;
    bool fine = !values[9] || abide_schema__uint(ctx, values[9], 1023, &library);
    processor->library = (unsigned)library;
    return fine;
}

/* Whether the line of a file that says so lists `arch`; others need not be parsed. */
static bool may_be_for(const struct abide_embedded *file, const char *arch)
{
    static const char key[] = "\narch: [";
    const char *list = strstr(file->text, key);
    if (!list)
        return true;
    list += sizeof key - 1;
    for (size_t arch_bytes = strlen(arch), word_bytes; *list && *list != ']'; list += word_bytes) {
        list += strspn(list, ", ");
        word_bytes = strcspn(list, ", ]\n");
        if (word_bytes == 0 || (word_bytes == arch_bytes && !strncmp(list, arch, arch_bytes)))
            return word_bytes > 0;
    }
    return false;
}

/* What a context was told of a triple: reading the files takes longer than making a thunk's IR. */
struct abide_processors {
    struct abide_processors *next;
    const char *arch;
    const char *triple;
    const struct abide_processor *items;
    size_t count;
};

static const struct abide_processor *remember(abide_ctx *ctx, const char *arch, const char *triple,
                                              const struct abide_processor *items, size_t count)
{
    struct abide_processors *known = abide__new(ctx, struct abide_processors);
    *known = (struct abide_processors){ctx->processors, abide__printf(ctx, "%s", arch),
                                       abide__printf(ctx, "%s", triple), items, count};
    ctx->processors = known;
    return items;
}

const struct abide_processor *abide_processors__of(abide_ctx *ctx, const char *arch,
                                                   const char *triple, size_t *count)
{
    for (const struct abide_processors *known = ctx->processors; known; known = known->next)
        if (!strcmp(known->arch, arch) && !strcmp(known->triple, triple)) {
            *count = known->count;
            return known->items;
        }
    struct abide_processor *processors =
        abide__new_array(ctx, struct abide_processor, abide__embedded_targets_count);
    size_t errors = abide__error_count(ctx);
    *count = 0;
    for (size_t i = 0; i < abide__embedded_targets_count; i++) {
        const struct abide_embedded *file = &abide__embedded_targets[i];
        if (!may_be_for(file, arch))
            continue;
        const struct abide_source *source =
            abide_source__from_text(ctx, file->path, file->text, file->length_bytes);
        const struct abide_yaml *node = abide_yaml__parse(ctx, source);
        if (node && read_target(ctx, node, arch, triple, &processors[*count]))
            ++*count;
        if (abide__error_count(ctx) != errors)
            return NULL;
    }
    if (*count > 0)
        return remember(ctx, arch, triple, processors, *count);
    abide__diag_help(ctx,
                     abide__report(ctx, ABIDE_CODE_UNSUPPORTED_TARGET, ABIDE_NOWHERE,
                                   "no machine code can be made for '%s'", arch),
                     "`--emit c` needs no knowledge of the processor");
    return NULL;
}

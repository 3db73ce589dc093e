/*
 * abide import dwarf --check: each type and function of an interface file beside what a binary has of that name. What is compared
 * is what C sees of both: bytes, and registers.
 */
#include "import_check.h"

#include "json.h"
#include "table.h"

#include <abide/describe.h>
#include <inttypes.h>
#include <string.h>

struct tally {
    size_t same, different;
    struct words missing;
};

struct checking {
    struct cli *cli;
    const abide_iface *file, *binary;
    const abide_module *module, *c; /* of the file; of the binary */
    struct tally types, functions;
};

/* ---- names --------------------------------------------------------------------------------------- */

/* The importer puts a word in front where a name means something else, and C has no dashes. */
static const abide_type *find_type(const struct checking *checking, const char *name)
{
    static const char *const forms[] = {"%s", "struct-%s", "union-%s", "enum-%s", "type-%s"};
    char *plain = cli_copy(name, strlen(name));
    for (char *c = plain; *c; c++)
        if (*c == '-')
            *c = '_';
    const char *const words[] = {name, plain};
    for (size_t w = 0; w < 2; w++)
        for (size_t f = 0; f < sizeof forms / sizeof *forms; f++) {
            size_t at = strcspn(forms[f], "%");
            const char *wanted = cli_printf("%.*s%s", (int)at, forms[f], words[w]);
            const abide_type *found = abide_iface_type(checking->binary, wanted);
            if (found)
                return found;
        }
    return NULL;
}

static const abide_function *find_function(const struct checking *checking, const char *symbol)
{
    for (size_t i = 0; i < abide_iface_function_count(checking->binary); i++) {
        const abide_function *function = abide_iface_function_at(checking->binary, i);
        if (strcmp(abide_function_symbol(function), symbol) == 0)
            return function;
    }
    return NULL;
}

/* ---- types --------------------------------------------------------------------------------------- */

static const char *bits_text(uint64_t bits)
{
    return bits % 8 == 0 ? cli_printf("byte %" PRIu64, bits / 8) : cli_printf("bit %" PRIu64, bits);
}

/* What registers and readers tell apart: numbers, floats, addresses, records. */
static const char *kind_of(const struct checking *checking, const abide_module *module,
                           const abide_type *type)
{
    const abide_layout *layout = abide_layout_of(checking->cli->ctx, module, type);
    if (!layout)
        return "";
    const abide_type *physical = abide_layout_type(layout);
    const char *kind = abide_type_kind_name(physical);
    const char *text = abide_type_print(checking->cli->ctx, physical);
    static const char *const floats[] = {"f16",  "bf16",    "f32",      "f64",         "f80",
                                         "f128", "c_float", "c_double", "c_longdouble"};
    for (size_t i = 0; i < sizeof floats / sizeof *floats; i++)
        if (strcmp(text, floats[i]) == 0)
            return "a float";
    if (strcmp(kind, "struct") == 0 || strcmp(kind, "union") == 0 || strcmp(kind, "array") == 0 ||
        strcmp(kind, "vector") == 0 || strcmp(kind, "complex") == 0)
        return kind;
    bool is_plain = strcmp(kind, "enum") != 0 && strcmp(text, "bool") != 0;
    bool is_address = strcmp(kind, "pointer") == 0 || strcmp(kind, "reference") == 0 ||
                      strcmp(kind, "function") == 0 || strcmp(kind, "fn") == 0;
    return is_address                       ? "an address"
           : !is_plain                      ? "an integer"
           : abide_layout_is_signed(layout) ? "a signed integer"
                                            : "an unsigned integer";
}

/* Enums and truth values are as good as any integer, and bytes in memory have no sign that matters. */
static bool are_same_kinds(const char *a, const char *b, bool is_byte)
{
    bool are_integers = strstr(a, "integer") && strstr(b, "integer");
    bool is_any = strcmp(a, "an integer") == 0 || strcmp(b, "an integer") == 0;
    return strcmp(a, b) == 0 || (are_integers && (is_any || is_byte));
}

/* The field of a name, also in an anonymous member, whose fields count as one's own. */
static bool find_field(const struct checking *checking, const abide_module *module,
                       const abide_layout *layout, const char *name, uint64_t base_bits,
                       abide_field_info *found)
{
    for (size_t i = 0; i < abide_layout_field_count(layout); i++) {
        *found = abide_layout_field_at(layout, i);
        found->offset_bits += base_bits;
        if (found->name && strcmp(found->name, name) == 0)
            return true;
        if (found->name || found->is_bitfield)
            continue;
        const abide_layout *inner = abide_layout_of(checking->cli->ctx, module, found->type);
        if (inner && find_field(checking, module, inner, name, found->offset_bits, found))
            return true;
    }
    return false;
}

struct pair {
    const abide_type *ours, *theirs;
    const abide_layout *our_layout, *their_layout;
    size_t differences;
};

static void differ_inside(struct checking *checking, struct pair *pair, const abide_type *record,
                          size_t index, const char *message)
{
    pair->differences++;
    abide_type_report(checking->cli->ctx, record, index, "binary-differs", message, NULL);
}

static void differ(struct checking *checking, struct pair *pair, size_t index, const char *message)
{
    differ_inside(checking, pair, pair->ours, index, message);
}

/* A field of `record`, which is the type, or an anonymous member of it. */
static void compare_field(struct checking *checking, struct pair *pair, const abide_type *record,
                          size_t index, abide_field_info ours)
{
    abide_field_info theirs;
    if (!find_field(checking, checking->c, pair->their_layout, ours.name, 0, &theirs)) {
        differ_inside(checking, pair, record, index,
                      cli_printf("the binary has no field '%s'", ours.name));
        return;
    }
    if (ours.offset_bits != theirs.offset_bits)
        differ_inside(checking, pair, record, index,
                      cli_printf("'%s' is at %s, and in the binary at %s", ours.name,
                                 bits_text(ours.offset_bits), bits_text(theirs.offset_bits)));
    if (ours.size_bits != theirs.size_bits)
        differ_inside(checking, pair, record, index,
                      cli_printf("'%s' has %" PRIu64 " bits, and in the binary %" PRIu64, ours.name,
                                 ours.size_bits, theirs.size_bits));
    const char *kind = kind_of(checking, checking->module, ours.type);
    const char *other = kind_of(checking, checking->c, theirs.type);
    if (ours.size_bits == theirs.size_bits && !are_same_kinds(kind, other, ours.size_bits == 8))
        differ_inside(checking, pair, record, index,
                      cli_printf("'%s' is %s, and in the binary %s (%s)", ours.name, kind, other,
                                 abide_type_print(checking->cli->ctx, theirs.type)));
}

static const char *value_text(abide_enum_value value)
{
    return value.is_unsigned ? cli_printf("%" PRIu64, (uint64_t)value.value)
                             : cli_printf("%" PRId64, value.value);
}

static void compare_values(struct checking *checking, struct pair *pair)
{
    size_t count = abide_type_value_count(pair->ours);
    size_t other_count = abide_type_value_count(pair->theirs);
    for (size_t i = 0; i < count && other_count > 0; i++) {
        abide_enum_value ours = abide_type_value_at(pair->ours, i);
        size_t at = 0;
        while (at < other_count &&
               strcmp(abide_type_value_at(pair->theirs, at).name, ours.name) != 0)
            at++;
        if (at == other_count)
            continue;
        abide_enum_value theirs = abide_type_value_at(pair->theirs, at);
        if (theirs.value != ours.value)
            differ(checking, pair, i,
                   cli_printf("'%s' is %s, and in the binary %s", ours.name, value_text(ours),
                              value_text(theirs)));
    }
}

static void compare_own_fields(struct checking *checking, struct pair *pair,
                               const abide_layout *layout, const abide_type *record,
                               uint64_t base_bits)
{
    for (size_t i = 0; i < abide_layout_field_count(layout); i++) {
        abide_field_info field = abide_layout_field_at(layout, i);
        field.offset_bits += base_bits;
        if (field.name)
            compare_field(checking, pair, record, i, field);
        const abide_layout *inner =
            field.name || field.is_bitfield
                ? NULL
                : abide_layout_of(checking->cli->ctx, checking->module, field.type);
        if (inner)
            compare_own_fields(checking, pair, inner, field.type, field.offset_bits);
    }
}

static void compare_fields(struct checking *checking, struct pair *pair)
{
    if (abide_layout_field_count(pair->their_layout) == 0)
        return;
    compare_own_fields(checking, pair, pair->our_layout, pair->ours, 0);
    for (size_t i = 0; i < abide_layout_field_count(pair->their_layout); i++) {
        abide_field_info theirs = abide_layout_field_at(pair->their_layout, i), ours;
        if (theirs.name &&
            !find_field(checking, checking->module, pair->our_layout, theirs.name, 0, &ours))
            differ(checking, pair, (size_t)-1,
                   cli_printf("the binary has a field '%s' at %s, which is not here", theirs.name,
                              bits_text(theirs.offset_bits)));
    }
}

static void compare_type(struct checking *checking, const abide_type *ours)
{
    struct cli *cli = checking->cli;
    struct pair pair = {.ours = ours, .theirs = find_type(checking, abide_type_name(ours))};
    if (!pair.theirs) {
        words_add(&checking->types.missing, abide_type_name(ours));
        return;
    }
    if (!abide_type_has_size(ours) || !abide_type_has_size(pair.theirs))
        return;
    pair.our_layout = abide_layout_of(cli->ctx, checking->module, ours);
    pair.their_layout = abide_layout_of(cli->ctx, checking->c, pair.theirs);
    if (!pair.our_layout || !pair.their_layout)
        return;
    uint64_t size_bytes = abide_layout_size_bytes(pair.our_layout);
    uint64_t other_bytes = abide_layout_size_bytes(pair.their_layout);
    if (size_bytes != other_bytes)
        differ(checking, &pair, (size_t)-1,
               cli_printf("'%s' has %" PRIu64 " bytes, and in the binary %" PRIu64,
                          abide_type_name(ours), size_bytes, other_bytes));
    compare_fields(checking, &pair);
    compare_values(checking, &pair);
    checking->types.same += pair.differences == 0;
    checking->types.different += pair.differences > 0;
}

/* ---- functions ----------------------------------------------------------------------------------- */

static const char *place_text(const abide_piece *piece)
{
    return piece->register_name ? piece->register_name
                                : cli_printf("sp+%" PRId64, piece->stack_offset_bytes);
}

/* Where a value is, and how it is filled up: the same text means the same sequence of calls. */
static const char *passing_text(const abide_argument *argument)
{
    if (argument->pointer)
        return cli_printf("%s %s",
                          argument->pass == ABIDE_PASS_HIDDEN ? "memory at" : "its address in",
                          place_text(argument->pointer));
    const char *text = cli_printf("%" PRIu64 " bytes in", argument->size_bytes);
    for (size_t i = 0; i < argument->piece_count; i++) {
        const abide_piece *piece = &argument->pieces[i];
        text = cli_printf("%s %s%s%s", text, place_text(piece),
                          piece->extend == ABIDE_EXTEND_SIGN   ? " (sign-extended)"
                          : piece->extend == ABIDE_EXTEND_ZERO ? " (zero-extended)"
                                                               : "",
                          piece->as ? piece->as : "");
    }
    return argument->piece_count ? text : "nothing";
}

/* The parameter of a signature that an argument belongs to; past the end: the whole. */
static size_t parameter_of(const abide_signature *signature, const abide_argument *argument)
{
    size_t count = abide_signature_parameter_count(signature);
    for (size_t i = 0; i < count && argument->name; i++) {
        const char *name = abide_signature_parameter_at(signature, i).name;
        if (name && strcmp(name, argument->name) == 0)
            return i;
    }
    return count;
}

/* Of what has no type here, such as an address that is added, nothing is known but its place. */
static bool have_same_kinds(const struct checking *checking, const abide_argument *ours,
                            const abide_argument *theirs)
{
    if (ours->form != ABIDE_FORM_WHOLE || theirs->form != ABIDE_FORM_WHOLE || !ours->type ||
        !theirs->type || !abide_type_has_size(ours->type) || !abide_type_has_size(theirs->type))
        return true;
    return are_same_kinds(kind_of(checking, checking->module, ours->type),
                          kind_of(checking, checking->c, theirs->type), false);
}

static bool compare_value(struct checking *checking, const abide_signature *signature,
                          const char *name, const abide_argument *ours,
                          const abide_argument *theirs)
{
    abide_ctx *ctx = checking->cli->ctx;
    const char *here = passing_text(ours), *there = passing_text(theirs);
    const char *other = theirs->type ? abide_type_print(ctx, theirs->type) : "void";
    const char *message = NULL;
    if (strcmp(here, there) != 0)
        message = cli_printf("'%s' is %s, and in the binary %s (%s)", name, here, there, other);
    else if (!have_same_kinds(checking, ours, theirs))
        message = cli_printf("'%s' is %s here, and %s in the binary", name,
                             abide_type_print(ctx, ours->type), other);
    if (message)
        abide_signature_report(ctx, signature, parameter_of(signature, ours), "binary-differs",
                               message, NULL);
    return !message;
}

static bool compare_calls(struct checking *checking, const abide_signature *signature,
                          const abide_assignment *ours, const abide_assignment *theirs)
{
    size_t count = abide_assignment_argument_count(ours);
    size_t other_count = abide_assignment_argument_count(theirs);
    bool is_same = count == other_count;
    if (!is_same)
        abide_signature_report(
            checking->cli->ctx, signature, (size_t)-1, "binary-differs",
            cli_printf("C passes %zu parameters, and the binary takes %zu", count, other_count),
            NULL);
    for (size_t i = 0; i < count && i < other_count; i++) {
        abide_argument argument = abide_assignment_argument_at(ours, i);
        abide_argument other = abide_assignment_argument_at(theirs, i);
        const char *name = argument.name ? argument.name : cli_printf("parameter %zu", i + 1);
        is_same = compare_value(checking, signature, name, &argument, &other) && is_same;
    }
    abide_argument result = abide_assignment_result(ours), other = abide_assignment_result(theirs);
    return compare_value(checking, signature, "the result", &result, &other) && is_same;
}

static void compare_function(struct checking *checking, const abide_function *ours)
{
    struct cli *cli = checking->cli;
    const abide_function *theirs = find_function(checking, abide_function_symbol(ours));
    if (!theirs) {
        words_add(&checking->functions.missing, abide_function_name(ours));
        return;
    }
    const abide_signature *signature = abide_function_signature(ours);
    const abide_assignment *here = abide_assignment_of(cli->ctx, checking->module, signature);
    const abide_assignment *there =
        abide_assignment_of(cli->ctx, checking->c, abide_function_signature(theirs));
    if (!here || !there)
        return;
    bool is_same = compare_calls(checking, signature, here, there);
    if (abide_signature_is_variadic(signature) !=
        abide_signature_is_variadic(abide_function_signature(theirs))) {
        abide_signature_report(cli->ctx, signature, (size_t)-1, "binary-differs",
                               "one of the two takes unnamed arguments, the other does not", NULL);
        is_same = false;
    }
    checking->functions.same += is_same;
    checking->functions.different += !is_same;
}

/* ---- the answer ---------------------------------------------------------------------------------- */

static json_t *tally_json(const struct tally *tally)
{
    json_t *missing = json_array();
    for (size_t i = 0; i < tally->missing.count; i++)
        json_array_append_new(missing, json_string(tally->missing.items[i]));
    return json_pack("{s:I,s:I,s:o}", "same", (json_int_t)tally->same, "different",
                     (json_int_t)tally->different, "missing", missing);
}

static void answer(struct checking *checking)
{
    struct cli *cli = checking->cli;
    text_free(&cli->product);
    if (cli->options.format == FORMAT_JSON) {
        json_t *root = json_new_answer(cli);
        json_object_set_new(root, "types", tally_json(&checking->types));
        json_object_set_new(root, "functions", tally_json(&checking->functions));
        json_print(root, &cli->product);
        return;
    }
    text_printf(&cli->product,
                "%zu types and %zu functions agree; %zu types and %zu functions do not; not in the "
                "binary: %zu types, %zu functions\n",
                checking->types.same, checking->functions.same, checking->types.different,
                checking->functions.different, checking->types.missing.count,
                checking->functions.missing.count);
}

enum status import_check(struct cli *cli, const abide_iface *binary, const char *path,
                         const char *target)
{
    struct checking checking = {.cli = cli, .binary = binary};
    checking.file = abide_iface_load(cli->ctx, path);
    if (!checking.file)
        return cli_failure(cli);
    const char *provides = abide_iface_provides(checking.file);
    checking.c = abide_module_load(cli->ctx, "c", target);
    checking.module = abide_module_load(cli->ctx, provides ? provides : "c", target);
    if (!checking.c || !checking.module)
        return cli_failure(cli);
    for (size_t i = 0; i < abide_iface_type_count(checking.file); i++)
        compare_type(&checking, abide_iface_type_at(checking.file, i));
    for (size_t i = 0; i < abide_iface_function_count(checking.file); i++)
        compare_function(&checking, abide_iface_function_at(checking.file, i));
    answer(&checking);
    return cli_has_errors(cli) ? cli_failure(cli) : STATUS_OK;
}

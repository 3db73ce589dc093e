#include "answer.h"

#include "cli.h"
#include "process.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

/* --- reading: the first thing that is wrong stays in `error` --- */

static void wrong(struct account *account, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void wrong(struct account *account, const char *format, ...)
{
    if (account->error[0] != '\0')
        return;
    va_list list;
    va_start(list, format);
    vsnprintf(account->error, sizeof account->error, format, list);
    va_end(list);
}

/* The first error that the library reported since the last time. */
static void refuse(struct account *account, abide_ctx *ctx)
{
    const char *message = "refused", *id = "";
    for (size_t i = abide_ctx_diag_count(ctx); i-- > 0;) {
        const abide_diag *diag = abide_ctx_diag_at(ctx, i);
        if (abide_diag_severity(diag) != ABIDE_SEVERITY_ERROR)
            continue;
        message = abide_diag_message(diag);
        id = abide_diag_id(diag);
    }
    if (account->error[0] == '\0')
        account->is_refused = strcmp(id, "refused-value") == 0 || strcmp(id, "no-scalar") == 0;
    wrong(account, "abide refuses it: %.200s", message);
    abide_ctx_clear_diags(ctx);
}

/* --- layouts --- */

static void read_fields(struct account *account, const struct type *type,
                        const abide_layout *layout, struct type_account *said)
{
    size_t count = abide_layout_field_count(layout);
    if (count < type->field_count)
        wrong(account, "%zu fields, not %u", count, type->field_count);
    for (unsigned i = 0; i < type->field_count && i < count; i++) {
        char name[16];
        snprintf(name, sizeof name, "m%u", i);
        abide_field_info field = abide_layout_field_at(layout, i);
        if (type->fields[i].is_unnamed ? field.name != NULL
                                       : !field.name || strcmp(field.name, name) != 0) {
            wrong(account, "field %u of the layout has another name", i);
            return;
        }
        said->fields[i] = (struct extent){(unsigned)field.offset_bits, (unsigned)field.size_bits};
    }
}

static void read_holes(struct account *account, const abide_layout *layout,
                       struct type_account *said)
{
    const size_t limit = sizeof said->holes / sizeof *said->holes;
    for (size_t i = 0; i < abide_layout_hole_count(layout); i++) {
        abide_hole hole = abide_layout_hole_at(layout, i);
        if (said->hole_count == limit) {
            wrong(account, "more than %zu holes", limit);
            return;
        }
        said->holes[said->hole_count++] =
            (struct extent){(unsigned)hole.offset_bits, (unsigned)hole.size_bits};
    }
}

static void read_type(struct account *account, const struct type *type, const abide_layout *layout,
                      struct type_account *said)
{
    said->size_bytes = (unsigned)abide_layout_size_bytes(layout);
    said->align_bytes = (unsigned)abide_layout_align_bytes(layout);
    for (unsigned i = 0; type->kind == TYPE_TUPLE && i < type->field_count; i++) {
        abide_field_info field = abide_layout_field_at(layout, i);
        said->fields[i] = (struct extent){(unsigned)field.offset_bits, (unsigned)field.size_bits};
    }
    if (type->kind != TYPE_STRUCT && type->kind != TYPE_UNION)
        return;
    read_fields(account, type, layout, said);
    read_holes(account, layout, said);
}

/* --- calls --- */

int answer_place(struct account *account, const struct machine *machine, const abide_piece *piece,
                 bool is_result, unsigned size_bytes)
{
    if (!piece->register_name) {
        int64_t offset = piece->stack_offset_bytes;
        if (!is_result && offset >= 0 && offset <= STACK_WINDOW_BYTES - (int64_t)size_bytes)
            return REGISTER_AREA_BYTES + (int)offset;
        wrong(account, "stack offset %lld is out of range", (long long)offset);
        return PLACE_UNKNOWN;
    }
    const struct machine_register *reg =
        machine_register_named(machine, is_result, piece->register_name);
    if (!reg) {
        wrong(account, "the harness knows no %s register %s", is_result ? "result" : "argument",
              piece->register_name);
        return PLACE_UNKNOWN;
    }
    if (piece->at_bytes + size_bytes > reg->size_bytes) {
        wrong(account, "%u bytes at byte %u do not fit %s", size_bytes, piece->at_bytes, reg->name);
        return PLACE_UNKNOWN;
    }
    return (int)(reg->place + piece->at_bytes);
}

/* What is added to the place of a piece that its register holds in a format of its own. */
static int conversion(struct account *account, const struct machine *machine,
                      const abide_piece *piece, bool is_result)
{
    if (!piece->as)
        return 0;
    const struct machine_register *reg =
        piece->register_name ? machine_register_named(machine, is_result, piece->register_name)
                             : NULL;
    if (!reg || !reg->converts || strcmp(piece->as, reg->converts) != 0)
        wrong(account, "held as %s, which the harness does not know of", piece->as);
    return PLACE_CONVERTED;
}

static void read_piece(struct account *account, const struct machine *machine,
                       const abide_piece *piece, bool is_result, struct value_account *value)
{
    uint64_t offset = piece->offset_bytes, size = piece->size_bytes;
    if (size == 0 || offset > value->size_bytes || size > value->size_bytes - offset) {
        uint64_t last = offset + size - 1;
        wrong(account, "a piece of bytes %" PRIu64 " to %" PRIu64 " of a value of %u", offset, last,
              value->size_bytes);
        return;
    }
    int place = answer_place(account, machine, piece, is_result, (unsigned)size);
    if (place < 0)
        return;
    place += conversion(account, machine, piece, is_result);
    for (uint64_t i = 0; i < size; i++) {
        int16_t *to = value->places[offset + i] == PLACE_NONE ? value->places : value->copies;
        if (to[offset + i] != PLACE_NONE)
            wrong(account, "byte %" PRIu64 " is in three pieces", offset + i);
        to[offset + i] = (int16_t)(place + (int)i);
    }
}

static enum pass pass_of(abide_pass pass)
{
    switch (pass) {
    case ABIDE_PASS_IGNORE: return PASS_IGNORE;
    case ABIDE_PASS_DIRECT: return PASS_DIRECT;
    case ABIDE_PASS_POINTER: return PASS_POINTER;
    case ABIDE_PASS_HIDDEN: break;
    }
    return PASS_HIDDEN;
}

/* The bit of a result register, among the words of the picture; 0: it has none. */
static uint32_t word_of(const struct machine *machine, const char *name)
{
    const struct machine_register *reg = machine_register_named(machine, true, name);
    return reg && reg->place / machine->word_bytes < 32
               ? UINT32_C(1) << reg->place / machine->word_bytes
               : 0;
}

static void read_returned(struct account *account, const struct machine *machine, const char *name)
{
    uint32_t word = name ? word_of(machine, name) : 0;
    if (name && word == 0)
        wrong(account, "the harness knows no result register %s", name);
    account->returned_words |= word;
}

static void read_value(struct account *account, const struct machine *machine,
                       const abide_argument *argument, bool is_result, struct value_account *value)
{
    value->pass = pass_of(argument->pass);
    value->pointer_place = PLACE_NONE;
    memset(value->places, 0xff, sizeof value->places);
    memset(value->copies, 0xff, sizeof value->copies);
    if (value->pass == PASS_IGNORE)
        return;
    if (argument->size_bytes > CELL_BYTES) {
        wrong(account, "a value of %llu bytes", (unsigned long long)argument->size_bytes);
        return;
    }
    value->size_bytes = (unsigned)argument->size_bytes;
    if (value->pass == PASS_POINTER || value->pass == PASS_HIDDEN) {
        value->pointer_place =
            answer_place(account, machine, argument->pointer, false, machine->word_bytes);
        return;
    }
    for (size_t i = 0; i < argument->piece_count; i++)
        read_piece(account, machine, &argument->pieces[i], is_result, value);
}

/* A result that goes through an ordinary pointer parameter, as languages return large values. */
static void read_out(struct account *account, const struct machine *machine,
                     const abide_argument *argument, uint64_t size_bytes)
{
    struct value_account *value = &account->result;
    memset(value->places, 0xff, sizeof value->places);
    memset(value->copies, 0xff, sizeof value->copies);
    value->pass = PASS_HIDDEN;
    value->size_bytes = size_bytes <= CELL_BYTES ? (unsigned)size_bytes : 0;
    if (argument->piece_count != 1 || value->size_bytes == 0)
        wrong(account, "a result that goes through %zu pieces", argument->piece_count);
    else
        value->pointer_place =
            answer_place(account, machine, &argument->pieces[0], false, machine->word_bytes);
}

/* A parameter that a language passes; they are called p0, p1 ..., and extra arguments stand at their `position`. */
static void read_argument(struct account *account, const struct machine *machine,
                          const struct signature *signature, const abide_argument *argument,
                          size_t position)
{
    unsigned index = argument->name && argument->name[0] == 'p'
                         ? (unsigned)strtoul(argument->name + 1, NULL, 10)
                         : MAX_PARAMETERS;
    if (argument->is_variadic)
        index = (unsigned)position;
    if (argument->part || index >= signature->param_count)
        wrong(account, "an argument that is a part of a parameter");
    else
        read_value(account, machine, argument, false, &account->params[index]);
}

static void read_assignment(struct account *account, const struct machine *machine,
                            const struct signature *signature, const abide_assignment *assignment,
                            uint64_t result_bytes)
{
    abide_argument result = abide_assignment_result(assignment);
    read_value(account, machine, &result, true, &account->result);
    read_returned(account, machine, result.returned_register);
    /* Where it came in it is still, if that is preserved. */
    if (result.pointer && result.pointer->register_name &&
        abide_assignment_preserves(assignment, result.pointer->register_name))
        read_returned(account, machine, result.pointer->register_name);
    if (result.pointer && result.pointer->register_name)
        account->arrived_words = word_of(machine, result.pointer->register_name);
    if (!signature->has_result && account->result.pass != PASS_IGNORE)
        wrong(account, "a result of pass \"%s\" for void", account_pass_name(account->result.pass));
    size_t out_count = 0, count = abide_assignment_argument_count(assignment);
    if (signature->back != 0 && signature->has_result && signature->back <= count) {
        abide_argument back = abide_assignment_argument_at(assignment, signature->back - 1);
        if (!back.comes_back)
            wrong(account, "a parameter that does not come back");
        read_value(account, machine, &back, true, &account->result);
    }
    for (size_t i = 0; i < count; i++) {
        abide_argument argument = abide_assignment_argument_at(assignment, i);
        out_count += argument.role == ABIDE_ROLE_OUT;
        if (argument.role == ABIDE_ROLE_OUT)
            read_out(account, machine, &argument, result_bytes);
        else
            read_argument(account, machine, signature, &argument, i);
    }
    if (count != signature->param_count + out_count)
        wrong(account, "%zu parameters", count);
    account->stack_bytes = abide_assignment_stack_bytes(assignment);
    account->popped_bytes = abide_assignment_callee_cleans(assignment)
                                ? account->stack_bytes
                                : abide_assignment_callee_pops_bytes(assignment);
    account->has_stack_bytes = true;
}

/* --- asking --- */

const abide_module *answer_open(const struct engine *engine, abide_ctx **ctx)
{
    abide_ctx_options options = ABIDE_CTX_OPTIONS_INIT;
    options.module_dirs = engine->module_dirs;
    options.module_dir_count = engine->module_dir_count;
    *ctx = abide_ctx_new(&options);
    if (!*ctx)
        cli_no_memory();
    for (size_t i = 0; i < engine->module_file_count; i++)
        if (!abide_module_add_file(*ctx, engine->module_files[i]))
            return NULL;
    return abide_module_load(*ctx, engine->abi, engine->target);
}

char *answer_interface(const struct signature *signatures, unsigned count, size_t *length_bytes)
{
    char *text = NULL;
    FILE *file = open_memstream(&text, length_bytes);
    if (!file)
        cli_no_memory();
    bool has_types = false;
    render_interface_start(file);
    for (unsigned i = 0; i < count; i++) {
        bool used[MAX_TYPES];
        signature_mark_used(&signatures[i], used);
        for (unsigned k = 0; k < MAX_TYPES; k++)
            has_types = has_types || used[k];
    }
    if (has_types)
        fprintf(file, "types:\n");
    for (unsigned i = 0; i < count; i++)
        render_interface_types(file, &signatures[i], i);
    fprintf(file, "functions:\n");
    for (unsigned i = 0; i < count; i++)
        render_interface_function(file, &signatures[i], i);
    if (fclose(file) != 0)
        cli_no_memory();
    return text;
}

/* What is asked about one batch. */
struct answer {
    const struct engine *engine;
    uint64_t home_bytes, variadic_home_bytes; /* what calls without arguments reserve */
    abide_ctx *ctx;
    const abide_module *module;
    const abide_iface *iface;
};

static uint64_t home_of(const struct answer *answer, const char *text)
{
    const abide_iface *iface = abide_iface_parse(answer->ctx, "home", text, strlen(text));
    const abide_signature *signature = iface ? abide_iface_signature(iface, "home") : NULL;
    const abide_assignment *assignment =
        signature ? abide_assignment_of(answer->ctx, answer->module, signature) : NULL;
    return assignment ? abide_assignment_stack_bytes(assignment) : 0;
}

static bool answer_start(const struct engine *engine, const struct signature *signatures,
                         unsigned count, struct answer *answer)
{
    *answer = (struct answer){.engine = engine};
    answer->module = answer_open(engine, &answer->ctx);
    if (!answer->module)
        return false;
    size_t length_bytes;
    char *text = answer_interface(signatures, count, &length_bytes);
    answer->iface = abide_iface_parse(answer->ctx, "signatures", text, length_bytes);
    free(text);
    answer->home_bytes = home_of(answer, "abide: 1\nfunctions:\n  home: () -> void\n");
    answer->variadic_home_bytes =
        home_of(answer, "abide: 1\nfunctions:\n  home: (a u8, ...) -> void\n");
    return answer->iface != NULL;
}

const char *answer_count_register(const struct engine *engine)
{
    const char *text = "abide: 1\nfunctions:\n  f: (a c_int, ...) -> void\n";
    abide_ctx *ctx;
    const abide_module *module = answer_open(engine, &ctx);
    const abide_iface *iface =
        module ? abide_iface_parse(ctx, "variadic", text, strlen(text)) : NULL;
    const abide_signature *signature = iface ? abide_iface_signature(iface, "f") : NULL;
    const abide_assignment *call = signature ? abide_assignment_of(ctx, module, signature) : NULL;
    const char *name = call ? abide_assignment_vector_count_register(call) : NULL;
    name = name ? cli_copy(name, strlen(name)) : NULL;
    abide_ctx_free(ctx);
    return name;
}

void answer_homes(const struct engine *engine, uint64_t homes_bytes[2])
{
    struct answer answer;
    answer_start(engine, NULL, 0, &answer);
    homes_bytes[0] = answer.home_bytes;
    homes_bytes[1] = answer.variadic_home_bytes;
    abide_ctx_free(answer.ctx);
}

static void answer_layouts(const struct answer *answer, const struct signature *signature,
                           unsigned number, struct account *account)
{
    bool used[MAX_TYPES];
    signature_mark_used(signature, used);
    for (unsigned k = 0; k < signature->type_count; k++) {
        char name[32];
        if (!used[k])
            continue;
        snprintf(name, sizeof name, "t%u_%u", number, k);
        const abide_type *type = abide_iface_type(answer->iface, name);
        const abide_layout *layout = abide_layout_of(answer->ctx, answer->module, type);
        if (layout)
            read_type(account, &signature->types[k], layout, &account->types[k]);
        else
            refuse(account, answer->ctx);
    }
}

static const abide_assignment *assignment_of(const struct answer *answer, unsigned number)
{
    char name[32];
    snprintf(name, sizeof name, "f%u", number);
    return abide_assignment_of(answer->ctx, answer->module,
                               abide_iface_signature(answer->iface, name));
}

static uint64_t result_size(const struct answer *answer, const abide_assignment *assignment)
{
    const abide_type *type = abide_assignment_result(assignment).type;
    const abide_layout *layout = type && strcmp(abide_type_kind_name(type), "void") != 0
                                     ? abide_layout_of(answer->ctx, answer->module, type)
                                     : NULL;
    return layout ? abide_layout_size_bytes(layout) : 0;
}

static void answer_one(const struct answer *answer, const struct signature *signature,
                       unsigned number, struct account *account)
{
    answer_layouts(answer, signature, number, account);
    const abide_assignment *assignment = assignment_of(answer, number);
    if (assignment)
        read_assignment(account, answer->engine->machine, signature, assignment,
                        result_size(answer, assignment));
    else
        refuse(account, answer->ctx);
    account->home_bytes =
        signature->unnamed_count ? answer->variadic_home_bytes : answer->home_bytes;
    account->is_complete = account->error[0] == '\0';
}

void answer_run(const struct engine *engine, const struct signature *signatures, unsigned count,
                struct account *accounts)
{
    struct answer answer;
    memset(accounts, 0, count * sizeof *accounts);
    bool good = answer_start(engine, signatures, count, &answer);
    for (unsigned i = 0; good && i < count; i++)
        answer_one(&answer, &signatures[i], i, &accounts[i]);
    if (!good && count == 1)
        refuse(accounts, answer.ctx);
    abide_ctx_free(answer.ctx);
    /* One bad signature spoils an interface file, so each is asked about alone. */
    for (unsigned i = 0; !good && count > 1 && i < count; i++)
        answer_run(engine, &signatures[i], 1, &accounts[i]);
}

const char *answer_va_prefix(const struct engine *engine)
{
    abide_ctx *ctx;
    const abide_module *module = answer_open(engine, &ctx);
    const char *prefix = module ? abide_module_va_prefix(module) : NULL;
    prefix = prefix ? cli_copy(prefix, strlen(prefix)) : NULL;
    abide_ctx_free(ctx);
    return prefix;
}

uint64_t answer_scalars(const struct engine *engine)
{
    uint64_t set = 0;
    abide_ctx *ctx;
    const abide_module *module = answer_open(engine, &ctx);
    for (unsigned i = 0; module && i < scalar_count; i++) {
        char *text = cli_printf("abide: 1\nfunctions:\n  f: (a %s) -> %s\n", scalars[i].name,
                                scalars[i].name);
        const abide_iface *iface = abide_iface_parse(ctx, "scalars", text, strlen(text));
        const abide_signature *signature = iface ? abide_iface_signature(iface, "f") : NULL;
        if (signature && abide_assignment_of(ctx, module, signature))
            set |= UINT64_C(1) << i;
    }
    abide_ctx_free(ctx);
    return set;
}

bool answer_has_even_empties(const struct engine *engine)
{
    static const char text[] = "abide: 1\ntypes:\n  t: {struct: {a: 'array<u64, 0>'}}\n";
    abide_ctx *ctx;
    const abide_module *module = answer_open(engine, &ctx);
    const abide_iface *iface = abide_iface_parse(ctx, "empties", text, strlen(text));
    const abide_type *type = module && iface ? abide_iface_type(iface, "t") : NULL;
    const abide_layout *layout = type ? abide_layout_of(ctx, module, type) : NULL;
    bool is_even =
        layout && abide_layout_size_bytes(layout) % abide_layout_align_bytes(layout) == 0;
    abide_ctx_free(ctx);
    return is_even;
}

/* --- which values a compiler is known to treat otherwise --- */

static bool is_about(const struct answer *answer, size_t index)
{
    const abide_signature *call = abide_iface_signature(answer->iface, "f0");
    if (abide_deviation_in_call(answer->ctx, answer->module, index, call))
        return true;
    for (size_t i = 0; i < abide_iface_type_count(answer->iface); i++)
        if (abide_deviation_in_layout(answer->ctx, answer->module, index,
                                      abide_iface_type_at(answer->iface, i)))
            return true;
    return false;
}

const char *answer_deviation(const struct engine *engine, const struct signature *signature,
                             const char *compiler, const char *version)
{
    struct answer answer;
    const char *found = NULL;
    bool good = answer_start(engine, signature, 1, &answer);
    for (size_t i = 0; good && !found && i < abide_module_deviation_count(answer.module); i++)
        if (abide_module_deviation_applies(answer.module, i, compiler, version) &&
            is_about(&answer, i))
            found = cli_printf("%s", abide_module_deviation_at(answer.module, i).id);
    abide_ctx_free(answer.ctx);
    return found;
}

/* --- which rules decided --- */

static void print_decision(FILE *file, const char *name, const char *what,
                           const abide_decision *decision)
{
    if (!decision->rule)
        return;
    fprintf(file, "  %s: %s %s, rule %s", name, what, decision->module, decision->rule);
    if (decision->source)
        fprintf(file, " (%s)", decision->source);
    if (decision->position.file)
        fprintf(file, ", %s:%u", decision->position.file, decision->position.line);
    fprintf(file, "\n");
}

void answer_print_rules(const struct engine *engine, FILE *file, const struct signature *signature)
{
    struct answer answer;
    const abide_assignment *assignment =
        answer_start(engine, signature, 1, &answer) ? assignment_of(&answer, 0) : NULL;
    for (size_t i = 0; assignment && i < abide_assignment_argument_count(assignment); i++) {
        abide_argument argument = abide_assignment_argument_at(assignment, i);
        const char *name = argument.name ? argument.name : "an argument";
        print_decision(file, name, "made C by", &argument.lowered_by);
        print_decision(file, name, "placed by", &argument.placed_by);
    }
    if (assignment) {
        abide_argument result = abide_assignment_result(assignment);
        print_decision(file, "result", "made C by", &result.lowered_by);
        print_decision(file, "result", "placed by", &result.placed_by);
    }
    abide_ctx_free(answer.ctx);
}

/* Whether the module has a place for such a parameter of a function without others. */
static bool has_place(abide_ctx *ctx, const abide_module *module, const char *fact, bool comes_back)
{
    const char *text =
        cli_printf("abide: 1\nfunctions:\n  role: {sig: \"(p %sptr<void>)\", facts: {p: %s}}\n",
                   comes_back ? "inout " : "", fact);
    const abide_iface *iface = abide_iface_parse(ctx, "role", text, strlen(text));
    const abide_signature *signature = iface ? abide_iface_signature(iface, "role") : NULL;
    bool found = signature && abide_assignment_of(ctx, module, signature);
    abide_ctx_clear_diags(ctx);
    return found;
}

void answer_roles(const struct engine *engine, struct roles *roles)
{
    abide_ctx *ctx;
    const abide_module *module = answer_open(engine, &ctx);
    size_t count = module ? abide_module_param_attribute_count(module) : 0;
    for (size_t i = 0; i < count && roles->count < MAX_ROLES; i++) {
        abide_param_attribute said = abide_module_param_attribute_at(module, i);
        struct role role = {.fact = cli_printf("%s", said.fact),
                            .attribute = cli_printf("%s", said.attribute)};
        role.comes_back = !has_place(ctx, module, role.fact, false);
        if (!role.comes_back || has_place(ctx, module, role.fact, true))
            roles->items[roles->count++] = role;
    }
    abide_ctx_free(ctx);
}

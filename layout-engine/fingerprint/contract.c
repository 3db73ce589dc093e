/*
 * The contract dialect: what both sides rely on besides bytes. It is the same under every ABI and on every target.
 * abi-specs/fingerprints.md tells what each line says.
 */
#include "abide/fingerprint.h"
#include "fingerprint/dialects.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static const abide_type *settle(struct abide_graph *graph, const abide_type *type)
{
    (void)graph;
    return abide_type__strip(type);
}

/* ---- words ---- */

static const char *scalar_word(const abide_type *type)
{
    if (type->scalar == ABIDE_SCALAR_CHAR)
        return "char";
    return abide__scalars[type->scalar].group == ABIDE_GROUP_BOOL ? "bool" : "number";
}

static const char *word(struct abide_graph *graph, const abide_type *type)
{
    (void)graph;
    if (!type->is_complete && type->kind != ABIDE_KIND_RESOURCE)
        return "unknown";
    switch (type->kind) {
    case ABIDE_KIND_VOID: return "nothing";
    case ABIDE_KIND_SCALAR: return scalar_word(type);
    case ABIDE_KIND_OPAQUE: return "unknown";
    case ABIDE_KIND_VECTOR:
    case ABIDE_KIND_COMPLEX: return "numbers";
    case ABIDE_KIND_VA_LIST: return "va_list";
    case ABIDE_KIND_STRING: return type->is_own ? "own-string" : "string";
    case ABIDE_KIND_STRING0: return type->is_own ? "own-string0" : "string0";
    case ABIDE_KIND_STRING16: return type->is_own ? "own-string16" : "string16";
    case ABIDE_KIND_UTF16: return type->is_own ? "own-utf16" : "utf16";
    case ABIDE_KIND_CSTRING: return type->is_own ? "own-cstring" : "cstring";
    case ABIDE_KIND_ENUM: return type->is_open ? "open-enum" : NULL;
    case ABIDE_KIND_FLAGS: return type->is_open ? "open-flags" : NULL;
    case ABIDE_KIND_VARIANT: return type->is_open ? "open-variant" : NULL;
    case ABIDE_KIND_POINTER:
    case ABIDE_KIND_FUNCTION:
    case ABIDE_KIND_ARRAY:
    case ABIDE_KIND_STRUCT:
    case ABIDE_KIND_UNION:
    case ABIDE_KIND_NEWTYPE:
    case ABIDE_KIND_TUPLE:
    case ABIDE_KIND_BITSET:
    case ABIDE_KIND_SLICE:
    case ABIDE_KIND_SEQ:
    case ABIDE_KIND_CLOSURE:
    case ABIDE_KIND_RAW:
    case ABIDE_KIND_OPTION:
    case ABIDE_KIND_RESULT:
    case ABIDE_KIND_BOX:
    case ABIDE_KIND_RESOURCE:
    case ABIDE_KIND_HANDLE:
    case ABIDE_KIND_INTERFACE:
    case ABIDE_KIND_DYN:
    case ABIDE_KIND_COUNT: break;
    }
    return NULL;
}

static const char *pointer(struct abide_graph *graph, const abide_type *type,
                           const abide_type **target)
{
    (void)graph;
    if (type->kind != ABIDE_KIND_POINTER)
        return NULL;
    *target = type->target;
    if (type->is_nullable)
        return type->is_mutable ? "mutptr " : "ptr ";
    return type->is_mutable ? "mutref " : "ref ";
}

/* ---- texts ---- */

static void write_line(struct abide_draft *draft, const char *what, const abide_type *type)
{
    abide_draft__text(draft, "%s ", what);
    abide_draft__type(draft, type);
    abide_draft__text(draft, "\n");
}

static void write_fields(struct abide_draft *draft, const abide_type *type)
{
    abide_draft__text(draft, "%s\n",
                      type->kind == ABIDE_KIND_UNION ? "union"
                      : type->is_open                ? "sized"
                                                     : "record");
    if (type->kind == ABIDE_KIND_STRUCT && type->target)
        write_line(draft, "base", type->target);
    for (size_t i = 0; i < type->field_count && !type->fields[i].is_later; i++)
        if (!type->fields[i].is_bitfield || type->fields[i].name)
            write_line(draft, "field", type->fields[i].type);
}

static int compare_numbers(const void *left, const void *right)
{
    const struct abide_enumerator *const *a = left, *const *b = right;
    if ((*a)->is_large != (*b)->is_large)
        return (*a)->is_large ? 1 : -1;
    return (*a)->value<(*b)->value ? -1 : (*a)->value>(*b)->value;
}

/* Values, bits or tags in their order; the order of the file says nothing. */
static const struct abide_enumerator **in_order(struct abide_draft *draft, const abide_type *type)
{
    const struct abide_enumerator **sorted = abide__new_array(
        draft->graph->ctx, const struct abide_enumerator *, type->enumerator_count + 1);
    for (size_t i = 0; i < type->enumerator_count; i++)
        sorted[i] = &type->enumerators[i];
    qsort(sorted, type->enumerator_count, sizeof(*sorted), compare_numbers);
    return sorted;
}

static void write_number(struct abide_draft *draft, const struct abide_enumerator *enumerator)
{
    if (enumerator->is_large)
        abide_draft__text(draft, "%" PRIu64, (uint64_t)enumerator->value);
    else
        abide_draft__text(draft, "%" PRId64, enumerator->value);
}

/* Two names may stand for one value. */
static void write_values(struct abide_draft *draft, const abide_type *type, const char *what)
{
    const struct abide_enumerator **sorted = in_order(draft, type);
    abide_draft__text(draft, "%s\n", what);
    for (size_t i = 0; i < type->enumerator_count; i++) {
        if (i > 0 && compare_numbers(&sorted[i - 1], &sorted[i]) == 0)
            continue;
        write_number(draft, sorted[i]);
        abide_draft__text(draft, "\n");
    }
}

static void write_cases(struct abide_draft *draft, const abide_type *type)
{
    const struct abide_enumerator **sorted = in_order(draft, type);
    abide_draft__text(draft, "%s\n", abide__kind_names[type->kind]);
    for (size_t i = 0; i < type->enumerator_count; i++) {
        abide_draft__text(draft, "case ");
        write_number(draft, sorted[i]);
        abide_draft__text(draft, " ");
        abide_draft__type(draft, type->fields[sorted[i] - type->enumerators].type);
        abide_draft__text(draft, "\n");
    }
}

static void write_resource(struct abide_draft *draft, const abide_type *type)
{
    abide_draft__text(draft, "resource %s\n", type->destructor ? type->destructor : "-");
    if (type->is_from_elsewhere)
        abide_draft__text(draft, "elsewhere\n");
    if (type->target)
        write_line(draft, "keeps", type->target);
}

/* Later releases may add methods: only those are told that every object has. */
static void write_interface(struct abide_draft *draft, const abide_type *type)
{
    abide_draft__text(draft, "interface %s\n", type->id->text);
    for (size_t i = 0; i < type->field_count && !type->fields[i].is_later; i++)
        write_line(draft, "method", type->fields[i].type);
}

static const char *threads_of(const abide_type *handle)
{
    return abide_type__strip(handle->target)->any_thread ? "any-thread" : "same-thread";
}

static void write_signature(struct abide_draft *draft, const abide_signature *signature);

static bool write(struct abide_draft *draft, const abide_type *type)
{
    switch (type->kind) {
    case ABIDE_KIND_FUNCTION: write_signature(draft, type->signature); break;
    case ABIDE_KIND_CLOSURE:
        abide_draft__text(draft, "%sclosure\n",
                          type->is_once  ? "once-"
                          : type->is_own ? "own-"
                                         : "");
        write_signature(draft, type->signature);
        break;
    case ABIDE_KIND_ARRAY: write_line(draft, "array", type->target); break;
    case ABIDE_KIND_SLICE:
        write_line(draft, type->is_mutable ? "mutslice" : "slice", type->target);
        break;
    case ABIDE_KIND_SEQ: write_line(draft, "own-slice", type->target); break;
    case ABIDE_KIND_BOX: write_line(draft, "box", type->target); break;
    case ABIDE_KIND_RAW: write_line(draft, "raw", type->target); break;
    case ABIDE_KIND_HANDLE:
        abide_draft__text(draft, "%s ", threads_of(type));
        write_line(draft, type->is_own ? "own-handle" : "handle", type->target);
        break;
    case ABIDE_KIND_RESOURCE: write_resource(draft, type); break;
    case ABIDE_KIND_DYN:
        write_line(draft,
                   type->is_shared ? "shared-object"
                   : type->is_own  ? "own-object"
                                   : "object",
                   type->target);
        break;
    case ABIDE_KIND_INTERFACE: write_interface(draft, type); break;
    case ABIDE_KIND_BITSET: abide_draft__text(draft, "bitset %" PRIu64 "\n", type->count); break;
    case ABIDE_KIND_ENUM: write_values(draft, type, "enum"); break;
    case ABIDE_KIND_FLAGS: write_values(draft, type, "flags"); break;
    case ABIDE_KIND_VARIANT:
    case ABIDE_KIND_OPTION:
    case ABIDE_KIND_RESULT: write_cases(draft, type); break;
    default: write_fields(draft, type); break;
    }
    return true;
}

const struct abide_dialect abide__contract_dialect = {.title = "abide-contract 1\n",
                                                      .settle = settle,
                                                      .word = word,
                                                      .pointer = pointer,
                                                      .write = write};

/* ---- parameters and results ---- */

/* The type of a parameter or result without what promises say of it. */
struct stripped {
    const char *what;       /* in front of `type` */
    const abide_type *type; /* NULL: `what` is all */
    unsigned promises;      /* enum abide_promise */
};

static struct stripped strip(const abide_type *type)
{
    unsigned present = ABIDE_PROMISE_PRESENT;
    type = abide_type__strip(type);
    if (type->kind == ABIDE_KIND_OPTION) {
        type = abide_type__strip(type->fields[abide_type__case(type, "some")].type);
        present = 0;
    }
    switch (type->kind) {
    case ABIDE_KIND_POINTER:
        return (struct stripped){"pointer", type->target,
                                 (type->is_nullable ? 0 : present) |
                                     (type->is_mutable ? ABIDE_PROMISE_WRITABLE : 0)};
    case ABIDE_KIND_CSTRING:
        return (struct stripped){type->is_own ? "own-pointer number" : "pointer number", NULL,
                                 present | ABIDE_PROMISE_TERMINATED};
    case ABIDE_KIND_STRING:
        return (struct stripped){type->is_own ? "own-slice number" : "slice number", NULL,
                                 present | ABIDE_PROMISE_UTF8};
    case ABIDE_KIND_STRING0:
        return (struct stripped){type->is_own ? "own-slice number" : "slice number", NULL,
                                 present | ABIDE_PROMISE_UTF8 | ABIDE_PROMISE_TERMINATED};
    case ABIDE_KIND_STRING16:
        return (struct stripped){type->is_own ? "own-slice number" : "slice number", NULL, present};
    case ABIDE_KIND_UTF16:
        return (struct stripped){type->is_own ? "own-slice number" : "slice number", NULL,
                                 present | ABIDE_PROMISE_UTF8};
    case ABIDE_KIND_SLICE:
        return (struct stripped){"slice", type->target,
                                 present | (type->is_mutable ? ABIDE_PROMISE_WRITABLE : 0)};
    case ABIDE_KIND_SEQ: return (struct stripped){"own-slice", type->target, present};
    case ABIDE_KIND_HANDLE:
        return (struct stripped){type->is_own ? "own-handle" : "handle", type->target, present};
    default: return (struct stripped){"value", type, present};
    }
}

/* Where a resource is used on any thread, that is the library's promise, wherever the handle comes from. */
static unsigned of_threads(const abide_type *type)
{
    type = abide_type__strip(type);
    if (type->kind == ABIDE_KIND_OPTION)
        type = abide_type__strip(type->fields[abide_type__case(type, "some")].type);
    bool is_free = type->kind == ABIDE_KIND_HANDLE && abide_type__strip(type->target)->any_thread;
    return is_free ? ABIDE_PROMISE_ANY_THREAD : 0;
}

struct abide_promises abide_contract_dialect__promises(const abide_signature *signature,
                                                       size_t index)
{
    const abide_type *type =
        index == ABIDE_RESULT ? signature->result : signature->params[index].type;
    enum abide_mode mode = index == ABIDE_RESULT ? ABIDE_MODE_OUT : signature->params[index].mode;
    unsigned of_value = strip(type).promises;
    return (struct abide_promises){
        .caller = (unsigned char)(mode != ABIDE_MODE_OUT ? of_value : 0),
        .callee = (unsigned char)((mode != ABIDE_MODE_IN ? of_value : 0) | of_threads(type))};
}

static void write_stripped(struct abide_draft *draft, const abide_type *type)
{
    struct stripped stripped = strip(type);
    abide_draft__text(draft, "%s", stripped.what);
    if (stripped.type) {
        abide_draft__text(draft, " ");
        abide_draft__type(draft, stripped.type);
    }
}

static int compare_facts(const void *left, const void *right)
{
    return strcmp(((const struct abide_fact *)left)->name,
                  ((const struct abide_fact *)right)->name);
}

static void write_facts(struct abide_draft *draft, struct abide_facts facts)
{
    struct abide_fact *sorted =
        abide__new_array(draft->graph->ctx, struct abide_fact, facts.count + 1);
    if (facts.count)
        memcpy(sorted, facts.items, facts.count * sizeof *sorted);
    qsort(sorted, facts.count, sizeof *sorted, compare_facts);
    for (size_t i = 0; i < facts.count; i++)
        abide_draft__text(draft, " fact %s", sorted[i].name);
}

/* The function that is passed on: what is promised in it is promised the other way round, so nothing of it is left out. */
static void write_type(struct abide_draft *draft, const abide_type *type, bool is_loose)
{
    if (is_loose)
        write_stripped(draft, type);
    else
        abide_draft__type(draft, type);
}

static void write_parts(struct abide_draft *draft, const abide_signature *signature, bool is_loose)
{
    static const char *const modes[] = {
        [ABIDE_MODE_IN] = "in", [ABIDE_MODE_OUT] = "out", [ABIDE_MODE_INOUT] = "inout"};
    abide_draft__text(draft, "function\n");
    for (size_t i = 0; i < signature->param_count; i++) {
        const struct abide_param *param = &signature->params[i];
        abide_draft__text(draft, "%s%s ", modes[param->mode], param->is_own ? " own" : "");
        write_type(draft, param->type, is_loose);
        write_facts(draft, param->facts);
        abide_draft__text(draft, "\n");
    }
    abide_draft__text(draft, "result ");
    write_type(draft, signature->result, is_loose);
    write_facts(draft, signature->result_facts);
    if (signature->has_lender)
        abide_draft__text(draft, " from %zu", signature->lender);
    abide_draft__text(draft, "\n");
    for (size_t i = 0; i < signature->callback_count; i++)
        abide_draft__text(draft, "callback %zu data %zu at %zu\n", signature->callbacks[i].function,
                          signature->callbacks[i].data, signature->callbacks[i].at);
}

/* How failures are told: a word, or a rule. */
static void write_errors(struct abide_draft *draft, const char *what,
                         const struct abide_error_use *use)
{
    if (use && use->rule)
        abide_draft__text(draft, "%s %s\n", what,
                          abide_error_rule__print(draft->graph->ctx, use->rule));
    else if (use)
        abide_draft__text(draft, "%s %s\n", what, use->word);
}

static void write_signature(struct abide_draft *draft, const abide_signature *signature)
{
    write_parts(draft, signature, false);
    write_errors(draft, "errors", signature->errors);
}

bool abide_contract_dialect__write_function(struct abide_draft *draft, const void *function)
{
    const abide_function *described = function;
    write_parts(draft, described->signature, true);
    write_errors(draft, "errors", described->callee_errors);
    if (described->caller_errors != described->callee_errors)
        write_errors(draft, "caller errors", described->caller_errors);
    if (described->calls_back_anywhere)
        abide_draft__text(draft, "calls back on any thread\n");
    return true;
}

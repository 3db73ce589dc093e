/*
 * Vectors: examples in a module (key `vectors`) with the answers that are known of them. They are read as an interface
 * whose functions are the calls, so that types are written as everywhere.
 */
#include "abide/author.h"

#include "base/diag.h"
#include "base/schema.h"
#include "call/assignment.h"
#include "spec/keys.h"
#include "spec/resolve.h"
#include "spec/search.h"
#include "types/iface.h"

#include <string.h>

/* A rule that decided something, by where it stands. */
struct decided {
    const struct abide_source *source;
    size_t start_bytes;
};

struct vectors {
    abide_ctx *ctx;
    const struct abide_spec_file *file;
    const char *reference; /* of the file, without options */
    const char *target;    /* NULL: this machine */
    const abide_iface *iface;
    ABIDE_VEC(struct decided) decided;
};

/* --- the interface of the calls --- */

static const struct abide_yaml *scalar(abide_ctx *ctx, const char *text, struct abide_place place)
{
    struct abide_yaml *node = abide__new(ctx, struct abide_yaml);
    node->kind = ABIDE_YAML_SCALAR;
    node->place = place;
    node->text = abide__intern_text(ctx, text);
    node->length_bytes = strlen(text);
    return node;
}

static struct abide_yaml *mapping(abide_ctx *ctx, size_t capacity, struct abide_place place)
{
    const struct abide_yaml like = {.kind = ABIDE_YAML_MAPPING, .place = place};
    return abide_yaml__new_like(ctx, &like, capacity);
}

static void add(abide_ctx *ctx, struct abide_yaml *node, const char *key,
                const struct abide_yaml *value)
{
    abide_yaml__add(node, scalar(ctx, key, value->place), value);
}

static const char *call_name(abide_ctx *ctx, size_t index)
{
    return abide__printf(ctx, "call-%zu", index + 1);
}

/* {abide: 1, types: ..., functions: {call-1: {sig: ...}}} of the vectors' nodes, so that messages have their places. */
static const struct abide_yaml *interface_tree(abide_ctx *ctx, const struct abide_yaml *types,
                                               const struct abide_yaml *calls,
                                               const struct abide_yaml *values[][ABIDE_VECTOR_KEYS])
{
    struct abide_yaml *root = mapping(ctx, 3, calls->place);
    struct abide_yaml *functions = mapping(ctx, calls->entry_count, calls->place);
    add(ctx, root, "abide", scalar(ctx, "1", calls->place));
    if (types)
        add(ctx, root, "types", types);
    for (size_t i = 0; i < calls->entry_count; i++) {
        struct abide_yaml *function = mapping(ctx, 3, abide_yaml__at(calls, i)->place);
        add(ctx, function, "sig", values[i][ABIDE_VECTOR_SIG]);
        if (values[i][ABIDE_VECTOR_CONVENTION])
            add(ctx, function, "convention", values[i][ABIDE_VECTOR_CONVENTION]);
        if (values[i][ABIDE_VECTOR_FACTS])
            add(ctx, function, "facts", values[i][ABIDE_VECTOR_FACTS]);
        add(ctx, functions, call_name(ctx, i), function);
    }
    add(ctx, root, "functions", functions);
    return root;
}

/* --- one call --- */

static bool same_but_for_blanks(const char *a, const char *b)
{
    for (;;) {
        a += strspn(a, " \t\r\n");
        b += strspn(b, " \t\r\n");
        if (*a != *b || !*a)
            return *a == *b;
        a++;
        b++;
        bool ends_a = !*a || strchr(" \t\r\n,", *a), ends_b = !*b || strchr(" \t\r\n,", *b);
        if (ends_a != ends_b)
            return false;
    }
}

static void compare(struct vectors *vectors, const struct abide_yaml *expected, const char *found,
                    const abide_module *module)
{
    if (same_but_for_blanks(expected->text, found))
        return;
    abide_ctx *ctx = vectors->ctx;
    abide_diag *diag = abide__report(ctx, ABIDE_CODE_VECTOR_MISMATCH, expected->place,
                                     "the answer is %s", abide__quote(ctx, found));
    abide__diag_note(ctx, diag, ABIDE_NOWHERE, "of %s on %s", module->name, module->triple);
}

static void note_rule(struct vectors *vectors, const struct abide_rule_origin *rule)
{
    if (rule && rule->place.source == vectors->file->source)
        abide__push(vectors->ctx, &vectors->decided,
                    ((struct decided){rule->place.source, rule->place.start_bytes}));
}

static void note_rules(struct vectors *vectors, const abide_assignment *assignment)
{
    const struct abide_physical *physical = assignment->physical;
    note_rule(vectors, physical->result.rule);
    note_rule(vectors, assignment->result.rule);
    for (size_t i = 0; i < physical->param_count; i++) {
        note_rule(vectors, physical->params[i].rule);
        note_rule(vectors, assignment->arguments[i].rule);
    }
    for (size_t i = 0; i < assignment->inner_rule_count; i++)
        note_rule(vectors, assignment->inner_rules[i]);
}

static void check_call(struct vectors *vectors, size_t index,
                       const struct abide_yaml *const values[ABIDE_VECTOR_KEYS])
{
    abide_ctx *ctx = vectors->ctx;
    const char *reference = vectors->reference;
    if (values[ABIDE_VECTOR_OPTIONS])
        reference = abide__printf(ctx, "%s:%s", reference, values[ABIDE_VECTOR_OPTIONS]->text);
    const abide_module *module = abide_module_load(ctx, reference, vectors->target);
    const abide_signature *signature = abide_iface_signature(vectors->iface, call_name(ctx, index));
    const abide_assignment *assignment =
        module ? abide_assignment_of(ctx, module, signature) : NULL;
    if (!assignment)
        return;
    note_rules(vectors, assignment);
    if (values[ABIDE_VECTOR_PLACES])
        compare(vectors, values[ABIDE_VECTOR_PLACES], abide_assignment_places(ctx, assignment),
                module);
    if (values[ABIDE_VECTOR_PROTOTYPE])
        compare(vectors, values[ABIDE_VECTOR_PROTOTYPE],
                abide_assignment_prototype(ctx, assignment, "f"), module);
}

/* --- all of them --- */

static bool read_calls(abide_ctx *ctx, const struct abide_yaml *calls,
                       const struct abide_yaml *values[][ABIDE_VECTOR_KEYS])
{
    bool fine = true;
    for (size_t i = 0; i < calls->entry_count; i++)
        fine = abide_schema__read(ctx, &abide_vectors__call_schema, abide_yaml__at(calls, i),
                                  values[i]) &&
               fine;
    return fine;
}

/* The target that the answers are for: as stated, else the module's own first one, else the C ABI of its architecture. */
static const char *target_of(abide_ctx *ctx, const struct abide_spec_file *file,
                             const struct abide_yaml *stated)
{
    const struct abide_yaml *target = abide_yaml__get(file->resolved, "target");
    const struct abide_yaml *triples = target ? abide_yaml__get(target, "triples") : NULL;
    const struct abide_yaml *arch = target ? abide_yaml__get(target, "arch") : NULL;
    if (stated)
        return stated->text;
    if (triples && triples->kind == ABIDE_YAML_MAPPING && triples->entry_count)
        return abide_yaml__key_at(triples, 0)->text;
    const abide_module_info *infos;
    size_t count;
    if (!arch || !abide_module_list(ctx, &infos, &count))
        return NULL;
    size_t length = strlen(arch->text);
    for (size_t i = 0; i < count; i++)
        if (infos[i].target_count && strncmp(infos[i].targets[0], arch->text, length) == 0 &&
            infos[i].targets[0][length] == '-')
            return infos[i].targets[0];
    return NULL;
}

static void check_vectors(struct vectors *vectors, const struct abide_yaml *node)
{
    abide_ctx *ctx = vectors->ctx;
    const struct abide_yaml *keys[ABIDE_VECTORS_KEYS];
    if (!abide_schema__read(ctx, &abide_vectors__schema, node, keys))
        return;
    const struct abide_yaml *calls = keys[ABIDE_VECTORS_CALLS];
    const struct abide_yaml *(*values)[ABIDE_VECTOR_KEYS] =
        abide__alloc_array(ctx, calls->entry_count, sizeof *values);
    if (!read_calls(ctx, calls, values))
        return;
    vectors->target = target_of(ctx, vectors->file, keys[ABIDE_VECTORS_TARGET]);
    vectors->iface = abide_iface__from_tree(
        ctx, vectors->file->source, interface_tree(ctx, keys[ABIDE_VECTORS_TYPES], calls, values));
    if (!vectors->iface)
        return;
    const abide_module *module = abide_module_load(ctx, vectors->reference, vectors->target);
    if (!module)
        return;
    abide_layout_check(ctx, module, vectors->iface, vectors->iface->types,
                       vectors->iface->type_count);
    for (size_t i = 0; i < calls->entry_count; i++)
        check_call(vectors, i, values[i]);
}

/* --- coverage --- */

static bool was_decided(const struct vectors *vectors, struct abide_place place)
{
    for (size_t i = 0; i < vectors->decided.count; i++)
        if (vectors->decided.items[i].source == place.source &&
            vectors->decided.items[i].start_bytes == place.start_bytes)
            return true;
    return false;
}

static void check_list(const struct vectors *vectors, const struct abide_yaml *rules,
                       const char *name)
{
    for (size_t i = 0; rules && i < rules->entry_count; i++) {
        const struct abide_yaml *rule = abide_yaml__at(rules, i);
        const struct abide_yaml *id = abide_yaml__get(rule, "id");
        const struct abide_yaml *verb = abide_yaml__get(rule, "pass");
        bool refuses = verb && verb->text && strcmp(verb->text, "refuse") == 0;
        if (!refuses && !was_decided(vectors, rule->place)) /* a refusal has no places */
            abide__report(vectors->ctx, ABIDE_CODE_UNTESTED_RULE, rule->place,
                          "no vector exercises rule %s of `%s`",
                          abide__quote(vectors->ctx, id && id->text ? id->text : "?"), name);
    }
}

static void check_coverage(const struct vectors *vectors)
{
    static const char *const lists[] = {"args_first", "args",   "returns_first",
                                        "returns",    "params", "results"};
    const struct abide_yaml *tree = vectors->file->tree;
    for (size_t l = 0; l < sizeof lists / sizeof *lists; l++)
        check_list(vectors, abide_yaml__get(tree, lists[l]), lists[l]);
    const struct abide_yaml *budget = abide_yaml__get(tree, "budget");
    for (size_t l = 0; budget && l < sizeof lists / sizeof *lists; l++)
        check_list(vectors, abide_yaml__get(budget, lists[l]),
                   abide__printf(vectors->ctx, "budget: %s", lists[l]));
}

static void lint(abide_ctx *ctx, const char *path, bool coverage)
{
    struct vectors vectors = {.ctx = ctx};
    vectors.reference = strchr(path, '/') ? path : abide__printf(ctx, "./%s", path);
    struct abide_spec_file *file = abide_search__add(ctx, vectors.reference);
    if (!file || !abide_search__parse(ctx, file) || !abide_resolve__tree(ctx, file))
        return;
    vectors.file = file;
    const struct abide_yaml *node = abide_yaml__get(file->tree, "vectors");
    if (node)
        check_vectors(&vectors, node);
    if (coverage)
        check_coverage(&vectors);
}

void abide_vectors_lint(abide_ctx *ctx, const char *path, bool coverage)
{
    struct abide_guard guard;
    if (setjmp(*abide__guard_enter(ctx, &guard)))
        return;
    lint(ctx, path, coverage);
    abide__guard_leave(ctx, &guard);
}

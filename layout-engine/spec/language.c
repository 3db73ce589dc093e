/* The language level of a module: options, facts, predicates, representations, and what is lowered to. */
#include "spec/language.h"

#include "base/diag.h"
#include "base/schema.h"
#include "spec/keys.h"
#include "spec/rules.h"

#include <string.h>

static bool expect_mapping(abide_ctx *ctx, const struct abide_yaml *node, const char *key)
{
    if (node->kind == ABIDE_YAML_MAPPING)
        return true;
    abide__report(ctx, ABIDE_CODE_WRONG_SHAPE, node->place, "'%s' of a module: expected a mapping",
                  key);
    return false;
}

/* --- facts, predicates ------------------------------------------------------------------------ */

static const struct abide_key facts_keys[] = {
    {"type", ABIDE_SHAPE_SEQUENCE, false, "Facts of types that this ABI tests.",
     ABIDE_HOLDS("[text]")},
    {"param", ABIDE_SHAPE_SEQUENCE, false, "Facts of parameters that this ABI tests.",
     ABIDE_HOLDS("[text]")},
    {"result", ABIDE_SHAPE_SEQUENCE, false, "Facts of results that this ABI tests.",
     ABIDE_HOLDS("[text]")}};
const struct abide_schema abide_language__facts_schema = {"'facts' of a module", facts_keys, 3};

/* facts: {type: [...], param: [...], result: [...]} */
static void read_facts(abide_ctx *ctx, const struct abide_yaml *tree,
                       struct abide_language *language)
{
    const struct abide_yaml *node = abide_yaml__get(tree, "facts");
    const struct abide_yaml *lists[3];
    if (node == NULL || !abide_schema__read(ctx, &abide_language__facts_schema, node, lists))
        return;
    ABIDE_VEC(struct abide_fact_decl) facts = {0};
    for (unsigned subject = 0; subject < 3; subject++) {
        for (size_t i = 0; lists[subject] != NULL && i < lists[subject]->entry_count; i++) {
            const struct abide_yaml *word = abide_yaml__at(lists[subject], i);
            if (word->kind != ABIDE_YAML_SCALAR || word->text[0] == '\0') {
                abide__report(ctx, ABIDE_CODE_BAD_VALUE, word->place, "expected a word");
                continue;
            }
            abide__push(ctx, &facts,
                        (struct abide_fact_decl){word->text, (enum abide_fact_subject)subject,
                                                 word->place});
        }
    }
    language->facts = facts.items;
    language->fact_count = facts.count;
}

/* Machine modules use the same key for their own conditions, which are not read here. */
static void read_predicates(abide_ctx *ctx, const struct abide_yaml *tree,
                            struct abide_when_scope *scope)
{
    const struct abide_yaml *node = abide_yaml__get(tree, "predicates");
    if (node == NULL || !expect_mapping(ctx, node, "predicates"))
        return;
    scope->predicates = abide__new_array(ctx, struct abide_predicate, node->entry_count);
    for (size_t i = 0; i < node->entry_count; i++) {
        const struct abide_yaml_entry *entry = abide_yaml__entry(node, i);
        const struct abide_when *when = abide_when__read(ctx, scope, entry->value);
        scope->predicates[scope->predicate_count++] =
            (struct abide_predicate){entry->key->text, when, entry->key->place};
    }
}

/* --- lowers_to -------------------------------------------------------------------------------- */

static bool holds_for_some_function(const abide_module *module, const struct abide_when *when)
{
    const struct abide_option_decl *convention = module->language->convention;
    if (convention == NULL)
        return abide_language__holds(module, when, NULL);
    for (size_t i = 0; i < convention->value_count; i++) {
        if (abide_language__holds(module, when, convention->values[i]))
            return true;
    }
    return false;
}

/* Whether only some functions lower to it, by their convention. */
static bool is_for_some_functions(const abide_module *module, const struct abide_when *when)
{
    const struct abide_option_decl *convention = module->language->convention;
    for (size_t i = 0; convention != NULL && i < convention->value_count; i++) {
        if (!abide_language__holds(module, when, convention->values[i]))
            return true;
    }
    return false;
}

static void take_target(abide_module *module, const abide_module *machine)
{
    module->arch = machine->arch;
    module->os = machine->os;
    module->pointer_bytes = machine->pointer_bytes;
    module->big_endian = machine->big_endian;
    module->machine = machine;
}

static const struct abide_key lowering_keys[] = {
    {"when", ABIDE_SHAPE_ANY, false, "Condition on options and the target.", ABIDE_HOLDS("tests")},
    {"to", ABIDE_SHAPE_SCALAR, true, "A machine module, such as c or c/fastcall.", NULL},
    {"source", ABIDE_SHAPE_SCALAR, false, "Document, release and clause.", NULL}};
const struct abide_schema abide_language__lowering_schema = {"an entry of 'lowers_to'",
                                                             lowering_keys, 3};

static bool read_lowering(abide_ctx *ctx, const struct abide_when_scope *scope,
                          const struct abide_yaml *node, struct abide_lowering_choice *choice)
{
    const struct abide_yaml *values[3] = {NULL, node, NULL};
    if (node->kind != ABIDE_YAML_SCALAR &&
        !abide_schema__read(ctx, &abide_language__lowering_schema, node, values))
        return false;
    choice->when = abide_when__read(ctx, scope, values[0]);
    choice->reference = values[1]->text;
    choice->place = node->place;
    return abide_language__check_static(ctx, choice->when);
}

const abide_module *abide_language__machine(abide_ctx *ctx, const abide_module *module,
                                            const struct abide_lowering_choice *choice)
{
    if (choice->machine != NULL)
        return choice->machine;
    const abide_module *machine = abide_module_load(ctx, choice->reference, module->triple);
    if (machine == NULL || !machine->is_language)
        return machine;
    abide__report(ctx, ABIDE_CODE_BAD_VALUE, choice->place,
                  "%s lowers to the machine level; %s is a language module", module->name,
                  machine->name);
    return NULL;
}

/* The last entry has no condition: it tells the target, on which the others may depend. */
static bool read_lowers_to(abide_ctx *ctx, struct abide_module *module,
                           const struct abide_when_scope *scope, const struct abide_yaml *tree,
                           struct abide_language *language)
{
    const struct abide_yaml *node = abide_yaml__get(tree, "lowers_to");
    if (node == NULL) {
        abide_diag *diag = abide__report(ctx, ABIDE_CODE_MISSING_KEY, module->place,
                                         "a language module needs the key 'lowers_to'");
        abide__diag_help(ctx, diag, "lowers_to: c");
        return false;
    }
    bool is_list = node->kind == ABIDE_YAML_SEQUENCE;
    size_t count = is_list ? node->entry_count : 1;
    struct abide_lowering_choice *choices =
        abide__new_array(ctx, struct abide_lowering_choice, count);
    for (size_t i = 0; i < count; i++) {
        if (!read_lowering(ctx, scope, is_list ? abide_yaml__at(node, i) : node, &choices[i]))
            return false;
    }
    if (count == 0 || choices[count - 1].when->op != ABIDE_WHEN_ALWAYS) {
        abide__report(ctx, ABIDE_CODE_BAD_RULE, node->place,
                      "the last entry of 'lowers_to' must have no condition");
        return false;
    }
    const abide_module *machine = abide_language__machine(ctx, module, &choices[count - 1]);
    if (machine == NULL)
        return false;
    take_target(module, machine);
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        if (!holds_for_some_function(module, choices[i].when))
            continue;
        struct abide_lowering_choice *choice = &choices[kept++];
        *choice = choices[i];
        if (i + 1 == count)
            choice->machine = machine;
        else if (!is_for_some_functions(module, choice->when))
            choice->machine = abide_language__machine(ctx, module, choice);
        else
            continue; /* a target need not have what only some functions ask for */
        if (choice->machine == NULL)
            return false;
    }
    language->lowers_to = choices;
    language->lowers_to_count = kept;
    return true;
}

/* --- represent, decide ------------------------------------------------------------------------ */

/* `node` NULL: it says nothing. `scope` lives as long as the context. */
static struct abide_representations *read_represent(abide_ctx *ctx,
                                                    const struct abide_when_scope *scope,
                                                    const abide_module *module,
                                                    const struct abide_yaml *node)
{
    struct abide_representations *representations = abide__new(ctx, struct abide_representations);
    representations->ctx = ctx;
    representations->scope = scope;
    representations->is_built_in = module->is_built_in;
    if (node == NULL || !expect_mapping(ctx, node, "represent"))
        return representations;
    for (size_t i = 0; i < node->entry_count; i++)
        abide_template__add(representations, abide_yaml__entry(node, i));
    return representations;
}

static const struct abide_key decide_scalar_keys[] = {
    {"size", ABIDE_SHAPE_SCALAR, true, "In bytes.", ABIDE_NUMBER},
    {"align", ABIDE_SHAPE_SCALAR, true, "In bytes.", ABIDE_NUMBER}};
const struct abide_schema abide_language__decide_scalar_schema = {"a scalar", decide_scalar_keys,
                                                                  2};

static void read_decide_scalar(abide_ctx *ctx, const struct abide_yaml_entry *entry,
                               struct abide_data_model *data)
{
    const struct abide_yaml *values[2];
    unsigned scalar = 0;
    while (scalar < ABIDE_SCALAR_COUNT &&
           strcmp(abide__scalars[scalar].name, entry->key->text) != 0)
        scalar++;
    if (scalar == ABIDE_SCALAR_COUNT) {
        abide__report(ctx, ABIDE_CODE_UNKNOWN_KEY, entry->key->place, "%s is no scalar",
                      abide__quote(ctx, entry->key->text));
        return;
    }
    uint64_t size_bytes, align_bytes;
    if (!abide_schema__read(ctx, &abide_language__decide_scalar_schema, entry->value, values) ||
        !abide_schema__uint(ctx, values[0], 64, &size_bytes) ||
        !abide_schema__uint(ctx, values[1], 64, &align_bytes))
        return;
    if (align_bytes == 0 || (align_bytes & (align_bytes - 1)) != 0) {
        abide__report(ctx, ABIDE_CODE_BAD_VALUE, values[1]->place,
                      "an alignment is a power of two");
        return;
    }
    data->scalars[scalar].size_bytes = (uint32_t)size_bytes;
    data->scalars[scalar].align_bytes = (uint32_t)align_bytes;
}

static const struct abide_word reaches[] = {
    {"nested", "packing a record packs the unnamed records inside it too"},
    {NULL, NULL},
};

static const struct abide_key decide_data_keys[] = {
    {"scalars", ABIDE_SHAPE_MAPPING, false, "Scalars that the language counts differently.",
     ABIDE_HOLDS("{scalar_name: decide_scalar|nothing}")},
    {"packed_reaches", ABIDE_SHAPE_SCALAR, false,
     "`nested`: packing a record packs the unnamed records inside it too.", ABIDE_WORDS(reaches)}};
const struct abide_schema abide_language__decide_data_schema = {"'data' of 'decide'",
                                                                decide_data_keys, 2};

static void read_decide_data(abide_ctx *ctx, const struct abide_yaml *node,
                             struct abide_data_model *data)
{
    const struct abide_yaml *values[2];
    size_t word;
    if (!abide_schema__read(ctx, &abide_language__decide_data_schema, node, values))
        return;
    for (size_t i = 0; values[0] != NULL && i < values[0]->entry_count; i++)
        read_decide_scalar(ctx, abide_yaml__entry(values[0], i), data);
    data->packed_reaches_nested =
        values[1] != NULL && abide_schema__word(ctx, values[1], reaches, &word);
}

/* Identifies a data model in memo tables. Machine modules number theirs from 1 up. */
static uint32_t decide_serial(const struct abide_data_model *memory)
{
    return memory->serial | UINT32_C(0x80000000);
}

static const struct abide_key decide_keys[] = {
    {"data", ABIDE_SHAPE_MAPPING, false, "What differs from the target's data model.",
     ABIDE_HOLDS("decide_data")},
    {"represent", ABIDE_SHAPE_MAPPING, false, "What differs from `represent`.",
     ABIDE_HOLDS("{represented: representation|nothing}")},
    {"unknown", ABIDE_SHAPE_ANY, false, "Types whose size is not known: no size test holds.",
     ABIDE_HOLDS("tests")},
    {"source", ABIDE_SHAPE_SCALAR, false, "Document, release and clause.", NULL}};
const struct abide_schema abide_language__decide_schema = {"'decide' of a module", decide_keys, 4};

static void read_decide(abide_ctx *ctx, const struct abide_when_scope *scope,
                        const abide_module *module, const struct abide_yaml *tree,
                        struct abide_language *language)
{
    const struct abide_yaml *node = abide_yaml__get(tree, "decide");
    const struct abide_yaml *values[4];
    language->decide_data = module->machine->data;
    if (node == NULL || !abide_schema__read(ctx, &abide_language__decide_schema, node, values)) {
        language->decide_represent = read_represent(ctx, scope, module, NULL);
        return;
    }
    if (values[0] != NULL) {
        struct abide_data_model *data = abide__new(ctx, struct abide_data_model);
        *data = *module->machine->data;
        data->serial = decide_serial(module->machine->data);
        read_decide_data(ctx, values[0], data);
        language->decide_data = data;
    }
    language->decide_represent = read_represent(ctx, scope, module, values[1]);
    if (values[2] == NULL)
        return;
    language->decide_unknown = abide_when__read(ctx, scope, values[2]);
    if (abide_when__uses(language->decide_unknown, ABIDE_WHEN_SIZE))
        abide__report(ctx, ABIDE_CODE_BAD_VALUE, values[2]->place,
                      "whether a size is known cannot depend on the size");
}

/* --- closures --------------------------------------------------------------------------------- */

static void read_header(abide_ctx *ctx, const struct abide_yaml *node,
                        struct abide_closure_rule *closure)
{
    if (node->kind != ABIDE_YAML_SEQUENCE) {
        abide__report(ctx, ABIDE_CODE_WRONG_SHAPE, node->place,
                      "expected the words of the header as a list of numbers");
        return;
    }
    uint64_t *words = abide__new_array(ctx, uint64_t, node->entry_count);
    for (size_t i = 0; i < node->entry_count; i++)
        abide_schema__uint(ctx, abide_yaml__at(node, i), UINT64_MAX, &words[i]);
    closure->foreign_env_header = words;
    closure->foreign_env_header_words = node->entry_count;
}

static const struct abide_key foreign_env_keys[] = {
    {"when", ABIDE_SHAPE_ANY, false, "Condition on options and the target.", ABIDE_HOLDS("tests")},
    {"header", ABIDE_SHAPE_SEQUENCE, true, "Words of pointer size in front of it.",
     ABIDE_HOLDS("[number]")}};
const struct abide_schema abide_language__foreign_env_schema = {"an entry of 'foreign_env'",
                                                                foreign_env_keys, 2};

/* foreign_env: [{when: {option: ...}, header: [..]}, {header: []}]: the first that holds. */
static void read_foreign_env(abide_ctx *ctx, const struct abide_when_scope *scope,
                             const abide_module *module, const struct abide_yaml *node,
                             struct abide_closure_rule *closure)
{
    bool is_list = node->kind == ABIDE_YAML_SEQUENCE;
    size_t count = is_list ? node->entry_count : 1;
    for (size_t i = 0; i < count; i++) {
        const struct abide_yaml *values[2];
        if (!abide_schema__read(ctx, &abide_language__foreign_env_schema,
                                is_list ? abide_yaml__at(node, i) : node, values))
            return;
        const struct abide_when *when = abide_when__read(ctx, scope, values[0]);
        if (!abide_language__check_static(ctx, when))
            return;
        if (abide_language__holds(module, when, NULL)) {
            read_header(ctx, values[1], closure);
            return;
        }
    }
}

static void read_closure_convention(abide_ctx *ctx, const abide_module *module,
                                    const struct abide_yaml *node, struct abide_language *language)
{
    if (language->convention == NULL) {
        abide__report(ctx, ABIDE_CODE_UNKNOWN_MODULE_OPTION, node->place,
                      "no option of this module is chosen per function");
        return;
    }
    language->closure.convention = abide_language__option_value(
        ctx, module->name, language->convention, node->text, node->place);
}

enum {
    CODE,
    ENV,
    DROP,
    PARAMETER,
    CONVENTION,
    NULL_ENV,
    FOREIGN_ENV,
    MADE_ENV,
    CLOSURE_SOURCE,
    CLOSURE_KEYS
};

/* More would be no header. */
#define ABIDE_MADE_ENV_MAX_WORDS 64

static const struct abide_word null_env_words[] = {
    {"omit", "code whose environment is null is called without the argument"},
    {"pass", "the argument is passed, null or not"},
    {NULL, NULL},
};

static const struct abide_key closure_keys[CLOSURE_KEYS] = {
    [CODE] = {"code", ABIDE_SHAPE_SCALAR, true, "The member that holds the code pointer.", NULL},
    [ENV] = {"env", ABIDE_SHAPE_SCALAR, true, "The member that holds the environment.", NULL},
    [DROP] = {"drop", ABIDE_SHAPE_SCALAR, false,
              "The member that holds the function that ends the environment, where one is.", NULL},
    [PARAMETER] = {"parameter", ABIDE_SHAPE_SCALAR, false,
                   "Name of the environment's parameter in prototypes.", NULL},
    [CONVENTION] = {"convention", ABIDE_SHAPE_SCALAR, false,
                    "Of a closure's code, where its type gives none.", NULL},
    [NULL_ENV] = {"null_env", ABIDE_SHAPE_SCALAR, false,
                  "`omit`: code whose environment is null is called without the argument; "
                  "`pass`: with it.",
                  ABIDE_WORDS(null_env_words)},
    [FOREIGN_ENV] = {"foreign_env", ABIDE_SHAPE_MAPPING | ABIDE_SHAPE_SEQUENCE, false,
                     "What must stand in front of an environment made elsewhere.",
                     ABIDE_HOLDS("foreign_env|[foreign_env]")},
    [MADE_ENV] = {"made_env", ABIDE_SHAPE_SCALAR, false,
                  "Words of its own with which an environment starts that the runtime makes.",
                  ABIDE_NUMBER},
    [CLOSURE_SOURCE] = {"source", ABIDE_SHAPE_SCALAR, false, "Document, release and clause.",
                        NULL}};
const struct abide_schema abide_language__closure_schema = {"'closure' of a module", closure_keys,
                                                            CLOSURE_KEYS};

static void read_closure(abide_ctx *ctx, const struct abide_when_scope *scope,
                         const abide_module *module, const struct abide_yaml *tree,
                         struct abide_language *language)
{
    struct abide_closure_rule *closure = &language->closure;
    const struct abide_yaml *node = abide_yaml__get(tree, "closure");
    const struct abide_yaml *values[CLOSURE_KEYS];
    size_t word;
    closure->env_name = "env";
    if (node == NULL || !abide_schema__read(ctx, &abide_language__closure_schema, node, values))
        return;
    closure->is_present = true;
    closure->place = node->place;
    closure->code_member = values[CODE]->text;
    closure->env_member = values[ENV]->text;
    if (values[DROP] != NULL)
        closure->drop_member = values[DROP]->text;
    if (values[MADE_ENV] != NULL)
        abide_schema__uint(ctx, values[MADE_ENV], ABIDE_MADE_ENV_MAX_WORDS,
                           &closure->made_env_words);
    if (values[PARAMETER] != NULL)
        closure->env_name = values[PARAMETER]->text;
    if (values[CONVENTION] != NULL)
        read_closure_convention(ctx, module, values[CONVENTION], language);
    if (values[NULL_ENV] != NULL &&
        abide_schema__word(ctx, values[NULL_ENV], null_env_words, &word))
        closure->null_env_omits_argument = word == 0;
    if (values[FOREIGN_ENV] != NULL)
        read_foreign_env(ctx, scope, module, values[FOREIGN_ENV], closure);
}

/* What a member of this name is; NULL: the record has none. */
static const struct abide_template *find_member(const struct abide_template *template,
                                                const char *name)
{
    for (size_t i = 0; template->op == ABIDE_TEMPLATE_RECORD && i < template->member_count; i++) {
        const struct abide_template_member *member = &template->members[i];
        if (member->name != NULL && strcmp(member->name, name) == 0)
            return member->type;
    }
    return NULL;
}

static bool has_member(const struct abide_template *template, const char *name,
                       enum abide_template_op op)
{
    const struct abide_template *member = find_member(template, name);
    return member != NULL && member->op == op;
}

/* The planner finds code, environment and what ends it by these names in whatever represents a closure. */
static void check_closure(abide_ctx *ctx, const struct abide_language *language)
{
    const struct abide_closure_rule *closure = &language->closure;
    const struct abide_representation *form =
        abide_language__represents(language->represent, ABIDE_KIND_CLOSURE);
    for (size_t i = 0; closure->is_present && i < form->choice_count; i++) {
        const struct abide_template *as = form->choices[i].as;
        const char *drop = closure->drop_member;
        bool drops_well = drop == NULL || find_member(as, drop) == NULL ||
                          has_member(as, drop, ABIDE_TEMPLATE_FUNCTION);
        if (drops_well && has_member(as, closure->code_member, ABIDE_TEMPLATE_CODE) &&
            has_member(as, closure->env_member, ABIDE_TEMPLATE_POINTER))
            continue;
        abide_diag *diag =
            drops_well ? abide__report(
                             ctx, ABIDE_CODE_BAD_TEMPLATE, as->place,
                             "the representation of a closure has no code '%s' and no pointer '%s'",
                             closure->code_member, closure->env_member)
                       : abide__report(ctx, ABIDE_CODE_BAD_TEMPLATE, as->place,
                                       "the member '%s' of a closure must be a function, such as "
                                       "{function: [mutptr<void>]}",
                                       drop);
        abide__diag_note(ctx, diag, closure->place, "named here");
    }
}

/* --- all together ------------------------------------------------------------------------------ */

static void find_convention(struct abide_language *language)
{
    for (size_t i = 0; i < language->option_count; i++) {
        if (language->options[i].is_convention)
            language->convention = &language->options[i];
    }
}

bool abide_language__read(abide_ctx *ctx, struct abide_module *module,
                          const struct abide_yaml *tree)
{
    size_t errors = abide__error_count(ctx);
    struct abide_language *language = abide__new(ctx, struct abide_language);
    struct abide_when_scope *scope = abide__new(ctx, struct abide_when_scope);
    abide_language__read_options(ctx, tree, &language->options, &language->option_count);
    find_convention(language);
    module->language = language;
    read_facts(ctx, tree, language);
    scope->options = language->options;
    scope->option_count = language->option_count;
    scope->facts = language->facts;
    scope->fact_count = language->fact_count;
    abide_values__read_forms(ctx, tree, language);
    scope->forms = language->forms;
    scope->form_count = language->form_count;
    if (module->is_language) {
        read_predicates(ctx, tree, scope);
        if (!read_lowers_to(ctx, module, scope, tree, language))
            return false;
    }
    language->represent = read_represent(ctx, scope, module, abide_yaml__get(tree, "represent"));
    read_decide(ctx, scope, module, tree, language);
    abide_hooks__read(ctx, scope, module, tree, language);
    abide_values__read(ctx, scope, tree, language);
    abide_gather__read(ctx, scope, module, tree, language);
    abide_rewrite__read(ctx, scope, module, tree, language);
    read_closure(ctx, scope, module, tree, language);
    if (!module->is_built_in)
        check_closure(ctx, language);
    abide_objects__read(ctx, tree, language);
    if (module->is_language)
        abide_rules__read_extend(ctx, abide_yaml__get(tree, "extend"), &language->extend_args,
                                 &language->extend_results);
    return abide__error_count(ctx) == errors;
}

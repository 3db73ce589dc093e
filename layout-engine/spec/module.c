/* Loads modules: from a reference and a target to a module whose every mistake has been reported. */
#include "spec/keys.h"
#include "spec/module.h"

#include "abide/author.h"

#include "base/diag.h"
#include "base/schema.h"
#include "spec/condition.h"
#include "spec/language.h"
#include "spec/machine.h"
#include "spec/modules.h"
#include "spec/resolve.h"
#include "spec/variant.h"

#include <string.h>

/* --- the keys of a module --- */

#define SCALAR   ABIDE_SHAPE_SCALAR
#define SEQUENCE ABIDE_SHAPE_SEQUENCE
#define MAPPING  ABIDE_SHAPE_MAPPING
#define LANGUAGE ABIDE_SHAPE_ANY /* read by abide_language__read */

static const struct abide_word formats[] = {
    {"1", "the only one there is"},
    {NULL, NULL},
};
static const struct abide_word bank_words[] = {
    {"same", "those of the arguments"},
    {NULL, NULL},
};

/* In the order in which they are usually written. */
static const struct abide_key module_keys[] = {
    {"abide", SCALAR, true, "the version of the format: 1", ABIDE_WORDS(formats)},
    {"module", MAPPING, true, "name, version, level and what it extends", ABIDE_HOLDS("head")},
    {"lowers_to", LANGUAGE, false, "the machine module that calls go to",
     ABIDE_HOLDS("text|lowering|[text|lowering]")},
    {"options", LANGUAGE, false, "what a reference can choose", ABIDE_HOLDS("{option|nothing}")},
    {"overrides", MAPPING, false, "what options and the target change",
     ABIDE_HOLDS("{override|nothing}")},
    {"target", MAPPING, false, "architecture, byte order, size of a pointer, triples",
     ABIDE_HOLDS("target")},
    {"data", MAPPING, false, "sizes, alignments and formats; rules for records",
     ABIDE_HOLDS("data")},
    {"registers", MAPPING, false, "every register that the module names, in groups",
     ABIDE_HOLDS("{registers|nothing}")},
    {"banks", MAPPING, false, "registers for arguments, in the order of use",
     ABIDE_HOLDS("{bank|nothing}")},
    {"return_banks", SCALAR | MAPPING, false, "registers for results",
     ABIDE_WORDS_IN(bank_words, "word|{bank|nothing}")},
    {"stack", MAPPING, false, "where arguments lie that have no register", ABIDE_HOLDS("stack")},
    {"block", MAPPING, false, "instead of `stack`: every argument has a position",
     ABIDE_HOLDS("stack")},
    {"return_block", MAPPING, false, "positions of results", ABIDE_HOLDS("stack")},
    {"classes", MAPPING, false, "classes of leaves, and how they merge", ABIDE_HOLDS("classes")},
    {"facts", LANGUAGE, false, "facts of types, parameters and results that it tests",
     ABIDE_HOLDS("facts")},
    {"predicates", MAPPING, false, "conditions with names",
     ABIDE_HOLDS("{conditions|tests|nothing}")},
    {"args_first", SEQUENCE, false, "rules that stand before those taken over",
     ABIDE_HOLDS("[rule]")},
    {"args", SEQUENCE, false, "rules for arguments, tried in order", ABIDE_HOLDS("[rule]")},
    {"returns_first", SEQUENCE, false, "rules that stand before those taken over",
     ABIDE_HOLDS("[rule]")},
    {"returns", SEQUENCE, false, "rules for results, tried in order", ABIDE_HOLDS("[rule]")},
    {"budget", MAPPING, false, "registers that a compiler counts before it gives any out",
     ABIDE_HOLDS("budget")},
    {"hidden", MAPPING, false, "facts about the memory of results", ABIDE_HOLDS("hidden")},
    {"variadic", MAPPING, false, "what a variadic call needs besides", ABIDE_HOLDS("variadic")},
    {"extend", SCALAR | MAPPING, false, "who fills the upper bits of short integers, and how far",
     ABIDE_HOLDS("extension|extend")},
    {"special", MAPPING, false, "registers with a purpose of their own", ABIDE_HOLDS("special")},
    {"preserved", SCALAR | SEQUENCE, false, "registers that a callee leaves as they were",
     ABIDE_HOLDS("registers")},
    {"call", MAPPING, false, "the instruction that calls, where it is not the processor's own",
     ABIDE_HOLDS("call")},
    {"return", MAPPING, false, "the instruction that returns", ABIDE_HOLDS("return")},
    {"errors", MAPPING, false, "how functions report that they failed",
     ABIDE_HOLDS("{error_rule|nothing}")},
    {"link_name", SCALAR, false, "how symbols are spelt: _$name", NULL},
    {"conventions", SEQUENCE, false, "words for conventions of functions that mean this ABI",
     ABIDE_HOLDS("[text]")},
    {"in_c", MAPPING | SCALAR, false, "how C compilers are made to speak it",
     ABIDE_WORDS_IN(abide_compilers__none, "word|in_c")},
    {"deviations_first", SEQUENCE, false, "those that stand before the ones taken over",
     ABIDE_HOLDS("[deviation]")},
    {"deviations", SEQUENCE, false, "values about which a compiler does otherwise",
     ABIDE_HOLDS("[deviation]")},
    {"niche", LANGUAGE, false, "types whose values never start with a null pointer",
     ABIDE_HOLDS("tests")},
    {"represent", LANGUAGE, false, "abstract types in simpler ones",
     ABIDE_HOLDS("{represented: representation|nothing}")},
    {"forms", LANGUAGE, false, "the forms of some types among which an interface can choose",
     ABIDE_HOLDS("{formed: nothing|[+text]}")},
    {"decide", LANGUAGE, false, "how the language itself counts sizes", ABIDE_HOLDS("decide")},
    {"params_first", LANGUAGE, false, "rules that stand before those taken over",
     ABIDE_HOLDS("[rewrite]")},
    {"params", LANGUAGE, false, "rewriting of parameters", ABIDE_HOLDS("[rewrite]")},
    {"results_first", LANGUAGE, false, "rules that stand before those taken over",
     ABIDE_HOLDS("[rewrite]")},
    {"results", LANGUAGE, false, "rewriting of results", ABIDE_HOLDS("[rewrite]")},
    {"out", LANGUAGE, false, "facts about memory that out pointers name", ABIDE_HOLDS("out")},
    {"after_return", LANGUAGE, false, "what callers call when they have read a moved result", NULL},
    {"order", LANGUAGE, false, "the order of rewritten parameters", ABIDE_HOLDS("[group]")},
    {"closure", LANGUAGE, false, "code pointers with an environment", ABIDE_HOLDS("closure")},
    {"objects", LANGUAGE, false, "what objects of interfaces are besides their vtables",
     ABIDE_HOLDS("objects")},
    {"flatten", LANGUAGE, false, "what values become that are passed in words",
     ABIDE_HOLDS("flatten")},
    {"owned", LANGUAGE, false, "how memory comes and goes that values own", ABIDE_HOLDS("[owned]")},
    {"gather", LANGUAGE, false, "when many parameters are passed as one record",
     ABIDE_HOLDS("[gather]")},
    {"gives", LANGUAGE, false, "which parameters callers give away in any case",
     ABIDE_HOLDS("tests")},
    {"consumes", LANGUAGE, false, "which `own` parameters are really given away",
     ABIDE_HOLDS("tests")},
    {"lends", LANGUAGE, false, "which results with a lender are really lent", ABIDE_HOLDS("tests")},
    {"ends_loans", LANGUAGE, false,
     "which parameters' borrowed handles from elsewhere the callee drops", ABIDE_HOLDS("tests")},
    {"assumes", LANGUAGE, false, "what its code counts on in the values that it gets",
     ABIDE_HOLDS("[validity]")},
    {"ensures", LANGUAGE, false, "what its code cannot get wrong in the values that it makes",
     ABIDE_HOLDS("[validity]")},
    {"hooks", LANGUAGE, false, "what an adapter calls for the language's runtime",
     ABIDE_HOLDS("{hook|nothing}")},
    {"vectors", MAPPING, false, "examples with their answers, which `abide lint` recomputes",
     ABIDE_HOLDS("vectors")},
};
#define MODULE_KEYS (sizeof module_keys / sizeof *module_keys)
const struct abide_schema abide_module__schema = {"a module", module_keys, MODULE_KEYS};

enum {
    HEAD_NAME,
    HEAD_VERSION,
    HEAD_LEVEL,
    HEAD_EXTENDS,
    HEAD_ABSTRACT,
    HEAD_OF,
    HEAD_CONVENTION,
    HEAD_SYMBOL_PREFIX,
    HEAD_CONST_POINTERS,
    HEAD_SOURCE,
    HEAD_SUMMARY,
    HEAD_KEYS
};
static const struct abide_word levels[] = {
    {"machine", "registers, the stack, and the data model of C"},
    {"language", "rewrites types and signatures, and lowers to a machine module"},
    {NULL, NULL},
};
static const struct abide_key head_keys[HEAD_KEYS] = {
    [HEAD_NAME] = {"name", SCALAR, true, "how references call it", NULL},
    [HEAD_VERSION] = {"version", SCALAR, true, "three numbers, by semantic versioning", NULL},
    [HEAD_LEVEL] = {"level", SCALAR, true, "`machine` or `language`", ABIDE_WORDS(levels)},
    [HEAD_EXTENDS] = {"extends", SCALAR, false, "the module it takes over", NULL},
    [HEAD_ABSTRACT] = {"abstract", SCALAR, false, "`true`: only to be extended", ABIDE_FLAG},
    [HEAD_OF] = {"of", SCALAR, false, "the C ABI that it is a variant of", NULL},
    [HEAD_CONVENTION] = {"convention", SCALAR, false, "how references call the variant", NULL},
    [HEAD_SYMBOL_PREFIX] = {"symbol_prefix", SCALAR, false, "what its thunks are called by", NULL},
    [HEAD_CONST_POINTERS] = {"const_pointers", SCALAR, false,
                             "`true`: its prototypes say `const` of what is only read", ABIDE_FLAG},
    [HEAD_SOURCE] = {"source", SCALAR, false, "document and release", NULL},
    [HEAD_SUMMARY] = {"summary", SCALAR, false, "one line for people", NULL},
};
const struct abide_schema abide_module__head_schema = {"'module'", head_keys, HEAD_KEYS};

static const char *text_of(const struct abide_yaml *node)
{
    return node && node->kind == ABIDE_YAML_SCALAR ? node->text : NULL;
}

static bool read_identity(abide_ctx *ctx, struct abide_module *module,
                          const struct abide_yaml *tree)
{
    const struct abide_yaml *values[MODULE_KEYS], *head[HEAD_KEYS];
    size_t errors = abide__error_count(ctx), level = 0;
    if (!module->is_built_in)
        abide_schema__read(ctx, &abide_module__schema, tree, values);
    if (!abide_schema__read(ctx, &abide_module__head_schema, abide_yaml__get(tree, "module"), head))
        return false;
    module->name = head[HEAD_NAME]->text;
    module->version = head[HEAD_VERSION]->text;
    module->summary = text_of(head[HEAD_SUMMARY]);
    module->source_document = text_of(head[HEAD_SOURCE]);
    module->symbol_prefix = text_of(head[HEAD_SYMBOL_PREFIX]);
    module->of = text_of(head[HEAD_OF]);
    module->convention = text_of(head[HEAD_CONVENTION]);
    module->place = head[HEAD_NAME]->place;
    module->tree = tree;
    if (abide_schema__word(ctx, head[HEAD_LEVEL], levels, &level))
        module->is_language = level == 1;
    if (head[HEAD_CONST_POINTERS])
        abide_schema__bool(ctx, head[HEAD_CONST_POINTERS], &module->const_pointers);
    bool is_abstract = false;
    if (head[HEAD_ABSTRACT] && abide_schema__bool(ctx, head[HEAD_ABSTRACT], &is_abstract) &&
        is_abstract) {
        abide_diag *diag = abide__report(ctx, ABIDE_CODE_ABSTRACT_MODULE, head[HEAD_NAME]->place,
                                         "module '%s' is no ABI by itself", module->name);
        abide__diag_help(ctx, diag, "other modules extend it");
    }
    return errors == abide__error_count(ctx);
}

/* --- options --- */

static const struct abide_reference_option *given_option(const struct abide_reference *reference,
                                                         const char *name)
{
    for (size_t i = 0; i < reference->option_count; i++)
        if (strcmp(reference->options[i].name, name) == 0)
            return &reference->options[i];
    return NULL;
}

struct option_list {
    const struct abide_option_decl *items;
    size_t count;
};

static const char *option_at(const void *user, size_t index)
{
    const struct option_list *options = user;
    return index < options->count ? options->items[index].name : NULL;
}

static bool check_given(abide_ctx *ctx, const struct abide_module *module,
                        const struct abide_reference *reference, struct option_list declared)
{
    bool fine = true;
    for (size_t i = 0; i < reference->option_count; i++) {
        const char *name = reference->options[i].name, *known;
        size_t j = 0;
        while ((known = option_at(&declared, j)) && strcmp(known, name) != 0)
            j++;
        if (known)
            continue;
        abide_diag *diag =
            abide__report(ctx, ABIDE_CODE_UNKNOWN_MODULE_OPTION, reference->place,
                          "module '%s' has no option %s", module->name, abide__quote(ctx, name));
        const char *nearest = abide__nearest(name, option_at, &declared);
        if (nearest)
            abide__diag_help(ctx, diag, "did you mean '%s'?", nearest);
        fine = false;
    }
    return fine;
}

static bool set_options(abide_ctx *ctx, struct abide_module *module,
                        const struct abide_reference *reference, struct option_list declared)
{
    struct abide_option_value *values =
        abide__new_array(ctx, struct abide_option_value, declared.count);
    bool fine = check_given(ctx, module, reference, declared);
    for (size_t i = 0; i < declared.count; i++) {
        const struct abide_option_decl *option = &declared.items[i];
        const struct abide_reference_option *given = given_option(reference, option->name);
        values[i].name = option->name;
        values[i].value = given ? abide_language__option_value(ctx, module->name, option,
                                                               given->value, reference->place)
                                : option->default_value;
        fine = fine && values[i].value;
    }
    module->options = values;
    module->option_count = declared.count;
    return fine;
}

/* The options as one interned text, to tell loaded modules apart. */
static const char *options_text(abide_ctx *ctx, const struct abide_module *module)
{
    struct abide_text text = {0};
    abide__text_add(ctx, &text, "", 0);
    for (size_t i = 0; i < module->option_count; i++)
        abide__text_printf(ctx, &text, "%s=%s,", module->options[i].name, module->options[i].value);
    return abide__intern_text(ctx, text.chars);
}

/* --- overrides --- */

/* What an override says besides keys of a module. */
static const struct abide_key when_key = {
    "when", ABIDE_SHAPE_ANY, true, "options, or properties of the target, that bring it about",
    ABIDE_HOLDS("conditions")};
static const struct abide_key source_key = {"source", SCALAR, false, "document, release, clause",
                                            NULL};

static bool may_override(const char *key)
{
    static const char *const fixed[] = {"abide", "module", "options", "overrides", "target"};
    for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++)
        if (strcmp(fixed[i], key) == 0)
            return false;
    return true;
}

const struct abide_key *abide_module__override_key(size_t index)
{
    if (index < 2)
        return index == 0 ? &when_key : &source_key;
    index -= 2;
    for (size_t i = 0; i < MODULE_KEYS; i++)
        if (may_override(module_keys[i].name) && index-- == 0)
            return &module_keys[i];
    return NULL;
}

static bool check_override(abide_ctx *ctx, const struct abide_yaml *change)
{
    struct abide_key keys[MODULE_KEYS + 2];
    const struct abide_key *key;
    size_t count = 0;
    for (; key = abide_module__override_key(count), key; count++)
        keys[count] = *key;
    const struct abide_schema schema = {"an override", keys, count};
    const struct abide_yaml *values[MODULE_KEYS + 2];
    return abide_schema__read(ctx, &schema, change, values);
}

/* In the order of the file; a later one sees nothing of what an earlier one changed. NULL: reported. */
static const struct abide_yaml *apply_overrides(abide_ctx *ctx, struct abide_module *module,
                                                const struct abide_yaml *tree,
                                                struct option_list options)
{
    const struct abide_yaml *overrides = abide_yaml__get(tree, "overrides");
    struct abide_condition_scope *scope =
        abide_condition__scope(ctx, module, tree, options.items, options.count);
    size_t errors = abide__error_count(ctx);
    for (size_t i = 0; overrides && i < overrides->entry_count; i++) {
        const struct abide_yaml *change = abide_yaml__at(overrides, i);
        if ((module->is_built_in || check_override(ctx, change)) &&
            abide_condition__holds_always(ctx, scope, abide_yaml__get(change, "when")))
            tree = abide_resolve__override(ctx, tree, change);
    }
    module->tree = tree;
    return errors == abide__error_count(ctx) ? tree : NULL;
}

/* --- levels --- */

static bool check_system(abide_ctx *ctx, const struct abide_module *module,
                         const struct abide_target *target, struct abide_place place)
{
    if (abide_target__admits(abide_yaml__get(module->tree, "target"), target->triple))
        return true;
    abide__report(ctx, ABIDE_CODE_WRONG_TARGET, place,
                  "module '%s' is not for the system of the target, %s", module->name,
                  target->triple);
    return false;
}

/* A module that is named outright need not be the C ABI of the target, but must run on it. */
static bool check_target(abide_ctx *ctx, const struct abide_module *module,
                         const struct abide_target *own, const struct abide_target *target,
                         struct abide_place place)
{
    if (strcmp(own->arch, target->arch) == 0 && own->big_endian == target->big_endian &&
        own->pointer_bytes == target->pointer_bytes)
        return check_system(ctx, module, target, place);
    abide_diag *diag = abide__report(
        ctx, ABIDE_CODE_WRONG_TARGET, place,
        "module '%s' is for %s with %u-byte pointers, %s-endian; the target is %s", module->name,
        own->arch, own->pointer_bytes, own->big_endian ? "big" : "little", target->triple);
    const struct abide_yaml *triples =
        abide_yaml__get(abide_yaml__get(module->tree, "target"), "triples");
    if (triples && triples->kind == ABIDE_YAML_MAPPING && triples->entry_count)
        abide__diag_help(ctx, diag, "say which target: --target %s",
                         abide_yaml__key_at(triples, 0)->text);
    return false;
}

static void set_target(struct abide_module *module, const struct abide_target *target)
{
    module->triple = target->triple;
    module->arch = target->arch;
    module->os = target->os;
    module->pointer_bytes = target->pointer_bytes;
    module->big_endian = target->big_endian;
}

static bool read_machine(abide_ctx *ctx, struct abide_module *module, const struct abide_yaml *tree,
                         const struct abide_target *target, struct option_list options,
                         struct abide_place place)
{
    struct abide_target own = {0};
    size_t errors = abide__error_count(ctx);
    if (!abide_target__read(ctx, tree, &own) || !check_target(ctx, module, &own, target, place))
        return false;
    if (own.os)
        module->os = own.os;
    module->machine = module;
    static const char *const needed[] = {"args", "returns"};
    for (size_t i = 0; i < sizeof needed / sizeof *needed; i++)
        if (!abide_yaml__get(tree, needed[i]))
            abide__report(ctx, ABIDE_CODE_MISSING_KEY, tree->place,
                          "a machine module needs the key '%s'", needed[i]);
    abide_machine__read(ctx, module, tree, options.items, options.count,
                        ++abide_modules__of(ctx)->data_serial);
    return errors == abide__error_count(ctx);
}

/* A language module answers questions about the machine as the module does that it lowers to. */
static void take_machine(struct abide_module *module)
{
    const struct abide_module *machine = module->machine;
    module->data = machine->data;
    module->banks = machine->banks;
    module->bank_count = machine->bank_count;
    module->return_banks = machine->return_banks;
    module->return_bank_count = machine->return_bank_count;
    module->budget_banks = machine->budget_banks;
    module->budget_bank_count = machine->budget_bank_count;
    module->stack = machine->stack;
    module->return_stack = machine->return_stack;
    module->rules_text = machine->rules_text;
    module->compilers = machine->compilers;
    module->vector_count_register = machine->vector_count_register;
    module->indirect_result_register = machine->indirect_result_register;
    module->static_chain_register = machine->static_chain_register;
    module->scratch = machine->scratch;
    module->scratch_count = machine->scratch_count;
    module->preserved = machine->preserved;
    module->preserved_count = machine->preserved_count;
    module->link_name = machine->link_name;
    module->hidden_exclusive = machine->hidden_exclusive;
}

/* --- loading --- */

static const abide_module *find_loaded(abide_ctx *ctx, const struct abide_spec_file *file,
                                       const char *triple, const char *options)
{
    struct abide_modules *modules = abide_modules__of(ctx);
    for (size_t i = 0; i < modules->loaded.count; i++) {
        const struct abide_loaded *loaded = &modules->loaded.items[i];
        if (loaded->file == file && loaded->triple == triple && loaded->options == options)
            return loaded->module;
    }
    return NULL;
}

static bool check_loading(abide_ctx *ctx, const struct abide_spec_file *file,
                          struct abide_place place)
{
    for (const struct abide_loading *loading = abide_modules__of(ctx)->loading; loading;
         loading = loading->outer)
        if (loading->file == file) {
            abide__report(ctx, ABIDE_CODE_LOWERING_CYCLE, place, "module '%s' lowers to itself",
                          file->name);
            return false;
        }
    return true;
}

static bool read_levels(abide_ctx *ctx, struct abide_module *module, const struct abide_yaml *tree,
                        const struct abide_target *target, struct option_list options,
                        struct abide_place place)
{
    if (!module->is_language && !read_machine(ctx, module, tree, target, options, place))
        return false;
    if (!abide_language__read(ctx, module, tree))
        return false;
    if (module->is_language)
        take_machine(module);
    return true;
}

static const abide_module *build(abide_ctx *ctx, struct abide_spec_file *file,
                                 const struct abide_reference *reference,
                                 const struct abide_target *target)
{
    const struct abide_yaml *tree = abide_resolve__tree(ctx, file);
    struct abide_module *module = abide__new(ctx, struct abide_module);
    struct option_list declared;
    module->is_built_in = file->is_built_in;
    if (!tree || !read_identity(ctx, module, tree) ||
        !abide_language__read_options(ctx, tree, &declared.items, &declared.count) ||
        !set_options(ctx, module, reference, declared))
        return NULL;
    const char *options = options_text(ctx, module);
    const abide_module *loaded = find_loaded(ctx, file, target->triple, options);
    if (loaded)
        return loaded;
    struct abide_modules *modules = abide_modules__of(ctx);
    struct abide_loading loading = {file, modules->loading};
    if (!check_loading(ctx, file, reference->place))
        return NULL;
    modules->loading = &loading;
    set_target(module, target);
    tree = apply_overrides(ctx, module, tree, declared);
    bool fine = tree && read_levels(ctx, module, tree, target, declared, reference->place);
    modules->loading = loading.outer;
    if (!fine)
        return NULL;
    struct abide_loaded entry = {file, target->triple, options, module};
    abide__push(ctx, &modules->loaded, entry);
    return module;
}

/* --- which file a reference means --- */

/* `c/fastcall`: the module that declares itself that variant of the target's C ABI. */
static struct abide_spec_file *find_variant(abide_ctx *ctx, const struct abide_reference *reference,
                                            const struct abide_target *target)
{
    size_t errors = abide__error_count(ctx);
    struct abide_spec_file *file =
        abide_variant__file(ctx, target->file->name, reference->convention);
    if (!file && abide__error_count(ctx) == errors)
        abide__report(ctx, ABIDE_CODE_UNKNOWN_MODULE, reference->place, "'%s' has no variant %s",
                      target->file->name, abide__quote(ctx, reference->convention));
    return file;
}

static struct abide_spec_file *find_file(abide_ctx *ctx, const struct abide_reference *reference,
                                         const struct abide_target *target)
{
    if (reference->path)
        return abide_search__add(ctx, reference->path);
    if (strcmp(reference->name, "c") == 0 && !target->file) {
        abide_target__report_unknown(ctx, target->asked, reference->place);
        return NULL;
    }
    if (reference->convention)
        return find_variant(ctx, reference, target);
    if (strcmp(reference->name, "c") == 0)
        return target->file;
    return abide_search__find(ctx, reference->name, reference->version, reference->place);
}

static const abide_module *load(abide_ctx *ctx, const char *text, const char *triple)
{
    struct abide_reference reference;
    if (!abide_reference__parse(ctx, text, ABIDE_NOWHERE, &reference))
        return NULL;
    const struct abide_target *target = abide_target__find(ctx, triple, ABIDE_NOWHERE);
    struct abide_spec_file *file = target ? find_file(ctx, &reference, target) : NULL;
    return file ? build(ctx, file, &reference, target) : NULL;
}

/* Whether a module whose `options` these are could have been asked for this one. */
static bool has_option_value(const struct abide_yaml *options,
                             const struct abide_option_value *wanted)
{
    const struct abide_yaml *option = options ? abide_yaml__get(options, wanted->name) : NULL;
    const struct abide_yaml *values = option ? abide_yaml__get(option, "values") : NULL;
    for (size_t i = 0; values && i < values->entry_count; i++)
        if (abide_yaml__at(values, i)->kind == ABIDE_YAML_SCALAR &&
            strcmp(abide_yaml__at(values, i)->text, wanted->value) == 0)
            return true;
    return option && !values; /* a version */
}

/*
 * With the same options. What the variant does not know does not concern it: only clang compiles a function with an attribute
 * that gcc has not, whichever compiler the other functions are meant for.
 */
static const abide_module *build_variant(abide_ctx *ctx, struct abide_spec_file *file,
                                         const abide_module *module, struct abide_place place)
{
    const struct abide_target *target = abide_target__find(ctx, module->triple, place);
    const struct abide_yaml *tree = abide_resolve__tree(ctx, file);
    const struct abide_yaml *known = tree ? abide_yaml__get(tree, "options") : NULL;
    struct abide_reference reference = {.name = file->name, .place = place};
    struct abide_reference_option *options =
        abide__new_array(ctx, struct abide_reference_option, module->option_count);
    for (size_t i = 0; i < module->option_count; i++)
        if (has_option_value(known, &module->options[i]))
            options[reference.option_count++] =
                (struct abide_reference_option){module->options[i].name, module->options[i].value};
    reference.options = options;
    return target && tree ? build(ctx, file, &reference, target) : NULL;
}

const abide_module *abide_module__variant(abide_ctx *ctx, const abide_module *module,
                                          const char *convention, struct abide_place place)
{
    const char *plain = module->of ? module->of : module->name;
    if (module->convention && strcmp(module->convention, convention) == 0)
        return module;
    struct abide_spec_file *file = abide_variant__file(ctx, plain, convention);
    if (!file && abide_variant__is_plain(ctx, plain, convention))
        file = abide_variant__plain_file(ctx, plain);
    if (!file)
        return NULL;
    return strcmp(file->name, module->name) == 0 ? module : build_variant(ctx, file, module, place);
}

const abide_module *abide_module_load(abide_ctx *ctx, const char *reference, const char *target)
{
    struct abide_guard guard;
    const struct abide_loading *loading = ctx->modules ? ctx->modules->loading : NULL;
    if (setjmp(*abide__guard_enter(ctx, &guard))) {
        if (ctx->modules)
            ctx->modules->loading = loading;
        return NULL;
    }
    const abide_module *module = load(ctx, reference, target);
    abide__guard_leave(ctx, &guard);
    return module;
}

const char *abide_module__key_at(size_t index)
{
    return index < MODULE_KEYS ? module_keys[index].name : NULL;
}

const char *abide_module_key_doc(const char *key)
{
    for (size_t i = 0; i < MODULE_KEYS; i++)
        if (strcmp(module_keys[i].name, key) == 0)
            return module_keys[i].doc;
    return NULL;
}

bool abide_module_add_file(abide_ctx *ctx, const char *path)
{
    struct abide_guard guard;
    if (setjmp(*abide__guard_enter(ctx, &guard)))
        return false;
    bool fine = abide_search__add(ctx, path) != NULL;
    abide__guard_leave(ctx, &guard);
    return fine;
}

/* --- accessors --- */

const char *abide_module_name(const abide_module *module)
{
    return module->name;
}

const char *abide_module_version(const abide_module *module)
{
    return module->version;
}

const char *abide_module_target(const abide_module *module)
{
    return module->triple;
}

const char *abide_module_level(const abide_module *module)
{
    return module->is_language ? "language" : "machine";
}

bool abide_module_is_big_endian(const abide_module *module)
{
    return module->big_endian;
}

const char *abide_module_summary(const abide_module *module)
{
    return module->summary;
}

const abide_module *abide_module_machine(const abide_module *module)
{
    return module->machine;
}

size_t abide_module_option_count(const abide_module *module)
{
    return module->option_count;
}

const char *abide_module_option_name_at(const abide_module *module, size_t index)
{
    return module->options[index].name;
}

const char *abide_module_option_value_at(const abide_module *module, size_t index)
{
    return module->options[index].value;
}

/* Interface files: from the text to types and functions, and the accessors of what was read. */
#include "types/iface.h"

#include "types/iface_reader.h"
#include "types/iface_schema.h"
#include "types/name.h"

#include <string.h>

/* ---- the parts of a file --------------------------------------------------------------------------- */

/*
 * A comma inside {...} that should be part of a type makes the rest of the type a key without a value: {a: array<f32, 3>}
 * has the keys `a` and `3>`. All such places are reported, and nothing is read then. The depth is that of YAML.
 */
static bool find_split_types(abide_ctx *ctx, const struct abide_yaml *node)
{
    bool found = false;
    for (size_t i = 0; i < node->entry_count; i++) {
        const struct abide_yaml_entry *entry = abide_yaml__entry(node, i);
        if (entry->key && entry->value->null && strpbrk(entry->key->text, "<>()")) {
            abide_diag *diag =
                abide__report(ctx, ABIDE_CODE_SPLIT_TYPE, entry->key->place,
                              "a comma inside {...} ends the entry, so %s is a key of its own",
                              abide__quote(ctx, entry->key->text));
            if (i > 0)
                abide__diag_note(ctx, diag, entry[-1].value->place, "the type began here");
            abide__diag_help(
                ctx, diag,
                "write `;` for `,` inside the type, as in {a: array<f32; 3>}, or use block style");
            found = true;
        } else if (entry->value->entry_count > 0) {
            found = find_split_types(ctx, entry->value) || found;
        }
    }
    return found;
}

static bool check_version(abide_ctx *ctx, const struct abide_yaml *node)
{
    if (strcmp(node->text, "1") == 0)
        return true;
    abide_diag *diag =
        abide__report(ctx, ABIDE_CODE_UNKNOWN_VERSION, node->place,
                      "version %s of the format is not known", abide__quote(ctx, node->text));
    abide__diag_help(ctx, diag, "this release reads `abide: 1`");
    return false;
}

/* A hook's symbol, for one type or for all. */
static void add_hook(struct iface_reader *reader, const struct abide_yaml *name,
                     const abide_type *type, const struct abide_yaml *symbol)
{
    abide_ctx *ctx = reader->ctx;
    if (symbol->kind != ABIDE_YAML_SCALAR) {
        abide__report(ctx, ABIDE_CODE_WRONG_SHAPE, symbol->place, "a hook is given by one symbol");
        return;
    }
    if (!abide_symbol__check(ctx, symbol->place, symbol->text))
        return;
    abide__push(ctx, &reader->hooks,
                ((struct abide_iface_hook){name->text, symbol->text, type, symbol->place}));
}

static bool is_of_type(const void *hook, const void *type)
{
    return ((const struct abide_iface_hook *)hook)->type == type;
}

/* `new_seq: {message: n_new_messages}`: a symbol for each type. */
static void read_type_hooks(struct iface_reader *reader, const struct abide_yaml *name,
                            const struct abide_yaml *symbols)
{
    abide_ctx *ctx = reader->ctx;
    struct abide_table seen = {0}; /* struct abide_iface_hook, by the type's address */
    for (size_t i = 0; i < symbols->entry_count; i++) {
        const struct abide_yaml_entry *entry = abide_yaml__entry(symbols, i);
        const abide_type *type = abide_iface__expression(reader, entry->key, IFACE_USE_VALUE);
        if (!type)
            continue;
        uint64_t hash = abide_table__hash_address(type);
        const struct abide_iface_hook *first = abide_table__find(&seen, hash, is_of_type, type);
        if (first) {
            abide_diag *diag =
                abide__report(ctx, ABIDE_CODE_DUPLICATE_NAME, entry->key->place,
                              "the hook %s has two symbols for %s", abide__quote(ctx, name->text),
                              abide__quote(ctx, abide_type_print(ctx, type)));
            abide__diag_note(ctx, diag, first->place, "the first one");
            continue;
        }
        struct abide_iface_hook *hook = abide__new(ctx, struct abide_iface_hook);
        *hook = (struct abide_iface_hook){name->text, entry->value->text, type, entry->key->place};
        abide_table__add(ctx, &seen, hash, hook);
        add_hook(reader, name, type, entry->value);
    }
}

static void read_hooks(struct iface_reader *reader, const struct abide_yaml *section)
{
    for (size_t i = 0; i < section->entry_count; i++) {
        const struct abide_yaml_entry *entry = abide_yaml__entry(section, i);
        if (!abide_name__check(reader->ctx, entry->key->place, "a hook", entry->key->text))
            continue;
        if (entry->value->kind == ABIDE_YAML_MAPPING)
            read_type_hooks(reader, entry->key, entry->value);
        else
            add_hook(reader, entry->key, NULL, entry->value);
    }
    reader->iface->hooks = reader->hooks.items;
    reader->iface->hook_count = reader->hooks.count;
}

/* What is said of the whole library. */
static void read_head(struct iface_reader *reader, const struct abide_yaml *const *values)
{
    abide_ctx *ctx = reader->ctx;
    struct abide_iface *iface = reader->iface;
    const struct abide_yaml *package = values[FILE_PACKAGE];
    const struct abide_yaml *provides = values[FILE_PROVIDES];
    const struct abide_yaml *unwind = values[FILE_UNWIND];
    if (package && abide_name__check(ctx, package->place, "a package", package->text))
        iface->package = package->text;
    if (provides && !*provides->text)
        abide__report(ctx, ABIDE_CODE_BAD_VALUE, provides->place, "'provides' names no module");
    if (provides) {
        iface->provides = provides->text;
        iface->provides_place = provides->place;
    }
    if (unwind)
        abide_iface__read_unwind(reader, unwind, &iface->unwind);
    const struct abide_yaml *imported[IMPORTED_KEY_COUNT];
    if (values[FILE_IMPORTED])
        abide_schema__read(ctx, &abide_iface__imported_schema, values[FILE_IMPORTED], imported);
    if (values[FILE_CHECKS])
        abide_iface__read_checks(reader, values[FILE_CHECKS], &iface->checks);
    if (values[FILE_ERRORS])
        abide_iface__read_file_errors(reader, values[FILE_ERRORS]);
    if (values[FILE_FORMS])
        abide_iface__read_forms(reader, values[FILE_FORMS]);
}

static void read_sections(struct iface_reader *reader, const struct abide_yaml *const *values)
{
    abide_ctx *ctx = reader->ctx;
    size_t errors = abide__error_count(ctx);
    read_head(reader, values);
    if (values[FILE_INTERFACES])
        abide_iface__declare_interfaces(reader, values[FILE_INTERFACES]);
    if (values[FILE_TYPES])
        abide_iface__read_types(reader, values[FILE_TYPES]);
    if (values[FILE_INTERFACES])
        abide_iface__read_interfaces(
            reader, values[FILE_INTERFACES],
            values[FILE_LIBRARY_VERSION] ? values[FILE_LIBRARY_VERSION]->text : NULL);
    if (abide__error_count(ctx) == errors)
        abide_iface__check_cycles(reader);
    if (reader->types_are_sound) {
        abide_iface__settle_closures(reader);
        abide_iface__settle_ownership(reader);
        abide_iface__check_types(reader);
    }
    if (values[FILE_CONSTANTS] && reader->types_are_sound)
        abide_iface__read_constants(reader, values[FILE_CONSTANTS]);
    size_t type_errors = abide__error_count(ctx);
    if (values[FILE_FUNCTIONS])
        abide_iface__read_functions(reader, values[FILE_FUNCTIONS]);
    if (reader->types_are_sound && abide__error_count(ctx) == type_errors)
        abide_iface__check_types(reader);
    if (values[FILE_HOOKS])
        read_hooks(reader, values[FILE_HOOKS]);
    if (reader->types_are_sound) {
        abide_iface__settle_ownership(reader);
        abide_iface__check_callable_errors(reader);
    }
}

/* ---- finding by name --------------------------------------------------------------------------------- */

static bool is_type_of_name(const void *type, const void *name)
{
    return strcmp(((const abide_type *)type)->name, name) == 0;
}

static bool is_function_of_name(const void *function, const void *name)
{
    return strcmp(((const struct abide_function *)function)->name, name) == 0;
}

static bool is_constant_of_name(const void *constant, const void *name)
{
    return strcmp(((const struct abide_constant *)constant)->name, name) == 0;
}

static uint64_t hash_name(const char *name)
{
    return abide_table__hash(name, strlen(name));
}

/* What tables hold is only read. */
void abide_iface__index_function(abide_ctx *ctx, abide_iface *iface, const abide_function *function)
{
    abide_table__add(ctx, &iface->functions_by_name, hash_name(function->name),
                     (abide_function *)function);
}

static void index_names(abide_ctx *ctx, struct abide_iface *iface)
{
    for (size_t i = 0; i < iface->type_count; i++)
        abide_table__add(ctx, &iface->types_by_name, hash_name(iface->types[i]->name),
                         (abide_type *)iface->types[i]);
    for (size_t i = 0; i < iface->function_count; i++)
        abide_iface__index_function(ctx, iface, iface->functions[i]);
    for (size_t i = 0; i < iface->constant_count; i++)
        abide_table__add(ctx, &iface->constants_by_name, hash_name(iface->constants[i].name),
                         (struct abide_constant *)&iface->constants[i]);
    for (size_t i = 0; i < iface->methods.count; i++)
        abide_iface__index_function(ctx, iface, iface->methods.items[i]);
}

/* ---- entries ------------------------------------------------------------------------------------------- */

static bool check_is_interface(abide_ctx *ctx, const struct abide_yaml *root)
{
    const struct abide_yaml *module = abide_yaml__get(root, "module");
    if (!module)
        return true;
    abide_diag *diag = abide__report(ctx, ABIDE_CODE_UNKNOWN_KEY, module->place,
                                     "this is an ABI module, not an interface file");
    abide__diag_help(
        ctx, diag,
        "a module is named by --abi or --module; an interface file has `types:` and `functions:`");
    return false;
}

/* The sections that a later release will read, and the way out until then. */
static const struct abide_later_key later_sections[] = {
    {"bindings", "leave it out: what a language needs is in its ABI module"},
    {NULL, NULL},
};

const abide_iface *abide_iface__from_tree(abide_ctx *ctx, const struct abide_source *source,
                                          const struct abide_yaml *root)
{
    const struct abide_yaml *values[FILE_KEY_COUNT];
    size_t errors = abide__error_count(ctx);
    if (!check_is_interface(ctx, root) || find_split_types(ctx, root))
        return NULL;
    struct iface_reader *reader = abide__new(ctx, struct iface_reader);
    reader->ctx = ctx;
    if (!abide_iface__check_not_later(reader, root, later_sections))
        return NULL;
    bool is_file = abide_schema__read(ctx, &abide_iface__file_schema, root, values);
    if (!is_file || !check_version(ctx, values[FILE_VERSION]))
        return NULL;

    reader->iface = abide__new(ctx, struct abide_iface);
    reader->iface->source = source;
    reader->first_serial = abide_type__count(ctx);
    reader->checked_serial = reader->first_serial;
    abide_iface__add_builtins(reader);
    read_sections(reader, values);
    if (abide__error_count(ctx) != errors)
        return NULL;
    reader->iface->types = reader->types.items;
    reader->iface->type_count = reader->types.count;
    reader->iface->expectations = reader->expectations.items;
    reader->iface->expectation_count = reader->expectations.count;
    index_names(ctx, reader->iface);
    return reader->iface;
}

static const abide_iface *read_source(abide_ctx *ctx, const struct abide_source *source)
{
    const struct abide_yaml *root = source ? abide_yaml__parse(ctx, source) : NULL;
    return root ? abide_iface__from_tree(ctx, source, root) : NULL;
}

const abide_iface *abide_iface_load(abide_ctx *ctx, const char *path)
{
    struct abide_guard guard;
    if (setjmp(*abide__guard_enter(ctx, &guard)))
        return NULL;
    const abide_iface *iface = read_source(ctx, abide_source__from_file(ctx, path));
    abide__guard_leave(ctx, &guard);
    return iface;
}

const abide_iface *abide_iface_parse(abide_ctx *ctx, const char *name, const char *text,
                                     size_t length_bytes)
{
    struct abide_guard guard;
    if (setjmp(*abide__guard_enter(ctx, &guard)))
        return NULL;
    const abide_iface *iface =
        read_source(ctx, abide_source__from_text(ctx, name, text, length_bytes));
    abide__guard_leave(ctx, &guard);
    return iface;
}

const char *abide_iface_provides(const abide_iface *iface)
{
    return iface->provides;
}

const char *abide_iface_package(const abide_iface *iface)
{
    return iface->package;
}

size_t abide_iface_type_count(const abide_iface *iface)
{
    return iface->type_count;
}

const abide_type *abide_iface_type_at(const abide_iface *iface, size_t index)
{
    return index < iface->type_count ? iface->types[index] : NULL;
}

const abide_type *abide_iface_type(const abide_iface *iface, const char *name)
{
    return iface ? abide_table__find(&iface->types_by_name, hash_name(name), is_type_of_name, name)
                 : NULL;
}

size_t abide_iface_function_count(const abide_iface *iface)
{
    return iface->function_count;
}

const abide_function *abide_iface_function_at(const abide_iface *iface, size_t index)
{
    return index < iface->function_count ? iface->functions[index] : NULL;
}

size_t abide_iface_method_count(const abide_iface *iface)
{
    return iface->methods.count;
}

const abide_function *abide_iface_method_at(const abide_iface *iface, size_t index)
{
    return index < iface->methods.count ? iface->methods.items[index] : NULL;
}

const abide_function *abide_iface_function(const abide_iface *iface, const char *name)
{
    return iface ? abide_table__find(&iface->functions_by_name, hash_name(name),
                                     is_function_of_name, name)
                 : NULL;
}

const abide_signature *abide_iface_signature(const abide_iface *iface, const char *function_name)
{
    const abide_function *function = abide_iface_function(iface, function_name);
    return function ? function->signature : NULL;
}

size_t abide_iface_constant_count(const abide_iface *iface)
{
    return iface->constant_count;
}

const abide_constant *abide_iface_constant_at(const abide_iface *iface, size_t index)
{
    return index < iface->constant_count ? &iface->constants[index] : NULL;
}

const abide_constant *abide_iface_constant(const abide_iface *iface, const char *name)
{
    return iface ? abide_table__find(&iface->constants_by_name, hash_name(name),
                                     is_constant_of_name, name)
                 : NULL;
}

const char *abide_function_name(const abide_function *function)
{
    return function->name;
}

const char *abide_function_symbol(const abide_function *function)
{
    return function->symbol;
}

const abide_signature *abide_function_signature(const abide_function *function)
{
    return function->signature;
}

/*
 * The `interfaces:` section: what objects can do. An interface is a type of its own kind, whose methods are functions with a `self`;
 * `dyn NAME` is an object of it. Methods are only added at the end: those with `since` are in no vtable that is older.
 */
#include "base/digest.h"
#include "types/iface_expr.h"
#include "types/iface_schema.h"
#include "types/name.h"

#include <ctype.h>
#include <string.h>

/* ---- the type language -------------------------------------------------------------------------- */

static const struct iface_word *interface_at(const struct expression *expression)
{
    struct expression ahead = *expression;
    if (ahead.token != TOKEN_WORD)
        return NULL;
    const struct iface_word *word =
        abide_iface__find_word(ahead.reader, abide_expr__token_text(&ahead));
    bool is_interface = word && !word->builtin && word->type->kind == ABIDE_KIND_INTERFACE;
    return is_interface ? word : NULL;
}

bool abide_expr__at_object(const struct expression *expression)
{
    struct expression ahead = *expression;
    if (abide_expr__at_word(&ahead, "shared"))
        abide_expr__next(&ahead);
    if (!abide_expr__at_word(&ahead, "dyn"))
        return false;
    abide_expr__next(&ahead);
    return interface_at(&ahead);
}

/* dyn NAME */
const abide_type *abide_expr__dyn(struct expression *expression, const struct builtin *builtin)
{
    struct iface_reader *reader = expression->reader;
    const struct iface_word *word = interface_at(expression);
    (void)builtin;
    if (!word) {
        abide_expr__report_expected(expression, "the name of an interface behind `dyn`");
        return NULL;
    }
    abide_expr__next(expression);
    return abide_type__of(reader->ctx, ABIDE_KIND_DYN, word->type);
}

/* shared dyn NAME: one of several references, which is given away. */
const abide_type *abide_expr__shared(struct expression *expression, const struct builtin *builtin)
{
    (void)builtin;
    if (!abide_expr__at_object(expression)) {
        abide_expr__report_expected(expression,
                                    "`dyn` and the name of an interface behind `shared`");
        return NULL;
    }
    const abide_type *object = abide_expr__type(expression, IFACE_USE_VALUE);
    if (!object)
        return NULL;
    abide_type model = *object;
    model.is_own = model.is_shared = true;
    return abide_type__like(expression->reader->ctx, &model);
}

const abide_type *abide_expr__refuse_interface(struct expression *expression,
                                               const abide_type *interface)
{
    abide_ctx *ctx = expression->reader->ctx;
    struct abide_place place =
        abide_expr__place_from(expression, expression->source_last_end - strlen(interface->name));
    abide_diag *diag =
        abide__report(ctx, ABIDE_CODE_BAD_TYPE, place, "%s is an interface, and no type of a value",
                      abide__quote(ctx, interface->name));
    abide__diag_note(ctx, diag, interface->place, "declared here");
    abide__diag_help(ctx, diag, "an object that implements it is 'dyn %s'", interface->name);
    expression->failed = true;
    return NULL;
}

/* ---- versions ------------------------------------------------------------------------------------ */

/* Compares "2.10" and "2.9" by their numbers. */
static int compare_versions(const char *a, const char *b)
{
    while (*a || *b) {
        uint64_t left = 0, right = 0;
        for (; isdigit((unsigned char)*a); a++)
            left = left * 10 + (uint64_t)(*a - '0');
        for (; isdigit((unsigned char)*b); b++)
            right = right * 10 + (uint64_t)(*b - '0');
        if (left != right)
            return left < right ? -1 : 1;
        a += *a == '.';
        b += *b == '.';
    }
    return 0;
}

bool abide_iface__check_since(struct iface_reader *reader, const struct abide_yaml *since)
{
    enum { MAX_DIGITS = 9 };
    size_t digits = 0, numbers = 1;
    bool fine = *since->text;
    for (const char *at = since->text; *at && fine; at++) {
        bool is_dot = *at == '.';
        fine = is_dot ? digits > 0 && at[1] : isdigit((unsigned char)*at) && digits < MAX_DIGITS;
        digits = is_dot ? 0 : digits + 1;
        numbers += is_dot;
    }
    if (fine && numbers <= 3)
        return true;
    abide_diag *diag = abide__report(reader->ctx, ABIDE_CODE_BAD_VALUE, since->place,
                                     "%s is no version", abide__quote(reader->ctx, since->text));
    abide__diag_help(reader->ctx, diag, "a version is up to three numbers with dots: \"2.1\"");
    return false;
}

bool abide_iface__follows(struct iface_reader *reader, const struct abide_yaml *since,
                          struct abide_place place, const char *what,
                          const struct abide_yaml **latest)
{
    abide_ctx *ctx = reader->ctx;
    if (!*latest || (since && compare_versions((*latest)->text, since->text) <= 0)) {
        *latest = since;
        return true;
    }
    abide_diag *diag = abide__report(ctx, ABIDE_CODE_BAD_METHOD, since ? since->place : place,
                                     "%s stands behind one that was added in %s, so it is no older",
                                     what, (*latest)->text);
    abide__diag_note(ctx, diag, (*latest)->place, "that one");
    abide__diag_help(ctx, diag, "what is new stands at the end, and says `since:`");
    return false;
}

/* ---- interfaces ---------------------------------------------------------------------------------- */

void abide_iface__declare_interfaces(struct iface_reader *reader, const struct abide_yaml *section)
{
    for (size_t i = 0; i < section->entry_count; i++)
        abide_iface__declare(reader, abide_yaml__key_at(section, i), ABIDE_KIND_INTERFACE,
                             "an interface");
}

/* `package/interface@major` */
static const struct abide_interface_id *id_of(struct iface_reader *reader, const abide_type *type,
                                              const char *version)
{
    abide_ctx *ctx = reader->ctx;
    struct abide_interface_id *id = abide__new(ctx, struct abide_interface_id);
    size_t digits = version ? strspn(version, "0123456789") : 0;
    id->text = digits ? abide__printf(ctx, "%s/%s@%.*s", reader->iface->package, type->name,
                                      (int)(digits < 9 ? digits : 9), version)
                      : abide__printf(ctx, "%s/%s@0", reader->iface->package, type->name);
    struct abide_digest digest = abide_digest__of(id->text, strlen(id->text));
    memcpy(id->sha256, digest.bytes, sizeof id->sha256);
    return id;
}

static void add_method(struct iface_reader *reader, const abide_type *type,
                       const struct abide_field *method, const char *doc)
{
    abide_ctx *ctx = reader->ctx;
    struct abide_function *function = abide__new(ctx, struct abide_function);
    function->name = abide__intern_text(ctx, abide__printf(ctx, "%s.%s", type->name, method->name));
    function->symbol = abide_symbol__from_name(
        ctx, abide__printf(ctx, "%s_%s", type->name, method->name)); /* for prototypes */
    function->doc = doc;
    function->signature = method->type->signature;
    function->place = function->symbol_place = method->place;
    function->interface = type;
    function->unwind = reader->iface->unwind;
    abide__push(ctx, &reader->iface->methods, function);
}

static bool read_method(struct iface_reader *reader, const struct abide_yaml_entry *entry,
                        const struct abide_yaml **latest, struct abide_field *method,
                        const char **doc)
{
    abide_ctx *ctx = reader->ctx;
    const struct abide_yaml *values[METHOD_KEY_COUNT] = {0};
    const struct abide_yaml *name = entry->key, *sig = entry->value;
    method->name = name->text;
    method->place = name->place;
    if (!abide_name__check(ctx, name->place, "a method", name->text))
        return false;
    if (sig->kind == ABIDE_YAML_MAPPING) {
        if (!abide_schema__read(ctx, &abide_iface__method_schema, sig, values))
            return false;
        sig = values[METHOD_SIG];
    }
    const struct abide_yaml *since = values[METHOD_SINCE];
    abide_signature *signature = abide__new(ctx, abide_signature);
    if ((since && !abide_iface__check_since(reader, since)) ||
        !abide_iface__follows(reader, since, name->place, "the method", latest) ||
        !abide_iface__method_signature(reader, sig, signature))
        return false;
    *doc = values[METHOD_DOC] ? values[METHOD_DOC]->text : NULL;
    method->is_later = since;
    method->type = abide_type__callable(ctx, ABIDE_KIND_FUNCTION, signature);
    if (!signature->is_variadic)
        return true;
    abide__report(ctx, ABIDE_CODE_BAD_METHOD, name->place, "a method takes no unnamed arguments");
    return false;
}

static bool read_methods(struct iface_reader *reader, const struct abide_yaml *node,
                         abide_type *type)
{
    abide_ctx *ctx = reader->ctx;
    struct abide_field *methods = abide__new_array(ctx, struct abide_field, node->entry_count);
    const struct abide_yaml *latest = NULL;
    bool fine = true;
    for (size_t i = 0; i < node->entry_count; i++) {
        const char *doc = NULL;
        if (read_method(reader, abide_yaml__entry(node, i), &latest, &methods[i], &doc))
            add_method(reader, type, &methods[i], doc);
        else
            fine = false;
    }
    type->fields = methods;
    type->field_count = fine ? node->entry_count : 0;
    return fine;
}

static bool check_shape(struct iface_reader *reader, const struct abide_yaml_entry *entry)
{
    const struct abide_yaml *node = entry->value;
    if (node->kind == ABIDE_YAML_MAPPING && node->entry_count <= ABIDE_IFACE_MAX_PARAMS)
        return true;
    if (node->kind == ABIDE_YAML_SCALAR && node->null)
        return true;
    abide_diag *diag = node->kind == ABIDE_YAML_MAPPING
                           ? abide__report(reader->ctx, ABIDE_CODE_TOO_MANY, node->place,
                                           "more than %d methods", ABIDE_IFACE_MAX_PARAMS)
                           : abide__report(reader->ctx, ABIDE_CODE_WRONG_SHAPE, node->place,
                                           "an interface is a mapping of methods");
    abide__diag_help(reader->ctx, diag, "write NAME: {load: (self, key string) -> bool}");
    return false;
}

static bool check_package(struct iface_reader *reader, const struct abide_yaml *section)
{
    if (reader->iface->package || section->entry_count == 0)
        return true;
    abide_diag *diag =
        abide__report(reader->ctx, ABIDE_CODE_MISSING_KEY, abide_yaml__key_at(section, 0)->place,
                      "an interface belongs to a package, and the file names none");
    abide__diag_help(reader->ctx, diag,
                     "add `package: NAME`: objects are known by PACKAGE/INTERFACE@MAJOR");
    return false;
}

void abide_iface__read_interfaces(struct iface_reader *reader, const struct abide_yaml *section,
                                  const char *version)
{
    if (!check_package(reader, section))
        return;
    for (size_t i = 0; i < section->entry_count; i++) {
        const struct abide_yaml_entry *entry = abide_yaml__entry(section, i);
        struct iface_word *word = abide_iface__find_word(reader, entry->key->text);
        if (!word || word->builtin || word->key != entry->key || !check_shape(reader, entry))
            continue;
        word->type->is_open = true;
        word->type->id = id_of(reader, word->type, version);
        read_methods(reader, entry->value, word->type);
    }
}

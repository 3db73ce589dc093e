#include "language.h"

#include "cli.h"
#include "process.h"
#include "texts.h"

#include <ctype.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* --- loading --- */

static const struct embedded_text *text_of(const char *name)
{
    return verify_text(cli_printf("languages/%s.yaml", name));
}

bool language_exists(const char *name)
{
    return text_of(name) != NULL;
}

static const abide_data *load(abide_ctx *ctx, const char *name)
{
    size_t length = strlen(name);
    bool is_file = strchr(name, '/') || (length > 5 && strcmp(name + length - 5, ".yaml") == 0);
    const struct embedded_text *text = is_file ? NULL : text_of(name);
    if (is_file)
        return abide_data_load(ctx, name);
    if (text)
        return abide_data_parse(ctx, cli_printf("<%s.yaml>", name), text->text, text->length_bytes);
    abide_ctx_report(ctx, "missing-file", cli_printf("there is no language '%s'", name),
                     "give the file of a template: --language FILE.yaml");
    return NULL;
}

/* What every template has. */
static bool is_complete(abide_ctx *ctx, const struct language *language)
{
    static const char *const needed[] = {
        "language",      "command",          "compile",       "source",        "start",
        "callee.begin",  "callee.parameter", "callee.result", "callee.take",   "callee.give",
        "caller",        "struct.begin",     "struct.field",  "numbers.begin", "numbers.type",
        "numbers.field", "numbers.size"};
    for (size_t i = 0; i < COUNT(needed); i++)
        if (!*language_text(language, needed[i])) {
            abide_data_report(ctx, language->data, "missing-key",
                              cli_printf("a language needs '%s'", needed[i]), NULL);
            return false;
        }
    return true;
}

bool language_load(abide_ctx *ctx, const char *name, struct language *language)
{
    *language = (struct language){.source = name, .flags = ""};
    language->data = load(ctx, name);
    if (!language->data || !is_complete(ctx, language))
        return false;
    language->name = language_text(language, "language");
    language->command = language_text(language, "command");
    return true;
}

const char *language_of_module(abide_ctx *ctx, const char *module)
{
    static const char folder[] = "languages/";
    for (size_t i = 0; i < verify_texts_count; i++) {
        const struct embedded_text *text = &verify_texts[i];
        if (strncmp(text->path, folder, sizeof folder - 1) != 0)
            continue;
        const char *name = text->path + sizeof folder - 1;
        const abide_data *data = abide_data_parse(ctx, text->path, text->text, text->length_bytes);
        const abide_data *modules = abide_data_get(data, "modules");
        for (size_t k = 0; modules && k < abide_data_count(modules); k++)
            if (strcmp(abide_data_text(abide_data_at(modules, k)), module) == 0)
                return cli_copy(name, strcspn(name, "."));
    }
    return NULL;
}

const char *language_text(const struct language *language, const char *path)
{
    const abide_data *data = language->data;
    while (data && *path) {
        size_t length = strcspn(path, ".");
        data = abide_data_get(data, cli_copy(path, length));
        path += length + (path[length] == '.');
    }
    const char *text = data ? abide_data_text(data) : NULL;
    return text ? text : "";
}

void language_set_options(struct language *language, const abide_module *module)
{
    for (size_t i = 0; i < abide_module_option_count(module); i++) {
        const char *name = abide_module_option_name_at(module, i);
        const char *flag = language_text(language, cli_printf("options.%s", name));
        const struct language_word words[] = {{"value", abide_module_option_value_at(module, i)}};
        if (*flag)
            language->flags =
                cli_printf("%s %s", language->flags, language_fill(flag, words, COUNT(words)));
    }
}

/* --- words --- */

const char *language_fill(const char *text, const struct language_word *words, size_t count)
{
    struct text out = {0};
    while (*text) {
        size_t plain = strcspn(text, "$"), length = 0;
        text_add(&out, text, plain);
        text += plain;
        if (!*text)
            break;
        while (isalpha((unsigned char)text[1 + length]))
            length++;
        size_t i = 0;
        while (i < count &&
               (strlen(words[i].name) != length || strncmp(words[i].name, text + 1, length) != 0))
            i++;
        if (i < count && words[i].value)
            text_puts(&out, words[i].value);
        else
            text_add(&out, text, 1 + length);
        text += 1 + length;
    }
    const char *copy = cli_copy(out.chars ? out.chars : "", out.length_bytes);
    text_free(&out);
    return copy;
}

/* --- what it can say --- */

static const char *scalar_text(const struct language *language, unsigned scalar)
{
    const abide_data *data =
        abide_data_get(abide_data_get(language->data, "scalars"), scalars[scalar].name);
    return data ? abide_data_text(data) : NULL;
}

uint64_t language_scalars(const struct language *language)
{
    uint64_t set = 0;
    for (unsigned i = 0; i < scalar_count; i++)
        if (scalar_text(language, i))
            set |= UINT64_C(1) << i;
    return set;
}

unsigned language_features(const struct language *language, unsigned features)
{
    static const struct {
        unsigned feature;
        const char *path;
    } needs[] = {{FEATURE_UNION, "union.begin"}, {FEATURE_ENUM, "enum.pair"},
                 {FEATURE_TUPLE, "tuple.begin"}, {FEATURE_PACKED, "packed"},
                 {FEATURE_ALIGN, "align"},       {FEATURE_BITFIELD, "bits"},
                 {FEATURE_UNNAMED, "bits"},      {FEATURE_VARIADIC, "variadic"}};
    for (size_t i = 0; i < COUNT(needs); i++)
        if (!*language_text(language, needs[i].path))
            features &= ~needs[i].feature;
    return features & ~(unsigned)FEATURE_ODD; /* they are C's own */
}

void language_restrict(const struct language *language, struct signature *signature)
{
    bool has_base = *language_text(language, "enum.base") != '\0';
    const int64_t high = 100; /* the other enumerator; where order matters, this one is below */
    for (unsigned i = 0; i < signature->type_count; i++) {
        struct type *type = &signature->types[i];
        if (type->kind == TYPE_ENUM && !has_base)
            type->base = -1;
        if (type->kind == TYPE_ENUM && type->first_value >= high)
            type->first_value = high - 1;
    }
}

/* --- rendering --- */

struct renderer {
    const struct language *language;
    FILE *file;
    unsigned number; /* of the signature */
};

static void put(const struct renderer *r, const char *path, const struct language_word *words,
                size_t count)
{
    fputs(language_fill(language_text(r->language, path), words, count), r->file);
}

/* A type where it is used, without dimensions. */
static const char *base_text(const struct renderer *r, const struct use *use)
{
    const char *named = cli_printf("t%u_%u", r->number, use->index);
    const struct language_word words[] = {{"use", named}};
    switch (use->kind) {
    case USE_SCALAR: return scalar_text(r->language, use->index);
    case USE_NAMED: return named;
    case USE_POINTER_TO:
        return language_fill(language_text(r->language, "pointer"), words, COUNT(words));
    }
    return "";
}

/* With dimensions, where they are part of the type. */
static const char *use_text(const struct renderer *r, const struct use *use)
{
    const char *text = base_text(r, use), *array = language_text(r->language, "array");
    for (unsigned i = MAX_DIMENSIONS; *array && i-- > 0;) {
        const struct language_word words[] = {{"count", cli_printf("%u", use->counts[i])},
                                              {"use", text}};
        if (use->counts[i] != 0)
            text = language_fill(array, words, COUNT(words));
    }
    return text;
}

/* Where they stand behind the name. */
static const char *dimensions_text(const struct renderer *r, const struct use *use)
{
    const char *text = "", *dimension = language_text(r->language, "dimension");
    for (unsigned i = 0; *dimension && i < MAX_DIMENSIONS; i++) {
        const struct language_word words[] = {{"count", cli_printf("%u", use->counts[i])}};
        if (use->counts[i] != 0)
            text = cli_printf("%s%s", text, language_fill(dimension, words, COUNT(words)));
    }
    return text;
}

static void put_record(const struct renderer *r, const struct type *type, unsigned index,
                       const char *kind)
{
    const char *name = cli_printf("t%u_%u", r->number, index);
    const struct language_word own[] = {{"type", name}};
    put(r, cli_printf("%s.begin", kind), own, COUNT(own));
    for (unsigned i = 0; i < type->field_count; i++) {
        const struct use *use = &type->fields[i].type;
        const struct language_word words[] = {{"type", name},
                                              {"field", cli_printf("m%u", i)},
                                              {"use", use_text(r, use)},
                                              {"dimensions", dimensions_text(r, use)}};
        if (i > 0)
            put(r, cli_printf("%s.separator", kind), words, COUNT(words));
        put(r, cli_printf("%s.field", kind), words, COUNT(words));
    }
    put(r, cli_printf("%s.end", kind), own, COUNT(own));
}

static void put_type(const struct renderer *r, const struct type *type, unsigned index)
{
    const struct language_word words[] = {
        {"type", cli_printf("t%u_%u", r->number, index)},
        {"low", cli_printf("%lld", (long long)type->first_value)},
        {"use", type->kind == TYPE_NEWTYPE ? use_text(r, &type->fields[0].type) : ""},
    };
    switch (type->kind) {
    case TYPE_STRUCT: put_record(r, type, index, "struct"); break;
    case TYPE_UNION: put_record(r, type, index, "union"); break;
    case TYPE_TUPLE: put_record(r, type, index, "tuple"); break;
    case TYPE_ENUM: put(r, type->is_list ? "enum.list" : "enum.pair", words, COUNT(words)); break;
    case TYPE_NEWTYPE: put(r, "newtype", words, COUNT(words)); break;
    }
}

static void put_types(const struct renderer *r, const struct signature *signature)
{
    bool used[MAX_TYPES];
    signature_mark_used(signature, used);
    for (unsigned i = 0; i < signature->type_count; i++)
        if (used[i])
            put_type(r, &signature->types[i], i);
}

static void put_callee(const struct renderer *r, const struct signature *signature)
{
    const char *result = signature->has_result ? use_text(r, &signature->result)
                                               : language_text(r->language, "void");
    const struct language_word own[] = {
        {"function", cli_printf("f%u", r->number)}, {"use", result}, {"result", result}};
    put(r, "callee.begin", own, COUNT(own));
    for (unsigned i = 0; i < signature->param_count; i++) {
        const struct language_word words[] = {{"name", cli_printf("p%u", i)},
                                              {"use", use_text(r, &signature->params[i])}};
        if (i > 0)
            put(r, "callee.separator", words, COUNT(words));
        put(r, "callee.parameter", words, COUNT(words));
    }
    if (signature->param_count == 0)
        put(r, "callee.none", own, COUNT(own));
    put(r, signature->has_result ? "callee.result" : "callee.nothing", own, COUNT(own));
    put(r, "callee.start", own, COUNT(own));
    for (unsigned i = 0; i < signature->param_count; i++) {
        const struct language_word words[] = {{"name", cli_printf("p%u", i)}};
        put(r, "callee.take", words, COUNT(words));
    }
    if (signature->has_result)
        put(r, "callee.give", own, COUNT(own));
    put(r, "callee.end", own, COUNT(own));
}

static void put_caller(const struct renderer *r, const struct signature *signature)
{
    const struct language_word words[] = {{"function", cli_printf("c%u", r->number)},
                                          {"use", use_text(r, &signature->result)}};
    if (signature->has_result)
        put(r, "caller", words, COUNT(words));
}

static bool has_fields(const struct type *type)
{
    return type->kind != TYPE_ENUM && type->kind != TYPE_NEWTYPE;
}

/* In the order in which the oracle reads them: the types with their fields. Returns the position behind them. */
static unsigned put_numbers(const struct renderer *r, const struct signature *signature,
                            unsigned position)
{
    bool used[MAX_TYPES];
    signature_mark_used(signature, used);
    for (unsigned i = 0; i < signature->type_count; i++) {
        const struct type *type = &signature->types[i];
        if (!used[i])
            continue;
        for (unsigned f = 0; f <= (has_fields(type) ? type->field_count : 0); f++, position += 2) {
            const struct language_word words[] = {
                {"type", cli_printf("t%u_%u", r->number, i)},
                {"field", cli_printf("m%u", f ? f - 1 : 0)},
                {"position", cli_printf("%u", position)},
                {"next", cli_printf("%u", position + 1)},
            };
            put(r, f ? "numbers.field" : "numbers.type", words, COUNT(words));
        }
    }
    return position;
}

/* Sizes of parameters and the result, MAX_PARAMETERS + 1 places for each signature. */
static void put_sizes(const struct renderer *r, const struct signature *signature)
{
    for (unsigned i = 0; i < signature->param_count + signature->has_result; i++) {
        const struct use *use =
            i < signature->param_count ? &signature->params[i] : &signature->result;
        unsigned place = i < signature->param_count ? i : MAX_PARAMETERS;
        const struct language_word words[] = {
            {"position", cli_printf("%u", r->number * (MAX_PARAMETERS + 1) + place)},
            {"use", use_text(r, use)},
        };
        put(r, "numbers.size", words, COUNT(words));
    }
}

void language_render(const struct language *language, FILE *file,
                     const struct signature *signatures, unsigned count)
{
    struct renderer r = {language, file, 0};
    put(&r, "start", NULL, 0);
    for (r.number = 0; r.number < count; r.number++) {
        put_types(&r, &signatures[r.number]);
        put_callee(&r, &signatures[r.number]);
        put_caller(&r, &signatures[r.number]);
    }
    put(&r, "numbers.begin", NULL, 0);
    unsigned position = 0;
    for (r.number = 0; r.number < count; r.number++) {
        position = put_numbers(&r, &signatures[r.number], position);
        put_sizes(&r, &signatures[r.number]);
    }
    put(&r, "numbers.end", NULL, 0);
}

static unsigned number_count(const struct signature *signature)
{
    bool used[MAX_TYPES];
    unsigned count = 0;
    signature_mark_used(signature, used);
    for (unsigned i = 0; i < signature->type_count; i++)
        if (used[i])
            count +=
                2 + (has_fields(&signature->types[i]) ? 2 * signature->types[i].field_count : 0);
    return count;
}

void language_render_table(FILE *file, const struct signature *signatures, unsigned count)
{
    const unsigned step = MAX_PARAMETERS + 1;
    unsigned numbers = 0;
    fprintf(file, "struct capture_case { void (*callee)(void); void (*caller)(unsigned char *);\n"
                  "    const unsigned char *result; unsigned parameter_count; const unsigned "
                  "*sizes; unsigned result_size,\n"
                  "    is_variadic, which; };\n"
                  "void capture_fill(void);\nvoid capture_probe(void) {}\n");
    for (unsigned i = 0; i < count; i++) {
        numbers += number_count(&signatures[i]);
        fprintf(file, "void f%u(void), c%u(unsigned char *);\n", i, i);
    }
    fprintf(file, "unsigned capture_numbers[%u], capture_sizes[%u];\n", numbers + 1,
            count * step + 1);
    fprintf(file, "const unsigned capture_number_count = %u;\n", numbers);
    fprintf(file, "struct capture_case capture_cases[] = {\n");
    for (unsigned i = 0; i < count; i++) {
        fprintf(file, "    {f%u, ", i);
        fprintf(file, signatures[i].has_result ? "c%u" : "0", i);
        fprintf(file, ", 0, %u, capture_sizes + %u, 0, 0, 0},\n", signatures[i].param_count,
                i * step);
    }
    fprintf(file,
            "};\nconst unsigned capture_case_count = %u;\n"
            "void capture_prepare(void)\n{\n    capture_fill();\n"
            "    for (unsigned i = 0; i < %u; i++)\n"
            "        capture_cases[i].result_size = capture_sizes[i * %u + %u];\n}\n",
            count, count, step, MAX_PARAMETERS);
}

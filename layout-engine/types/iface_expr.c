/*
 * The type language: `ptr<array<u8, 4>>`, `(s shape, by f64) -> point`. Recursive descent over words and brackets; the
 * first mistake in an expression ends it, with its exact place.
 *
 *     type      = ["own" | "borrow" | "in"] word ["<" arguments ">"] | "fn" callable | "closure" callable
 *     callable  = "(" [parameter {("," | ";") parameter}] ["..." {type}] ")" ["->" type]
 *     parameter = [name] type
 */
#include "types/iface_reader.h"
#include "types/name.h"

#include <string.h>

enum token { TOKEN_END, TOKEN_WORD, TOKEN_NUMBER, TOKEN_ARROW, TOKEN_DOTS, TOKEN_MARK, TOKEN_NONE };

struct expression {
    struct iface_reader *reader;
    const struct abide_yaml *node;
    const char *text;
    unsigned depth;
    bool has_callable; /* its signature has places, so that the type is for this expression only */
    bool failed;
    enum token token; /* the current one: text[start..start + length) */
    size_t start;
    size_t length;
};

typedef const abide_type *parse_function(struct expression *expression,
                                         const struct builtin *builtin);

struct builtin {
    const char *name;
    parse_function *parse;
    unsigned detail;     /* a kind, a scalar, or flags, as `parse` takes it */
    const char *instead; /* of what is refused: the way out */
};

static const abide_type *parse_type(struct expression *expression, unsigned use);

/* ---- tokens ------------------------------------------------------------------------------- */

static bool is_word_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/* Letters, digits, `_`, and `-` between them (so `->` ends a word). */
static size_t word_length(const char *text)
{
    size_t length = 0;
    while (is_word_char(text[length]) ||
           (text[length] == '-' && length > 0 && is_word_char(text[length + 1])))
        length++;
    return length;
}

static void next_token(struct expression *expression)
{
    const char *text = expression->text;
    size_t at = expression->start + expression->length;
    while (text[at] == ' ' || text[at] == '\t' || text[at] == '\n')
        at++;
    expression->start = at;
    expression->length = 1;
    if (!text[at]) {
        expression->token = TOKEN_END;
        expression->length = 0;
    } else if (is_word_char(text[at])) {
        expression->token = text[at] >= '0' && text[at] <= '9' ? TOKEN_NUMBER : TOKEN_WORD;
        expression->length = word_length(text + at);
    } else if (strncmp(text + at, "->", 2) == 0) {
        expression->token = TOKEN_ARROW;
        expression->length = 2;
    } else if (strncmp(text + at, "...", 3) == 0) {
        expression->token = TOKEN_DOTS;
        expression->length = 3;
    } else {
        expression->token = strchr("<>(),;", text[at]) ? TOKEN_MARK : TOKEN_NONE;
    }
}

static bool at_mark(const struct expression *expression, char mark)
{
    return expression->token == TOKEN_MARK && expression->text[expression->start] == mark;
}

static bool at_separator(const struct expression *expression)
{
    return at_mark(expression, ',') || at_mark(expression, ';');
}

static bool accept_mark(struct expression *expression, char mark)
{
    if (!at_mark(expression, mark))
        return false;
    next_token(expression);
    return true;
}

/* ---- places ------------------------------------------------------------------------------- */

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/*
 * Where text[0..offset) ends in the source of a scalar: the same bytes, but for a quote in front and for line breaks,
 * which YAML folds with the blanks around them into one.
 */
static size_t source_offset(const struct abide_yaml *node, size_t offset)
{
    const char *source = node->place.source->text + node->place.start_bytes;
    size_t end = node->place.end_bytes - node->place.start_bytes;
    size_t at = node->quoted ? 1 : 0;
    for (size_t i = 0; i < offset && at < end; i++, at++) {
        if (!is_blank(source[at]))
            continue;
        size_t after = at;
        bool folded = false;
        for (; after < end && is_blank(source[after]); after++)
            folded = folded || source[after] == '\n';
        if (folded)
            at = after - 1;
    }
    return at;
}

static struct abide_place place_of(const struct expression *expression, size_t start, size_t end)
{
    size_t from = source_offset(expression->node, start);
    size_t to = end > start ? source_offset(expression->node, end - 1) + 1 : from;
    return abide_place__within(expression->node->place, from, to - from);
}

static struct abide_place token_place(const struct expression *expression)
{
    return place_of(expression, expression->start, expression->start + expression->length);
}

static const char *token_text(struct expression *expression)
{
    return abide__intern(expression->reader->ctx, expression->text + expression->start,
                         expression->length);
}

static const char *quote_token(struct expression *expression)
{
    if (expression->token == TOKEN_END)
        return "the end";
    return abide__quote_bytes(expression->reader->ctx, expression->text + expression->start,
                              expression->length);
}

/* Reports that something else is expected at the current token, with help for frequent reasons. */
static void report_expected(struct expression *expression, const char *expected)
{
    abide_ctx *ctx = expression->reader->ctx;
    expression->failed = true;
    abide_diag *diag = abide__report(ctx, ABIDE_CODE_BAD_TYPE, token_place(expression),
                                     "expected %s, not %s", expected, quote_token(expression));
    char c = expression->text[expression->start];
    if (c == '*' || c == '&')
        abide__diag_help(
            ctx, diag,
            "types take no sigils: a pointer is ptr<T>, a reference that is never null ref<T>");
    else if (c == '[')
        abide__diag_help(ctx, diag, "an array is array<T, N>");
    else if (c == '?')
        abide__diag_help(ctx, diag, "a pointer that may be null is ptr<T>");
    else if (expression->token == TOKEN_END && strpbrk(expression->text, "<("))
        abide__diag_help(ctx, diag,
                         "inside {...} and [...] a comma ends the text: write `;` for `,` there, "
                         "or use block style");
}

static bool expect_mark(struct expression *expression, char mark, const char *expected)
{
    if (accept_mark(expression, mark))
        return true;
    report_expected(expression, expected);
    return false;
}

/* ---- numbers ------------------------------------------------------------------------------ */

/* A decimal count of at most `max`. */
static bool parse_count(struct expression *expression, uint64_t max, uint64_t *count)
{
    if (expression->token != TOKEN_NUMBER) {
        report_expected(expression, "a number");
        return false;
    }
    *count = 0;
    const char *digits = expression->text + expression->start;
    bool fine = expression->length == 1 || digits[0] != '0';
    for (size_t i = 0; i < expression->length && fine; i++) {
        uint64_t digit = (uint64_t)(digits[i] - '0');
        fine = digits[i] >= '0' && digits[i] <= '9' && *count <= (max - digit) / 10;
        *count = *count * 10 + digit;
    }
    if (!fine) {
        abide__report(expression->reader->ctx, ABIDE_CODE_BAD_COUNT, token_place(expression),
                      "expected a decimal number of at most %llu, not %s", (unsigned long long)max,
                      quote_token(expression));
        expression->failed = true;
        return false;
    }
    next_token(expression);
    return true;
}

/* ---- type constructors --------------------------------------------------------------------- */

/* "<" type: the rest of the arguments is the caller's. NULL: reported. */
static const abide_type *parse_first_argument(struct expression *expression,
                                              const struct builtin *builtin, unsigned use)
{
    const char *expected = abide__printf(expression->reader->ctx, "`<` behind %s", builtin->name);
    return expect_mark(expression, '<', expected) ? parse_type(expression, use) : NULL;
}

static bool close_arguments(struct expression *expression)
{
    return expect_mark(expression, '>', "`>`");
}

static const abide_type *parse_scalar(struct expression *expression, const struct builtin *builtin)
{
    return abide_type__scalar(expression->reader->ctx, (enum abide_scalar)builtin->detail);
}

static const abide_type *parse_void(struct expression *expression, const struct builtin *builtin)
{
    (void)builtin;
    return abide_type__void(expression->reader->ctx);
}

/* string, cstring */
static const abide_type *parse_plain(struct expression *expression, const struct builtin *builtin)
{
    return abide_type__of(expression->reader->ctx, (enum abide_kind)builtin->detail, NULL);
}

/* slice<T>, raw<T> */
static const abide_type *parse_around(struct expression *expression, const struct builtin *builtin)
{
    const abide_type *target = parse_first_argument(expression, builtin, IFACE_USE_VALUE);
    if (!target || !close_arguments(expression))
        return NULL;
    return abide_type__of(expression->reader->ctx, (enum abide_kind)builtin->detail, target);
}

enum { POINTER_MUTABLE = 1, POINTER_NULLABLE = 2 };

static const abide_type *parse_pointer(struct expression *expression, const struct builtin *builtin)
{
    const abide_type *target = parse_first_argument(expression, builtin, IFACE_USE_RESULT);
    if (!target || !close_arguments(expression))
        return NULL;
    return abide_type__pointer(expression->reader->ctx, target, builtin->detail & POINTER_MUTABLE,
                               builtin->detail & POINTER_NULLABLE);
}

static const abide_type *parse_array(struct expression *expression, const struct builtin *builtin)
{
    const abide_type *element = parse_first_argument(expression, builtin, IFACE_USE_VALUE);
    if (!element)
        return NULL;
    if (accept_mark(expression, '>'))
        return abide_type__array(expression->reader->ctx, element, 0, true);
    uint64_t count;
    if (!at_separator(expression)) {
        report_expected(expression, "`,` and a count");
        return NULL;
    }
    next_token(expression);
    if (!parse_count(expression, ABIDE_TYPE_MAX_COUNT, &count) || !close_arguments(expression))
        return NULL;
    return abide_type__array(expression->reader->ctx, element, count, false);
}

static const abide_type *parse_bitset(struct expression *expression, const struct builtin *builtin)
{
    uint64_t count;
    (void)builtin;
    if (!expect_mark(expression, '<', "`<` and a number of elements") ||
        !parse_count(expression, ABIDE_TYPE_MAX_BITS, &count) || !close_arguments(expression))
        return NULL;
    return abide_type__bitset(expression->reader->ctx, count);
}

static const abide_type *parse_tuple(struct expression *expression, const struct builtin *builtin)
{
    abide_ctx *ctx = expression->reader->ctx;
    ABIDE_VEC(struct abide_field) fields = {0};
    (void)builtin;
    if (!expect_mark(expression, '<', "`<` behind tuple"))
        return NULL;
    while (!at_mark(expression, '>')) {
        size_t start = expression->start;
        const abide_type *type = parse_type(expression, IFACE_USE_VALUE);
        if (!type)
            return NULL;
        abide__push(ctx, &fields,
                    (struct abide_field){.type = type,
                                         .place = place_of(expression, start, expression->start)});
        if (at_separator(expression))
            next_token(expression);
        else if (!at_mark(expression, '>'))
            break;
    }
    return close_arguments(expression) ? abide_type__tuple(ctx, fields.items, fields.count) : NULL;
}

static const abide_type *parse_refused(struct expression *expression, const struct builtin *builtin)
{
    abide_ctx *ctx = expression->reader->ctx;
    abide_diag *diag = abide__report(ctx, ABIDE_CODE_NOT_YET_SUPPORTED, token_place(expression),
                                     "'%s' is not supported yet", builtin->name);
    abide__diag_help(ctx, diag, "%s", builtin->instead);
    expression->failed = true;
    return NULL;
}

/* struct, union and the like are mappings, not words of an expression. */
static const abide_type *parse_misplaced(struct expression *expression,
                                         const struct builtin *builtin)
{
    abide_ctx *ctx = expression->reader->ctx;
    abide_diag *diag = abide__report(ctx, ABIDE_CODE_BAD_TYPE, token_place(expression),
                                     "'%s' cannot stand inside a type expression", builtin->name);
    abide__diag_help(ctx, diag, "%s", builtin->instead);
    expression->failed = true;
    return NULL;
}

static const abide_type *parse_callable(struct expression *expression,
                                        const struct builtin *builtin);

/* borrow T, in T: what a value is anyway. */
static const abide_type *parse_borrow(struct expression *expression, const struct builtin *builtin)
{
    (void)builtin;
    return parse_type(expression, IFACE_USE_VALUE);
}

/* own slice<T> is a type of its own; a string is always owned; for pointers `own` tells the reader who frees. */
static const abide_type *parse_own(struct expression *expression, const struct builtin *builtin)
{
    abide_ctx *ctx = expression->reader->ctx;
    size_t start = expression->start;
    (void)builtin;
    const abide_type *type = parse_type(expression, IFACE_USE_VALUE);
    if (!type)
        return NULL;
    if (type->kind == ABIDE_KIND_SLICE)
        return abide_type__of(ctx, ABIDE_KIND_SEQ, type->target);
    if (type->kind == ABIDE_KIND_STRING || type->kind == ABIDE_KIND_POINTER)
        return type;
    abide_diag *diag =
        abide__report(ctx, ABIDE_CODE_BAD_TYPE, place_of(expression, start, expression->start),
                      "'own' means nothing for this type");
    abide__diag_help(ctx, diag, "'own' stands in front of slice<T>, string and pointers");
    expression->failed = true;
    return NULL;
}

/* ---- words -------------------------------------------------------------------------------- */

#define BY_POINTER "use mutref<T> for now: the callee writes through it"
#define BY_HAND    "describe what lies in memory with struct, union and ptr<T> for now"

static const struct builtin builtins[] = {
#define ABIDE_SCALAR(id, name, group, size_bytes, c_name) \
    {name, parse_scalar, ABIDE_SCALAR_##id, NULL},
#include "types/scalars.def"
#undef ABIDE_SCALAR
    {"void", parse_void, 0, NULL},
    {"ptr", parse_pointer, POINTER_NULLABLE, NULL},
    {"mutptr", parse_pointer, POINTER_NULLABLE | POINTER_MUTABLE, NULL},
    {"ref", parse_pointer, 0, NULL},
    {"mutref", parse_pointer, POINTER_MUTABLE, NULL},
    {"array", parse_array, 0, NULL},
    {"tuple", parse_tuple, 0, NULL},
    {"bitset", parse_bitset, 0, NULL},
    {"slice", parse_around, ABIDE_KIND_SLICE, NULL},
    {"raw", parse_around, ABIDE_KIND_RAW, NULL},
    {"string", parse_plain, ABIDE_KIND_STRING, NULL},
    {"cstring", parse_plain, ABIDE_KIND_CSTRING, NULL},
    {"fn", parse_callable, ABIDE_KIND_FUNCTION, NULL},
    {"closure", parse_callable, ABIDE_KIND_CLOSURE, NULL},
    {"own", parse_own, 0, NULL},
    {"borrow", parse_borrow, 0, NULL},
    {"in", parse_borrow, 0, NULL},
    {"out", parse_refused, 0, BY_POINTER},
    {"inout", parse_refused, 0, BY_POINTER},
    {"once", parse_refused, 0,
     "leave it out: how often a callback is called changes no ABI that is described yet"},
    {"vector", parse_refused, 0,
     "there is no replacement: ABIs pass vectors in registers of their own"},
    {"complex", parse_refused, 0,
     "there is no replacement: ABIs pass complex numbers by rules of their own"},
    {"option", parse_refused, 0, BY_HAND "; an optional pointer is ptr<T>"},
    {"result", parse_refused, 0, BY_HAND},
    {"box", parse_refused, 0, "use mutref<T> for now"},
    {"string16", parse_refused, 0, BY_HAND},
    {"map", parse_refused, 0, BY_HAND},
    {"future", parse_refused, 0, BY_HAND},
    {"stream", parse_refused, 0, BY_HAND},
    {"struct", parse_misplaced, 0, "write {struct: {x: f64, y: f64}} where a type is defined"},
    {"union", parse_misplaced, 0, "write {union: {i: i64, f: f64}} where a type is defined"},
    {"enum", parse_misplaced, 0, "write {enum: [red, green]} where a type is defined"},
    {"opaque", parse_misplaced, 0, "write NAME: {opaque: true} under `types:`, then use ptr<NAME>"},
    {"newtype", parse_misplaced, 0, "write NAME: {newtype: T} under `types:`"},
    {"variant", parse_misplaced, 0, "variants are not supported yet; " BY_HAND},
    {"flags", parse_misplaced, 0, "use {enum: {a: 1, b: 2}} or an integer for now"},
    {"resource", parse_misplaced, 0, "use {opaque: true} and ptr<NAME> for now"},
    {"interface", parse_misplaced, 0, "use a struct of function pointers, fn(T) -> R, for now"},
};

void abide_iface__add_builtins(struct iface_reader *reader)
{
    abide_ctx *ctx = reader->ctx;
    const size_t count = sizeof builtins / sizeof *builtins;
    struct iface_word *words = abide__new_array(ctx, struct iface_word, count);
    for (size_t i = 0; i < count; i++) {
        words[i].name = builtins[i].name;
        words[i].builtin = &builtins[i];
        HASH_ADD_KEYPTR(hh, reader->words, words[i].name, strlen(words[i].name), &words[i]);
    }
}

/* What people write who come from elsewhere. */
static const struct {
    const char *foreign;
    const char *ours;
} foreign_words[] = {
    {"int", "c_int"},
    {"unsigned", "c_uint"},
    {"uint", "c_uint"},
    {"short", "c_short"},
    {"long", "c_long"},
    {"longlong", "c_longlong"},
    {"float", "f32"},
    {"double", "f64"},
    {"size_t", "size"},
    {"ssize_t", "ssize"},
    {"usize", "size"},
    {"isize", "ssize"},
    {"uintptr_t", "uptr"},
    {"intptr_t", "ssize"},
    {"uint8_t", "u8"},
    {"uint16_t", "u16"},
    {"uint32_t", "u32"},
    {"uint64_t", "u64"},
    {"int8_t", "i8"},
    {"int16_t", "i16"},
    {"int32_t", "i32"},
    {"int64_t", "i64"},
    {"uint8", "u8"},
    {"uint16", "u16"},
    {"uint32", "u32"},
    {"uint64", "u64"},
    {"int8", "i8"},
    {"int16", "i16"},
    {"int32", "i32"},
    {"int64", "i64"},
    {"float32", "f32"},
    {"float64", "f64"},
    {"byte", "u8"},
    {"str", "string"},
    {"String", "string"},
    {"wchar_t", "c_wchar"},
    {"_Bool", "bool"},
    {"boolean", "bool"},
    {"pointer", "ptr<void>"},
    {"rawptr", "ptr<void>"},
    {"const", "ptr<T> (mutptr<T> if it is written through)"},
    {"seq", "own slice<T>"},
    {"Vec", "own slice<T>"},
    {"openArray", "slice<T>"},
    {"set", "bitset<N>"},
    {"object", "{struct: {...}}"},
    {"func", "fn(T) -> R"},
    {"function", "fn(T) -> R"},
    {"proc", "fn(T) -> R"},
};

/* More names than this are not compared with a misspelt one. */
#define NEAREST_MAX_WORDS 50000

struct word_list {
    const struct iface_word *next; /* moves along as abide__nearest asks */
};

static const char *next_word(const void *user, size_t index)
{
    struct word_list *list = *(struct word_list *const *)user;
    if (!list->next || index >= NEAREST_MAX_WORDS)
        return NULL;
    const char *name = list->next->name;
    list->next = list->next->hh.next;
    return name;
}

static const char *nearest_word(struct iface_reader *reader, const char *name,
                                const struct iface_word **word)
{
    for (size_t i = 0; i < sizeof foreign_words / sizeof *foreign_words; i++)
        if (strcmp(foreign_words[i].foreign, name) == 0)
            return foreign_words[i].ours;
    struct word_list list = {reader->words};
    struct word_list *cursor = &list;
    const char *nearest = abide__nearest(name, next_word, &cursor);
    if (nearest)
        HASH_FIND(hh, reader->words, nearest, strlen(nearest), *word);
    return nearest;
}

/* Each name is reported once. */
static void report_unknown(struct expression *expression, struct abide_place place,
                           const char *name)
{
    struct iface_reader *reader = expression->reader;
    abide_ctx *ctx = reader->ctx;
    struct iface_memo *known;
    expression->failed = true;
    HASH_FIND_PTR(reader->unknown, &name, known);
    if (known)
        return;
    struct iface_memo *memo = abide__new(ctx, struct iface_memo);
    memo->text = name;
    HASH_ADD_PTR(reader->unknown, text, memo);

    abide_diag *diag =
        abide__report(ctx, ABIDE_CODE_UNKNOWN_TYPE, place, "no type %s", abide__quote(ctx, name));
    const struct iface_word *word = NULL;
    const char *nearest = nearest_word(reader, name, &word);
    if (word && word->key)
        abide__diag_note(ctx, diag, word->key->place, "a type with a similar name");
    if (nearest)
        abide__diag_help(ctx, diag, "did you mean %s?", nearest);
}

static const abide_type *parse_word(struct expression *expression)
{
    abide_ctx *ctx = expression->reader->ctx;
    const char *name = token_text(expression);
    struct iface_word *word;
    HASH_FIND(hh, expression->reader->words, name, expression->length, word);
    if (!word) {
        report_unknown(expression, token_place(expression), name);
        return NULL;
    }
    if (word->builtin &&
        (word->builtin->parse == parse_refused || word->builtin->parse == parse_misplaced))
        return word->builtin->parse(expression, word->builtin);
    next_token(expression);
    if (word->builtin)
        return word->builtin->parse(expression, word->builtin);
    if (at_mark(expression, '<')) {
        abide__report(ctx, ABIDE_CODE_BAD_TYPE, token_place(expression), "%s takes no arguments",
                      abide__quote(ctx, name));
        expression->failed = true;
        return NULL;
    }
    return word->type;
}

static void report_void(struct expression *expression, size_t start, const abide_type *type)
{
    abide_ctx *ctx = expression->reader->ctx;
    struct abide_place place = place_of(expression, start, expression->start);
    expression->failed = true;
    if (type->kind == ABIDE_KIND_VOID) {
        abide_diag *diag =
            abide__report(ctx, ABIDE_CODE_BAD_TYPE, place, "'void' is no type of a value");
        abide__diag_help(ctx, diag, "it stands behind `->` and in ptr<void> only");
        return;
    }
    abide_diag *diag =
        abide__report(ctx, ABIDE_CODE_BAD_TYPE, place, "an array without a count has no size");
    abide__diag_help(
        ctx, diag,
        "array<T> is the last field of a struct only; otherwise write array<T, N>, or ptr<T>");
}

static const abide_type *parse_type(struct expression *expression, unsigned use)
{
    abide_ctx *ctx = expression->reader->ctx;
    if (expression->token != TOKEN_WORD) {
        report_expected(expression, "a type");
        return NULL;
    }
    if (expression->depth == ABIDE_IFACE_MAX_TYPE_DEPTH) {
        abide__report(ctx, ABIDE_CODE_TYPE_TOO_DEEP, token_place(expression),
                      "a type nested more than %d deep", ABIDE_IFACE_MAX_TYPE_DEPTH);
        expression->failed = true;
        return NULL;
    }
    size_t start = expression->start;
    expression->depth++;
    const abide_type *type = parse_word(expression);
    expression->depth--;
    if (!type)
        return NULL;
    if ((type->kind == ABIDE_KIND_VOID && !(use & IFACE_USE_RESULT)) ||
        (type->kind == ABIDE_KIND_ARRAY && type->is_flexible && !type->name &&
         !(use & IFACE_USE_LAST_FIELD))) {
        report_void(expression, start, type);
        return NULL;
    }
    return type;
}

/* ---- signatures ---------------------------------------------------------------------------- */

struct params {
    ABIDE_VEC(struct abide_param) list;
    bool is_variadic;
    size_t fixed_count;
};

static bool is_prefix(const char *word, size_t length)
{
    static const char *const prefixes[] = {"own", "borrow", "in", "out", "inout", "once"};
    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++)
        if (strlen(prefixes[i]) == length && memcmp(prefixes[i], word, length) == 0)
            return true;
    return false;
}

static bool at_prefix(const struct expression *expression)
{
    return expression->token == TOKEN_WORD &&
           is_prefix(expression->text + expression->start, expression->length);
}

/* The name in front of a type that must have one. False: reported. */
static bool parse_required_name(struct expression *expression, const char **name)
{
    abide_ctx *ctx = expression->reader->ctx;
    struct abide_place place = token_place(expression);
    if (expression->token != TOKEN_WORD) {
        report_expected(expression, "a parameter (`name type`)");
        return false;
    }
    bool is_name = !at_prefix(expression);
    *name = token_text(expression);
    next_token(expression);
    if (is_name && expression->token == TOKEN_WORD)
        return abide_name__check(ctx, place, "a parameter", *name);
    expression->failed = true;
    abide_diag *diag = abide__report(ctx, ABIDE_CODE_BAD_TYPE, place,
                                     "expected `name type`, found no %s behind %s",
                                     is_name ? "type" : "name", abide__quote(ctx, *name));
    abide__diag_help(ctx, diag,
                     "parameters of a function have a name each: `(count u32, each fn(i32))`");
    return false;
}

/* A word is the name if another word follows it. */
static void parse_optional_name(struct expression *expression, const char **name)
{
    struct expression before = *expression;
    if (expression->token != TOKEN_WORD || at_prefix(expression))
        return;
    next_token(expression);
    if (expression->token == TOKEN_WORD)
        *name = token_text(&before);
    else
        *expression = before;
}

static bool parse_parameter(struct expression *expression, bool named, struct params *params)
{
    abide_ctx *ctx = expression->reader->ctx;
    struct abide_param param = {.is_variadic = params->is_variadic};
    size_t start = expression->start;
    if (named && !param.is_variadic) {
        if (!parse_required_name(expression, &param.name))
            return false;
    } else {
        parse_optional_name(expression, &param.name);
    }
    param.type = parse_type(expression, IFACE_USE_VALUE);
    if (!param.type)
        return false;
    param.place = place_of(expression, start, expression->start);
    abide__push(ctx, &params->list, param);
    return true;
}

/* "(" parameters ")" */
static bool parse_parameters(struct expression *expression, bool named, struct params *params)
{
    if (!expect_mark(expression, '(', "`(` and parameters"))
        return false;
    while (!at_mark(expression, ')')) {
        if (expression->token == TOKEN_DOTS && !params->is_variadic) {
            params->is_variadic = true;
            params->fixed_count = params->list.count;
            next_token(expression);
            continue;
        }
        if (!parse_parameter(expression, named, params))
            return false;
        if (at_separator(expression))
            next_token(expression);
        else if (!at_mark(expression, ')'))
            break;
    }
    if (!params->is_variadic)
        params->fixed_count = params->list.count;
    return expect_mark(expression, ')', "`,` or `)`");
}

static bool parse_signature(struct expression *expression, bool named, abide_signature *signature)
{
    struct params params = {0};
    size_t start = expression->start;
    if (!parse_parameters(expression, named, &params))
        return false;
    signature->result = abide_type__void(expression->reader->ctx);
    if (expression->token == TOKEN_ARROW) {
        next_token(expression);
        signature->result = parse_type(expression, IFACE_USE_RESULT);
    }
    signature->params = params.list.items;
    signature->param_count = params.list.count;
    signature->fixed_count = params.fixed_count;
    signature->is_variadic = params.is_variadic;
    signature->place = place_of(expression, start, expression->start);
    return signature->result && abide_iface__check_params(expression->reader, signature);
}

static const abide_type *parse_callable(struct expression *expression,
                                        const struct builtin *builtin)
{
    abide_ctx *ctx = expression->reader->ctx;
    abide_signature *signature = abide__new(ctx, abide_signature);
    expression->has_callable = true;
    if (!parse_signature(expression, false, signature)) {
        expression->failed = true;
        return NULL;
    }
    return abide_type__callable(ctx, (enum abide_kind)builtin->detail, signature);
}

/* ---- entries ------------------------------------------------------------------------------- */

/* Refuses a list or a mapping where an expression is expected. */
static bool open_expression(struct expression *expression, struct iface_reader *reader,
                            const struct abide_yaml *node, const char *what)
{
    *expression = (struct expression){.reader = reader, .node = node, .text = node->text};
    if (node->kind != ABIDE_YAML_SCALAR || node->null) {
        abide__report(reader->ctx, ABIDE_CODE_WRONG_SHAPE, node->place, "expected %s", what);
        return false;
    }
    next_token(expression);
    return true;
}

static bool at_end(struct expression *expression)
{
    if (expression->token == TOKEN_END)
        return true;
    report_expected(expression, "the end of the type");
    return false;
}

const abide_type *abide_iface__expression(struct iface_reader *reader,
                                          const struct abide_yaml *node, unsigned use)
{
    abide_ctx *ctx = reader->ctx;
    struct expression expression;
    struct iface_memo *memo = NULL;
    if (use == IFACE_USE_VALUE)
        HASH_FIND_PTR(reader->memos, &node->text, memo);
    if (memo)
        return memo->type;
    if (!open_expression(&expression, reader, node, "a type"))
        return NULL;
    const abide_type *type = parse_type(&expression, use);
    if (!type || !at_end(&expression))
        return NULL;
    if (use == IFACE_USE_VALUE && !expression.has_callable) {
        memo = abide__new(ctx, struct iface_memo);
        *memo = (struct iface_memo){.text = node->text, .type = type};
        HASH_ADD_PTR(reader->memos, text, memo);
    }
    return type;
}

bool abide_iface__signature(struct iface_reader *reader, const struct abide_yaml *node, bool named,
                            abide_signature *signature)
{
    struct expression expression;
    return open_expression(&expression, reader, node, "a signature, `(a T, b U) -> R`") &&
           parse_signature(&expression, named, signature) && at_end(&expression);
}

static bool report_same_name(struct iface_reader *reader, const struct abide_param *first,
                             const struct abide_param *again)
{
    abide_ctx *ctx = reader->ctx;
    abide_diag *diag =
        abide__report(ctx, ABIDE_CODE_DUPLICATE_NAME, again->place, "two parameters are called %s",
                      abide__quote(ctx, again->name));
    abide__diag_note(ctx, diag, first->place, "the first one");
    return false;
}

bool abide_iface__check_params(struct iface_reader *reader, const abide_signature *signature)
{
    enum { SLOTS = 2 * ABIDE_IFACE_MAX_PARAMS };
    uint16_t slots[SLOTS] = {0}; /* open addressing, half full at most: index of a parameter + 1 */
    const struct abide_param *params = signature->params;
    if (signature->param_count > ABIDE_IFACE_MAX_PARAMS) {
        abide__report(reader->ctx, ABIDE_CODE_TOO_MANY, params[ABIDE_IFACE_MAX_PARAMS].place,
                      "more than %d parameters", ABIDE_IFACE_MAX_PARAMS);
        return false;
    }
    for (size_t i = 0; i < signature->param_count; i++) {
        if (!params[i].name)
            continue;
        size_t slot = ((uintptr_t)params[i].name / 16 * 31) % SLOTS;
        for (; slots[slot]; slot = (slot + 1) % SLOTS)
            if (params[slots[slot] - 1].name == params[i].name)
                return report_same_name(reader, &params[slots[slot] - 1], &params[i]);
        slots[slot] = (uint16_t)(i + 1);
    }
    return true;
}

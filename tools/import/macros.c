/*
 * Macros without parameters: which of them may be constant expressions, told by their words, so that nothing is tried that
 * would end another declaration, or has another value in each place.
 */
#include "macros.h"

#include "importer.h"

#include <string.h>

#define uthash_malloc(size_bytes)       store_new(1, size_bytes)
#define uthash_free(memory, size_bytes) ((void)(memory))
#include <uthash.h>

/*
 * Words after all replacements, and macros and brackets inside each other: what is more is no constant that people wrote, and clang gives
 * up at 256 brackets.
 */
enum { MAX_WORDS = 4000, MAX_DEPTH = 200 };

struct macro {
    const char *name;
    CXCursor cursor;
    const char
        *why; /* why it is no constant; "": it may be one; NULL: nobody has looked, or is looking */
    size_t words;
    unsigned brackets,
        most_brackets; /* open ones while it is looked at; at most, with those inside */
    bool is_open, is_empty, is_noted;
    bool calls_undeclared; /* it, or a macro in it */
    UT_hash_handle hh;
};

void macros_add(struct macros *macros, CXCursor definition)
{
    const char *name = store_take(clang_getCursorSpelling(definition));
    struct macro *macro;
    HASH_FIND_STR(macros->by_name, name, macro);
    if (!macro) {
        macro = store_new(1, sizeof *macro);
        macro->name = name;
        HASH_ADD_KEYPTR(hh, macros->by_name, macro->name, strlen(macro->name), macro);
    }
    macro->cursor = definition; /* the last one counts */
}

struct declared {
    const char *name;
    UT_hash_handle hh;
};

void macros_declare(struct macros *macros, const char *name)
{
    struct declared *declared;
    HASH_FIND_STR(macros->declared, name, declared);
    if (declared)
        return;
    declared = store_new(1, sizeof *declared);
    declared->name = name;
    HASH_ADD_KEYPTR(hh, macros->declared, declared->name, strlen(declared->name), declared);
}

static bool is_declared(const struct macros *macros, const char *name)
{
    struct declared *declared;
    HASH_FIND_STR(macros->declared, name, declared);
    return declared || strncmp(name, "__builtin_", 10) == 0;
}

bool macros_calls_undeclared(struct macros *macros, const char *name)
{
    struct macro *macro;
    HASH_FIND_STR(macros->by_name, name, macro);
    return macro && macro->calls_undeclared;
}

static bool is_among(const char *word, const char *const *words)
{
    for (; *words; words++)
        if (strcmp(word, *words) == 0)
            return true;
    return false;
}

static const char no_expression[] = "macros that are no constant expressions";

static const char *look(struct macros *macros, struct macro *macro, unsigned depth);

/* What a word makes of the macro that it is in. `is_called`: it is an identifier, and a bracket is behind it. */
static const char *look_at_word(struct macros *macros, struct macro *in, const char *word,
                                CXTokenKind kind, bool is_called, unsigned depth)
{
    static const char *const changing[] = {
        "__COUNTER__",   "__LINE__",      "__FILE__",      "__DATE__",          "__TIME__",
        "__TIMESTAMP__", "__BASE_FILE__", "__FILE_NAME__", "__INCLUDE_LEVEL__", NULL};
    static const char *const breaking[] = {"{", "}", ";", "_Pragma", "__pragma", "<%", "%>", NULL};
    in->words++;
    if (strcmp(word, "(") == 0 || strcmp(word, "[") == 0)
        in->brackets++;
    else if (in->brackets && (strcmp(word, ")") == 0 || strcmp(word, "]") == 0))
        in->brackets--;
    if (in->most_brackets < in->brackets)
        in->most_brackets = in->brackets;
    if (kind == CXToken_Literal || kind == CXToken_Comment)
        return "";
    if (is_among(word, changing))
        return "macros that are another thing in each place";
    if (is_among(word, breaking))
        return no_expression;
    struct macro *inner = NULL;
    if (kind != CXToken_Punctuation)
        HASH_FIND_STR(macros->by_name, word, inner);
    in->calls_undeclared |= is_called && !inner && !is_declared(macros, word);
    if (!inner || inner->is_open) /* a macro inside itself is not replaced */
        return "";
    const char *why = look(macros, inner, depth + 1);
    in->words += inner->words;
    in->calls_undeclared |= inner->calls_undeclared;
    if (in->most_brackets < in->brackets + inner->most_brackets)
        in->most_brackets = in->brackets + inner->most_brackets;
    return why;
}

static const char *look(struct macros *macros, struct macro *macro, unsigned depth)
{
    if (macro->why)
        return macro->why;
    if (depth > MAX_DEPTH)
        return no_expression;
    CXToken *tokens;
    unsigned count;
    CXTranslationUnit parsed = macros->unit->parsed;
    const char *why = "";
    macro->is_open = true;
    macro->words = 0;
    clang_tokenize(parsed, clang_getCursorExtent(macro->cursor), &tokens, &count);
    for (unsigned i = 1; i < count && !*why; i++) {
        CXTokenKind kind = clang_getTokenKind(tokens[i]);
        bool is_called =
            kind == CXToken_Identifier && i + 1 < count &&
            strcmp(store_take(clang_getTokenSpelling(parsed, tokens[i + 1])), "(") == 0;
        why = look_at_word(macros, macro, store_take(clang_getTokenSpelling(parsed, tokens[i])),
                           kind, is_called, depth);
        if (macro->words > MAX_WORDS || macro->most_brackets > MAX_DEPTH)
            why = "macros that are very long";
    }
    clang_disposeTokens(parsed, tokens, count);
    macro->is_open = false;
    macro->is_empty = count <= 1;
    return macro->why = why;
}

const char *macros_refuse(struct macros *macros, const char *name)
{
    struct macro *macro;
    HASH_FIND_STR(macros->by_name, name, macro);
    if (clang_Cursor_isMacroFunctionLike(macro->cursor))
        return "macros with parameters";
    const char *why = look(macros, macro, 0);
    if (macro->is_empty)
        return "macros without a value";
    return *why ? why : NULL;
}

bool macros_note(struct macros *macros, const char *name)
{
    struct macro *macro;
    HASH_FIND_STR(macros->by_name, name, macro);
    bool is_new = macro && !macro->is_noted;
    if (macro)
        macro->is_noted = true;
    return is_new;
}

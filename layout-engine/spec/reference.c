/* Takes references apart. */
#include "spec/reference.h"

#include "base/diag.h"

#include <string.h>

static bool report(abide_ctx *ctx, const struct abide_reference *reference, const char *why)
{
    abide_diag *diag = abide__report(ctx, ABIDE_CODE_BAD_REFERENCE, reference->place,
                                     "%s is no reference to a "
                                     "module: %s",
                                     abide__quote(ctx, reference->text), why);
    abide__diag_help(ctx, diag,
                     "a name (c), a name with version and options "
                     "(name@1.2:option=value,...), or a file (./name.yaml)");
    return false;
}

/* Where the options begin: the last colon that has `=` and no `/` after it. A path may hold colons. */
static const char *options_start(const char *text)
{
    const char *colon = strrchr(text, ':');
    if (!colon || strchr(colon, '/'))
        return NULL;
    return strchr(colon, '=') || !strchr(text, '/') ? colon : NULL;
}

static bool is_word(const char *text, size_t length)
{
    static const char legal[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";
    return length > 0 && strspn(text, legal) >= length;
}

static bool parse_options(abide_ctx *ctx, const char *text, struct abide_reference *reference)
{
    ABIDE_VEC(struct abide_reference_option) options = {0};
    if (!*text)
        return report(ctx, reference, "it ends in a colon");
    while (*text) {
        size_t length = strcspn(text, ",");
        const char *equals = memchr(text, '=', length);
        if (!equals || !is_word(text, (size_t)(equals - text)) ||
            !is_word(equals + 1, length - (size_t)(equals + 1 - text)))
            return report(ctx, reference,
                          "options are written name=value, with commas between "
                          "them");
        struct abide_reference_option option = {
            abide__intern(ctx, text, (size_t)(equals - text)),
            abide__intern(ctx, equals + 1, length - (size_t)(equals + 1 - text)),
        };
        for (size_t i = 0; i < options.count; i++)
            if (options.items[i].name == option.name)
                return report(ctx, reference, "an option stands twice");
        abide__push(ctx, &options, option);
        text += length;
        if (*text == ',')
            text++;
        else
            continue;
        if (!*text)
            return report(ctx, reference, "it ends in a comma");
    }
    reference->options = options.items;
    reference->option_count = options.count;
    return true;
}

static bool parse_name(abide_ctx *ctx, const char *text, size_t length,
                       struct abide_reference *reference)
{
    const char *at = memchr(text, '@', length);
    size_t name_bytes = at ? (size_t)(at - text) : length;
    if (!is_word(text, name_bytes))
        return report(ctx, reference, "a name has letters, digits, `-`, `_` and `.` only");
    reference->name = abide__intern(ctx, text, name_bytes);
    if (!at)
        return true;
    const char *version = abide__intern(ctx, at + 1, length - name_bytes - 1);
    return abide_semver__parse(version, &reference->version) ||
           report(ctx, reference, "a version is written 1, 1.2 or 1.2.3");
}

bool abide_reference__parse(abide_ctx *ctx, const char *text, struct abide_place place,
                            struct abide_reference *reference)
{
    *reference = (struct abide_reference){.text = abide__intern_text(ctx, text), .place = place};
    const char *options = options_start(text);
    size_t length = options ? (size_t)(options - text) : strlen(text);
    if (options && !parse_options(ctx, options + 1, reference))
        return false;
    static const char ending[] = ".yaml", c_variant[] = "c/";
    bool is_yaml = length >= strlen(ending) &&
                   memcmp(text + length - strlen(ending), ending, strlen(ending)) == 0;
    bool is_variant = !is_yaml && strncmp(text, c_variant, strlen(c_variant)) == 0 &&
                      is_word(text + strlen(c_variant), length - strlen(c_variant));
    if (is_variant) {
        reference->name = abide__intern_text(ctx, "c");
        reference->convention =
            abide__intern(ctx, text + strlen(c_variant), length - strlen(c_variant));
        return true;
    }
    if (is_yaml || memchr(text, '/', length)) {
        reference->path = abide__intern(ctx, text, length);
        return true;
    }
    return parse_name(ctx, text, length, reference);
}

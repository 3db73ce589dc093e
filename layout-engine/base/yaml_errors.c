/* The table behind yaml_errors.h. Texts of libyaml 0.2.5, scanner.c and parser.c. */
#include "base/yaml_errors.h"

#include <stddef.h>
#include <string.h>

static const struct {
    const char *problem; /* libyaml's text */
    const char *message;
    const char *help;
} problems[] = {
    /* The first is noticed lines after the key that lacks its colon. */
    {"could not find expected ':'", "expected `:` behind this key",
     "write `key: value`; a text that goes on in the next line must be indented or quoted"},
    {"found unexpected end of stream", "the file ends inside a quoted text", "close the quote"},
    {"found unexpected document indicator", "a document marker inside a quoted text",
     "close the quote"},
    {"found character that cannot start any token", "no value starts with this character",
     "put the text in quotes: '...'"},
    {"found unknown escape character", "unknown escape in a \"...\" text",
     "write '...' (no escapes there), or double the backslash"},
    {"did not find expected hexdecimal number", "expected hexadecimal digits in an escape", NULL},
    {"found invalid Unicode character escape code", "an escape that names no character", NULL},
    {"block sequence entries are not allowed in this context",
     "a list entry `- ` cannot stand here", "start the list in a line of its own, or write [a, b]"},
    {"mapping keys are not allowed in this context", "a key cannot stand here", NULL},
    {"mapping values are not allowed in this context",
     "a second `: ` in one line, or wrong indentation",
     "put the text in quotes if the colon belongs to it (parameters have none: `(count u32)`); "
     "otherwise check the indentation"},
    {"did not find expected alphabetic or numeric character", "no value starts with this character",
     "types take no sigils: a pointer is `ptr<T>`; other texts go in quotes"},
    {"did not find expected comment or line break", "unexpected text behind a block marker",
     "the text of `|` and `>` starts in the next line"},
    {"found an indentation indicator equal to 0", "an indentation of 0 is not possible", NULL},
    {"found a tab character where an indentation space is expected", "a tab in the indentation",
     "indent with spaces"},
    {"found a tab character that violates indentation", "a tab in the indentation",
     "indent with spaces"},
    {"did not find expected <document start>", "unexpected text behind the end of the document",
     "check the indentation: this line stands further left than the file's first key"},
    {"did not find expected node content", "expected a value", NULL},
    {"did not find expected '-' indicator", "expected `- `, the next entry of the list",
     "check the indentation of this line against the list's"},
    {"did not find expected key", "expected a key",
     "check the indentation of this line against its neighbours'; a text behind a closing quote or "
     "bracket "
     "also ends here"},
    {"did not find expected ',' or ']'", "expected `,` or `]`",
     "close the list, or separate its entries"},
    {"did not find expected ',' or '}'", "expected `,` or `}`",
     "close the mapping, or separate its entries; inside {...} a type's own commas are written "
     "`;`"},
    {"found unexpected ':'", "unexpected `:`", NULL},
    {"found incompatible YAML document", "a YAML version that is not supported",
     "leave the line out"},
    {"found duplicate %YAML directive", "directives are not used here", "leave the line out"},
    {"found duplicate %TAG directive", "directives are not used here", "leave the line out"},
    {"found undefined tag handle", "tags are not used here", "leave the tag out"},
    {"could not find expected directive name", "directives are not used here",
     "leave the line out"},
    {"found unexpected non-alphabetical character", "directives are not used here",
     "leave the line out"},
    {"found unknown directive name", "directives are not used here", "leave the line out"},
    {"did not find expected digit or '.' character", "directives are not used here",
     "leave the line out"},
    {"did not find expected version number", "directives are not used here", "leave the line out"},
    {"did not find expected whitespace", "tags and directives are not used here", NULL},
    {"did not find expected whitespace or line break", "tags are not used here",
     "leave the tag out"},
    {"did not find expected tag URI", "tags are not used here", "leave the tag out"},
    {"did not find expected '!'", "tags are not used here", "leave the tag out"},
    {"did not find the expected '>'", "tags are not used here", "leave the tag out"},
};

static const struct {
    const char *context; /* how libyaml's text begins */
    const char *text;
} contexts[] = {
    {"while scanning a simple key", "the key"},
    {"while scanning a quoted scalar", "the quote opens here"},
    {"while parsing a quoted scalar", "the quote opens here"},
    {"while parsing a flow sequence", "the list starts here"},
    {"while parsing a flow mapping", "the mapping starts here"},
    {"while parsing a block mapping", "the mapping starts here"},
    {"while parsing a block collection", "the list starts here"},
    {"while scanning a block scalar", "the text starts here"},
};

struct yaml_error_text abide_yaml__error_text(const char *problem, const char *context)
{
    struct yaml_error_text error = {problem ? problem : "not YAML", NULL, NULL, false};
    for (size_t i = 0; problem && i < sizeof problems / sizeof *problems; i++)
        if (strcmp(problems[i].problem, problem) == 0)
            error = (struct yaml_error_text){problems[i].message, NULL, problems[i].help, i == 0};
    for (size_t i = 0; context && i < sizeof contexts / sizeof *contexts; i++)
        if (strcmp(contexts[i].context, context) == 0)
            error.context = contexts[i].text;
    return error;
}

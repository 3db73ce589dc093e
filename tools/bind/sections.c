/* Sections of a binding: one for each group of targets on which the declarations are the same. */
#include "bind.h"

#include <string.h>

/* How a language chooses a section at compile time. `%s` of `first`, `next` and `tail` is a condition. */
static const struct choice {
    const char *language, *key;
    const char *one, *between; /* of the conditions of targets; `one` has a %s */
    const char *head, *first, *next, *indent, *end;
    const char *tail; /* for other targets; its condition is that of all */
} choices[] = {
    {"c", "c", "(%s)", " || \\\n    ", "", "#if %s\n", "#elif %s\n", "", "",
     "#else\n#error \"this binding is not for this target\"\n#endif\n"},
    {"cpp", "c", "(%s)", " || \\\n    ", "", "#if %s\n", "#elif %s\n", "", "",
     "#else\n#error \"this binding is not for this target\"\n#endif\n"},
    {
        "rust",
        "rust",
        "%s",
        ",\n    ",
        "",
        "#[cfg(any(\n    %s\n))]\nmod target {\n",
        "\n#[cfg(any(\n    %s\n))]\nmod target {\n",
        "    ",
        "}\n",
        "\n#[cfg(not(any(\n    %s\n)))]\ncompile_error!(\"this binding is not for this "
        "target\");\n\n"
        "#[allow(unused_imports)]\npub use target::*;\n",
    },
    {"nim", "nim", "(%s)", " or\n    ", "", "when %s:\n", "elif %s:\n", "  ", "",
     "else:\n  {.error: \"this binding is not for this target\".}\n"},
    {"python", "python", "(%s)", "\n        or ",
     "import ctypes\nimport platform\n\n_machine, _system, _bits = platform.machine(), "
     "platform.system(), 8 * ctypes.sizeof(ctypes.c_void_p)\n",
     "if (%s):\n", "elif (%s):\n", "    ", "",
     "else:\n    raise ImportError(\"this binding is not for this target\")\n"},
    {"zig", "zig", "(%s)", " or\n    ", "const builtin = @import(\"builtin\");\n\n",
     "pub const here = if (%s) struct {\n", "} else if (%s) struct {\n", "    ", "",
     "} else @compileError(\"this binding is not for this target\");\n"},
};

static const char *fill(const char *text, const char *condition)
{
    const char *at = strstr(text, "%s");
    return at ? cli_printf("%.*s%s%s", (int)(at - text), text, condition, at + 2) : text;
}

static const struct choice *choice_of(const struct language *language)
{
    const struct choice *choice = choices;
    while (strcmp(choice->language, language->name) != 0)
        choice++;
    return choice;
}

/* The condition of all targets of a model, behind `text`. */
static const char *add_condition(const char *text, const struct choice *choice,
                                 const struct model *model)
{
    for (size_t t = 0; t < model->target_count; t++) {
        const char *guard = target_guard(&model->targets[t], choice->key);
        if (guard)
            text =
                cli_printf("%s%s%s", text, *text ? choice->between : "", fill(choice->one, guard));
    }
    return text;
}

static void print_indented(struct text *text, const char *indent, const char *lines)
{
    while (*lines) {
        size_t length = strcspn(lines, "\n");
        text_puts(text, length ? indent : "");
        text_add(text, lines, length);
        text_puts(text, "\n");
        lines += length + (lines[length] == '\n');
    }
}

void print_sections(const struct model *models, size_t count, struct text *text)
{
    const struct choice *choice = choice_of(models[0].language);
    const char *all = "";
    text_puts(text, choice->head);
    for (size_t i = 0; i < count; i++) {
        struct text section = {0};
        models[i].language->print(&models[i], models[i].language, &section);
        const char *condition = add_condition("", choice, &models[i]);
        text_puts(text, fill(i ? choice->next : choice->first, condition));
        print_indented(text, choice->indent, cli_copy(section.chars, section.length_bytes));
        text_puts(text, choice->end);
        all = add_condition(all, choice, &models[i]);
        text_free(&section);
    }
    text_puts(text, fill(choice->tail, all));
}

/* Modules on pages: rules, their sources, and what they decide. */
#include "picture/rules.h"

#include "picture/markup.h"
#include "picture/page.h"

#include <string.h>

#define LINKS_MAX 20 /* functions that a rule names */

/* A rule of a module, as the module itself writes it. */
struct rule {
    const char *section, *id, *source; /* NULL: none */
};

/* What the page says of one module. */
struct telling {
    struct cli *cli;
    const abide_module *module;
    const struct question *question;
    const struct called *subjects;
    size_t count;
    struct text *out;
};

static bool is_same(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

static bool is_decided_by(const abide_decision *decision, const struct rule *rule)
{
    return decision->rule && is_same(decision->rule, rule->id) &&
           is_same(decision->source, rule->source);
}

/* Rules are known by what they say: what a module took over from another one is that one's by name. */
static bool decides_in(const struct telling *telling, const abide_assignment *assignment,
                       const struct rule *rule)
{
    bool is_machine = strcmp(abide_module_level(telling->module), "machine") == 0;
    size_t count = abide_assignment_argument_count(assignment);
    for (size_t i = 0; i <= count; i++) {
        abide_argument argument = i < count ? abide_assignment_argument_at(assignment, i)
                                            : abide_assignment_result(assignment);
        bool is_result = i == count;
        bool of_section = !is_machine || strcmp(rule->section, is_result ? "returns" : "args") == 0;
        if (of_section &&
            is_decided_by(is_machine ? &argument.placed_by : &argument.lowered_by, rule))
            return true;
    }
    return false;
}

static bool decides(const struct telling *telling, const struct called *subject,
                    const struct rule *rule)
{
    for (size_t m = 0; m < telling->question->module_count; m++) {
        const abide_module *module = telling->question->modules[m];
        if (abide_module_machine(module) != telling->module && module != telling->module)
            continue;
        if (decides_in(telling, subject->assignments[m], rule))
            return true;
    }
    return false;
}

static void print_decided(const struct telling *telling, const struct rule *rule)
{
    size_t shown = 0, found = 0;
    for (size_t i = 0; i < telling->count; i++) {
        if (!decides(telling, &telling->subjects[i], rule))
            continue;
        if (found++ >= LINKS_MAX)
            continue;
        text_puts(telling->out, shown++ ? ", " : "<br/>decides ");
        page_link(telling->out, "function", abide_function_name(telling->subjects[i].function));
    }
    if (found > LINKS_MAX)
        text_printf(telling->out, " and %zu more", found - LINKS_MAX);
}

static void print_rule(const struct telling *telling, const struct rule *rule)
{
    text_puts(telling->out, "<dt><code>");
    markup_text(telling->out, rule->section);
    if (rule->id)
        text_puts(telling->out, "/");
    markup_text(telling->out, rule->id ? rule->id : "");
    text_puts(telling->out, "</code></dt>\n<dd>");
    markup_text(telling->out, rule->source ? rule->source : "no source stated");
    if (rule->id)
        print_decided(telling, rule);
    text_puts(telling->out, "</dd>\n");
}

static const char *text_at(const abide_data *data, const char *key)
{
    const abide_data *value = abide_data_get(data, key);
    return value ? abide_data_text(value) : NULL;
}

/* What has an id or a source: a list of rules, or a part of the module that says where it is from. */
static void print_section(const struct telling *telling, const char *name, const abide_data *data)
{
    switch (abide_data_kind_of(data)) {
    case ABIDE_DATA_SCALAR: return;
    case ABIDE_DATA_MAPPING: {
        struct rule rule = {name, NULL, text_at(data, "source")};
        if (rule.source)
            print_rule(telling, &rule);
        return;
    }
    case ABIDE_DATA_SEQUENCE:
        for (size_t i = 0; i < abide_data_count(data); i++) {
            const abide_data *entry = abide_data_at(data, i);
            struct rule rule = {name, text_at(entry, "id"), text_at(entry, "source")};
            if (rule.id)
                print_rule(telling, &rule);
        }
        return;
    }
}

bool picture_module_section(struct cli *cli, const abide_module *module,
                            const struct question *question, const struct called *subjects,
                            size_t count, struct text *out)
{
    struct telling telling = {cli, module, question, subjects, count, out};
    const char *text = abide_module_print(cli->ctx, module), *name = abide_module_name(module);
    const abide_data *data =
        text ? abide_data_parse(cli->ctx, cli_printf("<%s>", name), text, strlen(text)) : NULL;
    if (!data)
        return false;
    page_section(out, 3, "module", name,
                 cli_printf("%s, %s", abide_module_version(module), abide_module_level(module)));
    page_prose(out, abide_module_summary(module) ? abide_module_summary(module) : "");
    text_puts(out, "<dl>\n");
    for (size_t i = 0; i < abide_data_count(data); i++)
        print_section(&telling, abide_data_key_at(data, i), abide_data_at(data, i));
    text_puts(out, "</dl>\n");
    page_details(out, "The module in full");
    page_code(out, text);
    page_details_end(out);
    page_section_end(out);
    return true;
}

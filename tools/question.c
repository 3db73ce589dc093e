/* Interfaces, ABIs and names of a question. */
#include "question.h"

#include <string.h>

enum status question_load_modules(struct cli *cli, struct question *question,
                                  const struct words *references, const char *usual)
{
    const struct options *options = &cli->options;
    const char *const *abis = references->count ? references->items : &usual;
    size_t abi_count = references->count ? references->count : 1;
    static const char *const this_machine = NULL;
    const char *const *targets = options->targets.count ? options->targets.items : &this_machine;
    size_t target_count = options->targets.count ? options->targets.count : 1;

    question->modules = cli_alloc(abi_count * target_count, sizeof *question->modules);
    question->titles = cli_alloc(abi_count * target_count, sizeof *question->titles);
    bool good = true;
    for (size_t i = 0; i < target_count; i++)
        for (size_t j = 0; j < abi_count; j++) {
            const abide_module *module = abide_module_load(cli->ctx, abis[j], targets[i]);
            good = good && module;
            if (module)
                question->titles[question->module_count] = question_abi_title(module, abis[j]);
            question->modules[question->module_count++] = module;
        }
    return good ? STATUS_OK : cli_failure(cli);
}

enum status question_open(struct cli *cli, struct question *question)
{
    question->iface = abide_iface_load(cli->ctx, cli->options.operands.items[0]);
    return question->iface ? question_load_modules(cli, question, &cli->options.abis, "c")
                           : cli_failure(cli);
}

const char *question_provided_abi(const abide_iface *iface)
{
    const char *provided = abide_iface_provides(iface);
    return provided ? provided : "c";
}

enum status question_open_as_provided(struct cli *cli, struct question *question)
{
    question->iface = abide_iface_load(cli->ctx, cli->options.operands.items[0]);
    return question->iface ? question_load_modules(cli, question, &cli->options.abis,
                                                   question_provided_abi(question->iface))
                           : cli_failure(cli);
}

/* `*` is any text, `?` any one byte. Linear in the name for each star: the last star alone is ever retried. */
bool question_matches(const char *pattern, const char *name)
{
    const char *star = NULL;
    const char *retry = NULL;
    while (*name) {
        if (*pattern == '*') {
            star = pattern++;
            retry = name;
        } else if (*pattern == '?' || *pattern == *name) {
            pattern++;
            name++;
        } else if (star) {
            pattern = star + 1;
            name = ++retry;
        } else {
            return false;
        }
    }
    while (*pattern == '*')
        pattern++;
    return !*pattern;
}

static bool is_pattern(const char *word)
{
    return strpbrk(word, "*?") != NULL;
}

static void report_unknown(struct cli *cli, const struct names *names, const char *word)
{
    const char *file = cli->options.operands.items[0];
    if (is_pattern(word)) {
        cli_report(cli, names->unknown_id, NULL, "no %s of '%s' matches '%s'", names->what, file,
                   word);
        return;
    }
    const char *nearest = abide_nearest(word, names->name_at, names->user);
    const char *help = nearest ? cli_printf("did you mean '%s'?", nearest)
                       : strchr(word, '<')
                           ? "only types with a name can be asked for: give it one under `types:`"
                           : NULL;
    cli_report(cli, names->unknown_id, help, "no %s '%s' in '%s'", names->what, word, file);
}

static void select_one(struct selection *selection, bool *taken, size_t index, bool by_name)
{
    if (taken[index])
        return;
    taken[index] = true;
    selection->by_name[selection->count] = by_name;
    selection->indexes[selection->count++] = index;
}

/* false: there is none. */
static bool select_word(const struct names *names, const char *word, bool *taken,
                        struct selection *selection)
{
    bool pattern = is_pattern(word);
    bool found = false;
    for (size_t i = 0; i < names->count; i++) {
        const char *name = names->name_at(names->user, i);
        if (pattern ? question_matches(word, name) : strcmp(word, name) == 0) {
            select_one(selection, taken, i, !pattern);
            found = true;
        }
    }
    return found;
}

enum status question_select(struct cli *cli, const struct names *names, struct selection *selection)
{
    const struct words *operands = &cli->options.operands;
    bool *taken = cli_alloc(names->count + 1, sizeof *taken);
    *selection = (struct selection){cli_alloc(names->count + 1, sizeof *selection->indexes),
                                    cli_alloc(names->count + 1, sizeof *selection->by_name), 0};
    if (operands->count == 1)
        for (size_t i = 0; i < names->count; i++)
            select_one(selection, taken, i, false);
    bool good = true;
    for (size_t i = 1; i < operands->count; i++)
        if (!select_word(names, operands->items[i], taken, selection)) {
            report_unknown(cli, names, operands->items[i]);
            good = false;
        }
    return good ? STATUS_OK : cli_failure(cli);
}

static const char *type_name_at(const void *iface, size_t index)
{
    return index < abide_iface_type_count(iface)
               ? abide_type_name(abide_iface_type_at(iface, index))
               : NULL;
}

struct names question_types(const abide_iface *iface)
{
    return (struct names){"type", "unknown-type", abide_iface_type_count(iface), type_name_at,
                          iface};
}

static const char *function_name_at(const void *iface, size_t index)
{
    return index < abide_iface_function_count(iface)
               ? abide_function_name(abide_iface_function_at(iface, index))
               : NULL;
}

struct names question_functions(const abide_iface *iface)
{
    return (struct names){"function", "unknown-function", abide_iface_function_count(iface),
                          function_name_at, iface};
}

const abide_function *question_callable_at(const abide_iface *iface, size_t index)
{
    size_t functions = abide_iface_function_count(iface);
    return index < functions ? abide_iface_function_at(iface, index)
                             : abide_iface_method_at(iface, index - functions);
}

static const char *callable_name_at(const void *iface, size_t index)
{
    const abide_function *function = question_callable_at(iface, index);
    return function ? abide_function_name(function) : NULL;
}

struct names question_callables(const abide_iface *iface)
{
    return (struct names){"function", "unknown-function",
                          abide_iface_function_count(iface) + abide_iface_method_count(iface),
                          callable_name_at, iface};
}

const char *question_subject(const struct cli *cli, const abide_iface *iface)
{
    const char *package = abide_iface_package(iface), *file = cli->options.operands.items[0];
    const char *slash = strrchr(file, '/');
    return package ? package : slash ? slash + 1 : file;
}

const char *question_abi_title(const abide_module *module, const char *reference)
{
    const char *colon = strchr(reference, ':');
    const char *options = colon && strchr(colon, '=') ? colon : "";
    const char *title =
        cli_printf("%s@%s%s", abide_module_name(module), abide_module_version(module), options);
    const abide_module *machine = abide_module_machine(module);
    if (machine != module)
        title = cli_printf("%s over %s", title, question_abi_title(machine, ""));
    return title;
}

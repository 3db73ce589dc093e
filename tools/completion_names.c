/* The names that may stand next on a command line that is being written: of types, functions or parameters of its file. */
#include "completion.h"
#include "json.h"
#include "question.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* "FUNCTION" for the operand at an index of "FILE FUNCTION [ARGUMENT...]"; the last one repeats where it says so. */
static const char *operand_at(const char *operands, size_t index)
{
    const char *at = operands;
    for (; index; index--) {
        const char *blank = strchr(at, ' ');
        if (!blank)
            return strstr(at, "...") ? cli_copy(at + 1, strlen(at) - strlen("[...]")) : "";
        at = blank + 1;
    }
    size_t start = *at == '[';
    return cli_copy(at + start, strcspn(at + start, " .]"));
}

static bool is_named(const char *operand)
{
    return strcmp(operand, "TYPE") == 0 || strcmp(operand, "FUNCTION") == 0;
}

/*
 * The file as a shell would give it: it replaces `~/` where the word is given, but not where it is asked about. NULL: no
 * regular file. What is being typed must not be waited for, as standard input and pipes are.
 */
static const char *regular_file(const char *word)
{
    const char *home = strncmp(word, "~/", 2) == 0 ? getenv("HOME") : NULL;
    const char *path = home ? cli_printf("%s%s", home, word + 1) : word;
    struct stat status;
    return stat(path, &status) == 0 && S_ISREG(status.st_mode) ? path : NULL;
}

static void add_all(const struct names *names, struct words *found)
{
    for (size_t i = 0; i < names->count; i++)
        words_add(found, names->name_at(names->user, i));
}

static bool has_word(const struct words *words, const char *word)
{
    for (size_t i = 0; i < words->count; i++)
        if (strcmp(words->items[i], word) == 0)
            return true;
    return false;
}

/* The parameters of the functions that the line names, or of all if it names none. */
static void add_parameters(const struct cli *line, const abide_iface *iface, struct words *found)
{
    for (size_t i = 0; i < abide_iface_function_count(iface); i++) {
        const abide_function *function = abide_iface_function_at(iface, i);
        const abide_signature *signature = abide_function_signature(function);
        if (line->options.operands.count > 1 &&
            !has_word(&line->options.operands, abide_function_name(function)))
            continue;
        for (size_t p = 0; p < abide_signature_parameter_count(signature); p++) {
            const char *name = abide_signature_parameter_at(signature, p).name;
            if (name && !has_word(found, name))
                words_add(found, name);
        }
    }
}

/* Finds what may stand behind the words of the line. false: the file itself. */
static bool find_names(struct cli *line, const struct poptOption *awaited, struct words *found)
{
    const struct words *operands = &line->options.operands;
    int option = awaited ? awaited->val : 0;
    if (operands->count == 0)
        return false;
    bool is_name = awaited ? option == OPTION_VARIADIC || option == OPTION_DATA
                           : is_named(operand_at(line->verb->operands, operands->count));
    if (!is_name)
        return true;
    const char *path = regular_file(operands->items[0]);
    const abide_iface *iface = path ? abide_iface_load(line->ctx, path) : NULL;
    if (!iface)
        return true;
    if (option == OPTION_DATA) {
        add_parameters(line, iface, found);
    } else {
        struct names names = awaited ? question_types(iface) : line->verb->names(iface);
        add_all(&names, found);
    }
    return true;
}

static void print(struct cli *cli, const struct words *found)
{
    if (cli->options.format != FORMAT_JSON) {
        for (size_t i = 0; i < found->count; i++)
            text_printf(&cli->product, "%s\n", found->items[i]);
        return;
    }
    json_t *root = json_new_answer(cli);
    json_t *names = json_new_array();
    for (size_t i = 0; i < found->count; i++)
        json_add(names, json_string(found->items[i]));
    json_put(root, "names", names);
    json_print(root, &cli->product);
}

enum status completion_names(struct cli *cli)
{
    const struct words *words = &cli->options.operands;
    struct cli line = {.verb = words->count > 1 ? verb_named(words->items[1]) : NULL};
    if (!line.verb || !line.verb->names)
        return STATUS_NO;
    line.ctx = abide_ctx_new(NULL);
    if (!line.ctx)
        cli_no_memory();
    struct words found = {0};
    const struct poptOption *awaited =
        options_read_unfinished(&line, (int)words->count - 1, words->items + 1);
    bool has_file = find_names(&line, awaited, &found);
    print(cli, &found);
    abide_ctx_free(line.ctx);
    return has_file ? STATUS_OK : STATUS_NO;
}

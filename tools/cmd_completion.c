/* abide completion: what a shell offers in the middle of a command line. */
#include "cli.h"
#include "completion.h"
#include "json.h"

#include <string.h>

static const struct poptOption completion_options[] = {OPTIONS_COMMON, POPT_TABLEEND};

static const struct shell {
    const char *name;
    void (*write)(struct text *text);
} shells[] = {{"bash", completion_bash}, {"zsh", completion_zsh}, {"fish", completion_fish}};
#define SHELL_COUNT (sizeof shells / sizeof *shells)

static const char *shell_at(const void *user, size_t index)
{
    (void)user;
    return index < SHELL_COUNT ? shells[index].name : NULL;
}

/* The question that the scripts ask; of no use to people, and not in the help. */
static const char names_question[] = "names";

static void print(struct cli *cli, const char *shell, const struct text *script)
{
    if (cli->options.format != FORMAT_JSON) {
        text_add(&cli->product, script->chars, script->length_bytes);
        return;
    }
    json_t *root = json_new_answer(cli);
    json_put_text(root, "shell", shell);
    json_put_text(root, "script", script->chars);
    json_print(root, &cli->product);
}

static enum status run(struct cli *cli)
{
    const struct words *operands = &cli->options.operands;
    const char *name = operands->items[0];
    if (strcmp(name, names_question) == 0)
        return completion_names(cli);
    if (operands->count > 1)
        return cli_misuse(cli, "unexpected-operand", NULL, "'%s' is one word too many",
                          operands->items[1]);
    for (size_t i = 0; i < SHELL_COUNT; i++)
        if (strcmp(shells[i].name, name) == 0) {
            struct text script = {0};
            shells[i].write(&script);
            print(cli, name, &script);
            text_free(&script);
            return STATUS_OK;
        }
    const char *nearest = abide_nearest(name, shell_at, NULL);
    return cli_misuse(cli, "bad-option-value",
                      nearest ? cli_printf("did you mean '%s'?", nearest) : NULL,
                      "completions are made for bash, zsh and fish, not for '%s'", name);
}

const struct verb verb_completion = {
    .name = "completion",
    .summary = "makes completions of this command line for shells",
    .operands = "bash|zsh|fish",
    .about =
        "Writes the script by which a shell completes what is being typed: verbs, options, their\n"
        "values, targets, ABI modules, ids of diagnostics, and names of the interface file on the\n"
        "line. Installed packages bring it along.",
    .examples = {"source <(abide completion bash)     # for this shell",
                 "abide completion fish -o ~/.config/fish/completions/abide.fish   # for good"},
    .options = completion_options,
    .operands_min = 1,
    .operands_max = OPERANDS_ANY,
    .run = run,
};

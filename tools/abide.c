/*
 * The abide command: what all verbs share from the first word to the exit status.
 */
#include "diags.h"
#include "output.h"
#include "response.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void describe_program(struct text *text)
{
    text_puts(text, "Examples:\n"
                    "  abide layout geometry.abi.yaml       # sizes, offsets and padding\n"
                    "  abide call geometry.abi.yaml scale   # which register holds what\n"
                    "\n"
                    "Usage: abide VERB [OPTIONS] ...\n"
                    "\n"
                    "Verbs:\n");
    for (size_t i = 0; verbs[i]; i++)
        text_printf(text, "  %-12s %s\n", verbs[i]->name, verbs[i]->summary);
    text_puts(text, "\n'abide VERB --help' shows the options of a verb, 'abide --version' the "
                    "version.\nExit status: 0 success; 1 the answer is no; 2 usage; 3 bad input; "
                    "4 not built in;\n70 internal error.\n");
}

static void describe_verb(const struct verb *verb, struct text *text)
{
    text_printf(text, "Examples:\n  %s\n  %s\n\nUsage: abide %s [OPTIONS]%s%s\n\n%s\n",
                verb->examples[0], verb->examples[1], verb->name, *verb->operands ? " " : "",
                verb->operands, verb->about);
    options_describe(verb->options, text);
}

static void describe_version(struct text *text)
{
    text_puts(text, "abide " ABIDE_VERSION "\n");
}

static const char *verb_name_at(const void *user, size_t index)
{
    (void)user;
    return verbs[index] ? verbs[index]->name : NULL;
}

/* Options before the verb: only those that need none. */
static enum status run_without_verb(struct cli *cli, const char *word, const char *next)
{
    cli->verb = next && strcmp(word, "help") == 0 ? verb_named(next) : NULL;
    if (cli->verb) {
        describe_verb(cli->verb, &cli->product);
        return STATUS_OK;
    }
    static const char *const helps[] = {"--help", "-h", "help"};
    for (size_t i = 0; i < sizeof helps / sizeof *helps; i++)
        if (strcmp(word, helps[i]) == 0) {
            describe_program(&cli->product);
            return STATUS_OK;
        }
    if (strcmp(word, "--version") == 0 || strcmp(word, "-V") == 0) {
        describe_version(&cli->product);
        return STATUS_OK;
    }
    if (*word == '-')
        return cli_misuse(cli, "unknown-verb", "options come after the verb: abide VERB [OPTIONS]",
                          "'%s' is no verb", word);
    const char *nearest = abide_nearest(word, verb_name_at, NULL);
    return cli_misuse(cli, "unknown-verb",
                      nearest ? cli_printf("did you mean '%s'?", nearest) : NULL, "'%s' is no verb",
                      word);
}

/* The context that the options ask for, in place of the one that took complaints about them. */
static enum status open_context(struct cli *cli)
{
    abide_ctx_options options = ABIDE_CTX_OPTIONS_INIT;
    options.module_dirs = cli->options.include_dirs.items;
    options.module_dir_count = cli->options.include_dirs.count;
    abide_ctx_free(cli->ctx);
    cli->ctx = abide_ctx_new(&options);
    if (!cli->ctx)
        cli_no_memory();
    bool good = true;
    for (size_t i = 0; i < cli->options.module_files.count; i++)
        good = abide_module_add_file(cli->ctx, cli->options.module_files.items[i]) && good;
    return good ? STATUS_OK : cli_failure(cli);
}

static enum status run_verb(struct cli *cli, int argc, const char **argv)
{
    if (cli->verb->words)
        argv = cli->verb->words(&argc, argv);
    if (!options_parse(cli, argc, argv))
        return STATUS_USAGE;
    if (cli->options.help || cli->options.version) {
        if (cli->options.help)
            describe_verb(cli->verb, &cli->product);
        else
            describe_version(&cli->product);
        return STATUS_OK;
    }
    cli->color_out = output_wants_color(cli, STDOUT_FILENO);
    if (cli->options.output && strcmp(cli->options.output, "-") != 0)
        cli->color_out = cli->options.color == COLOR_ALWAYS;
    enum status status = open_context(cli);
    if (status == STATUS_OK)
        status = cli->verb->run(cli);
    /* An error that nobody noticed must not look like success. */
    if (status == STATUS_OK && cli_has_errors(cli))
        status = cli_failure(cli);
    return status;
}

#define SHOWN_MAX 20

static bool is_wanted(const struct options *options, const abide_diag *diag)
{
    return !options->quiet || abide_diag_severity(diag) == ABIDE_SEVERITY_ERROR;
}

static void print_diags(struct cli *cli)
{
    struct text text = {0};
    const struct diags diags = {cli, cli->color_err, SHOWN_MAX, false, is_wanted, NULL};
    if (abide_ctx_diag_count(cli->ctx))
        diags_write(&diags, &text);
    if (text.chars)
        fputs(text.chars, stderr);
    text_free(&text);
}

static enum status run_words(struct cli *cli, int argc, const char **argv)
{
    const char *word = argc > 1 ? argv[1] : "--help";
    cli->options.error_format = options_error_format(argc, argv);
    cli->verb = verb_named(word);
    return cli->verb ? run_verb(cli, argc - 1, argv + 1)
                     : run_without_verb(cli, word, argc > 2 ? argv[2] : NULL);
}

int main(int argc, char **argv)
{
    output_claim_standard_streams();
    output_outlive_limits();
    struct cli cli = {.ctx = abide_ctx_new(NULL)};
    if (!cli.ctx)
        cli_no_memory();

    struct words words = {0};
    enum status status = STATUS_OK;
    cli.options.error_format = options_error_format(argc, (const char **)argv);
    if (response_expand(&cli, argc, (const char *const *)argv, &words))
        status = run_words(&cli, (int)words.count, words.items);
    else
        status = cli_failure(&cli);
    if (argc < 2) { /* nothing was asked */
        fputs(cli.product.chars, stderr);
        status = STATUS_USAGE;
    }
    if ((status == STATUS_OK || status == STATUS_NO || cli.is_partial) &&
        cli.product.length_bytes &&
        !output_write(&cli, cli.options.output, cli.product.chars, cli.product.length_bytes))
        status = STATUS_INPUT;
    cli.color_err = output_wants_color(&cli, STDERR_FILENO);
    print_diags(&cli);

    text_free(&cli.product);
    abide_ctx_free(cli.ctx);
    cli_free_all();
    return status;
}

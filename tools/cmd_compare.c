/* abide compare: what changed between two descriptions of a library, and for whom that matters. */
#include "compare/compare.h"

#include <stdio.h>
#include <string.h>

const struct poptOption compare_options[] = {
    OPTION_TARGETS_ROW,
    OPTION_TEXT("abi", 0, OPTION_ABI,
                "the ABI of both (default: what each file provides, else c); may be repeated",
                "REF"),
    OPTION_TEXT("new-abi", 0, OPTION_NEW_ABI,
                "the ABI of the new one, if it is another; may be repeated", "REF"),
    OPTION_TEXT(
        "git", 0, OPTION_GIT,
        "compare FILE at two revisions of its git repository, or at one with the file as it is; "
        "of a file that was renamed, both paths are named",
        "OLD[..NEW]"),
    OPTION_TEXT("direction", 0, OPTION_DIRECTION,
                "what has to work: provider, old programs with the new library; consumer, new "
                "programs with the old one; both (default)",
                "provider|consumer|both"),
    OPTION_TEXT("fail-on", 0, OPTION_FAIL_ON,
                "status 1 for changes of this severity or worse (default: contract)",
                "addition|risk|contract|break"),
    OPTION_TEXT("accept", 0, OPTION_ACCEPT,
                "changes that are accepted, each with its path and a reason", "FILE"),
    OPTIONS_MODULES,
    OPTIONS_COMMON,
    POPT_TABLEEND};

/* Both sides as the command line names them. */
struct source {
    const char *path;
    const char *revision; /* of git; NULL: the file as it is */
};

/* OLD..NEW; or OLD alone, against the file as it is. */
static bool split_revisions(struct cli *cli, struct source sources[2])
{
    const char *range = cli->options.git;
    const char *dots = strstr(range, "..");
    if (!*range || dots == range || (dots && (!dots[2] || dots[2] == '.'))) {
        cli_misuse(cli, "bad-option-value", "for instance --git v1.0..HEAD",
                   "--git takes two revisions with .. between them, or one, not '%s'", range);
        return false;
    }
    sources[0].revision = dots ? cli_copy(range, (size_t)(dots - range)) : range;
    sources[1].revision = dots ? dots + 2 : NULL;
    return true;
}

static bool find_sources(struct cli *cli, struct source sources[2])
{
    const struct options *options = &cli->options;
    const struct words *operands = &options->operands;
    bool is_one = options->git || options->new_abis.count;
    if (!is_one && operands->count < 2) {
        cli_misuse(cli, "missing-operand", "or --git OLD..NEW, or --new-abi REF",
                   "something is missing: the new file");
        return false;
    }
    sources[0].path = operands->items[0];
    sources[1].path = operands->items[operands->count - 1];
    return !options->git || split_revisions(cli, sources);
}

/* What stands in front of a binary, or a header, and who makes an interface file of it; NULL: neither. */
static const char *importer_of(const char *path)
{
    char start[4] = "";
    FILE *file = fopen(path, "rb");
    size_t length = file ? fread(start, 1, sizeof start, file) : 0;
    if (file)
        (void)fclose(file);
    if (length == sizeof start && memcmp(start,
                                         "\x7f"
                                         "ELF",
                                         sizeof start) == 0)
        return "dwarf";
    const char *dot = strrchr(path, '.');
    return dot && (strcmp(dot, ".h") == 0 || strcmp(dot, ".c") == 0) ? "c" : NULL;
}

static const abide_iface *load(struct cli *cli, const char *path)
{
    const char *importer = importer_of(path);
    if (!importer)
        return abide_iface_load(cli->ctx, path);
    cli_report(cli, "wrong-shape",
               cli_printf("write one of each, and compare these: abide import %s '%s' -o "
                          "NAME.abi.yaml",
                          importer, path),
               "'%s' is %s, and no interface file", path,
               strcmp(importer, "c") == 0 ? "source code of C" : "a binary");
    return NULL;
}

static bool open_side(struct cli *cli, struct comparison *comparison, int side,
                      const struct source *source)
{
    struct question *question = &comparison->sides[side];
    comparison->names[side] = source->path;
    if (source->revision) {
        size_t length_bytes;
        const char *text = git_read(cli, source->revision, source->path, &length_bytes);
        comparison->names[side] = cli_printf("%s:%s", source->revision, source->path);
        question->iface =
            text ? abide_iface_parse(cli->ctx, comparison->names[side], text, length_bytes) : NULL;
    } else {
        question->iface = load(cli, source->path);
    }
    const struct words *abis =
        side == 1 && cli->options.new_abis.count ? &cli->options.new_abis : &cli->options.abis;
    return question->iface &&
           question_load_modules(cli, question, abis, question_provided_abi(question->iface)) ==
               STATUS_OK;
}

static enum status answer(struct cli *cli, struct comparison *comparison)
{
    enum { BOTH, PROVIDER, CONSUMER }; /* the words of --direction */
    int fail_on = cli->options.fail_on;
    enum severity limit = fail_on ? (enum severity)(ADDITION + fail_on - 1) : CONTRACT;
    enum severity worst = NOTHING;
    if (cli->options.direction != CONSUMER)
        worst = findings_worst(comparison, FORWARD);
    if (cli->options.direction != PROVIDER && findings_worst(comparison, BACKWARD) > worst)
        worst = findings_worst(comparison, BACKWARD);
    if (comparison->is_incomplete) {
        cli->is_partial = true;
        return cli_failure(cli);
    }
    return worst >= limit ? STATUS_NO : STATUS_OK;
}

static enum status run(struct cli *cli)
{
    struct comparison comparison = {.cli = cli};
    struct source sources[2] = {{NULL, NULL}, {NULL, NULL}};
    struct accept *accept;
    if (!find_sources(cli, sources))
        return STATUS_USAGE;
    if (!open_side(cli, &comparison, 0, &sources[0]) ||
        !open_side(cli, &comparison, 1, &sources[1]))
        return cli_failure(cli);
    if (comparison.sides[0].module_count != comparison.sides[1].module_count)
        return cli_misuse(cli, "bad-option-value", "name as many --abi as --new-abi",
                          "the two sides have different numbers of ABIs");
    if (!accept_load(cli, &accept))
        return cli_failure(cli);
    compare_all(&comparison);
    accept_apply(accept, &comparison);
    if (cli->options.format == FORMAT_JSON)
        compare_print_json(&comparison, accept);
    else
        compare_print_text(&comparison, accept);
    return answer(cli, &comparison);
}

const struct verb verb_compare = {
    .name = "compare",
    .summary = "what changed between two descriptions, and whom it breaks",
    .operands = "OLD [NEW]",
    .about =
        "Compares two descriptions of a library: layouts, calling sequences, ownership and other\n"
        "promises, under every target and ABI that is asked for. Each change is judged for old\n"
        "programs with the new library and for new programs with the old one: break (bytes or\n"
        "registers), contract (what both rely on besides), risk, addition (new programs need the\n"
        "new library), note. Status 1 for a break or a contract change. --accept reads entries\n"
        "{id: ID, path: PATH, reason: TEXT} of a list `accept`; a path may be a pattern.",
    .examples =
        {"abide compare --git v1.0..HEAD chat.abi.yaml                     # two releases",
         "abide compare old.abi.yaml new.abi.yaml --direction provider     # for old programs"},
    .options = compare_options,
    .operands_min = 1,
    .operands_max = 2,
    .run = run,
};

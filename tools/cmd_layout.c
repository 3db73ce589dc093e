/* abide layout: sizes, alignments, offsets and padding, for one ABI or several side by side. */
#include "layout_answer.h"
#include "picture/layout.h"

#include <string.h>

const struct poptOption layout_options[] = {OPTION_TARGETS_ROW, OPTION_ABIS_ROW, OPTION_PICTURE_ROW,
                                            OPTIONS_MODULES,    OPTIONS_REST,    POPT_TABLEEND};

bool layout_is_kind(const abide_type *type, const char *kind)
{
    return strcmp(abide_type_kind_name(type), kind) == 0;
}

bool layout_is_record(const abide_type *type)
{
    return layout_is_kind(type, "struct") || layout_is_kind(type, "union");
}

bool layout_answer(struct cli *cli, const struct question *question, struct subject *subject,
                   bool by_name)
{
    if (!by_name && !abide_type_has_size(subject->type))
        return true;
    subject->views = cli_alloc(question->module_count, sizeof *subject->views);
    for (size_t v = 0; v < question->module_count; v++) {
        struct view *view = &subject->views[v];
        view->module = question->modules[v];
        view->title = question->titles[v];
        view->layout = abide_layout_of(cli->ctx, view->module, subject->type);
        if (!view->layout)
            return false;
        view->sum = abide_sum_of(cli->ctx, view->module, subject->type);
        const abide_module *machine = abide_module_machine(view->module);
        if (cli->options.format == FORMAT_JSON)
            continue;
        if (view->sum)
            layout_collect_cases(cli, machine, view->sum, &view->rows);
        else
            layout_collect(cli, machine, view->layout, 0, "", &view->rows);
    }
    return true;
}

/* What the interface expects of the types that were asked for (`expect:`). */
static enum status check_expectations(struct cli *cli, const struct question *question,
                                      const struct selection *selection)
{
    const abide_type **types = cli_alloc(selection->count + 1, sizeof *types);
    for (size_t i = 0; i < selection->count; i++)
        types[i] = abide_iface_type_at(question->iface, selection->indexes[i]);
    bool good = true;
    for (size_t v = 0; v < question->module_count; v++)
        good = abide_layout_check(cli->ctx, question->modules[v], question->iface, types,
                                  selection->count) &&
               good;
    return good ? STATUS_OK : cli_failure(cli);
}

/* ---- types and constants, which are named alike ---- */

static const char *name_at(const void *user, size_t index)
{
    const abide_iface *iface = user;
    size_t types = abide_iface_type_count(iface);
    if (index < types)
        return abide_type_name(abide_iface_type_at(iface, index));
    const abide_constant *constant = abide_iface_constant_at(iface, index - types);
    return constant ? abide_constant_name(constant) : NULL;
}

static struct names names_of(const abide_iface *iface)
{
    size_t constants = abide_iface_constant_count(iface);
    return (struct names){constants ? "type or constant" : "type", "unknown-type",
                          abide_iface_type_count(iface) + constants, name_at, iface};
}

/* Takes the constants out of a selection; they stand behind all types. false: reported. */
static bool take_constants(struct cli *cli, const struct question *question,
                           struct selection *selection, struct constants *constants)
{
    size_t types = abide_iface_type_count(question->iface), kept = 0;
    bool good = true;
    constants->items = cli_alloc(selection->count + 1, sizeof *constants->items);
    for (size_t i = 0; i < selection->count; i++) {
        size_t index = selection->indexes[i];
        if (index >= types) {
            const abide_constant *constant =
                abide_iface_constant_at(question->iface, index - types);
            good = constants_add(cli, question, constant, constants) && good;
            continue;
        }
        selection->indexes[kept] = index;
        selection->by_name[kept++] = selection->by_name[i];
    }
    selection->count = kept;
    return good;
}

static void print(struct cli *cli, const struct question *question, const struct subject *subjects,
                  size_t count, const struct constants *constants)
{
    switch (cli->options.format) {
    case FORMAT_JSON: layout_print_json(cli, question, subjects, count, constants); break;
    case FORMAT_SVG: layout_print_svg(cli, question, subjects, count); break;
    case FORMAT_HTML: layout_print_html(cli, question, subjects, count); break;
    default:
        layout_print_text(cli, subjects, count, question->module_count);
        constants_print_text(cli, question, constants);
    }
}

static enum status run(struct cli *cli)
{
    struct question question = {0};
    enum status status = question_open(cli, &question);
    if (status != STATUS_OK)
        return status;
    struct names names = names_of(question.iface);
    struct selection selection;
    status = question_select(cli, &names, &selection);
    if (status != STATUS_OK)
        return status;

    struct constants constants = {0};
    bool is_complete = take_constants(cli, &question, &selection, &constants);
    struct subject *subjects = cli_alloc(selection.count + 1, sizeof *subjects);
    size_t count = 0;
    for (size_t i = 0; i < selection.count; i++) {
        struct subject *subject = &subjects[count];
        *subject =
            (struct subject){abide_iface_type_at(question.iface, selection.indexes[i]), NULL};
        count += layout_answer(cli, &question, subject, selection.by_name[i]);
    }
    is_complete = count == selection.count && is_complete;
    size_t count_all = count + constants.count;
    cli->is_partial = count_all > 0 && !is_complete;
    if (count_all == 0 && !is_complete)
        return cli_failure(cli);
    print(cli, &question, subjects, count, &constants);
    return is_complete ? check_expectations(cli, &question, &selection) : cli_failure(cli);
}

const struct verb verb_layout = {
    .name = "layout",
    .summary = "sizes, alignments, offsets and padding of types",
    .operands = "FILE [TYPE...]",
    .about =
        "Shows how an ABI lays out the types of an interface file, and what its constants are: "
        "all,\n"
        "or those that are named. A name may be a pattern with * and ?. An offset like 3:5 is "
        "byte\n"
        "3, bit 5, counted from the highest bit where targets are big-endian; a size like :2 is "
        "two\n"
        "bits. Of a variant, an option or a result, each case is shown with what tells it apart.\n"
        "Several --abi or --target stand side by side. What the file expects (its key `expect`) "
        "is\n"
        "compared; status 1 says that it does not hold. A type that has no layout, or a constant\n"
        "that its type does not hold there, is left out with a message, and the status says so.",
    .examples = {"abide layout geometry.abi.yaml                  # every type, this machine",
                 "abide layout geometry.abi.yaml point --json     # one type, for programs"},
    .options = layout_options,
    .operands_min = 1,
    .operands_max = OPERANDS_ANY,
    .run = run,
    .names = names_of,
};

/* abide call: where every byte of every argument and of the result goes. */
#include "call_answer.h"
#include "call_text.h"
#include "json.h"
#include "picture/call.h"
#include "table.h"

#include <string.h>

const struct poptOption call_options[] = {
    OPTION_TARGETS_ROW,
    OPTION_ABIS_ROW,
    OPTION_FLAG("trace", 0, OPTION_TRACE, "show which rule decided, with its source"),
    OPTION_TEXT("variadic", 0, OPTION_VARIADIC,
                "describe a call of a variadic function with these extra arguments", "TYPES"),
    OPTION_PICTURE_ROW,
    OPTIONS_MODULES,
    OPTIONS_REST,
    POPT_TABLEEND};

/* A line of the table: what each ABI makes of one argument; NULL: it has no such argument. */
struct line {
    const char *label;
    const char **cells;
};

struct lines {
    struct line *items;
    size_t count;
};

/*
 * The line of a label that the ABI has not filled yet, or a new one. Those of the first ABI are all new; for the others
 * it is most likely the one at `index`.
 */
static struct line *line_for(struct lines *lines, const char *label, size_t module, size_t index,
                             size_t module_count)
{
    for (size_t i = 0; module > 0 && i < lines->count; i++) {
        struct line *line = &lines->items[(index + i) % lines->count];
        if (!line->cells[module] && strcmp(line->label, label) == 0)
            return line;
    }
    struct line *line = &lines->items[lines->count++];
    *line = (struct line){label, cli_alloc(module_count, sizeof *line->cells)};
    return line;
}

/* The arguments of all ABIs, in the order in which they first occur. */
static struct lines argument_lines(const struct called *subject, size_t module_count)
{
    struct lines lines = {0};
    size_t most = 0;
    for (size_t m = 0; m < module_count; m++)
        most += abide_assignment_argument_count(subject->assignments[m]);
    lines.items = cli_alloc(most + 1, sizeof *lines.items);
    for (size_t m = 0; m < module_count; m++)
        for (size_t i = 0; i < abide_assignment_argument_count(subject->assignments[m]); i++) {
            abide_argument argument = abide_assignment_argument_at(subject->assignments[m], i);
            struct line *line =
                line_for(&lines, call_argument_label(&argument, i), m, i, module_count);
            line->cells[m] = call_argument_text(&argument);
        }
    return lines;
}

static const char *result_text(const abide_assignment *assignment)
{
    abide_argument result = abide_assignment_result(assignment);
    return call_argument_text(&result);
}

static const char *vector_count_text(const abide_assignment *assignment)
{
    const char *counter = abide_assignment_vector_count_register(assignment);
    return counter ? counter : "-";
}

static const char *area_text(const abide_assignment *assignment)
{
    const char *area = abide_assignment_area_register(assignment);
    return area ? area : "-";
}

/* "syscall, number 1 in rax" */
static const char *called_text(const struct called *subject, const struct question *question,
                               size_t module)
{
    const abide_assignment *assignment = subject->assignments[module];
    const char *by = abide_assignment_called_by(assignment);
    const char *in = abide_assignment_number_register(assignment);
    uint32_t number;
    if (!by || !in)
        return by ? by : "-";
    if (!abide_function_number(subject->function, abide_module_machine(question->modules[module]),
                               &number))
        return cli_printf("%s, its number in %s", by, in);
    return cli_printf("%s, number %u in %s", by, number, in);
}

static void add_instructions(struct table *table, const struct called *subject,
                             const struct question *question)
{
    bool calls = false, returns = false;
    for (size_t m = 0; m < question->module_count; m++) {
        calls = calls || abide_assignment_called_by(subject->assignments[m]);
        returns = returns || abide_assignment_returned_by(subject->assignments[m]);
    }
    if (calls) {
        table_add(table, "called by");
        for (size_t m = 0; m < question->module_count; m++)
            table_add(table, called_text(subject, question, m));
    }
    if (returns) {
        table_add(table, "returns by");
        for (size_t m = 0; m < question->module_count; m++) {
            const char *by = abide_assignment_returned_by(subject->assignments[m]);
            table_add(table, by ? by : "-");
        }
    }
}

static void add_line(struct table *table, const struct called *subject, size_t module_count,
                     const char *label, const char *(*cell)(const abide_assignment *assignment))
{
    table_add(table, label);
    for (size_t m = 0; m < module_count; m++)
        table_add(table, cell(subject->assignments[m]));
}

void call_fill_table(struct table *table, const struct question *question,
                     const struct called *subject)
{
    size_t module_count = question->module_count;
    bool counts_vectors = false, has_area = false;
    if (module_count > 1) {
        table_add(table, "");
        for (size_t m = 0; m < module_count; m++)
            table_add(table, question->titles[m]);
        table_add(table, "");
        for (size_t m = 0; m < module_count; m++)
            table_add(table, abide_module_target(question->modules[m]));
    }
    struct lines lines = argument_lines(subject, module_count);
    for (size_t i = 0; i < lines.count; i++) {
        table_add(table, lines.items[i].label);
        for (size_t m = 0; m < module_count; m++)
            table_add(table, lines.items[i].cells[m] ? lines.items[i].cells[m] : "-");
    }
    add_line(table, subject, module_count, "result", result_text);
    add_line(table, subject, module_count, "stack", call_stack_text);
    for (size_t m = 0; m < module_count; m++) {
        const abide_assignment *assignment = subject->assignments[m];
        counts_vectors = counts_vectors || abide_assignment_vector_count_register(assignment);
        has_area = has_area || abide_assignment_area_register(assignment);
    }
    if (counts_vectors)
        add_line(table, subject, module_count, "vector registers used", vector_count_text);
    if (has_area)
        add_line(table, subject, module_count, "address of that stack", area_text);
    add_instructions(table, subject, question);
}

static void add_decision(struct table *table, const char *label, const abide_decision *decision)
{
    if (!decision->rule)
        return;
    table_add(table, label);
    table_add(table, cli_printf("%s/%s", decision->module, decision->rule));
    table_add(table, decision->position.file
                         ? cli_printf("%s:%u", decision->position.file, decision->position.line)
                         : "");
    table_add(table, decision->source ? decision->source : "");
}

static void print_trace(struct cli *cli, const char *title, const abide_module *module,
                        const abide_assignment *assignment)
{
    struct table table;
    table_start(&table, 4);
    for (size_t i = 0; i < abide_assignment_argument_count(assignment); i++) {
        abide_argument argument = abide_assignment_argument_at(assignment, i);
        const char *label = call_argument_label(&argument, i);
        add_decision(&table, label, &argument.lowered_by);
        add_decision(&table, label, &argument.placed_by);
    }
    abide_argument result = abide_assignment_result(assignment);
    add_decision(&table, "result", &result.lowered_by);
    add_decision(&table, "result", &result.placed_by);
    text_printf(&cli->product, "  decided by (%s, %s)\n", title, abide_module_target(module));
    table_print(&table, 4, cli->color_out, &cli->product);
}

static void print_prototypes(struct cli *cli, const struct question *question,
                             const struct called *subject)
{
    for (size_t m = 0; m < question->module_count; m++) {
        const char *prototype = subject->prototypes[m];
        bool repeated = false;
        for (size_t earlier = 0; earlier < m && !repeated; earlier++)
            repeated = strcmp(prototype, subject->prototypes[earlier]) == 0;
        if (!repeated)
            text_printf(&cli->product, "  %s;\n", prototype);
    }
}

/* "scale(p point, by f64) -> point   (ABI, TARGET)"; several ABIs head columns instead. */
static void print_heading(struct cli *cli, const struct question *question,
                          const struct called *subject)
{
    text_printf(&cli->product, "%s%s%s%s", style_on(CELL_HEAD, cli->color_out),
                abide_function_name(subject->function), style_off(CELL_HEAD, cli->color_out),
                abide_signature_print(cli->ctx, subject->signature));
    if (question->module_count == 1)
        text_printf(&cli->product, "   (%s, %s)", question->titles[0],
                    abide_module_target(question->modules[0]));
    text_puts(&cli->product, "\n");
}

static void print_text(struct cli *cli, const struct question *question,
                       const struct called *subjects, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct called *subject = &subjects[i];
        if (i)
            text_puts(&cli->product, "\n");
        print_heading(cli, question, subject);
        struct table table;
        table_start(&table, 1 + question->module_count);
        call_fill_table(&table, question, subject);
        table_print(&table, 2, cli->color_out, &cli->product);
        print_prototypes(cli, question, subject);
        if (cli->options.trace)
            for (size_t m = 0; m < question->module_count; m++)
                print_trace(cli, question->titles[m], question->modules[m],
                            subject->assignments[m]);
    }
}

static void put_place(json_t *object, const abide_piece *piece)
{
    if (piece->register_name)
        json_put_text(object, "register", piece->register_name);
    else
        json_put(object, "stack_offset_bytes", json_integer((json_int_t)piece->stack_offset_bytes));
    if (piece->at_bytes)
        json_put_size(object, "at_bytes", piece->at_bytes);
    if (piece->as)
        json_put_text(object, "as", piece->as);
    switch (piece->extend) {
    case ABIDE_EXTEND_UNSTATED: break;
    case ABIDE_EXTEND_NONE: json_put_text(object, "extend", "none"); break;
    case ABIDE_EXTEND_ZERO:
    case ABIDE_EXTEND_SIGN:
        json_put_text(object, "extend", piece->extend == ABIDE_EXTEND_ZERO ? "zero" : "sign");
        json_put_size(object, "extend_bits", piece->extend_bits);
        break;
    }
}

static json_t *pieces_json(const abide_argument *argument)
{
    json_t *pieces = json_new_array();
    for (size_t i = 0; i < argument->piece_count; i++) {
        json_t *piece = json_new_object();
        json_put_size(piece, "offset_bytes", argument->pieces[i].offset_bytes);
        json_put_size(piece, "size_bytes", argument->pieces[i].size_bytes);
        put_place(piece, &argument->pieces[i]);
        json_add(pieces, piece);
    }
    return pieces;
}

static json_t *decision_json(const char *level, const abide_decision *decision)
{
    json_t *object = json_new_object();
    json_put_text(object, "level", level);
    json_put_text(object, "module", decision->module);
    json_put_text(object, "rule", decision->rule);
    json_put_text(object, "source", decision->source);
    json_put_text(object, "file", decision->position.file);
    if (decision->position.file)
        json_put_size(object, "line", decision->position.line);
    return object;
}

static void put_decisions(json_t *object, const abide_argument *argument)
{
    json_t *decisions = json_new_array();
    if (argument->lowered_by.rule)
        json_add(decisions, decision_json("language", &argument->lowered_by));
    if (argument->placed_by.rule)
        json_add(decisions, decision_json("machine", &argument->placed_by));
    json_put(object, "decisions", decisions);
}

static void put_pass(struct cli *cli, json_t *object, const abide_argument *argument)
{
    static const char *const passes[] = {[ABIDE_PASS_IGNORE] = "ignore",
                                         [ABIDE_PASS_DIRECT] = "direct",
                                         [ABIDE_PASS_POINTER] = "pointer",
                                         [ABIDE_PASS_HIDDEN] = "hidden"};
    json_put_text(object, "type", abide_type_print(cli->ctx, argument->type));
    json_put_text(object, "pass", passes[argument->pass]);
    json_put_size(object, "size_bytes", argument->size_bytes);
    if (argument->pass == ABIDE_PASS_DIRECT)
        json_put(object, "pieces", pieces_json(argument));
    if (argument->pass == ABIDE_PASS_POINTER || argument->pass == ABIDE_PASS_HIDDEN) {
        json_t *pointer = json_new_object();
        put_place(pointer, argument->pointer);
        json_put(object, "pointer", pointer);
    }
    if (argument->returned_register)
        json_put_text(object, "returned", argument->returned_register);
    if (argument->comes_back)
        json_put_bool(object, "comes_back", true);
    if (cli->options.trace)
        put_decisions(object, argument);
}

static json_t *param_json(struct cli *cli, const abide_argument *argument, bool is_language)
{
    static const char *const roles[] = {[ABIDE_ROLE_VALUE] = NULL,
                                        [ABIDE_ROLE_SELF] = "self",
                                        [ABIDE_ROLE_OUT] = "out",
                                        [ABIDE_ROLE_ENV] = "env"};
    json_t *object = json_new_object();
    json_put_text(object, "name", argument->name);
    if (argument->role == ABIDE_ROLE_OUT)
        json_put_text(object, "of", "result");
    else if ((is_language || argument->part) && argument->role != ABIDE_ROLE_ENV)
        json_put_text(object, "of", argument->name);
    if (argument->part)
        json_put_text(object, "part", argument->part);
    if (roles[argument->role])
        json_put_text(object, "role", roles[argument->role]);
    if (argument->is_variadic)
        json_put_bool(object, "variadic", true);
    put_pass(cli, object, argument);
    return object;
}

static json_t *stack_json(const abide_assignment *assignment)
{
    json_t *stack = json_new_object();
    json_put_size(stack, "argument_bytes", abide_assignment_stack_bytes(assignment));
    json_put_size(stack, "align_bytes", abide_assignment_stack_align_bytes(assignment));
    json_put_text(stack, "cleanup",
                  abide_assignment_callee_cleans(assignment) ? "callee" : "caller");
    uint64_t pops_bytes = abide_assignment_callee_pops_bytes(assignment);
    if (pops_bytes)
        json_put_size(stack, "callee_pops_bytes", pops_bytes);
    return stack;
}

/*
 * false; or true, with the register that counts vector registers, and the one with the address of the unnamed arguments, where
 * the ABI has them.
 */
static json_t *variadic_json(const struct called *subject, const abide_assignment *assignment)
{
    if (!abide_signature_is_variadic(subject->signature))
        return json_false();
    const char *counter = abide_assignment_vector_count_register(assignment);
    const char *area = abide_assignment_area_register(assignment);
    if (!counter && !area)
        return json_true();
    json_t *object = json_new_object();
    if (counter)
        json_put_text(object, "vector_count", counter);
    if (area)
        json_put_text(object, "area", area);
    return object;
}

static void put_instructions(json_t *object, const struct called *subject,
                             const abide_assignment *assignment, const abide_module *module)
{
    const char *by = abide_assignment_called_by(assignment);
    const char *in = abide_assignment_number_register(assignment);
    const char *returns = abide_assignment_returned_by(assignment);
    uint32_t number;
    if (by) {
        json_t *call = json_new_object();
        json_put_text(call, "by", by);
        if (in)
            json_put_text(call, "number_in", in);
        if (in && abide_function_number(subject->function, abide_module_machine(module), &number))
            json_put_size(call, "number", number);
        json_put(object, "call", call);
    }
    if (returns) {
        json_t *back = json_new_object();
        json_put_text(back, "by", returns);
        json_put(object, "return", back);
    }
}

static json_t *function_json(struct cli *cli, const struct called *subject,
                             const abide_module *module, size_t index)
{
    const abide_assignment *assignment = subject->assignments[index];
    bool is_language = abide_module_machine(module) != module;
    json_t *object = json_new_object();
    json_put_text(object, "name", abide_function_name(subject->function));
    json_put_text(object, "symbol", abide_function_symbol(subject->function));
    json_put(object, "variadic", variadic_json(subject, assignment));
    json_t *params = json_new_array();
    for (size_t i = 0; i < abide_assignment_argument_count(assignment); i++) {
        abide_argument argument = abide_assignment_argument_at(assignment, i);
        json_add(params, param_json(cli, &argument, is_language));
    }
    json_put(object, "params", params);
    abide_argument result = abide_assignment_result(assignment);
    json_t *result_object = json_new_object();
    put_pass(cli, result_object, &result);
    json_put(object, "result", result_object);
    json_put(object, "stack", stack_json(assignment));
    put_instructions(object, subject, assignment, module);
    json_put_text(object, "prototype", subject->prototypes[index]);
    return object;
}

static void put_answer(struct cli *cli, json_t *answer, const abide_module *module, size_t index,
                       const struct called *subjects, size_t count)
{
    json_put_module(answer, module);
    json_t *functions = json_new_array();
    for (size_t i = 0; i < count; i++)
        json_add(functions, function_json(cli, &subjects[i], module, index));
    json_put(answer, "functions", functions);
}

static void print_json(struct cli *cli, const struct question *question,
                       const struct called *subjects, size_t count)
{
    json_t *root = json_new_answer(cli);
    if (question->module_count == 1) {
        put_answer(cli, root, question->modules[0], 0, subjects, count);
    } else {
        json_t *answers = json_new_array();
        for (size_t m = 0; m < question->module_count; m++) {
            json_t *answer = json_new_object();
            put_answer(cli, answer, question->modules[m], m, subjects, count);
            json_add(answers, answer);
        }
        json_put(root, "answers", answers);
    }
    json_print(root, &cli->product);
}

bool call_answer(struct cli *cli, const struct question *question, struct called *subject)
{
    subject->signature = abide_function_signature(subject->function);
    if (cli->options.variadic)
        subject->signature = abide_iface_variadic_call(cli->ctx, question->iface, subject->function,
                                                       cli->options.variadic);
    if (!subject->signature)
        return false;
    subject->assignments = cli_alloc(question->module_count, sizeof *subject->assignments);
    subject->prototypes = cli_alloc(question->module_count, sizeof *subject->prototypes);
    bool good = true;
    for (size_t m = 0; m < question->module_count; m++) {
        const abide_assignment *assignment =
            abide_assignment_of(cli->ctx, question->modules[m], subject->signature);
        subject->assignments[m] = assignment;
        subject->prototypes[m] =
            assignment ? abide_assignment_prototype(cli->ctx, assignment,
                                                    abide_function_symbol(subject->function))
                       : NULL;
        good = subject->prototypes[m] && good;
    }
    return good;
}

static void print(struct cli *cli, const struct question *question, const struct called *subjects,
                  size_t count)
{
    switch (cli->options.format) {
    case FORMAT_JSON: print_json(cli, question, subjects, count); break;
    case FORMAT_SVG: call_print_svg(cli, question, subjects, count); break;
    case FORMAT_HTML: call_print_html(cli, question, subjects, count); break;
    default: print_text(cli, question, subjects, count);
    }
}

static enum status run(struct cli *cli)
{
    struct question question = {0};
    enum status status = question_open(cli, &question);
    if (status != STATUS_OK)
        return status;
    struct names names = question_callables(question.iface);
    struct selection selection;
    status = question_select(cli, &names, &selection);
    if (status != STATUS_OK)
        return status;

    struct called *subjects = cli_alloc(selection.count + 1, sizeof *subjects);
    size_t count = 0;
    for (size_t i = 0; i < selection.count; i++) {
        struct called *subject = &subjects[count];
        *subject =
            (struct called){.function = question_callable_at(question.iface, selection.indexes[i])};
        count += call_answer(cli, &question, subject);
    }
    cli->is_partial = count > 0 && count < selection.count;
    if (count < selection.count && !cli->is_partial)
        return cli_failure(cli);
    print(cli, &question, subjects, count);
    return cli->is_partial ? cli_failure(cli) : STATUS_OK;
}

const struct verb verb_call = {
    .name = "call",
    .summary = "where every argument and result goes, and the C prototype",
    .operands = "FILE [FUNCTION...]",
    .about =
        "Shows the calling sequence of functions of an interface file: all of them, or those\n"
        "that are named. A name may be a pattern with * and ?. [8..16) are bytes 8 to 15 of a\n"
        "value; sp+8 counts from the stack pointer at the call instruction, before a return\n"
        "address is pushed. Several --abi or --target stand side by side. A function that has no\n"
        "answer is left out with a message, and the status says so.",
    .examples = {"abide call geometry.abi.yaml scale                     # on this machine, in C",
                 "abide call geometry.abi.yaml --abi c --abi ./my.yaml   # two ABIs side by side"},
    .options = call_options,
    .operands_min = 1,
    .operands_max = OPERANDS_ANY,
    .run = run,
    .names = question_callables,
};

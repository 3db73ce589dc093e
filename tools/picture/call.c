/* Calls as pictures. */
#include "picture/call.h"

#include "call_text.h"
#include "picture/markup.h"
#include "picture/page.h"
#include "picture/slots.h"
#include "picture/wires.h"
#include "prose.h"

#include <ctype.h>
#include <string.h>

#define VALUES          0
#define PLACES          1
#define PARAGRAPH_WIDTH 580

/* Named so that values stand beside their places. */
static const char *value_group(const struct slot *slot)
{
    return slot_is_of_result(slot)     ? "result"
           : slot->piece.register_name ? "arguments"
                                       : "arguments on the stack";
}

/* The value of a slot on the left, the slot on the right, and the way between them. */
static void add_slot(struct wires *wires, const struct slot *slot, size_t *result_memory)
{
    bool is_address = slot->role != SLOT_VALUE && slot->role != SLOT_RESULT;
    bool is_back = slot_is_of_result(slot);
    const char *kind = is_address ? WIRE_ADDRESS : slot->piece.as ? WIRE_CONVERT : WIRE_MOVE;
    const char *what = is_address ? cli_printf("address of %s", slot->value) : slot->value;
    size_t value =
        slot->role == SLOT_RETURNED
            ? *result_memory
            : wires_node(wires, VALUES, value_group(slot),
                         is_address ? "u"
                         : is_back  ? "f3"
                                    : "f1",
                         is_address ? cli_printf("memory of %s", slot->value) : slot->value,
                         slot->type);
    size_t place = wires_node(wires, PLACES, slot_group(slot), slot_tone(slot), slot->name,
                              *slot->how ? slot->how : what);
    if (slot->role == SLOT_HIDDEN)
        *result_memory = value;
    const char *label = is_address ? "address" : "";
    if (is_back)
        wires_add(wires, place, value, kind, label,
                  cli_printf("%s comes back in %s", what, slot->name));
    else
        wires_add(wires, value, place, kind, label, cli_printf("%s in %s", what, slot->name));
    if (slot->comes_back)
        wires_add(wires, place, value, kind, "back",
                  cli_printf("the new %s comes back in %s", what, slot->name));
}

static struct wires wires_of(struct cli *cli, const abide_assignment *assignment)
{
    struct wires wires = {.heads = {[VALUES] = {"values", ""}, [PLACES] = {"places", ""}}};
    size_t count, result_memory = 0;
    const struct slot *slots = slots_of(cli, assignment, &count);
    for (size_t i = 0; i < count; i++)
        add_slot(&wires, &slots[i], &result_memory);
    return wires;
}

static const char *heading(struct cli *cli, const struct called *subject)
{
    return cli_printf("%s%s", abide_function_name(subject->function),
                      abide_signature_print(cli->ctx, subject->signature));
}

static const char *abi_text(const struct question *question, size_t module)
{
    return cli_printf("%s, %s", question->titles[module],
                      abide_module_target(question->modules[module]));
}

/* Draws the call under one module below what is there; its name and ABI, unless something around it says them. */
static void draw(struct cli *cli, const struct question *question, const struct called *subject,
                 size_t module, bool is_named, struct canvas *canvas)
{
    const abide_assignment *assignment = subject->assignments[module];
    struct wires wires = wires_of(cli, assignment);
    int x = CANVAS_MARGIN, y = canvas->height ? canvas->height + 24 : CANVAS_MARGIN + 14;
    const char *stack = cli_printf("stack: %s", call_stack_text(assignment));
    if (is_named) {
        y = canvas_paragraph(canvas, "t b", x, y, PARAGRAPH_WIDTH, heading(cli, subject)) + 4;
        canvas_text(canvas, "d", x, y,
                    markup_cut(abi_text(question, module), canvas_columns(PARAGRAPH_WIDTH)));
        canvas_reach(canvas, x + PARAGRAPH_WIDTH, y);
    }
    text_printf(&canvas->words, "%s.\n", heading(cli, subject));
    if (wires.node_count)
        wires_draw(&wires, canvas);
    else
        canvas_text(canvas, "d", x, canvas->height + 18,
                    "nothing is passed and nothing comes back");
    y = canvas->height + 6;
    y = canvas_paragraph(canvas, "d", x, y, PARAGRAPH_WIDTH, stack);
    canvas_paragraph(canvas, "t", x, y + 2, PARAGRAPH_WIDTH,
                     cli_printf("%s;", subject->prototypes[module]));
    canvas_reach(canvas, x + PARAGRAPH_WIDTH, 0);
    text_printf(&canvas->words, "%s.\n", stack);
}

static const char *page_title(const struct cli *cli, const struct question *question)
{
    return cli_printf("Calls of %s", question_subject(cli, question->iface));
}

void call_print_svg(struct cli *cli, const struct question *question, const struct called *subjects,
                    size_t count)
{
    struct canvas canvas = {0};
    for (size_t i = 0; i < count; i++)
        for (size_t m = 0; m < question->module_count; m++)
            draw(cli, question, &subjects[i], m, true, &canvas);
    canvas_print_file(&canvas, page_title(cli, question), &cli->product);
    canvas_free(&canvas);
}

static void print_table(const struct question *question, const struct called *subject,
                        struct text *out)
{
    struct table table;
    table_start(&table, 1 + question->module_count);
    bool is_one = question->module_count == 1;
    if (is_one) {
        table_add(&table, "");
        table_add(&table, cli_printf("%s, %s", question->titles[0],
                                     abide_module_target(question->modules[0])));
    }
    call_fill_table(&table, question, subject);
    page_table(out, "Where everything goes", &table, is_one ? 1 : 2, true);
}

static bool is_name_byte(char c)
{
    return isalnum((unsigned char)c) || c == '_' || c == '-';
}

/* A signature, in which the names of the interface's types are links. */
static void print_linked(const abide_iface *iface, const char *signature, struct text *out)
{
    text_puts(out, "<p class=\"mono\">");
    while (*signature) {
        size_t length_bytes = 0;
        while (is_name_byte(signature[length_bytes]))
            length_bytes++;
        const char *word = cli_copy(signature, length_bytes ? length_bytes : 1);
        const abide_type *type = length_bytes ? abide_iface_type(iface, word) : NULL;
        if (type)
            page_link(out, "type", word);
        else
            markup_text(out, word);
        signature += strlen(word);
    }
    text_puts(out, "</p>\n");
}

/* What the file says of the parameters and the result. */
static void print_prose_of_values(const abide_data *file, const char *function,
                                  const abide_signature *signature, struct text *out)
{
    const char *doc = prose_parameter(file, function, NULL);
    text_puts(out, "<dl>\n");
    for (size_t i = 0; i < abide_signature_parameter_count(signature); i++) {
        const char *name = abide_signature_parameter_at(signature, i).name;
        const char *said = prose_parameter(file, function, name);
        if (said)
            page_term(out, name, "", said);
    }
    if (doc)
        page_term(out, "the result", "", doc);
    text_puts(out, "</dl>\n");
}

void picture_function(struct cli *cli, const struct question *question,
                      const struct called *subject, const abide_data *file, bool is_linked,
                      struct text *out)
{
    const char *name = abide_function_name(subject->function);
    const char *signature = abide_signature_print(cli->ctx, subject->signature);
    const char *doc = abide_function_doc(subject->function);
    page_section(out, 3, "function", name, is_linked ? "" : signature);
    if (is_linked)
        print_linked(question->iface, cli_printf("%s%s", name, signature), out);
    page_prose(out, doc ? doc : "");
    print_prose_of_values(file, name, subject->signature, out);
    struct page_picture *pictures = cli_alloc(question->module_count + 1, sizeof *pictures);
    for (size_t m = 0; m < question->module_count; m++) {
        pictures[m].caption = abi_text(question, m);
        draw(cli, question, subject, m, false, &pictures[m].canvas);
    }
    page_figures(out, pictures, question->module_count, "call", name,
                 cli_printf("Call of %s", name));
    print_table(question, subject, out);
}

void call_print_html(struct cli *cli, const struct question *question,
                     const struct called *subjects, size_t count)
{
    page_begin(&cli->product, page_title(cli, question));
    text_puts(&cli->product, "<h1>Calls</h1>\n");
    for (size_t i = 0; i < count; i++) {
        picture_function(cli, question, &subjects[i], NULL, false, &cli->product);
        page_section_end(&cli->product);
    }
    page_end(&cli->product, "Made by abide call --format html.");
}

/* Constants as people and programs read them. */
#include "constants.h"

#include "json.h"

bool constants_add(struct cli *cli, const struct question *question, const abide_constant *constant,
                   struct constants *constants)
{
    struct valued *valued = &constants->items[constants->count];
    *valued = (struct valued){constant, cli_alloc(question->module_count, sizeof *valued->values)};
    for (size_t m = 0; m < question->module_count; m++)
        if (!abide_constant_value(cli->ctx, question->modules[m], constant, &valued->values[m]))
            return false;
    constants->count++;
    return true;
}

static const char *value_text(struct cli *cli, const struct valued *valued, size_t module)
{
    const abide_literal *value = &valued->values[module];
    return value->kind == ABIDE_LITERAL_NONE
               ? "-"
               : abide_literal_print(cli->ctx, valued->constant, value);
}

void constants_table(struct cli *cli, const struct question *question,
                     const struct constants *constants, bool with_docs, struct table *table)
{
    size_t views = question->module_count;
    table_start(table, 2 + views + with_docs);
    table_add(table, "constant");
    table_add(table, "type");
    for (size_t m = 0; m < views; m++)
        table_add(table, views == 1 ? "value" : abide_module_target(question->modules[m]));
    if (with_docs)
        table_add(table, "");
    for (size_t i = 0; i < constants->count; i++) {
        const struct valued *valued = &constants->items[i];
        const char *doc = abide_constant_doc(valued->constant);
        table_add(table, abide_constant_name(valued->constant));
        table_add(table, abide_type_print(cli->ctx, abide_constant_type(valued->constant)));
        for (size_t m = 0; m < views; m++)
            table_add(table, value_text(cli, valued, m));
        if (with_docs)
            table_add(table, doc ? doc : "");
    }
}

void constants_print_text(struct cli *cli, const struct question *question,
                          const struct constants *constants)
{
    struct table table;
    if (!constants->count)
        return;
    text_puts(&cli->product, cli->product.length_bytes ? "\nconstants" : "constants");
    if (question->module_count == 1)
        text_printf(&cli->product, "   (%s, %s)", question->titles[0],
                    abide_module_target(question->modules[0]));
    text_puts(&cli->product, "\n");
    constants_table(cli, question, constants, false, &table);
    table_print(&table, 2, cli->color_out, &cli->product);
}

/* In words that lose nothing, whatever numbers a reader of JSON has. */
static json_t *constant_json(struct cli *cli, const struct valued *valued, size_t module)
{
    static const char *const kinds[] = {[ABIDE_LITERAL_INTEGER] = "integer",
                                        [ABIDE_LITERAL_FLOAT] = "float",
                                        [ABIDE_LITERAL_TEXT] = "text",
                                        [ABIDE_LITERAL_BYTES] = "bytes"};
    const abide_literal *value = &valued->values[module];
    json_t *object = json_new_object();
    json_put_text(object, "name", abide_constant_name(valued->constant));
    json_put_text(object, "type",
                  abide_type_print(cli->ctx, abide_constant_type(valued->constant)));
    json_put_text(object, "kind", kinds[value->kind]);
    json_put_text(object, "value",
                  value->kind == ABIDE_LITERAL_BYTES ? value_text(cli, valued, module)
                                                     : value->text);
    return object;
}

json_t *constants_json(struct cli *cli, const struct constants *constants, size_t module)
{
    json_t *array = json_new_array();
    for (size_t i = 0; i < constants->count; i++)
        if (constants->items[i].values[module].kind != ABIDE_LITERAL_NONE)
            json_add(array, constant_json(cli, &constants->items[i], module));
    return array;
}

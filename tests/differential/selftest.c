#include "selftest.h"

#include "process.h"

#include <string.h>

/* --- the answer abide would give if it agreed with the compiler --- */

static json_t *extent_object(struct extent extent)
{
    return json_pack("{s:i, s:i}", "offset_bits", (int)extent.offset_bits, "size_bits",
                     (int)extent.size_bits);
}

static json_t *holes_of(const struct type *type, const struct type_account *layout)
{
    json_t *holes = json_array();
    unsigned char covered[CELL_BYTES * 8 + 1] = {0};
    unsigned end = layout->size_bytes * 8;
    for (unsigned i = 0; i < type->field_count; i++)
        for (unsigned bit = 0; bit < layout->fields[i].size_bits; bit++)
            covered[layout->fields[i].offset_bits + bit] = 1;
    for (unsigned start = 0; start < end; start++) {
        unsigned stop = start;
        while (stop < end && covered[stop] == 0)
            stop++;
        if (stop > start)
            json_array_append_new(holes, extent_object((struct extent){start, stop - start}));
        start = stop;
    }
    return holes;
}

static void add_type(json_t *types, const struct signature *signature,
                     const struct account *account, unsigned number, unsigned i)
{
    const struct type *type = &signature->types[i];
    const struct type_account *layout = &account->types[i];
    char name[32];
    snprintf(name, sizeof name, "t%u_%u", number, i);
    json_t *entry = json_pack("{s:s, s:i, s:i}", "name", name, "size_bytes",
                              (int)layout->size_bytes, "align_bytes", (int)layout->align_bytes);
    json_array_append_new(types, entry);
    if (type->kind != TYPE_STRUCT && type->kind != TYPE_UNION)
        return;
    json_t *fields = json_array();
    for (unsigned f = 0; f < type->field_count; f++) {
        json_t *field = extent_object(layout->fields[f]);
        snprintf(name, sizeof name, "m%u", f);
        json_object_set_new(field, "name", json_string(name));
        if (!type->fields[f].is_unnamed)
            json_array_append(fields, field);
        json_decref(field);
    }
    json_object_set_new(entry, "fields", fields);
    json_object_set_new(entry, "padding", holes_of(type, layout));
}

static json_t *place_object(int place, const struct machine *machine, bool is_result)
{
    const struct machine_register *reg = machine_register_at(machine, is_result, (unsigned)place);
    if (reg == NULL)
        return json_pack("{s:i}", "stack_offset_bytes", place - REGISTER_AREA_BYTES);
    json_t *object = json_pack("{s:s}", "register", reg->name);
    if ((unsigned)place != reg->place)
        json_object_set_new(object, "at_bytes", json_integer(place - (int)reg->place));
    return object;
}

static json_t *pieces_of(const struct value_account *value, const struct machine *machine,
                         bool is_result)
{
    json_t *pieces = json_array();
    for (unsigned start = 0, end; start < value->size_bytes; start = end) {
        end = start + 1;
        int place = value->places[start];
        if (place < 0)
            continue;
        const struct machine_register *reg =
            machine_register_at(machine, is_result, (unsigned)place);
        while (end < value->size_bytes && value->places[end] == place + (int)(end - start) &&
               machine_register_at(machine, is_result, (unsigned)value->places[end]) == reg)
            end++;
        json_t *piece = place_object(place, machine, is_result);
        json_object_set_new(piece, "offset_bytes", json_integer(start));
        json_object_set_new(piece, "size_bytes", json_integer(end - start));
        if (value->is_converted)
            json_object_set_new(piece, "as", json_string(machine->converted_as));
        json_array_append_new(pieces, piece);
    }
    return pieces;
}

static json_t *value_object(const struct value_account *value, const struct machine *machine,
                            bool is_result)
{
    json_t *object = json_pack("{s:s, s:i}", "pass", account_pass_name(value->pass), "size_bytes",
                               (int)value->size_bytes);
    if (value->pass == PASS_DIRECT)
        json_object_set_new(object, "pieces", pieces_of(value, machine, is_result));
    else if (value->pass != PASS_IGNORE)
        json_object_set_new(object, "pointer", place_object(value->pointer_place, machine, false));
    return object;
}

static int stack_bytes_of(const struct signature *signature, const struct account *account,
                          const struct machine *machine)
{
    int end = REGISTER_AREA_BYTES;
    for (unsigned i = 0; i < signature->param_count; i++) {
        const struct value_account *value = &account->params[i];
        if (value->pass == PASS_POINTER && value->pointer_place >= end)
            end = value->pointer_place + (int)machine->word_bytes;
        for (unsigned b = 0; value->pass == PASS_DIRECT && b < value->size_bytes; b++)
            if (value->places[b] >= 0 && value->places[b] + (int)(value->size_bytes - b) > end)
                end = value->places[b] + (int)(value->size_bytes - b);
    }
    return end - REGISTER_AREA_BYTES;
}

static json_t *function_object(const struct signature *signature, const struct account *account,
                               const struct machine *machine, unsigned number)
{
    char name[32];
    snprintf(name, sizeof name, "f%u", number);
    json_t *params = json_array();
    for (unsigned i = 0; i < signature->param_count; i++)
        json_array_append_new(params, value_object(&account->params[i], machine, false));
    json_t *result = signature->has_result ? value_object(&account->result, machine, true)
                                           : json_pack("{s:s}", "pass", "ignore");
    return json_pack("{s:s, s:o, s:o, s:{s:i}}", "name", name, "params", params, "result", result,
                     "stack", "argument_bytes", stack_bytes_of(signature, account, machine));
}

static json_t *layout_document(const struct signature *signature, const struct account *account)
{
    bool used[MAX_TYPES];
    json_t *types = json_array();
    signature_mark_used(signature, used);
    for (unsigned i = 0; i < signature->type_count; i++)
        if (used[i])
            add_type(types, signature, account, 0, i);
    return json_pack("{s:o}", "types", types);
}

static json_t *call_document(const struct signature *signature, const struct account *account,
                             const struct machine *machine)
{
    return json_pack("{s:[o]}", "functions", function_object(signature, account, machine, 0));
}

/* --- spoiling it: one number or one word, somewhere --- */

struct leaf {
    json_t *object;
    char key[24];
};

struct leaves {
    struct leaf list[2000];
    unsigned count;
};

static void find_leaves(struct leaves *leaves, json_t *node)
{
    const char *key;
    json_t *value;
    for (size_t i = 0; i < json_array_size(node); i++)
        find_leaves(leaves, json_array_get(node, i));
    json_object_foreach(node, key, value)
    {
        if (json_is_object(value) || json_is_array(value)) {
            find_leaves(leaves, value);
            continue;
        }
        bool is_ignored = strcmp(key, "size_bytes") == 0 && json_object_get(node, "pass") != NULL &&
                          strcmp(json_string_value(json_object_get(node, "pass")), "ignore") == 0;
        if (is_ignored || leaves->count == sizeof leaves->list / sizeof *leaves->list)
            continue;
        struct leaf *leaf = &leaves->list[leaves->count++];
        leaf->object = node;
        snprintf(leaf->key, sizeof leaf->key, "%s", key);
    }
}

static void spoil(const struct leaf *leaf, const struct machine *machine, unsigned dice)
{
    json_t *value = json_object_get(leaf->object, leaf->key);
    if (json_is_integer(value)) {
        /* An argument area may be rounded up, and a piece may reach into padding. */
        bool is_piece = json_object_get(leaf->object, "offset_bytes") != NULL;
        int step = strcmp(leaf->key, "argument_bytes") == 0           ? 64
                   : is_piece && strcmp(leaf->key, "size_bytes") == 0 ? -1
                                                                      : 1 << dice % 4;
        json_integer_set(value, json_integer_value(value) + step);
    } else if (strcmp(leaf->key, "register") == 0) {
        const struct machine_register *other;
        do
            other = &machine->arguments[dice++ % machine->argument_count];
        while (strcmp(other->name, json_string_value(value)) == 0);
        json_string_set(value, other->name);
    } else if (strcmp(leaf->key, "pass") == 0) {
        json_string_set(value,
                        strcmp(json_string_value(value), "ignore") == 0 ? "direct" : "ignore");
    } else {
        json_string_set(value, "m99");
    }
}

static enum mismatch judge(const struct trial *trial, const struct signature *signature,
                           const struct account *measured, const json_t *layout, const json_t *call,
                           struct account *said, char where[128])
{
    memset(said, 0, sizeof *said);
    answer_read_layout(layout, signature, 1, said);
    answer_read_call(call, trial->engine.machine, signature, 1, said);
    return compare_accounts(signature, trial->engine.machine, measured, said, where);
}

static unsigned long test_one(struct trial *trial, const struct signature *signature,
                              const struct account *measured, struct account *said)
{
    enum { SPOILINGS = 5 };
    static struct leaves leaves;
    char where[128];
    unsigned long missed = 0;
    uint64_t dice = signature->seed * 2654435761u + signature->index * 40503u;
    for (unsigned i = 0; i <= SPOILINGS;
         i++, dice = dice * 6364136223846793005u + 1442695040888963407u) {
        json_t *layout = layout_document(signature, measured);
        json_t *call = call_document(signature, measured, trial->engine.machine);
        leaves.count = 0;
        find_leaves(&leaves, layout);
        find_leaves(&leaves, call);
        const struct leaf *leaf = &leaves.list[(dice >> 33) % leaves.count];
        if (i > 0)
            spoil(leaf, trial->engine.machine, (unsigned)(dice >> 20) & 0xffff);
        enum mismatch class = judge(trial, signature, measured, layout, call, said, where);
        if ((class == MISMATCH_NONE) != (i == 0)) {
            missed++;
            printf("%s: --seed %llu --first %llu: %s %s\n",
                   i == 0 ? "right answer refused" : "wrong answer accepted",
                   (unsigned long long)signature->seed, (unsigned long long)signature->index,
                   i == 0 ? where : "the leaf", i == 0 ? "" : leaf->key);
        }
        json_decref(layout);
        json_decref(call);
    }
    return missed;
}

unsigned long selftest_run(struct trial *trial, const struct signature *signatures, unsigned count)
{
    unsigned long missed = 0;
    if (!harness_run(&trial->compiler, signatures, count, trial->measured)) {
        harness_complain(&trial->compiler);
        die("the compiler refused the batch");
    }
    for (unsigned i = 0; i < count; i++)
        missed += test_one(trial, &signatures[i], &trial->measured[i], &trial->said[0]);
    return missed;
}

#include "answer.h"

#include "process.h"

#include <stdarg.h>
#include <string.h>

/* --- reading: the first thing that is wrong stays in `error` --- */

static void wrong(struct account *account, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void wrong(struct account *account, const char *format, ...)
{
    if (account->error[0] != '\0')
        return;
    va_list list;
    va_start(list, format);
    vsnprintf(account->error, sizeof account->error, format, list);
    va_end(list);
}

static const char *text_of(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text != NULL ? text : "";
}

static json_int_t number_of(struct account *account, const json_t *object, const char *key)
{
    const json_t *number = json_object_get(object, key);
    if (!json_is_integer(number)) {
        wrong(account, "the answer has no number `%s`", key);
        return 0;
    }
    return json_integer_value(number);
}

/* The entry called `name`; entries stand in the order of the file, so `*hint` is where it will be. */
static const json_t *entry_named(const json_t *array, const char *name, size_t *hint)
{
    size_t count = json_array_size(array);
    for (size_t i = 0; i < count; i++) {
        size_t at = (*hint + i) % count;
        const json_t *entry = json_array_get(array, at);
        if (strcmp(text_of(entry, "name"), name) != 0)
            continue;
        *hint = at + 1;
        return entry;
    }
    return NULL;
}

/* --- layouts --- */

static struct extent read_extent(struct account *account, const json_t *object)
{
    return (struct extent){
        .offset_bits = (unsigned)number_of(account, object, "offset_bits"),
        .size_bits = (unsigned)number_of(account, object, "size_bits"),
    };
}

static void read_fields(struct account *account, const struct type *type, const json_t *entry,
                        struct type_account *layout)
{
    const json_t *fields = json_object_get(entry, "fields");
    unsigned at = 0;
    for (unsigned i = 0; i < type->field_count; i++) {
        if (type->fields[i].is_unnamed)
            continue;
        char name[16];
        snprintf(name, sizeof name, "m%u", i);
        const json_t *field = NULL;
        while (at < json_array_size(fields)) {
            field = json_array_get(fields, at++);
            if (strcmp(text_of(field, "name"), name) == 0)
                break;
            field = NULL;
        }
        if (field == NULL) {
            wrong(account, "the answer has no field %s, or not in order", name);
            return;
        }
        layout->fields[i] = read_extent(account, field);
    }
}

static void read_holes(struct account *account, const json_t *entry, struct type_account *layout)
{
    const json_t *holes = json_object_get(entry, "padding");
    const unsigned limit = sizeof layout->holes / sizeof *layout->holes;
    for (size_t i = 0; i < json_array_size(holes); i++) {
        if (layout->hole_count == limit) {
            wrong(account, "more than %u holes", limit);
            return;
        }
        layout->holes[layout->hole_count++] = read_extent(account, json_array_get(holes, i));
    }
}

static void read_type(struct account *account, const struct type *type, const json_t *entry,
                      struct type_account *layout)
{
    layout->size_bytes = (unsigned)number_of(account, entry, "size_bytes");
    layout->align_bytes = (unsigned)number_of(account, entry, "align_bytes");
    if (type->kind != TYPE_STRUCT && type->kind != TYPE_UNION)
        return;
    read_fields(account, type, entry, layout);
    read_holes(account, entry, layout);
}

void answer_read_layout(const json_t *document, const struct signature *signatures, unsigned count,
                        struct account *accounts)
{
    const json_t *types = json_object_get(document, "types");
    size_t hint = 0;
    for (unsigned i = 0; i < count; i++) {
        bool used[MAX_TYPES];
        signature_mark_used(&signatures[i], used);
        for (unsigned k = 0; k < signatures[i].type_count; k++) {
            char name[32];
            if (!used[k])
                continue;
            snprintf(name, sizeof name, "t%u_%u", i, k);
            const json_t *entry = entry_named(types, name, &hint);
            if (entry == NULL)
                wrong(&accounts[i], "the answer has no type %s", name);
            else
                read_type(&accounts[i], &signatures[i].types[k], entry, &accounts[i].types[k]);
        }
    }
}

/* --- calls --- */

/* The place a piece or a pointer names; PLACE_UNKNOWN: reported. */
static int read_place(struct account *account, const struct machine *machine, const json_t *piece,
                      bool is_result, unsigned size_bytes)
{
    const char *name = json_string_value(json_object_get(piece, "register"));
    if (name == NULL) {
        json_int_t offset = number_of(account, piece, "stack_offset_bytes");
        if (!is_result && offset >= 0 && offset + size_bytes <= STACK_WINDOW_BYTES)
            return REGISTER_AREA_BYTES + (int)offset;
        wrong(account, "stack offset %lld is out of range", (long long)offset);
        return PLACE_UNKNOWN;
    }
    const struct machine_register *reg = machine_register_named(machine, is_result, name);
    if (reg == NULL) {
        wrong(account, "no such register: %s", name);
        return PLACE_UNKNOWN;
    }
    const json_t *at = json_object_get(piece, "at_bytes");
    json_int_t at_bytes = at != NULL ? number_of(account, piece, "at_bytes") : 0;
    if (at_bytes < 0 || at_bytes + size_bytes > reg->size_bytes) {
        wrong(account, "%u bytes at byte %lld do not fit %s", size_bytes, (long long)at_bytes,
              name);
        return PLACE_UNKNOWN;
    }
    return (int)reg->place + (int)at_bytes;
}

static void read_format(struct account *account, const struct machine *machine, const json_t *piece,
                        struct value_account *value)
{
    if (json_object_get(piece, "as") == NULL)
        return;
    if (machine->converting == NULL ||
        strcmp(text_of(piece, "register"), machine->converting) != 0 ||
        strcmp(text_of(piece, "as"), machine->converted_as) != 0)
        wrong(account, "held as \"%s\"", text_of(piece, "as"));
    value->is_converted = true;
}

static void read_piece(struct account *account, const struct machine *machine, const json_t *piece,
                       bool is_result, struct value_account *value)
{
    json_int_t offset = number_of(account, piece, "offset_bytes");
    json_int_t size = number_of(account, piece, "size_bytes");
    if (offset < 0 || size <= 0 || offset + size > value->size_bytes) {
        wrong(account, "a piece of bytes %lld to %lld of a value of %u", (long long)offset,
              (long long)(offset + size - 1), value->size_bytes);
        return;
    }
    int place = read_place(account, machine, piece, is_result, (unsigned)size);
    if (place < 0)
        return;
    read_format(account, machine, piece, value);
    for (json_int_t i = 0; i < size; i++) {
        if (value->places[offset + i] != PLACE_NONE)
            wrong(account, "byte %lld is in two pieces", (long long)(offset + i));
        value->places[offset + i] = (int16_t)(place + i);
    }
}

static bool read_pass(const char *text, enum pass *pass)
{
    for (enum pass p = PASS_IGNORE; p <= PASS_HIDDEN; p++)
        if (strcmp(text, account_pass_name(p)) == 0) {
            *pass = p;
            return true;
        }
    return false;
}

static void read_returned(struct account *account, const struct machine *machine,
                          const json_t *entry)
{
    const char *name = json_string_value(json_object_get(entry, "returned"));
    if (name == NULL)
        return;
    const struct machine_register *reg = machine_register_named(machine, true, name);
    if (reg == NULL)
        wrong(account, "no such result register: %s", name);
    else
        account->returned_words = UINT32_C(1) << reg->place / machine->word_bytes;
}

static void read_value(struct account *account, const struct machine *machine, const json_t *entry,
                       bool is_result, struct value_account *value)
{
    if (!read_pass(text_of(entry, "pass"), &value->pass)) {
        wrong(account, "unknown pass: \"%s\"", text_of(entry, "pass"));
        return;
    }
    if (value->pass == PASS_IGNORE)
        return;
    json_int_t size_bytes = number_of(account, entry, "size_bytes");
    if (size_bytes < 0 || size_bytes > CELL_BYTES) {
        wrong(account, "a value of %lld bytes", (long long)size_bytes);
        return;
    }
    value->size_bytes = (unsigned)size_bytes;
    if (value->pass == PASS_POINTER || value->pass == PASS_HIDDEN) {
        const json_t *pointer = json_object_get(entry, "pointer");
        value->pointer_place = read_place(account, machine, pointer, false, machine->word_bytes);
        return;
    }
    const json_t *pieces = json_object_get(entry, "pieces");
    for (size_t i = 0; i < json_array_size(pieces); i++)
        read_piece(account, machine, json_array_get(pieces, i), is_result, value);
}

static void clear_value(struct value_account *value)
{
    memset(value, 0, sizeof *value);
    value->pointer_place = PLACE_NONE;
    for (unsigned i = 0; i < CELL_BYTES; i++)
        value->places[i] = PLACE_NONE;
}

static void read_function(struct account *account, const struct machine *machine,
                          const struct signature *signature, const json_t *entry)
{
    const json_t *params = json_object_get(entry, "params");
    if (json_array_size(params) != signature->param_count)
        wrong(account, "%zu parameters", json_array_size(params));
    for (unsigned i = 0; i < signature->param_count; i++) {
        clear_value(&account->params[i]);
        read_value(account, machine, json_array_get(params, i), false, &account->params[i]);
    }
    clear_value(&account->result);
    const json_t *result = json_object_get(entry, "result");
    if (signature->has_result) {
        read_value(account, machine, result, true, &account->result);
        read_returned(account, machine, result);
    } else if (strcmp(text_of(result, "pass"), "ignore") != 0) {
        wrong(account, "a result of pass \"%s\" for void", text_of(result, "pass"));
    }
    const json_t *stack = json_object_get(entry, "stack");
    account->stack_bytes = (uint64_t)number_of(account, stack, "argument_bytes");
    account->has_stack_bytes = true;
}

void answer_read_call(const json_t *document, const struct machine *machine,
                      const struct signature *signatures, unsigned count, struct account *accounts)
{
    const json_t *functions = json_object_get(document, "functions");
    size_t hint = 0;
    for (unsigned i = 0; i < count; i++) {
        char name[32];
        snprintf(name, sizeof name, "f%u", i);
        const json_t *entry = entry_named(functions, name, &hint);
        if (entry == NULL)
            wrong(&accounts[i], "the answer has no function %s", name);
        else
            read_function(&accounts[i], machine, &signatures[i], entry);
        accounts[i].is_complete = accounts[i].error[0] == '\0';
    }
}

/* --- asking --- */

static void write_interface(const char *path, const struct signature *signatures, unsigned count)
{
    FILE *file = fopen(path, "w");
    if (file == NULL)
        die("cannot write %s", path);
    bool has_types = false;
    render_interface_start(file);
    for (unsigned i = 0; i < count; i++) {
        bool used[MAX_TYPES];
        signature_mark_used(&signatures[i], used);
        for (unsigned k = 0; k < MAX_TYPES; k++)
            has_types = has_types || used[k];
    }
    if (has_types)
        fprintf(file, "types:\n");
    for (unsigned i = 0; i < count; i++)
        render_interface_types(file, &signatures[i], i);
    fprintf(file, "functions:\n");
    for (unsigned i = 0; i < count; i++)
        render_interface_function(file, &signatures[i], i);
    if (fclose(file) != 0)
        die("cannot write %s", path);
}

json_t *answer_ask(const struct engine *engine, const char *verb, const char *path)
{
    struct command command = {0};
    command_add_words(&command, engine->abide);
    command_add(&command, verb);
    command_add(&command, path);
    command_add(&command, "--abi");
    command_add(&command, engine->abi);
    command_add(&command, "--target");
    command_add(&command, engine->target);
    command_add_words(&command, "--format json");
    if (command_run(&command, engine->directory, "abide") != 0)
        return NULL;
    char out[1024];
    json_error_t error;
    snprintf(out, sizeof out, "%s/abide.out", engine->directory);
    json_t *document = json_load_file(out, JSON_REJECT_DUPLICATES, &error);
    if (document == NULL)
        fprintf(stderr, "differential: abide %s: not JSON: %s\n", verb, error.text);
    return document;
}

bool answer_run(const struct engine *engine, const struct signature *signatures, unsigned count,
                struct account *accounts)
{
    char path[1024];
    snprintf(path, sizeof path, "%s/batch.abi.yaml", engine->directory);
    memset(accounts, 0, count * sizeof *accounts);
    write_interface(path, signatures, count);
    json_t *layout = answer_ask(engine, "layout", path);
    json_t *call = layout != NULL ? answer_ask(engine, "call", path) : NULL;
    if (call != NULL) {
        answer_read_layout(layout, signatures, count, accounts);
        answer_read_call(call, engine->machine, signatures, count, accounts);
    }
    bool done = call != NULL;
    json_decref(layout);
    json_decref(call);
    return done;
}

void answer_complain(const struct engine *engine)
{
    show_file(engine->directory, "abide", ".err");
}

#include "harness.h"

#include "process.h"

#include <stdlib.h>
#include <string.h>

/* --- the batch: callees, callers and tables, in C --- */

static void batch_prelude(FILE *file)
{
    render_c_prelude(file);
    fprintf(file, "extern unsigned char *capture_out, capture_pattern[];\n"
                  "void capture_result(void);\n"
                  "struct capture_case { void (*callee)(void); void (*caller)(unsigned char *);\n"
                  "    unsigned parameter_count; const unsigned *sizes; unsigned result_size; };\n"
                  /* gcc 12 folds callers of functions that return long double and __float128. */
                  "#define ALONE __attribute__((no_icf))\n"
                  "#define PUT(v) (__builtin_memcpy(o, &(v), sizeof (v)), o += sizeof (v))\n"
                  "static void bits(unsigned *n, const unsigned char *v, unsigned size)\n"
                  "{\n"
                  "    n[0] = n[1] = 0;\n"
                  "    for (unsigned i = size * 8; i-- > 0;)\n"
                  "        if (v[i / 8] >> i %% 8 & 1) { n[0] = i; n[1]++; }\n"
                  "}\n");
}

static void batch_callee(FILE *file, const struct signature *signature, unsigned number)
{
    fprintf(file, "ALONE ");
    if (signature->has_result)
        render_c_use(file, &signature->result, number);
    else
        fprintf(file, "void");
    fprintf(file, " f%u(", number);
    for (unsigned i = 0; i < signature->param_count; i++) {
        fprintf(file, i == 0 ? "" : ", ");
        render_c_use(file, &signature->params[i], number);
        fprintf(file, " p%u", i);
    }
    fprintf(file, signature->param_count == 0 ? "void)\n{\n" : ")\n{\n");
    if (signature->param_count != 0)
        fprintf(file, "    unsigned char *o = capture_out;\n");
    for (unsigned i = 0; i < signature->param_count; i++)
        fprintf(file, "    PUT(p%u);\n", i);
    if (signature->has_result) {
        fprintf(file, "    ");
        render_c_use(file, &signature->result, number);
        fprintf(file, " r;\n    __builtin_memcpy(&r, capture_pattern, sizeof r);\n"
                      "    return r;\n");
    }
    fprintf(file, "}\n");
}

/* A result's place does not depend on the parameters, so the caller passes none. */
static void batch_caller(FILE *file, const struct signature *signature, unsigned number)
{
    if (!signature->has_result)
        return;
    fprintf(file, "ALONE static void c%u(unsigned char *out)\n{\n    ", number);
    render_c_use(file, &signature->result, number);
    fprintf(file, " r = ((");
    render_c_use(file, &signature->result, number);
    fprintf(file, " (*)(void))capture_result)();\n"
                  "    __builtin_memcpy(out, &r, sizeof r);\n}\n");
}

static void batch_sizes(FILE *file, const struct signature *signature, unsigned number)
{
    fprintf(file, "static const unsigned s%u[] = {", number);
    for (unsigned i = 0; i < signature->param_count; i++) {
        fprintf(file, "sizeof(");
        render_c_use(file, &signature->params[i], number);
        fprintf(file, "), ");
    }
    fprintf(file, "0};\n");
}

static void batch_case(FILE *file, const struct signature *signature, unsigned number)
{
    fprintf(file, "    {(void (*)(void))f%u, ", number);
    fprintf(file, signature->has_result ? "c%u" : "0", number);
    fprintf(file, ", %u, s%u, ", signature->param_count, number);
    if (signature->has_result) {
        fprintf(file, "sizeof(");
        render_c_use(file, &signature->result, number);
        fprintf(file, ")},\n");
    } else {
        fprintf(file, "0},\n");
    }
}

static bool is_record(const struct type *type)
{
    return type->kind != TYPE_ENUM && type->kind != TYPE_NEWTYPE;
}

/* Size and alignment of each type, offset and size in bits of each field. */
static unsigned batch_numbers(FILE *file, const struct signature *signature, unsigned number,
                              unsigned position, bool probes)
{
    bool used[MAX_TYPES];
    signature_mark_used(signature, used);
    for (unsigned i = 0; i < signature->type_count; i++) {
        const struct type *type = &signature->types[i];
        if (!used[i])
            continue;
        if (!probes)
            fprintf(file, "    sizeof(t%u_%u), _Alignof(t%u_%u),\n", number, i, number, i);
        position += 2;
        for (unsigned f = 0; is_record(type) && f < type->field_count; f++, position += 2) {
            bool is_probed = type->fields[f].is_bitfield && !type->fields[f].is_unnamed;
            if (probes && is_probed)
                fprintf(file,
                        "    { static t%u_%u v; v.m%u = -1;\n"
                        "      bits(capture_numbers + %u, (void *)&v, sizeof v); }\n",
                        number, i, f, position);
            if (!probes && type->fields[f].is_bitfield)
                fprintf(file, "    0, 0,\n");
            else if (!probes)
                fprintf(file, "    8 * offsetof(t%u_%u, m%u), 8 * sizeof(((t%u_%u *)0)->m%u),\n",
                        number, i, f, number, i, f);
        }
    }
    return position;
}

static void write_batch(FILE *file, const struct signature *signatures, unsigned count)
{
    batch_prelude(file);
    for (unsigned i = 0; i < count; i++) {
        render_c_types(file, &signatures[i], i);
        batch_callee(file, &signatures[i], i);
        batch_caller(file, &signatures[i], i);
        batch_sizes(file, &signatures[i], i);
    }
    unsigned numbers = 0;
    fprintf(file, "unsigned capture_numbers[] = {\n");
    for (unsigned i = 0; i < count; i++)
        numbers = batch_numbers(file, &signatures[i], i, numbers, false);
    fprintf(file, "    0};\nconst unsigned capture_number_count = %u;\n", numbers);
    numbers = 0;
    fprintf(file, "void capture_probe(void)\n{\n");
    for (unsigned i = 0; i < count; i++)
        numbers = batch_numbers(file, &signatures[i], i, numbers, true);
    fprintf(file, "}\nconst struct capture_case capture_cases[] = {\n");
    for (unsigned i = 0; i < count; i++)
        batch_case(file, &signatures[i], i);
    fprintf(file, "};\nconst unsigned capture_case_count = %u;\n", count);
}

/* --- building and running it --- */

static void file_path(const struct toolchain *t, const char *suffix, char path[1024])
{
    snprintf(path, 1024, "%s/%s%s", t->directory, t->name, suffix);
}

static struct command compiler(const struct toolchain *t, const char *opt, const char *output)
{
    struct command command = {0};
    char option[32], path[1024];
    command_add_words(&command, t->cc);
    snprintf(option, sizeof option, "-O%s", opt);
    command_add_words(&command, option);
    command_add_words(&command, "-std=gnu17 -w -o");
    file_path(t, output, path);
    command_add(&command, path);
    return command;
}

/* Reads `__clang_major__` from the compiler's predefined macros. */
static unsigned clang_major(const struct toolchain *t)
{
    struct command command = {0};
    char log[64], path[1024], line[512];
    unsigned major = 0;
    command_add_words(&command, t->cc);
    command_add_words(&command, "-dM -E -x c /dev/null");
    snprintf(log, sizeof log, "%s-macros", t->name);
    if (command_run(&command, t->directory, log) != 0)
        return 0;
    snprintf(path, sizeof path, "%s/%s.out", t->directory, log);
    FILE *file = fopen(path, "r");
    while (file != NULL && fgets(line, sizeof line, file) != NULL)
        sscanf(line, "#define __clang_major__ %u", &major);
    if (file != NULL)
        fclose(file);
    return major;
}

bool harness_prepare(struct toolchain *t)
{
    t->clang_major = clang_major(t);
    struct command capture = compiler(t, "1", "-capture.o");
    command_add(&capture, "-c");
    command_add_path(&capture, t->support, "capture.c");
    struct command stub = compiler(t, "1", "-stub.o");
    command_add(&stub, "-c");
    command_add_path(&stub, t->support, t->machine->stub);
    char log[64];
    snprintf(log, sizeof log, "%s-build", t->name);
    if (command_run(&capture, t->directory, log) == 0 && command_run(&stub, t->directory, log) == 0)
        return true;
    fprintf(stderr, "differential: %s cannot compile the capture program\n", t->cc);
    show_file(t->directory, log, ".err");
    return false;
}

static bool build_and_run(const struct toolchain *t)
{
    static const char *const inputs[] = {"-batch.c", "-capture.o", "-stub.o"};
    char path[1024], log[64];
    struct command build = compiler(t, t->opt, "-batch");
    for (unsigned i = 0; i < 3; i++) {
        file_path(t, inputs[i], path);
        command_add(&build, path);
    }
    snprintf(log, sizeof log, "%s-log", t->name);
    if (command_run(&build, t->directory, log) != 0)
        return false;
    struct command run = {0};
    command_add_words(&run, t->run);
    file_path(t, "-batch", path);
    command_add(&run, path);
    file_path(t, "-data", path);
    command_add(&run, path);
    return command_run(&run, t->directory, log) == 0;
}

bool harness_run_program(const struct toolchain *t, const char *capture, const char *batch,
                         const char *data)
{
    char path[1024], log[64];
    struct command build = compiler(t, t->opt, "-program");
    command_add_path(&build, t->support, capture);
    command_add(&build, batch);
    command_add_path(&build, t->support, t->machine->stub);
    snprintf(log, sizeof log, "%s-log", t->name);
    if (command_run(&build, t->directory, log) != 0)
        return false;
    struct command run = {0};
    command_add_words(&run, t->run);
    file_path(t, "-program", path);
    command_add(&run, path);
    command_add(&run, data);
    return command_run(&run, t->directory, log) == 0;
}

void harness_complain(const struct toolchain *t)
{
    char log[64];
    snprintf(log, sizeof log, "%s-log", t->name);
    show_file(t->directory, log, ".err");
}

/* --- reading what it found --- */

/* inverse[bit][code] is the place whose bytes show `code` in that bit over all runs. */
static uint16_t inverse[8][65536];

static void fill_inverse(void)
{
    if (inverse[0][0] != 0)
        return;
    memset(inverse, 0xff, sizeof inverse);
    for (unsigned place = 0; place < IMAGE_BYTES; place++)
        for (unsigned bit = 0; bit < 8; bit++)
            inverse[bit][capture_mix(place, bit)] = (uint16_t)place;
}

static int16_t locate(const unsigned char *runs, unsigned stride, unsigned char mask,
                      unsigned limit)
{
    int found = PLACE_NONE;
    for (unsigned bit = 0; bit < 8; bit++) {
        if ((mask >> bit & 1) == 0)
            continue;
        unsigned code = 0;
        for (unsigned run = 0; run < VALUE_RUNS; run++)
            code |= (runs[run * stride] >> bit & 1u) << run;
        unsigned place = inverse[bit][code];
        if (place >= limit || (found != PLACE_NONE && found != (int)place))
            return PLACE_UNKNOWN;
        found = (int)place;
    }
    return (int16_t)found;
}

struct reader {
    FILE *file;
    bool failed;
};

static unsigned read_number(struct reader *reader)
{
    unsigned char bytes[4] = {0};
    if (fread(bytes, 1, 4, reader->file) != 4)
        reader->failed = true;
    return bytes[0] | bytes[1] << 8 | bytes[2] << 16 | (unsigned)bytes[3] << 24;
}

/* Where the bytes came from; `boxed`: as it looked with boxed floats in the registers. */
static void read_runs(struct reader *reader, struct value_account *value, const unsigned char *mask,
                      unsigned limit, bool boxed)
{
    static unsigned char runs[VALUE_RUNS * CELL_BYTES];
    size_t size = (size_t)VALUE_RUNS * value->size_bytes;
    if (fread(runs, 1, size, reader->file) != size)
        reader->failed = true;
    for (unsigned i = 0; i < value->size_bytes; i++)
        if (!boxed || value->places[i] == PLACE_UNKNOWN)
            value->places[i] = locate(runs + i, value->size_bytes, mask[i], limit);
}

static void read_places(struct reader *reader, const struct machine *machine,
                        struct value_account *value, const unsigned char *mask, unsigned limit)
{
    read_runs(reader, value, mask, limit, false);
    if (machine->boxes)
        read_runs(reader, value, mask, limit, true);
}

static void read_size(struct reader *reader, struct value_account *value)
{
    value->size_bytes = read_number(reader);
    if (value->size_bytes > CELL_BYTES) {
        reader->failed = true;
        value->size_bytes = 0;
    }
}

static void read_param(struct reader *reader, const struct toolchain *t,
                       const struct signature *signature, const struct use *use,
                       struct account *account, struct value_account *value)
{
    unsigned char mask[CELL_BYTES];
    read_size(reader, value);
    value->pointer_place = (int)read_number(reader);
    value->pass = value->size_bytes == 0      ? PASS_IGNORE
                  : value->pointer_place >= 0 ? PASS_POINTER
                                              : PASS_DIRECT;
    if (value->pointer_place >= 0)
        return;
    account_mask(signature, account, t->machine, use, value->size_bytes, mask);
    read_places(reader, t->machine, value, mask, IMAGE_BYTES);
}

static void read_result(struct reader *reader, const struct toolchain *t,
                        const struct signature *signature, struct account *account)
{
    unsigned char mask[CELL_BYTES];
    struct value_account *value = &account->result;
    read_size(reader, value);
    value->pointer_place = (int)read_number(reader);
    account->returned_words = read_number(reader);
    value->pass = value->size_bytes == 0      ? PASS_IGNORE
                  : value->pointer_place >= 0 ? PASS_HIDDEN
                                              : PASS_DIRECT;
    if (value->pass != PASS_DIRECT)
        return;
    account_mask(signature, account, t->machine, &signature->result, value->size_bytes, mask);
    read_places(reader, t->machine, value, mask, RESULT_IMAGE_BYTES);
    int converting_place = (int)read_number(reader);
    value->is_converted = converting_place >= 0;
    for (unsigned i = 0; value->is_converted && i < value->size_bytes; i++)
        value->places[i] = (int16_t)(converting_place + (int)i);
}

static void read_layouts(struct reader *reader, const struct signature *signature,
                         struct account *account)
{
    bool used[MAX_TYPES];
    signature_mark_used(signature, used);
    for (unsigned i = 0; i < signature->type_count; i++) {
        if (!used[i])
            continue;
        account->types[i].size_bytes = read_number(reader);
        account->types[i].align_bytes = read_number(reader);
        const struct type *type = &signature->types[i];
        for (unsigned f = 0; is_record(type) && f < type->field_count; f++) {
            account->types[i].fields[f].offset_bits = read_number(reader);
            account->types[i].fields[f].size_bits = read_number(reader);
        }
    }
}

static void read_calls(struct reader *reader, const struct toolchain *t,
                       const struct signature *signature, struct account *account)
{
    if (read_number(reader) != 0) {
        snprintf(account->error, sizeof account->error, "the compiled code crashed");
        return;
    }
    for (unsigned i = 0; i < signature->param_count; i++)
        read_param(reader, t, signature, &signature->params[i], account, &account->params[i]);
    read_result(reader, t, signature, account);
    account->is_complete = true;
}

static bool read_data(const struct toolchain *t, const struct signature *signatures, unsigned count,
                      struct account *accounts)
{
    char path[1024];
    file_path(t, "-data", path);
    struct reader reader = {.file = fopen(path, "rb")};
    if (reader.file == NULL)
        return false;
    fill_inverse();
    read_number(&reader);
    for (unsigned i = 0; i < count; i++)
        read_layouts(&reader, &signatures[i], &accounts[i]);
    for (unsigned i = 0; i < count && !reader.failed; i++)
        read_calls(&reader, t, &signatures[i], &accounts[i]);
    fclose(reader.file);
    return !reader.failed;
}

bool harness_run(const struct toolchain *t, const struct signature *signatures, unsigned count,
                 struct account *accounts)
{
    char path[1024];
    memset(accounts, 0, count * sizeof *accounts);
    file_path(t, "-batch.c", path);
    FILE *file = fopen(path, "w");
    if (file == NULL)
        die("cannot write %s", path);
    write_batch(file, signatures, count);
    if (fclose(file) != 0)
        die("cannot write %s", path);
    return build_and_run(t) && read_data(t, signatures, count, accounts);
}

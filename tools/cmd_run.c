#define _GNU_SOURCE /* RTLD_DEFAULT */ // NOLINT(bugprone-reserved-identifier,cert-dcl37-c)
/* abide run: calls a function of a shared library by its description. */
#include "emitter.h"
#include "json.h"
#include "question.h"
#include "value.h"

#include "abide/call.h"
#include "abide/jit.h"

#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

const struct poptOption run_options[] = {
    OPTION_TEXT("library", 'l', OPTION_LIBRARY,
                "a shared library that has the function, or that it needs; may be repeated", "LIB"),
    OPTION_TEXT("abi", 0, OPTION_RUN_ABI,
                "the ABI of the function (default: what the file provides, else c)", "REF"),
    OPTION_TEXT("variadic", 0, OPTION_VARIADIC,
                "the types of the extra arguments of a variadic function", "TYPES"),
    OPTIONS_MODULES,
    OPTIONS_COMMON,
    POPT_TABLEEND};

/* In front of words that are negative numbers, which would be taken for options. */
#define NUMBER_MARK '\1'

struct parameter {
    const char *name;
    const abide_type *type;
    abide_mode mode;
    struct value_place place;
};

struct running {
    struct cli *cli;
    const abide_iface *iface;
    const abide_function *function;
    const abide_signature *signature;
    const abide_module *c;
    const abide_module *callee;
    bool is_by_instruction; /* the function has no address: a thunk is what is called */
    struct parameter *parameters;
    size_t count;
    void **args;
    struct value_place result; /* `memory` NULL: none */
};

/* ---- what is asked for ---- */

static const char *function_name_at(const void *iface, size_t index)
{
    return index < abide_iface_function_count(iface)
               ? abide_function_name(abide_iface_function_at(iface, index))
               : NULL;
}

static enum status find_function(struct running *r)
{
    const char *name = r->cli->options.operands.items[1];
    r->function = abide_iface_function(r->iface, name);
    if (r->function)
        return STATUS_OK;
    const char *nearest = abide_nearest(name, function_name_at, r->iface);
    return cli_report(r->cli, "unknown-function",
                      nearest ? cli_printf("did you mean '%s'?", nearest) : NULL,
                      "'%s' has no function '%s'", r->cli->options.operands.items[0], name);
}

/* With extra arguments, the function is another one for this call. */
static bool describe_call(struct running *r)
{
    r->signature = abide_function_signature(r->function);
    if (!r->cli->options.variadic)
        return true;
    r->signature =
        abide_iface_variadic_call(r->cli->ctx, r->iface, r->function, r->cli->options.variadic);
    abide_iface *iface = r->signature ? abide_iface_new(r->cli->ctx, NULL) : NULL;
    const char *name = abide_function_name(r->function);
    r->function = iface ? abide_iface_add_function(r->cli->ctx, iface, name,
                                                   abide_function_symbol(r->function), r->signature)
                        : NULL;
    r->iface = iface;
    return r->function != NULL;
}

static enum status open(struct running *r)
{
    const struct options *options = &r->cli->options;
    r->iface = abide_iface_load(r->cli->ctx, options->operands.items[0]);
    if (!r->iface)
        return cli_failure(r->cli);
    const char *provided = abide_iface_provides(r->iface);
    enum status status = find_function(r);
    if (status != STATUS_OK)
        return status;
    r->c = abide_module_load(r->cli->ctx, "c", NULL);
    r->callee = abide_module_load(r->cli->ctx,
                                  options->callee ? options->callee
                                  : provided      ? provided
                                                  : "c",
                                  NULL);
    if (!r->c || !r->callee || !describe_call(r))
        return cli_failure(r->cli);
    const abide_assignment *assignment = abide_assignment_of(r->cli->ctx, r->callee, r->signature);
    r->is_by_instruction = assignment && abide_assignment_called_by(assignment);
    return assignment ? STATUS_OK : cli_failure(r->cli);
}

/* ---- values ---- */

static bool is_given(const struct parameter *parameter)
{
    return parameter->mode != ABIDE_MODE_OUT;
}

static enum status check_count(struct running *r, size_t given)
{
    size_t wanted = 0;
    for (size_t i = 0; i < r->count; i++)
        wanted += is_given(&r->parameters[i]);
    if (given == wanted)
        return STATUS_OK;
    const char *help = cli_printf("%s is %s", abide_function_name(r->function),
                                  abide_signature_print(r->cli->ctx, r->signature));
    if (wanted != r->count)
        help = cli_printf("%s; out parameters are not given", help);
    return cli_misuse(r->cli, given < wanted ? "missing-operand" : "unexpected-operand", help,
                      "'%s' takes %zu argument%s, not %zu", abide_function_name(r->function),
                      wanted, wanted == 1 ? "" : "s", given);
}

static bool read_parameter(struct running *r, size_t index, const char *word)
{
    struct parameter *parameter = &r->parameters[index];
    parameter->place = value_new(r->cli, r->c, parameter->type);
    if (!parameter->place.memory)
        return false;
    r->args[index] = parameter->place.memory;
    return !word || value_read(r->cli, r->c, parameter->name, parameter->type,
                               word + (*word == NUMBER_MARK), parameter->place);
}

static enum status read_values(struct running *r)
{
    const struct words *operands = &r->cli->options.operands;
    size_t next = 2;
    bool fine = true;
    r->count = abide_signature_parameter_count(r->signature);
    r->parameters = cli_alloc(r->count + 1, sizeof *r->parameters);
    r->args = cli_alloc(r->count + 1, sizeof *r->args);
    for (size_t i = 0; i < r->count; i++) {
        abide_parameter parameter = abide_signature_parameter_at(r->signature, i);
        r->parameters[i] =
            (struct parameter){parameter.name ? parameter.name : cli_printf("argument %zu", i + 1),
                               parameter.type,
                               abide_signature_mode_at(r->signature, i),
                               {0}};
    }
    enum status status = check_count(r, operands->count - 2);
    if (status != STATUS_OK)
        return status;
    for (size_t i = 0; i < r->count; i++)
        fine = read_parameter(r, i, is_given(&r->parameters[i]) ? operands->items[next++] : NULL) &&
               fine;
    const abide_type *result = abide_signature_result(r->signature);
    if (!value_is(result, "void")) {
        r->result = value_new(r->cli, r->c, result);
        fine = r->result.memory && fine;
    }
    return fine ? STATUS_OK : cli_failure(r->cli);
}

/* ---- the call ---- */

static enum status find_code(struct running *r, void **code)
{
    const struct words *libraries = &r->cli->options.libraries;
    const char *symbol = abide_function_symbol(r->function);
    *code = NULL;
    for (size_t i = 0; i < libraries->count; i++) {
        void *library = dlopen(libraries->items[i], RTLD_NOW | RTLD_GLOBAL);
        if (!library)
            return cli_report(r->cli, "missing-library",
                              strchr(libraries->items[i], '/')
                                  ? NULL
                                  : "write ./NAME for a library in this folder",
                              "cannot open '%s': %s", libraries->items[i], dlerror());
        if (!*code)
            *code = dlsym(library, symbol);
    }
    if (!*code)
        *code = dlsym(RTLD_DEFAULT, symbol);
    if (*code || r->is_by_instruction)
        return STATUS_OK;
    return cli_report(r->cli, "missing-symbol",
                      libraries->count ? "'nm -D LIB' lists what a library has"
                                       : "name the library that has it: --library LIB.so",
                      "no library has the symbol '%s' of '%s'", symbol,
                      abide_function_name(r->function));
}

/* What the verb needs of libabide-codegen. */
struct maker {
    abide_jit *(*new)(abide_ctx *ctx, const abide_jit_options *options);
    abide_jit_batch *(*emit)(abide_jit *jit, abide_ctx *ctx, const abide_plan *const *plans,
                             abide_jit_function *const *targets, size_t count);
    abide_jit_function *(*at)(const abide_jit_batch *batch, size_t index);
    abide_invoker *(*invoker)(abide_jit *jit, abide_ctx *ctx, const abide_plan *plan);
    void (*free)(abide_jit *jit);
};

static bool open_maker(struct maker *maker, const char **why)
{
    void *symbols[5] = {emitter_symbol("abide_jit_new", why)};
    if (!symbols[0])
        return false;
    symbols[1] = emitter_symbol("abide_jit_invoker", why);
    symbols[2] = emitter_symbol("abide_jit_free", why);
    symbols[3] = emitter_symbol("abide_jit_emit", why);
    symbols[4] = emitter_symbol("abide_jit_batch_at", why);
    memcpy(&maker->new, &symbols[0], sizeof symbols[0]);
    memcpy(&maker->invoker, &symbols[1], sizeof symbols[1]);
    memcpy(&maker->free, &symbols[2], sizeof symbols[2]);
    memcpy(&maker->emit, &symbols[3], sizeof symbols[3]);
    memcpy(&maker->at, &symbols[4], sizeof symbols[4]);
    return true;
}

/* What is called by an instruction, as a function of C. NULL: reported. */
static abide_jit_function *instruction_thunk(struct running *r, const struct maker *maker,
                                             abide_jit *jit)
{
    const abide_plan *plan = abide_plan_new(r->cli->ctx, r->iface, r->function, r->c, r->callee);
    abide_jit_batch *batch = plan ? maker->emit(jit, r->cli->ctx, &plan, NULL, 1) : NULL;
    return batch ? maker->at(batch, 0) : NULL;
}

static enum status call(struct running *r, void *code)
{
    const abide_module *callee = r->is_by_instruction ? r->c : r->callee;
    const abide_plan *plan = abide_plan_new_of_kind(r->cli->ctx, ABIDE_PLAN_INVOKER, r->iface,
                                                    r->function, NULL, r->c, callee);
    struct maker maker;
    const char *why;
    if (!plan)
        return cli_failure(r->cli);
    if (!open_maker(&maker, &why))
        return cli_report(r->cli, "not-built-in", "install libabide-codegen",
                          "cannot open what makes code: %s", why);
    abide_jit *jit = maker.new(r->cli->ctx, NULL);
    abide_invoker *invoker = jit ? maker.invoker(jit, r->cli->ctx, plan) : NULL;
    abide_jit_function *function;
    memcpy(&function, &code, sizeof function);
    if (invoker && r->is_by_instruction)
        function = instruction_thunk(r, &maker, jit);
    bool is_fine = invoker && function;
    if (is_fine)
        invoker(function, r->args, r->result.memory);
    fflush(NULL); /* what the function printed comes before what it returned */
    maker.free(jit);
    return is_fine ? STATUS_OK : cli_failure(r->cli);
}

/* ---- the answer ---- */

static void print_value(struct running *r, const abide_type *type, struct value_place place,
                        struct text *text)
{
    value_print(r->cli, r->c, type, place, text);
}

static bool has_outs(const struct running *r)
{
    for (size_t i = 0; i < r->count; i++)
        if (r->parameters[i].mode != ABIDE_MODE_IN)
            return true;
    return false;
}

static void print_text(struct running *r)
{
    struct text *text = &r->cli->product;
    if (r->result.memory) {
        text_puts(text, has_outs(r) ? "result: " : "");
        print_value(r, abide_signature_result(r->signature), r->result, text);
        text_puts(text, "\n");
    }
    for (size_t i = 0; i < r->count; i++) {
        if (r->parameters[i].mode == ABIDE_MODE_IN)
            continue;
        text_printf(text, "%s: ", r->parameters[i].name);
        print_value(r, r->parameters[i].type, r->parameters[i].place, text);
        text_puts(text, "\n");
    }
}

/* Large numbers that JSON's readers would round are text. */
static json_t *json_value(struct running *r, const abide_type *type, struct value_place place)
{
    struct text text = {0};
    json_error_t error;
    print_value(r, type, place, &text);
    json_t *value = json_loads(text.chars, JSON_DECODE_ANY, &error);
    if (!value)
        value = json_text(text.chars);
    text_free(&text);
    return value;
}

static void print_json(struct running *r)
{
    json_t *root = json_new_answer(r->cli);
    json_t *outs = json_new_object();
    json_put_module(root, r->callee);
    json_put_text(root, "function", abide_function_name(r->function));
    json_put_text(root, "symbol", abide_function_symbol(r->function));
    if (r->result.memory)
        json_put(root, "result", json_value(r, abide_signature_result(r->signature), r->result));
    for (size_t i = 0; i < r->count; i++)
        if (r->parameters[i].mode != ABIDE_MODE_IN)
            json_put(outs, r->parameters[i].name,
                     json_value(r, r->parameters[i].type, r->parameters[i].place));
    json_put(root, "out", outs);
    json_print(root, &r->cli->product);
}

static enum status run(struct cli *cli)
{
    struct running r = {.cli = cli};
    void *code;
    enum status status = open(&r);
    if (status == STATUS_OK)
        status = read_values(&r);
    if (status == STATUS_OK)
        status = find_code(&r, &code);
    if (status == STATUS_OK)
        status = call(&r, code);
    if (status != STATUS_OK)
        return status;
    if (cli->options.format == FORMAT_JSON)
        print_json(&r);
    else
        print_text(&r);
    return STATUS_OK;
}

/* "-5" and "-.5" are arguments. NOLINTNEXTLINE(readability-non-const-parameter): other verbs add words. */
static const char **mark_numbers(int *argc, const char **argv)
{
    const char **words = cli_alloc((size_t)*argc + 1, sizeof *words);
    for (int i = 0; i < *argc; i++) {
        const char *word = argv[i];
        bool is_number = word[0] == '-' && (word[1] == '.' || (word[1] >= '0' && word[1] <= '9'));
        words[i] = is_number ? cli_printf("%c%s", NUMBER_MARK, word) : word;
    }
    return words;
}

const struct verb verb_run = {
    .name = "run",
    .summary = "calls a function of a shared library",
    .operands = "FILE FUNCTION [ARGUMENT...]",
    .about =
        "Calls a function by its description in an interface file, and prints what it returns.\n"
        "Each argument is a value of its parameter: a number, true, a name of an enum, read|write\n"
        "for flags, text as it is, null, and JSON for what has parts. Out parameters are not "
        "given;\n"
        "they are printed after the result. The function runs in this process, with all that it "
        "may do.\n"
        "What is called by an instruction (--abi c/linux-syscall) needs no library.",
    .examples = {"abide run math.abi.yaml pow 2 10 --library libm.so.6     # calls pow(2, 10)",
                 "abide run z.abi.yaml crc32 0 '[1, 2, 3]' -l libz.so.1    # calls with a list"},
    .options = run_options,
    .operands_min = 2,
    .operands_max = OPERANDS_ANY,
    .run = run,
    .names = question_functions,
    .words = mark_numbers,
};

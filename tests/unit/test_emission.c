/* The emitter by itself: what it refuses, names that meet, memory that runs out, LLVM that gives up. */
#include "cmocka_all.h"
#include "failing_allocator.h"

#include "../execution/maker.h"
#include "../execution/plan_text.h"
#include "base/diag.h"
#include "llvm_once.h"

#include <llvm-c/TargetMachine.h>

#include <stdio.h>

#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/lsan_interface.h>
#else
static void __lsan_disable(void)
{
}
static void __lsan_enable(void)
{
}
#endif

static const char *const preserved[] = {"rbx", "rbp", "rsp", "r12", "r13", "r14", "r15"};

static struct abide_module machine(void)
{
    struct abide_module module = {.name = "by-hand",
                                  .arch = "x86_64",
                                  .triple = "x86_64-linux-gnu",
                                  .pointer_bytes = 8,
                                  .preserved = preserved,
                                  .preserved_count = 7};
    module.stack.red_zone_bytes = 128;
    return module;
}

/* The IR of a text of plans; NULL: something was reported. */
static const char *ir_of(abide_ctx *ctx, const struct abide_module *module, const char *text)
{
    struct abide_guard guard;
    if (setjmp(*abide__guard_enter(ctx, &guard)))
        return NULL;
    abide_codegen_options options = ABIDE_CODEGEN_OPTIONS_INIT;
    options.emit = ABIDE_EMIT_IR;
    size_t count, size_bytes;
    const char *bytes = NULL;
    const struct abide_thunk *thunks = plan_text_read(ctx, module, text, &count);
    const char *ir = abide_emission__run(ctx, thunks, count, &options, &bytes, &size_bytes)
                         ? abide__printf(ctx, "%.*s", (int)size_bytes, bytes)
                         : NULL;
    abide__guard_leave(ctx, &guard);
    return ir;
}

static void expect_refusal(const struct abide_module *module, const char *text, const char *id,
                           const char *part)
{
    abide_ctx *ctx = abide_ctx_new(NULL);
    assert_null(ir_of(ctx, module, text));
    assert_int_equal(abide_ctx_diag_count(ctx), 1);
    const abide_diag *diag = abide_ctx_diag_at(ctx, 0);
    assert_string_equal(abide_diag_id(diag), id);
    const char *print = abide_diag_print(ctx, diag, false);
    if (!strstr(print, part))
        fail_msg("'%s' is not in: %s", part, print);
    abide_ctx_free(ctx);
}

static const char simple[] = "thunk f tail g\n in direct 8 rdi\n in direct 8 rsi\n out none\n"
                             " to direct 8 rdi = value arg1\n to direct 8 rsi = value arg0\n"
                             " back none\n return nothing\n";

static void refuses_a_register_that_cannot_be_used(void **state)
{
    (void)state;
    struct abide_module module = machine();
    expect_refusal(&module,
                   "thunk f tail g\n in direct 8 rsp\n out none\n"
                   " to direct 8 rdi = value arg0\n back none\n return nothing\n",
                   "unsupported-convention", "it passes no argument in rsp");
}

static void refuses_what_is_preserved_by_nobody(void **state)
{
    (void)state;
    static const char *const more[] = {"rbx", "rbp", "rsp", "mxcsr"};
    struct abide_module module = machine();
    module.preserved = more;
    module.preserved_count = 4;
    expect_refusal(&module, simple, "unsupported-convention",
                   "nothing is known that preserves mxcsr");
}

static void refuses_an_unknown_processor(void **state)
{
    (void)state;
    struct abide_module module = machine();
    module.arch = "pdp11";
    expect_refusal(&module, simple, "unsupported-target", "pdp11");
}

static void refuses_the_other_endianness(void **state)
{
    (void)state;
    struct abide_module module = machine();
    module.big_endian = true;
    expect_refusal(&module, simple, "unsupported-target", "x86_64-linux-gnu");
}

static void refuses_two_thunks_of_one_name(void **state)
{
    (void)state;
    struct abide_module module = machine();
    char text[2 * sizeof simple];
    snprintf(text, sizeof text, "%s%s", simple, simple);
    expect_refusal(&module, text, "cannot-emit", "two thunks are called 'f'");
}

static void refuses_names_that_mean_something_else(void **state)
{
    (void)state;
    struct abide_module module = machine();
    expect_refusal(&module, "thunk f same llvm.trap\n out none\n back none\n return nothing\n",
                   "cannot-emit", "'llvm.trap' is no name");
    expect_refusal(&module, "thunk f\"x same g\n out none\n back none\n return nothing\n",
                   "cannot-emit", "is no name");
}

static void refuses_too_much_stack(void **state)
{
    (void)state;
    struct abide_module module = machine();
    expect_refusal(&module,
                   "thunk f call g\n in direct 8 rdi\n out none\n"
                   " to direct 99999999 [0]:99999999 = value ptr0:99999999\n"
                   " back none\n return nothing\n",
                   "cannot-emit", "16 MiB");
    expect_refusal(&module,
                   "thunk f call g\n in direct 8 rdi\n out none\n temp 99999999 8\n"
                   " to direct 8 rdi = address tmp0\n back none\n return nothing\n",
                   "cannot-emit", "16 MiB");
    expect_refusal(&module,
                   "thunk f call g\n in direct 8 rdi\n out none\n temp 8 8192\n"
                   " to direct 8 rdi = address tmp0\n back none\n return nothing\n",
                   "cannot-emit", "4096");
}

static void refuses_a_stack_of_too_strict_alignment(void **state)
{
    (void)state;
    struct abide_module module = machine();
    expect_refusal(&module,
                   "thunk f call g\n align 16 8192\n in direct 8 rdi\n out none\n"
                   " to direct 8 [0] = value arg0\n back none\n return nothing\n",
                   "unsupported-convention", "cannot align the stack to 8192 bytes");
}

/* What the IR for a text of plans has to say, and what not. */
static void expect_ir(const char *text, const char *part, const char *absent)
{
    struct abide_module module = machine();
    abide_ctx *ctx = abide_ctx_new(NULL);
    const char *ir = ir_of(ctx, &module, text);
    assert_non_null(ir);
    if (!strstr(ir, part) || strstr(ir, absent))
        fail_msg("'%s' is not or '%s' is in:\n%s", part, absent, ir);
    abide_ctx_free(ctx);
}

/* By assembly of its own, or by LLVM, which aligns the stack of a call to the memory that it copies to its start. */
static void aligns_the_stack_of_a_call(void **state)
{
    (void)state;
    expect_ir("thunk f call g\n align 16 64\n in direct 8 rdi\n out none\n"
              " to direct 8 [0] = value arg0\n back none\n return nothing\n",
              "andq $$-64, %rsp", "tail");
    /* Of memory that is aligned by itself no copy is made. */
    expect_ir("thunk f call g\n align 16 64\n in direct 8 rdi\n out none\n temp 256 64\n"
              " to direct 256 [0]:256 = value tmp0\n back none\n return nothing\n",
              "byval([256 x i8]) align 64", "memcpy");
    expect_ir("thunk f call g\n align 16 64\n in direct 8 rdi\n out none\n"
              " to direct 256 [0]:256 = value ptr0:256\n back none\n return nothing\n",
              "byval([256 x i8]) align 64", "align 64 %0");
    /* The callee may count on it though nothing lies there. */
    expect_ir("thunk f call g\n align 16 64\n in direct 8 rdi\n out none\n"
              " to direct 8 rdi = value arg0\n back none\n return nothing\n",
              "andq $$-64, %rsp", "tail");
    /* A hand-written plan that asks for a jump which the caller's promise does not allow. */
    expect_ir("thunk f tail g\n align 16 64\n in direct 8 [0]\n in direct 8 [8]\n out none\n"
              " to direct 8 [0] = value arg1\n to direct 8 [8] = value arg0\n back none\n"
              " return nothing\n",
              "andq $$-64, %rsp", "tail");
}

/* A callee may write to all of its area, also where nobody has put an argument. */
static void reserves_all_of_the_area(void **state)
{
    (void)state;
    /* Two words, and one that aligns the stack. */
    expect_ir("thunk f call g\n area 0 16\n in direct 8 rdi\n out none\n"
              " to direct 8 rdi = value arg0\n back none\n return nothing\n",
              "subq $$24, %rsp", "jmp");
}

static void leaves_an_aligned_stack_alone(void **state)
{
    (void)state;
    expect_ir("thunk f call g\n align 64 16\n in direct 8 [0]\n in direct 8 [64]\n out none\n"
              " to direct 8 rdi = value arg1\n back none\n return nothing\n",
              "movq 80(%rsp), %rdi", "andq");
    expect_ir("thunk f tail g\n align 64 64\n in direct 8 [0]\n in direct 8 [8]\n out none\n"
              " to direct 8 [0] = value arg1\n back none\n return nothing\n",
              "musttail", "byval");
}

/* A thunk may have the name of a symbol that another thunk calls, in either order. */
static void joins_a_thunk_with_calls_of_it(void **state)
{
    (void)state;
    struct abide_module module = machine();
    abide_ctx *ctx = abide_ctx_new(NULL);
    const char *ir = ir_of(ctx, &module,
                           "thunk a same b\n out none\n back none\n return nothing\n"
                           "thunk b same c\n out none\n back none\n return nothing\n");
    assert_non_null(ir);
    assert_non_null(strstr(ir, "void @b() "));
    assert_non_null(strstr(ir, "void @b()\n"));
    assert_null(strstr(ir, "declare void @b()"));
    assert_null(strstr(ir, "@b.1"));
    abide_ctx_free(ctx);
}

/* ---- routines ---- */

/* Copies a number that must not be zero. */
static const struct abide_routine *checked_copy(abide_ctx *ctx)
{
    struct maker maker = {.ctx = ctx, .word_bytes = 8};
    const struct abide_routine *routine = maker_begin(&maker, "checked_copy", 2);
    abide_value number = load_word(&maker, 0, 0);
    maker_open(&maker);
    store_word(&maker, 1, 0, number);
    struct abide_block then = maker_close(&maker);
    maker_open(&maker);
    EFFECT(&maker, .kind = ABIDE_OP_TRAP, .a = number, .number = ABIDE_TRAP_NULL, .function = "f",
           .parameter = "x");
    struct abide_block otherwise = maker_close(&maker);
    EFFECT(&maker, .kind = ABIDE_OP_IF, .a = number, .then = then, .otherwise = otherwise);
    maker_end(&maker);
    return routine;
}

/* A thunk that passes the address of what the routine makes of its argument, which lies in a register or on the stack. */
static const struct abide_thunk *converting(abide_ctx *ctx, const struct abide_module *module,
                                            const char *place)
{
    size_t count;
    const char *text = abide__printf(ctx,
                                     "thunk f call g\n in direct 8 %s\n out none\n temp 8 8\n"
                                     " to direct 8 rdi = address tmp0\n back none\n"
                                     " return nothing\n",
                                     place);
    const struct abide_thunk *thunks = plan_text_read(ctx, module, text, &count);
    struct abide_plan *plan = abide__new(ctx, struct abide_plan);
    *plan = *thunks[0].plan;
    struct abide_copy_step *step = abide__new(ctx, struct abide_copy_step);
    *step = (struct abide_copy_step){.from = {.kind = ABIDE_OBJECT_ARGUMENT, .size_bytes = 8},
                                     .to = {.kind = ABIDE_OBJECT_TEMPORARY, .size_bytes = 8},
                                     .routine = checked_copy(ctx)};
    plan->before = step;
    plan->before_count = 1;
    struct abide_thunk *made = abide__new(ctx, struct abide_thunk);
    *made = (struct abide_thunk){plan, "f"};
    return made;
}

static const char *ir_of_converting(abide_ctx *ctx, const struct abide_module *module,
                                    const char *place)
{
    struct abide_guard guard;
    if (setjmp(*abide__guard_enter(ctx, &guard)))
        return NULL;
    abide_codegen_options options = ABIDE_CODEGEN_OPTIONS_INIT;
    options.emit = ABIDE_EMIT_IR;
    size_t size_bytes;
    const char *bytes = NULL;
    const struct abide_thunk *thunk = converting(ctx, module, place);
    const char *ir = abide_emission__run(ctx, thunk, 1, &options, &bytes, &size_bytes)
                         ? abide__printf(ctx, "%.*s", (int)size_bytes, bytes)
                         : NULL;
    abide__guard_leave(ctx, &guard);
    return ir;
}

/* A routine that is called once leaves no function, and its values visit no memory but what the callee reads. */
static void takes_a_routine_into_its_thunk(void **state)
{
    (void)state;
    struct abide_module module = machine();
    static const char *const places[] = {"rsi", "[0]"};
    for (size_t i = 0; i < 2; i++) {
        abide_ctx *ctx = abide_ctx_new(NULL);
        const char *ir = ir_of_converting(ctx, &module, places[i]);
        assert_non_null(ir);
        assert_null(strstr(ir, "@abide.checked_copy"));
        assert_non_null(strstr(ir, "define weak void @abide_trap("));
        assert_non_null(strstr(ir, "optsize"));
        const char *first = strstr(ir, "alloca");
        assert_non_null(first);
        assert_null(strstr(first + 1, "alloca"));
        abide_ctx_free(ctx);
    }
}

static bool emits_routine(abide_ctx *ctx)
{
    struct abide_module module = machine();
    return ir_of_converting(ctx, &module, "rsi") != NULL;
}

static bool emits(abide_ctx *ctx)
{
    struct abide_module module = machine();
    return ir_of(ctx, &module, simple) != NULL;
}

static void survives_every_failing_allocation(void **state)
{
    (void)state;
    assert_true(fail_every_allocation(emits) > 10);
    assert_true(fail_every_allocation(emits_routine) > 20);
}

/* Many thunks of three shapes. */
static const char *text_of_many(abide_ctx *ctx)
{
    static const char *const bodies[] = {
        " in direct 8 rdi\n out none\n to direct 8 rsi = value arg0\n back none\n return nothing\n",
        " in direct 8 rdi\n out none\n to direct 8 rdx = value arg0\n back none\n return nothing\n",
        " in direct 8 rdi\n out none\n to direct 8 [0] = value arg0\n back none\n return "
        "nothing\n"};
    struct abide_text text = {0};
    for (size_t i = 0; i < 72; i++)
        abide__text_printf(ctx, &text, "thunk t%02zu call g%02zu\n%s", i, i, bodies[i % 3]);
    return text.chars;
}

static const char *object_of_many(abide_ctx *ctx, unsigned threads, size_t *size_bytes)
{
    struct abide_guard guard;
    if (setjmp(*abide__guard_enter(ctx, &guard)))
        return NULL;
    struct abide_module module = machine();
    abide_codegen_options options = ABIDE_CODEGEN_OPTIONS_INIT;
    options.debug_info = false;
    options.threads = threads;
    size_t count;
    const char *bytes = NULL;
    const struct abide_thunk *thunks = plan_text_read(ctx, &module, text_of_many(ctx), &count);
    bool fine = abide_emission__run(ctx, thunks, count, &options, &bytes, size_bytes);
    abide__guard_leave(ctx, &guard);
    return fine ? bytes : NULL;
}

static void makes_the_same_bytes_with_any_number_of_threads(void **state)
{
    (void)state;
    abide_ctx *ctx = abide_ctx_new(NULL);
    size_t size_bytes, again_bytes;
    const char *bytes = object_of_many(ctx, 1, &size_bytes);
    assert_non_null(bytes);
    for (unsigned threads = 0; threads < 5; threads++) {
        const char *again = object_of_many(ctx, threads, &again_bytes);
        assert_non_null(again);
        assert_int_equal(size_bytes, again_bytes);
        assert_memory_equal(bytes, again, size_bytes);
    }
    abide_ctx_free(ctx);
}

/* The IR of `simple` with extras; NULL: something was reported. */
static const char *ir_with(abide_ctx *ctx, const abide_codegen_alias *aliases, size_t alias_count,
                           const char *data_symbol, bool hidden)
{
    struct abide_guard guard;
    if (setjmp(*abide__guard_enter(ctx, &guard)))
        return NULL;
    struct abide_module module = machine();
    const abide_codegen_data data = {data_symbol, "abid\0\1\2\3", 8};
    abide_codegen_options options = ABIDE_CODEGEN_OPTIONS_INIT;
    options.emit = ABIDE_EMIT_IR;
    options.hidden_visibility = hidden;
    options.aliases = aliases;
    options.alias_count = alias_count;
    options.data = &data;
    options.data_count = 1;
    size_t count, size_bytes;
    const char *bytes = NULL;
    const struct abide_thunk *thunks = plan_text_read(ctx, &module, simple, &count);
    const char *ir = abide_emission__run(ctx, thunks, count, &options, &bytes, &size_bytes)
                         ? abide__printf(ctx, "%.*s", (int)size_bytes, bytes)
                         : NULL;
    abide__guard_leave(ctx, &guard);
    return ir;
}

static void gives_thunks_further_names_and_data(void **state)
{
    (void)state;
    abide_ctx *ctx = abide_ctx_new(NULL);
    static const abide_codegen_alias aliases[] = {{"f", "f__a"}, {"f", "f__b"}};
    const char *ir = ir_with(ctx, aliases, 2, "d", false);
    assert_non_null(ir);
    assert_non_null(strstr(ir, "@f__a = alias"));
    assert_non_null(strstr(ir, "@f__b = alias"));
    assert_non_null(strstr(ir, "@d = constant [8 x i8] c\"abid\\00\\01\\02\\03\", align 8"));
    ir = ir_with(ctx, aliases, 2, "d", true);
    assert_non_null(strstr(ir, "@f__a = hidden alias"));
    assert_non_null(strstr(ir, "@d = hidden constant"));
    abide_ctx_free(ctx);
}

/* What LLVM would rename, or what has nothing to stand for, is refused. */
static void refuses_further_names_that_are_taken(void **state)
{
    (void)state;
    static const struct {
        abide_codegen_alias aliases[2];
        const char *data_symbol;
    } wrong[] = {{{{"f", "x"}, {"f", "x"}}, "d"}, {{{"f", "x"}, {"g", "y"}}, "d"},
                 {{{"f", "x"}, {"h", "y"}}, "d"}, {{{"f", "f"}, {"f", "y"}}, "d"},
                 {{{"f", "g"}, {"f", "y"}}, "d"}, {{{"f", "x"}, {"f", "y"}}, "x"},
                 {{{"f", "x"}, {"f", "y"}}, "f"}};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        abide_ctx *ctx = abide_ctx_new(NULL);
        assert_null(ir_with(ctx, wrong[i].aliases, 2, wrong[i].data_symbol, false));
        assert_int_equal(abide_ctx_diag_count(ctx), 1);
        assert_string_equal(abide_diag_id(abide_ctx_diag_at(ctx, 0)), "symbol-collision");
        abide_ctx_free(ctx);
    }
}

static bool emits_many(abide_ctx *ctx)
{
    size_t size_bytes;
    return object_of_many(ctx, 1, &size_bytes) != NULL;
}

/* Not every one of thousands: each is a run of LLVM. */
static void survives_failing_allocations_of_many(void **state)
{
    (void)state;
    size_t n = 0;
    while (run_with_failure(emits_many, n))
        n += 37;
    assert_true(n > 1000);
}

/* One with memory, and a callee that does not preserve r15, on which code of LLVM counts. */
static const char leaving[] = "thunk f call g\n in direct 8 rdi\n out none\n temp 8 8\n"
                              " to direct 8 rdi = address tmp0\n back none\n return nothing\n";
static const char entering[] = "thunk f call g\n in direct 8 rbx\n out none\n"
                               " to direct 8 rdi = value arg0\n back none\n return nothing\n";

static const char *edge_ir(abide_ctx *ctx, const char *text)
{
    struct abide_module module = machine();
    module.preserved_count = 6;
    return ir_of(ctx, &module, text);
}

static bool emits_edges(abide_ctx *ctx)
{
    return edge_ir(ctx, leaving) != NULL;
}

static void expect_edges(const char *text, const char *part)
{
    abide_ctx *ctx = abide_ctx_new(NULL);
    const char *ir = edge_ir(ctx, text);
    assert_non_null(ir);
    if (!strstr(ir, part))
        fail_msg("'%s' is not in:\n%s", part, ir);
    abide_ctx_free(ctx);
}

static void keeps_what_the_callee_destroys(void **state)
{
    (void)state;
    expect_edges(leaving, "movq %r15, ");
    assert_true(fail_every_allocation(emits_edges) > 10);
}

static void takes_arguments_from_any_register(void **state)
{
    (void)state;
    expect_edges(entering, "movq %rbx, %rdi\\0Ajmpq ");
}

/* A calling convention that the processor lacks is one of LLVM's fatal errors. */
static void survives_llvm_giving_up(void **state)
{
    (void)state;
    struct abide_llvm_use use;
    volatile bool gave_up = false;
    __lsan_disable(); /* what LLVM was at when it gave up cannot be freed */
    if (setjmp(*abide_llvm__enter(&use))) {
        gave_up = true;
    } else {
        LLVMTargetRef target;
        char *text = NULL;
        const char *triple = "aarch64-linux-gnu";
        assert_false(LLVMGetTargetFromTriple(triple, &target, &text));
        LLVMTargetMachineRef made =
            LLVMCreateTargetMachine(target, triple, "generic", "", LLVMCodeGenLevelDefault,
                                    LLVMRelocPIC, LLVMCodeModelDefault);
        LLVMModuleRef module = LLVMModuleCreateWithName("m");
        LLVMTypeRef word = LLVMInt64Type();
        LLVMTypeRef type = LLVMFunctionType(LLVMVoidType(), &word, 1, false);
        LLVMValueRef function = LLVMAddFunction(module, "f", type);
        LLVMSetFunctionCallConv(function, 92);
        LLVMBuilderRef builder = LLVMCreateBuilder();
        LLVMPositionBuilderAtEnd(builder, LLVMAppendBasicBlock(function, ""));
        LLVMBuildRetVoid(builder);
        LLVMMemoryBufferRef buffer;
        LLVMTargetMachineEmitToMemoryBuffer(made, module, LLVMObjectFile, &text, &buffer);
    }
    abide_llvm__leave(&use);
    __lsan_enable();
    assert_true(gave_up);
    assert_non_null(strstr(use.reason, "convention"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refuses_a_register_that_cannot_be_used),
        cmocka_unit_test(refuses_what_is_preserved_by_nobody),
        cmocka_unit_test(keeps_what_the_callee_destroys),
        cmocka_unit_test(takes_arguments_from_any_register),
        cmocka_unit_test(refuses_an_unknown_processor),
        cmocka_unit_test(refuses_the_other_endianness),
        cmocka_unit_test(refuses_two_thunks_of_one_name),
        cmocka_unit_test(refuses_names_that_mean_something_else),
        cmocka_unit_test(refuses_too_much_stack),
        cmocka_unit_test(refuses_a_stack_of_too_strict_alignment),
        cmocka_unit_test(aligns_the_stack_of_a_call),
        cmocka_unit_test(leaves_an_aligned_stack_alone),
        cmocka_unit_test(reserves_all_of_the_area),
        cmocka_unit_test(joins_a_thunk_with_calls_of_it),
        cmocka_unit_test(takes_a_routine_into_its_thunk),
        cmocka_unit_test(survives_every_failing_allocation),
        cmocka_unit_test(makes_the_same_bytes_with_any_number_of_threads),
        cmocka_unit_test(gives_thunks_further_names_and_data),
        cmocka_unit_test(refuses_further_names_that_are_taken),
        cmocka_unit_test(survives_failing_allocations_of_many),
        cmocka_unit_test(survives_llvm_giving_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

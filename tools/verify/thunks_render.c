/* Callers and callees of adapters, in C. */
#include "thunks.h"

#include <string.h>

void thunks_render_start(FILE *file)
{
    render_c_prelude(file);
    fprintf(
        file,
        "#include <stdbool.h>\n"
        /* Prototypes say it so; some compilers have only the other name. */
        "#if __LDBL_MANT_DIG__ == 113 && !defined __SIZEOF_FLOAT128__\n"
        "#define __float128 long double\n"
        "#endif\n"
        "#ifdef __clang__\n"
        "#define _Float128 __float128\n"
        "#endif\n"
        "extern const unsigned char *thunk_sent, *thunk_returned;\n"
        "extern unsigned char thunk_seen[], thunk_got[], thunk_left[];\n"
        "extern unsigned thunk_was_called;\n"
        "struct thunk_case { void (*caller)(void); unsigned value_count, parameter_count;\n"
        "    const unsigned *sizes, *expected_sizes; const unsigned char *values, *masks; };\n"
        "#define TAKE(v) (__builtin_memcpy(&(v), i, sizeof (v)), i += sizeof (v))\n"
        "#define PUT(p) (__builtin_memcpy(o, (p), sizeof *(p)), o += sizeof *(p))\n"
        "#define USED(v) __asm__ volatile(\"\" : : \"r\"(&(v)) : \"memory\")\n"
        /* A callee may do with its own arguments what it likes. */
        "#define SPOIL(v) do { __builtin_memset(&(v), 0xa5, sizeof (v)); USED(v); } while (0)\n");
}

/* "__attribute__((...)) void NAME(t0_1 *p0, int32_t p1)" */
static void put_head(FILE *file, const struct lowered *lowered, const char *prefix, unsigned number)
{
    fprintf(file, "%s%s %sf%u(", lowered->attribute, lowered->result, prefix, number);
    for (unsigned i = 0; i < lowered->param_count; i++) {
        const struct lowered_param *param = &lowered->params[i];
        fprintf(file, "%s%s ", i ? ", " : "", param->type);
        fprintf(file, param->of < 0 ? "out" : "p%d", param->of);
    }
    fprintf(file, lowered->param_count ? ")" : "void)");
}

/* Its symbol is as the compiler spells it: some conventions have a spelling of their own. */
static void put_declaration(FILE *file, const struct lowered *lowered, const char *prefix,
                            unsigned number)
{
    put_head(file, lowered, prefix, number);
    fprintf(file, ";\n");
}

static const struct lowered_param *param_of(const struct lowered *lowered, int of)
{
    for (unsigned i = 0; i < lowered->param_count; i++)
        if (lowered->params[i].of == of)
            return &lowered->params[i];
    return NULL;
}

static void put_type(FILE *file, const struct signature *signature, unsigned value, unsigned number)
{
    render_c_use(file,
                 value < signature->param_count ? &signature->params[value] : &signature->result,
                 number);
}

void thunks_render_callee(FILE *file, const struct thunk_test *test, unsigned number)
{
    const struct signature *signature = test->signature;
    const struct lowered *lowered = &test->callee;
    put_declaration(file, lowered, "", number);
    put_head(file, lowered, "", number);
    fprintf(file, "\n{\n    unsigned char *o = thunk_seen;\n    thunk_was_called = 1;\n");
    for (unsigned i = 0; i < signature->param_count; i++) {
        const struct lowered_param *param = param_of(lowered, (int)i);
        if (param)
            fprintf(file, "    PUT(%sp%u);\n", param->is_address ? "" : "&", i);
        else
            fprintf(file, "    o += %u;\n", test->sizes_bytes[i]);
    }
    for (unsigned i = 0; i < signature->param_count; i++) {
        const struct lowered_param *param = param_of(lowered, (int)i);
        if (param && !param->is_address)
            fprintf(file, "    SPOIL(p%u);\n", i);
    }
    if (signature->has_result) {
        fprintf(file, "    ");
        put_type(file, signature, signature->param_count, number);
        fprintf(file, " r;\n    __builtin_memcpy(&r, thunk_returned, sizeof r);\n");
        fprintf(file, param_of(lowered, LOWERED_RESULT)
                          ? "    __builtin_memcpy(out, &r, sizeof r);\n"
                          : "    return r;\n");
    }
    fprintf(file, "}\n");
}

static void put_call(FILE *file, const struct lowered *lowered, const char *prefix, unsigned number)
{
    fprintf(file, "%sf%u(", prefix, number);
    for (unsigned i = 0; i < lowered->param_count; i++) {
        const struct lowered_param *param = &lowered->params[i];
        fprintf(file, i ? ", " : "");
        if (param->of < 0)
            fprintf(file, "&r");
        else
            fprintf(file, "%sp%d", param->is_address ? "&" : "", param->of);
    }
    fprintf(file, ");\n");
}

void thunks_render_caller(FILE *file, const struct thunk_test *test, unsigned number)
{
    const struct signature *signature = test->signature;
    const struct lowered *lowered = &test->caller;
    put_declaration(file, lowered, THUNK_PREFIX, number);
    fprintf(file,
            "static void c%u(void)\n{\n    const unsigned char *i = thunk_sent;\n"
            "    unsigned char *o;\n",
            number);
    for (unsigned i = 0; i < signature->param_count; i++) {
        fprintf(file, "    ");
        put_type(file, signature, i, number);
        fprintf(file, " p%u;\n    TAKE(p%u);\n", i, i);
    }
    if (signature->has_result) {
        bool has_out = param_of(lowered, LOWERED_RESULT) != NULL;
        fprintf(file, "    ");
        put_type(file, signature, signature->param_count, number);
        fprintf(file, has_out ? " r;\n    __builtin_memset(&r, 0, sizeof r);\n    " : " r = ");
    } else {
        fprintf(file, "    ");
    }
    put_call(file, lowered, THUNK_PREFIX, number);
    if (signature->has_result)
        fprintf(file, "    o = thunk_got;\n    PUT(&r);\n");
    fprintf(file, "    o = thunk_left;\n");
    for (unsigned i = 0; i < signature->param_count; i++)
        fprintf(file, "    USED(p%u);\n    PUT(&p%u);\n", i, i);
    fprintf(file, "}\n");
}

static void put_bytes(FILE *file, const char *name, unsigned number, const unsigned char *bytes,
                      size_t count)
{
    fprintf(file, "static const unsigned char %s%u[] = {", name, number);
    for (size_t i = 0; i < count; i++)
        fprintf(file, "%u,", bytes[i]);
    fprintf(file, "0};\n");
}

void thunks_render_data(FILE *file, const struct thunk_test *test, unsigned number)
{
    unsigned count = thunk_value_count(test);
    size_t size_bytes = 0;
    fprintf(file, "static const unsigned s%u[] = {", number);
    for (unsigned i = 0; i < count; i++) {
        fprintf(file, "sizeof(");
        put_type(file, test->signature, i, number);
        fprintf(file, "), ");
        size_bytes += test->sizes_bytes[i];
    }
    fprintf(file, "0}, e%u[] = {", number);
    for (unsigned i = 0; i < count; i++)
        fprintf(file, "%u, ", test->sizes_bytes[i]);
    fprintf(file, "0};\n");
    put_bytes(file, "v", number, test->values, size_bytes);
    put_bytes(file, "m", number, test->masks, size_bytes);
}

void thunks_render_table(FILE *file, const struct thunk_test *tests, unsigned count)
{
    fprintf(file, "const struct thunk_case thunk_cases[] = {\n");
    for (unsigned i = 0; i < count; i++) {
        unsigned n = tests[i].number;
        fprintf(file, "    {c%u, %u, %u, s%u, e%u, v%u, m%u},\n", n, thunk_value_count(&tests[i]),
                tests[i].signature->param_count, n, n, n, n);
    }
    fprintf(file, "};\nconst unsigned thunk_case_count = %u;\n", count);
}

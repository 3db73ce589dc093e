/* The program of a batch: callees, callers and tables, in C. */
#include "batch.h"

/* The attribute that gives functions the convention, under a name. */
static void convention_prelude(FILE *file, const struct toolchain *t)
{
    if (t->attribute)
        fprintf(file, "#define CONVENTION __attribute__((%s))\n", t->attribute);
    else
        fprintf(file, "#define CONVENTION\n");
}

void harness_prelude(FILE *file, const struct toolchain *t)
{
    render_c_prelude(file);
    convention_prelude(file, t);
}

void batch_bits(FILE *file, const struct toolchain *t)
{
    harness_prelude(file, t);
    fprintf(file,
            /* gcc's _Alignof of large vectors is less than what their fields have. */
            "#define ALIGN(type) offsetof(struct { char before; type it; }, it)\n"
            "static void bits(unsigned *n, const unsigned char *v, unsigned size)\n"
            "{\n"
            "    n[0] = n[1] = 0;\n"
            "    for (unsigned i = size * 8; i-- > 0;)\n"
            "        if (v[i / 8] >> (%si %% 8) & 1) { n[0] = i; n[1]++; }\n"
            "}\n",
            t->machine->is_big_endian ? "7 - " : "");
}

static void batch_prelude(FILE *file, const struct toolchain *t)
{
    batch_bits(file, t);
    fprintf(file, "extern unsigned char *capture_out, capture_pattern[];\n"
                  "void capture_result(void);\n"
                  /* gcc calls a function that it knows by the convention of its declaration. */
                  "static void (*volatile result_stub)(void) = capture_result;\n"
                  "struct capture_case { void (*callee)(void); void (*caller)(unsigned char *);\n"
                  "    unsigned parameter_count; const unsigned *sizes; unsigned result_size,\n"
                  "    is_variadic; };\n"
                  /* gcc 12 folds callers of functions that return long double and __float128. */
                  "#define ALONE __attribute__((no_icf))\n"
                  "#define PUT(v) (__builtin_memcpy(o, &(v), sizeof (v)), o += sizeof (v))\n"
                  "#define SEEN(v) __asm__ volatile(\"\" : : \"r\"(&(v)) : \"memory\")\n");
}

static void batch_callee(FILE *file, const struct signature *signature, unsigned number)
{
    fprintf(file, "ALONE ");
    if (signature->has_result)
        render_c_use(file, &signature->result, number);
    else
        fprintf(file, "void");
    fprintf(file, " CONVENTION f%u(", number);
    unsigned named = signature->param_count - signature->unnamed_count;
    /* Parameters with an address lie in memory, which some callees have from their callers. */
    bool has_addresses = signature->index % 4 == 1;
    for (unsigned i = 0; i < named; i++) {
        fprintf(file, i == 0 ? "" : ", ");
        render_c_use(file, &signature->params[i], number);
        fprintf(file, " p%u", i);
    }
    fprintf(file, signature->param_count == 0 ? "void)\n{\n"
                  : signature->unnamed_count  ? ", ...)\n{\n"
                                              : ")\n{\n");
    if (signature->param_count != 0)
        fprintf(file, "    unsigned char *o = capture_out;\n");
    if (signature->unnamed_count != 0)
        /* The last named parameter says nothing to gcc and clang, and gcc 12 does not take one of __bf16. */
        fprintf(file, "    __builtin_va_list list;\n    __builtin_va_start(list, 0);\n");
    for (unsigned i = 0; i < signature->param_count; i++) {
        if (i >= named) {
            fprintf(file, "    ");
            render_c_use(file, &signature->params[i], number);
            fprintf(file, " p%u = __builtin_va_arg(list, ", i);
            render_c_use(file, &signature->params[i], number);
            fprintf(file, ");\n");
        }
        fprintf(file, has_addresses ? "    SEEN(p%u);\n" : "", i);
        fprintf(file, "    PUT(p%u);\n", i);
    }
    if (signature->has_result) {
        fprintf(file, "    ");
        render_c_use(file, &signature->result, number);
        fprintf(file, " r;\n    __builtin_memcpy(&r, capture_pattern, sizeof r);\n"
                      "    return r;\n");
    }
    fprintf(file, "}\n");
}

static bool has_value(const struct signature *signature, const struct use *use);

/* Whether a field holds something that can be seen: an unnamed bit-field does not. */
static bool field_has_value(const struct signature *signature, const struct field *field)
{
    return !field->is_unnamed && (field->is_bitfield || has_value(signature, &field->type));
}

static bool has_value(const struct signature *signature, const struct use *use)
{
    if (use->kind != USE_NAMED || signature->types[use->index].kind == TYPE_ENUM)
        return true;
    const struct type *type = &signature->types[use->index];
    for (unsigned i = 0; i < type->field_count; i++)
        if (field_has_value(signature, &type->fields[i]))
            return true;
    return false;
}

/*
 * Of a result of bytes without a value, nobody sees whether it has a hidden address, which callees of some conventions remove
 * from the stack and the stub does not.
 */
static bool has_caller(const struct signature *signature)
{
    return signature->has_result && has_value(signature, &signature->result);
}

/* A result's place does not depend on the parameters but for their being variadic, so the caller passes none. */
static void batch_caller(FILE *file, const struct signature *signature, unsigned number)
{
    bool is_variadic = signature->unnamed_count != 0;
    if (!has_caller(signature))
        return;
    /* On the stack, because there may be no register that outlives the call: the stub fills all that it may. */
    fprintf(file,
            "ALONE static void c%u(unsigned char *start)\n{\n"
            "    unsigned char *volatile out = start;\n    ",
            number);
    render_c_use(file, &signature->result, number);
    fprintf(file, " r = ((");
    render_c_use(file, &signature->result, number);
    fprintf(file,
            " (CONVENTION *)(%s))result_stub)(%s);\n"
            "    __builtin_memcpy(out, &r, sizeof r);\n}\n",
            is_variadic ? "int, ..." : "void", is_variadic ? "0" : "");
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
    fprintf(file, has_caller(signature) ? "c%u" : "0", number);
    fprintf(file, ", %u, s%u, ", signature->param_count, number);
    if (signature->has_result) {
        fprintf(file, "sizeof(");
        render_c_use(file, &signature->result, number);
        fprintf(file, ")");
    } else {
        fprintf(file, "0");
    }
    fprintf(file, ", %d},\n", signature->unnamed_count != 0);
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
            fprintf(file, "    sizeof(t%u_%u), ALIGN(t%u_%u),\n", number, i, number, i);
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

void batch_write(FILE *file, const struct toolchain *t, const struct signature *signatures,
                 unsigned count)
{
    batch_prelude(file, t);
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
    fprintf(file, "}\nvoid capture_prepare(void)\n{\n"
                  "}\nconst struct capture_case capture_cases[] = {\n");
    for (unsigned i = 0; i < count; i++)
        batch_case(file, &signatures[i], i);
    fprintf(file, "};\nconst unsigned capture_case_count = %u;\n", count);
}

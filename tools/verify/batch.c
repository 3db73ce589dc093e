/* The program of a batch: callees, callers and tables, in C. */
#include "batch.h"

/* The attribute that gives functions the convention, and what they call their lists of unnamed arguments, under names. */
static void convention_prelude(FILE *file, const struct toolchain *t)
{
    const char *va = t->va ? t->va : "__builtin_va";
    fprintf(file, "#define LIST %s_list\n#define START %s_start\n", va, va);
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
                  "extern unsigned capture_which;\n"
                  "void capture_result(void);\n"
                  "void capture_take(const void *first, ...);\n"
                  /* gcc calls a function that it knows by the convention of its declaration. */
                  "static void (*volatile result_stub)(void) = capture_result;\n"
                  "struct capture_case { void (*callee)(void); void (*caller)(unsigned char *);\n"
                  "    const unsigned char *result; unsigned parameter_count; const unsigned "
                  "*sizes; unsigned result_size,\n"
                  "    is_variadic, which; };\n"
                  /* gcc 12 folds callers of functions that return long double and __float128. */
                  "#define ALONE __attribute__((no_icf))\n"
                  "#define PUT(v) (__builtin_memcpy(o, &(v), sizeof (v)), o += sizeof (v))\n");
}

static void batch_use(FILE *file, const char *before, const struct use *use, unsigned number)
{
    fprintf(file, "%s", before);
    render_c_use(file, use, number);
}

static void batch_unnamed(FILE *file, const struct signature *signature, unsigned number)
{
    if (signature->unnamed_count == 0)
        return;
    /* The last named parameter says nothing to gcc and clang, and gcc 12 does not take one of __bf16. */
    fprintf(file, "    LIST list;\n    START(list, 0);\n");
    for (unsigned i = signature->param_count - signature->unnamed_count; i < signature->param_count;
         i++) {
        batch_use(file, "    ", &signature->params[i], number);
        fprintf(file, " p%u = __builtin_va_arg(list, ", i);
        batch_use(file, "", &signature->params[i], number);
        fprintf(file, ");\n");
    }
}

/*
 * A callee gives the addresses of its parameters away, which costs a compiler least; then they lie in memory, which some
 * callees have from their callers. Each fourth copies them, from registers where they are there.
 */
static void batch_take(FILE *file, const struct signature *signature)
{
    bool copies = signature->index % 4 == 1;
    if (signature->param_count == 0)
        return;
    fprintf(file, copies ? "    unsigned char *o = capture_out;\n" : "    capture_take(");
    for (unsigned i = 0; i < signature->param_count; i++) {
        bool is_pointer = signature->roles[i] && signature->roles[i]->comes_back;
        if (copies)
            fprintf(file, "    PUT(%sp%u);\n", is_pointer ? "*" : "", i);
        else
            fprintf(file, "%s%sp%u", i == 0 ? "" : ", ", is_pointer ? "" : "&", i);
    }
    fprintf(file, copies ? "" : ");\n");
}

static void batch_callee(FILE *file, const struct signature *signature, unsigned number)
{
    unsigned named = signature->param_count - signature->unnamed_count;
    fprintf(file, "ALONE ");
    if (signature->has_result && signature->back == 0)
        render_c_use(file, &signature->result, number);
    else
        fprintf(file, "void");
    fprintf(file, " CONVENTION f%u(", number);
    for (unsigned i = 0; i < named; i++) {
        fprintf(file, i == 0 ? "" : ", ");
        render_c_param(file, signature, i, number);
    }
    fprintf(file, signature->param_count == 0 ? "void)\n{\n"
                  : signature->unnamed_count  ? ", ...)\n{\n"
                                              : ")\n{\n");
    batch_unnamed(file, signature, number);
    batch_take(file, signature);
    if (signature->has_result && signature->back == 0) {
        batch_use(file, "    return *(", &signature->result, number);
        fprintf(file, " *)capture_pattern;\n");
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
    if (signature_elements(use) == 0)
        return false;
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

/* Of results that are the same scalar, the first signature whose caller stands in the batch, and one more; 0: none does. */
struct callers {
    unsigned of_scalar[64][2]; /* of functions that are not variadic, and that are */
};

/* The number of the signature whose caller is this one's, too; its own, if there is none yet. */
static unsigned caller_number(struct callers *callers, const struct signature *signature,
                              unsigned number)
{
    if (signature->result.kind != USE_SCALAR || signature->back != 0)
        return number;
    unsigned *first = &callers->of_scalar[signature->result.index][signature->unnamed_count != 0];
    *first = *first ? *first : number + 1;
    return *first - 1;
}

enum {
    /* The callers of so many signatures are one function, since it is functions that cost a compiler. */
    CALLERS_TOGETHER = 16,
};

/* What comes back of a parameter, to a caller that passes those whose roles stand before it. */
static void batch_back(FILE *file, const struct signature *signature, unsigned which,
                       unsigned number)
{
    unsigned last = signature->back - 1, first = last;
    while (first > 0 && signature->roles[first - 1])
        first--;
    /* clang looks at attributes of parameters before it knows the convention of a pointer's function. */
    fprintf(file, "    case %u: {\n        typedef CONVENTION void back(", which);
    for (unsigned i = first; i <= last; i++) {
        fprintf(file, i == first ? "" : ", ");
        render_c_param(file, signature, i, number);
    }
    fprintf(file, ");\n        void *v = 0;\n        ((back *)result_stub)(");
    for (unsigned i = first; i < last; i++)
        fprintf(file, "0, ");
    fprintf(file, "&v);\n        g%u = v;\n        break;\n    }\n", number);
}

/*
 * The callers of the signatures from `first` on, up to `end`. A result's place does not depend on the parameters but for
 * their being variadic, so a caller passes none.
 */
static void batch_callers(FILE *file, struct callers *callers, const struct signature *signatures,
                          unsigned first, unsigned end)
{
    bool is_alone[CALLERS_TOGETHER] = {false};
    for (unsigned i = first; i < end; i++) {
        is_alone[i - first] =
            has_caller(&signatures[i]) && caller_number(callers, &signatures[i], i) == i;
        if (!is_alone[i - first])
            continue;
        /* To a place that needs no register, since none may outlive the call: the stub fills all that it may. */
        batch_use(file, "static ", &signatures[i].result, i);
        fprintf(file, " g%u;\n", i);
    }
    fprintf(file, "ALONE static void c%u(void)\n{\n    switch (capture_which) {\n",
            first / CALLERS_TOGETHER);
    for (unsigned i = first; i < end; i++) {
        bool is_variadic = signatures[i].unnamed_count != 0;
        if (!is_alone[i - first])
            continue;
        if (signatures[i].back != 0) {
            batch_back(file, &signatures[i], i - first, i);
            continue;
        }
        fprintf(file, "    case %u: g%u = ((", i - first, i);
        batch_use(file, "", &signatures[i].result, i);
        /* Or compilers make one call of alike ones, and keep the place over it in a register that the stub fills. */
        fprintf(
            file,
            " (CONVENTION *)(%s))result_stub)(%s); __asm__ volatile(\"\" : : \"i\"(%u)); break;\n",
            is_variadic ? "int, ..." : "void", is_variadic ? "0" : "", i);
    }
    fprintf(file, "    }\n}\n");
}

/* Data is cheaper for a compiler than many small objects or code: all sizes, values to probe and cases are in tables. */
static void batch_sizes(FILE *file, const struct signature *signature, unsigned number)
{
    for (unsigned i = 0; i < signature->param_count; i++) {
        fprintf(file, "sizeof(");
        render_c_use(file, &signature->params[i], number);
        fprintf(file, "), ");
    }
    fprintf(file, "\n");
}

/* `sizes_before`: how many sizes stand before those of this one. */
static void batch_case(FILE *file, struct callers *callers, const struct signature *signature,
                       unsigned number, unsigned sizes_before)
{
    unsigned which = 0;
    fprintf(file, "    {(void (*)(void))f%u, ", number);
    if (has_caller(signature)) {
        unsigned caller = caller_number(callers, signature, number);
        fprintf(file, "(void (*)(unsigned char *))c%u, (unsigned char *)&g%u",
                caller / CALLERS_TOGETHER, caller);
        which = caller % CALLERS_TOGETHER;
    } else {
        fprintf(file, "0, 0");
    }
    fprintf(file, ", %u, sizes + %u, ", signature->param_count, sizes_before);
    if (signature->has_result) {
        fprintf(file, "sizeof(");
        render_c_use(file, &signature->result, number);
        fprintf(file, ")");
    } else {
        fprintf(file, "0");
    }
    fprintf(file, ", %d, %u},\n", signature->unnamed_count != 0, which);
}

static bool is_record(const struct type *type)
{
    return type->kind != TYPE_ENUM && type->kind != TYPE_NEWTYPE;
}

/* What is written of the types of a signature: for each two numbers, and two for each field of a record. */
enum numbers {
    NUMBERS_OF_TYPES,  /* sizes and alignments, offsets and sizes in bits: what C tells */
    NUMBERS_PROBED,    /* of each bit-field a value in which it is all ones */
    NUMBERS_OF_PROBES, /* where these are, and where what they tell belongs */
};

static void batch_bitfield(FILE *file, enum numbers what, unsigned number, unsigned type,
                           unsigned field, unsigned position)
{
    switch (what) {
    case NUMBERS_OF_TYPES: fprintf(file, "    0, 0,\n"); break;
    case NUMBERS_PROBED:
        fprintf(file, "static const t%u_%u b%u = {.m%u = -1};\n", number, type, position, field);
        break;
    case NUMBERS_OF_PROBES:
        fprintf(file, "    {&b%u, sizeof b%u, %u},\n", position, position, position);
        break;
    }
}

/* Returns the position behind those of this signature. */
static unsigned batch_numbers(FILE *file, const struct signature *signature, unsigned number,
                              unsigned position, enum numbers what)
{
    bool used[MAX_TYPES];
    signature_mark_used(signature, used);
    for (unsigned i = 0; i < signature->type_count; i++) {
        const struct type *type = &signature->types[i];
        if (!used[i])
            continue;
        if (what == NUMBERS_OF_TYPES)
            fprintf(file, "    sizeof(t%u_%u), ALIGN(t%u_%u),\n", number, i, number, i);
        position += 2;
        for (unsigned f = 0; is_record(type) && f < type->field_count; f++, position += 2) {
            const struct field *field = &type->fields[f];
            if (field->is_bitfield && (what == NUMBERS_OF_TYPES || !field->is_unnamed))
                batch_bitfield(file, what, number, i, f, position);
            else if (what == NUMBERS_OF_TYPES && field->type.counts[0] == COUNT_OPEN)
                fprintf(file, "    8 * offsetof(t%u_%u, m%u), 0,\n", number, i, f);
            else if (what == NUMBERS_OF_TYPES)
                fprintf(file, "    8 * offsetof(t%u_%u, m%u), 8 * sizeof(((t%u_%u *)0)->m%u),\n",
                        number, i, f, number, i, f);
        }
    }
    return position;
}

static unsigned batch_all_numbers(FILE *file, const struct signature *signatures, unsigned count,
                                  enum numbers what)
{
    unsigned numbers = 0;
    for (unsigned i = 0; i < count; i++)
        numbers = batch_numbers(file, &signatures[i], i, numbers, what);
    return numbers;
}

static void batch_probes(FILE *file, const struct signature *signatures, unsigned count)
{
    batch_all_numbers(file, signatures, count, NUMBERS_PROBED);
    fprintf(file,
            "static const struct { const void *value; unsigned size, number; } probes[] = {\n");
    batch_all_numbers(file, signatures, count, NUMBERS_OF_PROBES);
    fprintf(file,
            "    {0}};\nvoid capture_probe(void)\n{\n"
            "    for (unsigned i = 0; probes[i].value; i++)\n"
            "        bits(capture_numbers + probes[i].number, probes[i].value, probes[i].size);\n"
            "}\n");
}

void batch_write(FILE *file, const struct toolchain *t, const struct signature *signatures,
                 unsigned count)
{
    struct callers callers = {0};
    batch_prelude(file, t);
    for (unsigned i = 0; i < count; i++) {
        render_c_types(file, &signatures[i], i);
        batch_callee(file, &signatures[i], i);
    }
    /* Callees and callers can differ in convention, and each change costs gcc milliseconds. */
    for (unsigned i = 0; i < count; i += CALLERS_TOGETHER)
        batch_callers(file, &callers, signatures, i,
                      count - i < CALLERS_TOGETHER ? count : i + CALLERS_TOGETHER);
    fprintf(file, "unsigned capture_numbers[] = {\n");
    unsigned numbers = batch_all_numbers(file, signatures, count, NUMBERS_OF_TYPES);
    fprintf(file, "    0};\nconst unsigned capture_number_count = %u;\n", numbers);
    batch_probes(file, signatures, count);
    fprintf(file, "static const unsigned sizes[] = {\n");
    for (unsigned i = 0; i < count; i++)
        batch_sizes(file, &signatures[i], i);
    fprintf(file, "    0};\nvoid capture_prepare(void)\n{\n}\n"
                  "const struct capture_case capture_cases[] = {\n");
    for (unsigned i = 0, sizes = 0; i < count; sizes += signatures[i++].param_count)
        batch_case(file, &callers, &signatures[i], i, sizes);
    fprintf(file, "};\nconst unsigned capture_case_count = %u;\n", count);
}

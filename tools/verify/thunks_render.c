/* Callers and callees of adapters, in C. */
#include "thunks.h"

#include <string.h>

void thunks_render_start(FILE *file)
{
    render_c_prelude(file);
    fprintf(file,
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
            "void thunk_give(void *first, ...), thunk_keep(void *first, ...);\n"
            "void thunk_take(unsigned own, void *first, ...);\n"
            "struct thunk_values { const unsigned *sizes; const unsigned char *values, *masks; };\n"
            "struct thunk_case { void (*caller)(void); unsigned value_count, parameter_count;\n"
            "    const unsigned *sizes; struct thunk_values sent, seen; };\n"
            "#define PUT(p) (__builtin_memcpy(o, (p), sizeof *(p)), o += sizeof *(p))\n"
            "#define USED(v) __asm__ volatile(\"\" : : \"r\"(&(v)) : \"memory\")\n"
            /* A callee may do with its own arguments what it likes. */
            "#define SPOIL(v) do { __builtin_memset(&(v), 0xa5, sizeof (v)); USED(v); } while (0)\n"
            /* The words of a value: its scalars in order, wide ones in several words. */
            "struct thunk_scalar { unsigned offset, size; };\n"
            "struct thunk_words { const struct thunk_scalar *next; unsigned done; };\n"
            "static inline unsigned thunk_next(struct thunk_words *w, unsigned size)\n"
            "{\n"
            "    unsigned at = w->next->offset + w->done;\n"
            "    w->done += size;\n"
            "    if (w->done >= w->next->size) { w->next++; w->done = 0; }\n"
            "    return at;\n"
            "}\n"
            "#define WORD_FROM(v, value) \\\n"
            "    __builtin_memcpy(&(v), (const unsigned char *)(value) + \\\n"
            "                     thunk_next(&w, sizeof (v)), sizeof (v))\n"
            "#define WORD_TO(v, value) \\\n"
            "    __builtin_memcpy((unsigned char *)(value) + thunk_next(&w, sizeof (v)), &(v), \\\n"
            "                     sizeof (v))\n");
}

/* --- names of types --- */

static void put_type(FILE *file, const struct signature *signature, unsigned value, unsigned number)
{
    render_c_use(file,
                 value < signature->param_count ? &signature->params[value] : &signature->result,
                 number);
}

/* Types of the side's own, by names of its own. */
static void put_own_types(FILE *file, const struct thunk_side *side, unsigned number)
{
    for (unsigned k = 0; k < side->spelled.type_count; k++)
        fprintf(file, "#undef t%u_%u\n#define t%u_%u %c%u_%u\n", number, k, number, k, side->letter,
                number, k);
    render_c_types(file, &side->spelled, number);
}

void thunks_render_types(FILE *file, const struct thunk_test *test)
{
    if (!test->has_two_layouts)
        render_c_types(file, test->signature, test->number);
}

static bool has_result_type(const struct thunk_side *side)
{
    return side->lowered.returns_words;
}

/* Words that come back have a type by themselves: "typedef struct { float a; } x5_r;" */
static void put_result_type(FILE *file, const struct thunk_side *side, unsigned number)
{
    if (has_result_type(side))
        fprintf(file, "typedef %s %c%u_r;\n", side->lowered.result, side->letter, number);
}

static bool returns_nothing(const struct lowered *lowered)
{
    return lowered->result && strcmp(lowered->result, "void") == 0;
}

static void put_result(FILE *file, const struct thunk_side *side, unsigned number)
{
    const struct lowered *lowered = &side->lowered;
    if (has_result_type(side))
        fprintf(file, "%c%u_r", side->letter, number);
    else if (lowered->result)
        fprintf(file, "%s", lowered->result);
    else
        put_type(file, &side->spelled, side->spelled.param_count, number);
}

/* The type of a parameter of the lowered function. */
static void put_param_type(FILE *file, const struct thunk_side *side, unsigned index,
                           unsigned number)
{
    const struct lowered_param *param = &side->lowered.params[index];
    unsigned value = param->of < 0 ? side->spelled.param_count : (unsigned)param->of;
    if (param->type) {
        fprintf(file, "%s", param->type);
        return;
    }
    put_type(file, &side->spelled, value, number);
    fprintf(file, param->form == ABIDE_FORM_ADDRESS ? " *" : "");
}

/* "__attribute__((...)) void NAME(t0_1 *a0, int32_t a1)" */
static void put_head(FILE *file, const struct thunk_side *side, const char *prefix, unsigned number)
{
    const struct lowered *lowered = &side->lowered;
    fprintf(file, "%s", lowered->attribute);
    put_result(file, side, number);
    fprintf(file, " %sf%u(", prefix, number);
    for (unsigned i = 0; i < lowered->param_count; i++) {
        fprintf(file, i ? ", " : "");
        put_param_type(file, side, i, number);
        fprintf(file, " a%u%s", i, lowered->params[i].attribute);
    }
    fprintf(file, lowered->param_count ? ")" : "void)");
}

/* --- words --- */

static void put_scalars_of(FILE *file, const struct thunk_side *side, const struct use *use,
                           unsigned at_bytes, unsigned size_bytes);

static void put_scalars_of_named(FILE *file, const struct thunk_side *side, unsigned index,
                                 unsigned at_bytes, unsigned size_bytes)
{
    const struct type *type = &side->spelled.types[index];
    const struct type_account *layout = &side->account->types[index];
    if (type->kind == TYPE_ENUM)
        fprintf(file, "{%u, %u}, ", at_bytes, size_bytes);
    else if (type->kind == TYPE_NEWTYPE)
        put_scalars_of(file, side, &type->fields[0].type, at_bytes, size_bytes);
    else
        for (unsigned i = 0; i < type->field_count; i++)
            put_scalars_of(file, side, &type->fields[i].type,
                           at_bytes + layout->fields[i].offset_bits / 8,
                           layout->fields[i].size_bits / 8);
}

/* Where the scalars of a value lie, in order: "{0, 8}, {8, 4}, ". */
static void put_scalars_of(FILE *file, const struct thunk_side *side, const struct use *use,
                           unsigned at_bytes, unsigned size_bytes)
{
    unsigned count = signature_elements(use), parts = 1;
    if (use->kind == USE_SCALAR)
        parts = signature_scalar_parts(use->index).count;
    unsigned element_bytes = count != 0 ? size_bytes / (count * parts) : 0;
    for (unsigned i = 0; i < count * parts && element_bytes > 0; i++, at_bytes += element_bytes)
        if (use->kind == USE_NAMED)
            put_scalars_of_named(file, side, use->index, at_bytes, element_bytes);
        else
            fprintf(file, "{%u, %u}, ", at_bytes, element_bytes);
}

/* "struct thunk_words w = {...}", to walk through the words of a value. */
static void put_walk(FILE *file, const struct thunk_side *side, unsigned value)
{
    const struct signature *signature = &side->spelled;
    const struct use *use =
        value < signature->param_count ? &signature->params[value] : &signature->result;
    fprintf(file, "static const struct thunk_scalar s[] = {");
    put_scalars_of(file, side, use, 0, side->sizes_bytes[value]);
    fprintf(file, "{0, 0}}; struct thunk_words w = {s, 0}; (void)w; ");
}

/* The first parameter of the lowered function that a value has; the count: it has none. */
static unsigned first_param(const struct lowered *lowered, int of)
{
    unsigned i = 0;
    while (i < lowered->param_count && lowered->params[i].of != of)
        i++;
    return i;
}

/* The parameter through which the result goes, if there is such: to memory for it, or as what comes back of a value. */
static unsigned out_param(const struct thunk_side *side)
{
    unsigned back = side->spelled.back;
    return first_param(&side->lowered, back > 0 ? (int)back - 1 : LOWERED_RESULT);
}

static bool is_in_words(const struct lowered *lowered, unsigned first)
{
    return first < lowered->param_count && lowered->params[first].form == ABIDE_FORM_WORDS;
}

/* All words of a value: `verb` is WORD_FROM or WORD_TO. */
static void put_words(FILE *file, const struct thunk_side *side, unsigned value, const char *verb,
                      const char *memory)
{
    const struct lowered *lowered = &side->lowered;
    fprintf(file, "    { ");
    put_walk(file, side, value);
    for (unsigned i = 0; i < lowered->param_count; i++)
        if (lowered->params[i].of == (int)value)
            fprintf(file, "%s(a%u, %s); ", verb, i, memory);
    fprintf(file, "}\n");
}

static void put_result_words(FILE *file, const struct thunk_side *side, const char *verb,
                             const char *memory)
{
    const char *text = side->lowered.result, *name = lowered_word(text, 0);
    fprintf(file, "    { ");
    put_walk(file, side, side->spelled.param_count);
    if (!name)
        fprintf(file, "%s(r, %s); ", verb, memory);
    for (unsigned i = 0; (name = lowered_word(text, i)); i++)
        fprintf(file, "%s(r.%s, %s); ", verb, name, memory);
    fprintf(file, "}\n");
}

/* --- callees --- */

/* Writes down what arrives as one parameter of the signature. */
static void put_seen(FILE *file, const struct thunk_side *side, unsigned value)
{
    const struct lowered *lowered = &side->lowered;
    unsigned first = first_param(lowered, (int)value);
    if (is_in_words(lowered, first))
        put_words(file, side, value, "WORD_TO", "o");
    if (first == lowered->param_count || is_in_words(lowered, first))
        fprintf(file, "    o += %u;\n", side->sizes_bytes[value]);
    else
        fprintf(file, "    PUT(%sa%u);\n",
                lowered->params[first].form == ABIDE_FORM_ADDRESS ? "" : "&", first);
}

/* Of parameters some of which travel in words or not at all, one by one. */
static void put_all_seen(FILE *file, const struct thunk_side *side)
{
    const struct lowered *lowered = &side->lowered;
    fprintf(file, "    unsigned char *o = thunk_seen;\n    thunk_was_called = 1;\n");
    for (unsigned i = 0; i < side->spelled.param_count; i++)
        put_seen(file, side, i);
    for (unsigned i = 0; i < lowered->param_count; i++)
        if (lowered->params[i].form != ABIDE_FORM_ADDRESS)
            fprintf(file, "    SPOIL(a%u);\n", i);
}

/* Whether each parameter of the signature is one of the lowered function, or its address is. */
static bool are_whole(const struct thunk_side *side)
{
    const struct lowered *lowered = &side->lowered;
    bool whole = true;
    for (unsigned i = 0; whole && i < side->spelled.param_count; i++) {
        unsigned first = first_param(lowered, (int)i);
        whole = first < lowered->param_count && !is_in_words(lowered, first);
    }
    return whole;
}

/* The addresses of all, as compilers have least work with them; which of them are the callee's own, in a bit each. */
static void put_taken(FILE *file, const struct thunk_side *side)
{
    const struct lowered *lowered = &side->lowered;
    unsigned own = 0, count = side->spelled.param_count;
    for (unsigned i = 0; i < count; i++)
        if (lowered->params[first_param(lowered, (int)i)].form != ABIDE_FORM_ADDRESS)
            own |= 1u << i;
    fprintf(file, "    thunk_take(%u", own);
    for (unsigned i = 0; i < count; i++)
        fprintf(file, ", %sa%u", own >> i & 1 ? "&" : "", first_param(lowered, (int)i));
    fprintf(file, count ? ");\n" : ", 0);\n");
}

static void put_return(FILE *file, const struct thunk_side *side, unsigned number)
{
    const struct lowered *lowered = &side->lowered;
    unsigned out = out_param(side);
    if (out < lowered->param_count)
        fprintf(file, "    __builtin_memcpy(a%u, thunk_returned, sizeof *a%u);\n", out, out);
    if (returns_nothing(lowered))
        return;
    fprintf(file, "    ");
    put_result(file, side, number);
    fprintf(file, " r;\n");
    if (lowered->returns_words)
        put_result_words(file, side, "WORD_FROM", "thunk_returned");
    else
        fprintf(file, "    __builtin_memcpy(&r, thunk_returned, sizeof r);\n");
    fprintf(file, "    return r;\n");
}

void thunks_render_callee(FILE *file, const struct thunk_test *test)
{
    const struct thunk_side *side = &test->callee;
    unsigned number = test->number;
    if (test->has_two_layouts)
        put_own_types(file, side, number);
    put_result_type(file, side, number);
    /* Its symbol is as the compiler spells it: some conventions have a spelling of their own. */
    put_head(file, side, "", number);
    fprintf(file, ";\n");
    put_head(file, side, "", number);
    fprintf(file, "\n{\n");
    if (are_whole(side))
        put_taken(file, side);
    else
        put_all_seen(file, side);
    put_return(file, side, number);
    fprintf(file, "}\n");
}

/* --- callers --- */

static void put_call(FILE *file, const struct thunk_side *side, unsigned number)
{
    const struct lowered *lowered = &side->lowered;
    fprintf(file, "%sf%u(", THUNK_PREFIX, number);
    for (unsigned i = 0; i < lowered->param_count; i++) {
        const struct lowered_param *param = &lowered->params[i];
        fprintf(file, i ? ", " : "");
        if (i == out_param(side))
            fprintf(file, "&r");
        else if (param->form == ABIDE_FORM_WORDS)
            fprintf(file, "a%u", i);
        else
            fprintf(file, "%sp%d", param->form == ABIDE_FORM_ADDRESS ? "&" : "", param->of);
    }
    fprintf(file, ");\n");
}

/* "    NAME(&p0, &p1);": what the main program does with the values of the caller. */
static void put_addresses(FILE *file, const struct thunk_side *side, const char *name)
{
    for (unsigned i = 0; i < side->spelled.param_count; i++)
        fprintf(file, "%s%s&p%u", i ? "" : name, i ? ", " : "(", i);
    fprintf(file, side->spelled.param_count ? ");\n" : "");
}

/* The values, and the words of those that travel so. */
static void put_values(FILE *file, const struct thunk_side *side, unsigned number)
{
    const struct lowered *lowered = &side->lowered;
    for (unsigned i = 0; i < side->spelled.param_count; i++) {
        fprintf(file, "    ");
        put_type(file, &side->spelled, i, number);
        fprintf(file, " p%u;\n", i);
    }
    put_addresses(file, side, "thunk_give");
    for (unsigned i = 0; i < lowered->param_count; i++)
        if (lowered->params[i].form == ABIDE_FORM_WORDS)
            fprintf(file, "    %s a%u;\n", lowered->params[i].type, i);
    for (unsigned i = 0; i < side->spelled.param_count; i++) {
        char memory[16];
        snprintf(memory, sizeof memory, "&p%u", i);
        if (is_in_words(lowered, first_param(lowered, (int)i)))
            put_words(file, side, i, "WORD_FROM", memory);
    }
}

/* Calls, and writes down what comes back. */
static void put_call_and_result(FILE *file, const struct thunk_side *side, unsigned number)
{
    const struct lowered *lowered = &side->lowered;
    bool has_out = out_param(side) < lowered->param_count;
    unsigned back = side->spelled.back;
    fprintf(file, "    ");
    if (has_out)
        put_type(file, &side->spelled, side->spelled.param_count, number);
    else if (!returns_nothing(lowered))
        put_result(file, side, number);
    if (back > 0)
        fprintf(file, " r = p%u;\n    ", back - 1);
    fprintf(file, back > 0                    ? ""
                  : has_out                   ? " r;\n    __builtin_memset(&r, 0, sizeof r);\n    "
                  : !returns_nothing(lowered) ? " r = "
                                              : "");
    put_call(file, side, number);
    if (lowered->returns_words) {
        fprintf(file, "    o = thunk_got;\n");
        put_result_words(file, side, "WORD_TO", "o");
    } else if (has_out || !returns_nothing(lowered)) {
        fprintf(file, "    o = thunk_got;\n    PUT(&r);\n");
    }
}

/* --- data --- */

static void put_bytes(FILE *file, const char *name, const unsigned char *bytes, size_t count)
{
    fprintf(file, "static const unsigned char %s[] = \"", name);
    for (size_t i = 0; i < count; i++)
        fprintf(file, "\\%03o", bytes[i]);
    fprintf(file, "\";\n");
}

/* What the program is to send or to see: sizes, values and masks, in this order. */
static void put_expected(FILE *file, const struct thunk_side *side, unsigned number)
{
    unsigned count = side->spelled.param_count + side->spelled.has_result;
    size_t size_bytes = 0;
    char name[32];
    fprintf(file, "static const unsigned %c%u_e[] = {", side->letter, number);
    for (unsigned i = 0; i < count; i++) {
        fprintf(file, "%u, ", side->sizes_bytes[i]);
        size_bytes += side->sizes_bytes[i];
    }
    fprintf(file, "0};\n");
    snprintf(name, sizeof name, "%c%u_v", side->letter, number);
    put_bytes(file, name, side->values, size_bytes);
    snprintf(name, sizeof name, "%c%u_m", side->letter, number);
    put_bytes(file, name, side->masks, size_bytes);
}

static void put_data(FILE *file, const struct thunk_test *test)
{
    unsigned number = test->number;
    fprintf(file, "static const unsigned s%u[] = {", number);
    for (unsigned i = 0; i < thunk_value_count(test); i++) {
        fprintf(file, "sizeof(");
        put_type(file, &test->caller.spelled, i, number);
        fprintf(file, "), ");
    }
    fprintf(file, "0};\n");
    put_expected(file, &test->caller, number);
    if (test->has_two_layouts)
        put_expected(file, &test->callee, number);
}

void thunks_render_caller(FILE *file, const struct thunk_test *test, bool with_data)
{
    const struct thunk_side *side = &test->caller;
    unsigned number = test->number;
    if (test->has_two_layouts)
        put_own_types(file, side, number);
    if (with_data)
        put_data(file, test);
    put_result_type(file, side, number);
    put_head(file, side, THUNK_PREFIX, number);
    fprintf(file, ";\nstatic void c%u(void)\n{\n    unsigned char *o;\n", number);
    put_values(file, side, number);
    put_call_and_result(file, side, number);
    put_addresses(file, side, "thunk_keep");
    fprintf(file, "}\n");
}

void thunks_render_table(FILE *file, const struct thunk_test *tests, unsigned count)
{
    fprintf(file, "const struct thunk_case thunk_cases[] = {\n");
    for (unsigned i = 0; i < count; i++) {
        unsigned n = tests[i].number;
        const struct thunk_side *side =
            tests[i].has_two_layouts ? &tests[i].callee : &tests[i].caller;
        char seen = side->letter;
        fprintf(file, "    {c%u, %u, %u, s%u, {x%u_e, x%u_v, x%u_m}, {%c%u_e, %c%u_v, %c%u_m}},\n",
                n, thunk_value_count(&tests[i]), tests[i].signature->param_count, n, n, n, n, seen,
                n, seen, n, seen, n);
    }
    fprintf(file, "};\nconst unsigned thunk_case_count = %u;\n", count);
}

#include "trial.h"

#include "exclude.h"
#include "process.h"

#include <string.h>
#include <stdlib.h>
#include <time.h>

double seconds_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

/* One of the sides that can be asked. */
struct side {
    struct trial *trial;
    enum { SIDE_COMPILER, SIDE_OTHER, SIDE_ABIDE } who;
};

static bool ask_side(const struct side *side, const struct signature *signatures, unsigned count,
                     struct account *accounts)
{
    switch (side->who) {
    case SIDE_COMPILER: return harness_run(&side->trial->compiler, signatures, count, accounts);
    case SIDE_OTHER: return harness_run(&side->trial->other, signatures, count, accounts);
    case SIDE_ABIDE: break;
    }
    return answer_run(&side->trial->engine, signatures, count, accounts);
}

static const char *complain_side(const struct side *side)
{
    switch (side->who) {
    case SIDE_COMPILER: harness_complain(&side->trial->compiler); return "the compiler failed";
    case SIDE_OTHER: harness_complain(&side->trial->other); return "the other compiler failed";
    case SIDE_ABIDE: break;
    }
    answer_complain(&side->trial->engine);
    return "abide refused it";
}

enum { MAX_COMPLAINTS = 20 };

/* A batch that fails as a whole is halved until the signature to blame stands alone. */
static void collect(const struct side *side, const struct signature *signatures, unsigned count,
                    struct account *accounts, bool quiet)
{
    if (count == 0 || ask_side(side, signatures, count, accounts))
        return;
    if (count == 1) {
        if (!quiet && side->trial->complaints++ == MAX_COMPLAINTS)
            die("too many signatures are refused");
        const char *reason = quiet ? "refused" : complain_side(side);
        snprintf(accounts->error, sizeof accounts->error, "%s", reason);
        accounts->is_complete = false;
        return;
    }
    unsigned half = count / 2;
    collect(side, signatures, half, accounts, quiet);
    collect(side, signatures + half, count - half, accounts + half, quiet);
}

static void run_quietly(struct trial *trial, const struct signature *signatures, unsigned count,
                        struct verdict *verdicts, bool quiet)
{
    struct side compiler = {trial, SIDE_COMPILER};
    struct side other = {trial, trial->other.cc != NULL ? SIDE_OTHER : SIDE_ABIDE};
    double start = seconds_now();
    collect(&compiler, signatures, count, trial->measured, quiet);
    double middle = seconds_now();
    collect(&other, signatures, count, trial->said, quiet);
    trial->compiler_seconds += middle - start;
    trial->other_seconds += seconds_now() - middle;
    for (unsigned i = 0; i < count; i++) {
        struct verdict *verdict = &verdicts[i];
        memset(verdict, 0, sizeof *verdict);
        verdict->excluded = excluded_by(&signatures[i], &trial->said[i], &trial->compiler);
        if (verdict->excluded == NULL && trial->other.cc != NULL)
            verdict->excluded = excluded_by(&signatures[i], &trial->measured[i], &trial->other);
        if (verdict->excluded == NULL)
            verdict->class = compare_accounts(&signatures[i], trial->engine.machine,
                                              &trial->measured[i], &trial->said[i], verdict->where);
    }
}

void trial_run(struct trial *trial, const struct signature *signatures, unsigned count,
               struct verdict *verdicts)
{
    run_quietly(trial, signatures, count, verdicts, false);
}

/* --- shrinking: all the ways to leave one thing out are tried in one batch --- */

struct candidates {
    struct signature *list;
    unsigned count, limit;
};

/* A copy to change, or NULL if there are enough. */
static struct signature *candidate(struct candidates *c, const struct signature *from)
{
    if (c->count == c->limit)
        return NULL;
    c->list[c->count] = *from;
    return &c->list[c->count++];
}

static void without_params(struct candidates *c, const struct signature *from)
{
    for (unsigned i = 0; i < from->param_count; i++) {
        struct signature *s = candidate(c, from);
        if (s == NULL)
            return;
        s->param_count--;
        memmove(&s->params[i], &s->params[i + 1], (s->param_count - i) * sizeof *s->params);
    }
}

static void without_result(struct candidates *c, const struct signature *from)
{
    struct signature *s = from->has_result ? candidate(c, from) : NULL;
    if (s != NULL)
        s->has_result = false;
}

static void without_field(struct candidates *c, const struct signature *from, unsigned t,
                          unsigned f)
{
    struct signature *s = candidate(c, from);
    if (s == NULL)
        return;
    struct type *type = &s->types[t];
    type->field_count--;
    memmove(&type->fields[f], &type->fields[f + 1], (type->field_count - f) * sizeof *type->fields);
}

static void simpler_field(struct candidates *c, const struct signature *from, unsigned t,
                          unsigned f)
{
    const struct field *field = &from->types[t].fields[f];
    struct signature *s;
    if (field->type.counts[0] != 0 && (s = candidate(c, from)) != NULL)
        memset(s->types[t].fields[f].type.counts, 0, sizeof field->type.counts);
    if (field->type.counts[0] > 1 && (s = candidate(c, from)) != NULL)
        s->types[t].fields[f].type.counts[0]--;
    if (field->type.kind != USE_SCALAR && (s = candidate(c, from)) != NULL)
        s->types[t].fields[f].type = (struct use){.kind = USE_SCALAR, .index = 4};
    if (field->align_bytes != 0 && (s = candidate(c, from)) != NULL)
        s->types[t].fields[f].align_bytes = 0;
    if (field->packed && (s = candidate(c, from)) != NULL)
        s->types[t].fields[f].packed = false;
}

static void simpler_type(struct candidates *c, const struct signature *from, unsigned t)
{
    const struct type *type = &from->types[t];
    struct signature *s;
    if (type->kind == TYPE_ENUM || type->kind == TYPE_NEWTYPE || type->kind == TYPE_TUPLE)
        return;
    for (unsigned f = 0; f < type->field_count; f++) {
        without_field(c, from, t, f);
        simpler_field(c, from, t, f);
    }
    if (type->kind == TYPE_UNION && (s = candidate(c, from)) != NULL)
        s->types[t].kind = TYPE_STRUCT;
    if (type->packed && (s = candidate(c, from)) != NULL)
        s->types[t].packed = false;
    if (type->pack_bytes != 0 && (s = candidate(c, from)) != NULL)
        s->types[t].pack_bytes = 0;
    if (type->align_bytes != 0 && (s = candidate(c, from)) != NULL)
        s->types[t].align_bytes = 0;
}

/* A value of a named type becomes what its first field is, or a plain u64. */
static void simpler_use(struct candidates *c, const struct signature *from, size_t offset)
{
    struct use use;
    memcpy(&use, (const char *)from + offset, sizeof use);
    if (use.kind == USE_SCALAR)
        return;
    struct use simpler[2] = {{.kind = USE_SCALAR, .index = 4}};
    unsigned count = 1;
    const struct type *type = &from->types[use.index];
    if (use.kind == USE_NAMED && type->field_count > 0 && !type->fields[0].is_bitfield) {
        simpler[count] = type->fields[0].type;
        memset(simpler[count++].counts, 0, sizeof simpler->counts);
    }
    for (unsigned i = 0; i < count; i++) {
        struct signature *s = candidate(c, from);
        if (s != NULL)
            memcpy((char *)s + offset, &simpler[i], sizeof use);
    }
}

static void make_candidates(struct candidates *c, const struct signature *from)
{
    bool used[MAX_TYPES];
    signature_mark_used(from, used);
    c->count = 0;
    without_params(c, from);
    without_result(c, from);
    for (unsigned i = 0; i < from->param_count; i++)
        simpler_use(c, from, offsetof(struct signature, params) + i * sizeof(struct use));
    if (from->has_result)
        simpler_use(c, from, offsetof(struct signature, result));
    for (unsigned t = 0; t < from->type_count; t++)
        if (used[t])
            simpler_type(c, from, t);
}

bool trial_shrink(struct trial *trial, struct signature *signature, enum mismatch class)
{
    const unsigned max_rounds = 100;
    struct candidates c = {.limit = trial->capacity};
    c.list = allocate(trial->capacity, sizeof *c.list);
    struct verdict *verdicts = allocate(trial->capacity, sizeof *verdicts);
    run_quietly(trial, signature, 1, verdicts, true);
    bool fails = verdicts->class == class;
    for (unsigned round = 0; fails && round < max_rounds; round++) {
        make_candidates(&c, signature);
        run_quietly(trial, c.list, c.count, verdicts, true);
        unsigned i = 0;
        while (i < c.count && verdicts[i].class != class)
            i++;
        if (i == c.count)
            break;
        *signature = c.list[i];
    }
    free(verdicts);
    free(c.list);
    return fails;
}

/* --- explaining --- */

static void explain_types(FILE *file, const struct signature *signature,
                          const struct account *measured, const struct account *said)
{
    bool used[MAX_TYPES];
    signature_mark_used(signature, used);
    for (unsigned i = 0; i < signature->type_count; i++) {
        const struct type_account *a = &measured->types[i], *b = &said->types[i];
        if (!used[i] || (a->size_bytes == b->size_bytes && a->align_bytes == b->align_bytes &&
                         memcmp(a->fields, b->fields, sizeof a->fields) == 0))
            continue;
        fprintf(file, "  t0_%u: compiler: size %u align %u;", i, a->size_bytes, a->align_bytes);
        fprintf(file, " other: size %u align %u\n", b->size_bytes, b->align_bytes);
        for (unsigned f = 0; f < signature->types[i].field_count; f++)
            fprintf(file, "    m%u: compiler: bits %u+%u; other: bits %u+%u\n", f,
                    a->fields[f].offset_bits, a->fields[f].size_bits, b->fields[f].offset_bits,
                    b->fields[f].size_bits);
    }
}

static void explain_value(struct trial *trial, FILE *file, const struct signature *signature,
                          const struct use *use, const char *name,
                          const struct value_account *measured, const struct value_account *said,
                          bool is_result)
{
    const struct machine *machine = trial->engine.machine;
    unsigned char mask[CELL_BYTES];
    account_mask(signature, trial->measured, machine, use, measured->size_bytes, mask);
    fprintf(file, "  %s: compiler: ", name);
    account_print_value(file, measured, mask, machine, is_result);
    fprintf(file, "\n  %s  other:    ", is_result ? "      " : "  ");
    account_print_value(file, said, mask, machine, is_result);
    fprintf(file, "\n");
}

void trial_explain(struct trial *trial, FILE *file, const struct signature *signature)
{
    struct verdict verdict;
    char name[16];
    run_quietly(trial, signature, 1, &verdict, false);
    fprintf(file, "  %s: %s\n", mismatch_names[verdict.class], verdict.where);
    render_interface_start(file);
    fprintf(file, "types:\n");
    render_interface_types(file, signature, 0);
    fprintf(file, "functions:\n");
    render_interface_function(file, signature, 0);
    render_c_types(file, signature, 0);
    if (!trial->measured->is_complete || !trial->said->is_complete)
        return;
    explain_types(file, signature, trial->measured, trial->said);
    for (unsigned i = 0; i < signature->param_count; i++) {
        snprintf(name, sizeof name, "p%u", i);
        explain_value(trial, file, signature, &signature->params[i], name,
                      &trial->measured->params[i], &trial->said->params[i], false);
    }
    if (signature->has_result)
        explain_value(trial, file, signature, &signature->result, "result",
                      &trial->measured->result, &trial->said->result, true);
    if (trial->said->has_stack_bytes)
        fprintf(file, "  stack area: %llu bytes\n", (unsigned long long)trial->said->stack_bytes);
}

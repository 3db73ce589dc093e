#include "trial.h"

#include "cli.h"
#include "process.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

double seconds_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

enum { MAX_COMPLAINTS = 20 };

/* A batch that fails as a whole is halved until the signature to blame stands alone. */
static void measure(struct trial *trial, struct toolchain *toolchain,
                    const struct signature *signatures, unsigned count, struct account *accounts,
                    bool quiet)
{
    if (count == 0 || harness_run(toolchain, signatures, count, accounts))
        return;
    if (count == 1) {
        if (!quiet && trial->complaints++ == MAX_COMPLAINTS)
            die("%s refuses too many signatures", toolchain->cc);
        if (!quiet)
            harness_complain(toolchain);
        snprintf(accounts->error, sizeof accounts->error, "the compiler failed");
        accounts->is_complete = false;
        return;
    }
    unsigned half = count / 2;
    measure(trial, toolchain, signatures, half, accounts, quiet);
    measure(trial, toolchain, signatures + half, count - half, accounts + half, quiet);
}

/* The id of a known deviation of the compiler (or of the other one) about this signature; NULL: none. */
static const char *deviation(const struct trial *trial, const struct signature *signature)
{
    const struct toolchain *one = &trial->compiler, *other = &trial->other;
    const char *id = answer_deviation(&trial->engine, signature, one->compiler, one->version);
    return id || !other->cc
               ? id
               : answer_deviation(&trial->engine, signature, other->compiler, other->version);
}

static void run_quietly(struct trial *trial, const struct signature *signatures, unsigned count,
                        struct verdict *verdicts, bool quiet)
{
    double start = seconds_now();
    measure(trial, &trial->compiler, signatures, count, trial->measured, quiet);
    double middle = seconds_now();
    if (trial->other.cc != NULL)
        measure(trial, &trial->other, signatures, count, trial->said, quiet);
    else
        answer_run(&trial->engine, signatures, count, trial->said);
    trial->compiler_seconds += middle - start;
    trial->other_seconds += seconds_now() - middle;
    for (unsigned i = 0; i < count; i++) {
        struct verdict *verdict = &verdicts[i];
        memset(verdict, 0, sizeof *verdict);
        verdict->class = compare_accounts(&signatures[i], trial->engine.machine, trial->stages,
                                          &trial->measured[i], &trial->said[i], verdict->where);
        if (verdict->class != MISMATCH_NONE)
            verdict->excluded = deviation(trial, &signatures[i]);
        if (verdict->excluded)
            verdict->class = MISMATCH_NONE;
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
        if (i >= s->param_count - s->unnamed_count)
            s->unnamed_count--;
        s->param_count--;
        if (s->unnamed_count == s->param_count)
            s->unnamed_count = 0;
        memmove(&s->params[i], &s->params[i + 1], (s->param_count - i) * sizeof *s->params);
    }
}

static void without_dots(struct candidates *c, const struct signature *from)
{
    struct signature *s = from->unnamed_count != 0 ? candidate(c, from) : NULL;
    if (s != NULL)
        s->unnamed_count = 0;
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

static bool has_parts(const struct use *use)
{
    return use->kind == USE_SCALAR && signature_scalar_parts(use->index).count > 1;
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
    if ((field->type.kind != USE_SCALAR || has_parts(&field->type)) &&
        (s = candidate(c, from)) != NULL)
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
    if (use.kind == USE_SCALAR && !has_parts(&use))
        return;
    struct use simpler[2] = {{.kind = USE_SCALAR, .index = 4}};
    unsigned count = 1;
    const struct type *type = use.kind == USE_NAMED ? &from->types[use.index] : NULL;
    if (type && type->field_count > 0 && !type->fields[0].is_bitfield) {
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
    without_dots(c, from);
    for (unsigned i = 0; i < from->param_count - from->unnamed_count; i++)
        simpler_use(c, from, offsetof(struct signature, params) + i * sizeof(struct use));
    if (from->has_result)
        simpler_use(c, from, offsetof(struct signature, result));
    for (unsigned t = 0; t < from->type_count; t++)
        if (used[t])
            simpler_type(c, from, t);
}

unsigned trial_candidates(const struct signature *from, struct signature *list, unsigned limit)
{
    struct candidates c = {.list = list, .limit = limit};
    make_candidates(&c, from);
    return c.count;
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

/* One side's account: layouts first, then where each value is. */
static void print_types(FILE *file, const struct signature *signature,
                        const struct account *account)
{
    bool used[MAX_TYPES];
    signature_mark_used(signature, used);
    for (unsigned i = 0; i < signature->type_count; i++) {
        const struct type *type = &signature->types[i];
        const struct type_account *layout = &account->types[i];
        if (!used[i])
            continue;
        fprintf(file, "t0_%u: size %u, align %u", i, layout->size_bytes, layout->align_bytes);
        for (unsigned f = 0; f < type->field_count; f++)
            if ((type->kind == TYPE_STRUCT || type->kind == TYPE_UNION) &&
                !type->fields[f].is_unnamed)
                fprintf(file, ", m%u at bit %u for %u", f, layout->fields[f].offset_bits,
                        layout->fields[f].size_bits);
        fprintf(file, "\n");
    }
}

static void print_value(FILE *file, const struct trial *trial, const struct signature *signature,
                        const struct use *use, const struct value_account *value, bool is_result)
{
    unsigned char mask[CELL_BYTES];
    const struct machine *machine = trial->engine.machine;
    account_mask(signature, trial->measured, machine, use, value->size_bytes, mask);
    account_print_value(file, value, mask, machine, is_result);
    fprintf(file, "\n");
}

static const char *print_account(const struct trial *trial, const struct signature *signature,
                                 const struct account *account)
{
    char *text = NULL;
    size_t size_bytes = 0;
    FILE *file = open_memstream(&text, &size_bytes);
    if (!file)
        cli_no_memory();
    if (account->is_complete) {
        print_types(file, signature, account);
        for (unsigned i = 0; i < signature->param_count; i++) {
            fprintf(file, "p%u: ", i);
            print_value(file, trial, signature, &signature->params[i], &account->params[i], false);
        }
        fprintf(file, signature->has_result ? "result: " : "");
        if (signature->has_result)
            print_value(file, trial, signature, &signature->result, &account->result, true);
        if (account->has_stack_bytes)
            fprintf(file, "argument area: %llu bytes\n", (unsigned long long)account->stack_bytes);
    } else {
        fprintf(file, "%s\n", account->error);
    }
    fclose(file);
    const char *copy = cli_copy(text, size_bytes);
    free(text);
    return copy;
}

/* What a printer writes, as a text. */
static const char *printed(void (*print)(FILE *file, const void *user), const void *user)
{
    char *text = NULL;
    size_t size_bytes = 0;
    FILE *file = open_memstream(&text, &size_bytes);
    if (!file)
        cli_no_memory();
    print(file, user);
    fclose(file);
    const char *copy = cli_copy(text, size_bytes);
    free(text);
    return copy;
}

static void print_c(FILE *file, const void *user)
{
    const struct signature *signature = user;
    render_c_types(file, signature, 0);
    if (signature->has_result)
        render_c_use(file, &signature->result, 0);
    else
        fprintf(file, "void");
    fprintf(file, " f0(");
    unsigned named = signature->param_count - signature->unnamed_count;
    for (unsigned i = 0; i < named; i++) {
        fprintf(file, i == 0 ? "" : ", ");
        render_c_use(file, &signature->params[i], 0);
        fprintf(file, " p%u", i);
    }
    fprintf(file, signature->unnamed_count ? ", ...); /* and" : named == 0 ? "void);\n" : ");\n");
    for (unsigned i = named; i < signature->param_count; i++) {
        fprintf(file, i == named ? " " : ", ");
        render_c_use(file, &signature->params[i], 0);
    }
    fprintf(file, signature->unnamed_count ? " */\n" : "");
}

struct rules_question {
    const struct engine *engine;
    const struct signature *signature;
};

static void print_rules(FILE *file, const void *user)
{
    const struct rules_question *question = user;
    answer_print_rules(question->engine, file, question->signature);
}

void trial_explain(struct trial *trial, const struct signature *signature,
                   struct explanation *explanation)
{
    struct verdict verdict;
    size_t length_bytes;
    run_quietly(trial, signature, 1, &verdict, true);
    explanation->class = verdict.class;
    memcpy(explanation->where, verdict.where, sizeof explanation->where);
    char *text = answer_interface(signature, 1, &length_bytes);
    explanation->interface = cli_copy(text, length_bytes);
    free(text);
    explanation->c = printed(print_c, signature);
    explanation->compiler = print_account(trial, signature, trial->measured);
    explanation->expected = print_account(trial, signature, trial->said);
    const struct rules_question question = {&trial->engine, signature};
    explanation->rules = trial->other.cc ? "" : printed(print_rules, &question);
}

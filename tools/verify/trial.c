#include "trial.h"

#include "cli.h"
#include "process.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

double seconds_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

/* --- asking compilers --- */

/* One by one, these are found by halving; a compiler that fails at more of a batch, and not as it is known to, has something else. */
enum { MOST_LOST = 20 };

static void lose(const struct toolchain *toolchain, struct account *account, unsigned *left)
{
    const char *words = harness_last_words(toolchain);
    account->known = machine_known_failure(toolchain->known, toolchain->attribute, words);
    if (!account->known && (*left)-- == 0)
        die("%s fails at too many signatures; the last time: %s", toolchain->cc, words);
    account->is_complete = false;
    account->is_compiler_lost = true;
    snprintf(account->error, sizeof account->error, "%s", words);
}

/* A batch that fails as a whole is halved until the signature to blame stands alone. */
static void measure(struct toolchain *toolchain, const struct signature *signatures, unsigned count,
                    struct account *accounts, unsigned *left)
{
    if (count == 0 || harness_run(toolchain, signatures, count, accounts))
        return;
    if (count == 1) {
        lose(toolchain, accounts, left);
        return;
    }
    unsigned half = count / 2;
    measure(toolchain, signatures, half, accounts, left);
    measure(toolchain, signatures + half, count - half, accounts + half, left);
}

void trial_measure(struct toolchain *toolchain, const struct signature *signatures, unsigned count,
                   struct account *accounts)
{
    unsigned left = MOST_LOST;
    measure(toolchain, signatures, count, accounts, &left);
}

/* --- values about which a compiler is known to do otherwise --- */

/* What no deviation is about. */
static struct use plain_int(void)
{
    struct use use = {.kind = USE_SCALAR};
    while (strcmp(scalars[use.index].name, "c_int") != 0)
        use.index++;
    return use;
}

/* Only parameter `kept` of the signature, or only its result if that is the number of parameters. */
static struct signature only_value(const struct signature *signature, unsigned kept)
{
    struct signature only = *signature;
    for (unsigned i = 0; i < only.param_count; i++)
        if (i != kept)
            only.params[i] = plain_int();
    only.has_result = only.has_result && kept == only.param_count;
    return only;
}

const char *trial_without_deviating(const struct engine *engine, const struct toolchain *compiler,
                                    struct signature *signature)
{
    const char *name = compiler->compiler, *version = compiler->version;
    const char *first = answer_deviation(engine, signature, name, version);
    if (!first)
        return NULL;
    const struct signature whole = *signature;
    for (unsigned i = 0; i < whole.param_count + whole.has_result; i++) {
        const struct signature only = only_value(&whole, i);
        if (!answer_deviation(engine, &only, name, version))
            continue;
        if (i == whole.param_count)
            signature->has_result = false;
        else
            signature->params[i] = plain_int();
    }
    return first;
}

/* The same with what both compilers are known for; they may be one. */
static const char *without_deviating(const struct trial *trial, struct signature *signature)
{
    const char *id = trial_without_deviating(&trial->engine, &trial->compiler, signature);
    const char *other =
        trial->other.cc ? trial_without_deviating(&trial->engine, &trial->other, signature) : NULL;
    return id ? id : other;
}

/* --- comparing --- */

/* What the module refuses is not compared, and compilers may fail at it. */
static void measure_answered(struct toolchain *toolchain, const struct signature *signatures,
                             unsigned count, const struct account *said, struct account *measured,
                             unsigned *left)
{
    struct signature *rest = allocate(count, sizeof *rest);
    struct account *found = allocate(count, sizeof *found);
    unsigned asked = 0;
    for (unsigned i = 0; i < count; i++)
        if (!said[i].is_refused)
            rest[asked++] = signatures[i];
    measure(toolchain, rest, asked, found, left);
    for (unsigned i = 0, next = 0; i < count; i++)
        measured[i] = said[i].is_refused ? (struct account){0} : found[next++];
    release(found);
    release(rest);
}

static void ask(struct trial *trial, const struct signature *signatures, unsigned count,
                struct account *measured, struct account *said)
{
    unsigned left = trial->is_patient ? UINT_MAX : MOST_LOST, others_left = left;
    if (trial->other.cc) {
        measure(&trial->compiler, signatures, count, measured, &left);
        measure(&trial->other, signatures, count, said, &others_left);
    } else {
        answer_run(&trial->engine, signatures, count, said);
        measure_answered(&trial->compiler, signatures, count, said, measured, &left);
    }
}

static void judge(const struct trial *trial, const struct signature *signature,
                  const struct account *measured, const struct account *said,
                  struct verdict *verdict)
{
    *verdict = (struct verdict){0};
    const struct account *lost = measured->is_compiler_lost ? measured
                                 : said->is_compiler_lost   ? said
                                                            : NULL;
    if (said->is_refused) { /* perhaps because the compiler fails at it */
        verdict->left_out = LEFT_OUT_REFUSED;
        verdict->reason = "refused-value";
    } else if (lost) {
        verdict->left_out = LEFT_OUT_COMPILER;
        verdict->reason =
            lost->known ? lost->known->with : cli_copy(lost->error, strlen(lost->error));
        verdict->most_percent = lost->known ? lost->known->percent : 0;
    } else {
        verdict->class = compare_accounts(signature, trial->engine.machine, trial->stages, measured,
                                          said, verdict->where);
    }
}

/*
 * Signatures that do not agree, and have values about which the compiler is known to do otherwise: is it only those? They are
 * asked again without them.
 */
static void excuse(struct trial *trial, const struct signature *signatures, unsigned count,
                   struct verdict *verdicts)
{
    struct signature *rest = allocate(count, sizeof *rest);
    unsigned *numbers = allocate(count, sizeof *numbers), asked = 0;
    for (unsigned i = 0; i < count; i++) {
        rest[asked] = signatures[i];
        const char *id =
            verdicts[i].class != MISMATCH_NONE ? without_deviating(trial, &rest[asked]) : NULL;
        if (!id)
            continue;
        verdicts[i].left_out = LEFT_OUT_VALUES;
        verdicts[i].reason = id;
        numbers[asked++] = i;
    }
    struct account *accounts = allocate(2 * (size_t)asked + 1, sizeof *accounts);
    if (asked)
        ask(trial, rest, asked, accounts, accounts + asked);
    for (unsigned i = 0; i < asked; i++) {
        struct verdict *verdict = &verdicts[numbers[i]], again;
        judge(trial, &rest[i], &accounts[i], &accounts[asked + i], &again);
        verdict->class = again.class;
        if (again.class != MISMATCH_NONE)
            snprintf(verdict->where, sizeof verdict->where, "%.90s (without %s)", again.where,
                     verdict->reason);
    }
    release(accounts);
    release(numbers);
    release(rest);
}

void trial_run(struct trial *trial, const struct signature *signatures, unsigned count,
               struct verdict *verdicts)
{
    ask(trial, signatures, count, trial->measured, trial->said);
    unsigned differing = 0;
    for (unsigned i = 0; i < count; i++) {
        judge(trial, &signatures[i], &trial->measured[i], &trial->said[i], &verdicts[i]);
        differing += verdicts[i].class != MISMATCH_NONE;
    }
    if (differing)
        excuse(trial, signatures, count, verdicts);
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

/* The same, if there is something to change. */
static struct signature *candidate_if(struct candidates *c, const struct signature *from,
                                      bool is_wanted)
{
    return is_wanted ? candidate(c, from) : NULL;
}

static void without_params(struct candidates *c, const struct signature *from)
{
    for (unsigned i = 0; i < from->param_count; i++) {
        struct signature *s = candidate(c, from);
        if (s == NULL)
            return;
        signature_remove_param(s, i);
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
    s = candidate_if(c, from, field->type.counts[0] != 0);
    if (s)
        memset(s->types[t].fields[f].type.counts, 0, sizeof field->type.counts);
    s = candidate_if(c, from, field->type.counts[0] > 1 && field->type.counts[0] <= COUNT_MAX);
    if (s)
        s->types[t].fields[f].type.counts[0]--;
    s = candidate_if(c, from, field->type.kind != USE_SCALAR || has_parts(&field->type));
    if (s)
        s->types[t].fields[f].type = (struct use){.kind = USE_SCALAR, .index = 4};
    s = candidate_if(c, from, field->align_bytes != 0);
    if (s)
        s->types[t].fields[f].align_bytes = 0;
    s = candidate_if(c, from, field->packed);
    if (s)
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
    s = candidate_if(c, from, type->kind == TYPE_UNION);
    if (s)
        s->types[t].kind = TYPE_STRUCT;
    s = candidate_if(c, from, type->packed);
    if (s)
        s->types[t].packed = false;
    s = candidate_if(c, from, type->pack_bytes != 0);
    if (s)
        s->types[t].pack_bytes = 0;
    s = candidate_if(c, from, type->align_bytes != 0);
    if (s)
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
    trial->is_patient = true; /* of what is left of a signature, compilers may refuse anything */
    trial_run(trial, signature, 1, verdicts);
    bool fails = verdicts->class == class;
    for (unsigned round = 0; fails && round < max_rounds; round++) {
        make_candidates(&c, signature);
        trial_run(trial, c.list, c.count, verdicts);
        unsigned i = 0;
        while (i < c.count && verdicts[i].class != class)
            i++;
        if (i == c.count)
            break;
        *signature = c.list[i];
    }
    trial->is_patient = false;
    release(verdicts);
    release(c.list);
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
    if (signature->has_result && signature->back == 0)
        render_c_use(file, &signature->result, 0);
    else
        fprintf(file, "void");
    fprintf(file, " f0(");
    unsigned named = signature->param_count - signature->unnamed_count;
    for (unsigned i = 0; i < named; i++) {
        fprintf(file, i == 0 ? "" : ", ");
        render_c_param(file, signature, i, 0);
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
    trial_run(trial, signature, 1, &verdict);
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

/*
 * Labels by refinement: members with equal labels are told apart by the labels of what they refer to, round by round. Of the
 * parts of a class the largest keeps its label, so that a member gets a new one log n times at most, and a round looks only at
 * those that refer to somebody whose label changed (Hopcroft's argument): the whole takes m log n digests, however long the circle.
 */
#include "fingerprint/circle.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct dirty { /* a reference whose target has another label since the last round */
    size_t member;
    size_t reference;
};

struct touched { /* a member that has such references */
    size_t member;
    size_t class;
    struct abide_digest candidate;
};

struct class {
    struct abide_digest label;
    size_t size;
};

struct referrer {
    size_t member;
    size_t reference; /* its number among those of the member */
};

struct refining {
    abide_ctx *ctx;
    const struct abide_circle *circle;
    size_t *class_of; /* by member */
    ABIDE_VEC(struct class) classes;
    /* Who refers to member m: referrers[referrer_starts[m]] up to ...[m + 1]. */
    size_t *referrer_starts;
    struct referrer *referrers;
    ABIDE_VEC(size_t) changed; /* members with a new label */
    ABIDE_VEC(struct dirty) dirty;
    ABIDE_VEC(struct touched) touched;
};

static int compare_sizes(size_t a, size_t b)
{
    return a < b ? -1 : a > b;
}

static int compare_dirty(const void *left, const void *right)
{
    const struct dirty *a = left, *b = right;
    int order = compare_sizes(a->member, b->member);
    return order ? order : compare_sizes(a->reference, b->reference);
}

static int compare_touched(const void *left, const void *right)
{
    const struct touched *a = left, *b = right;
    int order = compare_sizes(a->class, b->class);
    return order ? order : abide_digest__compare(&a->candidate, &b->candidate);
}

struct labelled {
    const struct abide_digest *label;
    size_t member;
};

static int compare_labelled(const void *left, const void *right)
{
    return abide_digest__compare(((const struct labelled *)left)->label,
                                 ((const struct labelled *)right)->label);
}

static void sort(void *items, size_t count, size_t size_bytes,
                 int (*compare)(const void *, const void *))
{
    if (count > 1)
        qsort(items, count, size_bytes, compare);
}

/* The first classes: members that are alike by themselves. */
static void classify(struct refining *refining)
{
    const struct abide_circle *circle = refining->circle;
    struct labelled *sorted = abide__new_array(refining->ctx, struct labelled, circle->count);
    for (size_t i = 0; i < circle->count; i++)
        sorted[i] = (struct labelled){&circle->labels[i], i};
    sort(sorted, circle->count, sizeof *sorted, compare_labelled);
    for (size_t i = 0; i < circle->count; i++) {
        if (i == 0 || abide_digest__compare(sorted[i - 1].label, sorted[i].label))
            abide__push(refining->ctx, &refining->classes, (struct class){*sorted[i].label, 0});
        refining->classes.items[refining->classes.count - 1].size++;
        refining->class_of[sorted[i].member] = refining->classes.count - 1;
    }
}

static void find_referrers(struct refining *refining)
{
    const struct abide_circle *circle = refining->circle;
    size_t reference_count = circle->starts[circle->count];
    size_t *starts = abide__new_array(refining->ctx, size_t, circle->count + 2);
    for (size_t i = 0; i < reference_count; i++)
        starts[circle->to[i] + 2]++;
    for (size_t i = 2; i <= circle->count; i++)
        starts[i] += starts[i - 1];
    refining->referrers = abide__new_array(refining->ctx, struct referrer, reference_count);
    for (size_t m = 0; m < circle->count; m++)
        for (size_t i = circle->starts[m]; i < circle->starts[m + 1]; i++)
            refining->referrers[starts[circle->to[i] + 1]++] =
                (struct referrer){m, i - circle->starts[m]};
    refining->referrer_starts = starts;
}

static struct abide_digest candidate_of(const struct refining *refining, const struct dirty *dirty,
                                        size_t count)
{
    const struct abide_circle *circle = refining->circle;
    size_t member = dirty->member;
    struct abide_digesting digesting;
    abide_digest__start(&digesting);
    abide_digest__add_text(&digesting, "round\n");
    abide_digest__add_digest(&digesting,
                             &refining->classes.items[refining->class_of[member]].label);
    for (size_t i = 0; i < count; i++) {
        char number[2 + 20 + 2];
        size_t target = circle->to[circle->starts[member] + dirty[i].reference];
        int length = snprintf(number, sizeof number, "\n%zu ", dirty[i].reference);
        abide_digest__add(&digesting, number, (size_t)length);
        abide_digest__add_digest(&digesting,
                                 &refining->classes.items[refining->class_of[target]].label);
    }
    abide_digest__add_text(&digesting, "\n");
    return abide_digest__finish(&digesting);
}

/* The members that refer to a changed one, and what they would be called. */
static void touch(struct refining *refining)
{
    refining->dirty.count = refining->touched.count = 0;
    for (size_t i = 0; i < refining->changed.count; i++) {
        size_t member = refining->changed.items[i];
        for (size_t k = refining->referrer_starts[member];
             k < refining->referrer_starts[member + 1]; k++)
            abide__push(
                refining->ctx, &refining->dirty,
                (struct dirty){refining->referrers[k].member, refining->referrers[k].reference});
    }
    sort(refining->dirty.items, refining->dirty.count, sizeof *refining->dirty.items,
         compare_dirty);
    for (size_t i = 0, end; i < refining->dirty.count; i = end) {
        const struct dirty *first = &refining->dirty.items[i];
        for (end = i + 1; end < refining->dirty.count; end++)
            if (refining->dirty.items[end].member != first->member)
                break;
        abide__push(refining->ctx, &refining->touched,
                    (struct touched){first->member, refining->class_of[first->member],
                                     candidate_of(refining, first, end - i)});
    }
    sort(refining->touched.items, refining->touched.count, sizeof *refining->touched.items,
         compare_touched);
}

/* The end of the touched members that have the candidate of the one at `start`, or its class alone. */
static size_t end_of(const struct refining *refining, size_t start, bool of_class)
{
    const struct touched *first = &refining->touched.items[start];
    size_t end = start + 1;
    for (; end < refining->touched.count; end++) {
        const struct touched *next = &refining->touched.items[end];
        if (next->class != first->class ||
            (!of_class && abide_digest__compare(&next->candidate, &first->candidate)))
            break;
    }
    return end;
}

/* Members with one candidate leave their class for a new one. */
static void split_off(struct refining *refining, size_t start, size_t end)
{
    const struct touched *first = &refining->touched.items[start];
    refining->classes.items[first->class].size -= end - start;
    abide__push(refining->ctx, &refining->classes, (struct class){first->candidate, end - start});
    for (size_t i = start; i < end; i++) {
        size_t member = refining->touched.items[i].member;
        refining->class_of[member] = refining->classes.count - 1;
        abide__push(refining->ctx, &refining->changed, member);
    }
}

/* Of one class: the largest part stays; of several the untouched one, else the one with the least candidate. */
static void split(struct refining *refining, size_t start, size_t end)
{
    size_t class = refining->touched.items[start].class;
    size_t staying = SIZE_MAX, largest = refining->classes.items[class].size - (end - start);
    for (size_t i = start, next; i < end; i = next) {
        next = end_of(refining, i, false);
        if (next - i > largest) {
            largest = next - i;
            staying = i;
        }
    }
    for (size_t i = start, next; i < end; i = next) {
        next = end_of(refining, i, false);
        if (i != staying)
            split_off(refining, i, next);
    }
}

void abide_circle__label(abide_ctx *ctx, const struct abide_circle *circle)
{
    struct refining refining = {.ctx = ctx, .circle = circle};
    refining.class_of = abide__new_array(ctx, size_t, circle->count);
    classify(&refining);
    find_referrers(&refining);
    for (size_t i = 0; i < circle->count; i++)
        abide__push(ctx, &refining.changed, i);
    while (refining.changed.count > 0) {
        touch(&refining);
        refining.changed.count = 0;
        for (size_t i = 0, end; i < refining.touched.count; i = end) {
            end = end_of(&refining, i, true);
            split(&refining, i, end);
        }
    }
    for (size_t i = 0; i < circle->count; i++)
        circle->labels[i] = refining.classes.items[refining.class_of[i]].label;
}

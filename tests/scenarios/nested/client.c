/* Calls all of the library through adapters, in C's own forms. */
#include "terms.h"

#include <inttypes.h>

static void put(text t)
{
    printf("%.*s", (int)t.len, t.ptr);
    free(t.ptr);
}

static text lent(const char *of)
{
    return (text){(char *)of, strlen(of)};
}

static void show_pairs(const char *what, pair_list list)
{
    printf("%s:", what);
    for (size_t i = 0; i < list.len; i++) {
        printf(" ");
        put(list.ptr[i].key);
        printf("=%" PRId64, list.ptr[i].value);
    }
    printf("\n");
    free(list.ptr);
}

/* ---- closures ---- */

struct calls {
    unsigned count;
    int64_t by;
};

static int64_t add(int64_t x, void *env)
{
    struct calls *calls = env;
    calls->count++;
    return x + calls->by;
}

static int64_t ten(int64_t x, void *env)
{
    ((struct calls *)env)->count++;
    return 10 * x;
}

static void show_apply(void)
{
    struct calls calls[] = {{0, 1}, {0, 0}, {0, -2}};
    stage stages[] = {{lent("add"), {add, &calls[0]}, {false, 0}},
                      {lent("ten"), {ten, &calls[1]}, {true, 3}},
                      {lent("bonus"), {add, &calls[2]}, {false, 0}}};
    int64_t all = c_apply((maybe_stages){true, {stages, 3}}, 4);
    int64_t none = c_apply((maybe_stages){false, {NULL, 0}}, 4);
    int64_t empty = c_apply((maybe_stages){true, {NULL, 0}}, 4);
    printf("apply: %" PRId64 " %" PRId64 " %" PRId64 ", calls %u\n", all, none, empty,
           calls[0].count + calls[1].count + calls[2].count);
}

/* ---- sums ---- */

static void show_shape(shape s)
{
    switch (s.tag) {
    case NOTHING: printf("nothing"); break;
    case CIRCLE: printf("circle %g", s.payload.circle); break;
    case POLYGON:
        printf("polygon");
        for (size_t i = 0; i < s.payload.polygon.len; i++)
            printf(" %g,%g", s.payload.polygon.ptr[i].x, s.payload.polygon.ptr[i].y);
        free(s.payload.polygon.ptr);
        break;
    case NAMED:
        printf("named ");
        put(s.payload.named);
        break;
    default: abort();
    }
}

static void show_fault(fault f)
{
    switch (f.tag) {
    case NUMBER: printf("number %" PRId32, f.payload.number); break;
    case TEXT:
        printf("text ");
        put(f.payload.text);
        break;
    case NEAR:
        printf("near ");
        show_shape(f.payload.near);
        break;
    default: abort();
    }
}

static void show_parse(const char *of)
{
    parsed made = c_parse((char *)of, strlen(of));
    printf(made.tag ? "fault: " : "parse: ");
    if (made.tag)
        show_fault(made.payload.err);
    else
        show_shape(made.payload.ok);
    printf("\n");
}

static void show_split(const char *of, uint32_t at)
{
    text head, tail;
    maybe_place places;
    printf("split: %s ",
           c_split((char *)of, strlen(of), at, &head, &tail, &places) ? "true" : "false");
    put(head);
    printf("|");
    put(tail);
    if (places.has)
        printf("|%" PRIu64 "\n", places.value);
    else
        printf("|nowhere\n");
}

/* ---- iterators ---- */

static void show_iterators(void)
{
    pairs mine = new_numbers('k', 10, 14);
    printf("sum: %" PRId64 "\n", c_sum(mine, 3));
    mine.table->drop(mine.data);
    pairs theirs = c_range(3, 6);
    printf("range:");
    for (maybe_pair p; (p = theirs.table->next(theirs.data)).has;) {
        printf(" ");
        put(p.value.key);
        printf("=%" PRId64 ",%" PRIu64, p.value.value, theirs.table->left(theirs.data));
    }
    printf("\n");
    theirs.table->drop(theirs.data);
    show_pairs("take", c_take(new_numbers('m', 1, 3)));
    printf("dropped: %u\n", dropped);
}

int main(void)
{
    static const char *const texts[] = {"",          "circle 1.5",   "polygon 3", "named käse",
                                        "number -7", "near named x", "what is it"};
    pair a[] = {{lent("a"), 1}, {lent("b"), 2}}, b[] = {{lent("b"), 3}, {lent("ä"), 4}};
    show_pairs("merge", c_merge(a, 2, b, 2));
    show_apply();
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        show_parse(texts[i]);
    show_split("key=välue", '=');
    show_split("none", 0xe4);
    show_iterators();
    return 0;
}

/*
 * A C program that uses the Nim library through thunks only (nimside.h).
 *
 *     host         every kind of call; prints ../expected/reverse.txt
 *     host thread  allocating calls from threads that Nim never heard of
 *     host wrong   calls a proc by its natural C prototype without a thunk, which cannot work
 */
#include "nimside.h"
#include <pthread.h>
#include <stdio.h>
#include <string.h>

void n_thread_leave(void);
Shape n_grow(Shape s, double k); /* what its Nim text suggests, and what it is not */

static const Shape shape0 = {7, {'a', 'b', 'c', 'd'}, {1, 2}, {3, 4}};

static void show(const char *what, Shape s)
{
    printf("%s: id=%d tag=%.4s a=(%g,%g) b=(%g,%g)\n", what, s.id, s.tag, s.a.x, s.a.y, s.b.x,
           s.b.y);
}

static bool until_two(void *user, Shape s)
{
    int *sum = user;
    *sum += s.id;
    return s.id != 2;
}

static Shape raise_by(Shape s, void *environment)
{
    s.b.y += *(double *)environment;
    return s;
}

static void *churn(void *unused)
{
    (void)unused;
    for (int i = 0; i < 3; i++)
        printf("churn: %ld\n", (long)nimside_churn(20000));
    n_thread_leave(); /* the thunks announce a thread; only its host knows when it ends */
    return NULL;
}

static int call_from_threads(void)
{
    for (int i = 0; i < 3; i++) {
        pthread_t thread;
        pthread_create(&thread, NULL, churn, NULL);
        pthread_join(thread, NULL);
    }
    return 0;
}

static void show_values(void)
{
    double xs[4] = {1, 2, 3, 6};
    Stats s = nimside_stats(xs, 4, 2.0), empty = nimside_stats(NULL, 0, 1.0),
          same = nimside_cdecl_stats(xs, 4, 2.0);
    printf("stats: %ld %g %g %g %g\n", (long)s.count, s.sum, s.mean, s.lo, s.hi);
    printf("empty: %ld %g\n", (long)empty.count, empty.sum);
    printf("cdecl stats same: %d\n", !memcmp(&s, &same, sizeof s));
    show("grow", nimside_grow(shape0, 2.5));
    show("cdecl grow", nimside_cdecl_grow(shape0, 2.5));
    Point middle = nimside_mid(shape0.a, shape0.b);
    printf("mid: %g %g\n", middle.x, middle.y);
}

static void show_closures(void)
{
    RawCounter counter = nimside_counter(10), plain = nimside_plain_counter();
    long first = (long)nimside_call_counter(counter, 1);
    printf("counter: %ld %ld env=%d\n", first, (long)nimside_call_counter(counter, 5),
           counter.opaque[1] != NULL);
    printf("plain counter: %ld env=%d\n", (long)nimside_call_counter(plain, 21),
           plain.opaque[1] != NULL);
    RawShapeMap shift = nimside_shifter(0.5);
    show("shift", nimside_call_shift(shift, shape0));
    show("apply nim closure", nimside_apply_raw(shift, shape0, 4));
    double height = 10;
    show("apply C closure", nimside_apply((ShapeMap){raise_by, &height}, shape0, 3));
}

static void show_callback_and_text(void)
{
    Shape shapes[3] = {shape0, shape0, shape0};
    for (int i = 0; i < 3; i++)
        shapes[i].id = i + 1;
    int sum = 0;
    long visited = (long)nimside_each(shapes, 3, until_two, &sum);
    printf("each: %ld sum=%d\n", visited, sum);
    NimString label = nimside_label(shape0);
#ifdef NIM_V2
    printf("label: %.*s\n", (int)label.length, label.payload->chars);
#else
    printf("label: %.*s\n", (int)label->length, label->chars);
#endif
}

int main(int argc, char **argv)
{
    const char *mode = argc > 1 ? argv[1] : "";
    setvbuf(stdout, NULL, _IONBF, 0);
    /* The first call through a thunk starts Nim's runtime: here, on the main thread. */
    if (nimside_add(40, 2) != 42)
        return 1;
    if (!strcmp(mode, "thread"))
        return call_from_threads();
    if (!strcmp(mode, "wrong")) {
        show("wrong", n_grow(shape0, 2.5));
        return 0;
    }
    show_values();
    show_closures();
    show_callback_and_text();
    return 0;
}

/* Libraries beside CPython: one that knows nothing of it, and one that uses its objects. */
#include "../execution/unwinding/throwing.h"

#include <pthread.h>
#include <stdint.h>
#include <stdio.h>

/* Of Python's C API, in the process that loads this. */
extern int PyGILState_Check(void);
extern void *PyLong_FromLongLong(long long value);
extern int PyList_Append(void *list, void *item);
extern void Py_DecRef(void *object);

typedef int32_t tick(void *user, int32_t n);

struct waiting {
    tick *f;
    void *user;
    int32_t count, sum;
};

static void *run_ticks(void *data)
{
    struct waiting *waiting = data;
    for (int32_t i = 0; i < waiting->count; i++)
        waiting->sum += waiting->f(waiting->user, i);
    return NULL;
}

int32_t wait_for(tick *f, void *user, int32_t count)
{
    struct waiting waiting = {f, user, count, 0};
    pthread_t thread;
    if (pthread_create(&thread, NULL, run_ticks, &waiting) != 0)
        return -1;
    pthread_join(thread, NULL);
    return waiting.sum;
}

/* A tick that is written in C and uses Python's objects: nobody takes the lock for it but an adapter. */
int32_t append_tick(void *list, int32_t n)
{
    if (!PyGILState_Check())
        return -1000000;
    void *item = PyLong_FromLongLong(n);
    int32_t failed = PyList_Append(list, item);
    Py_DecRef(item);
    return failed ? -1000000 : 1;
}

int32_t append(void *list, int64_t value)
{
    if (!PyGILState_Check())
        return -1;
    void *item = PyLong_FromLongLong(value);
    int32_t failed = PyList_Append(list, item);
    Py_DecRef(item);
    return failed;
}

extern int32_t c_append(void *list, int64_t value); /* the adapter */

static void *run_appends(void *list)
{
    for (int64_t i = 0; i < 1000; i++)
        if (PyGILState_Check() || c_append(list, i) != 0)
            return (void *)1;
    return NULL;
}

/* Four threads that Python does not know and that hold no lock. */
int32_t append_from_threads(void *list)
{
    pthread_t threads[4];
    int32_t failures = 0;
    for (int i = 0; i < 4; i++)
        pthread_create(&threads[i], NULL, run_appends, list);
    for (int i = 0; i < 4; i++) {
        void *failed;
        pthread_join(threads[i], &failed);
        failures += failed != NULL;
    }
    return failures;
}

int32_t give_up(int32_t n)
{
    if (!PyGILState_Check())
        throw_number(n);
    return n;
}

extern int32_t py_give_up(int32_t n); /* the adapter */

static void call_give_up(void *n)
{
    *(int32_t *)n = py_give_up(*(int32_t *)n);
}

/* What an extension of Python catches, which goes on to use Python. */
int32_t catch_up(int32_t n)
{
    int number = caught(call_give_up, &n);
    return PyGILState_Check() ? number : -1;
}

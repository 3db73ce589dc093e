/*
 * C11's threads by those of POSIX, which the thread sanitizer sees. glibc's are the same inside (mtx_t and once_flag are what
 * pthread_mutex_t and pthread_once_t begin with), but call nothing that it could intercept. WITHOUT_LOCKS: as a control.
 */
#include <pthread.h>
#include <stdlib.h>
#include <threads.h>

_Static_assert(sizeof(mtx_t) >= sizeof(pthread_mutex_t), "a mutex is one of POSIX");
_Static_assert(sizeof(once_flag) >= sizeof(pthread_once_t), "a flag is one of POSIX");
_Static_assert(sizeof(thrd_t) == sizeof(pthread_t), "a thread is one of POSIX");

int mtx_init(mtx_t *mutex, int type)
{
    return type == mtx_plain && !pthread_mutex_init((pthread_mutex_t *)mutex, NULL) ? thrd_success
                                                                                    : thrd_error;
}

void mtx_destroy(mtx_t *mutex)
{
    pthread_mutex_destroy((pthread_mutex_t *)mutex);
}

#ifdef WITHOUT_LOCKS
int mtx_lock(mtx_t *mutex)
{
    return mutex ? thrd_success : thrd_error;
}

int mtx_unlock(mtx_t *mutex)
{
    return mutex ? thrd_success : thrd_error;
}
#else
int mtx_lock(mtx_t *mutex)
{
    return pthread_mutex_lock((pthread_mutex_t *)mutex) ? thrd_error : thrd_success;
}

int mtx_unlock(mtx_t *mutex)
{
    return pthread_mutex_unlock((pthread_mutex_t *)mutex) ? thrd_error : thrd_success;
}

#endif

void call_once(once_flag *flag, void (*function)(void))
{
    pthread_once((pthread_once_t *)flag, function);
}

struct start {
    thrd_start_t function;
    void *user;
};

static void *run(void *user)
{
    struct start start = *(struct start *)user;
    free(user);
    start.function(start.user);
    return NULL;
}

int thrd_create(thrd_t *thread, thrd_start_t function, void *user)
{
    struct start *start = malloc(sizeof *start);
    if (!start)
        return thrd_nomem;
    *start = (struct start){function, user};
    return pthread_create(thread, NULL, run, start) ? thrd_error : thrd_success;
}

int thrd_join(thrd_t thread, int *result)
{
    if (result)
        *result = 0;
    return pthread_join(thread, NULL) ? thrd_error : thrd_success;
}

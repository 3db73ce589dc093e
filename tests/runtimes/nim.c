/* Calls a closure on a thread that the language of the closure did not start. */
#include <pthread.h>
#include <stdint.h>
#include <string.h>

struct closure {
    int32_t (*code)(int32_t n, void *env);
    void *env;
};

struct job {
    struct closure f;
    int32_t count, sum;
};

static void *run(void *data)
{
    struct job *job = data;
    for (int32_t i = 0; i < job->count; i++)
        job->sum += job->f.code(i, job->f.env);
    return NULL;
}

int32_t call_elsewhere(struct closure f, int32_t count)
{
    struct job job = {f, count, 0};
    pthread_t thread;
    if (pthread_create(&thread, NULL, run, &job) != 0)
        return -1;
    pthread_join(thread, NULL);
    return job.sum;
}

/* The library in C's own forms; time passes as soon as nothing else is to be done. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef closure_outcome_result_i64_trouble_code_outcome outcome;
typedef closure_chunk_result_slice_u8_trouble_code_chunk chunk;
typedef bool tick_code(timer *, uint64_t, void *);
typedef int64_t work_code(void *);
typedef void done_code(outcome, void *);
typedef void data_code(chunk, void *);
typedef void drop_code(void *);

struct timer {
    loop *of;
    timer *next;
    void *data, *env;
    tick_code *tick;
    drop_code *drop;
    uint64_t at, every, count;
};

struct loop {
    char *name;
    uint64_t now, events;
    timer *timers;
    struct job {
        work_code *work;
        done_code *done;
        void *work_data, *done_data;
        drop_code *work_drop, *done_drop;
    } jobs[2];
    struct {
        uint8_t *ptr;
        size_t len;
    } chunks[4];
    size_t job_count, chunk_count;
    data_code *reader;
    void *reader_data;
    drop_code *reader_drop;
    bool is_running;
};

static uint32_t alive;

uint32_t ev_alive(void)
{
    return alive;
}

loop *ev_open(char *name, size_t name_len)
{
    if (name_len == 0)
        return NULL;
    loop *l = calloc(1, sizeof *l);
    l->name = calloc(name_len + 1, 1);
    memcpy(l->name, name, name_len);
    alive++;
    return l;
}

uint64_t ev_now(loop *l)
{
    return l->now;
}

timer *ev_new_timer(loop *l)
{
    timer *t = calloc(1, sizeof *t);
    *t = (timer){.of = l, .next = l->timers};
    l->timers = t;
    alive++;
    return t;
}

int ev_start(timer *t, uint64_t after, uint64_t every, tick_code *tick, void *data, drop_code *drop)
{
    if (t->tick) {
        drop(data);
        return -EBUSY;
    }
    t->tick = tick;
    t->env = data;
    t->drop = drop;
    t->at = t->of->now + after;
    t->every = every;
    t->count = 0;
    alive++;
    return 0;
}

int ev_stop(timer *t)
{
    if (!t->tick)
        return -EINVAL;
    t->tick = NULL;
    t->drop(t->env);
    alive--;
    return 0;
}

void ev_timer_close(timer *t)
{
    timer **place = &t->of->timers;
    ev_stop(t);
    while (*place != t)
        place = &(*place)->next;
    *place = t->next;
    free(t);
    alive--;
}

void ev_set_data(timer *t, void *data)
{
    t->data = data;
}

void *ev_data(timer *t)
{
    return t->data;
}

int ev_queue(loop *l, work_code *work, void *work_data, drop_code *work_drop, done_code *done,
             void *done_data, drop_code *done_drop)
{
    if (l->job_count == 2) {
        work_drop(work_data);
        done_drop(done_data);
        return -ENOMEM;
    }
    l->jobs[l->job_count++] = (struct job){work, done, work_data, done_data, work_drop, done_drop};
    alive++;
    return 0;
}

size_t ev_send(loop *l, uint8_t *data, size_t data_len)
{
    if (data_len == 0 || l->chunk_count == 4) {
        free(data);
        return (size_t)-EINVAL;
    }
    l->chunks[l->chunk_count].ptr = data;
    l->chunks[l->chunk_count++].len = data_len;
    return data_len;
}

int ev_read(loop *l, data_code *each, void *data, drop_code *drop)
{
    if (l->reader) {
        drop(data);
        return -EBUSY;
    }
    l->reader = each;
    l->reader_data = data;
    l->reader_drop = drop;
    alive++;
    return 0;
}

void ev_walk(loop *l, void (*see)(timer *t, bool active, void *env), void *data)
{
    for (timer *t = l->timers; t; t = t->next)
        see(t, t->tick != NULL, data);
}

/* An outcome of 0 is a failure that has a name, one below 0 one that has a number. */
static outcome outcome_of(int64_t result)
{
    if (result > 0)
        return (outcome){.tag = 0, .payload.ok = result};
    outcome failed = {.tag = 1, .payload.err = {.tag = 16}};
    if (result < 0)
        failed.payload.err = (trouble){.tag = 4096, .payload.other = (int32_t)-result};
    return failed;
}

static void do_jobs(loop *l)
{
    for (size_t i = 0; i < l->job_count; i++) {
        l->jobs[i].done(outcome_of(l->jobs[i].work(l->jobs[i].work_data)), l->jobs[i].done_data);
        l->events++;
        alive--;
    }
    l->job_count = 0;
}

static void hand_out_chunks(loop *l)
{
    for (size_t i = 0; i < l->chunk_count; i++) {
        if (l->reader)
            l->reader((chunk){.tag = 0, .payload.ok = {l->chunks[i].ptr, l->chunks[i].len}},
                      l->reader_data);
        free(l->chunks[i].ptr);
        l->events++;
    }
    l->chunk_count = 0;
}

static timer *next_timer(loop *l)
{
    timer *first = NULL;
    for (timer *t = l->timers; t; t = t->next)
        if (t->tick && (!first || t->at <= first->at))
            first = t;
    return first;
}

static void tick(loop *l, timer *t)
{
    l->now = t->at;
    l->events++;
    t->at += t->every;
    if (!t->tick(t, ++t->count, t->env) || t->every == 0)
        ev_stop(t);
}

static void end_reader(loop *l)
{
    if (!l->reader)
        return;
    l->reader((chunk){.tag = 1, .payload.err = {.tag = 4095}}, l->reader_data);
    l->reader_drop(l->reader_data);
    l->reader = NULL;
    alive--;
}

uint32_t ev_run(loop *l, mode how)
{
    uint32_t active = 0;
    timer *t;
    if (l->is_running)
        return (uint32_t)-EBUSY;
    l->is_running = true;
    do_jobs(l);
    hand_out_chunks(l);
    while (how != mode_nowait && (t = next_timer(l))) {
        tick(l, t);
        if (how == mode_once)
            break;
    }
    if (how == mode_default)
        end_reader(l);
    for (t = l->timers; t; t = t->next)
        active += t->tick != NULL;
    l->is_running = false;
    return active;
}

void ev_loop_close(loop *l)
{
    for (size_t i = 0; i < l->job_count; i++) {
        l->jobs[i].work_drop(l->jobs[i].work_data);
        l->jobs[i].done_drop(l->jobs[i].done_data);
        alive--;
    }
    for (size_t i = 0; i < l->chunk_count; i++)
        free(l->chunks[i].ptr);
    end_reader(l);
    free(l->name);
    free(l);
    alive--;
}

static stats_name copy_text(const char *text)
{
    stats_name copy = {malloc(strlen(text) + 1), strlen(text)};
    memcpy(copy.ptr, text, copy.len);
    return copy;
}

void ev_measure(loop *l, stats *into)
{
    *into = (stats){l->events, (double)l->now / 2, copy_text(l->name)};
}

stats_name ev_text(trouble code)
{
    char number[32];
    snprintf(number, sizeof number, "other %d", (int)code.payload.other);
    return copy_text(code.tag == 22     ? "invalid"
                     : code.tag == 16   ? "busy"
                     : code.tag == 4095 ? "ended"
                                        : number);
}

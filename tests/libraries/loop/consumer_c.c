/* A program in C's own forms. */
#include "must.h"

void ev_loop_close(loop *l);
void ev_timer_close(timer *t);

typedef closure_outcome_result_i64_trouble_code_outcome outcome;
typedef closure_chunk_result_slice_u8_trouble_code_chunk chunk;

/* What each callback has, and what became of it. */
typedef struct {
    loop *l;
    uint64_t calls, sum, most;
    int drops;
    char log[100];
} state;

static void drop(void *env)
{
    ((state *)env)->drops++;
}

/* A collector ends callbacks when it is asked. */
static int drops(const state *s)
{
    use_alive();
    return s->drops;
}

static bool tick(timer *t, uint64_t count, void *env)
{
    state *s = env;
    s->calls++;
    s->sum += count * use_now(s->l);
    EXPECT(use_data(t) == s);
    EXPECT((int32_t)use_run(s->l, mode_nowait) == -16);
    return count < s->most;
}

static void use_timers(loop *l)
{
    state fast = {.l = l, .most = 3}, slow = {.l = l, .most = 100}, late = {.l = l};
    timer *a = use_new_timer(l), *b = use_new_timer(l);
    use_set_data(a, &fast);
    use_set_data(b, &slow);
    EXPECT(use_stop(a) == -22);
    EXPECT(use_start(a, 5, 10, tick, &fast, drop) == 0);
    EXPECT(use_start(a, 5, 10, tick, &late, drop) == -16 && drops(&late) == 1);
    EXPECT(use_start(b, 7, 0, tick, &slow, drop) == 0);
    EXPECT(use_run(l, mode_once) == 2 && use_now(l) == 5 && fast.calls == 1);
    EXPECT(use_run(l, mode_nowait) == 2 && fast.calls == 1);
    EXPECT(use_run(l, mode_default) == 0 && use_now(l) == 25);
    EXPECT(fast.sum == 5 + 2 * 15 + 3 * 25 && drops(&fast) == 1);
    EXPECT(slow.sum == 7 && drops(&slow) == 1);
    EXPECT(use_start(b, 1000, 0, tick, &slow, drop) == 0 && use_stop(b) == 0 && drops(&slow) == 2);
    EXPECT(use_start(b, 1000, 0, tick, &slow, drop) == 0);
    ev_timer_close(b);
    EXPECT(drops(&slow) == 3 && slow.calls == 1);
    ev_timer_close(a);
}

static int64_t work(void *env)
{
    return (int64_t)((state *)env)->most;
}

static void done(outcome o, void *env)
{
    state *s = env;
    size_t at = strlen(s->log);
    if (o.tag == 0)
        sprintf(s->log + at, "%d ", (int)o.payload.ok);
    else
        sprintf(s->log + at, "%u:%d ", o.payload.err.tag,
                o.payload.err.tag == 4096 ? (int)o.payload.err.payload.other : 0);
}

static state good; /* in use until the loop is closed */

static void use_jobs(loop *l)
{
    state bad = {.most = (uint64_t)-7}, worse = {.most = 0}, log = {0};
    good = (state){.most = 42};
    EXPECT(use_queue(l, work, &good, drop, done, &log, drop) == 0);
    EXPECT(use_queue(l, work, &bad, drop, done, &log, drop) == 0);
    EXPECT(use_queue(l, work, &worse, drop, done, &worse, drop) == -12 && drops(&worse) == 2);
    EXPECT(use_run(l, mode_nowait) == 0);
    EXPECT(use_queue(l, work, &worse, drop, done, &log, drop) == 0);
    EXPECT(use_run(l, mode_nowait) == 0);
    EXPECT(strcmp(log.log, "42 4096:7 16:0 ") == 0);
    EXPECT(use_queue(l, work, &good, drop, done, &good, drop) == 0);
}

static void see_data(chunk c, void *env)
{
    state *s = env;
    if (c.tag == 0)
        sprintf(s->log + strlen(s->log), "%d:%.*s ", (int)c.payload.ok.len, (int)c.payload.ok.len,
                c.payload.ok.ptr);
    else
        sprintf(s->log + strlen(s->log), "!%u", c.payload.err.tag);
}

static uint8_t *copied(const char *text)
{
    return memcpy(malloc(strlen(text)), text, strlen(text));
}

static void use_data_sent(loop *l)
{
    state s = {0};
    EXPECT(use_read(l, see_data, &s, drop) == 0);
    EXPECT(use_read(l, see_data, &s, drop) == -16 && drops(&s) == 1);
    EXPECT(use_send(l, copied("one"), 3) == 3 && use_send(l, copied("three"), 5) == 5);
    EXPECT((ptrdiff_t)use_send(l, NULL, 0) == -22);
    EXPECT(use_run(l, mode_default) == 0 && drops(&s) == 2);
    EXPECT(strcmp(s.log, "3:one 5:three !4095") == 0);
    EXPECT(use_send(l, copied("never"), 5) == 5);
}

static void see_timer(timer *t, bool active, void *env)
{
    *(int *)env += (active ? 10 : 1) + (use_data(t) ? 100 : 0);
}

uint32_t consume(void)
{
    expectations = 0;
    EXPECT(!use_open("", 0));
    loop *l = use_open("l\xc3\xb6op", 5);
    int seen = 0;
    state keep = {.l = l};
    stats s;
    use_timers(l);
    use_data_sent(l);
    use_jobs(l);
    timer *a = use_new_timer(l), *b = use_new_timer(l);
    use_set_data(a, &keep);
    EXPECT(use_start(b, 1, 1, tick, &keep, drop) == 0);
    use_walk(l, see_timer, &seen);
    EXPECT(seen == 111);
    use_measure(l, &s);
    EXPECT(s.events == 10 && s.idle == 12.5 && s.name.len == 5 &&
           memcmp(s.name.ptr, "l\xc3\xb6op", 5) == 0);
    free(s.name.ptr);
    stats_name text = use_text((trouble){4096, {-5}});
    EXPECT(text.len == 8 && memcmp(text.ptr, "other -5", 8) == 0);
    free(text.ptr);
    ev_timer_close(b);
    ev_timer_close(a);
    ev_loop_close(l);
    EXPECT(drops(&keep) == 1 && drops(&good) == 2 && use_alive() == 0);
    return expectations;
}

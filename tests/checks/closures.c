/*
 * The sides of closures.py: CALLER or not, SYSTEM (the system ABI) or C's own forms. Who gets a closure calls it, with something
 * invalid where `bad` says so; closures that are there are counted. What is invalid in C is so many bytes: no compiler may look.
 */
#include <abide/system.h>
#include <stdbool.h>
#include <stdlib.h>

enum bad { FINE, BAD_TRUTH, BAD_MODE, BAD_RESULT, BAD_COUNT };
extern enum bad bad;
extern int alive, wrong;
#define MUST(condition) ((condition) ? (void)0 : (void)++wrong)

typedef uint8_t pick(uint32_t b, uint32_t m, void *env);
typedef struct {
    pick *fn;
    void *env;
    void (*drop)(void *env);
} given;
typedef struct {
    pick *fn;
    void *env;
} lent;
typedef struct {
    given f;
    uint32_t id;
} held;
typedef void nest(void); /* of which each side has its own form */
typedef struct {
    nest *fn;
    void *env;
    void (*drop)(void *env);
} given_nest;
#ifdef SYSTEM
typedef given option;
typedef void nest_code(pick *fn, void *env, void (*drop)(void *), pick *g, void *g_env, void *own);
#else
typedef struct {
    bool has;
    given value;
} option;
typedef struct {
    unsigned tag;
    given some;
} maybe;
typedef void nest_code(given f, lent g, void *own);
#endif

static void *env_new(void)
{
    alive++;
    return malloc(1);
}
static void env_drop(void *env)
{
    alive--;
    free(env);
}
static uint8_t code(uint32_t b, uint32_t m, void *env)
{
    MUST(env && (uint8_t)b == (bad == BAD_TRUTH ? 2 : 1) &&
         (uint8_t)m == (bad == BAD_MODE ? 7 : 2));
    return bad == BAD_RESULT ? 9 : 1;
}
static uint8_t code_once(uint32_t b, uint32_t m, void *env)
{
    env_drop(env);
    return code(b, m, &alive);
}
static uint8_t call(pick *fn, void *env)
{
    return fn(bad == BAD_TRUTH ? 2 : 1, bad == BAD_MODE ? 7 : 2, env);
}
/* Calls it as often as it may be, and destroys what is its own. */
static void use(given f, bool is_own)
{
    MUST(call(f.fn, f.env) == (bad == BAD_RESULT ? 9 : 1));
    MUST(!is_own || call(f.fn, f.env) == (bad == BAD_RESULT ? 9 : 1));
    if (is_own)
        f.drop(f.env);
}
static inline given make(void)
{
    return (given){code, env_new(), env_drop};
}

#ifdef CALLER
#define F(name) t_##name
#else
#define F(name) name
#endif
#ifdef SYSTEM
#define GIVEN pick *fn, void *env, void (*drop)(void *)
#define GOT   ((given){fn, env, drop})
#define HELD  GIVEN, uint32_t id
#define OWNER , sys_owner *owner
#define CASE  uint32_t tag, GIVEN
#define GIVE  void F(give)(given * out)
#define NEST  nest_code *n, void *env, void (*drop)(void *)
void F(take_lent)(pick *fn, void *env);
#else
#define GIVEN given f
#define GOT   f
#define HELD  held h
#define OWNER
#define CASE maybe v
#define GIVE given F(give)(void)
#define NEST given_nest n
void F(take_lent)(lent f);
#endif
void F(take_own)(GIVEN);
void F(take_once)(GIVEN);
void F(take_field)(HELD);
void F(view_field)(HELD);
#ifdef SYSTEM
void F(take_option)(GIVEN);
#else
void F(take_option)(option o);
#endif
void F(view_all)(const held *s, size_t count);
void F(take_all)(given *s, size_t count OWNER);
void F(take_case)(CASE);
void F(take_box)(held *v OWNER);
GIVE;
void F(put)(given *f);
void F(swap)(given *f);
void F(nested)(NEST);

#ifndef CALLER
/* ---- the library ---- */
#ifdef SYSTEM
#define FIELD               GOT
#define FREE(memory, bytes) (owner ? owner->release(owner, memory, bytes) : (void)0)
void take_lent(pick *fn, void *env)
{
    use((given){fn, env, NULL}, false);
}
void take_option(GIVEN)
{
    use(GOT, true);
}
void take_case(CASE)
{
    MUST(tag == 1);
    use(GOT, true);
}
void give(given *out)
{
    *out = make();
}
void nested(NEST)
{
    void *lent_env = env_new();
    given f = make();
    n(f.fn, f.env, f.drop, code, lent_env, env);
    env_drop(lent_env);
    drop(env);
}
#else
#define FIELD               h.f
#define FREE(memory, bytes) free(memory)
void take_lent(lent f)
{
    use((given){f.fn, f.env, NULL}, false);
}
void take_option(option o)
{
    MUST(o.has);
    use(o.value, true);
}
void take_case(maybe v)
{
    MUST(v.tag == 1);
    use(v.some, true);
}
given give(void)
{
    return make();
}
void nested(NEST)
{
    void *lent_env = env_new();
    ((nest_code *)n.fn)(make(), (lent){code, lent_env}, n.env);
    env_drop(lent_env);
    n.drop(n.env);
}
#endif
void take_own(GIVEN)
{
    use(GOT, true);
}
void take_once(GIVEN)
{
    use(GOT, false);
}
void take_field(HELD)
{
    use(FIELD, true);
}
void view_field(HELD)
{
    use(FIELD, false);
}
void view_all(const held *s, size_t count)
{
    for (size_t i = 0; i < count; i++)
        use(s[i].f, false);
}
void take_all(given *s, size_t count OWNER)
{
    for (size_t i = 0; i < count; i++)
        use(s[i], true);
    FREE(s, count * sizeof *s);
}
void take_box(held *v OWNER)
{
    use(v->f, true);
    FREE(v, sizeof *v);
}
void put(given *f)
{
    *f = make();
}
void swap(given *f)
{
    use(*f, true);
    *f = make();
}
#else
/* ---- the program ---- */
#include <setjmp.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum bad bad;
int alive, wrong;
static jmp_buf out;
static char trapped[200];

void abide_trap(size_t trap, const char *function, const char *parameter, size_t value)
{
    snprintf(trapped, sizeof trapped, "%s %s %s %zu",
             trap == SYS_TRAP_BOOL   ? "bool"
             : trap == SYS_TRAP_ENUM ? "enum"
                                     : "?",
             function, parameter, value & 255);
    longjmp(out, 1);
}

#ifdef SYSTEM
static void release(sys_owner *self, void *memory, size_t bytes)
{
    (void)self, (void)bytes;
    free(memory);
}
static sys_owner owner = {release};
#define PASS(f)      (f).fn, (f).env, (f).drop
#define PASS_HELD(h) PASS((h).f), (h).id
#define PASS_OWNER   , &owner
static void nest_with(pick *fn, void *env, void (*drop)(void *), pick *g, void *g_env, void *own)
{
    MUST(own);
    use((given){fn, env, drop}, true);
    use((given){g, g_env, NULL}, false);
}
#else
#define PASS(f)      f
#define PASS_HELD(h) h
#define PASS_OWNER
static void nest_with(given f, lent g, void *own)
{
    MUST(own);
    use(f, true);
    use((given){g.fn, g.env, NULL}, false);
}
#endif

static void lend(void)
{
    void *env = env_new();
#ifdef SYSTEM
    t_take_lent(code, env);
#else
    t_take_lent((lent){code, env});
#endif
    env_drop(env);
}
static void own(void)
{
    given f = make();
    t_take_own(PASS(f));
}
static void once(void)
{
    given f = {code_once, env_new(), env_drop};
    t_take_once(PASS(f));
}
static void field(void)
{
    held h = {make(), 7};
    t_take_field(PASS_HELD(h));
}
static void viewed_field(void)
{
    held h = {make(), 7};
    t_view_field(PASS_HELD(h));
    env_drop(h.f.env);
}
static void in_option(void)
{
    given f = make();
#ifdef SYSTEM
    t_take_option(PASS(f));
#else
    t_take_option((option){true, f});
#endif
}
static void viewed(void)
{
    held s[2] = {{make(), 7}, {make(), 8}};
    t_view_all(s, 2);
    env_drop(s[0].f.env);
    env_drop(s[1].f.env);
}
static void all(void)
{
    given *s = malloc(2 * sizeof *s);
    s[0] = make();
    s[1] = make();
    t_take_all(s, 2 PASS_OWNER);
}
static void in_case(void)
{
    given f = make();
#ifdef SYSTEM
    t_take_case(1, PASS(f));
#else
    t_take_case((maybe){1, f});
#endif
}
static void boxed(void)
{
    held *v = malloc(sizeof *v);
    *v = (held){make(), 7};
    t_take_box(v PASS_OWNER);
}
static void got(void)
{
    given f;
#ifdef SYSTEM
    t_give(&f);
#else
    f = t_give();
#endif
    use(f, true);
}
static void got_out(void)
{
    given f;
    t_put(&f);
    use(f, true);
}
static void swapped(void)
{
    given f = make();
    t_swap(&f);
    use(f, true);
}
static void nested_in(void)
{
#ifdef SYSTEM
    t_nested(nest_with, env_new(), env_drop);
#else
    t_nested((given_nest){(nest *)nest_with, env_new(), env_drop});
#endif
}

static const struct {
    const char *name;
    void (*run)(void);
} tests[] = {{"take-lent", lend},
             {"take-own", own},
             {"take-once", once},
             {"take-field", field},
             {"view-field", viewed_field},
             {"take-option", in_option},
             {"view-all", viewed},
             {"take-all", all},
             {"take-case", in_case},
             {"take-box", boxed},
             {"give", got},
             {"put", got_out},
             {"swap", swapped},
             {"nested", nested_in}};

/* In a process of its own: what a trap leaves behind is nobody's. */
static void run_invalid(size_t test)
{
    fflush(stdout);
    pid_t child = fork();
    if (child) {
        int status;
        MUST(waitpid(child, &status, 0) == child && status == 0);
        return;
    }
    if (!setjmp(out))
        tests[test].run();
    printf("%s %d: %s\n", tests[test].name, (int)bad, trapped[0] ? trapped : "fine");
    fflush(stdout);
    _exit(wrong != 0);
}

int main(void)
{
    for (size_t i = 0; i < sizeof tests / sizeof *tests; i++) {
        bad = FINE;
        if (!setjmp(out))
            tests[i].run();
        printf("%s 0: %s\n", tests[i].name, trapped[0] ? trapped : alive ? "lost" : "fine");
        for (bad = BAD_TRUTH; bad < BAD_COUNT; bad++)
            run_invalid(i);
    }
    return wrong != 0;
}
#endif

/* Component objects beside objects of the system ABI: who has which, LIBRARY_IS_SYSTEM says. */
#include "must.h"

#include <abide/system.h>
#include <setjmp.h>

typedef SYS_TAGGED(uint64_t) cut_result;
static inline double number(cut_result r)
{
    double d;
    memcpy(&d, &r.value, sizeof d);
    return d;
}
typedef struct shape {
    SYS_VTABLE_HEADER double (*area)(void *, double);
    cut_result (*cut)(void *, int32_t);
    int32_t (*late)(void *);
} shape;
typedef SYS_DYN(shape) object;
typedef struct ishape ishape;
typedef struct {
    int32_t (*QueryInterface)(ishape *, const void *, void *);
    uint32_t (*AddRef)(ishape *);
    uint32_t (*Release)(ishape *);
    double (*area)(ishape *, double);
    int32_t (*cut)(ishape *, int32_t, double *out);
    int32_t (*late)(ishape *);
} ishape_vtbl;
struct ishape {
    const ishape_vtbl *lpVtbl;
};
static jmp_buf back;
static size_t trapped;
void abide_trap(size_t code, const char *f, const char *p, size_t v)
{
    (void)p;
    (void)v;
    printf("trap %zu %s\n", code, f);
    trapped = code;
    longjmp(back, 1);
}
#ifdef LIBRARY_IS_SYSTEM
/* the library in system terms, the program has com objects */
static object kept;
double measure(void *o, const shape *vt)
{
    MUST(vt->retain);
    vt->retain(o);
    double a = vt->area(o, 2);
    vt->drop(o);
    cut_result r = vt->cut(o, -1);
    MUST(r.tag == SYS_ERR && (int32_t)r.value == 77);
    r = vt->cut(o, 2);
    MUST(r.tag == SYS_OK && number(r) == 8);
    return a;
}
void keep(void *o, const shape *vt)
{
    if (vt->retain)
        vt->retain(o);
    kept.data = o;
    kept.vtable = vt;
}
double take(void *o, const shape *vt)
{
    double a = vt->area(o, 1) + (SYS_HAS(vt, late) ? vt->late(o) : 0);
    vt->drop(o);
    return a;
}
static int live;
static double darea(void *s, double k)
{
    return *(double *)s * k;
}
static cut_result dcut(void *s, int32_t by)
{
    cut_result r = {SYS_ERR, (uint32_t)by};
    if (by >= 0) {
        double d = *(double *)s / by;
        r.tag = SYS_OK;
        memcpy(&r.value, &d, sizeof d);
    }
    return r;
}
static void ddrop(void *s)
{
    free(s);
    live--;
}
static const void *dquery(void *s, uint64_t id)
{
    (void)s;
    (void)id;
    return NULL;
}
static const shape old_vt = {offsetof(shape, late), 0, 0, ddrop, NULL, dquery, darea, dcut, NULL};
object make(double side)
{
    double *d = malloc(sizeof *d);
    *d = side;
    live++;
    return (object){d, &old_vt};
}
double com_measure(ishape *o);
void com_keep(ishape *o);
double com_take(ishape *o);
ishape *com_make(double side);
struct mine {
    ishape i;
    uint32_t refs;
};
static int32_t q(ishape *i, const void *id, void *out)
{
    (void)i;
    (void)id;
    (void)out;
    return -1;
}
static uint32_t add(ishape *i)
{
    return ++((struct mine *)i)->refs;
}
static uint32_t rel(ishape *i)
{
    return --((struct mine *)i)->refs;
}
static double marea(ishape *i, double k)
{
    (void)i;
    return 4 * k;
}
static int32_t mcut(ishape *i, int32_t by, double *out)
{
    (void)i;
    if (by < 0)
        return 77;
    *out = 16 / by;
    return 0;
}
static int32_t mlate(ishape *i)
{
    (void)i;
    return 100;
}
static const ishape_vtbl vtbl = {q, add, rel, marea, mcut, mlate};
int main(void)
{
    struct mine m = {{&vtbl}, 1};
    (void)kept;
    MUST(com_take(&m.i) == 104 && m.refs == 0);
    ishape *o = com_make(6);
    MUST(live == 1 && o->lpVtbl->area(o, 2) == 12);
    double out;
    MUST(o->lpVtbl->cut(o, 3, &out) == 0 && out == 2 && o->lpVtbl->cut(o, -5, &out) == -5);
    unsigned char unknown[16] = {0, 0, 0, 0, 0, 0, 0, 0, 0xc0, 0, 0, 0, 0, 0, 0, 0x46},
                  other[16] = {1};
    ishape *again = NULL;
    MUST(o->lpVtbl->QueryInterface(o, unknown, &again) == 0 && again == o);
    MUST((uint32_t)o->lpVtbl->QueryInterface(o, other, &again) == 0x80004002 && again == NULL);
    MUST(o->lpVtbl->AddRef(o) == 3 && o->lpVtbl->Release(o) == 2 && o->lpVtbl->Release(o) == 1 &&
         live == 1);
    if (!setjmp(back)) {
        o->lpVtbl->late(o);
        MUST(0);
    }
    MUST(trapped == SYS_TRAP_ABSENT);
    MUST(o->lpVtbl->Release(o) == 0 && live == 0);
    puts("ok");
    return 0;
}
#else
/* the library is com, the program speaks system */
static ishape *kept;
double measure(ishape *o)
{
    o->lpVtbl->AddRef(o);
    o->lpVtbl->Release(o);
    double x;
    MUST(o->lpVtbl->cut(o, -3, &x) == -3);
    return o->lpVtbl->area(o, 2);
}
void keep(ishape *o)
{
    o->lpVtbl->AddRef(o);
    kept = o;
}
double take(ishape *o)
{
    double a = o->lpVtbl->area(o, 1) + o->lpVtbl->late(o);
    MUST(o->lpVtbl->Release(o) == 0);
    return a;
}
struct mine {
    ishape i;
    uint32_t refs;
};
static int32_t q(ishape *i, const void *id, void *out)
{
    (void)i;
    (void)id;
    (void)out;
    return -1;
}
static int live;
static uint32_t add(ishape *i)
{
    return ++((struct mine *)i)->refs;
}
static uint32_t rel(ishape *i)
{
    uint32_t n = --((struct mine *)i)->refs;
    if (!n) {
        free(i);
        live--;
    }
    return n;
}
static double marea(ishape *i, double k)
{
    (void)i;
    return 4 * k;
}
static int32_t mcut(ishape *i, int32_t by, double *out)
{
    (void)i;
    if (by < 0)
        return 77;
    *out = 16 / by;
    return 0;
}
static int32_t mlate(ishape *i)
{
    (void)i;
    return 100;
}
static const ishape_vtbl vtbl = {q, add, rel, marea, mcut, mlate};
ishape *make(double side)
{
    (void)side;
    struct mine *m = malloc(sizeof *m);
    *m = (struct mine){{&vtbl}, 1};
    live++;
    return &m->i;
}
double s_measure(void *o, const shape *vt);
void s_keep(void *o, const shape *vt);
double s_take(void *o, const shape *vt);
object s_make(double side);
static int drops;
static double darea(void *s, double k)
{
    return *(double *)s * k;
}
static cut_result dcut(void *s, int32_t by)
{
    cut_result r = {SYS_ERR, (uint32_t)by};
    if (by >= 0) {
        double d = *(double *)s / by;
        r.tag = SYS_OK;
        memcpy(&r.value, &d, sizeof d);
    }
    return r;
}
static int32_t dlate(void *s)
{
    (void)s;
    return 50;
}
static void ddrop(void *s)
{
    (void)s;
    drops++;
}
static const void *dquery(void *s, uint64_t id)
{
    (void)s;
    (void)id;
    return NULL;
}
static const shape vt = {sizeof(shape), 0, 0, ddrop, NULL, dquery, darea, dcut, dlate};
int main(void)
{
    double d = 3;
    MUST(s_measure(&d, &vt) == 6 && drops == 0);
    MUST(s_take(&d, &vt) == 53 && drops == 1);
    object o = s_make(1);
    MUST(o.vtable->area(o.data, 3) == 12 && SYS_HAS(o.vtable, late) &&
         o.vtable->late(o.data) == 100);
    cut_result r = o.vtable->cut(o.data, -1);
    MUST(r.tag == SYS_ERR && (int32_t)r.value == 77);
    o.vtable->drop(o.data);
    MUST(live == 0);
    if (!setjmp(back)) {
        s_keep(&d, &vt);
        MUST(0);
    }
    MUST(trapped == SYS_TRAP_KEPT);
    puts("ok");
    return 0;
}
#endif

/* The same library in C, for targets without a Rust standard library.
 * Behaviour and output are those of convo.rs.
 * Build:  $CC -O2 -fPIC -shared -o libconvo.so convo.c */
#include "convo.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

_Static_assert(sizeof(ByteSlice) == 16 && sizeof(ByteVec) == 24 && sizeof(Payload) == 48, "");
_Static_assert(sizeof(IntroResult) == 32 && sizeof(ConvoResult) == 56, "");
_Static_assert(sizeof(SendResult) == 32 && sizeof(HandleResult) == 64, "");
_Static_assert(offsetof(HandleResult, is_new_convo) == 56, "");
_Static_assert(sizeof(Envelope) == 64 && offsetof(Envelope, score) == 16, "");

#define MAGIC 0x636f6e766f210001ull
struct Context {
    uint64_t magic;
    char *name;
    uint32_t serial;
    char **convos;
    size_t nconvos;
};

/* ownership ledger */
static struct {
    void *p;
    size_t cap;
} *ledger;
static size_t nledger;

static void die(const char *who, const char *what)
{
    fprintf(stderr, "convo: %s: %s\n", who, what);
    abort();
}

static void *give(const void *src, size_t n, size_t elem)
{
    if (n == 0)
        return NULL;
    void *p = malloc(n * elem);
    memcpy(p, src, n * elem);
    ledger = realloc(ledger, (nledger + 1) * sizeof *ledger);
    ledger[nledger].p = p;
    ledger[nledger++].cap = n;
    return p;
}

static bool known(void *p, size_t len, size_t cap, const char *who)
{
    if (!p && !len && !cap)
        return false;
    for (size_t i = 0; i < nledger; i++)
        if (ledger[i].p == p && ledger[i].cap == cap && len <= cap) {
            ledger[i] = ledger[--nledger];
            return true;
        }
    die(who, "freeing a buffer this library never handed out");
    return false;
}

static ByteVec bytes(const void *s, size_t n)
{
    return (ByteVec){give(s, n, 1), n, n};
}
static ReprString text(const char *s)
{
    size_t n = strlen(s);
    return (ReprString){give(s, n, 1), n, n};
}
static Payload payload(const char *addr, const void *d, size_t n)
{
    Payload p = {text(addr), bytes(d, n)};
    return p;
}
static PayloadVec payloads(const Payload *p, size_t n)
{
    return (PayloadVec){give(p, n, sizeof *p), n, n};
}
static void drop_bytes(ByteVec v, const char *who)
{
    if (known(v.ptr, v.len, v.cap, who))
        free(v.ptr);
}
static void drop_text(ReprString v, const char *who)
{
    if ((v.cap != 0 || v.len == 0) && known(v.ptr, v.len, v.cap, who))
        free(v.ptr);
}
static void drop_payloads(PayloadVec v, const char *who)
{
    if (!known(v.ptr, v.len, v.cap, who))
        return;
    for (size_t i = 0; i < v.len; i++) {
        drop_text(v.ptr[i].address, who);
        drop_bytes(v.ptr[i].data, who);
    }
    free(v.ptr);
}
static char *cstr(const void *p, size_t n)
{
    char *s = malloc(n + 1);
    memcpy(s, p, n);
    s[n] = 0;
    return s;
}
static Context *ctx(Context *c, const char *who)
{
    if (!c)
        die(who, "null context");
    if (c->magic != MAGIC)
        die(who, "the context argument is not a context");
    return c;
}
static void remember(Context *c, const char *id)
{
    c->convos = realloc(c->convos, (c->nconvos + 1) * sizeof *c->convos);
    c->convos[c->nconvos++] = cstr(id, strlen(id));
}

Context *create_context(ReprString name)
{
    Context *c = calloc(1, sizeof *c);
    c->magic = MAGIC;
    c->name = cstr(name.ptr, name.len);
    return c;
}
ReprString installation_name(Context *c)
{
    return text(ctx(c, "installation_name")->name);
}
void destroy_string(ReprString s)
{
    drop_text(s, "destroy_string");
}
void destroy_context(Context *c)
{
    ctx(c, "destroy_context")->magic = 0;
    for (size_t i = 0; i < c->nconvos; i++)
        free(c->convos[i]);
    free(c->convos);
    free(c->name);
    free(c);
}
IntroResult create_intro_bundle(Context *c)
{
    char buf[256];
    ctx(c, "create_intro_bundle")->serial++;
    int n = snprintf(buf, sizeof buf, "intro:%s:%u", c->name, c->serial);
    return (IntroResult){0, bytes(buf, (size_t)n)};
}
ConvoResult create_new_private_convo(Context *c, ByteSlice bundle, ByteSlice content)
{
    char id[256], a1[256], a2[256];
    ctx(c, "create_new_private_convo");
    char *b = cstr(bundle.ptr, bundle.len);
    if (strncmp(b, "intro:", 6) != 0) {
        free(b);
        return (ConvoResult){-3, text(""), payloads(NULL, 0)};
    }
    char *peer = b + 6;
    peer[strcspn(peer, ":")] = 0;
    c->serial++;
    snprintf(id, sizeof id, "convo-%s-%u", c->name, c->serial);
    remember(c, id);
    snprintf(a1, sizeof a1, "addr-of-%s", peer);
    snprintf(a2, sizeof a2, "addr-of-%s", c->name);
    char *hello = malloc(6 + content.len), *rev = malloc(content.len + 1);
    memcpy(hello, "hello|", 6);
    memcpy(hello + 6, content.ptr, content.len);
    for (size_t i = 0; i < content.len; i++)
        rev[i] = (char)content.ptr[content.len - 1 - i];
    Payload p[2] = {payload(a1, hello, 6 + content.len), payload(a2, rev, content.len)};
    ConvoResult r = {0, text(id), payloads(p, 2)};
    free(hello);
    free(rev);
    free(b);
    return r;
}
SendResult send_content(Context *c, ReprString convo_id, ByteSlice content)
{
    ctx(c, "send_content");
    char *id = cstr(convo_id.ptr, convo_id.len);
    SendResult r = {-2, {0}};
    for (size_t i = 0; i < c->nconvos; i++)
        if (!strcmp(c->convos[i], id)) {
            Payload p = payload(id, content.ptr, content.len);
            r = (SendResult){0, payloads(&p, 1)};
            break;
        }
    free(id);
    return r;
}
HandleResult handle_payload(Context *c, ByteSlice in)
{
    char id[256];
    ctx(c, "handle_payload");
    if (in.len >= 6 && !memcmp(in.ptr, "hello|", 6)) {
        c->serial++;
        snprintf(id, sizeof id, "convo-in-%s-%u", c->name, c->serial);
        remember(c, id);
        return (HandleResult){0, text(id), bytes(in.ptr + 6, in.len - 6), true};
    }
    return (HandleResult){0, text(""), bytes(NULL, 0), false};
}
static uint64_t mix(uint64_t h, uint64_t v)
{
    return (h ^ v) * 0x00000100000001b3ull;
}
uint64_t relay_envelope(Context *c, Envelope env, uint32_t salt)
{
    uint64_t h = 0xcbf29ce484222325ull ^ salt ^ strlen(ctx(c, "relay_envelope")->name), bits;
    memcpy(&bits, &env.score, 8);
    h = mix(mix(mix(mix(h, env.id), env.kind), env.urgent), bits);
    for (int i = 0; i < 40; i++)
        h = mix(h, env.tag[i]);
    return h;
}
Envelope stamp_envelope(Context *c, Envelope e)
{
    size_t n = strlen(ctx(c, "stamp_envelope")->name);
    e.id += 1000;
    e.score *= 2.0;
    e.urgent = !e.urgent;
    memcpy(e.tag, c->name, n < 40 ? n : 40);
    return e;
}
Vec3 scale_vec3(Vec3 v, double k)
{
    return (Vec3){v.x * k, v.y * k, v.z * k};
}
Quat turn_quat(Quat q, double k)
{
    return (Quat){q.w + k, q.x - k, q.y * k, q.z / k};
}
Row mirror_row(const Row *row)
{
    Row out;
    for (int i = 0; i < 5; i++)
        out.cell[i] = row->cell[4 - i];
    return out;
}
uint64_t scrub_envelope(Envelope env)
{
    volatile Envelope *p = &env;
    uint64_t id = p->id;
    p->id = 0xdead;
    p->score = -1.0;
    return id;
}
void destroy_intro_result(IntroResult r)
{
    drop_bytes(r.intro_bytes, "destroy_intro_result");
}
void destroy_convo_result(ConvoResult r)
{
    drop_text(r.convo_id, "destroy_convo_result");
    drop_payloads(r.payloads, "destroy_convo_result");
}
void destroy_send_result(SendResult r)
{
    drop_payloads(r.payloads, "destroy_send_result");
}
void destroy_handle_result(HandleResult r)
{
    drop_text(r.convo_id, "destroy_handle_result");
    drop_bytes(r.content, "destroy_handle_result");
}
void destroy_intro_result_ptr(IntroResult *r)
{
    destroy_intro_result(*r);
}
void destroy_convo_result_ptr(ConvoResult *r)
{
    destroy_convo_result(*r);
}
void destroy_send_result_ptr(SendResult *r)
{
    destroy_send_result(*r);
}
void destroy_handle_result_ptr(HandleResult *r)
{
    destroy_handle_result(*r);
}
Envelope map_envelope(EnvelopeFn f, void *user, Envelope e, uint32_t times)
{
    for (uint32_t i = 0; i < times; i++)
        e = f(user, e, i);
    return e;
}
size_t convo_live(void)
{
    return nledger;
}
void control_intro(Context *c, IntroResult *out)
{
    *out = create_intro_bundle(c);
}

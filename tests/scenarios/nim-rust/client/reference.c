/* reference [step]: the same exchange from C, which calls the library directly.
 * Its output is the expected output of the Nim client (see ../expected). */
#include "convo.h"
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static ByteSlice slice(const char *s)
{
    return (ByteSlice){(const uint8_t *)s, strlen(s)};
}
static ReprString borrow(const char *s)
{
    return (ReprString){(uint8_t *)s, strlen(s), 0};
}
static Envelope env0(void)
{
    Envelope e = {77, 5, true, 1.25, {0}};
    for (int i = 0; i < 40; i++)
        e.tag[i] = (uint8_t)(i * 3);
    return e;
}
static void show_as(const char *what, Envelope e);
static void show(const char *what, Envelope e)
{
    char label[32];
    snprintf(label, sizeof label, "%s:", what);
    show_as(label, e);
}
static void show_as(const char *what, Envelope e)
{
    int sum = 0;
    for (int i = 0; i < 40; i++)
        sum += e.tag[i];
    printf("%s id=%" PRIu64 " kind=%u urgent=%s score=%g tagsum=%d\n", what, e.id, e.kind,
           e.urgent ? "true" : "false", e.score, sum);
}
struct state {
    uint64_t bias;
};
static Envelope bump(void *user, Envelope e, uint32_t n)
{
    e.id += ((struct state *)user)->bias + n;
    e.score += 0.5;
    return e;
}
#define TXT(v) (int)(v).len, (const char *)((v).ptr ? (v).ptr : (void *)"")
/* Steps are done if they are the only one asked for, or none is. */
#define STEP(n) if (!*only || !strcmp(only, n))

static void show_names(Context *c, const char *only)
{
    STEP("name")
    {
        ReprString n = installation_name(c);
        printf("name: %.*s\n", TXT(n));
        destroy_string(n);
    }
    STEP("vec3")
    {
        Vec3 v = scale_vec3((Vec3){1, 2, 3}, 1.5);
        printf("vec3: %.1f %.1f %.1f\n", v.x, v.y, v.z);
    }
    STEP("intro")
    {
        IntroResult r = create_intro_bundle(c);
        printf("intro: %d %.*s\n", r.error_code, TXT(r.intro_bytes));
        destroy_intro_result_ptr(&r);
    }
    STEP("destroyvalue")
    {
        IntroResult r;
        control_intro(c, &r);
        printf("control: %d %.*s live %zu\n", r.error_code, TXT(r.intro_bytes), convo_live());
        destroy_intro_result(r);
        printf("destroyed by value, live %zu\n", convo_live());
    }
}

static void show_conversations(Context *c, const char *only)
{
    STEP("convo")
    {
        ConvoResult r = create_new_private_convo(c, slice("intro:bob:1"), slice("ping"));
        char id[64];
        snprintf(id, sizeof id, "%.*s", TXT(r.convo_id));
        printf("convo: %d %s\n", r.error_code, id);
        for (size_t i = 0; i < r.payloads.len; i++)
            printf("  %.*s <- %.*s\n", TXT(r.payloads.ptr[i].address), TXT(r.payloads.ptr[i].data));
        destroy_convo_result(r);
        SendResult s = send_content(c, borrow(id), slice("pong"));
        printf("send: %d %.*s <- %.*s\n", s.error_code, TXT(s.payloads.ptr[0].address),
               TXT(s.payloads.ptr[0].data));
        destroy_send_result(s);
        ConvoResult bad = create_new_private_convo(c, slice("garbage"), slice("ping"));
        printf("bad intro: %d payloads %zu\n", bad.error_code, bad.payloads.len);
        destroy_convo_result(bad);
    }
    STEP("handle")
    {
        HandleResult h = handle_payload(c, slice("hello|ping"));
        printf("handle: %d %.*s '%.*s' new=%s\n", h.error_code, TXT(h.convo_id), TXT(h.content),
               h.is_new_convo ? "true" : "false");
        destroy_handle_result(h);
    }
}

static void show_values(Context *c, const char *only)
{
    STEP("relay") printf("relay: %016" PRIX64 "\n", relay_envelope(c, env0(), 9));
    STEP("stamp") show("stamp", stamp_envelope(c, env0()));
    STEP("quat")
    {
        Quat q = turn_quat((Quat){1, 2, 3, 4}, 0.5);
        printf("quat: %.1f %.1f %.1f %.1f\n", q.w, q.x, q.y, q.z);
    }
    STEP("mirror")
    {
        Row r = {{10, 20, 30, 40, 50}}, m = mirror_row(&r);
        printf("mirror:");
        for (int i = 0; i < 5; i++)
            printf(" %" PRId64, m.cell[i]);
        printf("\n");
    }
    STEP("scrub")
    {
        Envelope mine = env0();
        uint64_t id = scrub_envelope(mine);
        printf("scrub: %" PRIu64 "; mine ", id);
        show_as("still", mine);
    }
    STEP("callback")
    {
        struct state st = {100};
        show("callback", map_envelope(bump, &st, env0(), 3));
    }
}

int main(int argc, char **argv)
{
    const char *only = argc > 1 ? argv[1] : "";
    Context *c = create_context(borrow("alice-installation-name"));
    show_names(c, only);
    show_conversations(c, only);
    show_values(c, only);
    printf("live: %zu\n", convo_live());
    destroy_context(c);
    puts("done");
    return 0;
}

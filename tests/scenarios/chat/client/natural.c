/*
 * A C program that calls the chat library through thunks, in forms that are usual in C. Its texts
 * are pointer and length; `needle` of chat_find, the text of chat_parse and the result of
 * chat_describe end in a NUL, and chat_parse returns a status, as chat.abi.yaml chose.
 */
#include "natural.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const chat_peer_id bob = {'b', 'o', 'b'};

/* A text of this program's; it stays here unless it is said to be given away. */
static chat_text text_of(const char *text)
{
    return (chat_text){(char *)(uintptr_t)text, strlen(text)};
}

static const uint8_t *bytes_of(const char *text)
{
    return (const uint8_t *)text;
}

static void print_text(chat_text text)
{
    putchar('"');
    for (size_t i = 0; i < text.len; i++) {
        if ((unsigned char)text.ptr[i] < 0x20)
            printf("\\x%02x", (unsigned)text.ptr[i]);
        else
            putchar(text.ptr[i]);
    }
    putchar('"');
}

/* Prints a text that was given away, or that there is none. */
static void take_text(chat_option_text text)
{
    if (!text.has) {
        printf("none");
        return;
    }
    print_text(text.value);
    free(text.value.ptr);
}

static void print_message(const chat_message *m)
{
    printf("%" PRIu64 " at %" PRIu64 " from %02x%02x%02x%02x: ", m->id, m->sent, m->sender[0],
           m->sender[1], m->sender[2], m->sender[31]);
    print_text(m->text);
}

static void take_message(const chat_message *m)
{
    print_message(m);
    free(m->text.ptr);
}

static void take_error(chat_error e)
{
    chat_text reason = {NULL, 0};
    if (e.tag == CHAT_ERROR_INVALID_BUNDLE) {
        puts("invalid bundle");
    } else if (e.tag == CHAT_ERROR_IO) {
        printf("io %d\n", (int)e.payload.io);
    } else if (e.tag == CHAT_ERROR_REJECTED) {
        chat_option_u32 retry_ms = e.payload.rejected.retry_ms;
        reason = e.payload.rejected.reason;
        printf("rejected: ");
        print_text(reason);
        if (retry_ms.has)
            printf(", retry in %u ms\n", (unsigned)retry_ms.value);
        else
            puts(", do not retry");
    }
    char *words = c_chat_describe(e);
    printf("  %s\n", words);
    free(words);
    free(reason.ptr);
}

static chat_installation *open_as(const char *name, const char *nick)
{
    chat_options opts = {.name = text_of(name), .want = CHAT_FILES | CHAT_VIDEO};
    opts.state = CHAT_ONLINE;
    if (nick != NULL)
        opts.nick = (chat_option_text){true, text_of(nick)};
    printf("open \"%s\": ", name);
    chat_opened opened = c_chat_open(opts);
    if (opened.tag != CHAT_OK) {
        take_error(opened.payload.err);
        return NULL;
    }
    puts("ok");
    return opened.payload.ok;
}

static void show_nick(chat_installation *inst)
{
    chat_option_text nick = c_chat_nick(inst); /* the installation's own */
    printf("nick: ");
    if (nick.has)
        print_text(nick.value);
    else
        printf("none");
    putchar('\n');
}

static void seal(chat_installation *inst, const char *data)
{
    chat_bytes sealed = c_chat_seal(inst, bytes_of(data), strlen(data));
    printf("seal: %zu bytes", sealed.len);
    for (size_t i = 0; i < sealed.len; i++)
        printf(" %02x", sealed.ptr[i]);
    putchar('\n');
    free(sealed.ptr);
}

static void installations(void)
{
    open_as("", NULL);
    open_as("busy", NULL);
    open_as("broken", NULL);
    chat_installation *grace = open_as("grace", "the admiral");
    show_nick(grace);
    chat_installation_drop(grace);
    chat_installation *nobody = open_as("nobody", "");
    show_nick(nobody);
    chat_installation_drop(nobody);
}

static chat_convo *start(chat_installation *inst, const char *bundle)
{
    static const char first[] = "hello, it is me: b\xc3\xb6"
                                "b";
    printf("start \"%s\": ", bundle);
    chat_started started =
        c_chat_start(inst, bytes_of(bundle), strlen(bundle), bob, first, strlen(first));
    if (started.tag != CHAT_OK) {
        take_error(started.payload.err);
        return NULL;
    }
    puts("ok");
    return started.payload.ok;
}

static void send_text(chat_convo *c, const char *text, size_t len)
{
    printf("send ");
    print_text((chat_text){(char *)(uintptr_t)text, len});
    printf(": ");
    chat_sent sent = c_chat_send(c, text, len);
    if (sent.tag == CHAT_OK)
        printf("%" PRIu64 "\n", sent.payload.ok);
    else
        take_error(sent.payload.err);
}

static void sending(chat_convo *c)
{
    static const char *const texts[] = {
        "hi", "buy spam", "a text of more than sixty-four bytes is refused as being too long"};
    for (size_t i = 0; i < 3; i++)
        send_text(c, texts[i], strlen(texts[i]));
    send_text(c, NULL, 0);
    send_text(c, "nul\0inside", 10);
    chat_draft drafts[3] = {{.text = text_of("first draft"), .at = {true, 1001}},
                            {.text = text_of("spam again")},
                            {.text = text_of("second draft")}};
    printf("send all: %u of 3\n", (unsigned)c_chat_send_all(c, drafts, 3));
    printf("send all: %u of 0\n", (unsigned)c_chat_send_all(c, NULL, 0));
}

static void history(chat_convo *c, chat_option_u64 before, uint32_t limit)
{
    chat_messages messages = c_chat_history(c, before, limit);
    printf("history: %zu\n", messages.len);
    for (size_t i = 0; i < messages.len; i++) {
        printf("  ");
        take_message(&messages.ptr[i]);
        putchar('\n');
    }
    free(messages.ptr);
}

static void find(chat_convo *c, const char *needle)
{
    chat_option_message found = c_chat_find(c, needle);
    printf("find \"%s\": ", needle);
    if (found.has)
        take_message(&found.value);
    else
        printf("none");
    putchar('\n');
}

static void reading(chat_convo *c)
{
    history(c, (chat_option_u64){false, 0}, 100);
    history(c, (chat_option_u64){true, 1030}, 2);
    history(c, (chat_option_u64){true, 0}, 100);
    find(c, "inside");
    find(c, "nowhere");
    chat_period span = c_chat_span(c);
    printf("span: %" PRIu64 " to %" PRIu64 "\n", span.first, span.last);
    chat_totals totals;
    c_chat_count(c, &totals);
    printf("count: %" PRIu64 " messages, %" PRIu64 " bytes, longest %u, mean %.2f\n",
           totals.messages, totals.bytes, (unsigned)totals.longest, totals.mean);
    uint64_t cursor = 2;
    for (;;) {
        chat_option_text text = c_chat_next(c, &cursor);
        printf("next: ");
        take_text(text);
        if (!text.has)
            break;
        printf(", then %" PRIu64 "\n", cursor);
    }
    printf(", still %" PRIu64 "\n", cursor);
}

struct walk {
    uint32_t left;
    size_t bytes;
};

static bool visit(chat_message msg, const char *who, size_t who_len, void *env)
{
    struct walk *walk = env;
    printf("  %.*s, ", (int)who_len, who);
    print_message(&msg);
    putchar('\n');
    walk->bytes += msg.text.len;
    return --walk->left != 0;
}

static void walking(chat_convo *c, const char *title, uint32_t most)
{
    struct walk walk = {most, 0};
    puts(title);
    uint32_t visited = c_chat_each(c, (chat_on_message){visit, &walk});
    printf("  %u messages, %zu bytes\n", (unsigned)visited, walk.bytes);
}

static void show_last(chat_convo *c)
{
    chat_option_event last = c_chat_last(c);
    const chat_event *e = &last.value;
    printf("last: ");
    if (!last.has) {
        printf("none");
    } else if (e->tag == CHAT_EVENT_TYPING) {
        printf("typing");
    } else if (e->tag == CHAT_EVENT_JOINED) {
        printf("joined %02x%02x", e->payload.joined[0], e->payload.joined[31]);
    } else if (e->tag == CHAT_EVENT_RENAMED) {
        printf("renamed ");
        print_text(e->payload.renamed);
        free(e->payload.renamed.ptr);
    } else {
        printf("said ");
        take_message(&e->payload.said);
    }
    putchar('\n');
}

static void post(chat_convo *c, chat_event e)
{
    printf("post: %u\n", (unsigned)c_chat_post(c, e));
    show_last(c);
}

static void posting(chat_convo *c)
{
    show_last(c);
    post(c, (chat_event){.tag = CHAT_EVENT_TYPING});
    chat_event e = {.tag = CHAT_EVENT_JOINED};
    memcpy(e.payload.joined, bob, sizeof bob);
    e.payload.joined[31] = 0x7f;
    post(c, e);
    post(c, (chat_event){.tag = CHAT_EVENT_RENAMED, .payload.renamed = text_of("tea at five")});
    e.tag = CHAT_EVENT_SAID;
    e.payload.said = (chat_message){.id = 99, .sent = 2000, .text = text_of("from elsewhere")};
    memcpy(e.payload.said.sender, bob, sizeof bob);
    post(c, e);
}

static void react(chat_convo *c, chat_reaction r)
{
    chat_option_reaction before = c_chat_react(c, r);
    printf("react, before: ");
    if (!before.has)
        puts("none");
    else if (before.value.tag == CHAT_REACTION_LIKE)
        puts("like");
    else if (before.value.tag == CHAT_REACTION_STARS)
        printf("%u stars\n", (unsigned)before.value.payload.stars);
    else
        printf("score %.2f\n", before.value.payload.score);
}

/* The topic is given away, and so comes from malloc. */
static void set_topic(chat_convo *c, const char *text)
{
    size_t len = strlen(text);
    char *topic = malloc(len + 1);
    if (topic == NULL)
        abort();
    memcpy(topic, text, len);
    chat_option_text before = c_chat_set_topic(c, topic, len);
    printf("topic, before: ");
    take_text(before);
    putchar('\n');
}

static void parse(const char *text)
{
    uint64_t number;
    int status = c_chat_parse(text, &number);
    printf("parse \"%s\": ", text);
    if (status == 0)
        printf("%" PRIu64 "\n", number);
    else
        puts(status == CHAT_EMPTY ? "empty" : "not a number");
}

static void conversation(chat_installation *ada)
{
    start(ada, "garbage");
    chat_convo *c = start(ada, "intro:bob");
    sending(c);
    reading(c);
    walking(c, "each:", 100);
    walking(c, "each, at most 2:", 2);
    posting(c);
    react(c, (chat_reaction){.tag = CHAT_REACTION_LIKE});
    react(c, (chat_reaction){.tag = CHAT_REACTION_STARS, .payload.stars = 5});
    react(c, (chat_reaction){.tag = CHAT_REACTION_SCORE, .payload.score = 2.5});
    react(c, (chat_reaction){.tag = CHAT_REACTION_LIKE});
    set_topic(c, "tea");
    set_topic(c, "");
    set_topic(c, "biscuits");
    printf("objects: %zu\n", c_chat_live());
    printf("close: %u messages\n", (unsigned)c_chat_close(c));
}

int main(void)
{
    installations();
    chat_installation *ada = open_as("ada", NULL);
    chat_text name = c_chat_name(ada);
    printf("name: %.*s\n", (int)name.len, name.ptr);
    show_nick(ada);
    printf("status: %u", (unsigned)c_chat_set_status(ada, CHAT_AWAY));
    printf(" %u", (unsigned)c_chat_set_status(ada, 200));
    printf(" %u\n", (unsigned)c_chat_set_status(ada, CHAT_OFFLINE));
    printf("negotiate: %u", (unsigned)c_chat_negotiate(ada, CHAT_VOICE | CHAT_VIDEO));
    printf(" %u\n", (unsigned)c_chat_negotiate(ada, CHAT_VOICE));
    seal(ada, "secret");
    seal(ada, "");
    conversation(ada);
    chat_installation_drop(ada);
    parse("12345");
    parse("");
    parse("12a");
    printf("live: %zu\n", c_chat_live());
    return c_chat_live() != 0;
}

/*
 * A C program that calls the chat library as it is: the functions and types of the system ABI,
 * without thunks.
 */
#include "chat.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const chat_peer_id bob = {'b', 'o', 'b'};

static void print_text(const uint8_t *text, size_t len)
{
    putchar('"');
    for (size_t i = 0; i < len; i++) {
        if (text[i] < 0x20)
            printf("\\x%02x", text[i]);
        else
            putchar(text[i]);
    }
    putchar('"');
}

static void print_message(const chat_message *m)
{
    printf("%" PRIu64 " at %" PRIu64 " from %02x%02x%02x%02x: ", m->id, m->sent, m->sender[0],
           m->sender[1], m->sender[2], m->sender[31]);
    print_text(m->text.ptr, m->text.len);
}

/* Prints an error, what the library says to it, and drops it. */
static void take_error(chat_error *e)
{
    if (e->tag == CHAT_ERROR_INVALID_BUNDLE) {
        puts("invalid bundle");
    } else if (e->tag == CHAT_ERROR_IO) {
        printf("io %d\n", (int)e->payload.io);
    } else if (e->tag == CHAT_ERROR_REJECTED) {
        const chat_rejection *r = &e->payload.rejected;
        printf("rejected: ");
        print_text(r->reason.ptr, r->reason.len);
        if (r->retry_ms.tag)
            printf(", retry in %u ms\n", (unsigned)r->retry_ms.payload.some);
        else
            puts(", do not retry");
    } else {
        puts("unknown error");
    }
    sys_string words;
    chat_describe(e, &words);
    printf("  %.*s\n", (int)words.len, (const char *)words.ptr);
    sys_string_drop(&words);
    chat_error_drop(e);
}

static chat_installation *open_as(const char *name, sys_str nick)
{
    chat_options opts = {
        .name = sys_str_from_cstr(name), .nick = nick, .want = CHAT_FILES | CHAT_VIDEO};
    opts.state = CHAT_ONLINE;
    chat_opened opened;
    printf("open \"%s\": ", name);
    if (chat_open(&opts, &opened) != SYS_OK) {
        take_error(&opened.payload.err);
        return NULL;
    }
    puts("ok");
    return opened.payload.ok;
}

static void show_nick(chat_installation *inst)
{
    sys_str nick = chat_nick(inst);
    printf("nick: ");
    if (nick.ptr == NULL)
        printf("none");
    else
        print_text(nick.ptr, nick.len);
    putchar('\n');
}

static void seal(chat_installation *inst, const char *data)
{
    sys_own_bytes sealed;
    chat_seal(inst, (const uint8_t *)data, strlen(data), &sealed);
    printf("seal: %zu bytes", sealed.len);
    for (size_t i = 0; i < sealed.len; i++)
        printf(" %02x", sealed.ptr[i]);
    putchar('\n');
    sys_own_bytes_drop(&sealed);
}

static void installations(void)
{
    const sys_str none = {NULL, 0};
    open_as("", none);
    open_as("busy", none);
    open_as("broken", none);
    chat_installation *grace = open_as("grace", sys_str_from_cstr("the admiral"));
    show_nick(grace);
    chat_installation_drop(grace);
    chat_installation *empty = open_as("nobody", sys_str_from_cstr(""));
    show_nick(empty);
    chat_installation_drop(empty);
}

static chat_convo *start(chat_installation *inst, const char *bundle)
{
    chat_started started;
    sys_str b = sys_str_from_cstr(bundle), first = sys_str_from_cstr("hello, it is me: b\xc3\xb6"
                                                                     "b");
    printf("start \"%s\": ", bundle);
    if (chat_start(inst, b.ptr, b.len, bob, first.ptr, first.len, &started) != SYS_OK) {
        take_error(&started.payload.err);
        return NULL;
    }
    puts("ok");
    return started.payload.ok;
}

static void send_text(chat_convo *c, const uint8_t *text, size_t len)
{
    chat_sent sent;
    printf("send ");
    print_text(text, len);
    printf(": ");
    if (chat_send(c, text, len, &sent) == SYS_OK)
        printf("%" PRIu64 "\n", sent.payload.ok);
    else
        take_error(&sent.payload.err);
}

static void sending(chat_convo *c)
{
    static const char *const texts[] = {
        "hi", "buy spam", "a text of more than sixty-four bytes is refused as being too long"};
    for (size_t i = 0; i < 3; i++)
        send_text(c, (const uint8_t *)texts[i], strlen(texts[i]));
    send_text(c, NULL, 0);
    send_text(c, (const uint8_t *)"nul\0inside", 10);
    chat_draft drafts[3] = {{.text = sys_str_from_cstr("first draft"), .at = {SYS_SOME, {1001}}},
                            {.text = sys_str_from_cstr("spam again")},
                            {.text = sys_str_from_cstr("second draft")}};
    printf("send all: %u of 3\n", (unsigned)chat_send_all(c, drafts, 3));
    printf("send all: %u of 0\n", (unsigned)chat_send_all(c, NULL, 0));
}

static void history(chat_convo *c, bool has_before, uint64_t before, uint32_t limit)
{
    chat_messages messages;
    chat_history(c, has_before, before, limit, &messages);
    printf("history: %zu\n", messages.len);
    for (size_t i = 0; i < messages.len; i++) {
        printf("  ");
        print_message(&messages.ptr[i]);
        putchar('\n');
        chat_message_drop(&messages.ptr[i]);
    }
    SYS_DROP_SLICE(messages);
}

static void find(chat_convo *c, const char *needle)
{
    chat_option_message found;
    printf("find \"%s\": ", needle);
    if (chat_find(c, (const uint8_t *)needle, strlen(needle), &found)) {
        print_message(&found.payload.some);
        putchar('\n');
        chat_message_drop(&found.payload.some);
    } else {
        puts("none");
    }
}

static void reading(chat_convo *c)
{
    history(c, false, 0, 100);
    history(c, true, 1030, 2);
    history(c, true, 0, 100);
    find(c, "inside");
    find(c, "nowhere");
    chat_period span = chat_span(c);
    printf("span: %" PRIu64 " to %" PRIu64 "\n", span.first, span.last);
    chat_totals totals;
    chat_count(c, &totals);
    printf("count: %" PRIu64 " messages, %" PRIu64 " bytes, longest %u, mean %.2f\n",
           totals.messages, totals.bytes, (unsigned)totals.longest, totals.mean);
    uint64_t cursor = 2;
    sys_string text;
    for (chat_next(c, &cursor, &text); text.ptr != NULL; chat_next(c, &cursor, &text)) {
        printf("next: ");
        print_text(text.ptr, text.len);
        printf(", then %" PRIu64 "\n", cursor);
        sys_string_drop(&text);
    }
    printf("next: none, still %" PRIu64 "\n", cursor);
}

struct walk {
    uint32_t left;
    size_t bytes;
};

static bool visit(const chat_message *msg, const uint8_t *who, size_t who_len, void *env)
{
    struct walk *walk = env;
    printf("  %.*s, ", (int)who_len, (const char *)who);
    print_message(msg);
    putchar('\n');
    walk->bytes += msg->text.len;
    return --walk->left != 0;
}

static void walking(chat_convo *c)
{
    struct walk all = {100, 0}, some = {2, 0};
    puts("each:");
    uint32_t visited = chat_each(c, visit, &all);
    printf("  %u messages, %zu bytes\n", (unsigned)visited, all.bytes);
    puts("each, at most 2:");
    visited = chat_each(c, visit, &some);
    printf("  %u messages, %zu bytes\n", (unsigned)visited, some.bytes);
}

static void show_last(chat_convo *c)
{
    chat_option_event last;
    printf("last: ");
    if (!chat_last(c, &last)) {
        puts("none");
        return;
    }
    const chat_event *e = &last.payload.some;
    if (e->tag == CHAT_EVENT_TYPING) {
        printf("typing");
    } else if (e->tag == CHAT_EVENT_JOINED) {
        printf("joined %02x%02x", e->payload.joined[0], e->payload.joined[31]);
    } else if (e->tag == CHAT_EVENT_RENAMED) {
        printf("renamed ");
        print_text(e->payload.renamed.ptr, e->payload.renamed.len);
    } else {
        printf("said ");
        print_message(&e->payload.said);
    }
    putchar('\n');
    chat_event_drop(&last.payload.some);
}

/* Lent texts have no owner. */
static sys_string lent(const char *text)
{
    return sys_string_adopt((void *)(uintptr_t)text, strlen(text), NULL);
}

static void posting(chat_convo *c)
{
    show_last(c);
    chat_event e = {.tag = CHAT_EVENT_TYPING};
    printf("post: %u\n", (unsigned)chat_post(c, &e));
    show_last(c);
    e.tag = CHAT_EVENT_JOINED;
    memcpy(e.payload.joined, bob, sizeof bob);
    e.payload.joined[31] = 0x7f;
    printf("post: %u\n", (unsigned)chat_post(c, &e));
    show_last(c);
    e.tag = CHAT_EVENT_RENAMED;
    e.payload.renamed = lent("tea at five");
    printf("post: %u\n", (unsigned)chat_post(c, &e));
    show_last(c);
    e.tag = CHAT_EVENT_SAID;
    e.payload.said = (chat_message){.id = 99, .sent = 2000, .text = lent("from elsewhere")};
    memcpy(e.payload.said.sender, bob, sizeof bob);
    printf("post: %u\n", (unsigned)chat_post(c, &e));
    show_last(c);
}

static void react(chat_convo *c, chat_reaction r)
{
    uint64_t word = 0;
    if (r.tag == CHAT_REACTION_STARS)
        word = r.payload.stars;
    else if (r.tag == CHAT_REACTION_SCORE)
        memcpy(&word, &r.payload.score, sizeof word);
    chat_option_reaction before;
    printf("react, before: ");
    if (!chat_react(c, r.tag, word, &before))
        puts("none");
    else if (before.payload.some.tag == CHAT_REACTION_LIKE)
        puts("like");
    else if (before.payload.some.tag == CHAT_REACTION_STARS)
        printf("%u stars\n", (unsigned)before.payload.some.payload.stars);
    else
        printf("score %.2f\n", before.payload.some.payload.score);
}

/* Texts that this program gives away. */
static int given;

static void take_back(sys_owner *self, void *ptr, size_t bytes)
{
    (void)self;
    (void)bytes;
    free(ptr);
    given--;
}

static sys_owner owner = {take_back};

static void set_topic(chat_convo *c, const char *text)
{
    sys_string before;
    size_t len = strlen(text);
    uint8_t *topic = malloc(len + 1);
    if (topic == NULL)
        abort();
    memcpy(topic, text, len + 1);
    given++;
    printf("topic, before: ");
    chat_set_topic(c, topic, len, &owner, &before);
    if (before.ptr != NULL) {
        print_text(before.ptr, before.len);
        putchar('\n');
        sys_string_drop(&before);
    } else {
        puts("none");
    }
}

static void parse(const char *text)
{
    chat_parsed parsed = chat_parse((const uint8_t *)text, strlen(text));
    printf("parse \"%s\": ", text);
    if (parsed.tag == SYS_OK)
        printf("%" PRIu64 "\n", parsed.value);
    else
        puts(parsed.value == CHAT_EMPTY ? "empty" : "not a number");
}

static void conversation(chat_installation *ada)
{
    start(ada, "garbage");
    chat_convo *c = start(ada, "intro:bob");
    sending(c);
    reading(c);
    walking(c);
    posting(c);
    react(c, (chat_reaction){.tag = CHAT_REACTION_LIKE});
    react(c, (chat_reaction){.tag = CHAT_REACTION_STARS, .payload.stars = 5});
    react(c, (chat_reaction){.tag = CHAT_REACTION_SCORE, .payload.score = 2.5});
    react(c, (chat_reaction){.tag = CHAT_REACTION_LIKE});
    set_topic(c, "tea");
    set_topic(c, "");
    set_topic(c, "biscuits");
    printf("objects: %zu\n", chat_live());
    printf("close: %u messages\n", (unsigned)chat_close(c));
}

int main(void)
{
    installations();
    chat_installation *ada = open_as("ada", (sys_str){NULL, 0});
    sys_str name = chat_name(ada);
    printf("name: %.*s\n", (int)name.len, (const char *)name.ptr);
    show_nick(ada);
    printf("status: %u", (unsigned)chat_set_status(ada, CHAT_AWAY));
    printf(" %u", (unsigned)chat_set_status(ada, 200));
    printf(" %u\n", (unsigned)chat_set_status(ada, CHAT_OFFLINE));
    printf("negotiate: %u", (unsigned)chat_negotiate(ada, CHAT_VOICE | CHAT_VIDEO));
    printf(" %u\n", (unsigned)chat_negotiate(ada, CHAT_VOICE));
    seal(ada, "secret");
    seal(ada, "");
    conversation(ada);
    chat_installation_drop(ada);
    parse("12345");
    parse("");
    parse("12a");
    if (given != 0)
        printf("%d texts that were given away are not back\n", given);
    printf("live: %zu\n", chat_live());
    return given != 0 || chat_live() != 0;
}

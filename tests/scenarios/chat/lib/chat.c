/*
 * The chat library in C. Like its twin chat.rs it counts what it gave away and has not got back:
 * objects, and buffers that carry its owner word.
 */
#include "chat.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static size_t live;

/* Memory that fails ends the program: this is no test of that. */
static void *take(size_t bytes)
{
    void *memory = calloc(1, bytes == 0 ? 1 : bytes);
    if (memory == NULL)
        abort();
    return memory;
}

static void release(sys_owner *self, void *ptr, size_t bytes)
{
    (void)self;
    memset(ptr, 0xdd, bytes); /* who still reads it is found out */
    free(ptr);
    live--;
}

static sys_owner owner = {release};

static sys_string own_bytes(const void *data, size_t len)
{
    if (len == 0)
        return (sys_string){NULL, 0, NULL}; /* the pointer of nothing has no meaning */
    uint8_t *copy = take(len);
    memcpy(copy, data, len);
    live++;
    return (sys_string){copy, len, &owner};
}

static sys_string own_text(const char *text)
{
    return own_bytes(text, strlen(text));
}

/* A text that is there has an address where none would be a null pointer, even an empty text. */
static uint8_t nothing;

void chat_error_drop(chat_error *e)
{
    if (e->tag == CHAT_ERROR_REJECTED)
        sys_string_drop(&e->payload.rejected.reason);
}

void chat_message_drop(chat_message *m)
{
    sys_string_drop(&m->text);
}

void chat_event_drop(chat_event *e)
{
    if (e->tag == CHAT_EVENT_RENAMED)
        sys_string_drop(&e->payload.renamed);
    else if (e->tag == CHAT_EVENT_SAID)
        chat_message_drop(&e->payload.said);
}

/* A text of the library's own, which is not counted: nobody else can see it. */
struct text {
    uint8_t *ptr;
    size_t len;
};

static struct text keep(const uint8_t *ptr, size_t len)
{
    struct text kept = {take(len), len};
    if (len != 0)
        memcpy(kept.ptr, ptr, len);
    return kept;
}

struct entry {
    uint64_t id, sent;
    chat_peer_id sender;
    struct text text;
};

struct chat_installation {
    struct text name, nick;
    bool has_nick;
    chat_caps want;
    chat_status state;
    size_t uses; /* one of its own, one for each conversation */
};

struct chat_convo {
    chat_installation *inst;
    struct entry *entries;
    size_t entry_count;
    uint32_t posted;
    bool has_last, has_reaction;
    struct entry last_said;
    struct text last_renamed;
    chat_event last; /* whose texts are the two above */
    chat_reaction reaction;
    sys_string topic;
};

static bool is_text(const uint8_t *ptr, size_t len, const char *text)
{
    return len == strlen(text) && (len == 0 || memcmp(ptr, text, len) == 0);
}

static bool has_text(const uint8_t *ptr, size_t len, const uint8_t *needle, size_t needle_len)
{
    for (size_t i = 0; needle_len + i <= len; i++)
        if (needle_len == 0 || memcmp(ptr + i, needle, needle_len) == 0)
            return true;
    return false;
}

static chat_error rejected(const char *reason, uint32_t retry_ms)
{
    chat_error e = {.tag = CHAT_ERROR_REJECTED};
    e.payload.rejected.reason = own_text(reason);
    e.payload.rejected.retry_ms = (chat_option_u32){retry_ms != 0, {retry_ms}};
    return e;
}

static chat_error io(int32_t number)
{
    return (chat_error){.tag = CHAT_ERROR_IO, .payload.io = number};
}

uint32_t chat_open(const chat_options *opts, chat_opened *out)
{
    const sys_str name = opts->name;
    *out = (chat_opened){.tag = SYS_ERR};
    if (name.len == 0) {
        out->payload.err = rejected("a name is needed", 0);
        return SYS_ERR;
    }
    if (is_text(name.ptr, name.len, "busy")) {
        out->payload.err = rejected("too many installations", 250);
        return SYS_ERR;
    }
    if (is_text(name.ptr, name.len, "broken")) {
        out->payload.err = io(5);
        return SYS_ERR;
    }
    chat_installation *inst = take(sizeof *inst);
    inst->name = keep(name.ptr, name.len);
    inst->has_nick = opts->nick.ptr != NULL;
    if (inst->has_nick)
        inst->nick = keep(opts->nick.ptr, opts->nick.len);
    inst->want = opts->want;
    inst->state = opts->state;
    inst->uses = 1;
    live++;
    out->tag = SYS_OK;
    out->payload.ok = inst;
    return SYS_OK;
}

void chat_installation_drop(chat_installation *inst)
{
    if (--inst->uses != 0)
        return;
    free(inst->name.ptr);
    free(inst->nick.ptr);
    free(inst);
    live--;
}

sys_str chat_name(chat_installation *inst)
{
    return (sys_str){inst->name.ptr, inst->name.len};
}

sys_str chat_nick(chat_installation *inst)
{
    if (!inst->has_nick)
        return (sys_str){NULL, 0};
    return (sys_str){inst->nick.ptr, inst->nick.len};
}

chat_status chat_set_status(chat_installation *inst, chat_status now)
{
    chat_status before = inst->state;
    inst->state = now;
    return before;
}

chat_caps chat_negotiate(chat_installation *inst, chat_caps theirs)
{
    return inst->want & theirs;
}

void chat_seal(chat_installation *inst, const uint8_t *data, size_t data_len, sys_own_bytes *out)
{
    struct text sealed = keep(data, data_len);
    for (size_t i = 0; i < data_len; i++)
        sealed.ptr[i] ^= inst->name.ptr[i % inst->name.len];
    sys_string owned = own_bytes(sealed.ptr, sealed.len);
    *out = sys_own_bytes_adopt(owned.ptr, owned.len, owned.owner);
    free(sealed.ptr);
}

/* The identity that an installation sends under. */
static void own_id(const chat_installation *inst, chat_peer_id id)
{
    for (size_t i = 0; i < sizeof(chat_peer_id); i++)
        id[i] = inst->name.ptr[i % inst->name.len];
}

static uint64_t append(chat_convo *c, const chat_peer_id sender, const uint64_t *at,
                       const uint8_t *text, size_t text_len)
{
    c->entries = realloc(c->entries, (c->entry_count + 1) * sizeof *c->entries);
    if (c->entries == NULL)
        abort();
    struct entry *entry = &c->entries[c->entry_count++];
    entry->id = c->entry_count;
    entry->sent = at == NULL ? 1000 + 10 * entry->id : *at;
    memcpy(entry->sender, sender, sizeof(chat_peer_id));
    entry->text = keep(text, text_len);
    return entry->id;
}

uint32_t chat_start(chat_installation *inst, const uint8_t *bundle, size_t bundle_len,
                    const uint8_t *peer, const uint8_t *first, size_t first_len, chat_started *out)
{
    *out = (chat_started){.tag = SYS_ERR};
    if (bundle_len < 6 || memcmp(bundle, "intro:", 6) != 0) {
        out->payload.err.tag = CHAT_ERROR_INVALID_BUNDLE;
        return SYS_ERR;
    }
    chat_convo *c = take(sizeof *c);
    c->inst = inst;
    inst->uses++;
    live++;
    if (first_len != 0)
        append(c, peer, NULL, first, first_len);
    out->tag = SYS_OK;
    out->payload.ok = c;
    return SYS_OK;
}

void chat_convo_drop(chat_convo *c)
{
    for (size_t i = 0; i < c->entry_count; i++)
        free(c->entries[i].text.ptr);
    free(c->entries);
    free(c->last_said.text.ptr);
    free(c->last_renamed.ptr);
    sys_string_drop(&c->topic);
    chat_installation_drop(c->inst);
    free(c);
    live--;
}

static bool is_spam(const uint8_t *text, size_t len)
{
    return has_text(text, len, (const uint8_t *)"spam", 4);
}

uint32_t chat_send(chat_convo *c, const uint8_t *text, size_t text_len, chat_sent *out)
{
    *out = (chat_sent){.tag = SYS_ERR};
    if (is_spam(text, text_len)) {
        out->payload.err = rejected("that is spam", 60000);
        return SYS_ERR;
    }
    if (text_len > 64) {
        out->payload.err = io(90);
        return SYS_ERR;
    }
    chat_peer_id sender;
    own_id(c->inst, sender);
    out->tag = SYS_OK;
    out->payload.ok = append(c, sender, NULL, text, text_len);
    return SYS_OK;
}

uint32_t chat_send_all(chat_convo *c, const chat_draft *drafts, size_t drafts_len)
{
    uint32_t accepted = 0;
    chat_peer_id sender;
    own_id(c->inst, sender);
    for (size_t i = 0; i < drafts_len; i++) {
        const chat_draft *draft = &drafts[i];
        if (is_spam(draft->text.ptr, draft->text.len))
            continue;
        append(c, sender, draft->at.tag ? &draft->at.payload.some : NULL, draft->text.ptr,
               draft->text.len);
        accepted++;
    }
    return accepted;
}

static chat_message give(const struct entry *entry)
{
    chat_message m = {.id = entry->id, .sent = entry->sent};
    memcpy(m.sender, entry->sender, sizeof m.sender);
    m.text = own_bytes(entry->text.ptr, entry->text.len);
    return m;
}

void chat_history(chat_convo *c, uint32_t before_tag, uint64_t before, uint32_t limit,
                  chat_messages *out)
{
    chat_message *messages = take(c->entry_count * sizeof *messages);
    size_t count = 0;
    for (size_t i = c->entry_count; i-- > 0 && count < limit;)
        if (before_tag == 0 || c->entries[i].sent < before)
            messages[count++] = give(&c->entries[i]);
    if (count == 0) {
        free(messages);
        *out = (chat_messages){NULL, 0, NULL};
        return;
    }
    live++;
    *out = (chat_messages){messages, count, &owner};
}

uint32_t chat_find(chat_convo *c, const uint8_t *needle, size_t needle_len,
                   chat_option_message *out)
{
    *out = (chat_option_message){.tag = 0};
    for (size_t i = 0; i < c->entry_count; i++) {
        const struct text *text = &c->entries[i].text;
        if (has_text(text->ptr, text->len, needle, needle_len)) {
            out->tag = 1;
            out->payload.some = give(&c->entries[i]);
            break;
        }
    }
    return out->tag;
}

chat_period chat_span(chat_convo *c)
{
    chat_period span = {0, 0};
    for (size_t i = 0; i < c->entry_count; i++) {
        uint64_t sent = c->entries[i].sent;
        if (i == 0 || sent < span.first)
            span.first = sent;
        if (sent > span.last)
            span.last = sent;
    }
    return span;
}

void chat_count(chat_convo *c, chat_totals *into)
{
    *into = (chat_totals){.messages = c->entry_count};
    for (size_t i = 0; i < c->entry_count; i++) {
        size_t len = c->entries[i].text.len;
        into->bytes += len;
        if (len > into->longest)
            into->longest = (uint32_t)len;
    }
    if (c->entry_count != 0)
        into->mean = (double)into->bytes / (double)into->messages;
}

void chat_next(chat_convo *c, uint64_t *cursor, sys_string *out)
{
    *out = (sys_string){NULL, 0, NULL};
    if (*cursor >= c->entry_count)
        return;
    const struct text *text = &c->entries[(*cursor)++].text;
    *out = own_bytes(text->ptr, text->len);
    if (out->ptr == NULL)
        out->ptr = &nothing;
}

uint32_t chat_each(chat_convo *c, chat_visit *visit_fn, void *visit_env)
{
    uint32_t visited = 0;
    chat_peer_id me;
    own_id(c->inst, me);
    for (size_t i = 0; i < c->entry_count; i++) {
        const struct entry *entry = &c->entries[i];
        chat_message m = {.id = entry->id, .sent = entry->sent};
        memcpy(m.sender, entry->sender, sizeof m.sender);
        m.text = (sys_string){entry->text.ptr, entry->text.len, NULL}; /* lent */
        const char *who = memcmp(me, entry->sender, sizeof me) == 0 ? "me" : "the other";
        visited++;
        if (!visit_fn(&m, (const uint8_t *)who, strlen(who), visit_env))
            break;
    }
    return visited;
}

uint32_t chat_post(chat_convo *c, const chat_event *what)
{
    free(c->last_said.text.ptr);
    free(c->last_renamed.ptr);
    c->last_said.text.ptr = c->last_renamed.ptr = NULL;
    c->last = *what;
    c->has_last = true;
    if (what->tag == CHAT_EVENT_RENAMED) {
        const sys_string *text = &what->payload.renamed;
        c->last_renamed = keep(text->ptr, text->len);
    } else if (what->tag == CHAT_EVENT_SAID) {
        const chat_message *m = &what->payload.said;
        append(c, m->sender, &m->sent, m->text.ptr, m->text.len);
        c->last_said = (struct entry){.id = m->id, .sent = m->sent};
        memcpy(c->last_said.sender, m->sender, sizeof m->sender);
        c->last_said.text = keep(m->text.ptr, m->text.len);
    }
    return ++c->posted;
}

uint32_t chat_last(chat_convo *c, chat_option_event *out)
{
    *out = (chat_option_event){.tag = c->has_last};
    if (!c->has_last)
        return 0;
    out->payload.some = c->last;
    if (c->last.tag == CHAT_EVENT_RENAMED)
        out->payload.some.payload.renamed = own_bytes(c->last_renamed.ptr, c->last_renamed.len);
    else if (c->last.tag == CHAT_EVENT_SAID)
        out->payload.some.payload.said = give(&c->last_said);
    return 1;
}

uint32_t chat_react(chat_convo *c, uint32_t r_tag, uint64_t r, chat_option_reaction *out)
{
    *out = (chat_option_reaction){.tag = c->has_reaction, .payload.some = c->reaction};
    c->has_reaction = true;
    c->reaction = (chat_reaction){.tag = (uint8_t)r_tag};
    if (r_tag == CHAT_REACTION_STARS)
        c->reaction.payload.stars = (uint32_t)r;
    else if (r_tag == CHAT_REACTION_SCORE)
        memcpy(&c->reaction.payload.score, &r, sizeof r);
    return out->tag;
}

/* The text is kept as it came, and given back as it came. */
void chat_set_topic(chat_convo *c, uint8_t *topic, size_t topic_len, sys_owner *topic_owner,
                    sys_string *out)
{
    *out = c->topic; /* a null pointer if there was none */
    c->topic = (sys_string){topic, topic_len, topic_owner};
    if (topic_len == 0) {
        sys_string_drop(&c->topic);
        c->topic.ptr = &nothing;
    }
}

uint32_t chat_close(chat_convo *c)
{
    uint32_t count = (uint32_t)c->entry_count;
    chat_convo_drop(c);
    return count;
}

void chat_describe(const chat_error *e, sys_string *out)
{
    char text[160];
    if (e->tag == CHAT_ERROR_INVALID_BUNDLE) {
        snprintf(text, sizeof text, "the bundle is invalid");
    } else if (e->tag == CHAT_ERROR_IO) {
        snprintf(text, sizeof text, "input or output failed: %d", (int)e->payload.io);
    } else if (e->tag == CHAT_ERROR_REJECTED) {
        const chat_rejection *r = &e->payload.rejected;
        int len = (int)(r->reason.len < 100 ? r->reason.len : 100);
        int end =
            snprintf(text, sizeof text, "rejected, because %.*s", len, (const char *)r->reason.ptr);
        if (r->retry_ms.tag)
            snprintf(text + end, sizeof text - (size_t)end, ", for %u ms",
                     (unsigned)r->retry_ms.payload.some);
    } else {
        snprintf(text, sizeof text, "an unknown error, %u", (unsigned)e->tag);
    }
    *out = own_text(text);
}

chat_parsed chat_parse(const uint8_t *text, size_t text_len)
{
    uint64_t number = 0;
    if (text_len == 0)
        return (chat_parsed){SYS_ERR, CHAT_EMPTY};
    for (size_t i = 0; i < text_len; i++) {
        if (text[i] < '0' || text[i] > '9')
            return (chat_parsed){SYS_ERR, CHAT_NOT_A_NUMBER};
        number = number * 10 + (uint64_t)(text[i] - '0');
    }
    return (chat_parsed){SYS_OK, number};
}

size_t chat_live(void)
{
    return live;
}

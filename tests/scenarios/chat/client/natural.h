/*
 * The chat library as C would have it: no owner words, texts as pointer and length or up to a NUL,
 * results by value or as a status. What is given away comes from malloc, and goes to free. The
 * functions are the thunks that abide makes from chat.abi.yaml.
 */
#ifndef CHAT_NATURAL_H
#define CHAT_NATURAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct chat_installation chat_installation;
typedef struct chat_convo chat_convo;

typedef uint8_t chat_peer_id[32];
typedef uint64_t chat_unix_ms;
typedef uint8_t chat_status;
enum { CHAT_OFFLINE, CHAT_ONLINE, CHAT_AWAY };
typedef uint32_t chat_caps;
enum { CHAT_FILES = 1, CHAT_VOICE = 2, CHAT_VIDEO = 4 };

typedef struct chat_text {
    char *ptr;
    size_t len;
} chat_text;
typedef struct chat_bytes {
    uint8_t *ptr;
    size_t len;
} chat_bytes;
typedef struct chat_option_text {
    bool has;
    chat_text value;
} chat_option_text;
typedef struct chat_option_u32 {
    bool has;
    uint32_t value;
} chat_option_u32;
typedef struct chat_option_u64 {
    bool has;
    uint64_t value;
} chat_option_u64;

typedef struct chat_options {
    chat_text name;
    chat_option_text nick;
    chat_caps want;
    chat_status state;
} chat_options;

typedef struct chat_rejection {
    chat_text reason;
    chat_option_u32 retry_ms;
} chat_rejection;

enum { CHAT_ERROR_INVALID_BUNDLE, CHAT_ERROR_IO, CHAT_ERROR_REJECTED };
typedef struct chat_error {
    unsigned tag;
    union {
        int32_t io;
        chat_rejection rejected;
        uint64_t reserved[7];
    } payload;
} chat_error;

typedef enum { CHAT_EMPTY = 1, CHAT_NOT_A_NUMBER } chat_parse_error;

typedef struct chat_draft {
    chat_text text;
    chat_option_u64 at;
} chat_draft;

typedef struct chat_message {
    uint64_t id;
    chat_peer_id sender;
    uint64_t sent;
    chat_text text;
} chat_message;
typedef struct chat_messages {
    chat_message *ptr;
    size_t len;
} chat_messages;
typedef struct chat_option_message {
    bool has;
    chat_message value;
} chat_option_message;

enum { CHAT_EVENT_TYPING, CHAT_EVENT_JOINED, CHAT_EVENT_RENAMED, CHAT_EVENT_SAID };
typedef struct chat_event {
    unsigned tag;
    union {
        chat_peer_id joined;
        chat_text renamed;
        chat_message said;
    } payload;
} chat_event;
typedef struct chat_option_event {
    bool has;
    chat_event value;
} chat_option_event;

enum { CHAT_REACTION_LIKE, CHAT_REACTION_STARS, CHAT_REACTION_SCORE };
typedef struct chat_reaction {
    unsigned tag;
    union {
        uint32_t stars;
        double score;
    } payload;
} chat_reaction;
typedef struct chat_option_reaction {
    bool has;
    chat_reaction value;
} chat_option_reaction;

typedef struct chat_period {
    uint64_t first, last;
} chat_period;
typedef struct chat_totals {
    uint64_t messages, bytes;
    uint32_t longest;
    double mean;
} chat_totals;

enum { CHAT_OK, CHAT_ERR };
typedef struct chat_opened {
    unsigned tag;
    union {
        chat_installation *ok;
        chat_error err;
    } payload;
} chat_opened;
typedef struct chat_started {
    unsigned tag;
    union {
        chat_convo *ok;
        chat_error err;
    } payload;
} chat_started;
typedef struct chat_sent {
    unsigned tag;
    union {
        uint64_t ok;
        chat_error err;
    } payload;
} chat_sent;

typedef struct chat_on_message {
    bool (*code)(chat_message msg, const char *who, size_t who_len, void *env);
    void *env;
} chat_on_message;

void chat_installation_drop(chat_installation *inst);

chat_opened c_chat_open(chat_options opts);
chat_text c_chat_name(chat_installation *inst);
chat_option_text c_chat_nick(chat_installation *inst);
chat_status c_chat_set_status(chat_installation *inst, chat_status now);
chat_caps c_chat_negotiate(chat_installation *inst, chat_caps theirs);
chat_bytes c_chat_seal(chat_installation *inst, const uint8_t *data, size_t data_len);
chat_started c_chat_start(chat_installation *inst, const uint8_t *bundle, size_t bundle_len,
                          const uint8_t *peer, const char *first, size_t first_len);
chat_sent c_chat_send(chat_convo *c, const char *text, size_t text_len);
uint32_t c_chat_send_all(chat_convo *c, const chat_draft *drafts, size_t drafts_len);
chat_messages c_chat_history(chat_convo *c, chat_option_u64 before, uint32_t limit);
chat_option_message c_chat_find(chat_convo *c, const char *needle);
chat_period c_chat_span(chat_convo *c);
void c_chat_count(chat_convo *c, chat_totals *into);
chat_option_text c_chat_next(chat_convo *c, uint64_t *cursor);
uint32_t c_chat_each(chat_convo *c, chat_on_message visit);
uint32_t c_chat_post(chat_convo *c, chat_event what);
chat_option_event c_chat_last(chat_convo *c);
chat_option_reaction c_chat_react(chat_convo *c, chat_reaction r);
chat_option_text c_chat_set_topic(chat_convo *c, char *topic, size_t topic_len);
uint32_t c_chat_close(chat_convo *c);
char *c_chat_describe(chat_error e);
int c_chat_parse(const char *text, uint64_t *result);
size_t c_chat_live(void);

#endif

/*
 * The chat library in C, written by hand from the rules of the system ABI: what chat.abi.yaml
 * becomes. agree.py compares it with what abide makes of the same file.
 */
#ifndef CHAT_H
#define CHAT_H

#include "abide/system.h"

typedef struct chat_installation chat_installation;
typedef struct chat_convo chat_convo;

typedef uint8_t chat_peer_id[32];
typedef uint8_t chat_status; /* open: other values are legal */
enum { CHAT_OFFLINE, CHAT_ONLINE, CHAT_AWAY };
typedef uint32_t chat_caps; /* open */
enum { CHAT_FILES = 1, CHAT_VOICE = 2, CHAT_VIDEO = 4 };

typedef struct chat_options {
    sys_str name;
    sys_str nick; /* option: a null pointer is none */
    chat_caps want;
    chat_status state;
} chat_options;

typedef SYS_OPTION(uint32_t) chat_option_u32;
typedef SYS_OPTION(uint64_t) chat_option_u64;

typedef struct chat_rejection {
    sys_string reason;
    chat_option_u32 retry_ms;
} chat_rejection;

enum { CHAT_ERROR_INVALID_BUNDLE, CHAT_ERROR_IO, CHAT_ERROR_REJECTED };
typedef SYS_OPEN_VARIANT(56, 8, int32_t io; chat_rejection rejected;) chat_error;

enum { CHAT_EMPTY = 1, CHAT_NOT_A_NUMBER = 2 };

typedef struct chat_draft {
    sys_str text;
    chat_option_u64 at;
} chat_draft;

typedef struct chat_message {
    uint64_t id;
    chat_peer_id sender;
    uint64_t sent;
    sys_string text;
} chat_message;
typedef SYS_OWN_SLICE(chat_message) chat_messages;
typedef SYS_OPTION(chat_message) chat_option_message;

enum { CHAT_EVENT_TYPING, CHAT_EVENT_JOINED, CHAT_EVENT_RENAMED, CHAT_EVENT_SAID };
typedef SYS_VARIANT(uint8_t, chat_peer_id joined; sys_string renamed;
                    chat_message said;) chat_event;
typedef SYS_OPTION(chat_event) chat_option_event;

enum { CHAT_REACTION_LIKE, CHAT_REACTION_STARS, CHAT_REACTION_SCORE };
typedef SYS_VARIANT(uint8_t, uint32_t stars; double score;) chat_reaction;
typedef SYS_OPTION(chat_reaction) chat_option_reaction;

typedef struct chat_period {
    uint64_t first, last;
} chat_period;

typedef struct chat_totals {
    uint64_t messages, bytes;
    uint32_t longest;
    double mean;
} chat_totals;

typedef SYS_RESULT(chat_installation *, chat_error) chat_opened;
typedef SYS_RESULT(chat_convo *, chat_error) chat_started;
typedef SYS_RESULT(uint64_t, chat_error) chat_sent;

/* What a result of two words is returned as: the tag, and the number or the error. */
typedef SYS_TAGGED(uint64_t) chat_parsed;

typedef bool chat_visit(const chat_message *msg, const uint8_t *who, size_t who_len, void *env);

/* Objects. */
void chat_installation_drop(chat_installation *inst);
void chat_convo_drop(chat_convo *c);
/* What a value owns; the storage of the value itself stays. */
void chat_error_drop(chat_error *e);
void chat_message_drop(chat_message *m);
void chat_event_drop(chat_event *e);

/* prototypes: begin */
uint32_t chat_open(const chat_options *opts, chat_opened *out);
sys_str chat_name(chat_installation *inst);
sys_str chat_nick(chat_installation *inst);
chat_status chat_set_status(chat_installation *inst, chat_status now);
chat_caps chat_negotiate(chat_installation *inst, chat_caps theirs);
void chat_seal(chat_installation *inst, const uint8_t *data, size_t data_len, sys_own_bytes *out);
uint32_t chat_start(chat_installation *inst, const uint8_t *bundle, size_t bundle_len,
                    const uint8_t *peer, const uint8_t *first, size_t first_len, chat_started *out);
uint32_t chat_send(chat_convo *c, const uint8_t *text, size_t text_len, chat_sent *out);
uint32_t chat_send_all(chat_convo *c, const chat_draft *drafts, size_t drafts_len);
void chat_history(chat_convo *c, uint32_t before_tag, uint64_t before, uint32_t limit,
                  chat_messages *out);
uint32_t chat_find(chat_convo *c, const uint8_t *needle, size_t needle_len,
                   chat_option_message *out);
chat_period chat_span(chat_convo *c);
void chat_count(chat_convo *c, chat_totals *into);
void chat_next(chat_convo *c, uint64_t *cursor, sys_string *out);
uint32_t chat_each(chat_convo *c, chat_visit *visit_fn, void *visit_env);
uint32_t chat_post(chat_convo *c, const chat_event *what);
uint32_t chat_last(chat_convo *c, chat_option_event *out);
uint32_t chat_react(chat_convo *c, uint32_t r_tag, uint64_t r, chat_option_reaction *out);
void chat_set_topic(chat_convo *c, uint8_t *topic, size_t topic_len, sys_owner *topic_owner,
                    sys_string *out);
uint32_t chat_close(chat_convo *c);
void chat_describe(const chat_error *e, sys_string *out);
chat_parsed chat_parse(const uint8_t *text, size_t text_len);
size_t chat_live(void);
/* prototypes: end */

#endif

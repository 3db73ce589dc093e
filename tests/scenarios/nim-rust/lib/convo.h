/* The conversations library as C sees it: what convo.abi.yaml describes. */
#ifndef CONVO_H
#define CONVO_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct Context Context;
typedef struct {
    const uint8_t *ptr;
    size_t len;
} ByteSlice; /* 16 bytes */
typedef struct {
    uint8_t *ptr;
    size_t len;
    size_t cap;
} ByteVec; /* 24 bytes */
typedef struct {
    uint8_t *ptr;
    size_t len;
    size_t cap;
} ReprString; /* 24 bytes */
typedef struct {
    ReprString address;
    ByteVec data;
} Payload; /* 48 bytes */
typedef struct {
    Payload *ptr;
    size_t len;
    size_t cap;
} PayloadVec; /* 24 bytes */
typedef struct {
    int32_t error_code;
    ByteVec intro_bytes;
} IntroResult; /* 32 bytes */
typedef struct {
    int32_t error_code;
    ReprString convo_id;
    PayloadVec payloads;
} ConvoResult; /* 56 bytes */
typedef struct {
    int32_t error_code;
    PayloadVec payloads;
} SendResult; /* 32 bytes */
typedef struct {
    int32_t error_code;
    ReprString convo_id;
    ByteVec content;
    bool is_new_convo;
} HandleResult; /* 64 bytes */
typedef struct {
    uint64_t id;
    uint32_t kind;
    bool urgent;
    double score;
    uint8_t tag[40];
} Envelope; /* 64 bytes */
typedef struct {
    double x, y, z;
} Vec3; /* 24 bytes */
typedef struct {
    double w, x, y, z;
} Quat; /* 32 bytes */
typedef struct {
    int64_t cell[5];
} Row; /* 40 bytes */
typedef Envelope (*EnvelopeFn)(void *user, Envelope env, uint32_t n);

Context *create_context(ReprString name);
ReprString installation_name(Context *c);
void destroy_string(ReprString s);
void destroy_context(Context *c);
IntroResult create_intro_bundle(Context *c);
ConvoResult create_new_private_convo(Context *c, ByteSlice bundle, ByteSlice content);
SendResult send_content(Context *c, ReprString convo_id, ByteSlice content);
HandleResult handle_payload(Context *c, ByteSlice payload);
uint64_t relay_envelope(Context *c, Envelope env, uint32_t salt);
Envelope stamp_envelope(Context *c, Envelope env);
Vec3 scale_vec3(Vec3 v, double k);
Quat turn_quat(Quat q, double k);
Row mirror_row(const Row *row);
uint64_t scrub_envelope(Envelope env);
void destroy_intro_result(IntroResult r);
void destroy_convo_result(ConvoResult r);
void destroy_send_result(SendResult r);
void destroy_handle_result(HandleResult r);
void destroy_intro_result_ptr(IntroResult *r);
void destroy_convo_result_ptr(ConvoResult *r);
void destroy_send_result_ptr(SendResult *r);
void destroy_handle_result_ptr(HandleResult *r);
Envelope map_envelope(EnvelopeFn f, void *user, Envelope env, uint32_t times);
size_t convo_live(void);
void control_intro(Context *c, IntroResult *out);
#endif

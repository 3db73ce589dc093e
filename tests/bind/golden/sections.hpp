// words in C++. Made by abide bind cpp: change the interface file instead.
#ifndef ABIDE_WORDS_H
#define ABIDE_WORDS_H

#include <cstddef>
#include <cstdint>

#define ABIDE_ASSERT static_assert
#define ABIDE_STRING_(x) #x
#define ABIDE_STRING(x) ABIDE_STRING_(x)
#define ABIDE_SYMBOL(name) ABIDE_STRING(__USER_LABEL_PREFIX__) name

/* What is not the same on all targets stands in sections. */
#if (defined(__i386__) && defined(__linux__)) || \
    (defined(__arm__) && defined(__ARM_PCS_VFP) && defined(__linux__) && !defined(__ARMEB__))
#define ABIDE_SECTION 1
#elif (defined(__x86_64__) && defined(__linux__) && !defined(__ILP32__)) || \
    (defined(__aarch64__) && defined(__linux__) && !defined(__AARCH64EB__) && !defined(__ILP32__)) || \
    (defined(__s390x__) && defined(__linux__)) || \
    (defined(__powerpc64__) && defined(__LITTLE_ENDIAN__) && defined(__linux__))
#define ABIDE_SECTION 2
#else
#error "this binding is not for this target"
#endif

typedef struct item_payload_a item_payload_a;
#ifndef ABIDE_HAS_sys_str
typedef struct sys_str sys_str;
#endif
typedef union item_payload item_payload;
typedef struct item item;

struct item_payload_a {
    uint32_t x;
    float y;
};

#ifndef ABIDE_HAS_sys_str
#define ABIDE_HAS_sys_str
struct sys_str {
    const uint8_t *ptr;
    size_t len;
};
#endif

union item_payload {
    ::item_payload_a a;
    ::sys_str b;
};

struct item {
    uint8_t tag;
    ::item_payload payload;
};

extern "C" {

#if ABIDE_SECTION == 1
/// tell(it item, k u32) -> u32
uint32_t words_tell(uint32_t it_tag, uint32_t it_0, uint32_t it_1, uint32_t k);
#elif ABIDE_SECTION == 2
/// tell(it item, k u32) -> u32
uint32_t words_tell(uint32_t it_tag, uint64_t it_0, uint64_t it_1, uint32_t k);
#endif

}

#if (defined(__i386__) && defined(__linux__)) || \
    (defined(__arm__) && defined(__ARM_PCS_VFP) && defined(__linux__) && !defined(__ARMEB__))
ABIDE_ASSERT(sizeof(item_payload_a) == 8, "item_payload_a: size");
ABIDE_ASSERT(alignof(item_payload_a) == 4, "item_payload_a: alignment");
ABIDE_ASSERT(offsetof(item_payload_a, x) == 0, "item_payload_a: offset of x");
ABIDE_ASSERT(offsetof(item_payload_a, y) == 4, "item_payload_a: offset of y");
ABIDE_ASSERT(sizeof(sys_str) == 8, "sys_str: size");
ABIDE_ASSERT(alignof(sys_str) == 4, "sys_str: alignment");
ABIDE_ASSERT(offsetof(sys_str, ptr) == 0, "sys_str: offset of ptr");
ABIDE_ASSERT(offsetof(sys_str, len) == 4, "sys_str: offset of len");
ABIDE_ASSERT(sizeof(item_payload) == 8, "item_payload: size");
ABIDE_ASSERT(alignof(item_payload) == 4, "item_payload: alignment");
ABIDE_ASSERT(offsetof(item_payload, a) == 0, "item_payload: offset of a");
ABIDE_ASSERT(offsetof(item_payload, b) == 0, "item_payload: offset of b");
ABIDE_ASSERT(sizeof(item) == 12, "item: size");
ABIDE_ASSERT(alignof(item) == 4, "item: alignment");
ABIDE_ASSERT(offsetof(item, tag) == 0, "item: offset of tag");
ABIDE_ASSERT(offsetof(item, payload) == 4, "item: offset of payload");
#endif

#if (defined(__x86_64__) && defined(__linux__) && !defined(__ILP32__)) || \
    (defined(__aarch64__) && defined(__linux__) && !defined(__AARCH64EB__) && !defined(__ILP32__)) || \
    (defined(__s390x__) && defined(__linux__)) || \
    (defined(__powerpc64__) && defined(__LITTLE_ENDIAN__) && defined(__linux__))
ABIDE_ASSERT(sizeof(item_payload_a) == 8, "item_payload_a: size");
ABIDE_ASSERT(alignof(item_payload_a) == 4, "item_payload_a: alignment");
ABIDE_ASSERT(offsetof(item_payload_a, x) == 0, "item_payload_a: offset of x");
ABIDE_ASSERT(offsetof(item_payload_a, y) == 4, "item_payload_a: offset of y");
ABIDE_ASSERT(sizeof(sys_str) == 16, "sys_str: size");
ABIDE_ASSERT(alignof(sys_str) == 8, "sys_str: alignment");
ABIDE_ASSERT(offsetof(sys_str, ptr) == 0, "sys_str: offset of ptr");
ABIDE_ASSERT(offsetof(sys_str, len) == 8, "sys_str: offset of len");
ABIDE_ASSERT(sizeof(item_payload) == 16, "item_payload: size");
ABIDE_ASSERT(alignof(item_payload) == 8, "item_payload: alignment");
ABIDE_ASSERT(offsetof(item_payload, a) == 0, "item_payload: offset of a");
ABIDE_ASSERT(offsetof(item_payload, b) == 0, "item_payload: offset of b");
ABIDE_ASSERT(sizeof(item) == 24, "item: size");
ABIDE_ASSERT(alignof(item) == 8, "item: alignment");
ABIDE_ASSERT(offsetof(item, tag) == 0, "item: offset of tag");
ABIDE_ASSERT(offsetof(item, payload) == 8, "item: offset of payload");
#endif

#undef ABIDE_ASSERT
#undef ABIDE_SYMBOL
#undef ABIDE_STRING
#undef ABIDE_STRING_
#undef ABIDE_SECTION
#endif

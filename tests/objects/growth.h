/* The interface growth1.abi.yaml, or growth2.abi.yaml, as a C program writes it down. */
#include <abide/system.h>

#if RELEASE >= 2
typedef SYS_OPEN_VARIANT(24, 8, int32_t io; uint64_t busy;) error;
#else
typedef SYS_OPEN_VARIANT(24, 8, int32_t io;) error;
#endif
enum { ERROR_IO, ERROR_LOST, ERROR_BUSY };
typedef SYS_RESULT(uint32_t, error) checked;

typedef struct store {
    SYS_VTABLE_HEADER
    int64_t (*load)(void *self, uint32_t key);
    bool (*save)(void *self, uint32_t key, int64_t value);
#if RELEASE >= 2
    int64_t (*wipe)(void *self);
#endif
} store;
typedef SYS_DYN(store) store_object;

int64_t growth_fill(void *into, const store *vtable, uint32_t count);
store_object growth_make(void);
uint32_t growth_check(uint32_t what, checked *out);

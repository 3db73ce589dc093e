/* The interface sized1.abi.yaml, or sized2.abi.yaml, as a C program writes it down. */
#include <abide/system.h>

typedef SYS_OPTION(uint32_t) maybe;
typedef struct options {
    SYS_SIZED
    uint32_t level;
    double scale;
    sys_str name;
#if RELEASE >= 2
    uint8_t extra;
    sys_str tag;
    maybe limit;
#endif
} options;

typedef struct counters {
    SYS_SIZED
    uint32_t calls;
    uint8_t bytes;
#if RELEASE >= 2
    SYS_ALIGNED(4) uint8_t lost; /* behind the padding that the first release has at its end */
    uint32_t spare;
#endif
} counters;

typedef struct report {
    SYS_SIZED
    uint64_t code;
    sys_string text;
#if RELEASE >= 2
    sys_string detail;
#endif
} report;

int64_t rig_open(const options *o);
void rig_read(uint32_t n, counters *c);
void rig_change(counters *c, uint32_t by);
void rig_make(uint32_t n, report *out);
int64_t rig_send(report *r);
int64_t rig_each(uint32_t n, int64_t (*visit)(const options *o, void *env), void *env);

/* Something of all that a C header may have, without a C library. */
#ifndef EVERYTHING_H
#define EVERYTHING_H

typedef __SIZE_TYPE__ size_t;
typedef __INTPTR_TYPE__ intptr_t;
typedef __UINT32_TYPE__ uint32_t;
typedef __builtin_va_list va_list;

#define API       __attribute__((visibility("default")))
#define LINE_SIZE __attribute__((aligned(sizeof(char[2]) * 32)))

/** Where something is.
 *
 * The rest of this comment is for those who read the header. */
typedef struct point {
    double x; /**< to the right */
    double y;
} point;

struct hidden;
typedef struct hidden *handle;

/* Names that mean something in interface files. */
typedef unsigned size;
struct string {
    size array;
};

enum color { RED, GREEN, BLUE };
/** A direction. */
enum direction {
    NORTH = 1, /**< where compasses "point" */
    /** where the sun rises */
    EAST,
    UP,
    DOWN ///< to the ground
};
typedef enum { LOW = -1, HIGH = 0x7fffffff } level;
enum { FIRST_OF_NONE = 3, SECOND_OF_NONE = 9 };
enum wide { WIDE = 0x100000000 };
enum __attribute__((packed)) narrow { NARROW = 200 };

struct bits {
    unsigned low : 3;
    int : 0;
    unsigned long long high : 40;
    unsigned : 2;
    _Bool flag : 1;
};

struct outer {
    char tag;
    union {
        long number;
        struct {
            short a, b;
        };
    };
    struct {
        char c;
        double d;
    } inside;
    struct {
        int e;
    } list[2];
    enum { OFF, ON } state;
    struct outer *next;
    const struct outer *const *others;
    int matrix[2][3];
};

struct __attribute__((packed)) tight {
    char c;
    int i;
    short s __attribute__((aligned(4)));
};
#pragma pack(push, 2)
struct pragma {
    char c;
    double d;
};
#pragma pack(pop)
struct line {
    int i;
} LINE_SIZE;
struct aligned_members {
    char c;
    int i LINE_SIZE;
    _Alignas(double) char d;
    int most __attribute__((__aligned__));
};
typedef struct {
    int v[4];
} by_name __attribute__((aligned(16)));
typedef double loose __attribute__((aligned(2)));
struct loosely {
    char c;
    loose d;
};
struct tail {
    int count;
    point points[];
};
struct nothing {};

typedef float four __attribute__((vector_size(16)));
struct numbers {
    four v;
    float _Complex z;
    long double l;
    _Atomic int at;
    __int128 *big;
};

typedef int callback(void *user, const char *text, ...);
typedef int (*compare)(const void *, const void *);
struct functions {
    callback *call;
    compare cmp;
    void (*plain)(void);
    int (*(*nested)(int))(point);
    void (*unknown)();
};
typedef union {
    int *a;
    struct point *p;
} transparent __attribute__((__transparent_union__));

API double length(const point *p, point by_value);
/** Moves it. */
extern void move(point *p, int from, int out, int);
int print(const char *format, ...) __attribute__((format(printf, 1, 2)));
int vprint(const char *format, va_list arguments);
callback *choose(enum color color, level l, struct bits b);
void sort(void *base, size_t count, size_t width, compare by);
uint32_t renamed(intptr_t n) __asm__("renamed_v2");
void arrays(int a[4], int m[][3], point ps[static 2]);
int wait_for(transparent t);
struct hidden *make(void);
void use(handle h);
four add(four a, float _Complex z);

/* What cannot be said. */
extern int variable;
int old();
static inline int twice(int i)
{
    return 2 * i;
}
struct __attribute__((ms_struct)) odd {
    char c;
    int i : 4;
};
struct holds_odd {
    struct odd odd;
};
void points_to_odd(struct odd *odd);
void takes_odd(struct odd odd);
int _Complex whole(void);
void lost(struct hidden h);
typedef struct {
    int v;
} too_small __attribute__((aligned(32)));
_BitInt(24) bits_of(void);
#define LIMIT   16
#define NAME    "everything"
#define CALL(x) ((x) + 1)
#endif

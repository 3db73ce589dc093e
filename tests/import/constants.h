#ifndef CONSTANTS_H
#define CONSTANTS_H
#include <stdint.h>
#include <limits.h>
enum color { RED = 4, BLUE };
typedef unsigned GLenum;
struct s {
    int a;
    long b;
};
extern int variable;
#define EMPTY
#define ONE     1
#define NEG     (-5)
#define U64     18446744073709551615ULL
#define SMALL   INT64_MIN
#define HEX     0xffu
#define FLAG    (1u << 31)
#define SIZE    sizeof(struct s)
#define CAST    ((uint64_t)7)
#define GL      ((GLenum)5)
#define COL     ((enum color)5)
#define RED     RED
#define BLU     BLUE
#define LONGEST LONG_MAX
#define PI      3.14159
#define F       0.1f
#define LD      1.5L
#define INF     __builtin_inf()
#define NANV    __builtin_nan("")
#define CH      'a'
#define STR \
    "abc"   \
    "\"\n\\"
#define NUL  "a\0b"
#define CTRL "\x01"
#define UTF  "Gr\xc3\xb6\xc3\x9f"
#define LAT  "\xff"
#define WIDE L"x"
#define PTR  ((void *)-1)
#define VAR  variable
#define TYPE unsigned int
#define OPEN (
#define CLOSE )
#define BRACE {
#define STMT \
    do {     \
    } while (0)
#define EVIL 1); int abide_trial_3 = (2
#define AFTER 77
#define LINE  __LINE__
#define FN(x) x
#define USE   FN(3) + ONE
#define SELF  SELF
#define A1    B1
#define B1    A1
#define DIV   (1 / 0)
#define INC   (variable++)
#define I128  ((__int128)1 << 100)
#define BOOL  ((_Bool)1)
#define TERN  (sizeof(long) == 8 ? 1 : 2)
#define UCH   ((unsigned char)200)
#define NEGZ  (-0.0)
#define QUOTE "it's: {a} #b"
#define DUP   1
#undef DUP
#define DUP 2
#ifdef __LP64__
#define ONLY64 64
#endif
static const int sc = 5;
static const char name[] = "na";
static const double dd = 2.5;
#endif

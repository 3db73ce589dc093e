/* Not the same on all targets. */
struct same {
    char c;
    long l;
};
struct other {
#ifdef __LP64__
    int a;
#else
    short a;
#endif
};
#ifdef __LP64__
struct only {
    struct other *o;
};
#endif
int value(struct other o);
int pointer(struct other *o, struct same s);
#pragma pack(4)
struct four {
    int a;
    double d;
};

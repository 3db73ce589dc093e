typedef int(__attribute__((ms_abi)) * handler)(int);
struct table {
    handler h;
    void(__attribute__((ms_abi)) * other)(struct table *);
};
int __attribute__((ms_abi)) foreign(struct table t, ...);
int __attribute__((sysv_abi)) own(struct table *t);
int __attribute__((preserve_most)) quiet(int a);
int __attribute__((stdcall)) ignored(int a);

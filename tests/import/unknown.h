struct fine {
    int a;
};

struct swapped {
    int a;
} __attribute__((scalar_storage_order("big-endian")));

struct holds {
    struct swapped s;
};

int harmless(int a) __attribute__((access(none, 1), noipa));

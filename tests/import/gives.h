#define missing(n, type) ((n) * sizeof(type))
struct given {
    int b;
};

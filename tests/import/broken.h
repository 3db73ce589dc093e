struct good {
    int a;
};
struct bad {
    undefined b;
};

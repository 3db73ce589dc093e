#define FIRST 1
#define CALL  missing(3, int)
#define OUTER (CALL + 1)
struct needs {
    int a;
};

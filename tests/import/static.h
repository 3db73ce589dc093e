/* What is left out: one thing with its place, one that is counted. */
static inline int twice(int i);
static inline int twice(int i)
{
    return 2 * i;
}
extern int errors, old(), used(int i);

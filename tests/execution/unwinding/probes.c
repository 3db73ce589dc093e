/* A copy of 40 kB on a stack of which the rest is guarded: whoever reaches over the guard without touching it is not seen. */
typedef struct {
    long long a[5000], b;
} large;
long long thunk_last_word(long long a, const large *l);
long long last_word(long long a, large l)
{
    l.a[0] = 1;
    return a + l.b + l.a[0] + l.a[4999];
}
static large one;
int main(void)
{
    one.b = 100;
    one.a[4999] = 1000;
    return thunk_last_word(10000, &one) != 11101 || one.a[0] != 0;
}

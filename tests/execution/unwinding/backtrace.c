/* Where somebody stops in a function behind thunks: stop() is called from the bottom of each. */
typedef long long word;
typedef struct {
    word a, b, c;
} words3;
word thunk_jump(word a, word b);
void thunk_moves(words3 *out, word a, word b);
void thunk_frame(word a, word b, words3 *out);
word thunk_assembly(word a, double b, int c, word d);
words3 thunk_edges(word a, words3 b);

static volatile int stops;
__attribute__((noinline)) void stop(void)
{
    stops++;
}
word jump(word a, word b)
{
    stop();
    return a + b;
}
void moves(word a, word b, words3 *out)
{
    stop();
    out->a = a + b;
}
void frame(words3 *out, word a, word b)
{
    stop();
    out->c = a + b;
}
word assembly(word a, double b, int c, word d)
{
    stop();
    return a + (word)b + c + d;
}
words3 edges(word a, words3 b)
{
    stop();
    b.a = a;
    return b;
}

int main(void)
{
    words3 words = {1, 2, 3}, out;
    word sum = thunk_jump(1, 2);
    thunk_moves(&out, 3, 4);
    thunk_frame(5, 6, &out);
    sum += thunk_assembly(1, 2, 3, 4);
    words = thunk_edges(6, words);
    return sum != 3 + 10 || out.c != 11 || words.a != 6 || stops != 5;
}

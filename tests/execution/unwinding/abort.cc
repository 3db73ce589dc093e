// abort WAY HOW: an exception that would leave a function, which somebody outside catches (HOW is caught) or nobody.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>

extern "C" {
struct triple {
    std::int64_t a, b, c;
};
using visitor = std::int32_t(std::int32_t n, void *env);

// What adapters call.
std::int32_t same(std::int32_t a, std::int32_t b)
{
    if (a < 0)
        throw 1;
    return a + b;
}
std::int64_t moved(std::int64_t a, triple t)
{
    if (a < 0)
        throw 2;
    return a + t.c;
}
triple made(std::int64_t a)
{
    if (a < 0)
        throw 3;
    return {a, a, a};
}
struct closure {
    visitor *code;
    void *env;
};
std::int32_t visited(std::int32_t a, closure visit)
{
    return visit.code(a, visit.env);
}
std::int32_t passing(std::int32_t a)
{
    if (a < 0)
        throw 5;
    return a;
}

std::int32_t n_same(std::int32_t a, std::int32_t b);
std::int64_t n_moved(std::int64_t a, std::int64_t x, std::int64_t y, std::int64_t z);
void n_made(std::int64_t a, triple *out);
std::int32_t n_visited(std::int32_t a, visitor *visit, void *env);
std::int32_t n_passing(std::int32_t a);

void abide_trap(std::size_t code, const char *function, const char *parameter, std::size_t)
{
    std::printf("%zu %s %s\n", code, function, parameter);
    std::fflush(stdout);
    std::_Exit(0);
}
}

static std::int32_t throwing(std::int32_t n, void *)
{
    if (n < 0)
        throw 4;
    return n;
}

static void call(const char *way, std::int32_t n)
{
    triple t = {1, 2, 3};
    if (!std::strcmp(way, "same"))
        n_same(n, 1);
    else if (!std::strcmp(way, "moved"))
        n_moved(n, t.a, t.b, t.c);
    else if (!std::strcmp(way, "made"))
        n_made(n, &t);
    else if (!std::strcmp(way, "visited"))
        n_visited(n, throwing, nullptr);
    else
        n_passing(n);
}

int main(int, char **arguments)
{
    call(arguments[1], 5);
    if (std::strcmp(arguments[2], "caught") != 0) {
        call(arguments[1], -1);
        return 1;
    }
    try {
        call(arguments[1], -1);
    } catch (int number) {
        std::printf("caught %d\n", number);
        return 0;
    }
    return 1;
}

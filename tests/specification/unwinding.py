"""Statements U: exceptions that leave functions. tests/execution/unwinding does the same on other targets, and in C++."""
import json

from behaviour import EXPECT_TRAP, adapted
from support import ROOT, abide, check_equal, interface, statement

THROWING = f'#include "{ROOT}/tests/execution/unwinding/throwing.h"\n#include <stdlib.h>\n#include <string.h>\n'


def layouts(unwind):
    """The layout fingerprint of a function."""
    file = interface(None, {"f": '"() -> u32"'}, name="asked.abi.yaml", more=unwind)
    return json.loads(abide("fingerprint", file, "--abi", "system", "--json"))["functions"][0]["layout"]


@statement("U1")
def is_agreed():
    said_nothing = layouts("")
    check_equal("`unwind: abort` beside nothing", layouts("unwind: abort\n") == said_nothing, True)
    check_equal("`unwind: allow` beside nothing", layouts("unwind: allow\n") == said_nothing, False)


@statement("U2")
def ends_process():
    thrown = """
uint32_t c_f(uint32_t n, uint32_t (*each)(const char *text, void *env), void *env);
uint32_t f(uint32_t n, uint32_t (*each)(const char *text, size_t length, void *env), void *env);
uint32_t f(uint32_t n, uint32_t (*each)(const char *text, size_t length, void *env), void *env)
{
    if (n == 0)
        throw_number(1);
    return each("abc", n, env);
}
static uint32_t mine(const char *text, void *env)
{
    (void)env;
    if (strlen(text) == 1)
        throw_number(2);
    return (uint32_t)strlen(text);
}
static void call(void *n) { *(uint32_t *)n = c_f(*(uint32_t *)n, mine, NULL); }
int main(void)
{
    uint32_t n = WRONG;
    expected_code = SYS_TRAP_UNWIND;
    expected_parameter = WHERE;
    MUST(c_f(2, mine, NULL) == 2);
    caught(call, &n);
    return 1;
}
"""
    for name, wrong, where in (("ended", "0", '""'), ("ended_back", "1", '"each"')):
        adapted(name, {"f": '"(n u32, each callback(text string) -> u32) -> u32"'},
                THROWING + EXPECT_TRAP + thrown.replace("WRONG", wrong).replace("WHERE", where),
                more="unwind: abort\nforms: {string: nul}\n")


@statement("U3")
def consumes():
    adapted("consumed", {"f": '"(kept own string, n u32) -> u32"'}, THROWING + """
uint32_t c_f(char *kept, size_t kept_len, uint32_t n);
uint32_t f(uint8_t *kept, size_t kept_len, sys_owner *owner, uint32_t n);
uint32_t f(uint8_t *kept, size_t kept_len, sys_owner *owner, uint32_t n)
{
    sys_string own = {(void *)kept, kept_len, owner};
    sys_string_drop(&own);
    if (n)
        throw_number((int)n);
    return n;
}
static void call(void *n) { *(uint32_t *)n = c_f(calloc(5, 1), 5, *(uint32_t *)n); }
int main(void)
{
    uint32_t n = 0;
    MUST(caught(call, &n) == 0);
    n = 3;
    MUST(caught(call, &n) == 3);
    return 0;
}
""", more="unwind: allow\n")


@statement("U4")
def ends_what_it_began():
    adapted("released", {"f": '"(text string, n u32) -> u32"'}, THROWING + """
uint32_t c_f(const char *text, size_t length, uint32_t n);
uint32_t f(const char *text, uint32_t n);
uint32_t f(const char *text, uint32_t n)
{
    if (strlen(text) == 2999)
        throw_number((int)n);
    return n;
}
static char text[3000];
static void call(void *n) { *(uint32_t *)n = c_f(text, 2999, *(uint32_t *)n); }
int main(void) /* the sanitizer sees what is not released */
{
    uint32_t n = 3;
    memset(text, 'x', 2999);
    MUST(caught(call, &n) == 3);
    return 0;
}
""", caller="system", callee="c", more="unwind: allow\nforms: {string: nul}\n")

/* Fingerprints: canonical texts with known digests, types that lead back to themselves, the table of changes. */
#include "abide/abide.h"
#include "abide/descriptor.h"
#include "cmocka_all.h"
#include "failing_allocator.h"
#include "base/digest.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int setup(void **state)
{
    *state = abide_ctx_new(NULL);
    return *state == NULL;
}

static int teardown(void **state)
{
    abide_ctx_free(*state);
    return 0;
}

static void *checked(abide_ctx *ctx, const void *answer)
{
    for (size_t i = 0; !answer && i < abide_ctx_diag_count(ctx); i++)
        print_message("%s", abide_diag_print(ctx, abide_ctx_diag_at(ctx, i), false));
    assert_non_null(answer);
    return (void *)answer;
}

static const abide_iface *parse(abide_ctx *ctx, const char *text)
{
    return checked(ctx, abide_iface_parse(ctx, "test", text, strlen(text)));
}

static const abide_module *load(abide_ctx *ctx, const char *abi, const char *target)
{
    return checked(ctx, abide_module_load(ctx, abi, target));
}

static abide_fingerprint fingerprint(abide_ctx *ctx, const abide_module *module,
                                     const abide_iface *iface, const char *function)
{
    abide_fingerprint found = {0};
    bool fine = abide_fingerprint_of(ctx, module, abide_iface_function(iface, function), &found);
    checked(ctx, fine ? &found : NULL);
    return found;
}

/* Both fingerprints of function f of two files under the system ABI. */
static bool are_equal(abide_ctx *ctx, const char *left, const char *right)
{
    const abide_module *module = load(ctx, "system", "x86_64-linux-gnu");
    abide_fingerprint a = fingerprint(ctx, module, parse(ctx, left), "f");
    abide_fingerprint b = fingerprint(ctx, module, parse(ctx, right), "f");
    return memcmp(a.layout_digest, b.layout_digest, 32) == 0 &&
           memcmp(a.contract_digest, b.contract_digest, 32) == 0;
}

/* ---- digests ---- */

/* FIPS 180-2, appendix B: what `printf abc | sha256sum` says. */
static void digests_are_sha256(void **state)
{
    (void)state;
    char hex[ABIDE_DIGEST_HEX];
    struct abide_digest digest = abide_digest__of("abc", 3);
    abide_digest__hex(&digest, hex);
    assert_memory_equal(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
                        sizeof hex);
    assert_true(abide_digest__first64(&digest) == 0xba7816bf8f01cfeaU);
}

/* What `sha256sum` says of each text without its indentation: the example of abi-specs/fingerprints.md. */
static void texts_have_known_digests(void **state)
{
    abide_ctx *ctx = *state;
    const abide_module *module = load(ctx, "c", "aarch64-linux-gnu");
    const abide_iface *iface = parse(ctx, "abide: 1\nfunctions:\n  add: (a i32, b i32) -> i32\n");
    const char *text =
        checked(ctx, abide_fingerprint_print(ctx, module, abide_iface_function(iface, "add")));
    assert_string_equal(
        text,
        "300b39a53b24a75c1e7c0f30245e79b78c548fe1200a62001141f642d67b677f\n"
        "  abide-layout 1\n"
        "  function little\n"
        "  in s4/4\n"
        "  in s4/4\n"
        "  result s4/4\n"
        "  argument s4/4 0+4=x0,none\n"
        "  argument s4/4 0+4=x1,none\n"
        "  returned s4/4 0+4=x0,none\n"
        "  stack 0/16 pops 0\n"
        "  keeps d10 d11 d12 d13 d14 d15 d8 d9 sp x19 x20 x21 x22 x23 x24 x25 x26 x27 x28 x29\n"
        "  unwind abort\n"
        "c16aabf3b360359dd1d55700f162a94e54d3a8a9e93d9bcba918f3f6b4a75797\n"
        "  abide-contract 1\n"
        "  function\n"
        "  in value number\n"
        "  in value number\n"
        "  result value number\n");
    abide_fingerprint add = fingerprint(ctx, module, iface, "add");
    assert_true(add.layout == 0x300b39a53b24a75cU && add.contract == 0xc16aabf3b360359dU);
}

/* ---- circles ---- */

#define RING(a, b, c)                                                                    \
    "abide: 1\ntypes:\n  a: {struct: {n: ptr<" a ">, v: i32}}\n  b: {struct: {n: ptr<" b \
    ">, v: i32}}\n  c: {struct: {n: ptr<" c ">, v: i64}}\nfunctions:\n"

static void names_and_order_mean_nothing(void **state)
{
    assert_true(are_equal(*state, RING("b", "c", "a") "  f: (x ptr<a>)\n",
                          RING("c", "a", "b") "  f: (x ptr<b>)\n"));
    assert_false(are_equal(*state, RING("b", "c", "a") "  f: (x ptr<a>)\n",
                           RING("b", "c", "a") "  f: (x ptr<b>)\n"));
}

static void where_one_enters_means_nothing(void **state)
{
    abide_ctx *ctx = *state;
    const abide_module *module = load(ctx, "c", "x86_64-linux-gnu");
    static const char text[] = RING("b", "c", "a") "  f: (x ptr<a>)\n  g: (x ptr<c>)\n";
    const abide_iface *one = parse(ctx, text), *other = parse(ctx, text);
    abide_fingerprint f = fingerprint(ctx, module, one, "f");
    abide_fingerprint g = fingerprint(ctx, module, one, "g");
    assert_true(g.layout == fingerprint(ctx, module, other, "g").layout);
    assert_true(f.layout == fingerprint(ctx, module, other, "f").layout);
    assert_true(f.layout != g.layout);
}

/* One type told under two names is one type. */
static void what_is_told_twice_counts_once(void **state)
{
    static const char once[] = "abide: 1\ntypes:\n  a: {struct: {n: ptr<a>, m: ptr<b>}}\n"
                               "  b: {struct: {n: ptr<a>, v: i32}}\nfunctions:\n  f: (x ptr<a>)\n";
    static const char twice[] =
        "abide: 1\ntypes:\n  a: {struct: {n: ptr<c>, m: ptr<d>}}\n"
        "  b: {struct: {n: ptr<a>, v: i32}}\n  c: {struct: {n: ptr<a>, m: ptr<b>}}\n"
        "  d: {struct: {n: ptr<c>, v: i32}}\nfunctions:\n  f: (x ptr<a>)\n";
    assert_true(are_equal(*state, once, twice));
}

/* A ring of `count` structs, of which one has another field; rings of different lengths are different. */
static const char *ring(size_t count, size_t start)
{
    size_t room = 64 * (count + 2);
    char *text = malloc(room);
    size_t length = (size_t)snprintf(text, room, "abide: 1\ntypes:\n");
    for (size_t i = 0; i < count; i++)
        length += (size_t)snprintf(text + length, room - length,
                                   "  t%zu: {struct: {n: ptr<t%zu>, v: %s}}\n", i, (i + 1) % count,
                                   i == 0 ? "i64" : "i32");
    snprintf(text + length, room - length, "functions:\n  f: (x ptr<t%zu>)\n", start);
    return text;
}

static void all_members_of_a_ring_differ(void **state)
{
    enum { COUNT = 7 };
    const char *texts[COUNT];
    for (size_t i = 0; i < COUNT; i++)
        texts[i] = ring(COUNT, i);
    for (size_t i = 0; i < COUNT; i++)
        for (size_t k = 0; k < COUNT; k++)
            assert_int_equal(are_equal(*state, texts[i], texts[k]), i == k);
    for (size_t i = 0; i < COUNT; i++)
        free((char *)texts[i]);
    const char *longer = ring(COUNT + 1, 0), *shorter = ring(COUNT, 0);
    assert_false(are_equal(*state, longer, shorter));
    free((char *)longer);
    free((char *)shorter);
}

/* ---- the table of changes ---- */

static const char *const words[] = {
    [ABIDE_DESCRIPTOR_FITS] = "fits",         [ABIDE_DESCRIPTOR_NONE] = "none",
    [ABIDE_DESCRIPTOR_PACKAGE] = "package",   [ABIDE_DESCRIPTOR_MISSING] = "missing",
    [ABIDE_DESCRIPTOR_LAYOUT] = "layout",     [ABIDE_DESCRIPTOR_CONTRACT] = "contract",
    [ABIDE_DESCRIPTOR_PROMISES] = "promises", [ABIDE_DESCRIPTOR_GROWING] = "growing"};

/* `only_used`: the function f alone, which is what the program calls; else all. */
static const abide_descriptor *descriptor(abide_ctx *ctx, const abide_module *module,
                                          const abide_iface *iface, bool only_used)
{
    abide_descriptor_entry entries[4];
    size_t count = 0;
    const void *bytes;
    size_t size_bytes;
    for (size_t i = 0; i < abide_iface_function_count(iface); i++) {
        const abide_function *function = abide_iface_function_at(iface, i);
        if (!only_used || strcmp(abide_function_name(function), "f") == 0)
            entries[count++] = (abide_descriptor_entry){function, NULL, ABIDE_CHECKS_UNSAID};
    }
    bool made = abide_descriptor_make(ctx, module, abide_iface_package(iface), entries, count,
                                      &bytes, &size_bytes);
    const abide_descriptor *descriptor = checked(ctx, made ? bytes : NULL);
    assert_int_equal(descriptor->size_bytes, size_bytes);
    assert_int_equal(size_bytes % 8, 0);
    return descriptor;
}

static size_t add_lines(char *text, size_t room, const char *heading, const char *indent,
                        const abide_data *lines)
{
    size_t length = lines ? (size_t)snprintf(text, room, "%s", heading) : 0;
    for (size_t i = 0; lines && i < abide_data_count(lines); i++)
        length += (size_t)snprintf(text + length, room - length, "%s%s\n", indent,
                                   abide_data_text(abide_data_at(lines, i)));
    return length;
}

static const abide_data *either(const abide_data *change, const char *own, const char *shared)
{
    const abide_data *found = abide_data_get(change, own);
    return found ? found : abide_data_get(change, shared);
}

/* One side of a change as an interface file. */
static const abide_iface *side(abide_ctx *ctx, const abide_data *change, bool is_new)
{
    char text[2048];
    const abide_data *renamed = is_new ? abide_data_get(change, "new_package") : NULL;
    const char *package = renamed ? abide_data_text(renamed) : "p";
    size_t length = (size_t)snprintf(text, sizeof text, "abide: 1\npackage: %s\n", package);
    length += add_lines(text + length, sizeof text - length, "", "",
                        is_new ? abide_data_get(change, "new_head") : NULL);
    length += add_lines(text + length, sizeof text - length, "types:\n", "  ",
                        either(change, is_new ? "new_types" : "old_types", "types"));
    length += add_lines(text + length, sizeof text - length, "interfaces:\n", "  ",
                        either(change, is_new ? "new_interfaces" : "old_interfaces", "interfaces"));
    length += add_lines(text + length, sizeof text - length, "functions:\n", "  ",
                        either(change, is_new ? "new" : "old", "functions"));
    assert_in_range(length, 1, sizeof text - 2);
    return parse(ctx, text);
}

static bool is_for(const abide_data *change, const char *abi)
{
    const abide_data *abis = abide_data_get(change, "abis");
    bool found = !abis;
    for (size_t i = 0; abis && i < abide_data_count(abis); i++)
        found = found || strcmp(abide_data_text(abide_data_at(abis, i)), abi) == 0;
    return found;
}

/* false: it is not for this ABI. */
static bool check_change(const abide_data *change, const char *abi, const char *target)
{
    const char *expected = abide_data_text(abide_data_get(change, "expect"));
    if (!is_for(change, abi))
        return false;
    abide_ctx *ctx = abide_ctx_new(NULL);
    const abide_module *module = load(ctx, abi, target);
    const abide_descriptor *required = descriptor(ctx, module, side(ctx, change, false), true);
    const abide_descriptor *provided = descriptor(ctx, module, side(ctx, change, true), false);
    abide_descriptor_difference found;
    bool fits = abide_descriptor_check(provided, required, &found);
    if (strcmp(words[found.what], expected) != 0)
        fail_msg("%s, %s, %s: %s, not %s", abide_data_text(abide_data_get(change, "id")), abi,
                 target, words[found.what], expected);
    assert_int_equal(fits, found.what == ABIDE_DESCRIPTOR_FITS);
    assert_true(abide_descriptor_check(required, required, NULL));
    abide_ctx_free(ctx);
    return true;
}

/* The descriptors are read here, so their targets have the byte order of this machine: which is little. */
static void changes_are_found(void **state)
{
    static const char *const abis[] = {"system", "c"};
    static const char *const targets[] = {
        "x86_64-linux-gnu",  "aarch64-linux-gnu",   "i386-linux-gnu",       "arm-linux-gnueabihf",
        "riscv64-linux-gnu", "x86_64-windows-msvc", "powerpc64le-linux-gnu"};
    const abide_data *file = checked(
        *state, abide_data_load(*state, ABIDE_SOURCE_DIR "/tests/fingerprints/changes.yaml"));
    const abide_data *changes = checked(*state, abide_data_get(file, "changes"));
    for (size_t a = 0; a < sizeof abis / sizeof *abis; a++)
        for (size_t t = 0; t < sizeof targets / sizeof *targets; t++) {
            size_t breaking = 0, fitting = 0;
            for (size_t i = 0; i < abide_data_count(changes); i++) {
                const abide_data *change = abide_data_at(changes, i);
                bool fits = strcmp(abide_data_text(abide_data_get(change, "expect")), "fits") == 0;
                bool checked = check_change(change, abis[a], targets[t]);
                breaking += checked && !fits;
                fitting += checked && fits;
            }
            assert_in_range(breaking, 40, 1000);
            assert_in_range(fitting, 20, 1000);
        }
}

/* ---- descriptors ---- */

static const char chat[] =
    "abide: 1\npackage: chat\ntypes:\n  status: {enum: [off, on], base: u8, open: true}\n"
    "  node: {struct: {next: ptr<node>, s: status}}\n"
    "functions:\n  send: (text string, s status) -> u64\n  close: (n ptr<node>)\n";

static void entries_are_sorted_and_found(void **state)
{
    abide_ctx *ctx = *state;
    const abide_module *module = load(ctx, "system", "x86_64-linux-gnu");
    const abide_iface *iface = parse(ctx, chat);
    const abide_descriptor *made = descriptor(ctx, module, iface, false);
    assert_true(abide_descriptor_is_known(made));
    assert_string_equal(abide_descriptor_name(made, made->package), "chat");
    assert_int_equal(made->function_count, 2);
    assert_string_equal(abide_descriptor_name(made, abide_descriptor_function_at(made, 0)->symbol),
                        "close");
    abide_fingerprint send = fingerprint(ctx, module, iface, "send");
    const abide_descriptor_function *found = abide_descriptor_find(made, "send");
    assert_true(found && found->layout == send.layout && found->contract == send.contract);
    assert_int_equal(found->promise_bytes, 6);
    assert_null(abide_descriptor_find(made, "sen"));
    assert_null(abide_descriptor_find(made, "sends"));
    assert_int_equal(made->growing_count, 1);
    const abide_descriptor_growing *growing = abide_descriptor_growing_at(made, 0);
    assert_string_equal(abide_descriptor_name(made, growing->name), "status");
    assert_int_equal(growing->item_count, 2);
}

static void descriptors_have_the_byte_order_of_their_target(void **state)
{
    abide_ctx *ctx = *state;
    const abide_iface *iface = parse(ctx, chat);
    const abide_descriptor_entry entry = {abide_iface_function(iface, "close"), "shut",
                                          ABIDE_CHECKS_CHECKED};
    const void *bytes;
    size_t size_bytes;
    assert_true(abide_descriptor_make(ctx, load(ctx, "c", "s390x-linux-gnu"), "chat", &entry, 1,
                                      &bytes, &size_bytes));
    assert_memory_equal(bytes, "abid\0\1\0\x30", 8);
    assert_true(abide_descriptor_make(ctx, load(ctx, "c", "aarch64-linux-gnu"), "chat", &entry, 1,
                                      &bytes, &size_bytes));
    assert_memory_equal(bytes, "diba\1\0\x30\0", 8);
    assert_non_null(abide_descriptor_find(bytes, "shut"));
    assert_int_equal(abide_descriptor_find(bytes, "shut")->checks, ABIDE_DESCRIPTOR_CHECKS_CHECKED);
}

static void checks_are_told_and_not_compared(void **state)
{
    abide_ctx *ctx = *state;
    const abide_function *function = abide_iface_function(parse(ctx, chat), "close");
    const abide_module *module = load(ctx, "c", "x86_64-linux-gnu");
    const void *made[ABIDE_CHECKS_CONVERT + 1];
    size_t size_bytes;
    for (int i = ABIDE_CHECKS_UNSAID; i <= ABIDE_CHECKS_CONVERT; i++) {
        const abide_descriptor_entry entry = {function, NULL, (abide_checks)i};
        assert_true(abide_descriptor_make(ctx, module, "chat", &entry, 1, &made[i], &size_bytes));
        assert_int_equal(abide_descriptor_function_at(made[i], 0)->checks, i);
        assert_true(abide_descriptor_check(made[0], made[i], NULL));
        assert_true(abide_descriptor_check(made[i], made[0], NULL));
    }
}

static void symbols_stand_once(void **state)
{
    abide_ctx *ctx = *state;
    const abide_iface *iface = parse(ctx, chat);
    const abide_function *send = abide_iface_function(iface, "send");
    const abide_descriptor_entry entries[] = {{send, NULL, ABIDE_CHECKS_UNSAID},
                                              {send, NULL, ABIDE_CHECKS_UNSAID}};
    const void *bytes = NULL;
    size_t size_bytes;
    assert_false(abide_descriptor_make(ctx, load(ctx, "c", "x86_64-linux-gnu"), "chat", entries, 2,
                                       &bytes, &size_bytes));
    assert_string_equal(abide_diag_id(abide_ctx_diag_at(ctx, 0)), "duplicate-name");
    assert_null(bytes);
}

static void what_is_no_descriptor_is_refused(void **state)
{
    abide_ctx *ctx = *state;
    const abide_module *module = load(ctx, "c", "x86_64-linux-gnu");
    const abide_descriptor *made = descriptor(ctx, module, parse(ctx, chat), false);
    static abide_descriptor other; /* gcc -O3 takes what would lie behind it for uninitialized */
    other = *made;
    abide_descriptor_difference difference;
    other.magic++;
    assert_false(abide_descriptor_check(&other, made, &difference));
    assert_int_equal(difference.what, ABIDE_DESCRIPTOR_NONE);
    assert_false(abide_descriptor_check(NULL, made, NULL));
    other = *made;
    other.version++;
    assert_false(abide_descriptor_check(made, &other, NULL));
}

static void bytes_alone_may_count(void **state)
{
    abide_ctx *ctx = *state;
    const abide_module *module = load(ctx, "c", "x86_64-linux-gnu");
    const abide_descriptor *nullable = descriptor(
        ctx, module, parse(ctx, "abide: 1\npackage: p\nfunctions:\n  f: (x ptr<i32>)\n"), false);
    const abide_descriptor *not = descriptor(
        ctx, module, parse(ctx, "abide: 1\npackage: p\nfunctions:\n  f: (x ref<i32>)\n"), false);
    assert_false(abide_descriptor_check(not, nullable, NULL));
    assert_true(abide_descriptor_check_but(not, nullable, ABIDE_DESCRIPTOR_BUT_CONTRACT, NULL));
}

/* ---- aliases ---- */

static void aliases_tell_fingerprints(void **state)
{
    abide_ctx *ctx = *state;
    const abide_fingerprint some = {.layout = 0, .contract = UINT64_MAX};
    assert_string_equal(abide_fingerprint_alias(ctx, "send", &some, ABIDE_ALIAS_LAYOUT),
                        "send__s1_aaaaaaaaaaaaa");
    assert_string_equal(abide_fingerprint_alias(ctx, "send", &some, ABIDE_ALIAS_CONTRACT),
                        "send__s1_aaaaaaaaaaaaa_p777777777777");
}

static void interfaces_take_their_aliases(void **state)
{
    abide_ctx *ctx = *state;
    const abide_module *module = load(ctx, "system", "x86_64-linux-gnu");
    const abide_iface *iface = parse(ctx, chat);
    const abide_iface *known =
        checked(ctx, abide_iface_with_aliases(ctx, iface, module, ABIDE_ALIAS_CONTRACT));
    const abide_function *send = checked(ctx, abide_iface_function(known, "send"));
    abide_fingerprint found = fingerprint(ctx, module, iface, "send");
    assert_string_equal(abide_function_symbol(send),
                        abide_fingerprint_alias(ctx, "send", &found, ABIDE_ALIAS_CONTRACT));
    assert_string_equal(abide_function_symbol(abide_iface_function(iface, "send")), "send");
    assert_int_equal(abide_iface_function_count(known), 2);
    assert_ptr_equal(abide_iface_function_at(known, 1), abide_iface_function(known, "close"));
}

/* ---- what goes wrong ---- */

/* A type without a form under an ABI is reported, and what was begun does no harm to the next question. */
static void a_failure_leaves_nothing_behind(void **state)
{
    abide_ctx *ctx = *state;
    const abide_module *module = load(ctx, "c", "x86_64-linux-gnu");
    const abide_iface *iface =
        parse(ctx, "abide: 1\ntypes:\n  s: {struct: {n: ptr<s>, cb: fn(x raw<string>)}}\n"
                   "functions:\n  bad: (x ptr<s>)\n  good: (x i32)\n");
    abide_fingerprint found = {.layout = 1};
    assert_false(abide_fingerprint_of(ctx, module, abide_iface_function(iface, "bad"), &found));
    assert_true(found.layout == 1);
    assert_true(abide_ctx_diag_count(ctx) > 0);
    assert_false(abide_fingerprint_of(ctx, module, abide_iface_function(iface, "bad"), &found));
    assert_true(abide_fingerprint_of(ctx, module, abide_iface_function(iface, "good"), &found));
}

static bool make_with_little_memory(abide_ctx *ctx)
{
    static const char text[] =
        "abide: 1\npackage: p\ntypes:\n  a: {struct: {n: ptr<b>, m: ptr<a>}}\n"
        "  b: {struct: {n: ptr<a>, m: ptr<b>, e: e}}\n  e: {enum: [x, y], open: true}\n"
        "functions:\n  f: (x ptr<a>) -> i32\n  g: (y ptr<b>, z e)\n";
    pause_failures(ctx, true);
    const abide_iface *iface = parse(ctx, text);
    const abide_module *module = load(ctx, "c", "x86_64-linux-gnu");
    pause_failures(ctx, false);
    const abide_descriptor_entry entries[] = {
        {abide_iface_function(iface, "f"), NULL, ABIDE_CHECKS_UNSAID},
        {abide_iface_function(iface, "g"), NULL, ABIDE_CHECKS_UNSAID}};
    const void *bytes;
    size_t size_bytes;
    return abide_descriptor_make(ctx, module, "p", entries, 2, &bytes, &size_bytes) &&
           abide_fingerprint_print(ctx, module, entries[0].function) &&
           abide_iface_with_aliases(ctx, iface, module, ABIDE_ALIAS_LAYOUT);
}

static void memory_may_run_out(void **state)
{
    (void)state;
    assert_in_range(fail_every_allocation(make_with_little_memory), 20, 5000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
        TEST(digests_are_sha256),
        TEST(texts_have_known_digests),
        TEST(names_and_order_mean_nothing),
        TEST(where_one_enters_means_nothing),
        TEST(what_is_told_twice_counts_once),
        TEST(all_members_of_a_ring_differ),
        TEST(changes_are_found),
        TEST(entries_are_sorted_and_found),
        TEST(descriptors_have_the_byte_order_of_their_target),
        TEST(checks_are_told_and_not_compared),
        TEST(symbols_stand_once),
        TEST(what_is_no_descriptor_is_refused),
        TEST(bytes_alone_may_count),
        TEST(aliases_tell_fingerprints),
        TEST(interfaces_take_their_aliases),
        TEST(a_failure_leaves_nothing_behind),
        cmocka_unit_test(memory_may_run_out),
#undef TEST
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

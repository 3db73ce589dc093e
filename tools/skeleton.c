/*
 * What `abide abi new` writes. The base's keys stand in it as comments, each with what it says, so that an author sees what
 * there is to change. The vectors are found by asking: of many signatures those are taken that a new rule decides.
 */
#include "skeleton.h"

#include "cli.h"

#include <string.h>

/* --- signatures to choose from --- */

static const struct probe_type {
    const char *name;
    const char *yaml;
} probe_types[] = {
    {"nothing", "{struct: {}}"},
    {"three_bytes", "{struct: {a: u8, b: u8, c: u8}}"},
    {"two_words", "{struct: {a: u32, b: u32}}"},
    {"two_longs", "{struct: {a: u64, b: u64}}"},
    {"three_longs", "{struct: {a: u64, b: u64, c: u64}}"},
    {"one_float", "{struct: {a: f32}}"},
    {"two_doubles", "{struct: {x: f64, y: f64}}"},
    {"four_floats", "{struct: {a: f32, b: f32, c: f32, d: f32}}"},
    {"mixed", "{struct: {a: f64, b: i32}}"},
    {"either", "{union: {a: i32, b: f32}}"},
    {"unaligned", "{struct: {a: u8, b: u32}, packed: true}"},
    {"long_double", "{struct: {a: c_longdouble}}"},
    {"colour", "{enum: [red, green, blue]}"},
    {"shape", "{variant: {circle: f64, nothing: }}"},
};

static const char *const machine_probes[] = {
    "(a c_int, b f64) -> c_int",
    "(a c_int, b f32, p ptr<void>) -> f64",
    "(p two_longs, q two_words) -> two_words",
    "(p three_longs) -> three_longs",
    "(p two_doubles, q one_float) -> two_doubles",
    "(p mixed, q four_floats) -> mixed",
    "(a u8, b i16, c bool) -> i8",
    "(p nothing, a c_int) -> nothing",
    "(p three_bytes) -> three_bytes",
    "(p either) -> either",
    "(p unaligned) -> unaligned",
    "(a c_longdouble) -> c_longdouble",
    "(p long_double) -> long_double",
    "(a i128) -> i128",
    "(a f16) -> f16",
    "(a f128) -> f128",
    "(a i64, b i64, c i64, d i64, e i64, f i64, g i64, h i64, i i64) -> i64",
    "(a f64, b f64, c f64, d f64, e f64, f f64, g f64, h f64, i f64) -> f64",
    "(a i64, b i64, c i64, d i64, e i64, p two_longs, f i64)",
    "(a i64, b i64, c i64, d i64, e i64, f i64, g i64, p two_longs, h i64)",
    "(a c_int, p three_longs) -> two_longs",
    "(a cstring, ... c_int, f64, two_longs) -> c_int",
    "(a complex<f64>) -> complex<f64>",
    "(a complex<c_longdouble>) -> complex<c_longdouble>",
    "(a vector<f32; 4>) -> vector<f32; 4>",
};

static const char *const language_probes[] = {
    "(a c_int, b f64) -> c_int",
    "(name string) -> string",
    "(name cstring) -> own string",
    "(items slice<f64>) -> own slice<f64>",
    "(p two_longs, q three_longs) -> three_longs",
    "(c colour) -> colour",
    "(s shape) -> shape",
    "(a option<i32>) -> option<i32>",
    "(a u32) -> result<u32, colour>",
    "(a array<i32; 4>) -> array<i32; 4>",
    "(a tuple<i32, f64>) -> tuple<i32, f64>",
    "(a bitset<10>) -> bitset<10>",
    "(a out i32, b inout two_longs)",
    "(do closure(i i32) -> i32)",
    "(p nothing) -> nothing",
    "(a own string, b box<two_longs>) -> box<two_longs>",
};

/* --- which of them the base has answers for --- */

struct choice {
    abide_ctx *ctx;
    const abide_module *base;
    struct words rules; /* decided something already */
    bool used_types[sizeof probe_types / sizeof *probe_types];
};

static bool mentions(const char *signature, const char *word)
{
    const char *at = signature;
    size_t length = strlen(word);
    for (; (at = strstr(at, word)); at += length) {
        char before = at == signature ? ' ' : at[-1], after = at[length];
        if (!strchr("_abcdefghijklmnopqrstuvwxyz", before) &&
            (!after || !strchr("_abcdefghijklmnopqrstuvwxyz", after)))
            return true;
    }
    return false;
}

static const abide_assignment *ask(struct choice *choice, const char *signature)
{
    struct text text = {0};
    text_puts(&text, "abide: 1\ntypes:\n");
    for (size_t i = 0; i < sizeof probe_types / sizeof *probe_types; i++)
        if (mentions(signature, probe_types[i].name))
            text_printf(&text, "  %s: %s\n", probe_types[i].name, probe_types[i].yaml);
    text_printf(&text, "functions:\n  f: \"%s\"\n", signature);
    const abide_iface *iface =
        abide_iface_parse(choice->ctx, "probe", text.chars, text.length_bytes);
    text_free(&text);
    return iface ? abide_assignment_of(choice->ctx, choice->base, abide_iface_signature(iface, "f"))
                 : NULL;
}

/* Notes a decision. true: it is the first by this rule of a value of this kind. */
static bool note(struct choice *choice, const char *list, const abide_argument *argument,
                 abide_decision decision)
{
    if (!decision.rule)
        return false;
    const char *rule = cli_printf("%s/%s/%s/%s", list, decision.module, decision.rule,
                                  abide_type_kind_name(argument->type));
    for (size_t i = 0; i < choice->rules.count; i++)
        if (strcmp(choice->rules.items[i], rule) == 0)
            return false;
    words_add(&choice->rules, rule);
    return true;
}

static bool decides_something_new(struct choice *choice, const abide_assignment *assignment)
{
    abide_argument result = abide_assignment_result(assignment);
    bool is_new = note(choice, "results", &result, result.lowered_by);
    is_new = note(choice, "returns", &result, result.placed_by) || is_new;
    for (size_t i = 0; i < abide_assignment_argument_count(assignment); i++) {
        abide_argument argument = abide_assignment_argument_at(assignment, i);
        is_new = note(choice, "params", &argument, argument.lowered_by) || is_new;
        is_new = note(choice, "args", &argument, argument.placed_by) || is_new;
    }
    return is_new;
}

static void print_vector(struct choice *choice, bool is_language, const char *signature,
                         const abide_assignment *assignment, struct text *text)
{
    const char *answer = is_language ? abide_assignment_prototype(choice->ctx, assignment, "f")
                                     : abide_assignment_places(choice->ctx, assignment);
    if (!answer)
        cli_no_memory();
    text_printf(text, "    - sig: \"%s\"\n      %s: \"%s\"\n", signature,
                is_language ? "prototype" : "places", answer);
    for (size_t i = 0; i < sizeof probe_types / sizeof *probe_types; i++)
        choice->used_types[i] = choice->used_types[i] || mentions(signature, probe_types[i].name);
}

static void print_vectors(struct choice *choice, bool is_language, struct text *text)
{
    const char *const *probes = is_language ? language_probes : machine_probes;
    size_t count = is_language ? sizeof language_probes / sizeof *language_probes
                               : sizeof machine_probes / sizeof *machine_probes;
    struct text calls = {0};
    for (size_t i = 0; i < count; i++) {
        const abide_assignment *assignment = ask(choice, probes[i]);
        if (assignment && decides_something_new(choice, assignment))
            print_vector(choice, is_language, probes[i], assignment, &calls);
    }
    text_printf(
        text,
        "\n# vectors: %s. Change them with the rules, and add one for each rule.\nvectors:\n"
        "  target: %s\n",
        abide_module_key_doc("vectors"), abide_module_target(choice->base));
    bool any = false;
    for (size_t i = 0; i < sizeof probe_types / sizeof *probe_types; i++)
        if (choice->used_types[i]) {
            text_printf(text, "%s    %s: %s\n", any ? "" : "  types:\n", probe_types[i].name,
                        probe_types[i].yaml);
            any = true;
        }
    text_printf(text, "  calls:\n%s", calls.chars ? calls.chars : "    []\n");
    text_free(&calls);
}

/* --- what is taken over --- */

static bool is_written_anyway(const char *key, size_t length)
{
    static const char *const keys[] = {"abide", "module", "vectors"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (strlen(keys[i]) == length && memcmp(keys[i], key, length) == 0)
            return true;
    return false;
}

/* Every top-level key of the base, as comments, with what it says. */
static void print_inherited(const char *base, struct text *text)
{
    bool is_skipped = true;
    for (const char *line = base; *line;) {
        const char *end = strchr(line, '\n');
        size_t length = end ? (size_t)(end - line) : strlen(line);
        size_t key_length = strcspn(line, ":");
        if (*line != ' ' && *line != '-') {
            is_skipped = is_written_anyway(line, key_length);
            const char *key = cli_copy(line, key_length), *doc = abide_module_key_doc(key);
            if (!is_skipped)
                text_printf(text, "\n# %s: %s\n", key, doc ? doc : "");
        }
        if (!is_skipped)
            text_printf(text, "#   %.*s\n", (int)length, line);
        line += length + (end != NULL);
    }
}

static void print_head(const char *name, const abide_module *base, struct text *text)
{
    const char *version = abide_module_version(base);
    text_printf(
        text,
        "# %s: say here whose ABI it is, and which document describes it.\n"
        "#\n"
        "# It starts as %s: what is written below replaces what it takes over. Mappings merge\n"
        "# key by key, lists are replaced as a whole, `null` deletes. What there is to change\n"
        "# follows as comments. `abide lint --coverage` checks the file and its vectors, `abide\n"
        "# verify` proves it against a compiler; abi-specs/README.md explains every word.\n"
        "abide: 1\n"
        "module:\n"
        "  name: %s # also the name of the file\n"
        "  version: 0.1.0 # by semantic versioning\n"
        "  level: %s\n"
        "  extends: %s@%.*s\n"
        "  source: the document and its release\n"
        "  summary: one line for people\n",
        name, abide_module_name(base), name, abide_module_level(base), abide_module_name(base),
        (int)strcspn(version, "."), version);
}

void skeleton_write(struct cli *cli, const char *name, const abide_module *base, struct text *text)
{
    const char *inherited = abide_module_print(cli->ctx, base);
    if (!inherited)
        cli_no_memory();
    print_head(name, base, text);
    print_inherited(inherited, text);
    struct choice choice = {.ctx = cli->ctx, .base = base};
    print_vectors(&choice, strcmp(abide_module_level(base), "language") == 0, text);
    abide_ctx_clear_diags(cli->ctx); /* of signatures that the base cannot pass */
}

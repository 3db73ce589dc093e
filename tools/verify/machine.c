#include "machine.h"

#include "capture/capture.h"
#include "cli.h"
#include "process.h"
#include "texts.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- reading the data of an architecture --- */

struct reader {
    abide_ctx *ctx;
    struct machine *machine;
    bool failed;
};

static void wrong(struct reader *r, const abide_data *data, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static void wrong(struct reader *r, const abide_data *data, const char *format, ...)
{
    char message[256];
    va_list list;
    va_start(list, format);
    vsnprintf(message, sizeof message, format, list);
    va_end(list);
    r->failed = true;
    if (!abide_data_report(r->ctx, data, "bad-harness", message,
                           "tools/verify/README.md has the keys and an example"))
        cli_no_memory();
}

static const char *text_of(struct reader *r, const abide_data *data)
{
    const char *text = abide_data_text(data);
    if (!text)
        wrong(r, data, "a word is expected here");
    return text ? text : "";
}

static unsigned number_of(struct reader *r, const abide_data *data, unsigned max)
{
    char *end;
    const char *text = text_of(r, data);
    unsigned long number = strtoul(text, &end, 0);
    if (*text >= '0' && *text <= '9' && *end == '\0' && number <= max)
        return (unsigned)number;
    wrong(r, data, "a number up to %u is expected here", max);
    return 0;
}

/* Every key of a mapping must be one of `keys` (NULL-terminated). false: it is no mapping. */
static bool check_keys(struct reader *r, const abide_data *data, const char *const *keys)
{
    if (abide_data_kind_of(data) != ABIDE_DATA_MAPPING) {
        wrong(r, data, "a mapping is expected here");
        return false;
    }
    for (size_t i = 0; i < abide_data_count(data); i++) {
        size_t k = 0;
        while (keys[k] && strcmp(keys[k], abide_data_key_at(data, i)) != 0)
            k++;
        if (!keys[k])
            wrong(r, abide_data_at(data, i), "'%.40s' means nothing here",
                  abide_data_key_at(data, i));
    }
    return true;
}

/* Names such as "a0 fa0..fa7 d0..d30/2", taken apart: calls `take` for each. */
struct name_range {
    char stem[32];
    unsigned long from, to, step;
};

static bool read_range(const char *word, size_t length, struct name_range *range)
{
    char text[64];
    if (length >= sizeof text)
        return false;
    memcpy(text, word, length);
    text[length] = '\0';
    char *dots = strstr(text, "..");
    *range = (struct name_range){.step = 1};
    if (!dots) {
        snprintf(range->stem, sizeof range->stem, "%.31s", text);
        return strlen(text) < sizeof range->stem;
    }
    char *slash = strchr(dots, '/');
    if (slash)
        range->step = strtoul(slash + 1, NULL, 10);
    *dots = '\0';
    size_t stem = strlen(text);
    while (stem > 0 && text[stem - 1] >= '0' && text[stem - 1] <= '9')
        stem--;
    if (stem >= sizeof range->stem || strncmp(dots + 2, text, stem) != 0)
        return false;
    memcpy(range->stem, text, stem);
    range->from = strtoul(text + stem, NULL, 10);
    range->to = strtoul(dots + 2 + stem, NULL, 10);
    return text[stem] != '\0' && range->step > 0 && range->from <= range->to &&
           range->to - range->from < MAX_REGISTERS;
}

typedef void take_name(struct reader *r, const abide_data *data, const char *name, void *user);

static void each_name(struct reader *r, const abide_data *data, const char *text, take_name *take,
                      void *user)
{
    while (*(text += strspn(text, " ")) != '\0') {
        size_t length = strcspn(text, " ");
        struct name_range range;
        if (!read_range(text, length, &range)) {
            wrong(r, data, "'%.*s' names no registers", (int)length, text);
            return;
        }
        bool is_range = range.to != 0;
        for (unsigned long i = range.from; i <= range.to; i += range.step)
            take(r, data,
                 is_range ? cli_printf("%s%lu", range.stem, i) : cli_printf("%s", range.stem),
                 user);
        text += length;
    }
}

struct register_taker {
    struct machine_registers *registers;
    unsigned at, size_bytes, step_bytes, limit;
    bool has_stack; /* the image has a window of it, where no registers are */
};

static bool has_room(const struct register_taker *taker)
{
    unsigned end = taker->at + taker->size_bytes;
    bool is_on_stack = taker->at < WIDE_AREA_START && end > REGISTER_AREA_BYTES;
    return taker->registers->count < MAX_REGISTERS && end <= taker->limit &&
           !(taker->has_stack && is_on_stack);
}

static void take_register(struct reader *r, const abide_data *data, const char *name, void *user)
{
    struct register_taker *taker = user;
    struct machine_registers *registers = taker->registers;
    for (size_t i = 0; i < registers->count; i++)
        if (strcmp(registers->list[i].name, name) == 0)
            wrong(r, data, "%s has two places", name);
    if (!has_room(taker)) {
        wrong(r, data, "there is no room for %s in the image", name);
        return;
    }
    registers->list[registers->count++] =
        (struct machine_register){name, taker->at, taker->size_bytes, NULL};
    taker->at += taker->step_bytes;
}

/* {a0..a7: {at: 0, bytes: 8}, y0..y7: {at: 64, bytes: 32, every: 64}} */
static void read_registers(struct reader *r, const abide_data *data, bool is_result,
                           struct machine_registers *registers)
{
    static const char *const keys[] = {"at", "bytes", "every", NULL};
    const unsigned limit = is_result ? RESULT_IMAGE_BYTES : IMAGE_BYTES;
    for (size_t i = 0; i < abide_data_count(data); i++) {
        const abide_data *place = abide_data_at(data, i);
        const char *names = abide_data_key_at(data, i);
        if (!names || !check_keys(r, place, keys) || !abide_data_get(place, "at") ||
            !abide_data_get(place, "bytes")) {
            wrong(r, place, "registers are written as {NAMES: {at: PLACE, bytes: SIZE}}");
            continue;
        }
        const abide_data *every = abide_data_get(place, "every");
        struct register_taker taker = {
            .registers = registers,
            .at = number_of(r, abide_data_get(place, "at"), limit),
            .size_bytes = number_of(r, abide_data_get(place, "bytes"), 256),
            .limit = limit,
            .has_stack = !is_result,
        };
        taker.step_bytes = every ? number_of(r, every, 256) : taker.size_bytes;
        each_name(r, place, names, take_register, &taker);
    }
}

static const struct machine_register *register_named(struct reader *r, const abide_data *data,
                                                     bool is_result, const char *name)
{
    const struct machine_register *found = machine_register_named(r->machine, is_result, name);
    if (!found)
        wrong(r, data, "%s has no place among the %s", name, is_result ? "results" : "arguments");
    return found;
}

struct box_taker {
    bool is_result;
    size_t *list;
    size_t *count;
};

static void take_box(struct reader *r, const abide_data *data, const char *name, void *user)
{
    struct box_taker *taker = user;
    const struct machine_register *found = register_named(r, data, taker->is_result, name);
    const struct machine_registers *all =
        taker->is_result ? &r->machine->results : &r->machine->arguments;
    if (found && *taker->count < MAX_BOXES)
        taker->list[(*taker->count)++] = (size_t)(found - all->list);
}

static void read_boxes(struct reader *r, const abide_data *data)
{
    static const char *const keys[] = {"arguments", "results", NULL};
    struct machine *m = r->machine;
    if (!data || !check_keys(r, data, keys))
        return;
    const abide_data *arguments = abide_data_get(data, "arguments");
    const abide_data *results = abide_data_get(data, "results");
    struct box_taker taker = {false, m->argument_boxes, &m->argument_box_count};
    if (arguments)
        each_name(r, arguments, text_of(r, arguments), take_box, &taker);
    taker = (struct box_taker){true, m->result_boxes, &m->result_box_count};
    if (results)
        each_name(r, results, text_of(r, results), take_box, &taker);
}

static void set_converts(struct machine_registers *all, const char *name, const char *format,
                         bool *found)
{
    for (size_t i = 0; i < all->count; i++)
        if (strcmp(all->list[i].name, name) == 0) {
            all->list[i].converts = format;
            *found = true;
        }
}

static void take_converting(struct reader *r, const abide_data *data, const char *name, void *user)
{
    bool found = false;
    set_converts(&r->machine->arguments, name, user, &found);
    set_converts(&r->machine->results, name, user, &found);
    if (!found)
        wrong(r, data, "%s has no place", name);
}

static void read_converts(struct reader *r, const abide_data *data)
{
    for (size_t i = 0; data && i < abide_data_count(data); i++) {
        const abide_data *format = abide_data_at(data, i);
        const char *text = text_of(r, format), *names = abide_data_key_at(data, i);
        if (!names || (strcmp(text, "f64") != 0 && strcmp(text, "f80") != 0)) {
            wrong(r, format, "registers and f64 or f80 are expected: {NAMES: FORMAT}");
            continue;
        }
        each_name(r, format, names, take_converting, cli_copy(text, strlen(text)));
    }
}

static void read_variadic(struct reader *r, const abide_data *data)
{
    struct machine *m = r->machine;
    for (size_t i = 0; data && i < abide_data_count(data) && abide_data_key_at(data, i); i++) {
        const struct machine_register *found =
            register_named(r, data, false, abide_data_key_at(data, i));
        if (!found || m->variadic_count == MAX_FIXED)
            continue;
        m->variadic[m->variadic_count].place = found->place;
        m->variadic[m->variadic_count++].value =
            (unsigned char)number_of(r, abide_data_at(data, i), 255);
    }
}

static void read_syscalls(struct reader *r, const abide_data *data)
{
    static const char *const keys[] = {"read", "write", "exit", NULL};
    unsigned long long *const numbers[] = {&r->machine->read_number, &r->machine->write_number,
                                           &r->machine->exit_number};
    if (!check_keys(r, data, keys))
        return;
    for (size_t i = 0; keys[i]; i++) {
        const abide_data *number = abide_data_get(data, keys[i]);
        if (number)
            *numbers[i] = number_of(r, number, 1000000);
        else
            wrong(r, data, "`%s` is missing", keys[i]);
    }
}

/* What it is known to fail at: `[{with: WORDS, percent: N, attribute: A}]`. */
static void read_failures(struct reader *r, const abide_data *data,
                          struct machine_toolchain *toolchain)
{
    static const char *const keys[] = {"with", "percent", "attribute", NULL};
    for (size_t i = 0; data && i < abide_data_count(data); i++) {
        const abide_data *entry = abide_data_at(data, i);
        if (!check_keys(r, entry, keys))
            return;
        const abide_data *with = abide_data_get(entry, "with");
        const abide_data *percent = abide_data_get(entry, "percent");
        const abide_data *attribute = abide_data_get(entry, "attribute");
        if (!with || !percent || toolchain->failure_count == MAX_KNOWN_FAILURES) {
            wrong(r, entry, "known failures are at most %d of {with: WORDS, percent: NUMBER}",
                  MAX_KNOWN_FAILURES);
            return;
        }
        toolchain->failures[toolchain->failure_count++] = (struct known_failure){
            .with = text_of(r, with),
            .attribute = attribute ? text_of(r, attribute) : NULL,
            .percent = number_of(r, percent, 50),
        };
    }
}

static void read_toolchain(struct reader *r, const char *triple, const char *name,
                           const abide_data *data)
{
    static const char *const keys[] = {"cc", "link", "run", "packages", "fails", NULL};
    struct machine *m = r->machine;
    if (!check_keys(r, data, keys))
        return;
    const abide_data *cc = abide_data_get(data, "cc"), *run = abide_data_get(data, "run");
    const abide_data *packages = abide_data_get(data, "packages");
    const abide_data *link = abide_data_get(data, "link");
    if (!cc || m->toolchain_count == MAX_TOOLCHAINS) {
        wrong(r, data, cc ? "too many toolchains" : "`cc` is missing");
        return;
    }
    struct machine_toolchain *toolchain = &m->toolchains[m->toolchain_count++];
    *toolchain = (struct machine_toolchain){
        .triple = triple,
        .name = name,
        .cc = text_of(r, cc),
        .link = link ? text_of(r, link) : NULL,
        .run = run ? text_of(r, run) : "",
        .packages = packages ? text_of(r, packages) : NULL,
    };
    read_failures(r, abide_data_get(data, "fails"), toolchain);
}

static void read_toolchains(struct reader *r, const abide_data *data)
{
    for (size_t i = 0; data && i < abide_data_count(data); i++) {
        const abide_data *compilers = abide_data_at(data, i);
        for (size_t k = 0; k < abide_data_count(compilers); k++)
            if (abide_data_key_at(data, i) && abide_data_key_at(compilers, k))
                read_toolchain(r, abide_data_key_at(data, i), abide_data_key_at(compilers, k),
                               abide_data_at(compilers, k));
            else
                wrong(r, compilers, "toolchains are written as {TRIPLE: {NAME: {cc: COMMAND}}}");
    }
}

static void read_machine(struct reader *r, const abide_data *data)
{
    static const char *const keys[] = {"abide",    "arch",     "stub",       "arguments",
                                       "results",  "boxes",    "converts",   "variadic",
                                       "syscalls", "promises", "toolchains", NULL};
    static const char *const required[] = {"arch", "stub", "arguments", "results", "syscalls"};
    if (!check_keys(r, data, keys))
        return;
    for (size_t i = 0; i < sizeof required / sizeof *required; i++)
        if (!abide_data_get(data, required[i])) {
            wrong(r, data, "`%s` is missing", required[i]);
            return;
        }
    struct machine *m = r->machine;
    if (!m->stub)
        wrong(r, abide_data_get(data, "stub"), "there is no such file");
    if (strcmp(text_of(r, abide_data_get(data, "arch")), m->arch) != 0)
        wrong(r, abide_data_get(data, "arch"), "this is the file of %s", m->arch);
    read_registers(r, abide_data_get(data, "arguments"), false, &m->arguments);
    read_registers(r, abide_data_get(data, "results"), true, &m->results);
    read_boxes(r, abide_data_get(data, "boxes"));
    read_converts(r, abide_data_get(data, "converts"));
    read_variadic(r, abide_data_get(data, "variadic"));
    read_syscalls(r, abide_data_get(data, "syscalls"));
    read_toolchains(r, abide_data_get(data, "toolchains"));
    const abide_data *promises = abide_data_get(data, "promises");
    m->promises_address = promises && strcmp(text_of(r, promises), "address") == 0;
}

/* --- finding it --- */

const struct embedded_text *verify_text(const char *path)
{
    for (size_t i = 0; i < verify_texts_count; i++)
        if (strcmp(verify_texts[i].path, path) == 0)
            return &verify_texts[i];
    return NULL;
}

static const abide_data *load_embedded(abide_ctx *ctx, struct machine *m)
{
    const char *path = cli_printf("targets/%s.yaml", m->arch);
    const struct embedded_text *text = verify_text(path);
    if (!text) {
        const char *message = cli_printf("nothing is known of how '%s' runs programs", m->arch);
        if (!abide_ctx_report(ctx, "no-harness", message,
                              "write ARCH.yaml and ARCH.S, and name their folder with --harness"))
            cli_no_memory();
        return NULL;
    }
    const abide_data *data = abide_data_parse(ctx, path, text->text, text->length_bytes);
    const abide_data *name = abide_data_get(data, "stub");
    const struct embedded_text *stub =
        name && abide_data_text(name) ? verify_text(cli_printf("targets/%s", abide_data_text(name)))
                                      : NULL;
    m->stub = stub ? stub->text : NULL;
    return data;
}

static const abide_data *load_own(abide_ctx *ctx, struct machine *m, const char *directory)
{
    const abide_data *data = abide_data_load(ctx, cli_printf("%s/%s.yaml", directory, m->arch));
    const abide_data *stub = abide_data_get(data, "stub");
    if (!stub || !abide_data_text(stub))
        return data;
    const char *path = cli_printf("%s/%s", directory, abide_data_text(stub));
    m->stub = read_text_file(path);
    if (m->stub)
        return data;
    if (!abide_data_report(ctx, stub, "missing-file", cli_printf("cannot read '%s'", path), NULL))
        cli_no_memory();
    return NULL;
}

struct machine *machine_load(abide_ctx *ctx, const char *arch, const char *directory)
{
    struct reader reader = {.ctx = ctx, .machine = cli_alloc(1, sizeof *reader.machine)};
    reader.machine->arch = arch;
    const abide_data *data =
        directory ? load_own(ctx, reader.machine, directory) : load_embedded(ctx, reader.machine);
    if (!data)
        return NULL;
    read_machine(&reader, data);
    return reader.failed ? NULL : reader.machine;
}

const char *machine_target_at(abide_ctx *ctx, size_t index)
{
    for (size_t i = 0; i < verify_texts_count; i++) {
        const struct embedded_text *text = &verify_texts[i];
        if (!strstr(text->path, ".yaml"))
            continue;
        const abide_data *toolchains = abide_data_get(
            abide_data_parse(ctx, text->path, text->text, text->length_bytes), "toolchains");
        if (toolchains && index < abide_data_count(toolchains))
            return abide_data_key_at(toolchains, index);
        index -= toolchains ? abide_data_count(toolchains) : 0;
    }
    return NULL;
}

/* --- asking --- */

static bool concerns(const struct known_failure *failure, const char *attribute)
{
    return !failure->attribute || (attribute && strcmp(failure->attribute, attribute) == 0);
}

const struct known_failure *machine_known_failure(const struct machine_toolchain *toolchain,
                                                  const char *attribute, const char *words)
{
    for (size_t i = 0; toolchain && i < toolchain->failure_count; i++) {
        const struct known_failure *failure = &toolchain->failures[i];
        if (concerns(failure, attribute) && strstr(words, failure->with))
            return failure;
    }
    return NULL;
}

unsigned machine_known_percent(const struct machine_toolchain *toolchain, const char *attribute)
{
    unsigned percent = 1;
    for (size_t i = 0; toolchain && i < toolchain->failure_count; i++)
        if (concerns(&toolchain->failures[i], attribute) &&
            toolchain->failures[i].percent > percent)
            percent = toolchain->failures[i].percent;
    return percent;
}

const struct machine_register *machine_register_at(const struct machine *machine, bool is_result,
                                                   unsigned place)
{
    const struct machine_registers *all = is_result ? &machine->results : &machine->arguments;
    for (size_t i = 0; i < all->count; i++)
        if (place >= all->list[i].place && place < all->list[i].place + all->list[i].size_bytes)
            return &all->list[i];
    return NULL;
}

const struct machine_register *machine_register_named(const struct machine *machine, bool is_result,
                                                      const char *name)
{
    const struct machine_registers *all = is_result ? &machine->results : &machine->arguments;
    for (size_t i = 0; i < all->count; i++)
        if (strcmp(all->list[i].name, name) == 0)
            return &all->list[i];
    return NULL;
}

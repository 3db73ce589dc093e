/* Layouts of the types of an interface file, asked of the module and of a compiler. */
#include "given.h"

#include "answer.h"
#include "batch.h"
#include "cli.h"
#include "harness.h"
#include "process.h"

#include <stdlib.h>
#include <string.h>

enum {
    MOST_SHOWN = 3,
    MOST_BYTES = 1 << 24, /* of a type: the program has a variable of it, and counts its bits */
};

/* A type, and where its numbers begin among those that the program writes: size, alignment, then two for each member. */
struct asked {
    size_t number;
    const char *name;
    uint64_t size_bytes, align_bytes; /* as the module says */
    struct given_member *members;
    size_t member_count;
    size_t position;
};

struct asking {
    struct given_c c;
    struct toolchain *toolchain;
    const abide_module *module;
    struct given_layouts *found;
    FILE *findings;
};

static void leave_out(struct asking *asking, const char *name, const char *why)
{
    words_add(&asking->found->unasked, cli_printf("%s: %s", name, why));
}

/* What the module says of a type. false: nothing. */
static bool ask_module(struct asking *asking, size_t number, struct asked *asked)
{
    abide_ctx *ctx = asking->c.ctx;
    const abide_type *type = abide_iface_type_at(asking->c.iface, number);
    *asked = (struct asked){.number = number, .name = abide_type_name(type)};
    if (!abide_type_has_size(type))
        return false; /* what is known by name only is no matter of layouts */
    const abide_layout *layout = abide_layout_of(ctx, asking->module, type);
    if (!layout) {
        size_t count = abide_ctx_diag_count(ctx);
        leave_out(asking, asked->name,
                  count ? abide_diag_message(abide_ctx_diag_at(ctx, count - 1)) : "refused");
        abide_ctx_clear_diags(ctx);
        return false;
    }
    asked->size_bytes = abide_layout_size_bytes(layout);
    asked->align_bytes = abide_layout_align_bytes(layout);
    if (asked->size_bytes > MOST_BYTES) {
        leave_out(asking, asked->name, "it is too large for a test program");
        return false;
    }
    asked->member_count = given_c_members(&asking->c, asking->module, type, &asked->members);
    if (asked->member_count == SIZE_MAX)
        leave_out(asking, asked->name, "it has parts that no member stands for");
    return asked->member_count != SIZE_MAX;
}

/* --- the program --- */

static size_t write_numbers(FILE *file, const struct asked *asked)
{
    fprintf(file, "    sizeof(t%zu), ALIGN(t%zu),\n", asked->number, asked->number);
    for (size_t i = 0; i < asked->member_count; i++) {
        const struct given_member *member = &asked->members[i];
        if (member->is_bitfield)
            fprintf(file, "    0, 0,\n");
        else
            fprintf(file, "    offsetof(t%zu, %s), 0,\n", asked->number, member->path);
    }
    return 2 + 2 * asked->member_count;
}

static void write_probes(FILE *file, const struct asked *asked)
{
    for (size_t i = 0; i < asked->member_count; i++)
        if (asked->members[i].is_bitfield)
            fprintf(file,
                    "    { static t%zu v; v.%s = -1;\n"
                    "      bits(capture_numbers + %zu, (void *)&v, sizeof v); }\n",
                    asked->number, asked->members[i].path, asked->position + 2 + 2 * i);
}

/* Takes types that C cannot write out of the list. */
static size_t write_program(struct asking *asking, FILE *file, struct asked *list, size_t count)
{
    size_t kept = 0, numbers = 0;
    given_c_restart(&asking->c);
    batch_bits(file, asking->toolchain);
    for (size_t i = 0; i < count; i++) {
        asking->c.why = NULL;
        if (given_c_type(&asking->c, file, list[i].number))
            list[kept++] = list[i];
        else
            leave_out(asking, list[i].name, asking->c.why);
    }
    fprintf(file, "unsigned capture_numbers[] = {\n");
    for (size_t i = 0; i < kept; i++) {
        list[i].position = numbers;
        numbers += write_numbers(file, &list[i]);
    }
    fprintf(file,
            "    0};\nconst unsigned capture_number_count = %zu;\nvoid capture_probe(void)\n{\n",
            numbers);
    for (size_t i = 0; i < kept; i++)
        write_probes(file, &list[i]);
    fprintf(file, "}\nvoid capture_prepare(void)\n{\n}\n"
                  "const void *const capture_cases[1];\nconst unsigned capture_case_count;\n");
    return kept;
}

/* --- comparing --- */

static void print_c(struct asking *asking, const struct asked *asked)
{
    char *text = NULL;
    size_t size_bytes = 0;
    FILE *file = open_memstream(&text, &size_bytes);
    if (!file)
        cli_no_memory();
    given_c_restart(&asking->c);
    given_c_type(&asking->c, file, asked->number);
    if (fclose(file) != 0)
        cli_no_memory();
    fprintf(asking->findings, "%s", text);
    free(text);
}

static void differ(struct asking *asking, const struct asked *asked, const char *what,
                   const char *compiler, const char *said)
{
    fprintf(asking->findings, "layout: %s: %s: %s, but the module says %s\n", asked->name, what,
            compiler, said);
}

static bool compare_member(struct asking *asking, const struct asked *asked,
                           const struct given_member *member, const uint32_t *found)
{
    bool is_same = member->is_bitfield
                       ? found[0] == member->offset_bits && found[1] == member->size_bits
                       : (uint64_t)found[0] * 8 == member->offset_bits;
    if (!is_same && member->is_bitfield)
        differ(asking, asked, member->name, cli_printf("%u bits at bit %u", found[1], found[0]),
               cli_printf("%llu at %llu", (unsigned long long)member->size_bits,
                          (unsigned long long)member->offset_bits));
    else if (!is_same)
        differ(asking, asked, member->name, cli_printf("at byte %u", found[0]),
               cli_printf("%llu", (unsigned long long)member->offset_bits / 8));
    return is_same;
}

static void compare(struct asking *asking, const struct asked *asked, const uint32_t *numbers)
{
    const uint32_t *found = numbers + asked->position;
    bool is_same = found[0] == (uint32_t)asked->size_bytes && found[1] == asked->align_bytes;
    if (!is_same)
        differ(asking, asked, "the whole",
               cli_printf("%u bytes, aligned to %u", found[0], found[1]),
               cli_printf("%llu, %llu", (unsigned long long)asked->size_bytes,
                          (unsigned long long)asked->align_bytes));
    for (size_t i = 0; i < asked->member_count; i++)
        is_same = compare_member(asking, asked, &asked->members[i], found + 2 + 2 * i) && is_same;
    asking->found->compared++;
    if (is_same)
        return;
    if (asking->found->wrong++ < MOST_SHOWN)
        print_c(asking, asked);
}

/* The numbers that the program wrote, after their count; NULL: not all are there. */
static uint32_t *read_numbers(const struct toolchain *toolchain, size_t count)
{
    uint32_t *numbers = cli_alloc(count + 1, sizeof *numbers);
    FILE *file = fopen(harness_found(toolchain), "rb");
    bool good = file;
    for (size_t i = 0; good && i <= count; i++) {
        unsigned char bytes[4];
        good = fread(bytes, 1, 4, file) == 4;
        if (good)
            numbers[i] = bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 |
                         (uint32_t)bytes[3] << 24;
    }
    good = good && numbers[0] == count;
    if (file)
        fclose(file);
    return good ? numbers + 1 : NULL;
}

/* --- asking --- */

/* Types that the compiler refuses are found by halving. */
static void ask(struct asking *asking, struct asked *list, size_t count)
{
    char *text = NULL;
    size_t size_bytes = 0;
    FILE *file = open_memstream(&text, &size_bytes);
    if (!file)
        cli_no_memory();
    count = write_program(asking, file, list, count);
    if (fclose(file) != 0)
        cli_no_memory();
    struct toolchain *t = asking->toolchain;
    write_text_file(t->directory, cli_printf("%s-layouts.c", t->name), text);
    free(text);
    if (count == 0)
        return;
    const struct asked *last = &list[count - 1];
    const uint32_t *numbers = harness_run_program(t, "-layouts.c", "-calls.o")
                                  ? read_numbers(t, last->position + 2 + 2 * last->member_count)
                                  : NULL;
    for (size_t i = 0; numbers && i < count; i++)
        compare(asking, &list[i], numbers);
    if (!numbers && count == 1)
        leave_out(asking, list[0].name, harness_last_words(t));
    if (!numbers && count > 1) {
        ask(asking, list, count / 2);
        ask(asking, list + count / 2, count - count / 2);
    }
}

void given_check_layouts(const struct given *given, struct toolchain *toolchain,
                         const struct engine *engine, struct given_layouts *found)
{
    char *text = NULL;
    size_t size_bytes = 0;
    struct asking asking = {.toolchain = toolchain, .found = found};
    *found = (struct given_layouts){.findings = ""};
    asking.module = abide_module_load(given->ctx, engine->abi, engine->target);
    if (!asking.module)
        die("the module %s cannot be loaded", engine->abi);
    given_c_start(&asking.c, given->ctx, given->iface);
    struct asked *list = cli_alloc(asking.c.count + 1, sizeof *list);
    size_t count = 0;
    for (size_t i = 0; i < asking.c.count; i++)
        count += ask_module(&asking, i, &list[count]);
    asking.findings = open_memstream(&text, &size_bytes);
    if (!asking.findings)
        cli_no_memory();
    ask(&asking, list, count);
    if (fclose(asking.findings) != 0)
        cli_no_memory();
    found->findings = cli_copy(text, size_bytes);
    free(text);
}

#include "harness.h"

#include "batch.h"
#include "cli.h"
#include "found.h"
#include "process.h"
#include "texts.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* --- building and running --- */

/* With a dot: compilers for Windows call `program` program.exe. */
#define PROGRAM "-program.run"

static void path_of(const struct toolchain *t, const char *name, const char *suffix,
                    char path[1024])
{
    if ((size_t)snprintf(path, 1024, "%s/%s%s", t->directory, name, suffix) >= 1024)
        die("path too long: %s", t->directory);
}

static void file_path(const struct toolchain *t, const char *suffix, char path[1024])
{
    path_of(t, t->name, suffix, path);
}

/* The compiler with the options that all files of a test program need. */
static struct command compiler(const struct toolchain *t, const char *opt, const char *output)
{
    struct command command = {0};
    char option[32], path[1024];
    command_add_words(&command, t->cc);
    snprintf(option, sizeof option, "-O%s", opt);
    command_add_words(&command, option);
    command_add_words(
        &command, "-std=gnu17 -w -Wno-psabi -ffreestanding -fno-stack-protector -fno-pic -fno-pie");
    command_add_words(&command, "-fno-asynchronous-unwind-tables -o");
    file_path(t, output, path);
    command_add(&command, path);
    return command;
}

static const char *log_name(const struct toolchain *t, const char *what)
{
    static char log[64];
    snprintf(log, sizeof log, "%s-%s", t->name, what);
    return log;
}

/* The text of a macro if the line defines it; else NULL. */
static const char *macro_text(const char *line, const char *macro)
{
    static const char start[] = "#define ";
    size_t length = strlen(macro);
    bool is_it = strncmp(line, start, sizeof start - 1) == 0 &&
                 strncmp(line + sizeof start - 1, macro, length) == 0 &&
                 line[sizeof start - 1 + length] == ' ';
    return is_it ? line + sizeof start + length : NULL;
}

static void read_macro(const char *line, const char *macro, unsigned *number)
{
    const char *text = macro_text(line, macro);
    if (text)
        *number = (unsigned)strtoul(text, NULL, 10);
}

/* What the compiler's predefined macros say of it and of its target. */
static bool ask_macros(struct toolchain *t)
{
    struct command command = {0};
    char path[1024], line[512];
    command_add_words(&command, t->cc);
    command_add_words(&command, "-dM -E -x c /dev/null");
    if (command_run(&command, t->directory, log_name(t, "log"), NULL) != 0)
        return false;
    unsigned word_bytes = 0, mantissa_bits = 0, clang[3] = {0}, gnu[3] = {0};
    bool is_big_endian = false;
    file_path(t, "-log.out", path);
    FILE *file = fopen(path, "r");
    while (file != NULL && fgets(line, sizeof line, file) != NULL) {
        read_macro(line, "__clang_major__", &clang[0]);
        read_macro(line, "__clang_minor__", &clang[1]);
        read_macro(line, "__clang_patchlevel__", &clang[2]);
        read_macro(line, "__GNUC__", &gnu[0]);
        read_macro(line, "__GNUC_MINOR__", &gnu[1]);
        read_macro(line, "__GNUC_PATCHLEVEL__", &gnu[2]);
        read_macro(line, "__SIZEOF_POINTER__", &word_bytes);
        read_macro(line, "__LDBL_MANT_DIG__", &mantissa_bits);
        const char *order = macro_text(line, "__BYTE_ORDER__");
        is_big_endian = is_big_endian || (order && strstr(order, "BIG"));
    }
    if (file != NULL)
        fclose(file);
    const unsigned *version = clang[0] != 0 ? clang : gnu;
    t->compiler = clang[0] != 0 ? "clang" : gnu[0] != 0 ? "gcc" : "";
    snprintf(t->version, sizeof t->version, "%u.%u.%u", version[0], version[1], version[2]);
    t->machine->word_bytes = word_bytes;
    t->machine->is_big_endian = is_big_endian;
    t->machine->longdouble_value_bytes = mantissa_bits == 53 ? 8 : mantissa_bits == 64 ? 10 : 16;
    return word_bytes == 4 || word_bytes == 8;
}

/* Without its own C the compiler could not be asked at all, so this is one more way to write what it lacks. */
static bool compiles(struct toolchain *t, const char *text)
{
    write_text_file(t->directory, "probe.c", text);
    struct command command = compiler(t, "0", "-probe.o");
    command_add(&command, "-c");
    command_add_path(&command, t->directory, "probe.c");
    return command_run(&command, t->directory, log_name(t, "probe"), NULL) == 0;
}

/* An earlier scalar of the same features, or the scalar itself. */
static unsigned first_alike(unsigned scalar)
{
    unsigned first = 0;
    while (scalars[first].feature != scalars[scalar].feature)
        first++;
    return first;
}

static bool is_everywhere(unsigned scalar)
{
    unsigned feature = scalars[scalar].feature;
    return feature == 0 || feature == FEATURE_POINTER || feature == FEATURE_BITSET;
}

/* Whether the compiler has these scalars; of each feature one is asked for. */
static bool has_scalars(struct toolchain *t, unsigned first, unsigned end)
{
    char *text = NULL;
    size_t size_bytes = 0;
    FILE *file = open_memstream(&text, &size_bytes);
    if (!file)
        die("out of memory");
    render_c_prelude(file);
    for (unsigned i = first; i < end; i++)
        if (!is_everywhere(i) && first_alike(i) == i)
            fprintf(file, "%s f%u(%s x) { return x; }\n", scalars[i].c_name, i, scalars[i].c_name);
    fclose(file);
    bool found = compiles(t, text);
    free(text);
    return found;
}

/* A compiler has all scalars of the same features, or none; most have all, so all are asked for at once first. */
uint64_t harness_scalars(struct toolchain *t)
{
    bool has_all = has_scalars(t, 0, scalar_count);
    uint64_t set = 0;
    for (unsigned i = 0; i < scalar_count; i++) {
        unsigned first = first_alike(i);
        if (has_all || is_everywhere(i) ||
            (first < i ? (set >> first & 1) != 0 : has_scalars(t, i, i + 1)))
            set |= UINT64_C(1) << i;
    }
    return set;
}

static void add_ranges(FILE *file, const struct machine_registers *all, const size_t *indexes,
                       size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct machine_register *reg = &all->list[indexes[i]];
        unsigned half = reg->size_bytes / 2;
        /* Where the upper half of the number is, by the order of bytes, is decided there. */
        fprintf(file, "{%u, %u}, ", reg->place + half, reg->size_bytes - half);
    }
}

/* Whether there are registers that convert, and whether one of them is wider than a double. */
struct converting {
    bool is_there, has_wider;
};

/* Places, and whether the format is wider than a double. */
static void add_converting(FILE *file, const char *name, const struct machine_registers *all,
                           struct converting *found)
{
    fprintf(file, "#define %s ", name);
    for (size_t i = 0; i < all->count; i++) {
        bool is_wider = all->list[i].converts && strcmp(all->list[i].converts, "f80") == 0;
        if (all->list[i].converts)
            fprintf(file, "{%u, %d}, ", all->list[i].place, is_wider ? 2 : 1);
        found->has_wider = found->has_wider || is_wider;
        found->is_there = found->is_there || all->list[i].converts;
    }
    fprintf(file, "\n");
}

/* "#define CAPTURE_CONVENTION_regcall 1": for stubs of which a convention needs what others must not find. */
static void add_convention(FILE *file, const char *attribute)
{
    fprintf(file, "#define CAPTURE_CONVENTION_");
    for (const char *c = attribute ? attribute : "C"; *c; c++)
        fputc(isalnum((unsigned char)*c) ? *c : '_', file);
    fprintf(file, " 1\n");
}

/* capture-target.h: the data of the architecture that the test programs need. */
static void write_target(const struct toolchain *t)
{
    const struct machine *m = t->machine;
    char path[1024];
    snprintf(path, sizeof path, "%s/capture-target.h", t->directory);
    FILE *file = fopen(path, "w");
    if (!file)
        die("cannot write %s", path);
    fprintf(file,
            "#define CAPTURE_READ %llu\n#define CAPTURE_WRITE %llu\n#define CAPTURE_EXIT %llu\n",
            m->read_number, m->write_number, m->exit_number);
    add_convention(file, t->attribute);
    struct converting converting = {0};
    add_converting(file, "CAPTURE_ARGUMENT_CONVERTS", &m->arguments, &converting);
    add_converting(file, "CAPTURE_RESULT_CONVERTS", &m->results, &converting);
    fprintf(file, "#define CAPTURE_HAS_CONVERTS %d\n#define CAPTURE_HAS_WIDER %d\n",
            converting.is_there, converting.has_wider);
    fprintf(file, "#define CAPTURE_ARGUMENT_BOXES ");
    add_ranges(file, &m->arguments, m->argument_boxes, m->argument_box_count);
    fprintf(file, "\n#define CAPTURE_RESULT_BOXES ");
    add_ranges(file, &m->results, m->result_boxes, m->result_box_count);
    fprintf(file, "\n#define CAPTURE_VARIADIC ");
    for (size_t i = 0; i < m->variadic_count; i++)
        fprintf(file, "{%u, %u}, ", m->variadic[i].place, m->variadic[i].value);
    fprintf(file, "\n");
    if (fclose(file) != 0)
        die("cannot write %s", path);
}

static const char *const parts[] = {"capture/capture.h",     "capture/runtime.h",
                                    "capture/runtime.c",     "capture/calls-main.c",
                                    "capture/extend-main.c", "capture/thunks-main.c"};

static void write_parts(const struct toolchain *t)
{
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        const struct embedded_text *part = verify_text(parts[i]);
        if (!part)
            die("%s is missing in the command", parts[i]);
        write_text_file(t->directory, strchr(parts[i], '/') + 1, part->text);
    }
    write_text_file(t->directory, "stub.S", t->machine->stub);
    write_target(t);
}

static bool compile_part(const struct toolchain *t, const char *source, const char *object)
{
    struct command command = compiler(t, "1", object);
    command_add(&command, "-c");
    command_add_path(&command, t->directory, source);
    return command_run(&command, t->directory, log_name(t, "log"), NULL) == 0;
}

bool harness_knows_attribute(const char *cc, const char *attribute, const char *directory)
{
    char text[256];
    struct command command = {0};
    snprintf(text, sizeof text, "__attribute__((%s)) int f(int a) { return a; }\n", attribute);
    write_text_file(directory, "attribute.c", text);
    command_add_words(&command, cc);
    command_add_words(&command, "-ffreestanding -Werror -Wno-unused-command-line-argument -c -o");
    command_add_path(&command, directory, "attribute.o");
    command_add_path(&command, directory, "attribute.c");
    return command_run(&command, directory, "attribute", NULL) == 0;
}

bool harness_prepare(struct toolchain *t)
{
    if (!ask_macros(t))
        return false;
    write_parts(t);
    return compile_part(t, "runtime.c", "-runtime.o") && compile_part(t, "stub.S", "-stub.o") &&
           compile_part(t, "calls-main.c", "-calls.o") &&
           compile_part(t, "extend-main.c", "-extend.o") &&
           compile_part(t, "thunks-main.c", "-thunks.o");
}

/* Compiles the batch alone, for a linker of its own: of some targets the compiler cannot be asked to link. */
static bool compile_batch(struct toolchain *t, const char *batch)
{
    char path[1024];
    struct command command = compiler(t, t->opt, "-program.o");
    command_add(&command, "-c");
    file_path(t, batch, path);
    command_add(&command, path);
    return command_run(&command, t->directory, log_name(t, "log"), NULL) == 0;
}

/* The command that makes a program of the batch, which it compiles too unless there is a linker. */
static struct command linking(const struct toolchain *t, const char *batch)
{
    char path[1024];
    if (!t->link) {
        struct command command = compiler(t, t->opt, PROGRAM);
        command_add_words(&command, "-nostdlib -static -Wl,-e,_start");
        file_path(t, batch, path);
        command_add(&command, path);
        return command;
    }
    struct command command = {0};
    command_add_words(&command, t->link);
    command_add_words(&command, "-static -e _start -o");
    file_path(t, PROGRAM, path);
    command_add(&command, path);
    file_path(t, "-program.o", path);
    command_add(&command, path);
    return command;
}

/* Compiles the batch and links it with a main program. Where the compiler has helper functions, they are linked too. */
static bool build(struct toolchain *t, const char *batch, const char *main_object,
                  const char *const *others)
{
    const char *const objects[] = {main_object, "-runtime.o", "-stub.o"};
    t->lacks_libgcc = t->lacks_libgcc || t->link;
    if (t->link && !compile_batch(t, batch))
        return false;
    for (;;) {
        char path[1024];
        struct command command = linking(t, batch);
        if (t->language)
            command_add_words(&command, language_text(t->language, "link"));
        for (size_t i = 0; i < sizeof objects / sizeof *objects; i++) {
            path_of(t, t->prepared, objects[i], path);
            command_add(&command, path);
        }
        for (size_t i = 0; others && others[i]; i++)
            command_add(&command, others[i]);
        if (!t->lacks_libgcc)
            command_add(&command, "-lgcc");
        if (command_run(&command, t->directory, log_name(t, "log"), NULL) == 0)
            return true;
        if (t->lacks_libgcc || t->has_built)
            return false;
        t->lacks_libgcc = true;
    }
}

/* Runs the program from case `first` on; what it finds goes to NAME-found.out. */
static int run(const struct toolchain *t, unsigned first)
{
    char path[1024], input[1024];
    unsigned char bytes[4] = {(unsigned char)first, (unsigned char)(first >> 8),
                              (unsigned char)(first >> 16), (unsigned char)(first >> 24)};
    file_path(t, "-first", input);
    FILE *file = fopen(input, "wb");
    if (!file || fwrite(bytes, 1, sizeof bytes, file) != sizeof bytes || fclose(file) != 0)
        die("cannot write %s", input);
    struct command command = {0};
    command_add_words(&command, t->run);
    file_path(t, PROGRAM, path);
    command_add(&command, path);
    return command_run(&command, t->directory, log_name(t, "found"), input);
}

bool harness_run_program(struct toolchain *t, const char *batch, const char *main_object)
{
    if (!build(t, batch, main_object, NULL))
        return false;
    t->has_built = true;
    return run(t, 0) == 0;
}

bool harness_compile_text(const struct toolchain *t, const char *text, const char *source,
                          const char *object)
{
    const char *name = cli_printf("%s-%s", t->name, source);
    write_text_file(t->directory, name, text);
    struct command command = compiler(t, t->opt, "-unused.o");
    /* LLVM's own form is not to be improved again; the triple is the compiler's. */
    if (strstr(source, ".ll"))
        command_add_words(&command, "-Wno-override-module -Xclang -disable-llvm-passes");
    command_add_words(&command, "-c -o");
    command_add(&command, object);
    command_add_path(&command, t->directory, name);
    return command_run(&command, t->directory, log_name(t, "log"), NULL) == 0;
}

bool harness_build(struct toolchain *t, const char *text, const char *main_object,
                   const char *const *objects)
{
    write_text_file(t->directory, cli_printf("%s-program.c", t->name), text);
    bool good = build(t, "-program.c", main_object, objects);
    t->has_built = t->has_built || good;
    return good;
}

int harness_execute(const struct toolchain *t, unsigned first)
{
    return run(t, first);
}

const char *harness_found(const struct toolchain *t)
{
    return cli_printf("%s/%s-found.out", t->directory, t->name);
}

/* The first line of a text that tells of an error, else the first one; without the place, which is a temporary file. */
static const char *error_line(const char *text)
{
    const char *found = strstr(text, "error:");
    while (found && found > text && found[-1] != '\n')
        found--;
    found = found ? found : text;
    const char *space = strstr(found, ": ");
    if (*found == '/' && space && space < found + strcspn(found, "\n"))
        found = space + 2;
    return cli_copy(found, strcspn(found, "\n"));
}

const char *harness_last_words(const struct toolchain *t)
{
    const char *text = read_text_file(cli_printf("%s/%s.err", t->directory, log_name(t, "log")));
    const char *words = text ? error_line(text) : "";
    return *words ? words : "it said nothing";
}

void harness_complain(const struct toolchain *t)
{
    fprintf(stderr, "%s:\n", t->cc);
    show_file(t->directory, log_name(t, "log"), ".err");
    show_file(t->directory, log_name(t, "found"), ".err");
}

static void write_batch_file(const struct toolchain *t, const struct signature *signatures,
                             unsigned count)
{
    char path[1024];
    file_path(t, "-batch.c", path);
    FILE *file = fopen(path, "w");
    if (file == NULL)
        die("cannot write %s", path);
    batch_write(file, t, signatures, count);
    if (fclose(file) != 0)
        die("cannot write %s", path);
}

/* --- in another language --- */

enum { MAX_OBJECTS = 32 };

/* The object files of a folder, NULL-terminated. */
static void list_objects(const char *folder, const char *objects[MAX_OBJECTS + 1])
{
    size_t count = 0;
    DIR *directory = opendir(folder);
    for (const struct dirent *entry; directory && (entry = readdir(directory));) {
        size_t length = strlen(entry->d_name);
        if (length > 2 && strcmp(entry->d_name + length - 2, ".o") == 0 && count < MAX_OBJECTS)
            objects[count++] = cli_printf("%s/%s", folder, entry->d_name);
    }
    if (directory)
        closedir(directory);
    objects[count] = NULL;
}

/* The C compiler with its options as one word, for compilers that call it. */
static const char *wrapper(const struct toolchain *t)
{
    const char *name = cli_printf("%s_cc", t->name);
    write_text_file(t->directory, name, cli_printf("#!/bin/sh\nexec %s \"$@\"\n", t->cc));
    const char *path = cli_printf("%s/%s", t->directory, name);
    if (chmod(path, 0755) != 0)
        die("cannot make %s executable", path);
    return path;
}

/* Starts the compiler of the language, as its template says. */
static bool compile_language(const struct toolchain *t, const char *source, const char *objects)
{
    const struct language *language = t->language;
    const struct language_word words[] = {
        {"command", language->command},
        {"options", language->flags},
        {"cc", wrapper(t)},
        {"opt", t->opt},
        {"cpu", language_text(language, cli_printf("cpus.%s", t->machine->arch))},
        {"source", source},
        {"objects", objects},
    };
    struct command command = {0};
    const char *text = language_text(language, "compile");
    command_add_words(&command, language_fill(text, words, sizeof words / sizeof *words));
    return command_run(&command, t->directory, log_name(t, "log"), NULL) == 0;
}

/* The batch in the language, and a table of its cases in C. */
static bool build_language(struct toolchain *t, const struct signature *signatures, unsigned count)
{
    const char *ending = language_text(t->language, "source");
    const char *source = cli_printf("%s/%s_batch%s", t->directory, t->name, ending);
    const char *folder = cli_printf("%s/%s_objects", t->directory, t->name);
    const char *objects[MAX_OBJECTS + 1];
    FILE *file = fopen(source, "w");
    if (!file || (mkdir(folder, 0777) != 0 && errno != EEXIST))
        die("cannot write %s", source);
    language_render(t->language, file, signatures, count);
    if (fclose(file) != 0)
        die("cannot write %s", source);
    if (!compile_language(t, source, folder))
        return false;
    char *table = NULL;
    size_t size_bytes;
    file = open_memstream(&table, &size_bytes);
    if (!file)
        cli_no_memory();
    language_render_table(file, signatures, count);
    if (fclose(file) != 0)
        cli_no_memory();
    list_objects(folder, objects);
    bool good = harness_build(t, table, "-calls.o", objects);
    free(table);
    return good;
}

static bool build_batch(struct toolchain *t, const struct signature *signatures, unsigned count)
{
    if (t->language)
        return build_language(t, signatures, count);
    write_batch_file(t, signatures, count);
    return build(t, "-batch.c", "-calls.o", NULL);
}

bool harness_run(struct toolchain *t, const struct signature *signatures, unsigned count,
                 struct account *accounts)
{
    memset(accounts, 0, count * sizeof *accounts);
    if (!build_batch(t, signatures, count))
        return false;
    t->has_built = true;
    for (unsigned next = 0; next < count;) {
        int status = run(t, next);
        unsigned done = found_read(t, harness_found(t), signatures, next, count, accounts);
        if (done < count && status == 0)
            die("%s: the test program ends after case %u of %u", t->cc, done, count);
        if (done < count)
            snprintf(accounts[done].error, sizeof accounts[done].error,
                     "the compiled code crashed (status %d)", status);
        /* A crash before the first case leaves no layouts, and nothing to go on with. */
        if (done == 0 && accounts[0].types[0].size_bytes == 0 && status != 0 && count > 1)
            return false;
        next = done + 1;
    }
    return true;
}

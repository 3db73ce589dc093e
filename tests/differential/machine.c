#include "machine.h"

#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* The offsets are those of stub-x86_64.S. */
static const struct machine_register x86_64_arguments[] = {
    {"rdi", 0, 8},     {"rsi", 8, 8},     {"rdx", 16, 8},    {"rcx", 24, 8},
    {"r8", 32, 8},     {"r9", 40, 8},     {"rax", 48, 8},    {"r10", 56, 8},
    {"xmm0", 64, 16},  {"xmm1", 80, 16},  {"xmm2", 96, 16},  {"xmm3", 112, 16},
    {"xmm4", 128, 16}, {"xmm5", 144, 16}, {"xmm6", 160, 16}, {"xmm7", 176, 16},
};
static const struct machine_register x86_64_results[] = {
    {"rax", 0, 8},    {"rdx", 8, 8},    {"rcx", 16, 8},  {"xmm0", 32, 16}, {"xmm1", 48, 16},
    {"xmm2", 64, 16}, {"xmm3", 80, 16}, {"st0", 96, 16}, {"st1", 112, 16},
};

/* The offsets are those of stub-aarch64.S. */
static const struct machine_register aarch64_arguments[] = {
    {"x0", 0, 8},    {"x1", 8, 8},    {"x2", 16, 8},   {"x3", 24, 8},   {"x4", 32, 8},
    {"x5", 40, 8},   {"x6", 48, 8},   {"x7", 56, 8},   {"x8", 64, 8},   {"x9", 72, 8},
    {"x10", 80, 8},  {"x11", 88, 8},  {"x12", 96, 8},  {"x13", 104, 8}, {"x14", 112, 8},
    {"x15", 120, 8}, {"v0", 128, 16}, {"v1", 144, 16}, {"v2", 160, 16}, {"v3", 176, 16},
    {"v4", 192, 16}, {"v5", 208, 16}, {"v6", 224, 16}, {"v7", 240, 16},
};
static const struct machine_register aarch64_results[] = {
    {"x0", 0, 8},    {"x1", 8, 8},    {"x2", 16, 8},   {"x3", 24, 8},
    {"x4", 32, 8},   {"x5", 40, 8},   {"x6", 48, 8},   {"x7", 56, 8},
    {"v0", 64, 16},  {"v1", 80, 16},  {"v2", 96, 16},  {"v3", 112, 16},
    {"v4", 128, 16}, {"v5", 144, 16}, {"v6", 160, 16}, {"v7", 176, 16},
};

static const struct machine machines[] = {
    {"x86_64", "stub-x86_64.S", 10, x86_64_arguments, COUNT(x86_64_arguments), x86_64_results,
     COUNT(x86_64_results)},
    {"aarch64", "stub-aarch64.S", 16, aarch64_arguments, COUNT(aarch64_arguments), aarch64_results,
     COUNT(aarch64_results)},
};

const struct machine *machine_of(const char *triple)
{
    size_t length = strcspn(triple, "-");
    for (size_t i = 0; i < COUNT(machines); i++)
        if (strlen(machines[i].architecture) == length &&
            strncmp(triple, machines[i].architecture, length) == 0)
            return &machines[i];
    return NULL;
}

const struct machine_register *machine_register_at(const struct machine *machine, int results,
                                                   unsigned place)
{
    const struct machine_register *list = results ? machine->results : machine->arguments;
    size_t count = results ? machine->result_count : machine->argument_count;
    for (size_t i = 0; i < count; i++)
        if (place >= list[i].place && place < list[i].place + list[i].size_bytes)
            return &list[i];
    return NULL;
}

const struct machine_register *machine_register_named(const struct machine *machine, int results,
                                                      const char *name)
{
    const struct machine_register *list = results ? machine->results : machine->arguments;
    size_t count = results ? machine->result_count : machine->argument_count;
    for (size_t i = 0; i < count; i++)
        if (strcmp(list[i].name, name) == 0)
            return &list[i];
    return NULL;
}

#include "machine.h"

#include "signature.h"

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

/* The offsets are those of stub-i386.S. */
static const struct machine_register i386_arguments[] = {
    {"eax", 0, 4},
    {"ecx", 4, 4},
    {"edx", 8, 4},
};
static const struct machine_register i386_results[] = {
    {"eax", 0, 4}, {"edx", 4, 4}, {"ecx", 8, 4}, {"xmm0", 32, 16}, {"st0", 96, 16},
};

/* The offsets are those of stub-arm.S. */
static const struct machine_register arm_arguments[] = {
    {"r0", 0, 4},    {"r1", 4, 4},    {"r2", 8, 4},    {"r3", 12, 4},   {"r12", 16, 4},
    {"s0", 64, 4},   {"s1", 68, 4},   {"s2", 72, 4},   {"s3", 76, 4},   {"s4", 80, 4},
    {"s5", 84, 4},   {"s6", 88, 4},   {"s7", 92, 4},   {"s8", 96, 4},   {"s9", 100, 4},
    {"s10", 104, 4}, {"s11", 108, 4}, {"s12", 112, 4}, {"s13", 116, 4}, {"s14", 120, 4},
    {"s15", 124, 4},
};
static const struct machine_register arm_results[] = {
    {"r0", 0, 4},    {"r1", 4, 4},    {"r2", 8, 4},    {"r3", 12, 4},   {"s0", 64, 4},
    {"s1", 68, 4},   {"s2", 72, 4},   {"s3", 76, 4},   {"s4", 80, 4},   {"s5", 84, 4},
    {"s6", 88, 4},   {"s7", 92, 4},   {"s8", 96, 4},   {"s9", 100, 4},  {"s10", 104, 4},
    {"s11", 108, 4}, {"s12", 112, 4}, {"s13", 116, 4}, {"s14", 120, 4}, {"s15", 124, 4},
};

/* The offsets are those of stub-riscv64.S. */
static const struct machine_register riscv64_arguments[] = {
    {"a0", 0, 8},    {"a1", 8, 8},    {"a2", 16, 8},   {"a3", 24, 8},   {"a4", 32, 8},
    {"a5", 40, 8},   {"a6", 48, 8},   {"a7", 56, 8},   {"t0", 64, 8},   {"t1", 72, 8},
    {"t2", 80, 8},   {"t3", 88, 8},   {"t4", 96, 8},   {"t5", 104, 8},  {"t6", 112, 8},
    {"fa0", 128, 8}, {"fa1", 136, 8}, {"fa2", 144, 8}, {"fa3", 152, 8}, {"fa4", 160, 8},
    {"fa5", 168, 8}, {"fa6", 176, 8}, {"fa7", 184, 8},
};
static const struct machine_register riscv64_results[] = {
    {"a0", 0, 8},   {"a1", 8, 8},    {"a2", 16, 8},   {"a3", 24, 8},
    {"a4", 32, 8},  {"a5", 40, 8},   {"a6", 48, 8},   {"a7", 56, 8},
    {"fa0", 64, 8}, {"fa1", 72, 8},  {"fa2", 80, 8},  {"fa3", 88, 8},
    {"fa4", 96, 8}, {"fa5", 104, 8}, {"fa6", 112, 8}, {"fa7", 120, 8},
};

static const struct machine machines[] = {
    {.architecture = "x86_64",
     .promises_address = true,
     .stub = "stub-x86_64.S",
     .word_bytes = 8,
     .longdouble_value_bytes = 10,
     .arguments = x86_64_arguments,
     .argument_count = COUNT(x86_64_arguments),
     .results = x86_64_results,
     .result_count = COUNT(x86_64_results)},
    {.architecture = "aarch64",
     .promises_address = true,
     .stub = "stub-aarch64.S",
     .word_bytes = 8,
     .longdouble_value_bytes = 16,
     .arguments = aarch64_arguments,
     .argument_count = COUNT(aarch64_arguments),
     .results = aarch64_results,
     .result_count = COUNT(aarch64_results)},
    {.architecture = "i386",
     .promises_address = true,
     .stub = "stub-i386.S",
     .word_bytes = 4,
     .longdouble_value_bytes = 10,
     .lacking = FEATURE_I128 | FEATURE_HALF | FEATURE_BFLOAT | FEATURE_QUAD,
     .converting = "st0",
     .converted_as = "f80",
     .arguments = i386_arguments,
     .argument_count = COUNT(i386_arguments),
     .results = i386_results,
     .result_count = COUNT(i386_results)},
    {.architecture = "arm",
     .stub = "stub-arm.S",
     .word_bytes = 4,
     .longdouble_value_bytes = 8,
     .lacking = FEATURE_I128 | FEATURE_HALF | FEATURE_BFLOAT | FEATURE_QUAD,
     .arguments = arm_arguments,
     .argument_count = COUNT(arm_arguments),
     .results = arm_results,
     .result_count = COUNT(arm_results)},
    {.architecture = "riscv64",
     .boxes = true,
     .stub = "stub-riscv64.S",
     .word_bytes = 8,
     .longdouble_value_bytes = 16,
     .lacking = FEATURE_HALF | FEATURE_BFLOAT,
     .arguments = riscv64_arguments,
     .argument_count = COUNT(riscv64_arguments),
     .results = riscv64_results,
     .result_count = COUNT(riscv64_results)},
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

/* A section of a page about an ABI module: its rules with their sources, and what each of them decides. */
#ifndef PICTURE_RULES_H
#define PICTURE_RULES_H

#include "call_answer.h"
#include "text.h"

/* The anchor is "module-NAME"; `subjects` are the functions whose decisions are told. false: reported. */
bool picture_module_section(struct cli *cli, const abide_module *module,
                            const struct question *question, const struct called *subjects,
                            size_t count, struct text *out);

#endif

/* What an object has beside its thunks because somebody asked for it: further names, and data. */
#ifndef ABIDE_CODEGEN_EXTRAS_H
#define ABIDE_CODEGEN_EXTRAS_H

#include "emission.h"

/* Whether there is any. */
bool abide_extras__are_there(const abide_codegen_options *options);
/* Adds them to the module, behind its thunks. false: reported. */
bool abide_extras__add(struct abide_emission *e, const struct abide_module *machine);

#endif

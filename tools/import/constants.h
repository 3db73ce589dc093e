/* Constants of a header on their way into a model. */
#ifndef ABIDE_IMPORT_CONSTANTS_H
#define ABIDE_IMPORT_CONSTANTS_H

#include "importer.h"

/* Notes a macro of what is imported; its value is asked for by import_constants, once all are there. */
void import_macro(struct importer *importer, CXCursor definition);
void import_constants(struct importer *importer);
/* A variable that is one constant number. false: it is not. */
bool import_constant_variable(struct importer *importer, CXCursor variable);

#endif

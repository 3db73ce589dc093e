/* Constant tables of functions (plan/routine.h): vtables of objects that stand for another side's. */
#ifndef ABIDE_CODEGEN_TABLES_H
#define ABIDE_CODEGEN_TABLES_H

#include "emission.h"

/* The table of a routine's operation, whose content comes with abide_tables__write. */
LLVMValueRef abide_table__address(struct abide_emission *e,
                                  const struct abide_routine_constant *table);

/* Fills the tables that were asked for, and writes the functions in them. false: reported. */
bool abide_tables__write(struct abide_emission *e);

#endif

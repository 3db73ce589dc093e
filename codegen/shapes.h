/*
 * Thunks of one shape share their code: it is made once and copied under other names. A shape is the text of a thunk's IR with
 * names left out that stand for the thunk and for what it calls, so whatever decides the code decides the shape.
 *
 * Shapes are found, and their code is made, in lots of fixed size, by as many threads as are allowed; the bytes do not depend
 * on their number.
 */
#ifndef ABIDE_CODEGEN_SHAPES_H
#define ABIDE_CODEGEN_SHAPES_H

#include "emission.h"

/*
 * The object of many thunks, for the processor that was chosen. false: they have to be made together, in one module; nothing
 * was reported.
 */
bool abide_shapes__make(struct abide_emission *e, const struct abide_thunk *thunks,
                        size_t thunk_count, struct abide_text *object);

#endif

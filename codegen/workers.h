/* Pieces of work that do not depend on each other, done by several threads. */
#ifndef ABIDE_CODEGEN_WORKERS_H
#define ABIDE_CODEGEN_WORKERS_H

#include <stddef.h>

/* Does `work` for each of `count` indices, each once, in any order; the calling thread takes part. Returns when all are done. */
void abide_workers__run(unsigned thread_count, size_t count, void (*work)(void *user, size_t index),
                        void *user);

#endif

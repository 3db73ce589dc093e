/* The callee's stack arguments, pushed from where they are. */
#include "line_writer.h"

#include <string.h>

/* Fewer words than these are pushed one by one. */
#define COPY_LEAST_PUSHES 6

static struct abide_line_op *word_op(struct abide_line_writer *w, uint64_t offset_bytes)
{
    abide_line_list *list = &w->line->ops[ABIDE_LINE_STACK];
    for (size_t i = 0; i < list->count; i++)
        if (list->items[i].to.offset_bytes == offset_bytes)
            return &list->items[i];
    return NULL;
}

bool abide_line__push_register(struct abide_line_writer *w, const char *name)
{
    abide_line__say(w, w->data->push, (struct abide_edge_words){.name = name});
    abide_assembly__lowered(&w->a, w->line->word_bytes);
    w->depth_bytes += w->line->word_bytes;
    return !w->line->reason;
}

/* No vector register is pushed: it is stored where the stack pointer has been lowered to. */
static bool is_stored(const struct abide_line_writer *w, const struct abide_line_op *op)
{
    return op->from.kind == ABIDE_LINE_REGISTER && abide_line__is_vector(w, op->from.name);
}

static bool push_word(struct abide_line_writer *w, struct abide_line_op *op)
{
    struct abide_edge_words words = {0};
    uint64_t word_bytes = w->line->word_bytes;
    const char *name;
    if (op->from.kind == ABIDE_LINE_MEMORY && !op->extend &&
        op->from.readable_bytes >= word_bytes) {
        words.base = abide_line__address(w, &op->from, NULL, &words.offset);
        if (!words.base)
            return false;
        abide_line__say(w, w->data->push_memory, words);
        abide_assembly__lowered(&w->a, word_bytes);
        w->depth_bytes += word_bytes;
        return !w->line->reason;
    }
    name = abide_line__fetch(w, op);
    return name && abide_line__push_register(w, name);
}

/* How many words up to `at_bytes` come from words side by side. */
static size_t run_below(struct abide_line_writer *w, uint64_t at_bytes)
{
    uint64_t word_bytes = w->line->word_bytes;
    size_t count = 1;
    const struct abide_line_op *high = word_op(w, at_bytes - word_bytes), *low;
    for (; at_bytes >= (count + 1) * word_bytes; count++, high = low) {
        low = word_op(w, at_bytes - (count + 1) * word_bytes);
        if (!low || !abide_line__are_neighbours(w->line, low, high))
            break;
    }
    return count;
}

/* Many words at once. Returns how many; 0: they are pushed. */
static size_t copy_words(struct abide_line_writer *w, uint64_t at_bytes)
{
    uint64_t word_bytes = w->line->word_bytes;
    size_t count = w->line->form.copies ? run_below(w, at_bytes) : 0;
    if (count < COPY_LEAST_PUSHES || !abide_line__can_copy(w))
        return 0;
    uint64_t start_bytes = at_bytes - count * word_bytes;
    const struct abide_line_op *first = word_op(w, start_bytes);
    abide_line__lower(w, w->total_bytes - start_bytes - w->depth_bytes);
    if (!abide_line__copy(w, &first->from, &first->to, count * word_bytes))
        return 0;
    for (size_t i = 0; i < count; i++)
        word_op(w, start_bytes + i * word_bytes)->is_done = true;
    return count;
}

bool abide_line__push_all(struct abide_line_writer *w)
{
    uint64_t word_bytes = w->line->word_bytes;
    for (uint64_t at = w->outgoing_bytes; at > 0; at -= word_bytes) {
        struct abide_line_op *op = word_op(w, at - word_bytes);
        if (!op)
            continue;
        size_t copied = copy_words(w, at);
        if (w->line->reason)
            return false;
        if (copied) {
            at -= (copied - 1) * word_bytes;
            continue;
        }
        /* Words that nobody writes, or that are not pushed. */
        uint64_t end_bytes = is_stored(w, op) ? at - word_bytes : at;
        if (w->depth_bytes + end_bytes < w->total_bytes)
            abide_line__lower(w, w->total_bytes - end_bytes - w->depth_bytes);
        if (is_stored(w, op) ? !abide_line__store(w, op, abide_line__now_of(w, op->from.name))
                             : !push_word(w, op))
            return false;
        op->is_done = true;
        w->taken.count = 0;
    }
    abide_line__lower(w, w->total_bytes - w->depth_bytes);
    return true;
}

uint64_t abide_line__pushed_end(struct abide_line_writer *w)
{
    uint64_t end_bytes = abide_line__pushes(w) ? w->outgoing_bytes : 0;
    while (end_bytes > 0) {
        const struct abide_line_op *op = word_op(w, end_bytes - w->line->word_bytes);
        if (op && !is_stored(w, op))
            break;
        end_bytes -= w->line->word_bytes;
    }
    return end_bytes;
}

/*
 * The context's memory: blocks from the allocator, cut from the front, freed all at once.
 *
 * Under AddressSanitizer a gap after each object is poisoned, so that running off its end is seen as with malloc.
 */
#include "base/arena.h"

#include "base/checked.h"

#include <stdalign.h>
#include <string.h>

#if defined(__SANITIZE_ADDRESS__)
#define HAS_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define HAS_ASAN 1
#endif
#endif
#if defined(HAS_ASAN)
#include <sanitizer/asan_interface.h>
#define GAP_BYTES               16
#define hide(start, size_bytes) __asan_poison_memory_region(start, size_bytes)
#define show(start, size_bytes) __asan_unpoison_memory_region(start, size_bytes)
#else
#define GAP_BYTES               0
#define hide(start, size_bytes) ((void)(start), (void)(size_bytes))
#define show(start, size_bytes) ((void)(start), (void)(size_bytes))
#endif

#define ALIGN_BYTES         alignof(max_align_t)
#define FIRST_BLOCK_BYTES   ((size_t)16 << 10)
#define LARGEST_BLOCK_BYTES ((size_t)1 << 20)

struct abide_block {
    struct abide_block *older;
    size_t size_bytes; /* of `bytes` */
    size_t used_bytes;
    alignas(max_align_t) unsigned char bytes[];
};

static size_t next_block_bytes(const struct abide_block *newest)
{
    if (!newest)
        return FIRST_BLOCK_BYTES;
    size_t size_bytes = newest->size_bytes * 2;
    return size_bytes < LARGEST_BLOCK_BYTES ? size_bytes : LARGEST_BLOCK_BYTES;
}

static struct abide_block *new_block(abide_ctx *ctx, size_t size_bytes)
{
    uint64_t whole_bytes;
    if (!abide__add(sizeof(struct abide_block), size_bytes, &whole_bytes) || whole_bytes > SIZE_MAX)
        abide__out_of_memory(ctx);
    struct abide_block *block =
        ctx->allocator.reallocate(ctx->allocator.user, NULL, (size_t)whole_bytes);
    if (!block)
        abide__out_of_memory(ctx);
    *block = (struct abide_block){.size_bytes = size_bytes};
    hide(block->bytes, size_bytes);
    return block;
}

/*
 * A block with room for `size_bytes`. A large object gets one of its own, behind the newest, which keeps its room.
 */
static struct abide_block *block_with_room(abide_ctx *ctx, size_t size_bytes)
{
    struct abide_block *newest = ctx->blocks;
    if (newest && !ctx->separate_blocks && newest->size_bytes - newest->used_bytes >= size_bytes)
        return newest;

    size_t block_bytes = next_block_bytes(newest);
    if (newest && (ctx->separate_blocks || size_bytes > block_bytes / 4)) {
        struct abide_block *own = new_block(ctx, size_bytes);
        own->older = newest->older;
        newest->older = own;
        return own;
    }
    struct abide_block *block = new_block(ctx, size_bytes > block_bytes ? size_bytes : block_bytes);
    block->older = newest;
    ctx->blocks = block;
    return block;
}

/* What an object takes in a block: rounded up, with the gap. */
static bool room_for(size_t size_bytes, size_t *room_bytes)
{
    uint64_t room;
    if (!abide__add(size_bytes ? size_bytes : 1, GAP_BYTES, &room) ||
        !abide__align_up(room, ALIGN_BYTES, &room) || room > SIZE_MAX)
        return false;
    *room_bytes = (size_t)room;
    return true;
}

void *abide__alloc(abide_ctx *ctx, size_t size_bytes)
{
    size_t room_bytes;
    if (!room_for(size_bytes, &room_bytes))
        abide__out_of_memory(ctx);
    struct abide_block *block = block_with_room(ctx, room_bytes);
    void *object = block->bytes + block->used_bytes;
    block->used_bytes += room_bytes;
    show(object, size_bytes);
    return memset(object, 0, size_bytes);
}

void *abide__alloc_array(abide_ctx *ctx, size_t count, size_t size_bytes)
{
    uint64_t all_bytes;
    if (!abide__multiply(count, size_bytes, &all_bytes) || all_bytes > SIZE_MAX)
        abide__out_of_memory(ctx);
    return abide__alloc(ctx, (size_t)all_bytes);
}

bool abide__arena_extend(abide_ctx *ctx, void *object, size_t old_size_bytes, size_t new_size_bytes)
{
    struct abide_block *block = ctx->blocks;
    size_t old_room_bytes;
    size_t new_room_bytes;
    if (!block || !object || ctx->separate_blocks || !room_for(old_size_bytes, &old_room_bytes) ||
        !room_for(new_size_bytes, &new_room_bytes))
        return false;
    unsigned char *end = block->bytes + block->used_bytes;
    if ((unsigned char *)object + old_room_bytes != end ||
        new_room_bytes - old_room_bytes > block->size_bytes - block->used_bytes)
        return false;
    block->used_bytes += new_room_bytes - old_room_bytes;
    show(object, new_size_bytes);
    memset((unsigned char *)object + old_size_bytes, 0, new_size_bytes - old_size_bytes);
    return true;
}

void abide__arena_free(abide_ctx *ctx)
{
    while (ctx->blocks) {
        struct abide_block *block = ctx->blocks;
        ctx->blocks = block->older;
        show(block->bytes, block->size_bytes);
        ctx->allocator.reallocate(ctx->allocator.user, block, 0);
    }
}

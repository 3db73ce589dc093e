/* Loads, shifts and stores: sizes for which the machine has no integer are taken in chunks that it has. */
#include "bytes.h"

#include <assert.h>

#define LANE_BYTES 4 /* of a vector register as we see it */

static uint64_t smaller(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

/* The largest power of two that is at most `size_bytes` and a word. */
static uint64_t chunk_of(const struct abide_emission *e, uint64_t size_bytes)
{
    uint64_t chunk_bytes = e->word_bytes;
    while (chunk_bytes > size_bytes)
        chunk_bytes /= 2;
    return chunk_bytes;
}

unsigned abide_bytes__align_at(uint64_t align_bytes, uint64_t offset_bytes)
{
    uint64_t bits = align_bytes | offset_bytes | 4096; /* more is never of use */
    return (unsigned)(align_bytes ? bits & -bits : 1);
}

LLVMValueRef abide_bytes__advance(struct abide_emission *e, LLVMValueRef pointer,
                                  uint64_t offset_bytes)
{
    if (offset_bytes == 0)
        return pointer;
    LLVMValueRef index = abide_emission__number(e, offset_bytes);
    return LLVMBuildInBoundsGEP2(e->builder, e->byte, pointer, &index, 1, "");
}

LLVMValueRef abide_bytes__aligned(struct abide_emission *e, LLVMValueRef pointer,
                                  uint64_t align_bytes)
{
    static const char name[] = "llvm.ptrmask";
    LLVMTypeRef types[] = {e->pointer, e->word};
    unsigned id = LLVMLookupIntrinsicID(name, sizeof name - 1);
    LLVMValueRef function = LLVMGetIntrinsicDeclaration(e->module, id, types, 2);
    LLVMTypeRef type = LLVMIntrinsicGetType(e->context, id, types, 2);
    LLVMValueRef mask = LLVMConstNeg(abide_emission__number(e, align_bytes));
    LLVMValueRef arguments[] = {pointer, mask};
    return LLVMBuildCall2(e->builder, type, function, arguments, 2, "");
}

static LLVMValueRef load(struct abide_emission *e, LLVMTypeRef type, const struct abide_span *span,
                         uint64_t at_bytes)
{
    LLVMValueRef value =
        LLVMBuildLoad2(e->builder, type, abide_bytes__advance(e, span->value, at_bytes), "");
    LLVMSetAlignment(value, abide_bytes__align_at(span->align_bytes, at_bytes));
    return value;
}

static void store(struct abide_emission *e, LLVMValueRef value, const struct abide_span *span,
                  uint64_t at_bytes)
{
    LLVMValueRef instruction =
        LLVMBuildStore(e->builder, value, abide_bytes__advance(e, span->value, at_bytes));
    LLVMSetAlignment(instruction, abide_bytes__align_at(span->align_bytes, at_bytes));
}

/* How far bytes [at, at + size) of a memory image of `whole_bytes` are from the least significant end of the number. */
static uint64_t shift_of(const struct abide_emission *e, uint64_t whole_bytes, uint64_t at_bytes,
                         uint64_t size_bytes)
{
    if (!e->big_endian)
        return at_bytes;
    assert(at_bytes + size_bytes <= whole_bytes);
    return whole_bytes - at_bytes - size_bytes;
}

/* Bytes [at, at + size) of an integer, as memory would have them. */
static LLVMValueRef cut(struct abide_emission *e, LLVMValueRef value, uint64_t at_bytes,
                        uint64_t size_bytes)
{
    LLVMTypeRef type = LLVMTypeOf(value);
    uint64_t shift_bytes = shift_of(e, LLVMGetIntTypeWidth(type) / 8, at_bytes, size_bytes);
    if (shift_bytes > 0)
        value = LLVMBuildLShr(e->builder, value, LLVMConstInt(type, shift_bytes * 8, false), "");
    LLVMTypeRef target = abide_emission__integer(e, size_bytes);
    return target == type ? value : LLVMBuildTrunc(e->builder, value, target, "");
}

static bool is_vector(LLVMTypeRef type)
{
    return LLVMGetTypeKind(type) == LLVMVectorTypeKind;
}

static uint64_t float_bytes(const struct abide_emission *e, LLVMTypeRef type)
{
    switch (LLVMGetTypeKind(type)) {
    case LLVMFloatTypeKind: return LANE_BYTES;
    case LLVMDoubleTypeKind: return 2 * LANE_BYTES;
    default: return e->vector_bytes;
    }
}

/* Whether a value is only a part of a vector register, or what the register makes by conversion. */
static bool is_narrow(const struct abide_emission *e, LLVMValueRef vector)
{
    return LLVMTypeOf(vector) != e->vector;
}

/* Where a scalar that is an IR parameter by itself lies in its register. */
static uint64_t scalar_at(const struct abide_emission *e, uint64_t size_bytes)
{
    bool at_start =
        e->processor->narrow[ABIDE_REGISTER_VECTOR] != ABIDE_NARROW_LOW || !e->big_endian;
    return at_start ? 0 : e->vector_bytes - size_bytes;
}

/* A vector register as one integer. */
static LLVMValueRef bits_of(struct abide_emission *e, LLVMValueRef vector)
{
    return LLVMBuildBitCast(e->builder, vector, abide_emission__integer(e, e->vector_bytes), "");
}

static LLVMValueRef with_lane(struct abide_emission *e, LLVMValueRef vector, LLVMValueRef value,
                              uint64_t lane_bytes, uint64_t at_bytes)
{
    LLVMTypeRef type = LLVMVectorType(LLVMTypeOf(value), (unsigned)(e->vector_bytes / lane_bytes));
    LLVMValueRef lanes = LLVMBuildBitCast(e->builder, vector, type, "");
    lanes = LLVMBuildInsertElement(e->builder, lanes, value,
                                   abide_emission__number(e, at_bytes / lane_bytes), "");
    return LLVMBuildBitCast(e->builder, lanes, e->vector, "");
}

static LLVMValueRef join(struct abide_emission *e, LLVMValueRef whole, LLVMValueRef part,
                         uint64_t at_bytes, uint64_t size_bytes);

/* The whole of a register of which a scalar is known. */
static LLVMValueRef whole_of(struct abide_emission *e, LLVMValueRef vector)
{
    if (!is_narrow(e, vector))
        return vector;
    if (e->processor->narrow[ABIDE_REGISTER_VECTOR] == ABIDE_NARROW_CONVERTED)
        return LLVMBuildFPExt(e->builder, vector, e->vector, "");
    uint64_t size_bytes = float_bytes(e, LLVMTypeOf(vector));
    if (is_vector(e->vector))
        return with_lane(e, LLVMGetPoison(e->vector), vector, size_bytes, scalar_at(e, size_bytes));
    LLVMValueRef bits =
        LLVMBuildBitCast(e->builder, vector, abide_emission__integer(e, size_bytes), "");
    bits = join(e, NULL, bits, scalar_at(e, size_bytes), e->vector_bytes);
    if (e->processor->narrow[ABIDE_REGISTER_VECTOR] == ABIDE_NARROW_BOXED) {
        LLVMValueRef ones = LLVMConstAllOnes(LLVMTypeOf(bits));
        LLVMValueRef shift = LLVMConstInt(LLVMTypeOf(bits), size_bytes * 8, false);
        bits = LLVMBuildOr(e->builder, bits, LLVMBuildShl(e->builder, ones, shift, ""), "");
    }
    return LLVMBuildBitCast(e->builder, bits, e->vector, "");
}

/* Bytes [at, at + size) of a vector register as a value of type `lane`. */
static LLVMValueRef lane_of(struct abide_emission *e, LLVMValueRef vector, LLVMTypeRef lane,
                            uint64_t lane_bytes, uint64_t at_bytes)
{
    if (is_narrow(e, vector) && at_bytes == scalar_at(e, lane_bytes) &&
        float_bytes(e, LLVMTypeOf(vector)) == lane_bytes)
        return LLVMBuildBitCast(e->builder, vector, lane, "");
    vector = whole_of(e, vector);
    if (!is_vector(e->vector))
        return LLVMBuildBitCast(e->builder, cut(e, bits_of(e, vector), at_bytes, lane_bytes), lane,
                                "");
    LLVMTypeRef type = LLVMVectorType(lane, (unsigned)(e->vector_bytes / lane_bytes));
    return LLVMBuildExtractElement(e->builder, LLVMBuildBitCast(e->builder, vector, type, ""),
                                   abide_emission__number(e, at_bytes / lane_bytes), "");
}

static bool is_float(LLVMTypeRef type)
{
    return LLVMGetTypeKind(type) == LLVMFloatTypeKind ||
           LLVMGetTypeKind(type) == LLVMDoubleTypeKind;
}

/* A register that was taken over in one width and is given on in another, where floats are converted. */
static LLVMValueRef converted(struct abide_emission *e, LLVMValueRef value, LLVMTypeRef type)
{
    bool widens = is_float(LLVMTypeOf(value)) &&
                  (!is_float(type) || LLVMGetTypeKind(LLVMTypeOf(value)) == LLVMFloatTypeKind);
    return widens ? LLVMBuildFPExt(e->builder, value, type, "")
                  : LLVMBuildFPTrunc(e->builder, value, type, "");
}

LLVMValueRef abide_bytes__narrowed(struct abide_emission *e, LLVMValueRef value,
                                   uint64_t size_bytes)
{
    LLVMTypeRef type = size_bytes == LANE_BYTES ? LLVMFloatTypeInContext(e->context)
                                                : LLVMDoubleTypeInContext(e->context);
    return LLVMTypeOf(value) == type ? value : converted(e, value, type);
}

LLVMValueRef abide_bytes__fit_vector(struct abide_emission *e, LLVMValueRef value, LLVMTypeRef type)
{
    bool is_extended = type == e->extended || LLVMTypeOf(value) == e->extended;
    size_t kind = is_extended ? ABIDE_REGISTER_EXTENDED : ABIDE_REGISTER_VECTOR;
    if (e->processor->narrow[kind] == ABIDE_NARROW_CONVERTED && LLVMTypeOf(value) != type)
        return converted(e, value, type);
    return type == e->vector
               ? whole_of(e, value)
               : lane_of(e, value, type, float_bytes(e, type), scalar_at(e, float_bytes(e, type)));
}

/* A register of the kind that only memory can take apart, laid down there. */
static struct abide_span in_memory(struct abide_emission *e, const struct abide_span *span)
{
    struct abide_span memory = *span;
    uint64_t register_bytes = e->processor->register_bytes[span->holder];
    memory.holder = ABIDE_HELD_MEMORY;
    memory.align_bytes = 16;
    memory.slack_bytes = 0;
    memory.value = abide_emission__alloca(e, register_bytes, memory.align_bytes);
    store(e, span->value, &memory, 0);
    return memory;
}

static LLVMValueRef read_vector(struct abide_emission *e, const struct abide_span *span,
                                uint64_t at_bytes, uint64_t size_bytes)
{
    if (is_narrow(e, span->value) && size_bytes == float_bytes(e, LLVMTypeOf(span->value)) &&
        at_bytes == scalar_at(e, size_bytes))
        return LLVMBuildBitCast(e->builder, span->value, abide_emission__integer(e, size_bytes),
                                "");
    if (is_vector(e->vector) && size_bytes <= e->word_bytes && size_bytes >= LANE_BYTES &&
        chunk_of(e, size_bytes) == size_bytes && at_bytes % size_bytes == 0)
        return lane_of(e, span->value, abide_emission__integer(e, size_bytes), size_bytes,
                       at_bytes);
    return cut(e, bits_of(e, whole_of(e, span->value)), at_bytes, size_bytes);
}

/* `part` put into `whole` (NULL: nothing yet) from byte `at_bytes` on. */
static LLVMValueRef join(struct abide_emission *e, LLVMValueRef whole, LLVMValueRef part,
                         uint64_t at_bytes, uint64_t size_bytes)
{
    LLVMTypeRef type = abide_emission__integer(e, size_bytes);
    uint64_t part_bytes = LLVMGetIntTypeWidth(LLVMTypeOf(part)) / 8;
    uint64_t shift_bytes = shift_of(e, size_bytes, at_bytes, part_bytes);
    if (LLVMTypeOf(part) != type)
        part = LLVMBuildZExt(e->builder, part, type, "");
    if (shift_bytes > 0)
        part = LLVMBuildShl(e->builder, part, LLVMConstInt(type, shift_bytes * 8, false), "");
    return whole ? LLVMBuildOr(e->builder, whole, part, "") : part;
}

static LLVMValueRef read_memory(struct abide_emission *e, const struct abide_span *span,
                                uint64_t at_bytes, uint64_t size_bytes, uint64_t slack_bytes)
{
    uint64_t chunk_bytes = chunk_of(e, size_bytes);
    if (chunk_bytes < size_bytes && chunk_bytes < e->word_bytes &&
        2 * chunk_bytes - size_bytes <= slack_bytes)
        return cut(e, load(e, abide_emission__integer(e, 2 * chunk_bytes), span, at_bytes), 0,
                   size_bytes);
    LLVMValueRef whole = NULL;
    for (uint64_t done = 0; done < size_bytes; done += chunk_bytes) {
        chunk_bytes = chunk_of(e, size_bytes - done);
        LLVMValueRef part = load(e, abide_emission__integer(e, chunk_bytes), span, at_bytes + done);
        whole = join(e, whole, part, done, size_bytes);
    }
    return whole;
}

/* Bytes [offset, offset + size) of the object, which lie in the span. */
static LLVMValueRef read_span(struct abide_emission *e, const struct abide_span *span,
                              uint64_t offset_bytes, uint64_t size_bytes)
{
    uint64_t at_bytes = span->at_bytes + (offset_bytes - span->offset_bytes);
    uint64_t end_bytes = span->offset_bytes + span->size_bytes;
    switch (span->holder) {
    case ABIDE_HELD_INTEGER: return cut(e, span->value, at_bytes, size_bytes);
    case ABIDE_HELD_VECTOR: return read_vector(e, span, at_bytes, size_bytes);
    case ABIDE_HELD_EXTENDED: {
        struct abide_span memory = in_memory(e, span);
        return read_memory(e, &memory, at_bytes, size_bytes, 0);
    }
    case ABIDE_HELD_MEMORY: break;
    }
    uint64_t slack_bytes = span->slack_bytes + (end_bytes - offset_bytes - size_bytes);
    return read_memory(e, span, at_bytes, size_bytes, slack_bytes);
}

static const struct abide_span *span_at(const struct abide_view *view, uint64_t offset_bytes)
{
    for (size_t i = 0; i < view->count; i++) {
        const struct abide_span *span = &view->spans[i];
        if (offset_bytes >= span->offset_bytes &&
            offset_bytes - span->offset_bytes < span->size_bytes)
            return span;
    }
    return NULL;
}

/* Bytes of the object before any run, where no one span holds them all. Padding between the spans is zero. */
static LLVMValueRef read_object(struct abide_emission *e, const struct abide_view *view,
                                uint64_t offset_bytes, uint64_t size_bytes)
{
    LLVMValueRef whole = NULL;
    for (uint64_t done = 0; done < size_bytes;) {
        const struct abide_span *span = span_at(view, offset_bytes + done);
        if (!span) {
            done++;
            continue;
        }
        uint64_t left_bytes = span->offset_bytes + span->size_bytes - (offset_bytes + done);
        uint64_t part_bytes = smaller(left_bytes, size_bytes - done);
        LLVMValueRef part = read_span(e, span, offset_bytes + done, part_bytes);
        whole = join(e, whole, part, done, size_bytes);
        done += part_bytes;
    }
    return whole ? whole : LLVMConstNull(abide_emission__integer(e, size_bytes));
}

static bool converts(const struct abide_run *run)
{
    return run->from_size_bytes != run->to_size_bytes;
}

static LLVMValueRef convert(struct abide_emission *e, const struct abide_bytes *bytes,
                            const struct abide_run *run)
{
    LLVMValueRef value = read_object(e, &bytes->view, run->from_bytes, run->from_size_bytes);
    LLVMTypeRef type = abide_emission__integer(e, run->to_size_bytes);
    if (run->to_size_bytes < run->from_size_bytes)
        return LLVMBuildTrunc(e->builder, value, type, "");
    return run->widen == ABIDE_EXTEND_SIGN ? LLVMBuildSExt(e->builder, value, type, "")
                                           : LLVMBuildZExt(e->builder, value, type, "");
}

static const struct abide_run *run_at(const struct abide_bytes *bytes, uint64_t offset_bytes)
{
    for (size_t i = 0; i < bytes->run_count; i++) {
        const struct abide_run *run = &bytes->runs[i];
        if (offset_bytes >= run->to_bytes && offset_bytes - run->to_bytes < run->to_size_bytes)
            return run;
    }
    return NULL;
}

bool abide_bytes__lie_together(const struct abide_bytes *bytes, uint64_t offset_bytes,
                               uint64_t size_bytes, struct abide_span *found)
{
    const struct abide_run *first = run_at(bytes, offset_bytes);
    if (!first || converts(first))
        return false;
    uint64_t from_bytes = first->from_bytes + (offset_bytes - first->to_bytes);
    for (uint64_t done = 0; done < size_bytes;) {
        const struct abide_run *run = run_at(bytes, offset_bytes + done);
        if (!run || converts(run) ||
            run->from_bytes + (offset_bytes + done - run->to_bytes) != from_bytes + done)
            return false;
        done = run->to_bytes + run->to_size_bytes - offset_bytes;
    }
    const struct abide_span *span = span_at(&bytes->view, from_bytes);
    if (!span || from_bytes - span->offset_bytes + size_bytes > span->size_bytes)
        return false;
    *found = *span;
    found->at_bytes += from_bytes - span->offset_bytes;
    found->offset_bytes = from_bytes;
    found->slack_bytes += span->size_bytes - (from_bytes - span->offset_bytes) - size_bytes;
    found->size_bytes = size_bytes;
    return true;
}

LLVMValueRef abide_bytes__integer(struct abide_emission *e, const struct abide_bytes *bytes,
                                  uint64_t offset_bytes, uint64_t size_bytes)
{
    struct abide_span span;
    if (abide_bytes__lie_together(bytes, offset_bytes, size_bytes, &span))
        return read_span(e, &span, span.offset_bytes, size_bytes);
    LLVMValueRef whole = NULL;
    for (uint64_t done = 0; done < size_bytes;) {
        uint64_t at_bytes = offset_bytes + done;
        const struct abide_run *run = run_at(bytes, at_bytes);
        if (!run) {
            done++;
            continue;
        }
        uint64_t skip_bytes = at_bytes - run->to_bytes;
        uint64_t part_bytes = smaller(run->to_size_bytes - skip_bytes, size_bytes - done);
        LLVMValueRef part =
            converts(run) ? cut(e, convert(e, bytes, run), skip_bytes, part_bytes)
                          : read_object(e, &bytes->view, run->from_bytes + skip_bytes, part_bytes);
        whole = join(e, whole, part, done, size_bytes);
        done += part_bytes;
    }
    return whole ? whole : LLVMConstNull(abide_emission__integer(e, size_bytes));
}

/* 8 bytes as a double, if one place holds them so that it costs nothing to see them as one; else NULL. */
static LLVMValueRef double_of(struct abide_emission *e, const struct abide_bytes *bytes,
                              uint64_t offset_bytes)
{
    LLVMTypeRef type = LLVMDoubleTypeInContext(e->context);
    struct abide_span span;
    if (!abide_bytes__lie_together(bytes, offset_bytes, 2 * LANE_BYTES, &span))
        return NULL;
    switch (span.holder) {
    case ABIDE_HELD_MEMORY: return load(e, type, &span, span.at_bytes);
    case ABIDE_HELD_INTEGER:
        return span.at_bytes == 0 && e->word_bytes == 2 * LANE_BYTES
                   ? LLVMBuildBitCast(e->builder, span.value, type, "")
                   : NULL;
    case ABIDE_HELD_VECTOR:
        return span.at_bytes % (2 * LANE_BYTES) == 0 && e->vector_bytes >= 2 * LANE_BYTES
                   ? lane_of(e, span.value, type, 2 * LANE_BYTES, span.at_bytes)
                   : NULL;
    case ABIDE_HELD_EXTENDED: return NULL;
    }
    return NULL;
}

static LLVMValueRef float_of(struct abide_emission *e, const struct abide_bytes *bytes,
                             uint64_t offset_bytes)
{
    LLVMTypeRef type = LLVMFloatTypeInContext(e->context);
    struct abide_span span;
    if (abide_bytes__lie_together(bytes, offset_bytes, LANE_BYTES, &span)) {
        if (span.holder == ABIDE_HELD_MEMORY)
            return load(e, type, &span, span.at_bytes);
        if (span.holder == ABIDE_HELD_VECTOR && span.at_bytes % LANE_BYTES == 0)
            return lane_of(e, span.value, type, LANE_BYTES, span.at_bytes);
    }
    LLVMValueRef bits = abide_bytes__integer(e, bytes, offset_bytes, LANE_BYTES);
    return LLVMBuildBitCast(e->builder, bits, type, "");
}

/* A vector register from lanes: doubles where a place holds 8 bytes, else floats. */
static LLVMValueRef vector_from_lanes(struct abide_emission *e, const struct abide_bytes *bytes,
                                      const abide_piece *piece)
{
    LLVMValueRef vector = LLVMGetPoison(e->vector);
    for (uint64_t done = 0; done < piece->size_bytes;) {
        uint64_t left_bytes = piece->size_bytes - done;
        uint64_t at_bytes = piece->at_bytes + done;
        LLVMValueRef lane = NULL;
        uint64_t lane_bytes = 2 * LANE_BYTES;
        if (left_bytes >= lane_bytes && at_bytes % lane_bytes == 0)
            lane = double_of(e, bytes, piece->offset_bytes + done);
        if (!lane) {
            lane_bytes = LANE_BYTES;
            lane = float_of(e, bytes, piece->offset_bytes + done);
        }
        vector = with_lane(e, vector, lane, lane_bytes, at_bytes);
        done += lane_bytes;
    }
    return vector;
}

/* A scalar that is an IR parameter by itself, as it lies in a register; NULL: the piece is none. */
static LLVMValueRef scalar_of(struct abide_emission *e, const struct abide_bytes *bytes,
                              const abide_piece *piece)
{
    if (piece->size_bytes >= e->vector_bytes && !piece->as && piece->size_bytes != LANE_BYTES)
        return piece->size_bytes == 2 * LANE_BYTES && piece->at_bytes == 0
                   ? double_of(e, bytes, piece->offset_bytes)
                   : NULL;
    if (piece->at_bytes != scalar_at(e, piece->size_bytes))
        return NULL;
    if (piece->size_bytes == LANE_BYTES)
        return float_of(e, bytes, piece->offset_bytes);
    return piece->size_bytes == 2 * LANE_BYTES ? double_of(e, bytes, piece->offset_bytes) : NULL;
}

static LLVMValueRef vector_of(struct abide_emission *e, const struct abide_bytes *bytes,
                              const abide_piece *piece)
{
    struct abide_span span;
    if (abide_bytes__lie_together(bytes, piece->offset_bytes, piece->size_bytes, &span)) {
        if (span.holder == ABIDE_HELD_VECTOR && span.at_bytes == piece->at_bytes)
            return span.value;
        if (span.holder == ABIDE_HELD_MEMORY && piece->size_bytes == e->vector_bytes)
            return load(e, e->vector, &span, span.at_bytes);
    }
    LLVMValueRef scalar = scalar_of(e, bytes, piece);
    if (scalar)
        return scalar;
    if (is_vector(e->vector) && piece->size_bytes % LANE_BYTES == 0 &&
        piece->at_bytes % LANE_BYTES == 0)
        return vector_from_lanes(e, bytes, piece);
    LLVMValueRef bits = abide_bytes__integer(e, bytes, piece->offset_bytes, piece->size_bytes);
    bits = join(e, NULL, bits, piece->at_bytes, e->vector_bytes);
    return LLVMBuildBitCast(e->builder, bits, e->vector, "");
}

/* Whether each half of a word lies in a vector register, so that it is cheaper joined there. */
static bool halves_are_in_vectors(const struct abide_emission *e, const struct abide_bytes *bytes,
                                  const abide_piece *piece)
{
    if (piece->size_bytes != 2 * LANE_BYTES || e->word_bytes != 2 * LANE_BYTES || !e->vector ||
        !is_vector(e->vector))
        return false;
    for (uint64_t done = 0; done < piece->size_bytes; done += LANE_BYTES) {
        struct abide_span span;
        if (!abide_bytes__lie_together(bytes, piece->offset_bytes + done, LANE_BYTES, &span) ||
            span.holder != ABIDE_HELD_VECTOR || span.at_bytes % LANE_BYTES != 0)
            return false;
    }
    return true;
}

/* Higher bits as the piece promises them; without a promise, zero. */
static LLVMValueRef extended(struct abide_emission *e, LLVMValueRef value, const abide_piece *piece)
{
    uint64_t extend_bytes = smaller(piece->extend_bits / 8, e->word_bytes);
    uint64_t at_bytes = piece->at_bytes;
    if (piece->extend == ABIDE_EXTEND_SIGN && extend_bytes > piece->size_bytes) {
        value = LLVMBuildSExt(e->builder, value, abide_emission__integer(e, extend_bytes), "");
        if (e->big_endian)
            at_bytes -= extend_bytes - piece->size_bytes;
    }
    return join(e, NULL, value, at_bytes, e->word_bytes);
}

/* Whether a piece is one widened scalar whose register is promised to hold it so already. */
static bool is_wide_already(const struct abide_emission *e, const struct abide_bytes *bytes,
                            const abide_piece *piece, struct abide_span *found)
{
    const struct abide_run *run = run_at(bytes, piece->offset_bytes);
    if (!run || run->to_bytes != piece->offset_bytes || run->to_size_bytes != piece->size_bytes)
        return false;
    const struct abide_span *span = span_at(&bytes->view, run->from_bytes);
    if (!span || span->holder != ABIDE_HELD_INTEGER || span->offset_bytes != run->from_bytes ||
        span->size_bytes != run->from_size_bytes ||
        shift_of(e, e->word_bytes, span->at_bytes, span->size_bytes) !=
            shift_of(e, e->word_bytes, piece->at_bytes, piece->size_bytes))
        return false;
    *found = *span;
    return span->extend == run->widen && span->extend_bits >= run->to_size_bytes * 8;
}

/* Whether a piece of odd size may be loaded with bytes behind it: nothing is promised about the bits above. */
static bool may_have_more(const struct abide_emission *e, const struct abide_bytes *bytes,
                          const abide_piece *piece, struct abide_span *found)
{
    uint64_t chunk_bytes = chunk_of(e, piece->size_bytes);
    uint64_t more_bytes = 2 * chunk_bytes - piece->size_bytes;
    if (chunk_bytes == piece->size_bytes || piece->at_bytes != 0 ||
        piece->extend == ABIDE_EXTEND_ZERO || piece->extend == ABIDE_EXTEND_SIGN ||
        !abide_bytes__lie_together(bytes, piece->offset_bytes, piece->size_bytes, found))
        return false;
    found->size_bytes += more_bytes;
    return found->holder == ABIDE_HELD_MEMORY && found->slack_bytes >= more_bytes;
}

static LLVMValueRef integer_of(struct abide_emission *e, const struct abide_bytes *bytes,
                               const abide_piece *piece, bool must_extend)
{
    struct abide_span span;
    if (!must_extend &&
        abide_bytes__lie_together(bytes, piece->offset_bytes, piece->size_bytes, &span) &&
        span.holder == ABIDE_HELD_INTEGER && span.at_bytes == piece->at_bytes)
        return span.value;
    if (!must_extend && is_wide_already(e, bytes, piece, &span))
        return span.value;
    if (may_have_more(e, bytes, piece, &span))
        return join(e, NULL,
                    load(e, abide_emission__integer(e, span.size_bytes), &span, span.at_bytes),
                    piece->at_bytes, e->word_bytes);
    if (halves_are_in_vectors(e, bytes, piece)) {
        struct abide_span vector = {.value = vector_from_lanes(e, bytes, piece)};
        return read_vector(e, &vector, 0, piece->size_bytes);
    }
    return extended(e, abide_bytes__integer(e, bytes, piece->offset_bytes, piece->size_bytes),
                    piece);
}

bool abide_bytes__is_extended(const abide_piece *piece)
{
    return (piece->extend == ABIDE_EXTEND_ZERO || piece->extend == ABIDE_EXTEND_SIGN) &&
           piece->extend_bits / 8 > piece->size_bytes;
}

LLVMValueRef abide_bytes__extended(struct abide_emission *e, const struct abide_bytes *bytes,
                                   const abide_piece *piece)
{
    LLVMValueRef value = abide_bytes__integer(e, bytes, piece->offset_bytes, piece->size_bytes);
    LLVMTypeRef type = abide_emission__integer(e, piece->extend_bits / 8);
    return piece->extend == ABIDE_EXTEND_SIGN ? LLVMBuildSExt(e->builder, value, type, "")
                                              : LLVMBuildZExt(e->builder, value, type, "");
}

/* The type in which a place of an extended register is seen. */
static LLVMTypeRef extended_type(const struct abide_emission *e, const abide_piece *piece)
{
    if (!piece->as)
        return e->extended;
    return piece->size_bytes == LANE_BYTES ? LLVMFloatTypeInContext(e->context)
                                           : LLVMDoubleTypeInContext(e->context);
}

static LLVMValueRef extended_float_of(struct abide_emission *e, const struct abide_bytes *bytes,
                                      const abide_piece *piece)
{
    struct abide_span span;
    LLVMTypeRef type = extended_type(e, piece);
    uint64_t register_bytes =
        smaller(piece->size_bytes, e->processor->register_bytes[ABIDE_HELD_EXTENDED]);
    if (abide_bytes__lie_together(bytes, piece->offset_bytes, register_bytes, &span)) {
        if (span.holder == ABIDE_HELD_EXTENDED && span.at_bytes == 0)
            return span.value;
        if (span.holder == ABIDE_HELD_MEMORY)
            return load(e, type, &span, span.at_bytes);
    }
    struct abide_span memory = {.holder = ABIDE_HELD_MEMORY, .align_bytes = 16};
    memory.size_bytes = piece->offset_bytes + piece->size_bytes;
    memory.value = abide_emission__alloca(e, memory.size_bytes, memory.align_bytes);
    abide_bytes__store(e, bytes, &memory);
    return load(e, type, &memory, piece->offset_bytes);
}

LLVMValueRef abide_bytes__register(struct abide_emission *e, enum abide_register_kind kind,
                                   const struct abide_bytes *bytes, const abide_piece *piece,
                                   bool must_extend)
{
    switch (kind) {
    case ABIDE_REGISTER_INTEGER: return integer_of(e, bytes, piece, must_extend);
    case ABIDE_REGISTER_VECTOR: return vector_of(e, bytes, piece);
    case ABIDE_REGISTER_EXTENDED: return extended_float_of(e, bytes, piece);
    case ABIDE_REGISTER_KIND_COUNT: break;
    }
    assert(!"a kind of register");
    return NULL;
}

/* Stores bytes [from, from + size) of an integer in pieces that the machine has. */
static void store_integer(struct abide_emission *e, LLVMValueRef value, uint64_t from_bytes,
                          uint64_t size_bytes, const struct abide_span *memory, uint64_t at_bytes)
{
    for (uint64_t done = 0; done < size_bytes;) {
        uint64_t chunk_bytes = chunk_of(e, size_bytes - done);
        store(e, cut(e, value, from_bytes + done, chunk_bytes), memory, at_bytes + done);
        done += chunk_bytes;
    }
}

/* Stores bytes of an integer register; at the end of a memory of our own in one store, even if that writes beyond them. */
static void store_word(struct abide_emission *e, const struct abide_span *span, uint64_t from_bytes,
                       uint64_t size_bytes, const struct abide_span *memory, uint64_t to_bytes)
{
    uint64_t chunk_bytes = chunk_of(e, size_bytes);
    uint64_t at_bytes = span->at_bytes + (from_bytes - span->offset_bytes);
    bool is_last = to_bytes + size_bytes == memory->size_bytes;
    if (chunk_bytes < size_bytes && is_last &&
        2 * chunk_bytes - size_bytes <= memory->slack_bytes &&
        at_bytes + 2 * chunk_bytes <= e->word_bytes)
        size_bytes = 2 * chunk_bytes;
    store_integer(e, span->value, at_bytes, size_bytes, memory, memory->at_bytes + to_bytes);
}

static void store_vector(struct abide_emission *e, const struct abide_span *span,
                         uint64_t from_bytes, uint64_t size_bytes, const struct abide_span *memory,
                         uint64_t to_bytes)
{
    uint64_t at_bytes = span->at_bytes + (from_bytes - span->offset_bytes);
    to_bytes += memory->at_bytes;
    if (at_bytes == 0 && size_bytes == e->vector_bytes) {
        store(e, whole_of(e, span->value), memory, to_bytes);
        return;
    }
    if (is_narrow(e, span->value) && size_bytes == float_bytes(e, LLVMTypeOf(span->value)) &&
        at_bytes == scalar_at(e, size_bytes)) {
        store(e, span->value, memory, to_bytes);
        return;
    }
    if (!is_vector(e->vector)) {
        store_integer(e, bits_of(e, whole_of(e, span->value)), at_bytes, size_bytes, memory,
                      to_bytes);
        return;
    }
    for (uint64_t done = 0; done < size_bytes;) {
        uint64_t left_bytes = size_bytes - done;
        uint64_t lane_bytes =
            left_bytes >= 2 * LANE_BYTES && (at_bytes + done) % (2 * LANE_BYTES) == 0
                ? 2 * LANE_BYTES
                : LANE_BYTES;
        if (left_bytes < LANE_BYTES || (at_bytes + done) % LANE_BYTES != 0) {
            LLVMValueRef bits = read_vector(e, span, at_bytes + done, left_bytes);
            store_integer(e, bits, 0, left_bytes, memory, to_bytes + done);
            return;
        }
        LLVMTypeRef lane = lane_bytes == LANE_BYTES ? LLVMFloatTypeInContext(e->context)
                                                    : LLVMDoubleTypeInContext(e->context);
        store(e, lane_of(e, span->value, lane, lane_bytes, at_bytes + done), memory,
              to_bytes + done);
        done += lane_bytes;
    }
}

static void copy_memory(struct abide_emission *e, const struct abide_span *span,
                        uint64_t from_bytes, uint64_t size_bytes, const struct abide_span *memory,
                        uint64_t to_bytes)
{
    uint64_t at_bytes = span->at_bytes + (from_bytes - span->offset_bytes);
    to_bytes += memory->at_bytes;
    if (chunk_of(e, size_bytes) == size_bytes) {
        LLVMTypeRef type = abide_emission__integer(e, size_bytes);
        store(e, load(e, type, span, at_bytes), memory, to_bytes);
        return;
    }
    LLVMBuildMemCpy(e->builder, abide_bytes__advance(e, memory->value, to_bytes),
                    abide_bytes__align_at(memory->align_bytes, to_bytes),
                    abide_bytes__advance(e, span->value, at_bytes),
                    abide_bytes__align_at(span->align_bytes, at_bytes),
                    abide_emission__number(e, size_bytes));
}

/* The bytes that hold a value of an extended register. */
static uint64_t extended_bytes(const struct abide_emission *e, LLVMValueRef value)
{
    return is_float(LLVMTypeOf(value)) ? float_bytes(e, LLVMTypeOf(value))
                                       : e->processor->register_bytes[ABIDE_HELD_EXTENDED];
}

/* Bytes [from, from + size) of the object, which lie in the span, into memory. */
static void store_span(struct abide_emission *e, const struct abide_span *span, uint64_t from_bytes,
                       uint64_t size_bytes, const struct abide_span *memory, uint64_t to_bytes)
{
    switch (span->holder) {
    case ABIDE_HELD_INTEGER: store_word(e, span, from_bytes, size_bytes, memory, to_bytes); return;
    case ABIDE_HELD_VECTOR: store_vector(e, span, from_bytes, size_bytes, memory, to_bytes); return;
    case ABIDE_HELD_EXTENDED:
        if (from_bytes == span->offset_bytes && span->at_bytes == 0 &&
            size_bytes >= extended_bytes(e, span->value)) {
            store(e, span->value, memory, memory->at_bytes + to_bytes);
        } else {
            struct abide_span spilled = in_memory(e, span);
            copy_memory(e, &spilled, from_bytes, size_bytes, memory, to_bytes);
        }
        return;
    case ABIDE_HELD_MEMORY: copy_memory(e, span, from_bytes, size_bytes, memory, to_bytes); return;
    }
}

static void store_unchanged(struct abide_emission *e, const struct abide_bytes *bytes,
                            const struct abide_run *run, const struct abide_span *memory)
{
    for (uint64_t done = 0; done < run->to_size_bytes;) {
        uint64_t from_bytes = run->from_bytes + done;
        const struct abide_span *span = span_at(&bytes->view, from_bytes);
        if (!span) { /* padding that no place holds */
            done++;
            continue;
        }
        uint64_t left_bytes = span->offset_bytes + span->size_bytes - from_bytes;
        uint64_t part_bytes = smaller(left_bytes, run->to_size_bytes - done);
        store_span(e, span, from_bytes, part_bytes, memory, run->to_bytes + done);
        done += part_bytes;
    }
}

/* Runs that follow each other on both sides are one. */
static struct abide_run joined(const struct abide_bytes *bytes, size_t *index)
{
    struct abide_run run = bytes->runs[*index];
    for (++*index; *index < bytes->run_count; ++*index) {
        const struct abide_run *next = &bytes->runs[*index];
        if (converts(&run) || converts(next) ||
            next->from_bytes != run.from_bytes + run.from_size_bytes ||
            next->to_bytes != run.to_bytes + run.to_size_bytes)
            break;
        run.from_size_bytes += next->from_size_bytes;
        run.to_size_bytes += next->to_size_bytes;
    }
    return run;
}

void abide_bytes__store(struct abide_emission *e, const struct abide_bytes *bytes,
                        const struct abide_span *memory)
{
    for (size_t i = 0; i < bytes->run_count;) {
        struct abide_run run = joined(bytes, &i);
        if (converts(&run))
            store_integer(e, convert(e, bytes, &run), 0, run.to_size_bytes, memory,
                          memory->at_bytes + run.to_bytes);
        else
            store_unchanged(e, bytes, &run, memory);
    }
}

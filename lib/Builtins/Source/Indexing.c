//===- Indexing.c ---------------------------------------------------------===//
//
// Part of mlc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Kernels whose code is scalar and branches on the data. They have the
// signature of all kernels; the buffers are the op's operands and its result,
// the sizes are described at each function. A row is what runs along the axis
// of the op, and a point of the grid is a row.
//
//===----------------------------------------------------------------------===//

typedef signed char i8;
typedef unsigned char u8;
typedef short i16;
typedef unsigned short u16;
typedef int i32;
typedef unsigned u32;
typedef long long i64;
typedef unsigned long long u64;
typedef __SIZE_TYPE__ size_t;

void *memcpy(void *restrict target, const void *restrict source, size_t size);

/// Name, type, the type that is computed in, the least and the greatest value.
#define FOR_EACH_ELEMENT(DO)                                                   \
  DO(i8, i8, i64, -0x80, 0x7f)                                                 \
  DO(ui8, u8, u64, 0, 0xff)                                                    \
  DO(i16, i16, i64, -0x8000, 0x7fff)                                           \
  DO(ui16, u16, u64, 0, 0xffff)                                                \
  DO(i32, i32, i64, -0x80000000ll, 0x7fffffffll)                               \
  DO(ui32, u32, u64, 0, 0xffffffffull)                                         \
  DO(i64, i64, i64, -0x7fffffffffffffffll - 1, 0x7fffffffffffffffll)           \
  DO(ui64, u64, u64, 0, 0xffffffffffffffffull)                                 \
  DO(f16, _Float16, double, -__builtin_inf(), __builtin_inf())                 \
  DO(bf16, __bf16, double, -__builtin_inf(), __builtin_inf())                  \
  DO(f32, float, double, -__builtin_inf(), __builtin_inf())                    \
  DO(f64, double, double, -__builtin_inf(), __builtin_inf())

/// As ReduceKind numbers them; of booleans, `and` is the least and `or` the
/// greatest.
enum { Sum, Product, Min, Max, And, Or };

/// A NaN is the least and the greatest of all.
#define COMBINE(NAME, T, WIDE, LEAST, GREATEST)                                \
  static inline WIDE combine_##NAME(i64 kind, WIDE x, WIDE y) {                \
    switch (kind) {                                                            \
    case Sum:                                                                  \
      return x + y;                                                            \
    case Product:                                                              \
      return x * y;                                                            \
    case Min:                                                                  \
    case And:                                                                  \
      return y < x || y != y ? y : x;                                          \
    default:                                                                   \
      return y > x || y != y ? y : x;                                          \
    }                                                                          \
  }                                                                            \
  static inline WIDE neutral_##NAME(i64 kind) {                                \
    switch (kind) {                                                            \
    case Sum:                                                                  \
    case Or:                                                                   \
      return 0;                                                                \
    case Product:                                                              \
    case And:                                                                  \
      return 1;                                                                \
    default:                                                                   \
      return kind == Min ? (WIDE)(GREATEST) : (WIDE)(LEAST);                   \
    }                                                                          \
  }
FOR_EACH_ELEMENT(COMBINE)

//===----------------------------------------------------------------------===//
// Scan
//===----------------------------------------------------------------------===//

/// Rows side by side that are computed together, so that memory is read in
/// order.
#define BLOCK 32

/// Sizes: the length of a row, how far apart its elements lie, which is how
/// many rows lie side by side, the kind, whether it is exclusive, whether it
/// runs backwards.
#define SCAN(NAME, T, WIDE, LEAST, GREATEST)                                   \
  void mlc_scan_##NAME(void *const *buffers, const i64 *sizes, i64 begin,      \
                       i64 end, i32 *status) {                                 \
    const T *x = buffers[0];                                                   \
    T *result = buffers[1];                                                    \
    i64 length = sizes[0], stride = sizes[1], kind = sizes[2];                 \
    i64 isExclusive = sizes[3], isReverse = sizes[4], count;                   \
    (void)status;                                                              \
    for (i64 row = begin; row < end; row += count) {                           \
      i64 column = row % stride;                                               \
      i64 first = (row - column) * length + column;                            \
      count = end - row < stride - column ? end - row : stride - column;       \
      count = count < BLOCK ? count : BLOCK;                                   \
      WIDE sums[BLOCK];                                                        \
      for (i64 j = 0; j < count; ++j)                                          \
        sums[j] = neutral_##NAME(kind);                                        \
      for (i64 i = 0; i < length; ++i) {                                       \
        i64 at = first + (isReverse ? length - 1 - i : i) * stride;            \
        for (i64 j = 0; j < count; ++j) {                                      \
          WIDE next = combine_##NAME(kind, sums[j], (WIDE)x[at + j]);          \
          result[at + j] = (T)(isExclusive ? sums[j] : next);                  \
          sums[j] = next;                                                      \
        }                                                                      \
      }                                                                        \
    }                                                                          \
  }
FOR_EACH_ELEMENT(SCAN)

//===----------------------------------------------------------------------===//
// Argsort
//===----------------------------------------------------------------------===//

/// The first `count` indices of a row are kept in a heap whose root is the last
/// of them, in the memory of the result, and sorted at the end. Equal elements
/// are in the order of their indices; a NaN is greater than everything.
///
/// Sizes: the length of a row of x, of the result, how far apart elements lie,
/// whether the greatest comes first.
#define ARGSORT(NAME, T, WIDE, LEAST, GREATEST)                                \
  static inline int precedes_##NAME(const T *x, i64 stride, i64 isDescending,  \
                                    i64 i, i64 j) {                            \
    WIDE a = (WIDE)x[i * stride], b = (WIDE)x[j * stride];                     \
    int isLess = a < b || (b != b && a == a);                                  \
    int isGreater = b < a || (a != a && b == b);                               \
    if (isLess || isGreater)                                                   \
      return isDescending ? isGreater : isLess;                                \
    return i < j;                                                              \
  }                                                                            \
  static void sink_##NAME(const T *x, i64 *heap, i64 stride, i64 isDescending, \
                          i64 at, i64 count) {                                 \
    i64 moved = heap[at * stride];                                             \
    for (i64 child; (child = 2 * at + 1) < count; at = child) {                \
      if (child + 1 < count &&                                                 \
          precedes_##NAME(x, stride, isDescending, heap[child * stride],       \
                          heap[(child + 1) * stride]))                         \
        ++child;                                                               \
      if (precedes_##NAME(x, stride, isDescending, heap[child * stride],       \
                          moved))                                              \
        break;                                                                 \
      heap[at * stride] = heap[child * stride];                                \
    }                                                                          \
    heap[at * stride] = moved;                                                 \
  }                                                                            \
  void mlc_argsort_##NAME(void *const *buffers, const i64 *sizes, i64 begin,   \
                          i64 end, i32 *status) {                              \
    i64 length = sizes[0], wanted = sizes[1], stride = sizes[2];               \
    i64 isDescending = sizes[3], count = wanted < length ? wanted : length;    \
    (void)status;                                                              \
    for (i64 row = begin; row < end; ++row) {                                  \
      i64 column = row % stride, before = row - column;                        \
      const T *x = (const T *)buffers[0] + before * length + column;           \
      i64 *heap = (i64 *)buffers[1] + before * wanted + column;                \
      for (i64 i = 0; i < wanted; ++i)                                         \
        heap[i * stride] = i < count ? i : 0;                                  \
      if (count == 0)                                                          \
        continue;                                                              \
      for (i64 at = count / 2; at-- > 0;)                                      \
        sink_##NAME(x, heap, stride, isDescending, at, count);                 \
      for (i64 i = count; i < length; ++i) {                                   \
        if (!precedes_##NAME(x, stride, isDescending, i, heap[0]))             \
          continue;                                                            \
        heap[0] = i;                                                           \
        sink_##NAME(x, heap, stride, isDescending, 0, count);                  \
      }                                                                        \
      for (i64 last = count - 1; last > 0; --last) {                           \
        i64 root = heap[0];                                                    \
        heap[0] = heap[last * stride];                                         \
        heap[last * stride] = root;                                            \
        sink_##NAME(x, heap, stride, isDescending, 0, last);                   \
      }                                                                        \
    }                                                                          \
  }
FOR_EACH_ELEMENT(ARGSORT)

//===----------------------------------------------------------------------===//
// Scatter
//===----------------------------------------------------------------------===//

#define MAX_RANK 32

/// Where in x the updates go: along each axis of x to the index that an operand
/// holds, or to that along an axis of the updates.
typedef struct {
  i64 numUpdates, rank, numIndices;
  i64 extents[MAX_RANK], strides[MAX_RANK]; // per axis of the updates
  const i64 *indices[MAX_RANK];             // per index operand
  i64 indexedSizes[MAX_RANK], indexedStrides[MAX_RANK];
} Places;

/// Reads the sizes: the ranks of x and of the updates, the sizes of both, and
/// the axis of the updates, or -1, for each axis of x. Returns how many
/// elements x has.
static i64 readPlaces(Places *places, void *const *buffers, const i64 *sizes) {
  i64 rank = sizes[0], stride = 1;
  const i64 *x = sizes + 2, *updates = x + rank, *axes = updates + sizes[1];
  places->rank = sizes[1];
  places->numUpdates = 1;
  for (i64 i = 0; i < places->rank; ++i) {
    places->extents[i] = updates[i];
    places->strides[i] = 0;
    places->numUpdates *= updates[i];
  }
  places->numIndices = 0;
  for (i64 axis = 0; axis < rank; ++axis)
    places->numIndices += axes[axis] < 0;
  i64 number = places->numIndices;
  for (i64 axis = rank; axis-- > 0; stride *= x[axis]) {
    if (axes[axis] >= 0) {
      places->strides[axes[axis]] += stride;
      continue;
    }
    --number;
    places->indices[number] = buffers[1 + number];
    places->indexedSizes[number] = x[axis];
    places->indexedStrides[number] = stride;
  }
  return stride;
}

/// The place of an update, or -1 when an index lies outside of its axis.
static inline i64 placeOf(const Places *places, i64 update, i64 base) {
  for (i64 i = 0; i < places->numIndices; ++i) {
    i64 index = places->indices[i][update];
    if (index < 0 || index >= places->indexedSizes[i])
      return -1;
    base += index * places->indexedStrides[i];
  }
  return base;
}

/// What the axes of the updates before the last one add to the place of row
/// `row`.
static i64 baseOf(const Places *places, i64 row) {
  i64 base = 0;
  for (i64 axis = places->rank - 1; axis-- > 0;) {
    base += row % places->extents[axis] * places->strides[axis];
    row /= places->extents[axis];
  }
  return base;
}

/// The grid is one point: updates may meet, and are applied in order.
///
/// Sizes: the kind, or -1 when updates replace, then as readPlaces has them.
#define SCATTER(NAME, T, WIDE, LEAST, GREATEST)                                \
  void mlc_scatter_##NAME(void *const *buffers, const i64 *sizes, i64 begin,   \
                          i64 end, i32 *status) {                              \
    (void)status;                                                              \
    if (begin == end)                                                          \
      return;                                                                  \
    Places places;                                                             \
    i64 numElements = readPlaces(&places, buffers, sizes + 1);                 \
    const T *updates = buffers[1 + places.numIndices];                         \
    T *result = buffers[2 + places.numIndices];                                \
    memcpy(result, buffers[0], (size_t)numElements * sizeof(T));               \
    i64 width = places.rank ? places.extents[places.rank - 1] : 1;             \
    i64 step = places.rank ? places.strides[places.rank - 1] : 0;              \
    i64 kind = sizes[0];                                                       \
    for (i64 row = 0, at = 0; at < places.numUpdates; ++row) {                 \
      i64 base = baseOf(&places, row);                                         \
      for (i64 i = 0; i < width; ++i, ++at) {                                  \
        i64 place = placeOf(&places, at, base + i * step);                     \
        if (place < 0)                                                         \
          continue;                                                            \
        result[place] = kind < 0                                               \
                            ? updates[at]                                      \
                            : (T)combine_##NAME(kind, (WIDE)result[place],     \
                                                (WIDE)updates[at]);            \
      }                                                                        \
    }                                                                          \
  }
FOR_EACH_ELEMENT(SCATTER)

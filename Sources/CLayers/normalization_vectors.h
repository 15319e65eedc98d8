// The functions of normalization.h for `count` channels, CN_WIDTH or, of the last ones, fewer. CN_TYPED names those of a width
// and a type. Included once for each of both.
#pragma STDC FP_CONTRACT OFF

// A place's values as floats; `room` takes them where there are fewer than a vector's.
#define CN_READ(row) CN_FLOATS(*(const CN_LOOSE *)(const void *)CN_TYPED(filled)(source + (row) * stride, count, room))
#define CN_READ_GRADIENT(row) \
  CN_FLOATS(*(const CN_LOOSE *)(const void *)CN_TYPED(filled)(gradient + (row) * stride, count, room))
// Writes `made`.
#define CN_WRITE(row)                                                                    \
  if (count == CN_WIDTH) {                                                               \
    *(CN_LOOSE *)(void *)(result + (row) * stride) = made;                               \
  } else {                                                                               \
    memcpy(room, &made, sizeof room);                                                    \
    for (int32_t i = 0; i < count; i++) result[(row) * stride + i] = room[i];            \
  }
// What is known of the channels from `lane` on; all bits of `kept` are set where nothing is cut off.
#define CN_KNOWN                                                                         \
  CN_VECTOR mean = {0}, factor = {0}, shift = {0};                                       \
  memcpy(&mean, values->mean + lane, (size_t)count * sizeof(float));                     \
  memcpy(&factor, values->factor + lane, (size_t)count * sizeof(float));                 \
  memcpy(&shift, values->shift + lane, (size_t)count * sizeof(float));                   \
  const CN_BITS kept = (CN_BITS){0} + (values->rectifies ? 0 : -1);
#define CN_WHERE(condition, value) (CN_VECTOR)((CN_BITS)(value) & (condition))

CL_INLINE const CN_VALUE *CN_TYPED(filled)(const CN_VALUE *from, int32_t count, CN_VALUE *room) {
  if (count == CN_WIDTH) return from;
  for (int32_t i = 0; i < count; i++) room[i] = from[i];
  return room;
}

CL_INLINE void CN_TYPED(moments_of)(const cn_part *part, int32_t count, const CN_VALUE *source, float *means,
                                    float *squares) {
  const ptrdiff_t rows = part->rows, stride = part->stride, full = rows - rows % CN_RUNS;
  CN_VALUE room[CN_WIDTH] = {0};
  CN_VECTOR sums[CN_RUNS] = {0};
  for (ptrdiff_t row = 0; row < full; row += CN_RUNS)
    for (int run = 0; run < CN_RUNS; run++) sums[run] += CN_READ(row + run);
  for (ptrdiff_t row = full; row < rows; row++) sums[0] += CN_READ(row);
  const CN_VECTOR mean = ((sums[0] + sums[1]) + (sums[2] + sums[3])) / (float)rows;
  CN_VECTOR all[CN_RUNS] = {0};
  for (ptrdiff_t row = 0; row < full; row += CN_RUNS)
    for (int run = 0; run < CN_RUNS; run++) {
      const CN_VECTOR distance = CN_READ(row + run) - mean;
      all[run] += distance * distance;
    }
  for (ptrdiff_t row = full; row < rows; row++) {
    const CN_VECTOR distance = CN_READ(row) - mean;
    all[0] += distance * distance;
  }
  const CN_VECTOR square = (all[0] + all[1]) + (all[2] + all[3]);
  memcpy(means, &mean, (size_t)count * sizeof *means);
  memcpy(squares, &square, (size_t)count * sizeof *squares);
}

CL_INLINE void CN_TYPED(normalize_of)(const cn_part *part, int32_t count, const cn_values *values, int32_t lane,
                                      const CN_VALUE *source, CN_VALUE *result) {
  const ptrdiff_t rows = part->rows, stride = part->stride;
  CN_VALUE room[CN_WIDTH] = {0};
  CN_KNOWN
  for (ptrdiff_t row = 0; row < rows; row++) {
    const CN_VECTOR value = (CN_READ(row) - mean) * factor + shift;
    // What is no number stays so.
    const CN_VECTOR rectified = CN_WHERE(kept | ~(value < 0), value);
    const CN_LOOSE made = CN_ROUNDED(rectified);
    CN_WRITE(row)
  }
}

CL_INLINE void CN_TYPED(sums_of)(const cn_part *part, int32_t count, const cn_values *values, int32_t lane,
                                 const CN_VALUE *source, const CN_VALUE *gradient, float *sums, float *products) {
  const ptrdiff_t rows = part->rows, stride = part->stride, full = rows - rows % CN_RUNS;
  CN_VALUE room[CN_WIDTH] = {0};
  CN_VECTOR all[CN_RUNS] = {0}, multiplied[CN_RUNS] = {0};
  CN_KNOWN
#define CN_ADD(row, run)                                                               \
  {                                                                                    \
    const CN_VECTOR distance = CN_READ(row) - mean;                                    \
    const CN_BITS passes = kept | (distance * factor + shift > 0);                     \
    const CN_VECTOR passed = CN_WHERE(passes, CN_READ_GRADIENT(row));                  \
    all[run] += passed;                                                                \
    multiplied[run] += passed * distance;                                              \
  }
  for (ptrdiff_t row = 0; row < full; row += CN_RUNS)
    for (int run = 0; run < CN_RUNS; run++) CN_ADD(row + run, run)
  for (ptrdiff_t row = full; row < rows; row++) CN_ADD(row, 0)
#undef CN_ADD
  const CN_VECTOR sum = (all[0] + all[1]) + (all[2] + all[3]);
  const CN_VECTOR product = (multiplied[0] + multiplied[1]) + (multiplied[2] + multiplied[3]);
  memcpy(sums, &sum, (size_t)count * sizeof *sums);
  memcpy(products, &product, (size_t)count * sizeof *products);
}

CL_INLINE void CN_TYPED(gradients_of)(const cn_part *part, int32_t count, const cn_values *values,
                                      const cn_gradients *gradients, int32_t lane, const CN_VALUE *source,
                                      const CN_VALUE *gradient, CN_VALUE *result) {
  const ptrdiff_t rows = part->rows, stride = part->stride;
  CN_VALUE room[CN_WIDTH] = {0};
  CN_VECTOR slope = {0}, offset = {0};
  memcpy(&slope, gradients->slope + lane, (size_t)count * sizeof(float));
  memcpy(&offset, gradients->offset + lane, (size_t)count * sizeof(float));
  CN_KNOWN
  for (ptrdiff_t row = 0; row < rows; row++) {
    const CN_VECTOR distance = CN_READ(row) - mean;
    const CN_BITS passes = kept | (distance * factor + shift > 0);
    const CN_VECTOR passed = CN_WHERE(passes, CN_READ_GRADIENT(row));
    const CN_VECTOR value = passed * factor + (distance * slope + offset);
    const CN_LOOSE made = CN_ROUNDED(value);
    CN_WRITE(row)
  }
}

#undef CN_READ
#undef CN_READ_GRADIENT
#undef CN_WHERE
#undef CN_WRITE
#undef CN_KNOWN

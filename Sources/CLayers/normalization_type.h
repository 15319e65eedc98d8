// The functions of normalization.h for one type, CN_VALUE, which CN_NAME(x) names: 16 channels at once, then 8, then the
// rest.
#define CN_WIDTH 16
#define CN_VECTOR cn_floats16
#define CN_BITS cn_bits16
#define CN_LOOSE CN_LOOSE16
#define CN_TYPED(name) CN_OF_WIDTH(name, 16)
#include "normalization_vectors.h"
#undef CN_WIDTH
#undef CN_VECTOR
#undef CN_BITS
#undef CN_LOOSE
#undef CN_TYPED

#define CN_WIDTH 8
#define CN_VECTOR cn_floats8
#define CN_BITS cn_bits8
#define CN_LOOSE CN_LOOSE8
#define CN_TYPED(name) CN_OF_WIDTH(name, 8)
#include "normalization_vectors.h"
#undef CN_WIDTH
#undef CN_VECTOR
#undef CN_BITS
#undef CN_LOOSE
#undef CN_TYPED

// A call for each group of channels, the first of which is `lane`. Numbers of channels are constants in all but the last.
#define CN_EACH_GROUP(name, ...)                                                  \
  int32_t lane = 0;                                                               \
  for (; lane + 16 <= part->lanes; lane += 16) CN_OF_WIDTH(name, 16)(part, 16, __VA_ARGS__); \
  for (; lane + 8 <= part->lanes; lane += 8) CN_OF_WIDTH(name, 8)(part, 8, __VA_ARGS__);     \
  if (lane < part->lanes) CN_OF_WIDTH(name, 8)(part, part->lanes - lane, __VA_ARGS__);

void CN_NAME(moments)(const cn_part *part, const CN_VALUE *source, float *means, float *squares) {
  CN_EACH_GROUP(moments_of, source + lane, means + lane, squares + lane)
}

void CN_NAME(normalize)(const cn_part *part, const cn_values *values, const CN_VALUE *source, CN_VALUE *result) {
  CN_EACH_GROUP(normalize_of, values, lane, source + lane, result + lane)
}

void CN_NAME(sums)(const cn_part *part, const cn_values *values, const CN_VALUE *source, const CN_VALUE *gradient,
                   float *sums, float *products) {
  CN_EACH_GROUP(sums_of, values, lane, source + lane, gradient + lane, sums + lane, products + lane)
}

void CN_NAME(gradients)(const cn_part *part, const cn_values *values, const cn_gradients *gradients,
                        const CN_VALUE *source, const CN_VALUE *gradient, CN_VALUE *result) {
  CN_EACH_GROUP(gradients_of, values, gradients, lane, source + lane, gradient + lane, result + lane)
}

#undef CN_EACH_GROUP

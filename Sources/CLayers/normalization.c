// Which version of batch normalization's functions runs.
#include "normalization.h"

#include "dispatch.h"

#define CN_DECLARE_TYPE(level, type, value)                                                                       \
  void cn_##level##_moments_##type(const cn_part *, const value *, float *, float *);                             \
  void cn_##level##_normalize_##type(const cn_part *, const cn_values *, const value *, value *);                 \
  void cn_##level##_sums_##type(const cn_part *, const cn_values *, const value *, const value *, float *, float *); \
  void cn_##level##_gradients_##type(const cn_part *, const cn_values *, const cn_gradients *, const value *,     \
                                     const value *, value *);
#define CN_DECLARE(level)                 \
  CN_DECLARE_TYPE(level, floats, float)   \
  CN_DECLARE_TYPE(level, bfloats, uint16_t)
CL_FOR_LEVELS(CN_DECLARE)

void cn_moments_floats(cp_level level, const cn_part *part, const float *source, float *means, float *squares) {
  CL_CHOOSE(cn, moments_floats, part, source, means, squares)
}

void cn_normalize_floats(cp_level level, const cn_part *part, const cn_values *values, const float *source, float *result) {
  CL_CHOOSE(cn, normalize_floats, part, values, source, result)
}

void cn_sums_floats(cp_level level, const cn_part *part, const cn_values *values, const float *source,
                    const float *gradient, float *sums, float *products) {
  CL_CHOOSE(cn, sums_floats, part, values, source, gradient, sums, products)
}

void cn_gradients_floats(cp_level level, const cn_part *part, const cn_values *values, const cn_gradients *gradients,
                         const float *source, const float *gradient, float *result) {
  CL_CHOOSE(cn, gradients_floats, part, values, gradients, source, gradient, result)
}

void cn_moments_bfloats(cp_level level, const cn_part *part, const uint16_t *source, float *means, float *squares) {
  CL_CHOOSE(cn, moments_bfloats, part, source, means, squares)
}

void cn_normalize_bfloats(cp_level level, const cn_part *part, const cn_values *values, const uint16_t *source,
                          uint16_t *result) {
  CL_CHOOSE(cn, normalize_bfloats, part, values, source, result)
}

void cn_sums_bfloats(cp_level level, const cn_part *part, const cn_values *values, const uint16_t *source,
                     const uint16_t *gradient, float *sums, float *products) {
  CL_CHOOSE(cn, sums_bfloats, part, values, source, gradient, sums, products)
}

void cn_gradients_bfloats(cp_level level, const cn_part *part, const cn_values *values, const cn_gradients *gradients,
                          const uint16_t *source, const uint16_t *gradient, uint16_t *result) {
  CL_CHOOSE(cn, gradients_bfloats, part, values, gradients, source, gradient, result)
}

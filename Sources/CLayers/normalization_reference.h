// The reference of normalization.h for one type: a channel at a time, by the definition.
void CN_NAME(moments)(const cn_part *part, const CN_VALUE *source, float *means, float *squares) {
  for (int32_t lane = 0; lane < part->lanes; lane++) {
    float sums[4] = {0}, distances[4] = {0};
    for (int32_t row = 0; row < part->rows; row++)
      sums[run_of(row, part->rows)] += CN_READ(source[(ptrdiff_t)row * part->stride + lane]);
    means[lane] = total(sums) / (float)part->rows;
    for (int32_t row = 0; row < part->rows; row++) {
      const float distance = CN_READ(source[(ptrdiff_t)row * part->stride + lane]) - means[lane];
      distances[run_of(row, part->rows)] += distance * distance;
    }
    squares[lane] = total(distances);
  }
}

void CN_NAME(normalize)(const cn_part *part, const cn_values *values, const CN_VALUE *source, CN_VALUE *result) {
  for (int32_t row = 0; row < part->rows; row++)
    for (int32_t lane = 0; lane < part->lanes; lane++) {
      const ptrdiff_t place = (ptrdiff_t)row * part->stride + lane;
      const float value = normalized(values, lane, CN_READ(source[place]));
      result[place] = CN_WRITTEN(values->rectifies && value < 0 ? 0 : value);
    }
}

void CN_NAME(sums)(const cn_part *part, const cn_values *values, const CN_VALUE *source, const CN_VALUE *gradient,
                       float *sums, float *products) {
  for (int32_t lane = 0; lane < part->lanes; lane++) {
    float all[4] = {0}, multiplied[4] = {0};
    for (int32_t row = 0; row < part->rows; row++) {
      const ptrdiff_t place = (ptrdiff_t)row * part->stride + lane;
      const float value = CN_READ(source[place]), term = passed(values, lane, value, CN_READ(gradient[place]));
      all[run_of(row, part->rows)] += term;
      multiplied[run_of(row, part->rows)] += term * (value - values->mean[lane]);
    }
    sums[lane] = total(all);
    products[lane] = total(multiplied);
  }
}

void CN_NAME(gradients)(const cn_part *part, const cn_values *values, const cn_gradients *gradients,
                            const CN_VALUE *source, const CN_VALUE *gradient, CN_VALUE *result) {
  for (int32_t row = 0; row < part->rows; row++)
    for (int32_t lane = 0; lane < part->lanes; lane++) {
      const ptrdiff_t place = (ptrdiff_t)row * part->stride + lane;
      const float value = CN_READ(source[place]);
      const float rest = (value - values->mean[lane]) * gradients->slope[lane] + gradients->offset[lane];
      const float term = passed(values, lane, value, CN_READ(gradient[place])) * values->factor[lane];
      result[place] = CN_WRITTEN(term + rest);
    }
}

// Compares the network's kernels, Winograd's transforms, dropout, batch normalization and the double convolution, with the
// plain ones, bit by bit.
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "CLayers.h"
#include "levels.h"

static float random_float(void) { return (float)((int32_t)below(20001) - 10000) / 5000; }

static float *noise(size_t count) {
  float *values = zeros(count * sizeof *values);
  for (size_t i = 0; i < count; i++) values[i] = random_float();
  return values;
}

static cw_shape random_shape(int32_t kernel, int32_t side) {
  cw_shape s = {.side = side, .kernel = kernel, .height = kernel + (int32_t)below(14), .width = kernel + (int32_t)below(14),
                .top = (int32_t)below(3), .left = (int32_t)below(3), .channels = 16 + 16 * (int32_t)below(2),
                .filters = 16 + 16 * (int32_t)below(2)};
  // Tiles hang over the lower and the right edge.
  s.rows = s.height + s.top - kernel + 1;
  s.columns = s.width + s.left - kernel + 1;
  const int32_t results = side + 1 - kernel;
  s.tiles_down = (s.rows + results - 1) / results;
  s.tiles_across = (s.columns + results - 1) / results;
  return s;
}

typedef struct {
  size_t pixels, kernel, transformed, matrices, products, results;
} sizes;

enum { PICTURES = 2 };

// One transform of both levels from the same values; `adds` is that of cw_kernel_adjoint.
static int64_t compare(cp_level level, const cw_shape *s, const sizes *n, int which, int32_t adds) {
  const int32_t rows = PICTURES * s->tiles_down * s->tiles_across, lanes = CW_LANES;
  const ptrdiff_t before = (ptrdiff_t)rows * s->channels, after = (ptrdiff_t)rows * s->filters;
  const size_t counts[6][2] = {{n->pixels, n->transformed}, {n->transformed, n->pixels}, {n->products, n->results},
                               {n->results, n->products},   {n->kernel, n->matrices},    {n->matrices, n->kernel}};
  static const char *const names[6] = {"input", "input's adjoint", "output", "output's adjoint", "kernel",
                                       "kernel's adjoint"};
  const int32_t items[6] = {rows * s->channels / lanes,    PICTURES * s->channels / lanes,
                            rows * s->filters / lanes,     rows * s->filters / lanes,
                            s->channels * s->filters / lanes, s->channels * s->filters / lanes};
  const float slope = below(3) == 0 ? 0 : 0.25f;
  float *source = noise(counts[which][0]), *bias = below(3) == 0 ? NULL : noise((size_t)s->filters);
  float *results[2] = {noise(counts[which][1]), zeros(counts[which][1] * sizeof(float))};
  memcpy(results[1], results[0], counts[which][1] * sizeof(float));
  for (int i = 0; i < 2; i++) {
    const cp_level used = i ? level : CP_PLAIN;
    // In two parts for the level, in one for the reference.
    const int32_t parts[3] = {0, i ? items[which] / 3 : 0, items[which]};
    for (int part = 0; part < 2; part++) {
      const int32_t first = parts[part], last = parts[part + 1];
      switch (which) {
        case 0: cw_input(used, s, source, results[i], before, first, last); break;
        case 1: cw_input_adjoint(used, s, source, before, results[i], first, last); break;
        case 2: cw_output(used, s, source, after, bias, slope, results[i], first, last); break;
        case 3: cw_output_adjoint(used, s, source, results[i], after, first, last); break;
        case 4: cw_kernel(used, s, source, results[i], first, last); break;
        case 5: cw_kernel_adjoint(used, s, source, results[i], adds, first, last); break;
      }
    }
  }
  require(memcmp(results[0], results[1], counts[which][1] * sizeof(float)) == 0, names[which], level);
  digest(results[1], counts[which][1] * sizeof(float));
  free(source);
  free(bias);
  free(results[0]);
  free(results[1]);
  return (int64_t)counts[which][1];
}

int64_t transforms_are_equal(cp_level level) {
  int64_t compared = 0;
  for (int32_t kernel = 3; kernel <= 7; kernel++)
    for (int round = 0; round < 8; round++) {
      const cw_shape s = random_shape(kernel, round & 2 ? 10 : 8);
      const size_t points = (size_t)(s.side * s.side);
      const size_t rows = (size_t)(PICTURES * s.tiles_down * s.tiles_across);
      const sizes n = {.pixels = (size_t)(PICTURES * s.height * s.width * s.channels),
                       .kernel = (size_t)(kernel * kernel * s.channels * s.filters),
                       .transformed = points * rows * (size_t)s.channels,
                       .matrices = points * (size_t)(s.channels * s.filters),
                       .products = points * rows * (size_t)s.filters,
                       .results = (size_t)(PICTURES * s.rows * s.columns * s.filters)};
      for (int which = 0; which < 6; which++) compared += compare(level, &s, &n, which, round & 1);
    }
  printf("%s: transforms equal plain; %lld values\n", cp_level_name(level), (long long)compared);
  return compared;
}

int64_t dropouts_are_equal(cp_level level) {
  static float floats[2][1000], made[2][1000];
  static uint16_t bfloats[2][1000], rounded[2][1000];
  static const uint16_t special[6] = {0x7F80, 0xFF80, 0x7FC1, 0x8000, 0x0001, 0x7F7F};
  int64_t kept = 0;
  for (int round = 0; round < 400; round++) {
    const cd_mask mask = {.key = (uint64_t)below(1u << 31) << 32 | below(1u << 31),
                          .threshold = round % 8 == 0 ? 65536 : below(65537), .scale = 1 + (float)below(100) / 64};
    for (int i = 0; i < 1000; i++) {
      for (int k = 0; k < 2; k++) {
        floats[k][i] = random_float();
        bfloats[k][i] = below(10) == 0 ? special[below(6)] : (uint16_t)below(65536);
      }
    }
    const ptrdiff_t first = 4 * (ptrdiff_t)below(20), last = first + (ptrdiff_t)below(900);
    memset(made, 0, sizeof made);
    memset(rounded, 0, sizeof rounded);
    for (int i = 0; i < 2; i++) {
      const cp_level used = i ? level : CP_PLAIN;
      if (round & 1) {
        cd_drop_floats(used, &mask, floats[0], made[i], first, last);
        cd_drop_bfloats(used, &mask, bfloats[0], rounded[i], first, last);
      } else {
        cd_pass_floats(used, mask.scale, floats[0], floats[1], made[i], first, last);
        cd_pass_bfloats(used, mask.scale, bfloats[0], bfloats[1], rounded[i], first, last);
      }
    }
    require(memcmp(made[0], made[1], sizeof made[0]) == 0, "dropout of floats", level);
    require(memcmp(rounded[0], rounded[1], sizeof rounded[0]) == 0, "dropout of bfloat16", level);
    // Infinity times 0 is no number, whose sign is the processor's choice.
    for (int i = 0; i < 1000; i++)
      if ((rounded[1][i] & 0x7FFF) > 0x7F80) rounded[1][i] = 0x7FC0;
    digest(made[1], sizeof made[1]);
    digest(rounded[1], sizeof rounded[1]);
    for (int i = 0; i < 1000; i++) kept += made[0][i] != 0;
  }
  printf("%s: dropout equals plain; %lld values kept\n", cp_level_name(level), (long long)kept);
  return kept;
}

int64_t separables_are_equal(cp_level level) {
  int64_t compared = 0;
  for (int round = 0; round < 60; round++) {
    const cs_shape s = {.height = 1 + (int32_t)below(8), .width = 1 + (int32_t)below(30), .channels = 1 + (int32_t)below(20),
                        .filters = CS_LANES * (1 + (int32_t)below(7)), .rectifies_between = (int32_t)below(2),
                        .rectifies = (int32_t)below(2)};
    const size_t pixels = (size_t)(s.height * s.width), filters = (size_t)s.filters;
    float *source = noise(pixels * (size_t)s.channels), *pointwise = noise((size_t)s.channels * filters);
    float *biases = noise(2 * filters), *depthwise = noise(9 * filters);
    const cs_weights weights = {pointwise, biases, depthwise, biases + filters};
    float *results[2], *scratch = zeros(cs_scratch_count(&s) * sizeof(float));
    for (int i = 0; i < 2; i++) {
      results[i] = zeros(pixels * filters * sizeof(float));
      // In two parts for the level, in one for the reference.
      const int32_t middle = i ? s.height / 2 : 0;
      cs_separable(i ? level : CP_PLAIN, &s, &weights, source, scratch, results[i], 0, middle);
      cs_separable(i ? level : CP_PLAIN, &s, &weights, source, scratch, results[i], middle, s.height);
    }
    require(memcmp(results[0], results[1], pixels * filters * sizeof(float)) == 0, "the double convolution", level);
    digest(results[1], pixels * filters * sizeof(float));
    compared += (int64_t)(pixels * filters);
    float *all[] = {source, pointwise, biases, depthwise, scratch, results[0], results[1]};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) free(all[i]);
  }
  printf("%s: double convolutions equal plain; %lld values\n", cp_level_name(level), (long long)compared);
  return compared;
}

int64_t integer_separables_are_equal(cp_level level) {
  int64_t compared = 0;
  for (int round = 0; round < 80; round++) {
    const cs_shape s = {.height = 1 + (int32_t)below(8), .width = 1 + (int32_t)below(30),
                        .channels = CS_BYTES * (1 + (int32_t)below(18)), .filters = CS_LANES * (1 + (int32_t)below(7)),
                        .rectifies_between = (int32_t)below(2), .rectifies = (int32_t)below(2)};
    const size_t pixels = (size_t)(s.height * s.width), filters = (size_t)s.filters, channels = (size_t)s.channels;
    float *source = noise(pixels * channels), *biases = noise(2 * filters), *depthwise = noise(9 * filters);
    float *scales = noise(filters);
    uint8_t *bytes = zeros(pixels * channels);
    int8_t *pointwise = zeros(channels * filters);
    for (size_t i = 0; i < pixels * channels; i++) bytes[i] = (uint8_t)below(256);
    for (size_t i = 0; i < channels * filters; i++) pointwise[i] = (int8_t)(below(255) - 127);
    for (size_t i = 0; i < filters; i++) scales[i] /= 1000;
    source[below((uint32_t)(pixels * channels))] = NAN;
    source[below((uint32_t)(pixels * channels))] = INFINITY;
    const int rounds_source = round & 1, makes_bytes = round >> 1 & 1;
    const cs_integer_weights weights = {pointwise, scales, biases, depthwise, biases + filters,
                                        rounds_source ? 100 : 0.0f, makes_bytes ? 60 : 0.0f};
    void *results[2];
    float *scratch = zeros(cs_integer_scratch_count(&s) * sizeof(float));
    for (int i = 0; i < 2; i++) {
      results[i] = zeros(pixels * filters * sizeof(float));
      // In two parts for the level, in one for the reference.
      const int32_t middle = i ? s.height / 2 : 0;
      const void *from = rounds_source ? (const void *)source : bytes;
      cs_integer_separable(i ? level : CP_PLAIN, &s, &weights, from, scratch, results[i], 0, middle);
      cs_integer_separable(i ? level : CP_PLAIN, &s, &weights, from, scratch, results[i], middle, s.height);
    }
    const size_t size = pixels * filters * (makes_bytes ? 1 : sizeof(float));
    require(memcmp(results[0], results[1], size) == 0, "the double convolution of bytes", level);
    digest(results[1], size);
    compared += (int64_t)(pixels * filters);
    void *all[] = {source, bytes, pointwise, biases, depthwise, scales, scratch, results[0], results[1]};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) free(all[i]);
  }
  printf("%s: double convolutions of bytes equal plain; %lld values\n", cp_level_name(level), (long long)compared);
  return compared;
}

// A bfloat16 of each float, rounded towards 0.
static uint16_t *halves(const float *values, size_t count) {
  uint16_t *made = zeros(count * sizeof *made);
  for (size_t i = 0; i < count; i++) {
    uint32_t bits;
    memcpy(&bits, values + i, sizeof bits);
    made[i] = (uint16_t)(bits >> 16);
  }
  return made;
}

int64_t normalizations_are_equal(cp_level level) {
  int64_t compared = 0;
  for (int round = 0; round < 200; round++) {
    const int32_t lanes = 1 + (int32_t)below(40);
    const cn_part part = {.rows = 1 + (int32_t)below(30), .stride = lanes + (int32_t)below(3), .lanes = lanes};
    const size_t count = (size_t)(part.rows * part.stride), channels = (size_t)lanes;
    float *source = noise(count), *gradient = noise(count), *factors = noise(5 * channels);
    uint16_t *low = halves(source, count), *low_gradient = halves(gradient, count);
    const cn_values values = {factors, factors + channels, factors + 2 * channels, (int32_t)below(2)};
    const cn_gradients gradients = {factors + 3 * channels, factors + 4 * channels};
    // For each type: the means and squares, the sums and products, the values, and the gradients.
    const size_t size = 2 * (4 * channels + 2 * count);
    float *results[2];
    for (int i = 0; i < 2; i++) {
      const cp_level used = i ? level : CP_PLAIN;
      float *made = results[i] = zeros(size * sizeof(float));
      cn_moments_floats(used, &part, source, made, made + channels);
      cn_sums_floats(used, &part, &values, source, gradient, made + 2 * channels, made + 3 * channels);
      cn_normalize_floats(used, &part, &values, source, made + 4 * channels);
      cn_gradients_floats(used, &part, &values, &gradients, source, gradient, made + 4 * channels + count);
      made += size / 2;
      cn_moments_bfloats(used, &part, low, made, made + channels);
      cn_sums_bfloats(used, &part, &values, low, low_gradient, made + 2 * channels, made + 3 * channels);
      cn_normalize_bfloats(used, &part, &values, low, (uint16_t *)(made + 4 * channels));
      cn_gradients_bfloats(used, &part, &values, &gradients, low, low_gradient, (uint16_t *)(made + 4 * channels + count));
    }
    require(memcmp(results[0], results[1], size * sizeof(float)) == 0, "batch normalization", level);
    digest(results[1], size * sizeof(float));
    compared += (int64_t)size;
    void *all[] = {source, gradient, factors, low, low_gradient, results[0], results[1]};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) free(all[i]);
  }
  printf("%s: batch normalizations equal plain; %lld values\n", cp_level_name(level), (long long)compared);
  return compared;
}

// One window after another, as OpenCV computes, step by step: what every faster version is compared with.
#include <math.h>

#include "kernels.h"

#pragma STDC FP_CONTRACT OFF

static inline int32_t at(const uint8_t *window, int32_t offset) {
  int32_t value;
  memcpy(&value, window + offset, sizeof value);
  return value;
}

// Differences modulo 2^32.
static inline int32_t box(const uint8_t *window, const int32_t *corner) {
  return (int32_t)((uint32_t)at(window, corner[0]) - (uint32_t)at(window, corner[1]) -
                   (uint32_t)at(window, corner[2]) + (uint32_t)at(window, corner[3]));
}

static inline int goes_left_haar(const ck_plain_feature *f, float threshold, const uint8_t *window, float scale) {
  float value = f->weight[0] * (float)box(window, f->corner) + f->weight[1] * (float)box(window, f->corner + 4);
  if (f->weight[2] != 0) value += f->weight[2] * (float)box(window, f->corner + 8);
  return value * scale < threshold;
}

static inline int block(const uint8_t *window, const int32_t *corner, int first) {
  return (int32_t)((uint32_t)at(window, corner[first]) - (uint32_t)at(window, corner[first + 1]) -
                   (uint32_t)at(window, corner[first + 4]) + (uint32_t)at(window, corner[first + 5]));
}

static inline int goes_left_pattern(const int32_t *corner, const uint32_t *subset, const uint8_t *window) {
  static const int around[8] = {0, 1, 2, 6, 10, 9, 8, 4};
  int middle = block(window, corner, 5);
  int code = 0;
  for (int i = 0; i < 8; i++) code = code << 1 | (block(window, corner, around[i]) >= middle);
  return subset[code >> 5] >> (code & 31) & 1;
}

// 1: accepted; 0: rejected by the first stage; -1: rejected otherwise.
static int classify(const ck_plain_program *p, const uint8_t *window, const uint8_t *squares) {
  float scale = 1;
  if (!p->is_pattern) {
    double sum = box(window, p->inner), square = (uint32_t)box(squares, p->inner);
    double variance = p->area * square - sum * sum;
    if (!(variance > 0)) return -1;
    scale = (float)(1.0 / sqrt(variance));
    if (!(p->area * scale < 0.1)) return -1;
  }
  for (int32_t s = 0; s < p->stage_count; s++) {
    const ck_plain_stage *stage = p->stages + s;
    double sum = 0;
    for (int32_t t = 0; t < stage->tree_count; t++) {
      const ck_plain_tree *tree = p->trees + stage->first_tree + t;
      int32_t next = 0;
      do {
        int32_t index = tree->first_node + next;
        const ck_plain_node *node = p->nodes + index;
        int left = p->is_pattern
                       ? goes_left_pattern(p->pattern_corners + 16 * node->feature, p->subsets + 8 * index, window)
                       : goes_left_haar(p->features + node->feature, node->threshold, window, scale);
        next = left ? node->left : node->right;
      } while (next > 0);
      sum += p->leaves[tree->first_leaf - next];
    }
    if (sum < stage->threshold) return s == 0 ? 0 : -1;
  }
  return 1;
}

void ck_scan_plain(const ck_item *item, const ck_plain_program *program, int32_t step, const ck_strip *strip,
                   ck_workspace *workspace) {
  ck_fill_rows(CP_PLAIN, item, 0, (item->rows - 1) * step + item->window_height, strip, workspace);
  for (int32_t row = 0; row < item->rows; row++) {
    for (int32_t column = 0; column < item->columns; column++) {
      ptrdiff_t cell = ((ptrdiff_t)row * strip->stride + column) * step;
      const uint8_t *squares = strip->squares ? (const uint8_t *)(strip->squares + cell) : NULL;
      int result = classify(program, strip->sum + cell * 4, squares);
      if (result > 0) ck_add_hit(workspace, row, column);
      if (result == 0) column++;
    }
  }
}

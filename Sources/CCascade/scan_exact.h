// A stage for one window as OpenCV adds it up, from the same tables as the vectors: for sums that fixed point cannot
// decide. Included in a version's source.
#pragma STDC FP_CONTRACT OFF

static inline uint32_t ck_cell16(const uint8_t *p) {
  uint16_t value;
  memcpy(&value, p, sizeof value);
  return value;
}

static inline uint32_t ck_cell32(const uint8_t *p) {
  uint32_t value;
  memcpy(&value, p, sizeof value);
  return value;
}

static inline int32_t ck_box32(const uint8_t *w, const int32_t *c) {
  return (int32_t)(ck_cell32(w + c[0]) - ck_cell32(w + c[1]) - ck_cell32(w + c[2]) + ck_cell32(w + c[3]));
}

static inline int32_t ck_box16(const uint8_t *w, const int32_t *c) {
  return (uint16_t)(ck_cell16(w + c[0]) - ck_cell16(w + c[1]) - ck_cell16(w + c[2]) + ck_cell16(w + c[3]));
}

static int ck_exact_narrow(const ck_program *p, int32_t kind, int32_t index, const uint8_t *w, float scale) {
  const ck_narrow_node *n = p->narrow + index;
  int32_t value = 0;
  if (kind == 3) {
    for (int32_t i = 0; i < n->offset[1]; i++) {
      const ck_box *box = p->boxes + n->offset[0] + i;
      value += box->weight * ck_box16(w, box->corner);
    }
  } else {
    static const int32_t weights[3][4] = {{1, -2, 1, 0}, {1, -3, 3, -1}, {1, -2, 1, 0}};
    uint32_t sum = 0;
    for (int32_t i = 0; i < 4; i++) {
      if (weights[kind][i] == 0) continue;
      const uint8_t *at = w + n->offset[i];
      uint32_t part = kind == 2 ? ck_cell16(at) - 2 * ck_cell16(at + n->step1) + ck_cell16(at + n->step2)
                                : ck_cell16(at) - ck_cell16(at + n->step1);
      sum += (uint32_t)weights[kind][i] * part;
    }
    value = (int16_t)sum;
  }
  return (float)value * scale < n->threshold;
}

static int ck_exact_wide(const ck_program *p, int32_t index, const uint8_t *w, float scale) {
  const ck_wide_node *n = p->wide + index;
  float value = n->weight[0] * (float)ck_box32(w, n->corner) + n->weight[1] * (float)ck_box32(w, n->corner + 4);
  if (n->weight[2] != 0) value += n->weight[2] * (float)ck_box32(w, n->corner + 8);
  return value * scale < n->threshold;
}

static int ck_exact_pattern(const ck_program *p, int32_t index, const uint8_t *w) {
  static const int around[8] = {0, 1, 2, 6, 10, 9, 8, 4};
  const ck_pattern_node *n = p->patterns + index;
  uint16_t blocks[11];
  for (int i = 0; i < 11; i++) {
    if ((i & 3) == 3) continue;
    blocks[i] = (uint16_t)(ck_cell16(w + n->corner[i]) - ck_cell16(w + n->corner[i + 1]) -
                           ck_cell16(w + n->corner[i + 4]) + ck_cell16(w + n->corner[i + 5]));
  }
  int code = 0;
  for (int i = 0; i < 8; i++) code = code << 1 | (blocks[around[i]] >= blocks[5]);
  return n->subset[code >> 3] >> (code & 7) & 1;
}

static int ck_exact_node(const ck_program *p, int32_t kind, int32_t index, const uint8_t *w, float scale) {
  if (p->engine == CK_ENGINE_NARROW) return ck_exact_narrow(p, kind, index, w, scale);
  if (p->engine == CK_ENGINE_WIDE) return ck_exact_wide(p, index, w, scale);
  return ck_exact_pattern(p, index, w);
}

static int ck_exact_stage(const ck_program *p, const ck_stage *stage, const uint8_t *w, float scale) {
  double sum = 0;
  for (int32_t t = 0; t < stage->tree_count; t++) {
    const ck_exact_tree *tree = p->trees + stage->first_tree + t;
    if (tree->node_count > 2) {
      const ck_large_tree *large = p->large + tree->node[0];
      int32_t next = 0;
      do {
        int32_t index = large->first_node + next;
        next = p->children[2 * index + !ck_exact_wide(p, index, w, scale)];
      } while (next > 0);
      sum += p->leaves[large->first_leaf - next];
    } else {
      int first = ck_exact_node(p, tree->kind[0], tree->node[0], w, scale);
      if (tree->node_count == 1)
        sum += tree->leaf[!first];
      else if (first)
        sum += tree->leaf[!ck_exact_node(p, tree->kind[1], tree->node[1], w, scale)];
      else
        sum += tree->leaf[2];
    }
  }
  return !(sum < stage->threshold);
}

// Decides lanes whose sum is between the stage's limits.
static uint32_t ck_exact_lanes(const ck_program *p, const ck_stage *stage, const uint8_t *w, const float *scales,
                               uint32_t lanes) {
  int32_t bytes = p->engine == CK_ENGINE_WIDE ? 4 : 2;
  uint32_t passed = 0;
  for (; lanes; lanes &= lanes - 1) {
    int lane = __builtin_ctz(lanes);
    if (ck_exact_stage(p, stage, w + lane * bytes, scales[lane])) passed |= 1u << lane;
  }
  return passed;
}

// How a stage's trees are added up, for any width of vectors. Included by scan_stages_avx2.h and scan_stages_avx512.h,
// which define masks, sums and scales of 16 windows (`ck_wide_...`: of as many full sums as fit a vector), what a node
// says of them, and how leaves are added.

CK_INLINE ck_mask ck_left_narrow(const ck_program *p, int32_t kind, int32_t index, const uint8_t *w, ck_scales scale) {
  const ck_narrow_node *n = p->narrow + index;
  switch (kind) {
    case 0:
      return ck_left16(ck_value6(n, w), n, scale);
    case 1:
      return ck_left16(ck_value8(n, w), n, scale);
    case 2:
      return ck_left16(ck_value9(n, w), n, scale);
    default:
      return ck_left_boxes(p, n, w, scale);
  }
}

CK_INLINE void ck_add_narrow_stumps(const ck_program *p, const ck_stage *s, const int32_t kind, const uint8_t *w,
                                    ck_scales scale, ck_sums *sums) {
  for (int32_t i = 0; i < s->count[kind]; i++) {
    int32_t index = s->first[kind] + i;
    ck_add_stump(sums, ck_left_narrow(p, kind, index, w, scale), p->narrow[index].delta);
  }
}

CK_INLINE void ck_add_narrow_pair(const ck_program *p, const ck_pair *pair, int32_t kind0, int32_t kind1,
                                  const uint8_t *w, ck_scales scale, ck_sums *sums) {
  ck_mask first = ck_left_narrow(p, kind0, pair->node[0], w, scale);
  ck_mask second = ck_left_narrow(p, kind1, pair->node[1], w, scale);
  ck_add_pair(sums, first, second, pair);
}

#define CK_PAIRS(FIRST, SECOND)                                                \
  case FIRST * 4 + SECOND:                                                     \
    do {                                                                       \
      ck_add_narrow_pair(p, pair, FIRST, SECOND, w, scale, &sums);             \
      pair++;                                                                  \
    } while (pair < end && pair->kind[0] == FIRST && pair->kind[1] == SECOND); \
    break;

static inline uint32_t ck_stage_narrow(const ck_program *p, const ck_stage *s, const uint8_t *w, const float *scales,
                                       uint32_t lanes) {
  ck_scales scale = ck_load_scales(scales);
  ck_sums sums = ck_zero_sums();
  ck_add_narrow_stumps(p, s, 0, w, scale, &sums);
  ck_add_narrow_stumps(p, s, 1, w, scale, &sums);
  ck_add_narrow_stumps(p, s, 2, w, scale, &sums);
  ck_add_narrow_stumps(p, s, 3, w, scale, &sums);
  const ck_pair *pair = p->pairs + s->first_pair, *end = pair + s->pair_count;
  // Pairs are sorted by their kinds: a loop for each of those that occur.
  while (pair < end) {
    switch (pair->kind[0] * 4 + pair->kind[1]) {
      CK_PAIRS(0, 0)
      CK_PAIRS(0, 1)
      CK_PAIRS(0, 2)
      CK_PAIRS(1, 0)
      CK_PAIRS(1, 1)
      CK_PAIRS(1, 2)
      CK_PAIRS(2, 0)
      CK_PAIRS(2, 1)
      CK_PAIRS(2, 2)
      default:
        ck_add_narrow_pair(p, pair, pair->kind[0], pair->kind[1], w, scale, &sums);
        pair++;
    }
  }
  return ck_decide(p, s, sums, w, scales, lanes);
}

// The windows of one vector, from `w` on.
static inline uint32_t ck_stage_wide_vector(const ck_program *p, const ck_stage *s, const uint8_t *w,
                                            const float *scales, uint32_t lanes) {
  ck_wide_scales scale = ck_load_wide_scales(scales);
  ck_wide_sums sums = ck_zero_wide_sums();
  for (int three = 0; three < 2; three++) {
    const ck_wide_node *n = p->wide + s->first[three];
    for (int32_t i = 0; i < s->count[three]; i++, n++) ck_add_wide(&sums, ck_left_wide(n, w, scale, three), n->delta);
  }
  const ck_pair *pair = p->pairs + s->first_pair;
  for (int32_t i = 0; i < s->pair_count; i++, pair++) {
    ck_wide_mask first = ck_left_wide(p->wide + pair->node[0], w, scale, pair->kind[0]);
    ck_wide_mask second = ck_left_wide(p->wide + pair->node[1], w, scale, pair->kind[1]);
    ck_add_wide_pair(&sums, first, second, pair);
  }
  const ck_large_tree *tree = p->large + s->first_large;
  for (int32_t i = 0; i < s->large_count; i++, tree++) {
    // Which windows reach a node; every window reaches one leaf.
    ck_wide_mask reached[CK_TREE_NODES];
    reached[0] = ck_all_wide();
    for (int32_t j = 0; j < tree->node_count; j++) {
      int32_t index = tree->first_node + j;
      const ck_wide_node *n = p->wide + index;
      ck_wide_mask left = ck_left_wide(n, w, scale, n->weight[2] != 0);
      for (int side = 0; side < 2; side++) {
        ck_wide_mask there = side ? ck_only_second_wide(left, reached[j]) : ck_both_wide(left, reached[j]);
        int32_t child = p->children[2 * index + side];
        if (child > 0)
          reached[child] = there;
        else
          ck_add_wide(&sums, there, p->fixed_leaves[tree->first_leaf - child]);
      }
    }
  }
  return ck_decide_wide(p, s, sums, w, scales, lanes);
}

static inline uint32_t ck_stage_pattern(const ck_program *p, const ck_stage *s, const uint8_t *w, const float *scales,
                                        uint32_t lanes) {
  ck_sums sums = ck_zero_sums();
  const ck_pattern_node *n = p->patterns + s->first[0];
  for (int32_t i = 0; i < s->count[0]; i++, n++) ck_add_stump(&sums, ck_left_pattern(n, w), n->delta);
  const ck_pair *pair = p->pairs + s->first_pair;
  for (int32_t i = 0; i < s->pair_count; i++, pair++) {
    ck_mask first = ck_left_pattern(p->patterns + pair->node[0], w);
    ck_add_pair(&sums, first, ck_left_pattern(p->patterns + pair->node[1], w), pair);
  }
  return ck_decide(p, s, sums, w, scales, lanes);
}

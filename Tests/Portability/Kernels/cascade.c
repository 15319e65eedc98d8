#include "cascade.h"

#include <math.h>
#include <string.h>

#include "levels.h"

static int32_t between(int32_t least, int32_t most) { return least + (int32_t)below((uint32_t)(most - least + 1)); }

// `count` places in order, at most `reach` apart in all.
static void places(int32_t *at, int32_t count, int32_t reach) {
  int32_t gap = reach / (count - 1);
  at[0] = between(0, WINDOW - (count - 1) * gap);
  for (int32_t i = 1; i < count; i++) at[i] = at[i - 1] + between(1, gap);
}

static feature make_feature(ck_engine engine, int32_t has_tilted) {
  feature f = {.kind = engine == CK_ENGINE_NARROW ? between(0, 3) : 3, .is_tilted = has_tilted && below(2)};
  if (engine == CK_ENGINE_PATTERN) {
    int32_t width = between(1, WINDOW / 3), height = between(1, WINDOW / 3);
    f.x[0] = between(0, WINDOW - 3 * width);
    f.y[0] = between(0, WINDOW - 3 * height);
    for (int i = 1; i < 4; i++) {
      f.x[i] = f.x[i - 1] + width;
      f.y[i] = f.y[i - 1] + height;
    }
    return f;
  }
  places(f.x, f.kind == 1 ? 4 : f.kind == 3 ? 4 : 3, 12);
  places(f.y, f.kind == 2 ? 3 : 2, f.kind == 2 ? 10 : 7);
  for (int i = 0; i < 3; i++) f.weight[i] = between(-3, 3);
  return f;
}

void make_cascade(cascade *c, ck_engine engine) {
  memset(c, 0, sizeof *c);
  c->engine = engine;
  c->has_tilted = engine == CK_ENGINE_WIDE && below(2);
  c->stage_count = between(1, STAGES);
  for (int32_t s = 0; s < c->stage_count; s++) {
    c->tree_count[s] = between(1, 2 + 2 * s);
    float middle = 0;
    for (int32_t i = 0; i < c->tree_count[s]; i++) {
      tree *t = &c->tree[s][i];
      t->node_count = between(1, engine == CK_ENGINE_WIDE ? TREE_NODES : 2);
      for (int n = 0; n < t->node_count; n++) {
        t->node[n].is_turned = t->node_count > 2 && below(2);
        t->node[n].feature = make_feature(engine, c->has_tilted);
        t->node[n].threshold = below(2) ? 0 : (float)between(-40, 40) / 2000;
        for (int w = 0; w < 8; w++) t->node[n].subset[w] = below(1u << 16) << 16 | below(1u << 16);
      }
      for (int l = 0; l <= t->node_count; l++) t->leaf[l] = (float)between(-8, 8) / 8;
      middle += (t->leaf[0] + t->leaf[1]) / 2;
    }
    // In eighths, as the leaves: sums that meet the threshold are frequent.
    c->threshold[s] = floorf(8 * middle) / 8 - (float)between(0, 3) / 8;
  }
}

static int32_t offset(layout l, int32_t x, int32_t y) {
  return y * l.row + (l.odd ? x % 2 * l.odd + x / 2 * l.column : x * l.column);
}

// The children of a tree's node: a later node, or a leaf's number negated.
static void children(const tree *t, int32_t n, int32_t *left, int32_t *right) {
  const int32_t last = n == t->node_count - 1, next = last ? 0 : n + 1, leaf = n - t->node_count;
  *left = t->node[n].is_turned ? leaf : next;
  *right = t->node[n].is_turned ? next : leaf;
}

static void corners(layout l, int32_t left, int32_t top, int32_t right, int32_t bottom, int32_t *at) {
  at[0] = offset(l, left, top);
  at[1] = offset(l, right, top);
  at[2] = offset(l, left, bottom);
  at[3] = offset(l, right, bottom);
}

// A feature as up to three rectangles.
static void rectangles(const feature *f, layout l, int32_t *at, float *weight) {
  if (f->kind == 2) {
    corners(l, f->x[0], f->y[0], f->x[1], f->y[1], at);
    corners(l, f->x[1], f->y[1], f->x[2], f->y[2], at + 4);
    corners(l, f->x[0], f->y[0], f->x[2], f->y[2], at + 8);
    weight[0] = weight[1] = 2;
    weight[2] = -1;
    return;
  }
  static const float product[2][3] = {{1, -1, 0}, {1, -2, 1}};
  for (int i = 0; i < 3; i++) {
    int last = f->kind == 0 && i == 2 ? 1 : i;
    corners(l, f->x[last], f->y[0], f->x[last + 1], f->y[1], at + 4 * i);
    weight[i] = f->kind == 3 ? (float)f->weight[i] : product[f->kind][i];
  }
  for (int i = 0; i < 12; i++) at[i] += f->is_tilted ? l.tilted : 0;
}

static void grid(const feature *f, layout l, int32_t *at) {
  for (int y = 0; y < 4; y++)
    for (int x = 0; x < 4; x++) at[4 * y + x] = offset(l, f->x[x], f->y[y]);
}

void make_plain(const cascade *c, layout l, plain_tables *t) {
  memset(t, 0, sizeof *t);
  int32_t nodes = 0, leaves = 0, trees = 0;
  for (int32_t s = 0; s < c->stage_count; s++) {
    t->stages[s] = (ck_plain_stage){trees, c->tree_count[s], c->threshold[s]};
    for (int32_t i = 0; i < c->tree_count[s]; i++) {
      const tree *tree = &c->tree[s][i];
      t->trees[trees++] = (ck_plain_tree){nodes, leaves};
      for (int32_t n = 0; n < tree->node_count; n++, nodes++) {
        const node *node = &tree->node[n];
        t->nodes[nodes] = (ck_plain_node){.feature = nodes, .threshold = node->threshold};
        children(tree, n, &t->nodes[nodes].left, &t->nodes[nodes].right);
        rectangles(&node->feature, l, t->features[nodes].corner, t->features[nodes].weight);
        if (c->engine == CK_ENGINE_PATTERN) grid(&node->feature, l, t->corners + 16 * nodes);
        memcpy(t->subsets + 8 * nodes, node->subset, sizeof node->subset);
      }
      for (int32_t k = 0; k <= tree->node_count; k++) t->leaves[leaves++] = tree->leaf[k];
    }
  }
  t->program = (ck_plain_program){.stage_count = c->stage_count, .is_pattern = c->engine == CK_ENGINE_PATTERN,
                                  .stages = t->stages, .trees = t->trees, .nodes = t->nodes, .leaves = t->leaves,
                                  .features = t->features, .pattern_corners = t->corners, .subsets = t->subsets,
                                  .area = (WINDOW - 2) * (WINDOW - 2)};
  corners(l, 1, 1, WINDOW - 1, WINDOW - 1, t->program.inner);
}

typedef struct {
  int32_t narrow, boxes, wide, patterns, pairs, trees, large, leaves;
} counts;

static int32_t add_node(const cascade *c, const node *node, layout l, int32_t delta, tables *t, counts *n, int32_t *kind) {
  const feature *f = &node->feature;
  if (c->engine == CK_ENGINE_PATTERN) {
    ck_pattern_node *p = &t->patterns[n->patterns];
    grid(f, l, p->corner);
    memcpy(p->subset, node->subset, sizeof node->subset);
    p->delta = delta;
    *kind = 0;
    return n->patterns++;
  }
  if (c->engine == CK_ENGINE_WIDE) {
    ck_wide_node *w = &t->wide[n->wide];
    rectangles(f, l, w->corner, w->weight);
    w->threshold = node->threshold;
    w->delta = delta;
    *kind = w->weight[2] != 0;
    return n->wide++;
  }
  ck_narrow_node *narrow = &t->narrow[n->narrow];
  narrow->threshold = node->threshold;
  narrow->delta = delta;
  *kind = f->kind;
  if (f->kind == 3) {
    float weight[3];
    int32_t at[12];
    rectangles(f, l, at, weight);
    narrow->offset[0] = n->boxes;
    narrow->offset[1] = 3;
    for (int i = 0; i < 3; i++, n->boxes++) {
      memcpy(t->boxes[n->boxes].corner, at + 4 * i, 4 * sizeof *at);
      t->boxes[n->boxes].weight = f->weight[i];
    }
  } else {
    int32_t count = f->kind == 1 ? 4 : 3;
    for (int32_t i = 0; i < count; i++) narrow->offset[i] = offset(l, f->x[i], f->y[0]);
    narrow->step1 = (f->y[1] - f->y[0]) * l.row;
    narrow->step2 = (f->y[2] - f->y[0]) * l.row;
  }
  return n->narrow++;
}

enum { UNIT = 1 << 20 };

static int32_t fixed(float value) { return (int32_t)(value * UNIT); }

// A tree of more than two nodes, whose nodes lie together.
static void add_large(const cascade *c, const tree *tree, layout l, tables *t, counts *n) {
  t->large[n->large++] = (ck_large_tree){n->wide, tree->node_count, n->leaves};
  for (int32_t k = 0; k < tree->node_count; k++) {
    int32_t kind, index = add_node(c, &tree->node[k], l, 0, t, n, &kind);
    children(tree, k, &t->children[2 * index], &t->children[2 * index + 1]);
  }
  for (int32_t k = 0; k <= tree->node_count; k++, n->leaves++) {
    t->leaves[n->leaves] = tree->leaf[k];
    t->fixed_leaves[n->leaves] = fixed(tree->leaf[k]);
  }
}

static void add_stage(const cascade *c, int32_t s, layout l, tables *t, counts *n) {
  ck_stage *stage = &t->stages[s];
  stage->first_tree = n->trees;
  stage->tree_count = c->tree_count[s];
  stage->first_pair = n->pairs;
  stage->first_large = n->large;
  stage->threshold = c->threshold[s];
  stage->dense = 1 + s * 3;
  float constant = 0;
  int32_t pass_count = c->engine == CK_ENGINE_NARROW ? 4 : 2;
  for (int32_t i = 0; i < c->tree_count[s]; i++) {
    const tree *tree = &c->tree[s][i];
    ck_exact_tree *exact = &t->trees[n->trees + i];
    exact->node_count = tree->node_count;
    if (tree->node_count > 2) {
      exact->node[0] = n->large;
      add_large(c, tree, l, t, n);
      stage->large_count++;
      continue;
    }
    memcpy(exact->leaf, tree->leaf, sizeof exact->leaf);
    constant += tree->leaf[tree->node_count];
    if (tree->node_count == 1) continue;
    for (int k = 0; k < 2; k++) exact->node[k] = add_node(c, &tree->node[k], l, 0, t, n, &exact->kind[k]);
    t->pairs[n->pairs++] = (ck_pair){{exact->node[0], exact->node[1]}, {exact->kind[0], exact->kind[1]},
                                     {fixed(tree->leaf[0] - tree->leaf[1]), fixed(tree->leaf[1] - tree->leaf[2])}};
    stage->pair_count++;
  }
  // Stumps after them, by kind.
  for (int32_t kind = 0; kind < pass_count; kind++) {
    stage->first[kind] = c->engine == CK_ENGINE_NARROW ? n->narrow : c->engine == CK_ENGINE_WIDE ? n->wide : n->patterns;
    for (int32_t i = 0; i < c->tree_count[s]; i++) {
      const tree *tree = &c->tree[s][i];
      const feature *f = &tree->node[0].feature;
      int32_t own = c->engine == CK_ENGINE_NARROW ? f->kind : c->engine == CK_ENGINE_WIDE ? f->weight[2] != 0 : 0;
      if (tree->node_count != 1 || own != kind) continue;
      ck_exact_tree *exact = &t->trees[n->trees + i];
      exact->node[0] = add_node(c, &tree->node[0], l, fixed(tree->leaf[0] - tree->leaf[1]), t, n, &exact->kind[0]);
      stage->count[kind]++;
    }
  }
  n->trees += c->tree_count[s];
  int32_t limit = fixed(c->threshold[s] - constant);
  stage->low = limit - 4;
  stage->high = limit + 4;
}

void make_tables(const cascade *c, layout l, tables *t) {
  counts n = {0};
  memset(t, 0, sizeof *t);
  for (int32_t s = 0; s < c->stage_count; s++) add_stage(c, s, l, t, &n);
  t->program = (ck_program){.engine = c->engine, .stage_count = c->stage_count, .stages = t->stages, .narrow = t->narrow,
                            .boxes = t->boxes, .wide = t->wide, .patterns = t->patterns, .pairs = t->pairs,
                            .large = t->large, .children = t->children, .fixed_leaves = t->fixed_leaves,
                            .leaves = t->leaves, .trees = t->trees, .area = (WINDOW - 2) * (WINDOW - 2)};
  ck_program *p = &t->program;
  const int32_t end = WINDOW - 1, middle = 1 + (WINDOW - 2) / 2;
  if (c->engine == CK_ENGINE_NARROW) {
    const int32_t rows[3] = {1, middle, end};
    for (int i = 0; i < 6; i++) p->inner[i] = offset(l, i % 2 ? end : 1, rows[i / 2]);
  } else {
    corners(l, 1, 1, end, end, p->inner);
  }
  int32_t scale = c->engine == CK_ENGINE_NARROW ? 2 : 1;
  layout squares = {l.row * scale, l.column * scale, l.odd * scale, 0};
  p->inner_squares[0] = offset(squares, 1, 0);
  p->inner_squares[1] = offset(squares, end, 0);
  double low = 0, high = 1e9;
  while (high - low > 1) {
    double half = floor((low + high) / 2);
    if (p->area * (float)(1 / sqrt(half)) < 0.1)
      high = half;
    else
      low = half;
  }
  p->least_variance = high;
  p->doubtful_variance = (float)(high - p->area * p->area * 65025 / (1 << 21)) - 1;
}

// Random cascades for comparing versions of the kernels, as tables of the plain one and of the others.
#ifndef CASCADE_H
#define CASCADE_H

#include "CCascade.h"

enum { WINDOW = 20, STAGES = 6, TREES = 12, TREE_NODES = 5, NODES = STAGES * TREES * TREE_NODES };

// A feature by its rows and columns; what it is depends on `kind`, that of ck_narrow_node, or 3 and more: rectangles.
typedef struct {
  int32_t kind;
  // Of the sums rotated by 45 degrees.
  int32_t is_tilted;
  int32_t x[4];
  int32_t y[4];
  int32_t weight[3];
} feature;

typedef struct {
  feature feature;
  float threshold;
  uint32_t subset[8];
  // Its left child is a leaf and its right one the next node, instead of the other way.
  int32_t is_turned;
} node;

// Each node leads to the next one or to a leaf: node n of N to leaf N - n, the last one to leaves 0 and 1. Trees of more
// than two nodes are for the wide engine.
typedef struct {
  int32_t node_count;
  node node[TREE_NODES];
  float leaf[TREE_NODES + 1];
} tree;

typedef struct {
  ck_engine engine;
  int32_t stage_count;
  int32_t has_tilted;
  int32_t tree_count[STAGES];
  float threshold[STAGES];
  tree tree[STAGES][TREES];
} cascade;

// Bytes from one row or column of cells to the next; from even to odd columns, if these lie apart.
typedef struct {
  int32_t row;
  int32_t column;
  int32_t odd;
  // From a cell to that of the rotated sums.
  int32_t tilted;
} layout;

typedef struct {
  ck_program program;
  ck_stage stages[STAGES];
  ck_narrow_node narrow[NODES];
  ck_box boxes[NODES * 3];
  ck_wide_node wide[NODES];
  ck_pattern_node patterns[NODES];
  ck_pair pairs[NODES];
  ck_exact_tree trees[NODES];
  ck_large_tree large[NODES];
  int32_t children[2 * NODES];
  float leaves[2 * NODES];
  int32_t fixed_leaves[2 * NODES];
} tables;

typedef struct {
  ck_plain_program program;
  ck_plain_stage stages[STAGES];
  ck_plain_tree trees[NODES];
  ck_plain_node nodes[NODES];
  float leaves[2 * NODES];
  ck_plain_feature features[NODES];
  int32_t corners[NODES * 16];
  uint32_t subsets[NODES * 8];
} plain_tables;

void make_cascade(cascade *c, ck_engine engine);
void make_plain(const cascade *c, layout l, plain_tables *t);
void make_tables(const cascade *c, layout l, tables *t);

#endif

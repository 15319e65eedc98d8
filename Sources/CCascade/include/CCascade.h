// The hot loops of the face detector: resampling, integral images, and running a cascade over windows.
//
// Every function has a plain version in C and faster ones for each level of vector instructions; all give the same
// bits. The work is described by tables that Swift builds once per size of picture; nothing here allocates.
#ifndef CCASCADE_H
#define CCASCADE_H

#include <stddef.h>
#include <stdint.h>

#include "CProcessor.h"

// Windows evaluated together, in every version.
enum { CK_LANES = 16 };
// The most nodes of a tree in the faster versions.
enum { CK_TREE_NODES = 16 };
// The most windows that may wait for a stage.
enum { CK_QUEUE = 32 };

// How windows are evaluated.
typedef enum {
  // Any cascade, a window at a time, exactly as OpenCV computes; sums in 32 bits, columns in natural order.
  CK_ENGINE_PLAIN = 0,
  // Upright features with whole weights; sums in 16 bits.
  CK_ENGINE_NARROW = 1,
  // Any Haar features; sums in 32 bits.
  CK_ENGINE_WIDE = 2,
  // Local binary patterns of small blocks; sums in 16 bits.
  CK_ENGINE_PATTERN = 3,
} ck_engine;

// How a picture is resampled to a pyramid level, as OpenCV's INTER_LINEAR_EXACT does: weights of 1/256, rounded once.
// Sizes are in pixels.
typedef struct {
  int32_t picture_width;
  int32_t width;
  int32_t height;
  // Nonzero: the level is the picture.
  int32_t is_copy;
  // For each row of the level: two rows of the picture, and the weight of the second.
  const int32_t *row_first;
  const int32_t *row_second;
  const uint16_t *row_weight;
  // For each column, padded to a multiple of 16: the first column of the picture, and the weights of it (low half) and
  // of the next one (high half).
  const int32_t *column_first;
  const uint32_t *column_weights;
  // For each group of four columns: the positions of their pairs in 16 pixels, each before a position that stands for 0.
  // The 16 begin with column_first of the group's first column, or are the row's last. Null if they do not fit, as beyond
  // a factor of 4.6.
  const uint8_t *column_shuffle;
} ck_resampler;

// The memory of a strip's integral images. A row has `stride` cells; with step 2 those of even columns come first and
// those of odd ones half a stride later, so that the windows of a row are neighbors.
typedef struct {
  int32_t stride;
  int32_t step;
  // The number of rows of pixels that fit.
  int32_t rows;
  // Bytes of a cell of `sum`, 2 or 4.
  int32_t cell_bytes;
  uint8_t *sum;
  // Bytes from `sum` to the integral image rotated by 45 degrees, whose cells have 4 bytes; 0 if there is none.
  ptrdiff_t tilted;
  // The integral image of squares, for the plain engine; else null.
  uint32_t *squares;
} ck_strip;

// Sums of squares, over some rows, of the columns before each one, modulo 2^32: in natural order with step 1; with step 2
// those of even columns first and those of odd ones from `odd` on.
typedef struct {
  uint32_t *sums;
  int32_t step;
  int32_t odd;
} ck_squares;

// A node of the narrow engine: two or three by two to four corners, whose coefficients are a product; kinds 0, 1, 2:
// (1,-1) x (1,-2,1); (1,-1) x (1,-3,3,-1); (1,-2,1) x (1,-2,1). Or boxes of whole weights, kind 3.
// Offsets are in bytes from the window's first cell.
typedef struct {
  // Kind 3: offset[0] is the first box, offset[1] their number.
  int32_t offset[4];
  int32_t step1;
  int32_t step2;
  // value * normalization < threshold is "left".
  float threshold;
  // Left leaf less right leaf, in the stage's fixed point.
  int32_t delta;
} ck_narrow_node;

// A rectangle of at most 257 pixels, whose sum fits 16 bits.
typedef struct {
  int32_t corner[4];
  int32_t weight;
} ck_box;

// A node of the wide engine: a feature of two or three rectangles, each with its four corners in bytes.
typedef struct {
  int32_t corner[12];
  // weight[2] is 0 for a feature of two rectangles.
  float weight[3];
  float threshold;
  int32_t delta;
} ck_wide_node;

// A node of the pattern engine: the four by four corners of three by three blocks, rows first.
typedef struct {
  int32_t corner[16];
  // Bit c: code c is "left".
  uint8_t subset[32];
  int32_t delta;
} ck_pattern_node;

// A tree of two nodes: if the first says "left", the second chooses between leaves a and b; otherwise the leaf is c.
typedef struct {
  int32_t node[2];
  int32_t kind[2];
  // a - b and b - c in fixed point.
  int32_t delta[2];
} ck_pair;

// A tree of more than two nodes (wide engine), by its ranges in ck_program.
typedef struct {
  int32_t first_node;
  int32_t node_count;
  int32_t first_leaf;
} ck_large_tree;

// A tree as it is evaluated for one window, for stage sums too close to the threshold for fixed point.
typedef struct {
  // A large tree's number if node_count is more than 2.
  int32_t node[2];
  int32_t kind[2];
  int32_t node_count;
  // As in ck_pair; of one node: a is left, b right.
  float leaf[3];
} ck_exact_tree;

// One stage: its trees by their shape, and its threshold.
typedef struct {
  // Stumps by kind. Narrow: the four kinds; wide: features of two and of three rectangles; pattern: one kind.
  int32_t first[4];
  int32_t count[4];
  int32_t first_pair;
  int32_t pair_count;
  int32_t first_large;
  int32_t large_count;
  // Fixed point: a sum above `high` passes, one not above `low` fails, one between is evaluated exactly.
  int32_t low;
  int32_t high;
  int32_t first_tree;
  int32_t tree_count;
  double threshold;
  // The fewest windows of CK_LANES neighbors for which evaluating them in place beats queueing them.
  int32_t dense;
} ck_stage;

// A cascade for one layout of cells, as the vector engines read it.
typedef struct {
  int32_t engine;
  int32_t stage_count;
  const ck_stage *stages;
  const ck_narrow_node *narrow;
  const ck_box *boxes;
  const ck_wide_node *wide;
  const ck_pattern_node *patterns;
  const ck_pair *pairs;
  const ck_large_tree *large;
  // Two per wide node: a node of the tree if positive, otherwise the negated leaf.
  const int32_t *children;
  const int32_t *fixed_leaves;
  const float *leaves;
  const ck_exact_tree *trees;
  // Corners of the window without its outermost pixels: narrow, three rows of two; wide, two rows of two.
  int32_t inner[6];
  // The same in a row of squares, in bytes: left and right.
  int32_t inner_squares[2];
  // The number of pixels of the window without its outermost ones.
  double area;
  // Windows whose area * squares - sum * sum is less have too little contrast and fail.
  double least_variance;
  // Windows that have less by arithmetic in floats have less than `least_variance` for certain.
  float doubtful_variance;
} ck_program;

// A window that waits for its next stage.
typedef struct {
  int32_t cell;
  int32_t row;
  int32_t column;
  float normalization;
} ck_candidate;

// A window that passed all stages, by its position in the strip.
typedef struct {
  int32_t row;
  int32_t column;
} ck_hit;

// The working memory of one thread.
typedef struct {
  // Rows of pixels, `pixel_stride` each, which is the width of the widest level and 128 more: a window's and two more.
  uint8_t *pixels;
  ptrdiff_t pixel_stride;
  // As wide, zeros.
  const uint8_t *no_pixels;
  // Squares of the rows of a window but for its outermost ones; a strip's stride and 64 more.
  uint32_t *squares;
  // Three rows of 32 bits for tilted sums in natural order, or null.
  int32_t *tilted_rows[3];
  // As many as a row has windows, and 64 more.
  float *normalization;
  uint64_t *alive;
  // The transposed cells of CK_LANES windows, aligned to 64 bytes.
  uint8_t *patch;
  // CK_QUEUE windows for each stage, and how many of them wait.
  ck_candidate *queue;
  int32_t *queue_count;
  // Filled by a scan; `hit_count` continues to count beyond the capacity.
  ck_hit *hits;
  int64_t hit_capacity;
  int64_t hit_count;
} ck_workspace;

// One scan: `rows` rows of `columns` windows of a level, from its row `top` on (in pixels).
typedef struct {
  const ck_resampler *resampler;
  const uint8_t *picture;
  ptrdiff_t picture_stride;
  const ck_program *program;
  // For the transposed cells.
  const ck_program *patch_program;
  int32_t window_width;
  int32_t window_height;
  int32_t top;
  int32_t rows;
  int32_t columns;
} ck_item;

// A stage of the plain engine's cascade, by its range of trees.
typedef struct {
  int32_t first_tree;
  int32_t tree_count;
  double threshold;
} ck_plain_stage;

// A tree of the plain engine's cascade.
typedef struct {
  int32_t first_node;
  int32_t first_leaf;
} ck_plain_tree;

// A node of the plain engine's cascade; its children are nodes of the tree if positive, otherwise negated leaves.
typedef struct {
  int32_t left;
  int32_t right;
  int32_t feature;
  float threshold;
} ck_plain_node;

// A Haar feature of up to three rectangles, each with its four corners in bytes.
typedef struct {
  int32_t corner[12];
  float weight[3];
} ck_plain_feature;

// A cascade for one layout of cells, as the plain engine reads it: in the order of the file.
typedef struct {
  int32_t stage_count;
  int32_t is_pattern;
  const ck_plain_stage *stages;
  const ck_plain_tree *trees;
  const ck_plain_node *nodes;
  const float *leaves;
  // Haar; corners in bytes.
  const ck_plain_feature *features;
  // Patterns: 16 corners per feature, 8 words per node.
  const int32_t *pattern_corners;
  const uint32_t *subsets;
  int32_t inner[4];
  double area;
} ck_plain_program;

// Writes row `y` of the level to `target`, and zeros after it up to a multiple of 32 and 32 more.
void ck_resample_row(cp_level level, const ck_resampler *resampler, const uint8_t *picture, ptrdiff_t stride, int32_t y,
                     uint8_t *target);

// Computes row `row` + 1 of the strip's integral images from the row above it and `width` pixels.
void ck_integral_row(cp_level level, const ck_strip *strip, int32_t row, const uint8_t *pixels, int32_t width);

// Adds the squares of the rows `entering` and takes away those of `leaving`, `step` of each, of `width` pixels and zeros
// after them up to a multiple of 16.
void ck_move_squares(cp_level level, const ck_squares *squares, const uint8_t *const *entering,
                     const uint8_t *const *leaving, int32_t width);

// Appends the windows of the item that pass all stages to the workspace's hits, in any order.
void ck_scan(cp_level level, const ck_item *item, const ck_strip *strip, ck_workspace *workspace);

// Sorts hits by row and column.
void ck_sort_hits(ck_hit *hits, int64_t count);

// The same with the plain engine; the strip's cells have 4 bytes and step 1 whatever the level's `step`.
void ck_scan_plain(const ck_item *item, const ck_plain_program *program, int32_t step, const ck_strip *strip,
                   ck_workspace *workspace);

#endif

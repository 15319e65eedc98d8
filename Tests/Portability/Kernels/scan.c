// Compares the detector's kernels with the plain ones, on random cascades and pictures.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "CCascade.h"
#include "cascade.h"
#include "levels.h"

enum { STRIDE = 448, ROWS = 72, CELLS = STRIDE * (ROWS + 2) + 256, HITS = 1 << 16 };

// Shrinks a picture of random bytes; columns are as far apart as the shuffled and the gathered way need.
typedef struct {
  ck_resampler tables;
  uint8_t *picture;
  int32_t stride;
} source;

static source make_source(int32_t width, int32_t height) {
  source s = {.tables = {.width = width, .height = height}};
  int32_t factor = below(3) == 0 ? 256 : 256 + (int32_t)below(400);
  s.tables.is_copy = factor == 256;
  s.tables.picture_width = s.stride = width * factor / 256;
  int32_t picture_height = height * factor / 256 + 1;
  s.picture = zeros((size_t)(s.stride * (picture_height + 1)));
  int32_t smooth = below(2);
  for (int32_t i = 0; i < s.stride * picture_height; i++)
    s.picture[i] = (uint8_t)(smooth ? (i % s.stride * 5 + i / s.stride * 3 + (int32_t)below(40)) : (int32_t)below(256));
  int32_t *first = zeros(4 * (size_t)height), *second = zeros(4 * (size_t)height);
  uint16_t *weight = zeros(2 * (size_t)height);
  for (int32_t y = 0; y < height; y++) {
    first[y] = y * factor / 256;
    weight[y] = (uint16_t)below(257);
    second[y] = first[y] + 1;
  }
  int32_t padded = (width + 15) / 16 * 16, fits = 1;
  int32_t *column = zeros(4 * (size_t)padded);
  uint32_t *weights = zeros(4 * (size_t)padded);
  uint8_t *shuffle = zeros(4 * (size_t)padded);
  for (int32_t x = 0; x < padded; x++) {
    int32_t at = x < width ? x : width - 1;
    column[x] = at * factor / 256;
    uint32_t part = column[x] + 1 < s.tables.picture_width ? below(257) : 0;
    weights[x] = (256 - part) | part << 16;
    const int32_t last = s.tables.picture_width - 16, start = column[x & ~3] < last ? column[x & ~3] : last;
    const int32_t next = (column[x] + 1 < s.tables.picture_width ? column[x] + 1 : column[x]) - start;
    if (last < 0 || next > 15) fits = 0;
    const uint8_t places[4] = {(uint8_t)(column[x] - start), 0x80, (uint8_t)next, 0x80};
    memcpy(shuffle + 4 * x, places, sizeof places);
  }
  s.tables.row_first = first;
  s.tables.row_second = second;
  s.tables.row_weight = weight;
  s.tables.column_first = column;
  s.tables.column_weights = weights;
  s.tables.column_shuffle = fits ? shuffle : NULL;
  return s;
}

static void free_source(source *s) {
  free(s->picture);
  free((void *)s->tables.row_first);
  free((void *)s->tables.row_second);
  free((void *)s->tables.row_weight);
  free((void *)s->tables.column_first);
  free((void *)s->tables.column_weights);
}

static void rows_are_equal(cp_level level) {
  static uint8_t pixels[2][1024];
  int32_t width = 1 + (int32_t)below(300);
  source s = make_source(width, 4);
  ck_strip strips[2];
  int32_t step = 1 + (int32_t)below(2), bytes = below(2) ? 2 : 4;
  for (int i = 0; i < 2; i++)
    strips[i] = (ck_strip){.stride = STRIDE, .step = step, .rows = 4, .cell_bytes = bytes, .sum = zeros(CELLS * 4),
                           .squares = zeros(CELLS * 4)};
  for (int32_t y = 0; y < 4; y++) {
    for (int i = 0; i < 2; i++)
      ck_resample_row(i ? level : CP_PLAIN, &s.tables, s.picture, s.stride, y, pixels[i]);
    require(memcmp(pixels[0], pixels[1], (size_t)width) == 0, "a resampled row", level);
    digest(pixels[1], (size_t)width);
    for (int i = 0; i < 2; i++) ck_integral_row(i ? level : CP_PLAIN, &strips[i], y, pixels[0], width);
  }
  for (int32_t y = 0; y <= 4; y++)
    for (int32_t x = 0; x <= width; x++) {
      int32_t cell = y * STRIDE + (step == 2 ? x % 2 * (STRIDE / 2) + x / 2 : x);
      require(memcmp(strips[0].sum + cell * bytes, strips[1].sum + cell * bytes, (size_t)bytes) == 0, "a sum", level);
      require(strips[0].squares[cell] == strips[1].squares[cell], "a sum of squares", level);
      digest(strips[1].sum + cell * bytes, (size_t)bytes);
      digest(strips[1].squares + cell, sizeof *strips[1].squares);
    }
  for (int i = 0; i < 2; i++) {
    free(strips[i].sum);
    free(strips[i].squares);
  }
  free_source(&s);
}

static void squares_are_equal(cp_level level) {
  static uint8_t pixels[4][1024];
  int32_t width = 1 + (int32_t)below(300), step = 1 + (int32_t)below(2);
  memset(pixels, 0, sizeof pixels);
  for (int row = 0; row < 4; row++)
    for (int32_t x = 0; x < width; x++) pixels[row][x] = (uint8_t)below(256);
  const uint8_t *const entering[] = {pixels[0], pixels[1]}, *const leaving[] = {pixels[2], pixels[3]};
  uint32_t *sums[2] = {zeros(4 * (STRIDE + 64)), zeros(4 * (STRIDE + 64))};
  for (int32_t x = 0; x < STRIDE; x++) sums[0][x] = sums[1][x] = below(1 << 20);
  for (int i = 0; i < 2; i++) {
    const ck_squares squares = {.sums = sums[i], .step = step, .odd = STRIDE / 2};
    ck_move_squares(i ? level : CP_PLAIN, &squares, entering, leaving, width);
  }
  for (int32_t x = 0; x <= width; x++) {
    int32_t cell = step == 2 ? x % 2 * (STRIDE / 2) + x / 2 : x;
    require(sums[0][cell] == sums[1][cell], "a moved sum of squares", level);
    digest(&sums[1][cell], sizeof *sums[1]);
  }
  for (int i = 0; i < 2; i++) free(sums[i]);
}

static int64_t scan(cp_level level, const cascade *c, int32_t step, const source *s, int32_t columns, int32_t rows,
                    ck_hit *hits) {
  int32_t bytes = level == CP_PLAIN || c->engine == CK_ENGINE_WIDE ? 4 : 2;
  const int32_t tilted = c->has_tilted ? CELLS * 4 : 0;
  ck_strip strip = {.stride = STRIDE, .step = level == CP_PLAIN ? 1 : step, .rows = ROWS, .cell_bytes = bytes,
                    .sum = zeros(2 * CELLS * 4), .tilted = tilted, .squares = level == CP_PLAIN && c->engine != CK_ENGINE_PATTERN ? zeros(CELLS * 4) : NULL};
  ck_workspace w = {.pixels = zeros(1024 * (WINDOW + 2)), .pixel_stride = 1024, .no_pixels = zeros(1024),
                    .squares = zeros(4 * (STRIDE + 64)), .normalization = zeros(4096),
                    .tilted_rows = {zeros(4096), zeros(4096), zeros(4096)},
                    .alive = zeros(512), .patch = zeros((WINDOW + 1) * (2 * WINDOW + 3) * 4 * CK_LANES),
                    .queue = zeros(STAGES * CK_QUEUE * sizeof(ck_candidate)), .queue_count = zeros(STAGES * 4),
                    .hits = hits, .hit_capacity = HITS};
  tables fast = {0}, patch = {0};
  ck_item item = {.resampler = &s->tables, .picture = s->picture, .picture_stride = s->stride, .window_width = WINDOW,
                  .window_height = WINDOW, .rows = rows, .columns = columns};
  if (level == CP_PLAIN) {
    plain_tables plain;
    make_plain(c, (layout){.row = STRIDE * 4, .column = 4, .tilted = tilted}, &plain);
    ck_scan_plain(&item, &plain.program, step, &strip, &w);
  } else {
    make_tables(c, (layout){.row = STRIDE * bytes, .column = bytes, .odd = step == 2 ? STRIDE / 2 * bytes : 0,
                            .tilted = tilted}, &fast);
    const int32_t across = (WINDOW + 1) * bytes * CK_LANES;
    make_tables(c, (layout){.row = across, .column = bytes * CK_LANES, .tilted = (WINDOW + 1) * across}, &patch);
    item.program = &fast.program;
    item.patch_program = &patch.program;
    ck_scan(level, &item, &strip, &w);
  }
  ck_sort_hits(hits, w.hit_count);
  void *all[] = {strip.sum, strip.squares, w.pixels, (void *)w.no_pixels, w.squares, w.normalization, w.alive, w.patch, w.queue,
                 w.queue_count, w.tilted_rows[0], w.tilted_rows[1], w.tilted_rows[2]};
  for (size_t i = 0; i < sizeof all / sizeof *all; i++) free(all[i]);
  return w.hit_count;
}

int64_t scans_are_equal(cp_level level) {
  static ck_hit hits[2][HITS];
  int64_t found = 0, windows = 0, tilted = 0, wide = 0;
  for (int round = 0; round < 300; round++) {
    rows_are_equal(level);
    squares_are_equal(level);
  }
  for (int round = 0; round < 600; round++) {
    cascade c;
    make_cascade(&c, (ck_engine)(CK_ENGINE_NARROW + below(3)));
    int32_t step = 1 + (int32_t)below(2), width = 22 + (int32_t)below(300), height = 24 + (int32_t)below(40);
    source s = make_source(width, height);
    int32_t columns = (width - WINDOW) / step + 1, rows = (height - WINDOW) / step + 1;
    int64_t expected = scan(CP_PLAIN, &c, step, &s, columns, rows, hits[0]);
    int64_t count = scan(level, &c, step, &s, columns, rows, hits[1]);
    require(count == expected, "the number of windows", level);
    require(memcmp(hits[0], hits[1], (size_t)count * sizeof(ck_hit)) == 0, "a window", level);
    digest(hits[1], (size_t)count * sizeof(ck_hit));
    if (count > 0) (c.has_tilted ? tilted++ : 0), (c.engine == CK_ENGINE_WIDE ? wide++ : 0);
    found += count;
    windows += (int64_t)columns * rows;
    free_source(&s);
  }
  printf("%s: scans equal plain; %lld of %lld windows pass, %lld cascades of larger trees and %lld rotated ones\n",
         cp_level_name(level), (long long)found, (long long)windows, (long long)wide, (long long)tilted);
  return tilted && wide ? found : 0;
}

// How a strip is scanned: rows of windows in place as long as enough of neighbors are alive, the rest in queues whose
// windows are transposed, so that lanes hold windows from anywhere. Included in a version's source.

CK_INLINE uint32_t ck_run_stage(const int engine, const ck_program *p, int32_t stage, const uint8_t *w,
                                const float *scales, uint32_t lanes) {
  const ck_stage *s = p->stages + stage;
  if (engine == CK_ENGINE_NARROW) return ck_stage_narrow(p, s, w, scales, lanes);
  if (engine == CK_ENGINE_WIDE) return ck_stage_wide(p, s, w, scales, lanes);
  return ck_stage_pattern(p, s, w, scales, lanes);
}

// Eight cells of 16 windows, 16 bits each, to 8 rows of 16; only the cells 0, `spread`, ... of the target are written.
static inline void ck_transpose16(const uint8_t *const *windows, ptrdiff_t offset, uint8_t *target, ptrdiff_t spread) {
  __m256i r[8], t[8], u[8];
  for (int i = 0; i < 8; i++)
    r[i] = _mm256_set_m128i(_mm_loadu_si128((const __m128i *)(windows[i + 8] + offset)),
                            _mm_loadu_si128((const __m128i *)(windows[i] + offset)));
  for (int i = 0; i < 4; i++) {
    t[2 * i] = _mm256_unpacklo_epi16(r[2 * i], r[2 * i + 1]);
    t[2 * i + 1] = _mm256_unpackhi_epi16(r[2 * i], r[2 * i + 1]);
  }
  for (int i = 0; i < 2; i++) {
    u[4 * i] = _mm256_unpacklo_epi32(t[4 * i], t[4 * i + 2]);
    u[4 * i + 1] = _mm256_unpackhi_epi32(t[4 * i], t[4 * i + 2]);
    u[4 * i + 2] = _mm256_unpacklo_epi32(t[4 * i + 1], t[4 * i + 3]);
    u[4 * i + 3] = _mm256_unpackhi_epi32(t[4 * i + 1], t[4 * i + 3]);
  }
  for (int i = 0; i < 4; i++) {
    _mm256_store_si256((__m256i *)(target + (2 * i) * spread), _mm256_unpacklo_epi64(u[i], u[i + 4]));
    _mm256_store_si256((__m256i *)(target + (2 * i + 1) * spread), _mm256_unpackhi_epi64(u[i], u[i + 4]));
  }
}

// Eight cells of 8 windows, 32 bits each.
static inline void ck_transpose32(const uint8_t *const *windows, ptrdiff_t offset, uint8_t *target, ptrdiff_t spread) {
  __m256i r[8], t[8], u[8];
  for (int i = 0; i < 8; i++) r[i] = ck_load(windows[i] + offset);
  for (int i = 0; i < 4; i++) {
    t[2 * i] = _mm256_unpacklo_epi32(r[2 * i], r[2 * i + 1]);
    t[2 * i + 1] = _mm256_unpackhi_epi32(r[2 * i], r[2 * i + 1]);
  }
  for (int i = 0; i < 2; i++) {
    u[4 * i] = _mm256_unpacklo_epi64(t[4 * i], t[4 * i + 2]);
    u[4 * i + 1] = _mm256_unpackhi_epi64(t[4 * i], t[4 * i + 2]);
    u[4 * i + 2] = _mm256_unpacklo_epi64(t[4 * i + 1], t[4 * i + 3]);
    u[4 * i + 3] = _mm256_unpackhi_epi64(t[4 * i + 1], t[4 * i + 3]);
  }
  for (int i = 0; i < 4; i++) {
    _mm256_store_si256((__m256i *)(target + i * spread), _mm256_permute2x128_si256(u[i], u[i + 4], 0x20));
    _mm256_store_si256((__m256i *)(target + (i + 4) * spread), _mm256_permute2x128_si256(u[i], u[i + 4], 0x31));
  }
}

// Copies the cells of 16 windows, so that the 16 values of a cell lie together. Cells are in natural order whatever the
// strip's step; what is written beyond a row's end, the next row writes again.
CK_INLINE void ck_transpose(const int engine, const ck_item *item, const ck_strip *strip, const uint8_t *const *windows,
                            uint8_t *patch) {
  const ptrdiff_t bytes = engine == CK_ENGINE_WIDE ? 4 : 2, cell = bytes * CK_LANES;
  const int32_t across = item->window_width + 1, down = item->window_height + 1;
  const int32_t step = strip->step, planes = strip->tilted ? 2 : 1;
  for (int32_t plane = 0; plane < planes; plane++) {
    uint8_t *target = patch + (ptrdiff_t)plane * across * down * cell;
    ptrdiff_t offset = plane * strip->tilted;
    for (int32_t y = 0; y < down; y++) {
      for (int32_t parity = 0; parity < step; parity++) {
        ptrdiff_t source = offset + parity * (strip->stride / 2) * bytes;
        int32_t count = (across - parity + step - 1) / step;
        for (int32_t i = 0; i < count; i += 8) {
          uint8_t *to = target + (i * step + parity) * cell;
          if (engine == CK_ENGINE_WIDE) {
            ck_transpose32(windows, source + i * bytes, to, step * cell);
            ck_transpose32(windows + 8, source + i * bytes, to + 32, step * cell);
          } else {
            ck_transpose16(windows, source + i * bytes, to, step * cell);
          }
        }
      }
      target += across * cell;
      offset += strip->stride * bytes;
    }
  }
}

CK_INLINE void ck_push(ck_workspace *workspace, int32_t stage, ck_candidate candidate) {
  workspace->queue[stage * CK_QUEUE + workspace->queue_count[stage]++] = candidate;
}

// Runs the queue's last 16 windows from `stage` on; those that are left when few are alive go to a later queue.
// Returns that stage, or the number of stages.
CK_INLINE int32_t ck_run_queue(const int engine, const ck_item *item, const ck_strip *strip, ck_workspace *workspace,
                               int32_t stage) {
  const ck_program *p = item->patch_program;
  const ptrdiff_t bytes = engine == CK_ENGINE_WIDE ? 4 : 2;
  int32_t waiting = workspace->queue_count[stage];
  int32_t count = waiting < CK_LANES ? waiting : CK_LANES;
  const ck_candidate *queue = workspace->queue + stage * CK_QUEUE + (waiting - count);
  workspace->queue_count[stage] = waiting - count;
  ck_candidate candidates[CK_LANES];
  const uint8_t *windows[CK_LANES];
  float scales[CK_LANES];
  for (int32_t i = 0; i < CK_LANES; i++) {
    candidates[i] = queue[i < count ? i : 0];
    windows[i] = strip->sum + candidates[i].cell * bytes;
    scales[i] = candidates[i].normalization;
  }
  ck_transpose(engine, item, strip, windows, workspace->patch);
  uint32_t alive = (1u << count) - 1;
  while (stage < p->stage_count) {
    alive = ck_run_stage(engine, p, stage, workspace->patch, scales, alive);
    stage++;
    if (!alive) return p->stage_count;
    if (stage < p->stage_count && __builtin_popcount(alive) <= 4) break;
  }
  for (; alive; alive &= alive - 1) {
    const ck_candidate *candidate = candidates + __builtin_ctz(alive);
    if (stage == p->stage_count)
      ck_add_hit(workspace, candidate->row, candidate->column);
    else
      ck_push(workspace, stage, *candidate);
  }
  return stage;
}

// Runs the queue of `stage` if it holds 16 windows, and those that this fills. At most four more windows come to a
// later queue each time, so none overflows.
CK_INLINE void ck_run_full_queues(const int engine, const ck_item *item, const ck_strip *strip, ck_workspace *workspace,
                                  int32_t stage) {
  while (stage < item->program->stage_count && workspace->queue_count[stage] >= CK_LANES)
    stage = ck_run_queue(engine, item, strip, workspace, stage);
}

CK_INLINE void ck_enqueue(const int engine, const ck_item *item, const ck_strip *strip, ck_workspace *workspace,
                          int32_t stage, ck_candidate candidate) {
  ck_push(workspace, stage, candidate);
  ck_run_full_queues(engine, item, strip, workspace, stage);
}

// Of windows that fail at once, every second one of a row of neighbors makes OpenCV skip the next: the same carry
// trick that finds escaped characters in text.
static inline uint64_t ck_skipped(uint64_t failed, uint64_t *carry) {
  const uint64_t even = 0x5555555555555555;
  failed &= ~*carry;
  uint64_t follows = failed << 1 | *carry;
  uint64_t odd_starts = failed & ~even & ~follows;
  unsigned long long sum;
  *carry = __builtin_uaddll_overflow(odd_starts, failed, &sum);
  return (even ^ (sum << 1)) & follows;
}

// The first stage on a row; bits of the windows that are alive after it to the workspace.
CK_INLINE int ck_first_stage(const int engine, const ck_item *item, const ck_strip *strip, ck_workspace *workspace,
                             ptrdiff_t cell) {
  const ck_program *p = item->program;
  const ptrdiff_t bytes = engine == CK_ENGINE_WIDE ? 4 : 2;
  uint64_t carry = 0, any = 0;
  for (int32_t first = 0; first < item->columns; first += 64) {
    uint64_t enough = 0, passed = 0;
    for (int32_t i = 0; i < 64 && first + i < item->columns; i += CK_LANES) {
      int32_t column = first + i, rest = item->columns - column;
      uint32_t lanes = rest < CK_LANES ? (1u << rest) - 1 : 0xFFFF;
      const uint8_t *w = strip->sum + (cell + column) * bytes;
      float *scales = workspace->normalization + column;
      if (engine != CK_ENGINE_PATTERN)
        lanes &= ck_normalize(p, w, (const uint8_t *)(workspace->squares + column), scales);
      if (!lanes) continue;
      enough |= (uint64_t)lanes << i;
      passed |= (uint64_t)ck_run_stage(engine, p, 0, w, scales, lanes) << i;
    }
    passed &= ~ck_skipped(enough & ~passed, &carry);
    workspace->alive[first / 64] = passed;
    any |= passed;
  }
  return any != 0;
}

CK_INLINE void ck_scan_row(const int engine, const ck_item *item, const ck_strip *strip, ck_workspace *workspace,
                           int32_t row) {
  const ck_program *p = item->program;
  const ptrdiff_t bytes = engine == CK_ENGINE_WIDE ? 4 : 2;
  ptrdiff_t cell = (ptrdiff_t)row * strip->step * strip->stride;
  if (!ck_first_stage(engine, item, strip, workspace, cell)) return;
  int32_t words = (item->columns + 63) / 64;
  workspace->alive[words] = 0;
  for (int32_t word = 0; word < words; word++) {
    while (workspace->alive[word]) {
      int32_t bit = __builtin_ctzll(workspace->alive[word]), column = 64 * word + bit;
      uint64_t lanes = workspace->alive[word] >> bit;
      if (bit > 48) lanes |= workspace->alive[word + 1] << (64 - bit);
      lanes &= 0xFFFF;
      workspace->alive[word] &= ~((uint64_t)0xFFFF << bit);
      if (bit > 48) workspace->alive[word + 1] &= ~((uint64_t)0xFFFF >> (64 - bit));
      int32_t stage = 1;
      const float *scales = workspace->normalization + column;
      while (lanes && stage < p->stage_count && __builtin_popcountll(lanes) >= p->stages[stage].dense) {
        lanes = ck_run_stage(engine, p, stage, strip->sum + (cell + column) * bytes, scales, (uint32_t)lanes);
        stage++;
      }
      for (; lanes; lanes &= lanes - 1) {
        int32_t lane = __builtin_ctzll(lanes);
        if (stage == p->stage_count)
          ck_add_hit(workspace, row, column + lane);
        else
          ck_enqueue(engine, item, strip, workspace, stage,
                     (ck_candidate){(int32_t)(cell + column + lane), row, column + lane, scales[lane]});
      }
    }
  }
}

// Moves the squares to the rows of windows `row`, from those of the row before.
static void ck_enter_row(const ck_item *item, const ck_strip *strip, ck_workspace *workspace, int32_t row) {
  const int32_t step = strip->step, rows = item->window_height - 2, width = item->resampler->width;
  const ck_squares squares = {.sums = workspace->squares, .step = step, .odd = strip->stride / 2};
  if (row == 0) memset(squares.sums, 0, (size_t)strip->stride * sizeof *squares.sums);
  // At first all rows enter, and none leaves.
  const int32_t end = row * step + 1 + rows;
  for (int32_t first = row == 0 ? 1 : end - step; first < end; first += step) {
    const uint8_t *entering[2], *leaving[2];
    for (int32_t i = 0; i < step; i++) {
      entering[i] = first + i < end ? ck_pixel_row(item, workspace, first + i) : workspace->no_pixels;
      leaving[i] = row > 0 ? ck_pixel_row(item, workspace, first + i - rows) : workspace->no_pixels;
    }
    ck_move_squares(CK_SIMD_LEVEL, &squares, entering, leaving, width);
  }
}

CK_INLINE void ck_scan_strip(const int engine, const ck_item *item, const ck_strip *strip, ck_workspace *workspace) {
  int32_t stage_count = item->program->stage_count;
  memset(workspace->queue_count, 0, (size_t)stage_count * sizeof *workspace->queue_count);
  // A row is scanned as soon as its pixels are there, while the cache has them.
  int32_t filled = 0;
  for (int32_t row = 0; row < item->rows; row++) {
    int32_t needed = row * strip->step + item->window_height;
    ck_fill_rows(CK_SIMD_LEVEL, item, filled, needed, strip, workspace);
    filled = needed;
    if (engine != CK_ENGINE_PATTERN) ck_enter_row(item, strip, workspace, row);
    ck_scan_row(engine, item, strip, workspace, row);
  }
  for (int32_t stage = 0; stage < stage_count; stage++)
    while (workspace->queue_count[stage] > 0) {
      int32_t next = ck_run_queue(engine, item, strip, workspace, stage);
      ck_run_full_queues(engine, item, strip, workspace, next);
    }
}

void CK_SCAN(const ck_item *item, const ck_strip *strip, ck_workspace *workspace) {
  if (item->program->engine == CK_ENGINE_NARROW)
    ck_scan_strip(CK_ENGINE_NARROW, item, strip, workspace);
  else if (item->program->engine == CK_ENGINE_WIDE)
    ck_scan_strip(CK_ENGINE_WIDE, item, strip, workspace);
  else
    ck_scan_strip(CK_ENGINE_PATTERN, item, strip, workspace);
}

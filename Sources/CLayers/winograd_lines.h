// One-dimensional transforms of 8 values, over whatever `cw_value` is: a float or 16 of them.
//
// No product and sum may be contracted to one rounding: all versions are to give the same bits.
#pragma STDC FP_CONTRACT OFF

// The points other than 0 and infinity come in pairs, a and -a, with a = 1, 2, 1/2. For each: coefficients of
// x^4 + q1 x^2 + q0, the polynomial that is 0 at the other pairs; and the inverse of the polynomial, 0 at all other
// points, at a.
static const float cw_point[3] = {1, 2, 0.5f};
static const float cw_q1[3] = {-4.25f, -1.25f, -5};
static const float cw_q0[3] = {1, 0.25f, 4};
static const float cw_inverse[3] = {-1 / 4.5f, 1 / 90.0f, 1 / 1.40625f};

// B' d: 8 values to 8.
static inline __attribute__((always_inline)) void cw_line_input(const cw_value *d, int step, cw_value *result, int to) {
  const cw_value d0 = d[0], d1 = d[step], d2 = d[2 * step], d3 = d[3 * step], d4 = d[4 * step], d5 = d[5 * step],
                 d6 = d[6 * step], d7 = d[7 * step];
  result[0] = (d6 - d0) + (d2 - d4) * 5.25f;
  for (int i = 0; i < 3; i++) {
    const cw_value even = d2 * cw_q0[i] + d4 * cw_q1[i] + d6;
    const cw_value odd = (d1 * cw_q0[i] + d3 * cw_q1[i] + d5) * cw_point[i];
    result[(1 + 2 * i) * to] = even + odd;
    result[(2 + 2 * i) * to] = even - odd;
  }
  result[7 * to] = (d7 - d1) + (d3 - d5) * 5.25f;
}

// B v.
static inline __attribute__((always_inline)) void cw_line_input_adjoint(const cw_value *v, int step, cw_value *result,
                                                                        int to) {
  const cw_value v0 = v[0], v7 = v[7 * step];
  cw_value sum[3], difference[3];
  for (int i = 0; i < 3; i++) {
    const cw_value plus = v[(1 + 2 * i) * step], minus = v[(2 + 2 * i) * step];
    sum[i] = plus + minus;
    difference[i] = (plus - minus) * cw_point[i];
  }
  const cw_value sum0 = sum[0] * cw_q0[0] + sum[1] * cw_q0[1] + sum[2] * cw_q0[2];
  const cw_value sum1 = sum[0] * cw_q1[0] + sum[1] * cw_q1[1] + sum[2] * cw_q1[2];
  const cw_value difference0 = difference[0] * cw_q0[0] + difference[1] * cw_q0[1] + difference[2] * cw_q0[2];
  const cw_value difference1 = difference[0] * cw_q1[0] + difference[1] * cw_q1[1] + difference[2] * cw_q1[2];
  result[0] = -v0;
  result[to] = difference0 - v7;
  result[2 * to] = sum0 + v0 * 5.25f;
  result[3 * to] = difference1 + v7 * 5.25f;
  result[4 * to] = sum1 - v0 * 5.25f;
  result[5 * to] = difference[0] + difference[1] + difference[2] - v7 * 5.25f;
  result[6 * to] = sum[0] + sum[1] + sum[2] + v0;
  result[7 * to] = v7;
}

// The polynomial of `count` coefficients at the 8 points: A y, and with `scaled` G g.
static inline __attribute__((always_inline)) void cw_line_spread(const cw_value *y, int step, int count, int scaled,
                                                                 cw_value *result, int to) {
  result[0] = scaled ? -y[0] : y[0];
  for (int i = 0; i < 3; i++) {
    const float square = cw_point[i] * cw_point[i];
    int k = (count - 1) & ~1;
    cw_value even = y[k * step];
    for (k -= 2; k >= 0; k -= 2) even = even * square + y[k * step];
    k = (count & ~1) - 1;
    cw_value odd = y[k * step];
    for (k -= 2; k >= 0; k -= 2) odd = odd * square + y[k * step];
    odd = odd * cw_point[i];
    const cw_value plus = even + odd, minus = even - odd;
    result[(1 + 2 * i) * to] = scaled ? plus * cw_inverse[i] : plus;
    result[(2 + 2 * i) * to] = scaled ? minus * cw_inverse[i] : minus;
  }
  result[7 * to] = y[(count - 1) * step];
}

// Its adjoint: A' v, and with `scaled` G' v.
static inline __attribute__((always_inline)) void cw_line_gather(const cw_value *v, int step, int count, int scaled,
                                                                 cw_value *result, int to) {
  cw_value sum[3], difference[3];
  for (int i = 0; i < 3; i++) {
    const cw_value plus = v[(1 + 2 * i) * step], minus = v[(2 + 2 * i) * step];
    sum[i] = scaled ? (plus + minus) * cw_inverse[i] : plus + minus;
    difference[i] = scaled ? (plus - minus) * cw_inverse[i] : plus - minus;
  }
  float two = 1;
  float half = 1;
  for (int k = 0; k < count; k++) {
    const cw_value *part = k & 1 ? difference : sum;
    cw_value value = part[0] + part[1] * two + part[2] * half;
    if (k == 0) value = scaled ? value - v[0] : value + v[0];
    if (k == count - 1) value = value + v[7 * step];
    result[k * to] = value;
    two *= 2;
    half *= 0.5f;
  }
}

// One-dimensional transforms of CW_SIDE values, over whatever `cw_value` is: a float or 16 of them. Included once for
// each CW_SIDE.
//
// No product and sum may be contracted to one rounding: all versions are to give the same bits.
#pragma STDC FP_CONTRACT OFF

#include "winograd_points.h"

#define CW_LAST (CW_SIDE - 1)

// B' d: a value for each point.
CW_INLINE void CW_SIDED(cw_line_input)(const cw_value *d, int step, cw_value *result, int to) {
  cw_value origin = d[0] * CW_SIDED(cw_whole)[0], infinity = d[step] * CW_SIDED(cw_whole)[0];
  for (int k = 1; k < CW_PAIRS; k++) {
    origin = origin + d[2 * k * step] * CW_SIDED(cw_whole)[k];
    infinity = infinity + d[(2 * k + 1) * step] * CW_SIDED(cw_whole)[k];
  }
  result[0] = origin + d[(CW_LAST - 1) * step];
  result[CW_LAST * to] = infinity + d[CW_LAST * step];
  for (int i = 0; i < CW_PAIRS; i++) {
    const float *rest = CW_SIDED(cw_rest)[i];
    cw_value even = d[2 * step] * rest[0], odd = d[step] * rest[0];
    for (int k = 1; k < CW_PAIRS - 1; k++) {
      even = even + d[(2 * k + 2) * step] * rest[k];
      odd = odd + d[(2 * k + 1) * step] * rest[k];
    }
    even = even + d[2 * CW_PAIRS * step];
    odd = (odd + d[(2 * CW_PAIRS - 1) * step]) * CW_SIDED(cw_point)[i];
    result[(1 + 2 * i) * to] = even + odd;
    result[(2 + 2 * i) * to] = even - odd;
  }
}

// B v.
CW_INLINE void CW_SIDED(cw_line_input_adjoint)(const cw_value *v, int step, cw_value *result, int to) {
  const cw_value origin = v[0], infinity = v[CW_LAST * step];
  cw_value sum[CW_PAIRS], difference[CW_PAIRS];
  for (int i = 0; i < CW_PAIRS; i++) {
    const cw_value plus = v[(1 + 2 * i) * step], minus = v[(2 + 2 * i) * step];
    sum[i] = plus + minus;
    difference[i] = (plus - minus) * CW_SIDED(cw_point)[i];
  }
  result[0] = origin * CW_SIDED(cw_whole)[0];
  for (int k = 0; k < CW_PAIRS; k++) {
    cw_value even = sum[0], odd = difference[0];
    if (k < CW_PAIRS - 1) {
      even = even * CW_SIDED(cw_rest)[0][k];
      odd = odd * CW_SIDED(cw_rest)[0][k];
    }
    for (int i = 1; i < CW_PAIRS; i++) {
      even = even + (k < CW_PAIRS - 1 ? sum[i] * CW_SIDED(cw_rest)[i][k] : sum[i]);
      odd = odd + (k < CW_PAIRS - 1 ? difference[i] * CW_SIDED(cw_rest)[i][k] : difference[i]);
    }
    result[(2 * k + 1) * to] = odd + infinity * CW_SIDED(cw_whole)[k];
    result[(2 * k + 2) * to] = even + (k < CW_PAIRS - 1 ? origin * CW_SIDED(cw_whole)[k + 1] : origin);
  }
  result[CW_LAST * to] = infinity;
}

// The polynomial of `count` coefficients at the points: A y, and with `scaled` G g.
CW_INLINE void CW_SIDED(cw_line_spread)(const cw_value *y, int step, int count, int scaled, cw_value *result, int to) {
  result[0] = scaled ? y[0] * CW_SIDED(cw_origin) : y[0];
  for (int i = 0; i < CW_PAIRS; i++) {
    const float square = CW_SIDED(cw_point)[i] * CW_SIDED(cw_point)[i];
    int k = (count - 1) & ~1;
    cw_value even = y[k * step];
    for (k -= 2; k >= 0; k -= 2) even = even * square + y[k * step];
    k = (count & ~1) - 1;
    cw_value odd = y[k * step];
    for (k -= 2; k >= 0; k -= 2) odd = odd * square + y[k * step];
    odd = odd * CW_SIDED(cw_point)[i];
    const cw_value plus = even + odd, minus = even - odd;
    result[(1 + 2 * i) * to] = scaled ? plus * CW_SIDED(cw_inverse)[i] : plus;
    result[(2 + 2 * i) * to] = scaled ? minus * CW_SIDED(cw_inverse)[i] : minus;
  }
  result[CW_LAST * to] = y[(count - 1) * step];
}

// Its adjoint: A' v, and with `scaled` G' v.
CW_INLINE void CW_SIDED(cw_line_gather)(const cw_value *v, int step, int count, int scaled, cw_value *result, int to) {
  cw_value sum[CW_PAIRS], difference[CW_PAIRS];
  float power[CW_PAIRS];
  for (int i = 0; i < CW_PAIRS; i++) {
    const cw_value plus = v[(1 + 2 * i) * step], minus = v[(2 + 2 * i) * step];
    sum[i] = scaled ? (plus + minus) * CW_SIDED(cw_inverse)[i] : plus + minus;
    difference[i] = scaled ? (plus - minus) * CW_SIDED(cw_inverse)[i] : plus - minus;
    power[i] = 1;
  }
  for (int k = 0; k < count; k++) {
    const cw_value *part = k & 1 ? difference : sum;
    // The first point is 1.
    cw_value value = part[0];
    for (int i = 1; i < CW_PAIRS; i++) {
      value = value + part[i] * power[i];
      power[i] *= CW_SIDED(cw_point)[i];
    }
    if (k == 0) value = value + (scaled ? v[0] * CW_SIDED(cw_origin) : v[0]);
    if (k == count - 1) value = value + v[CW_LAST * step];
    result[k * to] = value;
  }
}
#undef CW_LAST
#undef CW_PAIRS

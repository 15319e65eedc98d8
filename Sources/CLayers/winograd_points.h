// The points of a tile's side other than 0 and infinity, which come in pairs, a and -a. Included once for each CW_SIDE.
//
// `whole`: coefficients of the polynomial that is 0 at all pairs, of x^0, x^2, ... but for the highest, which is 1.
// For each pair, `rest`: the same of the polynomial that is 0 at the other pairs; and `inverse`: one over the
// polynomial that is 0 at all other points, at a. `origin`: the same at 0. All but the inverses are exact.
#define CW_PAIRS (CW_SIDE / 2 - 1)
#if CW_SIDE == 8
static const float cw_point_8[3] = {1, 2, 0.5f};
static const float cw_whole_8[3] = {-1, 5.25f, -5.25f};
static const float cw_rest_8[3][2] = {{1, -4.25f}, {0.25f, -1.25f}, {4, -5}};
static const float cw_inverse_8[3] = {-1 / 4.5f, 1 / 90.0f, 1 / 1.40625f};
static const float cw_origin_8 = -1;
#else
static const float cw_point_10[4] = {1, 3, 0.5f, 0.75f};
static const float cw_whole_10[4] = {1.265625f, -8.71875f, 17.265625f, -10.8125f};
static const float cw_rest_10[4][3] = {{-1.265625f, 7.453125f, -9.8125f},
                                       {-0.140625f, 0.953125f, -1.8125f},
                                       {-5.0625f, 14.625f, -10.5625f},
                                       {-2.25f, 11.5f, -10.25f}};
static const float cw_inverse_10[4] = {-1 / 5.25f, 1 / 10631.25f, -1 / 1.025390625f, 1 / 1.297760009765625f};
static const float cw_origin_10 = 1 / 1.265625f;
#endif

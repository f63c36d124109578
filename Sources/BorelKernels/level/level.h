/// The body of one instruction-set level. Before including it, a source file defines `BOREL_LEVEL`
/// (as in borel_isa.h), `BOREL_FUSED` (1 when the level has fused multiply-add) and
/// `BOREL_LEVEL_TABLE`, and pushes the target attribute.

#include "vector.h"

#include "exponential.h"
#include "trigonometric.h"
#include "gamma.h"
#include "error_function.h"
#include "loops.h"
#include "real.h"
#include "integer.h"
#include "scalar.h"
#include "philox.h"
#include "densities.h"
#include "scores.h"
#include "draws.h"
#include "columns.h"

const struct borel_level BOREL_LEVEL_TABLE = {
#define ELEMENTWISE(name) [BOREL_ID_##name] = k_##name,
    .elementwise = {BOREL_KERNEL_LIST(ELEMENTWISE)},
#define SCALAR(name) .scalar_##name = s_##name,
    BOREL_SCALAR_LIST_1(SCALAR) BOREL_SCALAR_LIST_2(SCALAR)
    .location_scale = s_location_scale,
    .affine_location_scale = s_affine_location_scale,
    .normal_cosine = s_normal_cosine,
    .fill_gamma = fill_gamma,
    .fill_beta = fill_beta,
    .fill_poisson = fill_poisson,
#define GENERATORS(name)                                                                           \
  .fill_##name##_contiguous = fill_##name##_contiguous, \
  .fill_##name##_lanes = fill_##name##_lanes, \
  .lane_##name = s_lane_##name,
    BOREL_GENERATOR_LIST(GENERATORS)
    .fill_normal_location_scale = fill_normal_location_scale,
    .fill_normal_affine = fill_normal_affine,
#define SCORE(name) .score_##name = score_##name,
    BOREL_SCORE_LIST_REAL_1(SCORE) BOREL_SCORE_LIST_REAL_2(SCORE) BOREL_SCORE_LIST_REAL_3(SCORE)
    BOREL_SCORE_LIST_INT_1(SCORE) SCORE(binomial)
    .tile_max = tile_max,
    .tile_exp_sum = tile_exp_sum,
    .tile_sum = tile_sum,
    .first_nan = first_nan,
    .systematic_counts = systematic_counts,
    .stratified_counts = stratified_counts,
    .ancestors_from_counts = ancestors_from_counts,
    .cumulative_weight = cumulative_weight,
    .gather64 = gather64,
    .gather32 = gather32,
    .scatter64 = scatter64,
    .scatter32 = scatter32,
    .compact64 = compact64,
    .compact32 = compact32,
    .partition_indices = partition_indices,
    .count_true = count_true,
};

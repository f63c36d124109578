#ifndef BOREL_COLUMNS_H
#define BOREL_COLUMNS_H

#include <stdint.h>

/// Lanes per tile: sums of weights are formed per tile and combined in tile order, so that results
/// do not depend on blocks or threads. Calls of the tile functions take one tile (n <= BOREL_TILE).
enum { BOREL_TILE = 1024 };

/// The largest element; -infinity when n = 0. NaN elements are skipped.
double borel_tile_max(int64_t n, const double *x);

/// w = exp(logw - max) with its sum and sum of squares in a fixed order; `w` may be NULL or `logw`.
/// With max = -infinity all weights are 0.
void borel_tile_exp_sum(int64_t n, const double *logw, double max, double *w, double *sum,
                        double *sumsq);

/// The sum in the order used by `borel_tile_exp_sum`.
double borel_tile_sum(int64_t n, const double *x);

/// Index of the first NaN, or -1.
int64_t borel_first_nan(int64_t n, const double *x);

/// Offspring counts of one tile under systematic resampling.
///
/// Position i (i = 0, 1, ...) is i + offset in units of 1/scale of the cumulative weight; particle
/// j gets the positions in its interval. `cumulative` holds the weight before the tile and receives
/// that after it; `before` is the number of positions used so far. Returns the number used so far
/// including this tile, at most `positions`. The caller gives positions that rounding leaves over
/// to the last particle with weight.
///
/// - scale: positions / total weight.
int64_t borel_systematic_counts(int64_t n, const double *weight, double *cumulative, double scale,
                                double offset, int64_t positions, int64_t before, int32_t *counts);

/// The same with one uniform per position (`offsets`, `positions` elements): stratified resampling.
int64_t borel_stratified_counts(int64_t n, const double *weight, double *cumulative, double scale,
                                const double *offsets, int64_t positions, int64_t before,
                                int32_t *counts);

/// Writes index j (plus `first`) counts[j] times, ascending. Returns the number written.
int64_t borel_ancestors_from_counts(int64_t n, const int32_t *counts, int32_t first,
                                    int32_t *ancestors);

/// The weight that `borel_systematic_counts` carries out of a tile, to the bit.
double borel_cumulative_weight(int64_t n, const double *weight, double before);

/// dst[i] = src[index[i]]. No overlap.
void borel_gather64(int64_t n, void *dst, const void *src, const int32_t *index);
void borel_gather32(int64_t n, void *dst, const void *src, const int32_t *index);
/// dst[index[i]] = src[i]; of equal indices the last wins.
void borel_scatter64(int64_t n, void *dst, const void *src, const int32_t *index);
void borel_scatter32(int64_t n, void *dst, const void *src, const int32_t *index);

/// Appends to dst the elements whose mask equals `want` (0 or 1), in order; returns how many.
/// May write up to 8 (64-bit) or 16 (32-bit) elements past the last one, never past dst[n - 1].
/// dst may be src.
int64_t borel_compact64(int64_t n, void *dst, const void *src, const int64_t *mask, int want);
int64_t borel_compact32(int64_t n, void *dst, const void *src, const int64_t *mask, int want);

/// Lists the indices with mask 1 and those with mask 0, ascending. Both lists have room for n.
void borel_partition_indices(int64_t n, const int64_t *mask, int32_t *true_index,
                             int32_t *false_index, int64_t *true_count);

/// The number of elements that are not 0.
int64_t borel_count_true(int64_t n, const int64_t *mask);

#endif

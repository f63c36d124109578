#ifndef BOREL_DISPATCH_H
#define BOREL_DISPATCH_H

#include "borel_kernels.h"

/// All functions of one instruction-set level. `borel_dispatch` holds a copy of the level in use,
/// so that a call costs one load and one indirect jump.
struct borel_level {
  borel_kernel elementwise[BOREL_KERNEL_COUNT];

#define BOREL_SCALAR_1(name) double (*scalar_##name)(double x);
#define BOREL_SCALAR_2(name) double (*scalar_##name)(double x, double y);
  BOREL_SCALAR_LIST_1(BOREL_SCALAR_1)
  BOREL_SCALAR_LIST_2(BOREL_SCALAR_2)
#undef BOREL_SCALAR_1
#undef BOREL_SCALAR_2
  double (*location_scale)(double mean, double sd, double z);
  double (*affine_location_scale)(double a, double x, double b, double sd, double z);
  double (*normal_cosine)(double radial, double turns);
  void (*fill_gamma)(int64_t n, double *dst, const double *shape, uint32_t uniform,
                     const borel_lane_streams *streams);
  void (*fill_beta)(int64_t n, double *dst, const double *a, const double *b, uint32_t uniform,
                    const borel_lane_streams *streams);
  void (*fill_poisson)(int64_t n, int64_t *dst, const double *rate, uint32_t uniform,
                       const borel_lane_streams *streams);

#define BOREL_GENERATOR(name)                                                                      \
  void (*fill_##name##_contiguous)(int64_t n, double *dst, uint64_t key, uint32_t generation,      \
                                   uint32_t draw, uint32_t first_lane);                            \
  void (*fill_##name##_lanes)(int64_t n, double *dst, const uint64_t *keys, uint32_t key_stride,   \
                              const uint32_t *lanes, const uint32_t *draws, uint32_t draw_stride,  \
                              uint32_t generation);                                                \
  double (*lane_##name)(const borel_lane_random *random);
  BOREL_GENERATOR_LIST(BOREL_GENERATOR)
#undef BOREL_GENERATOR
  void (*fill_normal_location_scale)(int64_t n, double *dst, const double *mean, const double *sd,
                                     uint32_t uniform, uint64_t key, uint32_t generation,
                                     uint32_t draw, uint32_t first_lane);
  void (*fill_normal_affine)(int64_t n, double *dst, const double *a, const double *x,
                             const double *b, const double *sd, uint32_t uniform, uint64_t key,
                             uint32_t generation, uint32_t draw, uint32_t first_lane);

#define BOREL_SCORE_REAL_1(name)                                                                   \
  int64_t (*score_##name)(int64_t n, double *logw, const double *x, const double *p,               \
                          uint32_t uniform, int set);
#define BOREL_SCORE_REAL_2(name)                                                                   \
  int64_t (*score_##name)(int64_t n, double *logw, const double *x, const double *p,               \
                          const double *q, uint32_t uniform, int set);
#define BOREL_SCORE_REAL_3(name)                                                                   \
  int64_t (*score_##name)(int64_t n, double *logw, const double *x, const double *p,               \
                          const double *q, const double *r, uint32_t uniform, int set);
#define BOREL_SCORE_INT_1(name)                                                                    \
  int64_t (*score_##name)(int64_t n, double *logw, const int64_t *x, const double *p,              \
                          uint32_t uniform, int set);
  BOREL_SCORE_LIST_REAL_1(BOREL_SCORE_REAL_1)
  BOREL_SCORE_LIST_REAL_2(BOREL_SCORE_REAL_2)
  BOREL_SCORE_LIST_REAL_3(BOREL_SCORE_REAL_3)
  BOREL_SCORE_LIST_INT_1(BOREL_SCORE_INT_1)
#undef BOREL_SCORE_REAL_1
#undef BOREL_SCORE_REAL_2
#undef BOREL_SCORE_REAL_3
#undef BOREL_SCORE_INT_1
  int64_t (*score_binomial)(int64_t n, double *logw, const int64_t *x, const int64_t *trials,
                            const double *p, uint32_t uniform, int set);

  double (*tile_max)(int64_t n, const double *x);
  void (*tile_exp_sum)(int64_t n, const double *logw, double max, double *w, double *sum,
                       double *sumsq);
  double (*tile_sum)(int64_t n, const double *x);
  int64_t (*first_nan)(int64_t n, const double *x);
  int64_t (*systematic_counts)(int64_t n, const double *weight, double *cumulative, double scale,
                               double offset, int64_t positions, int64_t before, int32_t *counts);
  int64_t (*stratified_counts)(int64_t n, const double *weight, double *cumulative, double scale,
                               const double *offsets, int64_t positions, int64_t before,
                               int32_t *counts);
  int64_t (*ancestors_from_counts)(int64_t n, const int32_t *counts, int32_t first,
                                   int32_t *ancestors);
  double (*cumulative_weight)(int64_t n, const double *weight, double before);
  void (*gather64)(int64_t n, void *dst, const void *src, const int32_t *index);
  void (*gather32)(int64_t n, void *dst, const void *src, const int32_t *index);
  void (*scatter64)(int64_t n, void *dst, const void *src, const int32_t *index);
  void (*scatter32)(int64_t n, void *dst, const void *src, const int32_t *index);
  int64_t (*compact64)(int64_t n, void *dst, const void *src, const int64_t *mask, int want);
  int64_t (*compact32)(int64_t n, void *dst, const void *src, const int64_t *mask, int want);
  void (*partition_indices)(int64_t n, const int64_t *mask, int32_t *true_index,
                            int32_t *false_index, int64_t *true_count);
  int64_t (*count_true)(int64_t n, const int64_t *mask);
};

extern const struct borel_level borel_level_base;
#if defined(__x86_64__)
extern const struct borel_level borel_level_v3;
extern const struct borel_level borel_level_v4;
#endif

extern struct borel_level borel_dispatch;

#endif

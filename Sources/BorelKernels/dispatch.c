/// Choice of the instruction-set level and the public functions that go through the table.

#include "dispatch.h"

#include <stddef.h>

struct borel_level borel_dispatch;
static int current_level = BOREL_ISA_BASE;

#if defined(__x86_64__)
#if defined(__clang__) || defined(__GNUC__)
static int has_v3(void) {
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") &&
         __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2");
}
static int has_v4(void) {
  return has_v3() && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
         __builtin_cpu_supports("avx512cd") && __builtin_cpu_supports("avx512dq") &&
         __builtin_cpu_supports("avx512vl");
}
#endif
#endif

int borel_isa(void) { return current_level; }

int borel_isa_is_available(int level) {
  if (level == BOREL_ISA_BASE) return 1;
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (level == BOREL_ISA_X86_V3) return has_v3();
  if (level == BOREL_ISA_X86_V4) return has_v4();
#endif
  return 0;
}

int borel_set_isa(int level) {
  if (!borel_isa_is_available(level)) return -1;
  const struct borel_level *table = &borel_level_base;
#if defined(__x86_64__)
  if (level == BOREL_ISA_X86_V3) table = &borel_level_v3;
  if (level == BOREL_ISA_X86_V4) table = &borel_level_v4;
#endif
  borel_dispatch = *table;
  current_level = level;
  return 0;
}

const char *borel_isa_name(int level) {
#if defined(__x86_64__)
  if (level == BOREL_ISA_X86_V3) return "x86-64-v3";
  if (level == BOREL_ISA_X86_V4) return "x86-64-v4";
  return level == BOREL_ISA_BASE ? "x86-64" : NULL;
#elif defined(__aarch64__)
  return level == BOREL_ISA_BASE ? "arm64" : NULL;
#else
  return level == BOREL_ISA_BASE ? "generic" : NULL;
#endif
}

__attribute__((constructor)) static void choose_level(void) {
  for (int level = BOREL_ISA_COUNT - 1; level >= 0; level--) {
    if (borel_set_isa(level) == 0) return;
  }
}

#define KERNEL(name)                                                                               \
  int64_t borel_k_##name(int64_t n, void *dst, const void *a, const void *b, const void *c,        \
                         uint32_t uniform) {                                                       \
    return borel_dispatch.elementwise[BOREL_ID_##name](n, dst, a, b, c, uniform);                  \
  }
BOREL_KERNEL_LIST(KERNEL)

const borel_kernel_entry borel_kernels[BOREL_KERNEL_COUNT] = {
#define ENTRY(name) {#name, borel_k_##name},
    BOREL_KERNEL_LIST(ENTRY)};

const char *borel_kernel_name(int id) {
  return id >= 0 && id < BOREL_KERNEL_COUNT ? borel_kernels[id].name : NULL;
}

borel_kernel borel_kernel_named(const char *name) {
  for (int i = 0; i < BOREL_KERNEL_COUNT; i++) {
    const char *p = borel_kernels[i].name, *q = name;
    while (*p != 0 && *p == *q) p++, q++;
    if (*p == 0 && *q == 0) return borel_kernels[i].function;
  }
  return NULL;
}

borel_kernel borel_kernel_resolved(int id) {
  return id >= 0 && id < BOREL_KERNEL_COUNT ? borel_dispatch.elementwise[id] : NULL;
}

#define SCALAR_1(name)                                                                             \
  double borel_##name(double x) { return borel_dispatch.scalar_##name(x); }
#define SCALAR_2(name)                                                                             \
  double borel_##name(double x, double y) { return borel_dispatch.scalar_##name(x, y); }
BOREL_SCALAR_LIST_1(SCALAR_1)
BOREL_SCALAR_LIST_2(SCALAR_2)

double borel_location_scale(double mean, double sd, double z) {
  return borel_dispatch.location_scale(mean, sd, z);
}
double borel_affine_location_scale(double a, double x, double b, double sd, double z) {
  return borel_dispatch.affine_location_scale(a, x, b, sd, z);
}

void borel_fill_gamma(int64_t n, double *dst, const double *shape, uint32_t uniform,
                      const borel_lane_streams *streams) {
  borel_dispatch.fill_gamma(n, dst, shape, uniform, streams);
}
void borel_fill_beta(int64_t n, double *dst, const double *a, const double *b, uint32_t uniform,
                     const borel_lane_streams *streams) {
  borel_dispatch.fill_beta(n, dst, a, b, uniform, streams);
}
void borel_fill_poisson(int64_t n, int64_t *dst, const double *rate, uint32_t uniform,
                        const borel_lane_streams *streams) {
  borel_dispatch.fill_poisson(n, dst, rate, uniform, streams);
}

#define GENERATOR(name)                                                                            \
  void borel_fill_##name##_contiguous(int64_t n, double *dst, uint64_t key, uint32_t generation,   \
                                      uint32_t draw, uint32_t first_lane) {                        \
    borel_dispatch.fill_##name##_contiguous(n, dst, key, generation, draw, first_lane);            \
  }                                                                                                \
  void borel_fill_##name##_lanes(int64_t n, double *dst, const uint64_t *keys,                     \
                                 uint32_t key_stride, const uint32_t *lanes,                       \
                                 const uint32_t *draws, uint32_t draw_stride,                      \
                                 uint32_t generation) {                                            \
    borel_dispatch.fill_##name##_lanes(n, dst, keys, key_stride, lanes, draws, draw_stride,        \
                                       generation);                                                \
  }                                                                                                \
  double borel_lane_##name(const borel_lane_random *random) {                                      \
    return borel_dispatch.lane_##name(random);                                                     \
  }
BOREL_GENERATOR_LIST(GENERATOR)

void borel_fill_normal_location_scale(int64_t n, double *dst, const double *mean, const double *sd,
                                      uint32_t uniform, uint64_t key, uint32_t generation,
                                      uint32_t draw, uint32_t first_lane) {
  borel_dispatch.fill_normal_location_scale(n, dst, mean, sd, uniform, key, generation, draw,
                                            first_lane);
}
void borel_fill_normal_affine(int64_t n, double *dst, const double *a, const double *x,
                              const double *b, const double *sd, uint32_t uniform, uint64_t key,
                              uint32_t generation, uint32_t draw, uint32_t first_lane) {
  borel_dispatch.fill_normal_affine(n, dst, a, x, b, sd, uniform, key, generation, draw,
                                    first_lane);
}

#define SCORE_1(name, X)                                                                           \
  int64_t borel_score_##name(int64_t n, double *logw, const X *x, const double *p,                 \
                             uint32_t uniform, int set) {                                          \
    return borel_dispatch.score_##name(n, logw, x, p, uniform, set);                               \
  }
#define SCORE_REAL_1(name) SCORE_1(name, double)
#define SCORE_INT_1(name) SCORE_1(name, int64_t)
#define SCORE_REAL_2(name)                                                                         \
  int64_t borel_score_##name(int64_t n, double *logw, const double *x, const double *p,            \
                             const double *q, uint32_t uniform, int set) {                         \
    return borel_dispatch.score_##name(n, logw, x, p, q, uniform, set);                            \
  }
#define SCORE_REAL_3(name)                                                                         \
  int64_t borel_score_##name(int64_t n, double *logw, const double *x, const double *p,            \
                             const double *q, const double *r, uint32_t uniform, int set) {        \
    return borel_dispatch.score_##name(n, logw, x, p, q, r, uniform, set);                         \
  }
BOREL_SCORE_LIST_REAL_1(SCORE_REAL_1)
BOREL_SCORE_LIST_REAL_2(SCORE_REAL_2)
BOREL_SCORE_LIST_REAL_3(SCORE_REAL_3)
BOREL_SCORE_LIST_INT_1(SCORE_INT_1)

int64_t borel_score_binomial(int64_t n, double *logw, const int64_t *x, const int64_t *trials,
                             const double *p, uint32_t uniform, int set) {
  return borel_dispatch.score_binomial(n, logw, x, trials, p, uniform, set);
}

double borel_tile_max(int64_t n, const double *x) { return borel_dispatch.tile_max(n, x); }
void borel_tile_exp_sum(int64_t n, const double *logw, double max, double *w, double *sum,
                        double *sumsq) {
  borel_dispatch.tile_exp_sum(n, logw, max, w, sum, sumsq);
}
double borel_tile_sum(int64_t n, const double *x) { return borel_dispatch.tile_sum(n, x); }
int64_t borel_first_nan(int64_t n, const double *x) { return borel_dispatch.first_nan(n, x); }
int64_t borel_count_true(int64_t n, const int64_t *mask) {
  return borel_dispatch.count_true(n, mask);
}

int64_t borel_systematic_counts(int64_t n, const double *weight, double *cumulative, double scale,
                                double offset, int64_t positions, int64_t before,
                                int32_t *counts) {
  return borel_dispatch.systematic_counts(n, weight, cumulative, scale, offset, positions, before,
                                          counts);
}
int64_t borel_stratified_counts(int64_t n, const double *weight, double *cumulative, double scale,
                                const double *offsets, int64_t positions, int64_t before,
                                int32_t *counts) {
  return borel_dispatch.stratified_counts(n, weight, cumulative, scale, offsets, positions, before,
                                          counts);
}
int64_t borel_ancestors_from_counts(int64_t n, const int32_t *counts, int32_t first,
                                    int32_t *ancestors) {
  return borel_dispatch.ancestors_from_counts(n, counts, first, ancestors);
}

double borel_cumulative_weight(int64_t n, const double *weight, double before) {
  return borel_dispatch.cumulative_weight(n, weight, before);
}

#define MOVE(name)                                                                                 \
  void borel_##name(int64_t n, void *dst, const void *src, const int32_t *index) {                 \
    borel_dispatch.name(n, dst, src, index);                                                       \
  }
MOVE(gather64)
MOVE(gather32)
MOVE(scatter64)
MOVE(scatter32)

int64_t borel_compact64(int64_t n, void *dst, const void *src, const int64_t *mask, int want) {
  return borel_dispatch.compact64(n, dst, src, mask, want);
}
int64_t borel_compact32(int64_t n, void *dst, const void *src, const int64_t *mask, int want) {
  return borel_dispatch.compact32(n, dst, src, mask, want);
}
void borel_partition_indices(int64_t n, const int64_t *mask, int32_t *true_index,
                             int32_t *false_index, int64_t *true_count) {
  borel_dispatch.partition_indices(n, mask, true_index, false_index, true_count);
}

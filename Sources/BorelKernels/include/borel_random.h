#ifndef BOREL_RANDOM_H
#define BOREL_RANDOM_H

#include <stdint.h>

/// Addressed randomness: Philox4x32-10 with a 64-bit stream key and the counter words
/// [sub-draw, draw, lane, generation].
///
/// Sub-draw 0 belongs to blocks shared by two lanes: lanes l and l + 8 of an aligned group of 16
/// share block (l >> 4) * 8 + (l & 7); half (l >> 3) & 1 of its 128 bits belongs to lane l.
/// Sub-draws from 1 on belong to one lane, which is then the third word. So no counter is used
/// twice.
///
/// Source: Salmon, Moraes, Dror, Shaw (2011), "Parallel random numbers: as easy as 1, 2, 3".

/// One block of Philox4x32-10.
void borel_philox(uint64_t key, uint32_t c0, uint32_t c1, uint32_t c2, uint32_t c3,
                  uint32_t out[4]);

/// Kinds of children in the tree of stream keys.
enum {
  BOREL_KEY_INFER = 1,
  BOREL_KEY_GROUP = 2,
  BOREL_KEY_SWEEP = 3,
  BOREL_KEY_MOVE = 4,
  BOREL_KEY_RESAMPLING = 5,
  BOREL_KEY_BACKWARD = 6,
  BOREL_KEY_NESTED = 7,
  BOREL_KEY_FORK = 8,
  BOREL_KEY_FORECAST = 9,
};

/// The key of a child stream: a Philox block under the parent's key, at a sub-draw (0xffff0000 and
/// the kind, which is below 65,536) that no draw reaches.
uint64_t borel_key_child(uint64_t key, uint32_t kind, uint64_t index);

/// The private stream of one lane at one draw number, for samplers that need a varying number of
/// uniforms.
typedef struct {
  uint64_t key;
  uint32_t lane, generation, draw;
  /// The next sub-draw, from 1.
  uint32_t sub;
  /// The second half of the last block, when `is_buffered`.
  uint64_t buffer;
  uint32_t is_buffered;
} borel_lane_random;

borel_lane_random borel_lane_random_make(uint64_t key, uint32_t lane, uint32_t generation,
                                         uint32_t draw);

uint64_t borel_next_bits(borel_lane_random *random);
/// Uniform on the odd multiples of 2^-53 in (0, 1): never 0, never 1.
double borel_next_uniform(borel_lane_random *random);
double borel_next_normal(borel_lane_random *random);
double borel_next_exponential(borel_lane_random *random);

/// The lane's value from the shared block: the same bits as the column generators below. They do
/// not advance the stream.
double borel_lane_uniform(const borel_lane_random *random);
double borel_lane_normal(const borel_lane_random *random);
double borel_lane_exponential(const borel_lane_random *random);

/// Column generators: standard uniform on (0, 1), standard normal (Box-Muller: of two lanes that
/// share a block one takes the cosine, the other the sine), standard exponential.
///
/// `_contiguous`: lanes first_lane, first_lane + 1, ...; first_lane is a multiple of 16.
/// `_lanes`: keys and draw numbers per lane, or one for all with stride 0; any lane numbers.
#define BOREL_GENERATOR_LIST(X) X(uniform) X(normal) X(exponential)
#define BOREL_GENERATOR_DECLARATION(name)                                                          \
  void borel_fill_##name##_contiguous(int64_t n, double *dst, uint64_t key, uint32_t generation,   \
                                      uint32_t draw, uint32_t first_lane);                         \
  void borel_fill_##name##_lanes(int64_t n, double *dst, const uint64_t *keys,                     \
                                 uint32_t key_stride, const uint32_t *lanes,                       \
                                 const uint32_t *draws, uint32_t draw_stride,                      \
                                 uint32_t generation);
BOREL_GENERATOR_LIST(BOREL_GENERATOR_DECLARATION)
#undef BOREL_GENERATOR_DECLARATION

/// dst = mean + sd * z with z as from `borel_fill_normal_contiguous`. Bit 0 of `uniform`: one mean;
/// bit 1: one sd. dst may be an operand.
void borel_fill_normal_location_scale(int64_t n, double *dst, const double *mean, const double *sd,
                                      uint32_t uniform, uint64_t key, uint32_t generation,
                                      uint32_t draw, uint32_t first_lane);

/// dst = (a * x + b) + sd * z. Bits 0 to 3 of `uniform`: one a, x, b, sd. dst may be an operand.
void borel_fill_normal_affine(int64_t n, double *dst, const double *a, const double *x,
                              const double *b, const double *sd, uint32_t uniform, uint64_t key,
                              uint32_t generation, uint32_t draw, uint32_t first_lane);

/// mean + sd * z and (a * x + b) + sd * z with the bits of the two kernels above.
double borel_location_scale(double mean, double sd, double z);
double borel_affine_location_scale(double a, double x, double b, double sd, double z);

/// How the lanes of a column are addressed: keys and draw numbers per lane, or one for all with
/// stride 0; lanes NULL means first_lane, first_lane + 1, ... (any start).
typedef struct {
  const uint64_t *keys;
  const uint32_t *draws;
  const uint32_t *lanes;
  uint32_t key_stride, draw_stride, first_lane, generation;
} borel_lane_streams;

/// Columns of the samplers below, with the same bits. Bit k of `uniform`: one k-th parameter. dst
/// may be a parameter column.
void borel_fill_gamma(int64_t n, double *dst, const double *shape, uint32_t uniform,
                      const borel_lane_streams *streams);
void borel_fill_beta(int64_t n, double *dst, const double *a, const double *b, uint32_t uniform,
                     const borel_lane_streams *streams);
void borel_fill_poisson(int64_t n, int64_t *dst, const double *rate, uint32_t uniform,
                        const borel_lane_streams *streams);

/// Rejection samplers on a lane's private stream. Parameters outside the domain give NaN, or -1 for
/// counts.
///
/// `gamma`: rate 1, shape > 0 (Marsaglia and Tsang 2000). `beta`: a, b > 0, the value never rounds
/// to 0 or 1. `log_gamma` is the log of a gamma draw, for shapes so small that the draw underflows.
double borel_draw_gamma(borel_lane_random *random, double shape);
double borel_draw_log_gamma(borel_lane_random *random, double shape);
double borel_draw_beta(borel_lane_random *random, double a, double b);
double borel_draw_student_t(borel_lane_random *random, double degrees);
/// rate in [0, 1e15]: sequential search below 10, above it PTRS (Hormann 1993).
int64_t borel_draw_poisson(borel_lane_random *random, double rate);
/// trials >= 0, p in [0, 1]: inversion for small means, above it BTRS (Hormann 1993).
int64_t borel_draw_binomial(borel_lane_random *random, int64_t trials, double p);
/// Failures before the first success, p in (0, 1]; saturates at 2^62.
int64_t borel_draw_geometric(borel_lane_random *random, double p);

#endif

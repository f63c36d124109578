/// Philox4x32-10 on eight blocks at once, and the column generators.
///
/// Words live in the low halves of 64-bit elements; the high halves may hold anything until the
/// end, since the multiplier reads low halves only.

#define PHILOX_M0 UINT64_C(0xd2511f53)
#define PHILOX_M1 UINT64_C(0xcd9e8d57)
#define PHILOX_W0 UINT32_C(0x9e3779b9)
#define PHILOX_W1 UINT32_C(0xbb67ae85)
#define LOW32 UINT64_C(0xffffffff)

typedef uint32_t vu32x16 __attribute__((ext_vector_type(16)));

/// The high halves, also left in the high halves. A shuffle, because shifts compete with the
/// multiplications for one port.
INLINE vu high_words(vu v) {
  vu32x16 words = (vu32x16)v;
  return (vu)__builtin_shufflevector(words, words, 1, 1, 3, 3, 5, 5, 7, 7, 9, 9, 11, 11, 13, 13, 15,
                                     15);
}
/// The low halves of two vectors as 64-bit words.
INLINE vu join_words(vu low, vu high) {
  return (vu)__builtin_shufflevector((vu32x16)low, (vu32x16)high, 0, 16, 2, 18, 4, 20, 6, 22, 8, 24,
                                     10, 26, 12, 28, 14, 30);
}

/// Two 64-bit words per block: outputs 0, 1 and outputs 2, 3.
INLINE void philox_vu(vu key_low, vu key_high, vu c0, vu c1, vu c2, vu c3, vu *half0, vu *half1) {
  UNROLL for (int round = 0; round < 10; round++) {
    vu p0 = (c0 & LOW32) * PHILOX_M0;
    vu p1 = (c2 & LOW32) * PHILOX_M1;
    c0 = high_words(p1) ^ c1 ^ key_low;
    c2 = high_words(p0) ^ c3 ^ key_high;
    c1 = p1;
    c3 = p0;
    key_low += PHILOX_W0;
    key_high += PHILOX_W1;
  }
  *half0 = join_words(c0, c1);
  *half1 = join_words(c2, c3);
}

/// The odd multiple of 2^-53 in (0, 1) given by the upper 52 bits.
INLINE vd unit_interval(vu bits) {
  return (vd)((bits >> 12) | UINT64_C(0x3ff0000000000000)) - (1.0 - 0x1p-53);
}

/// Values of the two lanes of each block, from the block's 128 bits.
INLINE void pair_uniform(vu half0, vu half1, vd *first, vd *second) {
  *first = unit_interval(half0);
  *second = unit_interval(half1);
}
INLINE void pair_exponential(vu half0, vu half1, vd *first, vd *second) {
  *first = -log_normal(unit_interval(half0));
  *second = -log_normal(unit_interval(half1));
}
/// Source: Box and Muller (1958).
INLINE void pair_normal(vu half0, vu half1, vd *first, vd *second) {
  vd radius = sqrt_vd(log_normal(unit_interval(half0)) * -2.0);
  vd sine, cosine;
  sincos_turns(unit_interval(half1), &sine, &cosine);
  *first = radius * cosine;
  *second = radius * sine;
}

/// The eight blocks of the group of 16 lanes that starts at `lane`.
INLINE void group_bits(uint64_t key, uint32_t generation, uint32_t draw, uint32_t lane, vu *half0,
                       vu *half1) {
  const vu offsets = {0, 1, 2, 3, 4, 5, 6, 7};
  vu blocks = offsets + (uint64_t)(lane >> 4) * 8;
  philox_vu((vu)(key & LOW32), (vu)(key >> 32), (vu)(UINT64_C(0)), (vu)((uint64_t)draw), blocks,
            (vu)((uint64_t)generation), half0, half1);
}

/// Lanes per pass: all blocks of a chunk come first, then the values. The two passes have long
/// chains of dependent operations and overlap better apart.
enum { CHUNK = 512 };

typedef struct {
  vu half[CHUNK / WIDTH];
} chunk;

/// The bits of lanes `lane` to `lane` + count - 1, whole groups of 16.
INLINE void chunk_bits(chunk *bits, int64_t count, uint64_t key, uint32_t generation, uint32_t draw,
                       uint32_t lane) {
  for (int64_t i = 0; i < count; i += 2 * WIDTH) {
    vu *half = &bits->half[i / WIDTH];
    group_bits(key, generation, draw, lane + (uint32_t)i, half, half + 1);
  }
}

/// Runs BODY(j, end) for each vector of values `z`, elements from j on; `end` bounds the chunk.
#define FOR_CHUNKS(pair, BODY)                                                                     \
  for (int64_t start = 0; start < n; start += CHUNK) {                                             \
    chunk bits;                                                                                    \
    int64_t end = n - start < CHUNK ? n : start + CHUNK;                                           \
    chunk_bits(&bits, end - start, key, generation, draw, first_lane + (uint32_t)start);           \
    for (int64_t i = start; i < end; i += 2 * WIDTH) {                                             \
      const vu *half = &bits.half[(i - start) / WIDTH];                                            \
      vd z[2];                                                                                     \
      pair(half[0], half[1], &z[0], &z[1]);                                                        \
      BODY(i, z[0]);                                                                               \
      if (end - i > WIDTH) BODY(i + WIDTH, z[1]);                                                  \
    }                                                                                              \
  }

INLINE vu read_words32(const uint32_t *p, int64_t stride, int64_t i, int64_t n) {
  if (stride == 0) return (vu)((uint64_t)*p);
  if (stride == 1 && n - i >= WIDTH) {
    return __builtin_convertvector(*(const vu32_memory *)(p + i), vu);
  }
  vu words;
  for (int64_t j = 0; j < WIDTH; j++) words[j] = p[(i + j < n ? i + j : i) * stride];
  return words;
}
INLINE vu read_words64(const uint64_t *p, int64_t stride, int64_t i, int64_t n) {
  if (stride == 0) return (vu)(*p);
  if (stride == 1) return (vu)read_vi((const int64_t *)p, i, n);
  vu words;
  for (int64_t j = 0; j < WIDTH; j++) words[j] = p[(i + j < n ? i + j : i) * stride];
  return words;
}

/// The blocks of eight arbitrary lanes; `upper` marks lanes that own the second half.
INLINE void lane_bits(const uint64_t *keys, int64_t key_stride, const uint32_t *lanes,
                      const uint32_t *draws, int64_t draw_stride, uint32_t generation, int64_t i,
                      int64_t n, vu *half0, vu *half1, vi *upper) {
  vu key = read_words64(keys, key_stride, i, n);
  vu lane = read_words32(lanes, 1, i, n);
  vu draw = read_words32(draws, draw_stride, i, n);
  vu block = (lane >> 4) * 8 + (lane & 7);
  *upper = -(vi)((lane >> 3) & 1);
  philox_vu(key & LOW32, key >> 32, (vu)(UINT64_C(0)), draw, block, (vu)((uint64_t)generation),
            half0, half1);
}

#define STORE_VALUES(j, z) write_vd(dst, j, n, z)

#define GENERATOR(name)                                                                            \
  static void fill_##name##_contiguous(int64_t n, double *dst, uint64_t key, uint32_t generation,  \
                                       uint32_t draw, uint32_t first_lane) {                       \
    FOR_CHUNKS(pair_##name, STORE_VALUES)                                                          \
  }                                                                                                \
  static void fill_##name##_lanes(int64_t n, double *dst, const uint64_t *keys,                    \
                                  uint32_t key_stride, const uint32_t *lanes,                      \
                                  const uint32_t *draws, uint32_t draw_stride,                     \
                                  uint32_t generation) {                                           \
    for (int64_t i = 0; i < n; i += WIDTH) {                                                       \
      vu half0, half1;                                                                             \
      vd lower, upper;                                                                             \
      vi takes_upper;                                                                              \
      lane_bits(keys, key_stride, lanes, draws, draw_stride, generation, i, n, &half0, &half1,     \
                &takes_upper);                                                                     \
      pair_##name(half0, half1, &lower, &upper);                                                   \
      write_vd(dst, i, n, select_vd(takes_upper, upper, lower));                                   \
    }                                                                                              \
  }
BOREL_GENERATOR_LIST(GENERATOR)

INLINE vd operand(const double *p, int is_uniform, vd one, int64_t i, int64_t n) {
  return is_uniform ? one : read_vd(p, i, n);
}

static void fill_normal_location_scale(int64_t n, double *dst, const double *mean, const double *sd,
                                       uint32_t uniform, uint64_t key, uint32_t generation,
                                       uint32_t draw, uint32_t first_lane) {
  if (n <= 0) return;
  vd one_mean = splat_vd(*mean), one_sd = splat_vd(*sd);
#define STORE_LOCATION_SCALE(j, z)                                                                 \
  write_vd(dst, j, n, madd(operand(sd, uniform & 2, one_sd, j, n), z,                              \
                           operand(mean, uniform & 1, one_mean, j, n)))
  FOR_CHUNKS(pair_normal, STORE_LOCATION_SCALE)
}

static void fill_normal_affine(int64_t n, double *dst, const double *a, const double *x,
                               const double *b, const double *sd, uint32_t uniform, uint64_t key,
                               uint32_t generation, uint32_t draw, uint32_t first_lane) {
  if (n <= 0) return;
  vd one_a = splat_vd(*a), one_x = splat_vd(*x), one_b = splat_vd(*b), one_sd = splat_vd(*sd);
#define STORE_AFFINE(j, z)                                                                         \
  write_vd(dst, j, n, madd(operand(sd, uniform & 8, one_sd, j, n), z,                              \
                           madd(operand(a, uniform & 1, one_a, j, n),                              \
                                operand(x, uniform & 2, one_x, j, n),                              \
                                operand(b, uniform & 4, one_b, j, n))))
  FOR_CHUNKS(pair_normal, STORE_AFFINE)
}

static double s_lane_uniform(const borel_lane_random *random) {
  double result;
  fill_uniform_lanes(1, &result, &random->key, 0, &random->lane, &random->draw, 0,
                     random->generation);
  return result;
}
static double s_lane_normal(const borel_lane_random *random) {
  double result;
  fill_normal_lanes(1, &result, &random->key, 0, &random->lane, &random->draw, 0,
                    random->generation);
  return result;
}
static double s_lane_exponential(const borel_lane_random *random) {
  double result;
  fill_exponential_lanes(1, &result, &random->key, 0, &random->lane, &random->draw, 0,
                         random->generation);
  return result;
}

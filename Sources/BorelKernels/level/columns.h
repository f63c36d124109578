/// Reductions over tiles, resampling counts, gather, scatter and compaction.

INLINE double sum_elements(vd v) {
  return ((v[0] + v[4]) + (v[2] + v[6])) + ((v[1] + v[5]) + (v[3] + v[7]));
}
/// Elements from `count` on become 0.
INLINE vd keep_first(vd v, int64_t count) {
  const vi positions = {0, 1, 2, 3, 4, 5, 6, 7};
  return select_vd((vi)(positions < count), v, splat_vd(0.0));
}

static double tile_max(int64_t n, const double *x) {
  vd a = -infinity_vd(), b = a;
  int64_t i = 0;
  for (; i + 2 * WIDTH <= n; i += 2 * WIDTH) {
    vd va = load_vd(x + i), vb = load_vd(x + i + WIDTH);
    a = (vi)(va > a) ? va : a;
    b = (vi)(vb > b) ? vb : b;
  }
  for (; i < n; i += WIDTH) {
    vd va = read_vd(x, i, n);
    a = (vi)(va > a) ? va : a;
  }
  a = (vi)(b > a) ? b : a;
  double largest = a[0];
  for (int j = 1; j < WIDTH; j++) largest = a[j] > largest ? a[j] : largest;
  return largest;
}

static void tile_exp_sum(int64_t n, const double *logw, double max, double *w, double *sum,
                         double *sumsq) {
  vd total = splat_vd(0.0), squares = total, shift = splat_vd(max);
  if (max == -__builtin_inf()) shift = splat_vd(0.0);
  int64_t i = 0;
  for (; i + WIDTH <= n; i += WIDTH) {
    vd value = exp_vd(load_vd(logw + i) - shift);
    total += value;
    squares = madd(value, value, squares);
    if (w != NULL) store_vd(w + i, value);
  }
  if (i < n) {
    vd value = keep_first(exp_vd(read_vd(logw, i, n) - shift), n - i);
    total += value;
    squares = madd(value, value, squares);
    if (w != NULL) store_part_vd(w + i, value, n - i);
  }
  *sum = sum_elements(total);
  *sumsq = sum_elements(squares);
}

static double tile_sum(int64_t n, const double *x) {
  vd total = splat_vd(0.0);
  for (int64_t i = 0; i < n; i += WIDTH) {
    vd value = read_vd(x, i, n);
    total += n - i >= WIDTH ? value : keep_first(value, n - i);
  }
  return sum_elements(total);
}

static int64_t first_nan(int64_t n, const double *x) {
  for (int64_t i = 0; i < n; i += WIDTH) {
    vi bad = is_nan_mask(read_vd(x, i, n));
    if (any(bad)) return i + first(bad);
  }
  return -1;
}

static int64_t count_true(int64_t n, const int64_t *mask) {
  int64_t count = 0;
  for (int64_t i = 0; i < n; i++) count += mask[i] != 0;
  return count;
}

/// A zero that the compiler does not know: one that it knows turns shuffles into slow expansions.
INLINE vd unknown_zero(void) {
  vd zero = splat_vd(0.0);
#if BOREL_LEVEL == 2
  __asm__("" : "+m"(zero));
#endif
  return zero;
}

/// Inclusive prefix sums of eight elements.
///
/// - Parameter zero: `unknown_zero()`.
INLINE vd prefix_sums(vd v, vd zero) {
  v += __builtin_shufflevector(zero, v, 7, 8, 9, 10, 11, 12, 13, 14);
  v += __builtin_shufflevector(zero, v, 6, 7, 8, 9, 10, 11, 12, 13);
  v += __builtin_shufflevector(zero, v, 4, 5, 6, 7, 8, 9, 10, 11);
  return v;
}

/// The last element, eight times.
INLINE vd last_of(vd v) { return __builtin_shufflevector(v, v, 7, 7, 7, 7, 7, 7, 7, 7); }

static int64_t systematic_counts(int64_t n, const double *weight, double *cumulative, double scale,
                                 double offset, int64_t positions, int64_t before,
                                 int32_t *counts) {
  /* What is carried from vector to vector stays in vectors: one addition each. */
  vd carry = splat_vd(*cumulative);
  const int64_t magic = INT64_C(0x4330000000000000);
  vi used = splat_vi(before + magic);
  const vd zero = unknown_zero();
  for (int64_t i = 0; i < n; i += WIDTH) {
    int64_t valid = n - i < WIDTH ? n - i : WIDTH;
    vd w = read_vd(weight, i, n);
    if (valid < WIDTH) w = keep_first(w, valid);
    vd own = prefix_sums(w, zero);
    vd sums = own + carry;
    carry += last_of(own);
    vd reached = ceil_vd(sums * scale - offset);
    reached = at_most(at_least(reached, 0.0), (double)positions);
    /* Adding 2^52 leaves the integer in the low bits; the bits above cancel in differences. */
    vi upto = (vi)(reached + 0x1p52);
    vi previous = __builtin_shufflevector(used, upto, 7, 8, 9, 10, 11, 12, 13, 14);
    vi count = upto - previous;
    /* Prefix sums of a tree may fall by a rounding error, or rise where a weight is zero. */
    vu limit = (vu)select_vi((vi)(w == 0.0), splat_vi(0), splat_vi(INT64_MAX));
    if (__builtin_expect(any((vi)((vu)count > limit)), 0)) {
      int64_t last = used[WIDTH - 1];
      for (int j = 0; j < WIDTH; j++) {
        int64_t next = w[j] == 0.0 || upto[j] < last ? last : upto[j];
        count[j] = next - last;
        last = next;
      }
      used = splat_vi(last);
    } else {
      used = upto;
    }
    if (valid == WIDTH) {
      *(vi32_memory *)(counts + i) = __builtin_convertvector(count, vi32);
    } else {
      for (int j = 0; j < valid; j++) counts[i + j] = (int32_t)count[j];
    }
  }
  *cumulative = carry[0];
  return used[WIDTH - 1] - magic;
}

static int64_t stratified_counts(int64_t n, const double *weight, double *cumulative, double scale,
                                 const double *offsets, int64_t positions, int64_t before,
                                 int32_t *counts) {
  double carry = *cumulative;
  int64_t used = before;
  for (int64_t i = 0; i < n; i++) {
    int64_t start = used;
    if (weight[i] > 0.0) {
      carry += weight[i];
      double reached = carry * scale;
      while (used < positions && (double)used + offsets[used] < reached) used++;
    }
    counts[i] = (int32_t)(used - start);
  }
  *cumulative = carry;
  return used;
}

/// Running maxima of eight elements.
INLINE vi32 prefix_maxima(vi32 v) {
  vi32 shifted = __builtin_shufflevector(v, v, 0, 0, 1, 2, 3, 4, 5, 6);
  v = shifted > v ? shifted : v;
  shifted = __builtin_shufflevector(v, v, 0, 1, 0, 1, 2, 3, 4, 5);
  v = shifted > v ? shifted : v;
  shifted = __builtin_shufflevector(v, v, 0, 1, 2, 3, 0, 1, 2, 3);
  return shifted > v ? shifted : v;
}

/// Each element marks its first place, which the next one takes when it has no offspring; running
/// maxima fill the places between. Nothing branches on the counts.
static int64_t ancestors_from_counts(int64_t n, const int32_t *counts, int32_t start,
                                     int32_t *ancestors) {
  int64_t total = 0;
  for (int64_t i = 0; i < n; i++) total += counts[i];
  memset(ancestors, 0, (size_t)total * sizeof *ancestors);
  while (n > 0 && counts[n - 1] == 0) n--;
  int64_t place = 0;
  for (int64_t i = 0; i < n; i++) {
    ancestors[place] = (int32_t)i;
    place += counts[i];
  }
  vi32 carry = (vi32)(0);
  int64_t i = 0;
  for (; i + WIDTH <= total; i += WIDTH) {
    vi32 own = prefix_maxima(*(const vi32_memory *)(ancestors + i));
    vi32 v = carry > own ? carry : own;
    own = __builtin_shufflevector(own, own, 7, 7, 7, 7, 7, 7, 7, 7);
    carry = carry > own ? carry : own;
    *(vi32_memory *)(ancestors + i) = v + start;
  }
  int32_t last = carry[0];
  for (; i < total; i++) {
    last = ancestors[i] > last ? ancestors[i] : last;
    ancestors[i] = last + start;
  }
  return total;
}

/// The weight carried out of whole tiles by `systematic_counts`: the same additions without the
/// positions.
static double cumulative_weight(int64_t n, const double *weight, double before) {
  double carry = before;
  for (int64_t i = 0; i < n; i += WIDTH) {
    vd w = read_vd(weight, i, n);
    if (n - i < WIDTH) w = keep_first(w, n - i);
    carry += ((w[7] + w[6]) + (w[5] + w[4])) + ((w[3] + w[2]) + (w[1] + w[0]));
  }
  return carry;
}

#define MOVES(bits)                                                                                \
  static void gather##bits(int64_t n, void *dst, const void *src, const int32_t *index) {          \
    uint##bits##_t *out = dst;                                                                     \
    const uint##bits##_t *in = src;                                                                \
    for (int64_t i = 0; i < n; i++) out[i] = in[index[i]];                                         \
  }                                                                                                \
  static void scatter##bits(int64_t n, void *dst, const void *src, const int32_t *index) {         \
    uint##bits##_t *out = dst;                                                                     \
    const uint##bits##_t *in = src;                                                                \
    for (int64_t i = 0; i < n; i++) out[index[i]] = in[i];                                         \
  }
MOVES(32)
MOVES(64)

#define COMPACT_REST(bits)                                                                         \
  for (; i < n; i++) {                                                                             \
    out[count] = in[i];                                                                            \
    count += (mask[i] != 0) == (want != 0);                                                        \
  }

static int64_t compact64(int64_t n, void *dst, const void *src, const int64_t *mask, int want) {
  uint64_t *out = dst;
  const uint64_t *in = src;
  int64_t count = 0, i = 0;
#if BOREL_LEVEL == 2
  __mmask8 flip = want ? 0 : 0xff;
  for (; i + WIDTH <= n; i += WIDTH) {
    __m512i flags = _mm512_loadu_si512(mask + i);
    __mmask8 keep = _mm512_test_epi64_mask(flags, flags) ^ flip;
    __m512i packed = _mm512_maskz_compress_epi64(keep, _mm512_loadu_si512(in + i));
    _mm512_storeu_si512(out + count, packed);
    count += __builtin_popcount(keep);
  }
#endif
  COMPACT_REST(64)
  return count;
}

static int64_t compact32(int64_t n, void *dst, const void *src, const int64_t *mask, int want) {
  uint32_t *out = dst;
  const uint32_t *in = src;
  int64_t count = 0, i = 0;
#if BOREL_LEVEL == 2
  __mmask8 flip = want ? 0 : 0xff;
  for (; i + WIDTH <= n; i += WIDTH) {
    __m512i flags = _mm512_loadu_si512(mask + i);
    __mmask8 keep = _mm512_test_epi64_mask(flags, flags) ^ flip;
    __m256i values = _mm256_loadu_si256((const __m256i *)(in + i));
    _mm256_storeu_si256((__m256i *)(out + count), _mm256_maskz_compress_epi32(keep, values));
    count += __builtin_popcount(keep);
  }
#endif
  COMPACT_REST(32)
  return count;
}

static void partition_indices(int64_t n, const int64_t *mask, int32_t *true_index,
                              int32_t *false_index, int64_t *true_count) {
  int64_t yes = 0, no = 0, i = 0;
#if BOREL_LEVEL == 2
  __m256i index = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
  for (; i + WIDTH <= n; i += WIDTH) {
    __m512i flags = _mm512_loadu_si512(mask + i);
    __mmask8 keep = _mm512_test_epi64_mask(flags, flags), drop = (__mmask8)~keep;
    _mm256_storeu_si256((__m256i *)(true_index + yes), _mm256_maskz_compress_epi32(keep, index));
    _mm256_storeu_si256((__m256i *)(false_index + no), _mm256_maskz_compress_epi32(drop, index));
    yes += __builtin_popcount(keep);
    no += __builtin_popcount(drop);
    index = _mm256_add_epi32(index, _mm256_set1_epi32(8));
  }
#endif
  for (; i < n; i++) {
    int flag = mask[i] != 0;
    true_index[yes] = (int32_t)i;
    false_index[no] = (int32_t)i;
    yes += flag;
    no += !flag;
  }
  *true_count = yes;
}

/// Columns of rejection samplers: the first attempt of eight lanes at once, with the operations of
/// the scalar sampler in the same order; the few lanes that reject start over in the scalar
/// sampler, which repeats their first attempt and goes on.

/// Box and Muller's cosine from two uniforms.
INLINE vd normal_cosine(vd radial, vd turns) {
  vd sine, cosine;
  sincos_turns(turns, &sine, &cosine);
  return sqrt_vd(log_positive(radial) * -2.0) * cosine;
}
static double s_normal_cosine(double radial, double turns) {
  return normal_cosine(splat_vd(radial), splat_vd(turns))[0];
}

typedef struct {
  vu key, lane, draw, generation;
} stream_words;

INLINE stream_words read_streams(const borel_lane_streams *s, int64_t i, int64_t n) {
  stream_words words;
  words.key = read_words64(s->keys, s->key_stride, i, n);
  words.draw = read_words32(s->draws, s->draw_stride, i, n);
  const vu positions = {0, 1, 2, 3, 4, 5, 6, 7};
  words.lane = s->lanes ? read_words32(s->lanes, 1, i, n)
                        : (positions + (uint64_t)(s->first_lane + (uint32_t)i)) & LOW32;
  words.generation = (vu)((uint64_t)s->generation);
  return words;
}
INLINE void private_bits(const stream_words *w, uint32_t sub, vu *half0, vu *half1) {
  philox_vu(w->key & LOW32, w->key >> 32, (vu)((uint64_t)sub), w->draw, w->lane, w->generation,
            half0, half1);
}
INLINE borel_lane_random scalar_stream(const borel_lane_streams *s, int64_t i) {
  uint32_t lane = s->lanes ? s->lanes[i] : s->first_lane + (uint32_t)i;
  return borel_lane_random_make(s->keys[i * s->key_stride], lane, s->generation,
                                s->draws[i * s->draw_stride]);
}

/// One attempt for shape >= 1 from three words.
INLINE vd gamma_attempt(vd shape, vu bits0, vu bits1, vu bits2, vi *accepted) {
  vd d = shape - 1.0 / 3.0;
  vd c = 1.0 / sqrt_vd(9.0 * d);
  vd z = normal_cosine(unit_interval(bits0), unit_interval(bits1));
  vd t = 1.0 + c * z;
  vd v = t * t * t;
  vd u = unit_interval(bits2);
  vd square = z * z;
  vi possible = (vi)(t > 0.0);
  vi quick = (vi)(u < 1.0 - 0.0331 * square * square);
  if (any(possible & ~quick)) {
    quick |= (vi)(log_vd(u) < 0.5 * square + d * (1.0 - v + log_vd(v)));
  }
  *accepted = possible & quick;
  return d * v;
}

INLINE vd boosted_shape(vd shape) {
  return select_vd((vi)(shape >= 1.0), shape, shape + 1.0);
}

static void fill_gamma(int64_t n, double *dst, const double *shape, uint32_t uniform,
                       const borel_lane_streams *streams) {
  if (n <= 0) return;
  vd one = splat_vd(*shape);
  for (int64_t i = 0; i < n; i += WIDTH) {
    vd a = uniform & 1 ? one : read_vd(shape, i, n);
    stream_words words = read_streams(streams, i, n);
    vu bits[4];
    private_bits(&words, 1, &bits[0], &bits[1]);
    private_bits(&words, 2, &bits[2], &bits[3]);
    vi accepted;
    vd value = gamma_attempt(boosted_shape(a), bits[0], bits[1], bits[2], &accepted);
    vi small = (vi)(a < 1.0);
    if (any(small)) {
      vd exponential = -log_vd(unit_interval(bits[3]));
      value = select_vd(small, exp_vd(log_vd(value) - exponential / a), value);
    }
    accepted &= positive_finite(a);
    write_vd(dst, i, n, value);
    if (!any(~accepted)) continue;
    for (int64_t j = i; j < n && j < i + WIDTH; j++) {
      if (accepted[j - i]) continue;
      borel_lane_random random = scalar_stream(streams, j);
      dst[j] = borel_draw_gamma(&random, a[j - i]);
    }
  }
}

static void fill_beta(int64_t n, double *dst, const double *a, const double *b, uint32_t uniform,
                      const borel_lane_streams *streams) {
  if (n <= 0) return;
  vd one_a = splat_vd(*a), one_b = splat_vd(*b);
  for (int64_t i = 0; i < n; i += WIDTH) {
    vd va = uniform & 1 ? one_a : read_vd(a, i, n), vb = uniform & 2 ? one_b : read_vd(b, i, n);
    stream_words words = read_streams(streams, i, n);
    vu bits[8];
    UNROLL for (uint32_t k = 0; k < 4; k++) {
      private_bits(&words, k + 1, &bits[2 * k], &bits[2 * k + 1]);
    }
    /* A first shape below 1 takes one more word. */
    vi small_a = (vi)(va < 1.0), small_b = (vi)(vb < 1.0);
    vu later[4];
    UNROLL for (int k = 0; k < 4; k++) later[k] = small_a ? bits[k + 4] : bits[k + 3];
    vi accepted, accepted_b;
    vd x = gamma_attempt(boosted_shape(va), bits[0], bits[1], bits[2], &accepted);
    vd y = gamma_attempt(boosted_shape(vb), later[0], later[1], later[2], &accepted_b);
    vd value = x / (x + y);
    if (any(small_a | small_b)) {
      vd first_power = -log_vd(unit_interval(bits[3])) / va;
      vd second_power = -log_vd(unit_interval(later[3])) / vb;
      vd log_x = log_vd(x) - select_vd(small_a, first_power, splat_vd(0.0));
      vd log_y = log_vd(y) - select_vd(small_b, second_power, splat_vd(0.0));
      value = select_vd(small_a | small_b, logistic_vd(log_x - log_y), value);
    }
    value = at_most(at_least(value, 0x1p-1022), 1.0 - 0x1p-53);
    accepted &= accepted_b & positive_finite(va) & positive_finite(vb);
    write_vd(dst, i, n, value);
    if (!any(~accepted)) continue;
    for (int64_t j = i; j < n && j < i + WIDTH; j++) {
      if (accepted[j - i]) continue;
      borel_lane_random random = scalar_stream(streams, j);
      dst[j] = borel_draw_beta(&random, va[j - i], vb[j - i]);
    }
  }
}

/// Sequential search for rates below 10; the count of each lane stops by itself.
INLINE vi poisson_search(vd rate, vd u, vi wanted) {
  vd term = exp_vd(-rate), sum = term, k = splat_vd(0.0);
  while (1) {
    vi active = wanted & (vi)(u > sum) & (vi)(k < 1000.0);
    if (!any(active)) return to_int(k);
    k = select_vd(active, k + 1.0, k);
    term = select_vd(active, term * (rate / k), term);
    sum = select_vd(active, sum + term, sum);
  }
}

/// One attempt of transformed rejection for rates from 10.
INLINE vi poisson_attempt(vd rate, vd uniform, vd v, vi *accepted) {
  vd b = 0.931 + 2.53 * sqrt_vd(rate);
  vd a = -0.059 + 0.02483 * b;
  vd inverse_alpha = 1.1239 + 1.1328 / (b - 3.4);
  vd squeeze = 0.9277 - 3.6224 / (b - 2.0);
  vd u = uniform - 0.5;
  vd us = 0.5 - abs_vd(u);
  vd position = (2.0 * a / us + b) * u + rate + 0.43;
  vi possible = (vi)(position >= 0.0) & (vi)(position <= 9e15);
  vd k = trunc_vd(select_vd(possible, position, splat_vd(0.0)));
  vi quick = (vi)(us >= 0.07) & (vi)(v <= squeeze);
  if (any(possible & ~quick)) {
    vd accepted_log = k * log_vd(rate) - rate - lgamma_positive(k + 1.0);
    vi slow = (vi)(log_vd(v * inverse_alpha / (a / (us * us) + b)) <= accepted_log);
    quick |= slow & ~((vi)(us < 0.013) & (vi)(v > us));
  }
  *accepted = possible & quick;
  return to_int(k);
}

static void fill_poisson(int64_t n, int64_t *dst, const double *rate, uint32_t uniform,
                         const borel_lane_streams *streams) {
  if (n <= 0) return;
  vd one = splat_vd(*rate);
  for (int64_t i = 0; i < n; i += WIDTH) {
    vd mean = uniform & 1 ? one : read_vd(rate, i, n);
    stream_words words = read_streams(streams, i, n);
    vu half0, half1;
    private_bits(&words, 1, &half0, &half1);
    vi small = (vi)(mean > 0.0) & (vi)(mean < 10.0);
    vi large = (vi)(mean >= 10.0) & (vi)(mean <= 1e15);
    vi accepted = small, count = splat_vi(0);
    if (any(small)) {
      count = poisson_search(select_vd(small, mean, splat_vd(1.0)), unit_interval(half0), small);
    }
    if (any(large)) {
      vi kept;
      vi attempt = poisson_attempt(select_vd(large, mean, splat_vd(10.0)), unit_interval(half0),
                                   unit_interval(half1), &kept);
      count = select_vi(large, attempt, count);
      accepted |= large & kept;
    }
    write_vi(dst, i, n, count);
    if (!any(~accepted)) continue;
    for (int64_t j = i; j < n && j < i + WIDTH; j++) {
      if (accepted[j - i]) continue;
      borel_lane_random random = scalar_stream(streams, j);
      dst[j] = borel_draw_poisson(&random, mean[j - i]);
    }
  }
}

/// Loops over columns. A kernel is a vector function plus one of these macros; whether an operand
/// is one value or a column is decided outside the loop for cheap kernels (`BINARY_CHEAP`).

#define KERNEL_HEAD(name)                                                                          \
  static int64_t k_##name(int64_t n, void *dst, const void *a, const void *b, const void *c,       \
                          uint32_t uniform)
#define UNUSED (void)a, (void)b, (void)c, (void)uniform

#define SCALAR_vd double
#define SCALAR_vi int64_t
#define READ(T, p, i, n) read_##T((const SCALAR_##T *)(p), i, n)
#define WRITE(T, p, i, n, v) write_##T((SCALAR_##T *)(p), i, n, v)
#define SPLAT(T, p) splat_##T(*(const SCALAR_##T *)(p))

INLINE int64_t repeat_vd(double *dst, int64_t n, vd v) {
  for (int64_t i = 0; i < n; i += WIDTH) write_vd(dst, i, n, v);
  return -1;
}
INLINE int64_t repeat_vi(int64_t *dst, int64_t n, vi v) {
  for (int64_t i = 0; i < n; i += WIDTH) write_vi(dst, i, n, v);
  return -1;
}

/// dst = f(a) with operands of vector type IN and results of type OUT.
#define UNARY(name, OUT, IN, f)                                                                    \
  KERNEL_HEAD(name) {                                                                              \
    UNUSED;                                                                                        \
    if (n <= 0) return -1;                                                                         \
    if (uniform & 1) {                                                                             \
      IN one = SPLAT(IN, a);                                                                       \
      return repeat_##OUT((SCALAR_##OUT *)dst, n, f(one));                                         \
    }                                                                                              \
    int64_t i = 0;                                                                                 \
    for (; i + WIDTH <= n; i += WIDTH) {                                                           \
      store_##OUT((SCALAR_##OUT *)dst + i, f(load_##IN((const SCALAR_##IN *)a + i)));              \
    }                                                                                              \
    if (i < n) WRITE(OUT, dst, i, n, f(READ(IN, a, i, n)));                                        \
    return -1;                                                                                     \
  }

/// The same with one copy of a long `f`.
#define UNARY_LONG(name, OUT, IN, f)                                                               \
  KERNEL_HEAD(name) {                                                                              \
    UNUSED;                                                                                        \
    if (n <= 0) return -1;                                                                         \
    int64_t count = uniform & 1 ? 1 : n;                                                           \
    for (int64_t i = 0; i < count; i += WIDTH) {                                                   \
      WRITE(OUT, dst, i, count, f(READ(IN, a, i, count)));                                         \
    }                                                                                              \
    if (count < n) repeat_##OUT((SCALAR_##OUT *)dst, n, SPLAT(OUT, dst));                          \
    return -1;                                                                                     \
  }

#define BINARY_LOOP(OUT, f, va, vb)                                                                \
  for (; i + WIDTH <= n; i += WIDTH) store_##OUT((SCALAR_##OUT *)dst + i, f(va, vb))

/// dst = f(a, b), one loop per combination of column and value.
#define BINARY_CHEAP(name, OUT, INA, INB, f)                                                       \
  KERNEL_HEAD(name) {                                                                              \
    UNUSED;                                                                                        \
    if (n <= 0) return -1;                                                                         \
    int64_t i = 0;                                                                                 \
    const SCALAR_##INA *pa = a;                                                                    \
    const SCALAR_##INB *pb = b;                                                                    \
    INA one_a = SPLAT(INA, a);                                                                     \
    INB one_b = SPLAT(INB, b);                                                                     \
    switch (uniform & 3) {                                                                         \
    case 0: BINARY_LOOP(OUT, f, load_##INA(pa + i), load_##INB(pb + i)); break;                    \
    case 1: BINARY_LOOP(OUT, f, one_a, load_##INB(pb + i)); break;                                 \
    case 2: BINARY_LOOP(OUT, f, load_##INA(pa + i), one_b); break;                                 \
    default: return repeat_##OUT((SCALAR_##OUT *)dst, n, f(one_a, one_b));                         \
    }                                                                                              \
    if (i < n) {                                                                                   \
      INA va = uniform & 1 ? one_a : READ(INA, pa, i, n);                                          \
      INB vb = uniform & 2 ? one_b : READ(INB, pb, i, n);                                          \
      WRITE(OUT, dst, i, n, f(va, vb));                                                            \
    }                                                                                              \
    return -1;                                                                                     \
  }

/// dst = f(a, b) with one copy of a long `f`.
#define BINARY_LONG(name, OUT, INA, INB, f)                                                        \
  KERNEL_HEAD(name) {                                                                              \
    UNUSED;                                                                                        \
    if (n <= 0) return -1;                                                                         \
    INA one_a = SPLAT(INA, a);                                                                     \
    INB one_b = SPLAT(INB, b);                                                                     \
    int64_t count = (uniform & 3) == 3 ? 1 : n;                                                    \
    for (int64_t i = 0; i < count; i += WIDTH) {                                                   \
      INA va = uniform & 1 ? one_a : READ(INA, a, i, count);                                       \
      INB vb = uniform & 2 ? one_b : READ(INB, b, i, count);                                       \
      WRITE(OUT, dst, i, count, f(va, vb));                                                        \
    }                                                                                              \
    if (count < n) repeat_##OUT((SCALAR_##OUT *)dst, n, SPLAT(OUT, dst));                          \
    return -1;                                                                                     \
  }

#define TERNARY(name, OUT, INA, INB, INC, f)                                                       \
  KERNEL_HEAD(name) {                                                                              \
    UNUSED;                                                                                        \
    if (n <= 0) return -1;                                                                         \
    INA one_a = SPLAT(INA, a);                                                                     \
    INB one_b = SPLAT(INB, b);                                                                     \
    INC one_c = SPLAT(INC, c);                                                                     \
    int64_t i = 0;                                                                                 \
    if ((uniform & 7) == 0) {                                                                      \
      for (; i + WIDTH <= n; i += WIDTH) {                                                         \
        WRITE(OUT, dst, i, n, f(READ(INA, a, i, n), READ(INB, b, i, n), READ(INC, c, i, n)));      \
      }                                                                                            \
    }                                                                                              \
    for (; i < n; i += WIDTH) {                                                                    \
      INA va = uniform & 1 ? one_a : READ(INA, a, i, n);                                           \
      INB vb = uniform & 2 ? one_b : READ(INB, b, i, n);                                           \
      INC vc = uniform & 4 ? one_c : READ(INC, c, i, n);                                           \
      WRITE(OUT, dst, i, n, f(va, vb, vc));                                                        \
    }                                                                                              \
    return -1;                                                                                     \
  }

/// dst = f(a, &bad) or f(a, b, &bad), where `bad` marks the elements that failed.
#define UNARY_CHECKED(name, OUT, IN, f)                                                            \
  KERNEL_HEAD(name) {                                                                              \
    UNUSED;                                                                                        \
    if (n <= 0) return -1;                                                                         \
    IN one = SPLAT(IN, a);                                                                         \
    for (int64_t i = 0; i < n; i += WIDTH) {                                                       \
      vi bad;                                                                                      \
      OUT value = f(uniform & 1 ? one : READ(IN, a, i, n), &bad);                                  \
      if (__builtin_expect(any(bad), 0)) return i + first(bad);                                    \
      WRITE(OUT, dst, i, n, value);                                                                \
    }                                                                                              \
    return -1;                                                                                     \
  }

#define BINARY_CHECKED(name, f)                                                                    \
  KERNEL_HEAD(name) {                                                                              \
    UNUSED;                                                                                        \
    if (n <= 0) return -1;                                                                         \
    vi one_a = SPLAT(vi, a), one_b = SPLAT(vi, b);                                                 \
    for (int64_t i = 0; i < n; i += WIDTH) {                                                       \
      vi bad;                                                                                      \
      vi va = uniform & 1 ? one_a : READ(vi, a, i, n);                                             \
      vi vb = uniform & 2 ? one_b : READ(vi, b, i, n);                                             \
      vi value = f(va, vb, &bad);                                                                  \
      if (__builtin_expect(any(bad), 0)) return i + first(bad);                                    \
      WRITE(vi, dst, i, n, value);                                                                 \
    }                                                                                              \
    return -1;                                                                                     \
  }

/// One element at a time: `f(x, y, &result)` returns 0 when it fails.
#define BINARY_SCALAR(name, T, f)                                                                  \
  KERNEL_HEAD(name) {                                                                              \
    UNUSED;                                                                                        \
    const T *pa = a, *pb = b;                                                                      \
    T *out = dst;                                                                                  \
    int64_t step_a = uniform & 1 ? 0 : 1, step_b = uniform & 2 ? 0 : 1;                            \
    for (int64_t i = 0; i < n; i++) {                                                              \
      T value;                                                                                     \
      if (!f(pa[i * step_a], pb[i * step_b], &value)) return i;                                    \
      out[i] = value;                                                                              \
    }                                                                                              \
    return -1;                                                                                     \
  }

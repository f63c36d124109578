#include <stdint.h>
typedef int64_t (*borel_kernel)(int64_t n, void *dst, const void *a, const void *b, const void *c, uint32_t uniform);
typedef struct {uint64_t key; uint32_t lane, generation, draw, sub;} borel_lane_random;
borel_lane_random borel_lane_random_make(uint64_t key, uint32_t lane, uint32_t generation, uint32_t draw);

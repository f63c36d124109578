/// x86-64-v3: AVX2 and fused multiply-add.

#include "dispatch.h"

#if defined(__x86_64__)

#include <immintrin.h>

#define BOREL_LEVEL 1
#define BOREL_FUSED 1
#define BOREL_LEVEL_TABLE borel_level_v3

#pragma clang diagnostic ignored "-Wpsabi"
#pragma clang attribute push(__attribute__((target("arch=x86-64-v3"))), apply_to = function)
#pragma clang attribute push(__attribute__((min_vector_width(256))), apply_to = function)
#include "level/level.h"
#pragma clang attribute pop
#pragma clang attribute pop

#endif

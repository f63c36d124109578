/// The baseline of the architecture: SSE2 on x86-64, NEON with fused multiply-add on arm64.

#include "dispatch.h"

#define BOREL_LEVEL 0
#if defined(__aarch64__)
#define BOREL_FUSED 1
#else
#define BOREL_FUSED 0
#endif
#define BOREL_LEVEL_TABLE borel_level_base

#pragma clang diagnostic ignored "-Wpsabi"
#include "level/level.h"

#ifndef BOREL_ISA_H
#define BOREL_ISA_H

#include <stdint.h>

/// Instruction-set levels. `BOREL_ISA_BASE` is the baseline of the architecture (x86-64 with SSE2,
/// or arm64); the others exist on x86-64 only.
enum {
  BOREL_ISA_BASE = 0,
  BOREL_ISA_X86_V3 = 1,
  BOREL_ISA_X86_V4 = 2,
  BOREL_ISA_COUNT = 3,
};

/// The level in use. The highest that the processor has is chosen when the program is loaded.
int borel_isa(void);

/// Whether this processor can run a level.
int borel_isa_is_available(int level);

/// Pins a level for the whole process. Returns 0, or -1 (nothing changed) when the level is not
/// available. Must not be called while another thread runs kernels.
int borel_set_isa(int level);

/// The name of a level as it is written in run manifests: "x86-64", "x86-64-v3", "x86-64-v4",
/// "arm64"; NULL for an unknown level.
const char *borel_isa_name(int level);

#endif

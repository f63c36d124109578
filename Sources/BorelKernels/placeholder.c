#include "borel_kernels.h"

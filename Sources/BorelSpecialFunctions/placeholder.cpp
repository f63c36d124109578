#include "borel_special.h"

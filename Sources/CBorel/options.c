#include "borel.h"

void borel_options_init(borel_options *options) {
  if (options == NULL) return;
  *options = (borel_options){.seed = 1, .threads = 1};
}

/// Philox blocks, the tree of stream keys and the private streams of lanes.

#include "dispatch.h"

#pragma STDC FP_CONTRACT OFF

void borel_philox(uint64_t key, uint32_t c0, uint32_t c1, uint32_t c2, uint32_t c3,
                  uint32_t out[4]) {
  uint32_t key_low = (uint32_t)key, key_high = (uint32_t)(key >> 32);
  for (int round = 0; round < 10; round++) {
    uint64_t p0 = (uint64_t)c0 * 0xd2511f53u;
    uint64_t p1 = (uint64_t)c2 * 0xcd9e8d57u;
    c0 = (uint32_t)(p1 >> 32) ^ c1 ^ key_low;
    c2 = (uint32_t)(p0 >> 32) ^ c3 ^ key_high;
    c1 = (uint32_t)p1;
    c3 = (uint32_t)p0;
    key_low += 0x9e3779b9u;
    key_high += 0xbb67ae85u;
  }
  out[0] = c0, out[1] = c1, out[2] = c2, out[3] = c3;
}

/// Sub-draws from here on belong to the tree of keys; no sampler comes near.
#define KEY_SUB UINT32_C(0xffff0000)

uint64_t borel_key_child(uint64_t key, uint32_t kind, uint64_t index) {
  uint32_t out[4];
  borel_philox(key, KEY_SUB | kind, (uint32_t)index, (uint32_t)(index >> 32), 0, out);
  return (uint64_t)out[0] | ((uint64_t)out[1] << 32);
}

borel_lane_random borel_lane_random_make(uint64_t key, uint32_t lane, uint32_t generation,
                                         uint32_t draw) {
  borel_lane_random random = {
      .key = key, .lane = lane, .generation = generation, .draw = draw, .sub = 1};
  return random;
}

uint64_t borel_next_bits(borel_lane_random *random) {
  if (random->is_buffered) {
    random->is_buffered = 0;
    return random->buffer;
  }
  uint32_t out[4];
  borel_philox(random->key, random->sub, random->draw, random->lane, random->generation, out);
  random->sub += 1;
  random->buffer = (uint64_t)out[2] | ((uint64_t)out[3] << 32);
  random->is_buffered = 1;
  return (uint64_t)out[0] | ((uint64_t)out[1] << 32);
}

double borel_next_uniform(borel_lane_random *random) {
  return ((double)(borel_next_bits(random) >> 12) + 0.5) * 0x1p-52;
}

/// Box-Muller with the cosine only: a pair would make the stream's state depend on history.
double borel_next_normal(borel_lane_random *random) {
  double radial = borel_next_uniform(random);
  return borel_dispatch.normal_cosine(radial, borel_next_uniform(random));
}

double borel_next_exponential(borel_lane_random *random) {
  return -borel_log(borel_next_uniform(random));
}

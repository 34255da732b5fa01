#pragma once
// Inlined into the caller: a digest is taken of every packet's payload.
#define XXH_INLINE_ALL
#include <xxhash.h>

// The library's own choice of the widest instructions that this processor has; not every build of it has this function.
__attribute__((weak)) XXH64_hash_t XXH3_64bits_withSeed_dispatch(const void *input, size_t length, XXH64_hash_t seed);

/// XXH3 with a seed; long inputs by the widest instructions there are.
static inline XXH64_hash_t hopscope_xxh3(const void *input, size_t length, XXH64_hash_t seed) {
  const size_t longest_inlined = 240;
  if (length > longest_inlined && XXH3_64bits_withSeed_dispatch)
    return XXH3_64bits_withSeed_dispatch(input, length, seed);
  return XXH_INLINE_XXH3_64bits_withSeed(input, length, seed);
}

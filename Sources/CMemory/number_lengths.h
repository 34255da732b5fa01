#pragma once
// How many bytes a number takes that is kept in 0, 1, 2 or 4: read from a table by its highest bit, which is a third of the
// instructions of asking for each length.
#include <stdint.h>

/// The bits of a number without leading zeros, from 0 to 32.
static inline unsigned hopscope_width(uint32_t value) { return 63 - __builtin_clzll((uint64_t)value << 1 | 1); }

/// Which of the lengths 0, 1, 2 and 4 a number of so many bits needs, from 0 to 3.
static inline unsigned hopscope_code_of_width(unsigned width) {
  static const uint8_t codes[33] = {0, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2,
                                    3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3};
  return codes[width];
}

/// The length itself, in bytes.
static inline unsigned hopscope_length_of_width(unsigned width) {
  static const uint8_t lengths[33] = {0, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2,
                                      4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4};
  return lengths[width];
}

#pragma once
// What Swift has no word for: a loop compiled for instructions that not every processor has, chosen where it runs.
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#if defined(__x86_64__)
typedef uint64_t hopscope_quad __attribute__((vector_size(32), aligned(1)));

__attribute__((target("avx2"))) static inline uint64_t hopscope_sum_avx2(const uint8_t *from, size_t length) {
  const hopscope_quad low = {UINT32_MAX, UINT32_MAX, UINT32_MAX, UINT32_MAX};
  const uint8_t *end = from + length;
  hopscope_quad even = {0}, odd = {0};
  for (; end - from >= 64; from += 64) {
    const hopscope_quad *words = (const hopscope_quad *)from;
    even += (words[0] & low) + (words[1] & low);
    odd += (words[0] >> 32) + (words[1] >> 32);
  }
  if (end - from >= 32) {
    const hopscope_quad *words = (const hopscope_quad *)from;
    even += *words & low;
    odd += *words >> 32;
    from += 32;
  }
  even += odd;
  uint64_t sum = even[0] + even[1] + even[2] + even[3], word;
  for (; end - from >= 8; from += 8) {
    memcpy(&word, from, 8);
    sum += (word & UINT32_MAX) + (word >> 32);
  }
  if (from == end) return sum;
  // What is left is the end of the last eight bytes.
  memcpy(&word, end - 8, 8);
  word >>= 8 * (8 - (end - from));
  return sum + (word & UINT32_MAX) + (word >> 32);
}
#endif

/// The sum of so many bytes, 64 or more, as 32-bit words in the order that a little-endian processor reads them, the last
/// one filled up with zeros; `none` where the processor lacks the instructions.
static inline uint64_t hopscope_wide_sum(const void *from, size_t length, uint64_t none) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2")) return hopscope_sum_avx2((const uint8_t *)from, length);
#endif
  return none;
}

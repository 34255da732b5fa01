#pragma once
// What Swift has no word for: a store that goes around the cache.

typedef long long hopscope_vector __attribute__((vector_size(16), aligned(16)));
typedef long long hopscope_loose_vector __attribute__((vector_size(16), aligned(1)));

/// Writes 64 bytes to `to`, which is aligned to 64, without first reading that line of memory into the cache.
static inline void hopscope_store_line(void *to, const void *from) {
  hopscope_vector *line = (hopscope_vector *)to;
  const hopscope_loose_vector *values = (const hopscope_loose_vector *)from;
  __builtin_nontemporal_store((hopscope_vector)values[0], line);
  __builtin_nontemporal_store((hopscope_vector)values[1], line + 1);
  __builtin_nontemporal_store((hopscope_vector)values[2], line + 2);
  __builtin_nontemporal_store((hopscope_vector)values[3], line + 3);
}

/// Asks for the line of memory at `at`, which is read soon.
static inline void hopscope_prefetch(const void *at) { __builtin_prefetch(at, 0, 3); }

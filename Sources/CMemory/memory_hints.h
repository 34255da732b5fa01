#pragma once
// What Swift has no word for: a store that goes around the cache.
#include <stddef.h>
#include <stdint.h>

/// Writes eight words to `to`, which is aligned to 64, without first reading that line of memory into the cache.
static inline void hopscope_store_line(
    void *to, uint64_t a, uint64_t b, uint64_t c, uint64_t d, uint64_t e, uint64_t f, uint64_t g, uint64_t h) {
  uint64_t *line = (uint64_t *)to;
  __builtin_nontemporal_store(a, line);
  __builtin_nontemporal_store(b, line + 1);
  __builtin_nontemporal_store(c, line + 2);
  __builtin_nontemporal_store(d, line + 3);
  __builtin_nontemporal_store(e, line + 4);
  __builtin_nontemporal_store(f, line + 5);
  __builtin_nontemporal_store(g, line + 6);
  __builtin_nontemporal_store(h, line + 7);
}

/// Asks for the line of memory at `at`, which is read soon.
static inline void hopscope_prefetch(const void *at) { __builtin_prefetch(at, 0, 3); }

// Declared here, as the system's header has it for GNU sources only.
extern void *mremap(void *from, size_t length, size_t wanted, int flags, ...);

/// Gives a mapping another length, and moves it if it must; MAP_FAILED if there is no memory.
static inline void *hopscope_resize_mapping(void *from, size_t length, size_t wanted) {
  const int may_move = 1;
  return mremap(from, length, wanted, may_move);
}

#pragma once
// What Swift has no word for: memory that is asked for ahead, and a mapping that grows.
#include <stddef.h>

/// Asks for the line of memory at `at`, which is read soon.
static inline void hopscope_prefetch(const void *at) { __builtin_prefetch(at, 0, 3); }

// Declared here, as the system's header has it for GNU sources only.
extern void *mremap(void *from, size_t length, size_t wanted, int flags, ...);

/// Gives a mapping another length, and moves it if it must; MAP_FAILED if there is no memory.
static inline void *hopscope_resize_mapping(void *from, size_t length, size_t wanted) {
  const int may_move = 1;
  return mremap(from, length, wanted, may_move);
}

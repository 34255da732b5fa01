#pragma once
// What Swift has no word for: memory that is asked for ahead, a mapping that grows, and memory that moves.
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

/// Moves the memory behind `length` bytes of a mapping to `to`, in another part of it; zeros take its place. 0 if it was.
///
/// Nothing is copied, and nothing has to be zeroed.
static inline int hopscope_move_memory(void *from, size_t length, void *to) {
  const int may_move = 1, to_this_place = 2, stays_mapped = 4;
  return mremap(from, length, length, may_move | to_this_place | stays_mapped, to) == to ? 0 : -1;
}

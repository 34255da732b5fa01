#pragma once
// A file mapped into memory, whose end is no fault of the process.
//
// Where a mapped file becomes shorter, or its disk fails, reading the mapping raises SIGBUS. The handler here puts zeros
// in the place of what is gone and takes note of it, so that whoever reads finds out, as after a `read` that failed.
// Any other SIGBUS goes to whom it went before.
#include <stddef.h>
#include <stdint.h>

/// Mappings at the same time; who gets none reads instead.
#define HOPSCOPE_MOST_MAPPINGS 256

/// For each mapping, whether bytes of it were gone when they were read, and are zeros now.
extern int hopscope_lost[HOPSCOPE_MOST_MAPPINGS];

/// Maps `length` bytes of a file from `offset`, a multiple of the page's size, and says where they start.
///
/// Returns the number of the mapping, or -1 where the system maps no more. For any thread.
int hopscope_map(int file, int64_t offset, size_t length, const void **start);

/// Ends a mapping, once.
void hopscope_unmap(int number);

/// Whether bytes of a mapping were gone when they were read; false for -1.
static inline int hopscope_is_lost(int number) {
  return number >= 0 && __atomic_load_n(&hopscope_lost[number], __ATOMIC_RELAXED);
}

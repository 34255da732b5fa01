#pragma once
// Inlined into the caller: a digest is taken of every packet's payload.
#define XXH_INLINE_ALL
#include <xxhash.h>

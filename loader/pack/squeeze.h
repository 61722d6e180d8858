/* loader/pack/squeeze.h - packs, for loader/unpack.h; at build time. */
#ifndef LOADER_PACK_SQUEEZE_H
#define LOADER_PACK_SQUEEZE_H

#include "loader/unpack.h"

/* The packed form of from (at most PACK_MAX bytes)).  Returns its size:
 * more than room, and it did not fit.  The same bytes give the same everywhere. */
size_t squeeze(unsigned char *to, size_t room, struct bytes from);

#endif

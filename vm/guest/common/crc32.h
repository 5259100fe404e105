/* SPDX-License-Identifier: MIT */
#ifndef KS_CRC32_H
#define KS_CRC32_H

#include <stddef.h>
#include <stdint.h>

/** CRC-32 of IEEE 802.3 (the one of zlib) of `size` bytes. */
uint32_t ks_crc32(const void *bytes, size_t size);

#endif

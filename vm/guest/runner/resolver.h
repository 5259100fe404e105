/* SPDX-License-Identifier: MIT */
#ifndef KS_RESOLVER_H
#define KS_RESOLVER_H

/** Puts the image's own choice of name servers back, if a check has made another. 0, or -1 with a failure. */
int resolver_restore(void);

#endif

/* SPDX-License-Identifier: MIT */
/* What stands at /sbin/request-key. However a check ends, the runner puts the image's own one back. */
#ifndef KS_CHECKS_HOST_HELPER_H
#define KS_CHECKS_HOST_HELPER_H

/** Nothing. */
void host_helper_take_away(void);

/** keyutils' request-key with its rules, whatever the mechanism has there. */
void host_helper_use_images_own(void);

/** What was there before one of these. */
void host_helper_put_back(void);

#endif

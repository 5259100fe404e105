/* SPDX-License-Identifier: MIT */
/* Where the kernel looks for its helper, and where the image's own one is kept while another stands in its place. */
#ifndef KS_HELPER_PATHS_H
#define KS_HELPER_PATHS_H

#define KS_HELPER "/sbin/request-key"
/* A second name of the image's own; found after a runner that was killed. */
#define KS_HELPER_SAVED "/sbin/request-key.keystorm-saved"
/* There is a helper at its place at every moment: a new one is made here and renamed. */
#define KS_HELPER_INCOMING "/sbin/request-key.keystorm-new"

#endif

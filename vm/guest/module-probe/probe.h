/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef KSP_PROBE_H
#define KSP_PROBE_H

#include "keystorm_probe.h"

int ksp_query_init(void);
void ksp_query_exit(void);

void ksp_divert_stop(void);

int ksp_dns_query(struct ksp_request *request);
int ksp_request_key(struct ksp_request *request);

#endif

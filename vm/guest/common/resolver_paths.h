/* SPDX-License-Identifier: MIT */
/* Which name servers are asked, and where the image's own word on it is kept while a check has another in its place. */
#ifndef KS_RESOLVER_PATHS_H
#define KS_RESOLVER_PATHS_H

#define KS_RESOLV_CONF "/etc/resolv.conf"
#define KS_RESOLV_CONF_SAVED "/etc/resolv.conf.keystorm-saved"
#define KS_RESOLV_CONF_INCOMING "/etc/resolv.conf.keystorm-new"

#endif

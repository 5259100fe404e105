// SPDX-License-Identifier: MIT
#include "table.h"

#include <stddef.h>

#include "all.h"

const struct check checks[] = {
	{ "agent-backlog", check_agent_backlog },
	{ "agent-crash-refuses", check_agent_crash_refuses },
	{ "agent-in-container", check_agent_in_container },
	{ "answerer-asks", check_answerer_asks },
	{ "borrowed-credentials", check_borrowed_credentials },
	{ "bounding-set", check_bounding_set },
	{ "dns-cache-bleed", check_dns_cache_bleed },
	{ "fallbacks", check_fallbacks },
	{ "forged-description", check_forged_description },
	{ "forged-notification", check_forged_notification },
	{ "full-agent-quota", check_full_agent_quota },
	{ "full-notification-queue", check_full_notification_queue },
	{ "full-requester-quota", check_full_requester_quota },
	{ "full-signal-queue", check_full_signal_queue },
	{ "host-helper-absent", check_host_helper_absent },
	{ "key-types", check_key_types },
	{ "killable-requester", check_killable_requester },
	{ "linking-grants", check_linking_grants },
	{ "lost-agent-keyring", check_lost_agent_keyring },
	{ "malformed-answer", check_malformed_answer },
	{ "most-selective", check_most_selective },
	{ "namespace-end-withdraws", check_namespace_end_withdraws },
	{ "nearest-ancestor", check_nearest_ancestor },
	{ "negative-key-churn", check_negative_key_churn },
	{ "network-end", check_network_end },
	{ "own-agent-isolation", check_own_agent_isolation },
	{ "registration-rights", check_registration_rights },
	{ "rejection", check_rejection },
	{ "second-answer", check_second_answer },
	{ "shared-uid-range", check_shared_uid_range },
	{ "siginfo-clean", check_siginfo_clean },
	{ "stranger-answer", check_stranger_answer },
	{ "unblocked-signal", check_unblocked_signal },
	{ "usermode-helper", check_usermode_helper },
	{ "wrong-nic-ancestor", check_wrong_nic_ancestor },
	{ "wrong-nic-managed", check_wrong_nic_managed },
	{ "wrong-nic-own", check_wrong_nic_own },
	{ "wrong-nic-two-nets", check_wrong_nic_two_nets },
	{ NULL, NULL },
};

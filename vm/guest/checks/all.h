/* SPDX-License-Identifier: MIT */
/* The functions of table.c, in the order of the alphabet. Each is in the file of its name. */
#ifndef KS_CHECKS_ALL_H
#define KS_CHECKS_ALL_H

void check_add_key_race(void);
void check_agent_backlog(void);
void check_agent_crash_refuses(void);
void check_agent_in_container(void);
void check_answerer_asks(void);
void check_argument_limits(void);
void check_borrowed_credentials(void);
void check_bounding_set(void);
void check_dns_cache_bleed(void);
void check_failing_allocations(void);
void check_fallbacks(void);
void check_forged_description(void);
void check_forged_notification(void);
void check_found_dead(void);
void check_full_agent_quota(void);
void check_full_notification_queue(void);
void check_full_requester_quota(void);
void check_full_signal_queue(void);
void check_helper_missing(void);
void check_host_helper_absent(void);
void check_key_types(void);
void check_killable_requester(void);
void check_linking_grants(void);
void check_lost_agent_keyring(void);
void check_malformed_answer(void);
void check_most_selective(void);
void check_namespace_end_withdraws(void);
void check_nearest_ancestor(void);
void check_negative_key_churn(void);
void check_network_end(void);
void check_own_agent_isolation(void);
void check_registration_rights(void);
void check_rejection(void);
void check_restriction_race(void);
void check_revoked_in_making(void);
void check_second_answer(void);
void check_serial_guess(void);
void check_session_name(void);
void check_shared_uid_range(void);
void check_siginfo_clean(void);
void check_stranger_answer(void);
void check_unblocked_signal(void);
void check_unwritable_keyring(void);
void check_usermode_helper(void);
void check_wrong_nic_ancestor(void);
void check_wrong_nic_managed(void);
void check_wrong_nic_own(void);
void check_wrong_nic_two_nets(void);

#endif

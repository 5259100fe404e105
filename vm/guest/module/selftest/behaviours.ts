// SPDX-License-Identifier: MIT
/** The behaviours `ks-selftest` shows, each with the sentence it stands for. */
export const behaviours: Readonly<Record<string, string>> = {
  'fd-write-answers': 'a request read from the queue and answered by write is the key the requester gets',
  'signal-answers':
    'a request notified by signal is answered with keyctl, and leaves nothing in the keyring of the agent',
  'siginfo-is-clean': 'a notification has no byte set beyond number, code and serial, across user namespaces too',
  'fd-keyctl-answers':
    'a request read from the queue and answered with keyctl is the key the requester gets, and leaves nothing linked',
  'fd-keyctl-write-is-eopnotsupp': 'fd-keyctl: writing an answer is EOPNOTSUPP and leaves the request pending',
  'queue-has-one-delivery': 'a queue that was registered for one delivery is EBUSY for another, for ever',
  'fd-keyctl-entitles-each-reader': 'fd-keyctl: of several processes and threads, each answers what it has read',
  'fd-keyctl-entitles-nobody-else': 'fd-keyctl: who has not read a request cannot answer it, not even the registrar',
  'fd-keyctl-quota-is-edquot':
    'fd-keyctl: a reader without quota means EDQUOT to that requester, no helper, and the next request',
  'fd-keyctl-authority-ends-with-the-request':
    'fd-keyctl: what timed out or was killed cannot be assumed any more, and leaves nothing linked',
  'fd-keyctl-late-answer-is-refused': 'fd-keyctl: an authority assumed in time does not answer too late',
  'fd-keyctl-bad-buffer-entitles-nobody':
    'fd-keyctl: a reader that cannot be told is not entitled, and it stays queued',
  'fd-keyctl-nothing-is-left-linked':
    'fd-keyctl: however reading and the end of a request race, nothing is left linked',
  'fd-keyctl-borrowed-credentials-are-refused':
    'fd-keyctl: reading through io_uring, under borrowed credentials or by its threads, is EOPNOTSUPP',
  'stages-are-recorded': 'each upcall leaves its stages, in order, between the moments of asking and getting',
  'stages-are-kept-when-recording-ends':
    'stages are recorded while the parameter is set, kept, and forgotten by the next start',
  'stages-without-room-are-counted': 'stages for which there is no room are counted, once, and the older ones stay',
  'hostile-requests-for-stages-are-refused':
    'sizes and addresses that are wrong are EINVAL and EFAULT, and lose no record',
  'stages-are-for-root': 'nobody but root of the init namespaces takes stages',
  'second-answer-is-busy': 'the first answer stands, a second one is EBUSY',
  'wrong-serial-is-enokey': 'a serial that this queue never handed out is ENOKEY',
  'malformed-answers-leave-it-pending':
    'errors that are none, empty and oversized payloads are EINVAL and leave it pending',
  'short-buffer-keeps-it-queued': 'a buffer that is too small is EMSGSIZE and the request stays queued',
  'signal-agent-dies-unread': 'signal: an agent killed before it took the request means ENOKEY at once, and no helper',
  'signal-agent-dies-notified': 'signal: an agent killed after it took the request means ENOKEY at once, and no helper',
  'fd-agent-dies-unread': 'fd-write: an agent killed before it took the request means ENOKEY at once, and no helper',
  'fd-agent-dies-notified': 'fd-write: an agent killed after it took the request means ENOKEY at once, and no helper',
  'requester-is-killable-signal': 'signal: the requester of a stopped agent can be killed',
  'requester-is-killable-fd': 'fd-write: the requester of a stopped agent can be killed',
  'non-fatal-signal-does-not-end-the-wait': 'a signal that is not fatal does not end the wait',
  'timeout-is-honoured-signal': 'signal: the wait ends with the timeout',
  'timeout-is-honoured-fd': 'fd-write: the wait ends with the timeout',
  'late-answer-is-busy': 'an answer after the timeout is EBUSY, the authority is gone',
  'killed-requester-leaves-no-refusal': 'a killed requester leaves nothing in the way of the next one',
  'exec-ends-a-signal-agent': 'a program that a signal agent executes is not sent signals it never asked for',
  'rejection-is-exact-fd': 'fd-write: a rejection reaches the requester with its errno, until its time is up',
  'rejection-is-exact-signal': 'signal: a rejection reaches the requester with its errno; 512 and 0 are EINVAL',
  'revoked-registration-is-ekeyrevoked': 'a revoked registration is EKEYREVOKED, in flight too, and no helper',
  'expired-registration-is-ekeyexpired': 'an expired registration is EKEYEXPIRED, and no helper',
  'updated-registration-expires-no-more': 'who re-attaches to a registration that has expired makes it live again',
  'revoked-agent-keyring-is-refused': 'an agent whose keyring is revoked means EKEYREVOKED, and no helper',
  'unlinked-registration-is-absent': 'an unlinked registration lets its requester go and is absent afterwards',
  'malformed-registrations-are-refused':
    'registrations that are malformed, or for types nobody is asked for, are refused',
  'queue-serves-one-registration': 'a queue serves one registration',
  'registrar-reattaches': 'the registrar puts a new agent behind a dead one',
  'reattaching-refuses-the-backlog': 'the backlog of an agent that is replaced is refused, never served twice',
  'strangers-do-not-reattach': 'another uid or user namespace may not re-attach',
  'reattaching-claims-no-more': 'more capabilities than were registered cannot be claimed',
  'holders-withdraw-and-no-more':
    'who only holds a registration can invalidate it for all, but not change, revoke, expire or pass it on',
  'nobody-is-asked-for-registrations': 'a request for a keyagent key is ENOKEY, and no helper',
  'refused-registration-leaves-nothing':
    'a refused request for a keyagent key leaves no registration, nor an expired one',
  'unfinished-registration-is-none': 'a keyagent key under construction is no registration',
  'no-agent-stock-runs-the-helper': 'without an agent, fallback stock executes the helper of the host',
  'no-agent-refuse-stops-at-the-boundary': 'without an agent, fallback refuse stops outside any init namespace',
  'setuid-program-is-not-served': 'a setuid-root program is not served by the agent of whoever started it',
  'setuid-program-is-not-served-by-registrars':
    'userns, intercept: nor by the agent of a user of the container who may register there',
  'lesser-registrars-do-not-serve-root': 'nobody serves a requester more privileged than themselves',
  'same-user-does-not-serve-into-roots-namespace':
    'who shares all ids with a requester does not serve it in a user namespace that somebody else owns',
  'siblings-do-not-serve-each-other':
    'an agent of one container does not serve another, also when its registration is linked there',
  'ancestor-serves-descendants': 'an agent serves a descendant user namespace',
  'signalfd-siginfo-is-clean': 'nor has what a signalfd gives, whose fields are wider',
  'forged-notifications-from-anywhere-are-ignored':
    'an agent survives forgeries by its own user, from a user namespace and by root, and goes on answering; a stranger cannot forge',
  'null-mode-answers-itself': 'mode null answers without an agent',
  'rfc-agent-answers': 'keystorm_rfc: an agent that is told by signal answers with keyctl',
  'malformed-rfc-agents-are-refused': 'keystorm_rfc: payloads that are none are EINVAL, an empty one too',
  'rfc-dead-agent-escapes-to-the-host':
    'keystorm_rfc: the requests of a dead agent escape to the helper of the host, as the RFC has it',
  'rfc-agent-without-a-keyring-is-none':
    'keystorm_rfc: the requests of an agent that has no process keyring go to the helper of the host',
  'rfc-agent-that-dies-leaves-its-requester-waiting':
    'keystorm_rfc: an agent that dies after the signal leaves its requester waiting, until the module is unloaded',
  'rfc-unloads-behind-orphans': 'keystorm_rfc: the module unloads, whatever requests nobody answered',
  'rfc-full-signal-queue-is-negative-for-a-minute': 'keystorm_rfc: a full signal queue leaves a negative key for 60 s',
  'rfc-linking-alone-entitles': 'keystorm_rfc: an ordinary user’s agent is asked for the keys of root',
  'mode-off-restores-the-kernel': 'mode off gives requests back to the kernel',
  'queue-overflow-is-eagain': 'a full queue is EAGAIN at once, loses nothing and recovers',
  'signal-overflow-is-eagain': 'a full signal queue is EAGAIN, no helper, and recovers',
  'unload-in-flight-is-refused': 'the module cannot be unloaded while a request is in flight',
  'unload-with-open-queue-is-refused': 'the module cannot be unloaded while a queue is open',
  'unloads-and-loads-under-load': 'the module is unloaded and loaded again while requests keep coming',
  'nearest-ancestor-wins': 'userns: the nearest ancestor answers, at depth 0, 1, 8 and 32',
  'walk-reaches-the-initial-namespace': 'userns: an agent of the initial user namespace answers 33 levels below',
  'sibling-never-serves': 'userns: neither a sibling nor a descendant is asked',
  'dead-nearest-refuses': 'userns: a nearest agent that is dead refuses; the request neither walks on nor falls back',
  'ineligible-nearest-is-passed-over': 'userns: a nearest agent that may not serve is passed over, and counted',
  'type-comes-before-any': 'userns: of two on one namespace that for the key type answers',
  'withdrawn-is-walked-past': 'userns: a withdrawn registration is absent, its queue free',
  'withdrawing-refuses-the-backlog': 'userns: withdrawing refuses those who wait, at once',
  'most-selective-filter-wins': 'intercept: the most selective filter answers, whatever the order of registering',
  'every-kind-of-namespace-is-matched': 'intercept: a filter for each kind of namespace matches inside and not outside',
  'all-namespaces-must-match': 'intercept: one of two namespaces is not enough',
  'dead-filter-refuses': 'intercept: a most selective agent that is dead refuses',
  'ineligible-filter-is-passed-over':
    'intercept: root of the host in the network of a container is not served by the agent of that container',
  'user-namespace-end-withdraws': 'userns: a registration keeps no namespace, and goes with it',
  'end-of-any-named-namespace-withdraws': 'intercept: so it is with every kind of namespace',
  'end-of-one-of-two-withdraws': 'intercept: the end of one of two namespaces withdraws',
  'namesake-is-not-served': 'a namespace that is given the number of one that has ended is not taken for it',
  'malformed-ioctls-are-refused': 'registrations by ioctl that are malformed are refused, each with its errno',
  'equal-registrations-exist-once': 'an equal registration is EEXIST, withdrawing what is not there ENOENT',
  'registrar-reattaches-by-ioctl': 'the registrar exchanges the agent, live or dead; the backlog is refused',
  'others-do-not-take-over': 'another user namespace or uid may neither re-attach nor withdraw',
  'unprivileged-users-do-not-register': 'who lacks the capability registers neither for a namespace nor for everybody',
  'containers-register-for-themselves-only':
    'root of a container registers neither for host, parent nor sibling, nor for their networks',
  'registrations-are-bounded': 'a container cannot use up the registrations there may be',
  'registrations-of-a-user-are-bounded':
    'an ordinary user cannot use up the registrations there may be, with however many user namespaces',
  'all-key-types-are-served':
    'user, logon, usermode_helper, and dns_resolver that is registered later come to the agent',
  'types-not-served-are-listed': 'a key type with an actor of its own is listed as such',
  'dns-resolver-keys-have-a-network': 'intercept: a dns_resolver key goes to the agent of its network',
  'tracer-stays-on': 'the function tracer cannot be switched off under the module',
  'second-diverter-is-ebusy':
    'who wants to divert what another diverts already, a live patch say, is EBUSY, and the mode stays what it was',
  'overlong-request-is-emsgsize':
    'a request of the kernel itself that is longer than any reader has room for is EMSGSIZE, and holds up nobody',
  'modes-are-switched-under-load': 'modes can be switched while requests keep coming',
  'unload-behind-a-stuck-helper-is-refused': 'the module is not unloaded, nor waits, behind a helper that is stuck',
  'unloads-with-registrations': 'the module unloads with registrations of agents told by signal',
};

// SPDX-License-Identifier: MIT
/**
 * What an upcall path must survive, numbered for good: reports and scenarios speak of a row by its number. What is expected is the
 * manual pages' word (request_key(2), keyrings(7)) where they have one, else what today's kernel does ("seen"), else a requirement.
 */
import type { Row } from './types.ts';

export const rows: readonly Row[] = [
  {
    row: 1,
    what: 'agent or helper killed before it answers',
    expected:
      'requester gets ENOKEY promptly; stock: negative key 60 s (seen). fd deliveries: at once on release. signal delivery: bounded by the timeout (req)',
  },
  {
    row: 2,
    what: 'helper missing, or no rule for the key',
    expected: 'ENOENT / ENOKEY, negative key',
  },
  {
    row: 3,
    what: 'agent dies after notification, before it takes the request',
    expected: 'prompt ENOKEY (req); RFC shape hangs',
  },
  {
    row: 4,
    what: 'agent stopped (SIGSTOP) or slow',
    expected:
      'requester killable, bounded wait, other containers unaffected (req); stock: D state, survives SIGKILL (seen)',
  },
  {
    row: 5,
    what: 'requester killed while waiting',
    expected:
      'fatal signal: gone within 1 s (req; stock: not until the helper ends); non-fatal: the wait goes on. A late answer gets EBUSY, leaves no orphan key (req)',
  },
  {
    row: 6,
    what: 'agent rejects with an errno',
    expected: 'requester gets exactly that errno until the timeout, then a fresh upcall',
  },
  {
    row: 7,
    what: 'agent rejects with 0 or 512, or answers with 2 MB',
    expected: 'EINVAL to the agent; the request stays pending, it is not lost (req)',
  },
  {
    row: 8,
    what: 'agent answers twice',
    expected: 'same thread EPERM, forked sibling EBUSY; first answer stands (seen)',
  },
  {
    row: 9,
    what: 'agent answers with a wrong serial or without authority',
    expected: 'EPERM / ENOKEY (seen)',
  },
  {
    row: 10,
    what: 'serial guessing from another container during construction',
    expected: 'assume, read, link, revoke: ENOKEY or EACCES; record what describe reveals',
  },
  {
    row: 11,
    what: 'key revoked while under construction',
    expected: 'creator ENOKEY; next request EKEYREVOKED (seen)',
  },
  {
    row: 12,
    what: 'found key expired or revoked',
    expected: 'EKEYEXPIRED / EKEYREVOKED, then a new upcall after collection',
  },
  {
    row: 13,
    what: 'requester’s quota full',
    expected: 'EDQUOT, and no notification is sent (req)',
  },
  {
    row: 14,
    what: 'agent’s or queue’s quota full',
    expected: 'EDQUOT to the requester, no half-built key, no kernel WARN (req)',
  },
  {
    row: 15,
    what: 'agent’s signal queue full (RLIMIT_SIGPENDING)',
    expected: 'EAGAIN, no host fallback, no WARN, recovers when it drains (req)',
  },
  {
    row: 16,
    what: 'notification queue overflow',
    expected: 'bounded queue, EAGAIN at once, nothing silently lost (req)',
  },
  {
    row: 17,
    what: 'forged or stale notification',
    expected: 'ignored, agent survives (req)',
  },
  {
    row: 18,
    what: 'forged description or callout text',
    expected: 'unprivileged text never becomes identity',
  },
  {
    row: 19,
    what: 'agent in the wrong namespace',
    expected: 'must not receive; the answerer’s namespace inodes are recorded in every answer',
  },
  {
    row: 20,
    what: 'no agent, no filter',
    expected: 'the declared fallback and nothing else; never a silent escape to the host',
  },
  {
    row: 21,
    what: 'nested user namespaces',
    expected: 'nearest matching ancestor; a sibling never',
  },
  {
    row: 22,
    what: 'network namespace torn down mid-upcall',
    expected: 'no leak, no hang',
  },
  {
    row: 23,
    what: 'user namespace torn down with a queue or filters',
    expected: 'cleared, nothing pinned',
  },
  {
    row: 24,
    what: 'storm for one key',
    expected: '1 upcall a shared keyring, N if separate (seen)',
  },
  {
    row: 25,
    what: 'storm of distinct keys',
    expected: 'a bystander container’s p99 at most k times its fault-free p99 of the same boot, k declared beforehand',
  },
  {
    row: 26,
    what: 'negative-key churn and garbage-collector storm',
    expected: 'quota returns; collector CPU bounded',
  },
  {
    row: 27,
    what: 'memory pressure, and failslab on the debug kernel',
    expected: 'ENOMEM to the caller; no key stuck under construction',
  },
  {
    row: 28,
    what: 'add_key or keyring restriction racing construction',
    expected: 'no oops; EPERM on restriction',
  },
  {
    row: 29,
    what: 'recursion: the agent itself requests a key',
    expected: 'no deadlock; the context stays the original requester’s',
  },
  {
    row: 30,
    what: 'destination keyring not writable',
    expected: 'EACCES, no upcall',
  },
  {
    row: 31,
    what: 'argument limits',
    expected: 'callout 4,095 ok, 4,096 EINVAL; .type EPERM; unknown type ENOKEY (seen)',
  },
  {
    row: 32,
    what: 'two pods given the same uid range',
    expected: 'the lock prevents it; forced, the neighbour’s EDQUOT and key visibility are shown',
  },
  {
    row: 33,
    what: 'joining another container’s session by name',
    expected: 'a new keyring instead',
  },
  {
    row: 34,
    what: 'agent restarted with a backlog',
    expected: 'every queued request served once or rejected; none twice',
  },
  {
    row: 35,
    what: 'agent has not blocked its signal',
    expected: 'registration refused, or the agent is told; it must not be killed by the first request (req)',
  },
  {
    row: 36,
    what: 'agent’s keyring revoked or cleared',
    expected: 'EKEYREVOKED / refused, never the host helper (req)',
  },
  {
    row: 37,
    what: 'CPU starvation of the agent (cgroup cpu.max), PID exhaustion, OOM kill',
    expected: 'bounded waits, typed errno, recovery',
  },
  {
    row: 38,
    what: 'network loss, delay or partition on the agent’s way to its credential server',
    expected: 'waits bounded by the agent’s own deadline; bystanders unaffected',
  },
  {
    row: 39,
    what: 'guest paused and resumed, clock stepped, vCPU taken away',
    expected: 'no false timeouts beyond the pause, no lost request',
  },
  {
    row: 40,
    what: 'guest kernel panic, silent hang, soft lockup, out of disk',
    expected: 'classified rightly by the harness, other cells go on',
  },
  {
    row: 41,
    what: 'setuid-root program started under an attacker’s session keyring with the attacker’s agent linked',
    expected: 'the attacker’s agent is never asked and can assume nothing (req); keyagent-rfc: violated',
  },
];

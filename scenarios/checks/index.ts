// SPDX-License-Identifier: MIT
import type { CheckScenario } from '../types.ts';
import { agentBacklog } from './agent-backlog.ts';
import { agentCrashRefuses } from './agent-crash-refuses.ts';
import { agentInContainer } from './agent-in-container.ts';
import { answererAsks } from './answerer-asks.ts';
import { badAnswers } from './bad-answers.ts';
import { borrowedCredentials } from './borrowed-credentials.ts';
import { boundingSet } from './bounding-set.ts';
import { constructionRaces } from './construction-races.ts';
import { deadKeys } from './dead-keys.ts';
import { dnsCacheBleed } from './dns-cache-bleed.ts';
import { failingAllocations } from './failing-allocations.ts';
import { fallbacks } from './fallbacks.ts';
import { forgedDescription } from './forged-description.ts';
import { fullAgentQuota } from './full-agent-quota.ts';
import { fullNotificationQueue } from './full-notification-queue.ts';
import { fullRequesterQuota } from './full-requester-quota.ts';
import { fullSignalQueue } from './full-signal-queue.ts';
import { helperMissing } from './helper-missing.ts';
import { hostHelperAbsent } from './host-helper-absent.ts';
import { keyTypes } from './key-types.ts';
import { killableRequester } from './killable-requester.ts';
import { linkingGrants } from './linking-grants.ts';
import { lostAgentKeyring } from './lost-agent-keyring.ts';
import { mostSelective } from './most-selective.ts';
import { namespaceEndWithdraws } from './namespace-end-withdraws.ts';
import { nearestAncestor } from './nearest-ancestor.ts';
import { negativeKeyChurn } from './negative-key-churn.ts';
import { networkEnd } from './network-end.ts';
import { notifications } from './notifications.ts';
import { ownAgentIsolation } from './own-agent-isolation.ts';
import { refusedArguments } from './refused-arguments.ts';
import { registrationRights } from './registration-rights.ts';
import { rejections } from './rejections.ts';
import { serialGuessing } from './serial-guessing.ts';
import { sessionNames } from './session-names.ts';
import { sharedUidRange } from './shared-uid-range.ts';
import { unblockedSignal } from './unblocked-signal.ts';
import { usermodeHelper } from './usermode-helper.ts';
import { wrongNic } from './wrong-nic.ts';

/** Every scenario that is judged by programs of the guest, in the order of the report. */
export const checkScenarios: readonly CheckScenario[] = [
  hostHelperAbsent,
  helperMissing,
  agentInContainer,
  fallbacks,
  agentCrashRefuses,
  killableRequester,
  agentBacklog,
  answererAsks,
  ownAgentIsolation,
  linkingGrants,
  nearestAncestor,
  mostSelective,
  registrationRights,
  boundingSet,
  namespaceEndWithdraws,
  networkEnd,
  notifications,
  unblockedSignal,
  fullSignalQueue,
  fullNotificationQueue,
  fullRequesterQuota,
  fullAgentQuota,
  lostAgentKeyring,
  negativeKeyChurn,
  sharedUidRange,
  forgedDescription,
  rejections,
  badAnswers,
  serialGuessing,
  deadKeys,
  constructionRaces,
  failingAllocations,
  refusedArguments,
  sessionNames,
  keyTypes,
  borrowedCredentials,
  usermodeHelper,
  wrongNic,
  dnsCacheBleed,
];

// SPDX-License-Identifier: MIT
import { misbehaviours } from '../../vm/fake/misbehaviour.ts';
import type { Outcome } from './world.ts';

/** All that occurs in enough campaigns. */
export const tallied = [
  'sound',
  'refused',
  'interrupted',
  'disk failed',
  'nothing begun',
  'killed',
  'without power',
  'taken up',
  'complete',
  'incomplete',
  'aborted',
  ...misbehaviours.filter((kind) => kind !== 'freeze'),
] as const;

/** What occurred in a campaign, each once. */
export function tallyOf({
  plan,
  interrupted,
  storeFailed,
  diaries,
  found,
  left,
  resumed,
  campaign,
}: Outcome): string[] {
  const happened = new Set(diaries.flatMap((diary) => diary.happened));
  const words: (readonly [string, boolean])[] = [
    ['refused', plan === null],
    ['sound', plan !== null && !interrupted && !storeFailed && happened.size === 0],
    ['interrupted', interrupted],
    ['disk failed', storeFailed],
    ['nothing begun', plan !== null && 'thrown' in found],
    ['killed', left !== null && campaign.cut?.how === 'killed'],
    ['taken up', resumed !== null],
    ['without power', left !== null && campaign.cut?.how === 'power'],
  ];
  const status = 'run' in found ? [found.run.status] : [];
  return [...words.flatMap(([word, is]) => (is ? [word] : [])), ...status, ...happened];
}

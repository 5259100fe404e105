// SPDX-License-Identifier: MIT
/** Whether a run that is taken up becomes what it would have been. */
import type { RunRecord } from '../../../results/records.ts';
import { alike } from './alike.ts';
import { showsDamageIn } from './hearing.ts';
import type { Invariant } from './invariant.ts';

export const takenUpIsWhole: Invariant = {
  name: 'a run that is taken up again keeps the boots that had ended, does the others, and is then whole',
  complaints: ({ resumed }) => {
    if (resumed === null) return [];
    const { taken, found, openFiles } = resumed;
    const { before, again, end } = taken;
    if (end.how !== 'returned')
      return [`taking it up ${end.how === 'never' ? 'never ended' : `threw ${String(end.thrown)}`}`];
    if ('thrown' in found) return [`it cannot be read: ${String(found.thrown)}`];
    const { records, status, problems } = found.run;
    const kept = (all: readonly RunRecord[]) =>
      all.filter(({ kind, boot }) => kind !== 'resumed' && boot !== null && !again.includes(boot));
    const sound = !showsDamageIn(kept(before));
    const ends = records.filter(({ kind }) => kind === 'boot-end').length;
    const boots = found.run.manifest.plan.boots.length;
    return [
      ...(openFiles > 0 ? [`${openFiles} files are open`] : []),
      ...(end.value.every((outcome) => outcome === 'done')
        ? []
        : [`boots that were done again are ${end.value.join()}`]),
      ...(alike(kept(records), kept(before)) ? [] : ['what was kept is not what it was']),
      ...(ends === boots ? [] : [`${ends} of ${boots} boots have an end`]),
      ...(status === (sound ? 'complete' : 'incomplete')
        ? []
        : [`it reads as ${status}: ${problems[0] ?? 'no problem'}`]),
    ];
  },
};

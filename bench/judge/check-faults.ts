// SPDX-License-Identifier: MIT
/**
 * Whether the faults that a block's checks inject were there at all, and whether they have gone: of a fault that hit nothing a check
 * has shown nothing, and one that stays spoils what comes after it.
 */
import type { CheckView } from '../../results/check-view.ts';
import { count } from '../words.ts';
import { damageIn, held, unknown, violated } from './oracle.ts';
import type { Finding } from './verdict.ts';

/** The oracles of a block that has faults, by name. */
export const checkFaultOracles: Readonly<Record<string, (view: CheckView) => Finding>> = {
  'fault-took-effect': (view) =>
    overFaults(view, (name, frames) => {
      const missed = frames.find(({ hits }) => hits === 0);
      return missed === undefined ? null : `${name} hit nothing in check ${missed.check}`;
    }),
  'fault-gone': (view) =>
    overFaults(view, (name, frames) => {
      const left = frames.find(({ gone }) => !gone);
      return left === undefined ? null : `${name} was still there at the end of check ${left.check}`;
    }),
};

function overFaults(view: CheckView, complaint: (name: string, frames: CheckView['faults']) => string | null): Finding {
  const planned = view.block.faults ?? [];
  const reported = (name: string) => view.faults.filter(({ fault }) => fault === name);
  for (const name of planned) {
    const wrong = complaint(name, reported(name));
    if (wrong !== null) return violated(wrong);
  }
  const damage = damageIn(view);
  if (damage !== null) return unknown(damage);
  const missing = planned.find((name) => reported(name).length === 0);
  if (missing !== undefined) return unknown(`no check reported fault ${missing}`);
  const hits = (name: string) => reported(name).reduce((sum, frame) => sum + frame.hits, 0);
  return held(planned.map((name) => `${name} took effect ${count(hits(name), 'time')}`).join(', '));
}

// SPDX-License-Identifier: MIT
/** Of what a calibration that counts instructions is: what a request takes is one figure, and so is what is added to it. */
import { slicesOf } from '../../results/cell-view.ts';
import type { Plan } from '../../results/plan.ts';
import { KeystormError } from '../../vm/failure.ts';
import { asksAgents, isFloor } from '../mechanisms/routes.ts';

const remedy = 'name one mechanism whose agents the module asks and one scenario with one load, such as latency';
const mostNames = 3;

/** @throws KeystormError (2) unless there is one load, floors left out, and the module has an agent asked in each of its upcalls. */
export function demandOneLoad({ cells }: Pick<Plan, 'cells'>): void {
  const loads = cells
    .filter(({ mechanism }) => !isFloor(mechanism.route))
    .flatMap((cell) =>
      slicesOf(cell)
        .filter(({ phase }) => phase !== 'batch' && phase !== 'stages')
        .map(({ role, phase, load }) => ({
          name: `${cell.scenario} × ${cell.mechanism.name}, ${role} ${load}${phase === 'fault' ? ' under fault' : ''}`,
          route: cell.mechanism.route,
        })),
    );
  const [first] = loads;
  if (loads.length !== 1 || first === undefined) {
    const names = loads.slice(0, mostNames).map(({ name }) => name);
    const which = loads.length === 0 ? '' : ` (${names.join('; ')}${loads.length > mostNames ? '; …' : ''})`;
    throw new KeystormError(
      `Where instructions are counted a calibration is of one load, and here are ${loads.length}${which}: ${remedy}.`,
    );
  }
  if (!asksAgents(first.route))
    throw new KeystormError(
      `The module asks no agent in ${first.name}, so that none of its upcalls could take more: ${remedy}.`,
    );
}

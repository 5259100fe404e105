// SPDX-License-Identifier: MIT
import fc from 'fast-check';
import * as assert from 'uvu/assert';
import { suite } from '../testing/suite.ts';
import { type Look, openAfter, type Standing, tell } from './alerts.ts';

const test = suite('alerts over nights', { timeoutMs: 30_000 });

const at = (night: number) => new Date(Date.UTC(2026, 0, 1 + night)).toISOString();
const look = (standing: Standing, id = '0123456789ab'): Look => ({
  id,
  kind: 'metric',
  what: `it is ${standing}`,
  standing,
});

/** Night after night, what is said of one thing; undefined: it is not asked. */
function nights(...standings: (Standing | undefined)[]): string[] {
  let open = tell([], [], at(0));
  return standings.map((standing, night) => {
    open = tell(openAfter(open), standing === undefined ? [] : [look(standing)], at(night));
    const [raised] = open.raised;
    const [still] = open.open;
    const [resolved] = open.resolved;
    if (raised !== undefined) return 'raised';
    if (still !== undefined) return `open since ${still.raised.slice(8, 10)}, seen ${still.seen.slice(8, 10)}`;
    return resolved === undefined ? '-' : `resolved: ${resolved.now ?? 'not asked'}`;
  });
}

test('it is raised once, then still open since that night, resolved once, and then forgotten', () => {
  assert.equal(nights('good', 'bad', 'bad', 'bad', 'good', 'good'), [
    '-',
    'raised',
    'open since 02, seen 03',
    'open since 02, seen 04',
    'resolved: it is good',
    '-',
  ]);
});

test('nights that do not know neither raise nor resolve it; one that does not ask any more closes it', () => {
  assert.equal(nights('unknown', 'bad', 'unknown', 'bad', undefined, 'bad'), [
    '-',
    'raised',
    'open since 02, seen 02',
    'open since 02, seen 04',
    'resolved: not asked',
    'raised',
  ]);
});

test('whatever nights say, each alert that is open was raised once since it was last resolved, and nothing is lost', () => {
  const standing = fc.constantFrom<Standing>('bad', 'good', 'unknown');
  const night = fc.uniqueArray(fc.tuple(fc.constantFrom('a', 'b', 'c'), standing), { selector: ([id]) => id });
  fc.assert(
    fc.property(fc.array(night, { maxLength: 30 }), (all) => {
      const open = new Set<string>();
      let state = openAfter(tell([], [], at(0)));
      for (const [i, looks] of all.entries()) {
        const told = tell(
          state,
          looks.map(([id, standing]) => look(standing, id)),
          at(i),
        );
        for (const { id } of told.raised) assert.not(open.has(id));
        for (const { id } of told.raised) open.add(id);
        for (const { id } of told.resolved) assert.ok(open.delete(id));
        state = openAfter(told);
        assert.equal(state.map(({ id }) => id).sort(), [...open].sort());
        for (const [id, standing] of looks) if (standing === 'bad') assert.ok(open.has(id));
      }
    }),
  );
});

test.run();

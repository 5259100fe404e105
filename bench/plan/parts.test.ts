// SPDX-License-Identifier: MIT
import * as assert from 'uvu/assert';
import { allScenarios } from '../../scenarios/index.ts';
import { parts } from '../../scenarios/types.ts';
import { suite } from '../testing/suite.ts';
import { count } from '../words.ts';
import { leftOutLine, runsIn } from './parts.ts';

const test = suite('what a run has of itself');

const of = (...asked: string[]) => leftOutLine({ mechanisms: ['all'], scenarios: asked, quick: false });
const studies = allScenarios.filter(({ partOf }) => partOf === 'itself').map(({ name }) => name);

test('each part contains the one before', () => {
  const sizes = parts.map((part) => runsIn(part).length);
  for (let i = 1; i < sizes.length; i++) {
    assert.ok((sizes[i] as number) > (sizes[i - 1] as number));
    const larger = runsIn(parts[i] as (typeof parts)[number]);
    for (const name of runsIn(parts[i - 1] as (typeof parts)[number])) assert.ok(larger.includes(name));
  }
  assert.equal(
    runsIn('itself'),
    allScenarios.map(({ name }) => name),
  );
});

test('a standard run counts what it leaves out, and says how to have it, on one line of a terminal', () => {
  const more = runsIn('all').length - runsIn('bench').length;
  const line = leftOutLine({ mechanisms: [], scenarios: [], quick: true }) ?? '';
  assert.ok(line.length <= 150, line);
  assert.is(
    of(),
    `Left out: ${count(more, 'scenario')} (--scenario all); ${count(studies.length, 'scenario')} (only by name); \`list\` names them.`,
  );
});

test('all leaves out the studies, unless they are named beside it', () => {
  assert.is(of('all'), `Left out: ${count(studies.length, 'scenario')} (only by name); \`list\` names them.`);
  assert.is(of('all', ...studies), null);
});

test('mechanisms that are left out are counted, unless some were chosen', () => {
  const line = leftOutLine({ mechanisms: [], scenarios: ['latency'], quick: false }) ?? '';
  assert.match(line, /^Left out: \d+ mechanisms \(--mechanism all\); `list` names them\.$/);
  assert.is(leftOutLine({ mechanisms: ['stock'], scenarios: ['latency'], quick: false }), null);
});

test('who names scenarios knows what is left out', () => {
  assert.is(of('latency'), null);
});

test.run();

// SPDX-License-Identifier: MIT
import * as assert from 'uvu/assert';
import { allScenarios } from '../../scenarios/index.ts';
import { parts } from '../../scenarios/types.ts';
import { suite } from '../testing/suite.ts';
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

test('a standard run says what it leaves out, and how to have it', () => {
  const line = of() ?? '';
  for (const name of runsIn('bench')) assert.not.match(line, new RegExp(`\\b${name}\\b`));
  for (const name of runsIn('all').filter((each) => !runsIn('bench').includes(each))) assert.match(line, name);
  assert.match(line, /^Left out: .+ \(--scenario all has them\); .+ \(only by --scenario NAME\)\.$/);
  assert.match(leftOutLine({ mechanisms: ['all'], scenarios: [], quick: true }) ?? '', 'containers');
});

test('all leaves out the studies, unless they are named beside it', () => {
  assert.is(of('all'), `Left out: ${studies.join(', ')} (only by --scenario NAME).`);
  assert.is(of('all', ...studies), null);
});

test('mechanisms that are left out are named, unless some were chosen', () => {
  const line = leftOutLine({ mechanisms: [], scenarios: ['latency'], quick: false }) ?? '';
  assert.match(line, /^Left out: mechanisms .*stock-nsenter, .*keyagent-rfc \(--mechanism all has them\)\.$/);
  assert.not.match(line, /\bkeyagent-fd\b,|null-actor/);
  assert.is(leftOutLine({ mechanisms: ['stock'], scenarios: ['latency'], quick: false }), null);
});

test('who names scenarios knows what is left out', () => {
  assert.is(of('latency'), null);
});

test.run();

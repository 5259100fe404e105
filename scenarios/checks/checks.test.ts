// SPDX-License-Identifier: MIT
import { readdirSync, readFileSync } from 'node:fs';
import * as assert from 'uvu/assert';
import { mechanisms } from '../../bench/mechanisms/index.ts';
import { suite } from '../../bench/testing/suite.ts';
import { propertyName } from '../../results/plan.ts';
import { checksExpectedOf } from '../expected.ts';
import { faults } from '../faults/index.ts';
import { allScenarios } from '../index.ts';
import { isApplicable } from '../types.ts';
import { checkScenarios } from './index.ts';

const test = suite('scenarios with checks');

const folder = new URL('../../vm/guest/checks/', import.meta.url);
/** The names of the guest's checks. */
const table = readFileSync(new URL('table.c', folder), 'utf8');
const known = [...table.matchAll(/\{ "([a-z0-9-]+)", \w+ \}/g)].map(([, name]) => name);

test('no two scenarios have one name', () => {
  assert.is(new Set(allScenarios.map(({ name }) => name)).size, allScenarios.length);
});

test('every check of the guest belongs to one scenario, and every scenario’s is one of the guest’s', () => {
  const asked = checkScenarios.flatMap(({ checks }) => checks);
  assert.equal([...asked].sort(), [...known].sort());
});

test('the faults that checks inject are those of the scenarios, and of the catalogue', () => {
  const sources = readdirSync(folder).filter((name) => name.endsWith('.c'));
  const injected = sources.flatMap((name) =>
    [...readFileSync(new URL(name, folder), 'utf8').matchAll(/\bfault_was\("([a-z0-9-]+)"/g)].map(([, fault]) => fault),
  );
  const planned = checkScenarios.flatMap((scenario) => scenario.faults ?? []);
  const listed = faults.filter(({ by }) => by === 'check').map(({ name }) => name);
  assert.equal([...new Set(injected)].sort(), [...planned].sort());
  assert.equal([...planned].sort(), [...listed].sort());
});

for (const scenario of checkScenarios) {
  test(`${scenario.name} asks a question, and expects something of a mechanism wherever it applies`, () => {
    assert.match(scenario.question, /\?$/);
    const expected = mechanisms.map(({ mechanism }) => checksExpectedOf(scenario, mechanism));
    assert.ok(expected.some(isApplicable));
    for (const each of expected) {
      if (isApplicable(each)) assert.ok(Object.keys(each.expect).length > 0);
      else assert.ok(each.notApplicable.length > 0);
    }
  });

  test(`${scenario.name} has properties, fallbacks and mechanisms that there are`, () => {
    for (const { mechanism } of mechanisms) {
      const expected = checksExpectedOf(scenario, mechanism);
      if (!isApplicable(expected)) continue;
      for (const property of Object.keys(expected.expect)) {
        assert.ok(propertyName.safeParse(property).success, property);
      }
    }
    const names = mechanisms.map(({ mechanism }) => mechanism.name);
    for (const name of Object.keys(scenario.except ?? {})) assert.ok(names.includes(name), name);
  });
}

test.run();

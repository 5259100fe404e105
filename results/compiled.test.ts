// SPDX-License-Identifier: MIT
import * as fc from 'fast-check';
import * as assert from 'uvu/assert';
import { z } from 'zod';
import { suite } from '../bench/testing/suite.ts';
import { compiledWhenOften } from './compiled.ts';
import { frameSchema } from './frames.ts';
import { histogramSchema } from './histogram-data.ts';
import { manifestSchema } from './manifest.ts';
import { planSchema } from './plan.ts';
import { recordChecker, recordSchema } from './records.ts';
import { aCell, aManifest, aPlan } from './testing/plans.ts';
import { aRun } from './testing/runs.ts';

const test = suite('schemas that are compiled', { timeoutMs: 30_000 });

const schemas: Readonly<Record<string, z.ZodType>> = {
  frameSchema,
  recordSchema,
  recordButForItsFrame: recordChecker(),
  planSchema,
  manifestSchema,
  histogramSchema,
};
const plan = aPlan([aCell()], 1);
const run = aRun(plan, { panicBefore: (frame) => frame.t === 'keys' });
const values: readonly unknown[] = [
  ...run.records,
  ...run.records.flatMap((record) => (record.kind === 'frame' ? [record.frame] : [])),
  ...run.records.flatMap((record) => (record.kind === 'frame' && 'hist' in record.frame ? [record.frame.hist] : [])),
  plan,
  aManifest(plan),
];

/** The value with one thing in it replaced, left out or added, at a place that is told by numbers. */
function changed(value: unknown, places: readonly number[], by: unknown): unknown {
  if (value === null || typeof value !== 'object' || places.length === 0) return by;
  const copy = (Array.isArray(value) ? [...value] : { ...value }) as Record<string, unknown>;
  const keys = [...Object.keys(copy), 'more'];
  const [first = 0, ...others] = places;
  const key = keys[first % keys.length] ?? 'more';
  if (by === undefined && others.length === 0) delete copy[key];
  else copy[key] = changed(copy[key], others, by);
  return copy;
}

/** What a schema makes of a value, word for word. */
function said(schema: z.ZodType, value: unknown): string {
  const { success, data, error } = schema.safeParse(value);
  return JSON.stringify(success ? data : error.issues);
}

test('each of them can be compiled', () => {
  for (const [name, schema] of Object.entries(schemas))
    assert.not.throws(() => z.compile(schema, { strict: true }), undefined, name);
});

test('what is right and what is wrong in any way: compiled, they say the same of it', () => {
  const [pairs, seen] = [Object.values(schemas).map((schema) => [schema, z.compile(schema)] as const), new Set()];
  const by = fc.oneof(
    fc.constantFrom(undefined, null, -1, 0.5, 2 ** 60, '', 'x', 'ENOKEY', [], {}, true),
    fc.jsonValue(),
  );
  fc.assert(
    fc.property(fc.constantFrom(...values), fc.array(fc.nat(40), { maxLength: 6 }), by, (value, places, other) => {
      const given = places.length === 0 ? value : changed(value, places, other);
      for (const [schema, compiled] of pairs) {
        assert.is(said(compiled, given), said(schema, given));
        seen.add(`${schema.safeParse(given).success} ${places.length > 0}`);
      }
    }),
    { numRuns: 300 },
  );
  for (const each of ['true false', 'false false', 'true true', 'false true']) assert.ok(seen.has(each), each);
});

test('a schema is compiled once, and only when it is asked for often', () => {
  const schema = z.strictObject({ n: z.int().min(0) });
  const checker = compiledWhenOften(schema);
  const given = Array.from({ length: 1_000 }, () => checker());
  assert.is(given[0], schema);
  const last = given.at(-1);
  assert.is.not(last, schema);
  assert.is(new Set(given).size, 2);
  assert.equal(last?.parse({ n: 1 }), { n: 1 });
  assert.not.ok(last?.safeParse({ n: -1 }).success);
});

test.run();

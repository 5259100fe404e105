// SPDX-License-Identifier: MIT
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import * as assert from 'uvu/assert';
import { suite } from '../bench/testing/suite.ts';
import { KeystormError } from '../vm/failure.ts';
import { realFileOps } from './file-ops.ts';
import { fileIndent } from './manifest.ts';
import { alertKinds, nightlyStateFile, type OpenAlert, readOpenAlerts, writeOpenAlerts } from './nightly-state.ts';
import { seal } from './seal.ts';

const test = suite('the alerts that are open', { timeoutMs: 60_000 });
const folders: string[] = [];
test.after(() => {
  for (const dir of folders) rmSync(dir, { recursive: true, force: true });
});
function folder(): string {
  const dir = mkdtempSync(path.join(tmpdir(), 'keystorm-nightly-'));
  folders.push(dir);
  return dir;
}

const moments = fc.date({ min: new Date(0), max: new Date(4e12), noInvalidDate: true }).map((at) => at.toISOString());
const alerts: fc.Arbitrary<OpenAlert[]> = fc.uniqueArray(
  fc.record(
    {
      id: fc.nat(2 ** 31 - 1).map((n) => n.toString(16).padStart(12, '0')),
      kind: fc.constantFrom(...alertKinds),
      what: fc.string({ minLength: 1, unit: 'binary' }),
      raised: moments,
      seen: moments,
    },
    { noNullPrototype: true },
  ),
  { selector: ({ id }) => id, maxLength: 5 },
);
const refused = (text: RegExp) => (error: unknown) =>
  error instanceof KeystormError && error.exitCode === 2 && text.test(error.message);

test('what was written is read back, and replaces what was there; where nothing is, none is open', () => {
  const dir = folder();
  assert.equal(readOpenAlerts(dir), []);
  fc.assert(
    fc.property(alerts, (all) => {
      writeOpenAlerts(dir, all);
      assert.equal(readOpenAlerts(dir), all);
    }),
    { numRuns: 50 },
  );
  assert.equal(readdirSync(dir), [nightlyStateFile]);
});

test('cut off anywhere, or with any byte changed, it is not used, and says so in one sentence', () => {
  const dir = folder();
  const file = path.join(dir, nightlyStateFile);
  const at = '2026-01-02T03:04:05.678Z';
  writeOpenAlerts(dir, [{ id: '0123456789ab', kind: 'metric', what: 'slower', raised: at, seen: at }]);
  const whole = readFileSync(file);
  const said = /nightly-alerts\.json, which says what alerts are open, .*: restore it from a copy, or remove it, and /;
  fc.assert(
    fc.property(fc.integer({ min: 0, max: whole.length - 2 }), fc.integer({ min: 1, max: 255 }), (place, flip) => {
      const broken = Buffer.from(whole);
      broken[place] = (broken[place] as number) ^ flip;
      writeFileSync(file, broken);
      assert.throws(() => readOpenAlerts(dir), refused(said));
      writeFileSync(file, whole.subarray(0, place));
      assert.throws(() => readOpenAlerts(dir), refused(said));
      assert.equal(readFileSync(file), whole.subarray(0, place));
    }),
    { numRuns: 50 },
  );
});

test('another version, an alert that is there twice, and a file that cannot be read are refused by name', () => {
  const dir = folder();
  const file = path.join(dir, nightlyStateFile);
  const at = '2026-01-02T03:04:05.678Z';
  const alert = { id: '0123456789ab', kind: 'metric', what: 'slower', raised: at, seen: at };
  for (const [state, reason] of [
    [{ schema: 'keystorm/nightly-state/2', alerts: [] }, /keystorm\/nightly-state\/2.*use the version that wrote it/],
    [{ schema: 'keystorm/nightly-state/1', alerts: [alert, alert] }, /an alert is there twice/],
    [{ schema: 'keystorm/nightly-state/1', alerts: [{ ...alert, kind: 'mood' }] }, /alerts\.0\.kind/],
  ] as const) {
    writeFileSync(file, `${seal(state, fileIndent)}\n`);
    assert.throws(() => readOpenAlerts(dir), refused(reason));
  }
  rmSync(file);
  const read = (): never => {
    throw Object.assign(new Error('no'), { code: 'EACCES' });
  };
  assert.throws(() => readOpenAlerts(dir, { read, exists: () => true }), refused(/Cannot read .* \(no\)/));
});

test('a disk that takes nothing leaves what was there, and is 3', () => {
  const dir = folder();
  writeOpenAlerts(dir, []);
  const before = readFileSync(path.join(dir, nightlyStateFile));
  const full = {
    ...realFileOps,
    write: (): never => {
      throw Object.assign(new Error('full'), { code: 'ENOSPC', syscall: 'write' });
    },
  };
  assert.throws(
    () => writeOpenAlerts(dir, [], full),
    (error: unknown) => error instanceof KeystormError && error.exitCode === 3 && /disk is full/.test(error.message),
  );
  assert.equal(readFileSync(path.join(dir, nightlyStateFile)), before);
});

test.run();

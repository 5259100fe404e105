// SPDX-License-Identifier: MIT
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as assert from 'uvu/assert';
import { suite } from '../../bench/testing/suite.ts';
import { KeystormError } from '../failure.ts';
import { type BoxFacts, factsName } from './box.ts';
import { demandSame, readBox } from './boxes.ts';

const test = suite('boxes of somebody’s');
const root = mkdtempSync(path.join(tmpdir(), 'boxes-test-'));
test.after(() => rmSync(root, { recursive: true, force: true }));

const domain = { cmdline: 'console=ttyS0', processor: 'max' };
const facts: BoxFacts = {
  schema: 'keystorm/box/1',
  kernel: '6.1',
  kernelRelease: '6.1.0-56-cloud-amd64',
  kernelHash: 'aa',
  imageHash: 'bb',
  domains: { qemu: domain, kvm: domain },
};

/** A box with these facts; undefined: with none. */
function box(name: string, content: unknown): string {
  const folder = path.join(root, `${name}.d`);
  mkdirSync(folder);
  writeFileSync(path.join(folder, 'metadata.json'), '{"provider":"libvirt"}');
  if (content !== undefined) writeFileSync(path.join(folder, factsName), JSON.stringify(content));
  const file = path.join(root, `${name}.box`);
  execFileSync('tar', ['-C', folder, '-cf', file, '.']);
  return file;
}

function assertRefused(error: unknown, message: RegExp): void {
  assert.instance(error, KeystormError);
  assert.is((error as KeystormError).exitCode, 2);
  assert.match((error as Error).message, message);
}

test('the facts of a box are read from its file, and two files with one content have one name', async () => {
  const [one, two] = [box('one', facts), box('two', { ...facts, kernel: '7.2' })];
  const read = await readBox(one);
  assert.equal(read.facts, facts);
  assert.is(read.file, one);
  assert.match(read.name, /^keystorm-[0-9a-f]{12}$/);
  assert.is((await readBox(one)).name, read.name);
  assert.is.not((await readBox(two)).name, read.name);
});

test('a box of somebody else’s, a damaged one and no file at all are refused', async () => {
  const text = path.join(root, 'text.box');
  writeFileSync(text, 'no archive');
  for (const file of [box('other', undefined), box('odd', { ...facts, extra: 1 }), text, path.join(root, 'absent')])
    await readBox(file).then(
      () => assert.unreachable(),
      (error: unknown) => assertRefused(error, /\(KEYSTORM_BOX\) is no box of keystorm's: npm run box builds one\.$/),
    );
});

test('one that holds another guest than the run asks for is refused, with the remedy', () => {
  const ours = { name: 'keystorm-1', file: '/a.box', facts };
  demandSame(ours, { ...facts, domains: { qemu: { ...domain, cmdline: 'other' }, kvm: domain } });
  const cases: readonly [Partial<BoxFacts>, RegExp][] = [
    [
      { kernel: '6.12', kernelRelease: '6.12.1' },
      /another kernelRelease \(6\.1\.0-56-cloud-amd64\) than this run's \(6\.12\.1\): .*--kernel 6\.12,/,
    ],
    [{ kernelHash: 'cc' }, /another kernelHash \(aa\) than this run's \(cc\)/],
    [{ imageHash: 'cc' }, /another imageHash \(bb\) than this run's \(cc\)/],
  ];
  for (const [change, message] of cases) {
    try {
      demandSame(ours, { ...facts, ...change });
      assert.unreachable();
    } catch (error) {
      assertRefused(error, message);
    }
  }
});

test.run();

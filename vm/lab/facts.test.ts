// SPDX-License-Identifier: MIT
import { spawnSync } from 'node:child_process';
import { arch, cpus, release } from 'node:os';
import * as assert from 'uvu/assert';
import { suite } from '../../bench/testing/suite.ts';
import { factsScript, kernelVersion, parseFacts } from './facts.ts';
import { factsText } from './testing/facts.ts';

const test = suite('what is known of a machine');

test('the script says of this host what is so', () => {
  const { stdout, stderr } = spawnSync('sh', ['-c', factsScript], { encoding: 'utf8' });
  const facts = parseFacts(stdout);
  assert.is(facts.release, release(), stderr);
  assert.is(facts.uid, process.getuid?.());
  assert.is(facts.architecture, arch() === 'x64' ? 'x86_64' : arch());
  assert.ok(facts.processors >= cpus().length);
  assert.ok(facts.memory_kib > 0);
});

test('what is missing or makes no sense is named', () => {
  assert.throws(() => parseFacts(''), /"uid" is missing/);
  assert.throws(() => parseFacts(factsText({ boot_id: 'x' })), /"boot_id"/);
  assert.throws(() => parseFacts(factsText({ release: '6.1; reboot' })), /"release"/);
  assert.throws(() => parseFacts(factsText({ processors: 'many' })), /"processors"/);
  assert.is(parseFacts(factsText({ codename: '$(reboot)' })).codename, '');
});

test("a kernel's version is Debian's, else one of its own", () => {
  const version = (text: string) => kernelVersion({ release: '6.1.0', version: text });
  assert.is(kernelVersion(parseFacts(factsText())), '6.1.999-1');
  assert.match(
    version('Linux version 6.1.0 (me@here) (gcc-12 (Debian 12.2.0-14) 12.2.0) #1 SMP'),
    /^6\.1\.0@[0-9a-f]{10}$/,
  );
  assert.is.not(version('Linux version 6.1.0 (me@here) #1'), version('Linux version 6.1.0 (me@here) #2'));
});

test.run();

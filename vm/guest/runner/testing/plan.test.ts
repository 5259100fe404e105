// SPDX-License-Identifier: MIT
import { readFileSync } from 'node:fs';
import * as assert from 'uvu/assert';
import { suite } from '../../../../bench/testing/suite.ts';
import { Parts } from './parts.ts';

const test = suite('the guest runner reads plans strictly', { timeoutMs: 70_000 });

let parts: Parts;
test.before(() => {
  parts = new Parts();
});
test.after(() => parts?.remove());

const good = `keystorm-plan 2
boot 3
floor syscall 100   # a comment
cell c1
  mechanism keyagent-fd
  route session
  delivery fd-write
  helper keyutils
  fallback refuse
  timeout_ms 30000
  deadline_ms 5000
  backoff_us 2000
  payload_bytes 256
  container a requesters 2 agent own agent_uid 0 requester_uid 1000 setuid 1
  container b requesters 2 agent none agent_uid 0 requester_uid 0 setuid 0
  warmup 5
  window 4000 1000 samples
  fault kill-answerer a at_ms 1000 until_ms 1500
  window 5000 1000

end
floor eventfd 10
run
`;

const verdict = (plan: string) => parts.ask(['plan'], plan).split('\n')[0] ?? '';
/** The good plan with one line replaced. */
const withLine = (line: number, text: string) =>
  good
    .split('\n')
    .map((old, i) => (i + 1 === line ? text : old))
    .join('\n');

test('a good plan is accepted', () => {
  assert.is(verdict(good), 'ok: boot 3, 3 steps');
});

test('the plan of the protocol document is accepted', () => {
  const document = readFileSync(new URL('../../../../docs/guest-protocol.md', import.meta.url), 'utf8');
  const example = /```\n(keystorm-plan 2\n[\s\S]*?)```/.exec(document)?.[1] ?? '';
  assert.is(verdict(example), 'ok: boot 0, 5 steps');
});

test('an error names its line and what would be right', () => {
  const cases: [number, string, RegExp][] = [
    [1, 'keystorm-plan 2', /'2' is not within 1\.\.1/],
    [1, '# keystorm-plan 2', /the first line is not 'keystorm-plan 1'/],
    [2, 'boot', /write: boot N/],
    [2, 'boot -1', /'-1' is not a decimal number/],
    [2, 'boot 99999999999999999999', /is not within/],
    [3, 'floor rest 100', /'rest' is none of: syscall, add_key, eventfd, vfork_exec/],
    [3, 'flor syscall 100', /unknown statement 'flor' outside a cell/],
    [3, 'floor  syscall 100', /single spaces/],
    [3, 'boot 4', /'boot' is given twice/],
    [4, 'cell C1', /'C1' is not a name/],
    [4, `cell ${'x'.repeat(33)}`, /is not a name/],
    [6, '  route home', /'home' is none of: init, session, null/],
    [7, '  delivery fd-write twice', /write: delivery/],
    [8, '  fallback stock', /^line 9: 'fallback' is given twice/],
    [10, '  timeout_ms 0', /'0' is not within 1\.\.3600000/],
    [13, '  payload_bytes 64', /'64' is not within 256\.\.1024/],
    [14, '  container a requesters 2', /write: container NAME/],
    [14, '  container a requesters 65 agent own agent_uid 0 requester_uid 0 setuid 0', /within 1\.\.64/],
    [
      14,
      '  container a workers 2 agent own agent_uid 0 requester_uid 0 setuid 0',
      /'workers' stands where 'requesters'/,
    ],
    [15, '  container a requesters 2 agent none agent_uid 0 requester_uid 0 setuid 0', /a second container 'a'/],
    [17, '  window 5001 1000', /'5001' is not within 1\.\.5000/],
    [17, '  window 4000 1000 simples', /'simples' is none of: samples/],
    [18, '  fault kill-answerer z at_ms 1 until_ms 2', /no container 'z' above/],
    [18, '  fault kill-answerer a at_ms 1000 until_ms 999', /'999' is not within 1000\.\.4000/],
    [18, '  fault explode a at_ms 1 until_ms 2', /'explode' is none of: kill-answerer/],
    [19, '  warmup 5', /'warmup' is given twice/],
    [19, '  container c requesters 1 agent none agent_uid 0 requester_uid 0 setuid 0', /before the first window/],
    [20, '  speed 9', /unknown statement 'speed' in cell 'c1'/],
    [22, 'cell c1', /a second cell 'c1'/],
    [23, '', /the plan ends without 'run'/],
  ];
  for (const [line, text, message] of cases) {
    const said = verdict(withLine(line, text));
    assert.match(said, message, text);
    // A statement given twice is found where it is given again; a missing end, at the end.
    if (!/twice|without/.test(said)) assert.match(said, new RegExp(`^line ${line}: `), text);
  }
});

test('a cell that lacks something, or whose parts do not go together, is refused at its end', () => {
  for (const line of [5, 6, 7, 9, 10, 11, 12, 13])
    assert.match(verdict(withLine(line, '')), /^line 21: cell 'c1' has no '/, `without line ${line}`);
  assert.match(verdict(withLine(7, '  delivery helper')), /^line 21: .*route session has no delivery helper/);
  const init = withLine(6, '  route init').replace('delivery fd-write', 'delivery helper');
  assert.match(verdict(init), /^line 21: .*container 'a' has an agent of its own/);
});

test('a plan is whole with its line run, not before and not by a word that begins alike', () => {
  const whole = (plan: string) => parts.ask(['plan'], plan).split('\n')[1];
  assert.is(whole(good), 'whole');
  assert.is(whole(good.replace(/run\n$/, 'run # now\n')), 'whole');
  assert.is(whole(good.replace(/run\n$/, 'run')), 'more to come');
  assert.is(whole(good.replace(/run\n$/, '# run\n')), 'more to come');
  assert.is(whole(good.replace(/run\n$/, 'runs\n')), 'more to come');
  assert.match(verdict(`${good}boot 1\n`), /nothing may follow 'run'/);
});

test.run();

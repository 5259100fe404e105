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

const good = `keystorm-plan 4
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
  payload_bytes 256 1024 300
  container a requesters 2 agent own agent_uid 0 requester_uid 1000 setuid 1
  container b requesters 2 agent shared agent_uid 0 requester_uid 0 setuid 0
  requests fresh hit_percent 25
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

test('an agent may be told to be busy, for a while at most', () => {
  const delayed = (ns: string) => verdict(withLine(12, `  backoff_us 2000\n  agent_delay_ns ${ns}`));
  assert.is(delayed('20000'), 'ok: boot 3, 3 steps');
  for (const ns of ['100000001', '-1', 'long']) assert.match(delayed(ns), /^line 13: /, ns);
});

test('the module may be told to execute more than it needs, so much at most', () => {
  const longer = (count: string) => verdict(withLine(12, `  backoff_us 2000\n  path_instructions ${count}`));
  assert.is(longer('700'), 'ok: boot 3, 3 steps');
  for (const count of ['10000001', '-1', 'many']) assert.match(longer(count), /^line 13: /, count);
});

test('the plan of the protocol document is accepted', () => {
  const document = readFileSync(new URL('../../../../docs/guest-protocol.md', import.meta.url), 'utf8');
  const example = /```\n(keystorm-plan 4\n[\s\S]*?)```/.exec(document)?.[1] ?? '';
  assert.is(verdict(example), 'ok: boot 0, 6 steps');
});

test('an error names its line and what would be right', () => {
  const cases: [number, string, RegExp][] = [
    [1, 'keystorm-plan 2', /'2' is not within 4\.\.4/],
    [1, '# keystorm-plan 4', /the first line is not 'keystorm-plan 4'/],
    [2, 'boot', /write: boot N/],
    [2, 'boot -1', /'-1' is not a decimal number/],
    [2, 'boot 99999999999999999999', /is not within/],
    [3, 'floor rest 100', /'rest' is none of: syscall, add_key, eventfd, vfork_exec/],
    [3, 'flor syscall 100', /unknown statement 'flor' outside a cell or checks/],
    [3, 'floor  syscall 100', /single spaces/],
    [3, 'boot 4', /'boot' is given twice/],
    [4, 'cell C1', /'C1' is not a name/],
    [4, `cell ${'x'.repeat(33)}`, /is not a name/],
    [6, '  route home', /'home' is none of: init, nsenter, session, session-rfc, userns, intercept, null/],
    [7, '  delivery fd-write twice', /write: delivery/],
    [8, '  fallback stock', /^line 9: 'fallback' is given twice/],
    [10, '  timeout_ms 0', /'0' is not within 1\.\.3600000/],
    [13, '  payload_bytes 64', /'64' is not within 256\.\.1024/],
    [13, '  payload_bytes', /write: payload_bytes/],
    [13, `  payload_bytes${' 256'.repeat(9)}`, /write: payload_bytes/],
    [13, '  payload_bytes 256 1025', /'1025' is not within/],
    [14, '  container a requesters 2', /write: container NAME/],
    [14, '  container a requesters 65 agent own agent_uid 0 requester_uid 0 setuid 0', /within 1\.\.64/],
    [
      14,
      '  container a workers 2 agent own agent_uid 0 requester_uid 0 setuid 0',
      /'workers' stands where 'requesters'/,
    ],
    [15, '  container a requesters 2 agent none agent_uid 0 requester_uid 0 setuid 0', /a second container 'a'/],
    [18, '  window 5001 1000', /'5001' is not within 1\.\.5000/],
    [16, '  requests all hit_percent 0', /'all' is none of: fresh, storm-distinct, storm-one/],
    [16, '  requests fresh', /write: requests/],
    [16, '  requests fresh hit_percent 100', /'100' is not within 0\.\.99/],
    [18, '  window 4000 1000 simples', /'simples' is unknown or out of place; write: window/],
    [18, '  window 4000 1000 samples samples', /'samples' is unknown or out of place/],
    [18, '  window 4000 1000 rate 5 samples', /'samples' is unknown or out of place/],
    [18, '  window 4000 1000 rate', /write: window/],
    [18, '  window 4000 1000 rate 0', /'0' is not within 1\.\.100000/],
    [14, '  container a requesters 2 agent own agent_uid 0 requester_uid 0 setuid 0 depth', /write: container NAME/],
    [
      14,
      '  container a requesters 2 agent own agent_uid 0 requester_uid 0 setuid 0 depth 33',
      /'33' is not within 0\.\.32/,
    ],
    [
      14,
      '  container a requesters 2 agent own agent_uid 0 requester_uid 0 setuid 0 deep 3',
      /'deep' stands where 'depth'/,
    ],
    [
      14,
      '  container a requesters 2 agent own agent_uid 0 requester_uid 0 setuid 1 depth 1',
      /'depth' goes not with 'setuid 1'/,
    ],
    [18, '  window 4000 1000 stages samples', /'samples' is unknown or out of place/],
    [18, '  window 4000 1000 batch stages', /'batch' goes with neither/],
    [18, '  window 4000 1000 samples batch', /'batch' goes with neither/],
    [18, '  window 4000 1000 batch rate 5', /'batch' goes with neither/],
    [19, '  fault kill-answerer z at_ms 1 until_ms 2', /no container 'z' above/],
    [19, '  fault kill-answerer a at_ms 1000 until_ms 999', /'999' is not within 1000\.\.4000/],
    [19, '  fault explode a at_ms 1 until_ms 2', /'explode' is none of: kill-answerer, stop-answerer, slow-answerer, /],
    [19, '  fault kill-answerer guest at_ms 1 until_ms 2', /no container 'guest' above/],
    [19, '  fault kill-answerer a at_ms 1 until_ms 2 amount 3', /kill-answerer has no amount/],
    [19, '  fault slow-answerer a at_ms 1 until_ms 2 amount', /write: fault NAME/],
    [19, '  fault slow-answerer a at_ms 1 until_ms 2 amount 0', /'0' is not within 1\.\.10000/],
    [19, '  fault slow-answerer a at_ms 1 until_ms 2 much 5', /'much' stands where 'amount'/],
    [20, '  warmup 5', /'warmup' is given twice/],
    [20, '  container c requesters 1 agent none agent_uid 0 requester_uid 0 setuid 0', /before the first window/],
    [21, '  speed 9', /unknown statement 'speed' in cell 'c1'/],
    [23, 'cell c1', /a second cell or block of checks 'c1'/],
    [24, '', /the plan ends without 'run'/],
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
    assert.match(verdict(withLine(line, '')), /^line 22: cell 'c1' has no '/, `without line ${line}`);
  assert.match(verdict(withLine(7, '  delivery helper')), /^line 22: .*route session has no delivery helper/);
  const init = withLine(6, '  route init').replace('delivery fd-write', 'delivery helper');
  assert.match(verdict(init), /^line 22: .*container 'a' has an agent \('own'\)/);
});

test('a route goes with its deliveries alone, and nsenter with the helper that does it', () => {
  const agents = ['signal', 'fd-keyctl', 'fd-write'];
  const right: Record<string, string[]> = {
    init: ['helper'],
    nsenter: ['helper'],
    session: agents,
    'session-rfc': ['signal'],
    userns: agents,
    intercept: agents,
    null: ['none'],
  };
  for (const [route, deliveries] of Object.entries(right))
    for (const delivery of ['helper', ...agents, 'none']) {
      const helper = route === 'nsenter' ? 'nsenter' : 'minimal';
      const asked = plan(route, delivery, helper);
      assert.match(verdict(asked), deliveries.includes(delivery) ? /^ok/ : /has no delivery/, `${route} ${delivery}`);
    }
  assert.match(
    verdict(plan('nsenter', 'helper', 'keyutils')),
    /checks 'k1': route nsenter is what helper nsenter does/,
  );
  assert.match(verdict(plan('init', 'helper', 'nsenter')), /route nsenter is what helper nsenter does/);
});

test('checks are read as strictly as cells', () => {
  const plain = plan('userns', 'fd-write', 'minimal');
  assert.is(verdict(plain), 'ok: boot 0, 1 steps');
  const cases: [string, string, RegExp][] = [
    ['  check some-check', '', /^line 11: checks 'k1' has no 'check'/],
    ['  check some-check', '  check', /^line 10: write: check NAME/],
    ['  check some-check', '  check Some', /^line 10: 'Some' is not a name/],
    ['  check some-check', '  check a\n  check a', /^line 11: a second check 'a'/],
    ['  fallback refuse', '', /^line 11: checks 'k1' has no 'fallback'/],
    ['  fallback refuse', '  fallback refuse\n  fallback stock', /^line 9: 'fallback' is given twice in checks 'k1'/],
    ['  fallback refuse', '  warmup 3', /^line 8: unknown statement 'warmup' in checks 'k1'/],
    ['end\n', 'end\nchecks k1\n', /^line 12: a second cell or block of checks 'k1'/],
    ['end\nrun\n', '', /: the plan ends inside checks/],
  ];
  for (const [old, text, message] of cases) assert.match(verdict(plain.replace(old, text)), message, text);
});

function plan(route: string, delivery: string, helper: string): string {
  const words = ['mechanism any', `route ${route}`, `delivery ${delivery}`, `helper ${helper}`, 'fallback refuse'];
  const block = ['checks k1', ...words.map((word) => `  ${word}`), '  timeout_ms 5000', '  check some-check', 'end'];
  return `keystorm-plan 4\nboot 0\n${block.join('\n')}\nrun\n`;
}

test('kinds of load that exclude each other are refused', () => {
  const fresh = 'requests fresh hit_percent 25';
  const storm = good.replace(fresh, 'requests storm-one hit_percent 0');
  assert.match(verdict(storm), /^ok/);
  const cases: [string, RegExp][] = [
    [storm.replace('hit_percent 0', 'hit_percent 5'), /^line 22: .*hits go only with 'requests fresh'/],
    [storm.replace('samples', 'rate 5'), /^line 22: .*window 0: 'requests storm-one' does not go with 'rate'/],
    [storm.replace('samples', 'stages'), /^line 22: .*window 0: 'requests storm-one' does not go with 'stages'/],
    [storm.replace('window 5000 1000', 'window 5000 1000 batch'), /window 1: .*does not go with 'batch'/],
    [good.replace('window 5000 1000', 'window 5000 1000 batch'), /window 1: hits do not go with 'batch'/],
    [good.replace('1000 samples', '1000 batch'), /^line 19: a fault in a 'batch' window/],
    [ofInit('').replaceAll('kill-', 'stop-'), /^line 23: .*window 0: route init has no agent for stop-answerer/],
    [ofInit('fault kill-answerer b at_ms 1499 until_ms 1500'), /^ok/],
    [good.replace(fault, `${fault}\n${fault.replace(' a ', ' b ')}`), /^ok/],
  ];
  for (const [plan, message] of cases) assert.match(verdict(plan), message);
});

test('who storms does nothing else', () => {
  const storm = '  fault storm-requesters a at_ms 100 until_ms 900';
  const storming = good.replace('fresh hit_percent 25', 'fresh hit_percent 0').replace(fault, storm);
  const cases: [string, RegExp][] = [
    [storming, /^ok/],
    [storming.replace(storm, `${storm}\n${storm.replace(' a ', ' b ')}`), /^ok/],
    [
      storming.replace('hit_percent 0', 'hit_percent 5'),
      /^line 22: .*window 0: container 'a' storms, which goes with neither/,
    ],
    [storming.replace('window 5000 1000', 'window 5000 1000 rate 5'), /window 1: container 'a' storms.*'rate'$/],
    [storming.replace('window 5000 1000', 'window 5000 1000 batch'), /window 1: container 'a' storms.*'batch'$/],
    [
      storming.replace(storm, `${storm}\n  fault kill-requester a at_ms 1 until_ms 9`),
      /^line 23: .*kill-requester is not for container 'a', which storms/,
    ],
    [storming.replace(storm, `${storm}\n  fault kill-requester b at_ms 1 until_ms 9`), /^ok/],
    [storming.replace(storm, `${storm}\n${storm}`), /faults may not overlap in what they have one container do/],
    [storming.replace(storm, `${storm} amount 3`), /^line 19: storm-requesters has no amount/],
  ];
  for (const [text, message] of cases) assert.match(verdict(text), message);
});

test('faults that would undo one another are refused, others may meet', () => {
  const both = (one: string, other: string) => good.replace(fault, `  fault ${one}\n  fault ${other}`);
  const slow = 'slow-answerer a at_ms 1000 until_ms 1500 amount 20';
  const agent = /^line 23: .*window 0: with route session faults may not overlap in what they make of one agent/;
  const cases: [string, RegExp][] = [
    [both(slow, 'crash-answerer a at_ms 1499 until_ms 1600'), agent],
    [both('kill-answerer a at_ms 1 until_ms 9', 'crash-answerer a at_ms 5 until_ms 6'), agent],
    [both(slow, 'crash-answerer a at_ms 1500 until_ms 1600'), /^ok/],
    [both(slow, 'crash-answerer b at_ms 1000 until_ms 1600'), /^ok/],
    [both(slow, 'kill-answerer a at_ms 1000 until_ms 1600'), /^ok/],
    [both(slow, 'kill-requester a at_ms 1000 until_ms 1600 amount 2'), /^ok/],
    [
      both(slow, slow.replace(' a ', ' b ')).replace('agent own', 'agent shared'),
      /faults may not overlap in what they make of one agent/,
    ],
    [
      good.replace('fresh hit_percent 25', 'storm-one hit_percent 0').replace('kill-answerer', 'kill-requester'),
      /^line 22: .*window 0: kill-requester does not go with 'requests storm-one', which wait for one another/,
    ],
  ];
  for (const [plan, message] of cases) assert.match(verdict(plan), message);
});

const fault = '  fault kill-answerer a at_ms 1000 until_ms 1500';

/** The good plan with route init, and with one more line after its fault. */
function ofInit(line: string): string {
  const words: Record<string, string> = { session: 'init', 'fd-write': 'helper', own: 'none', shared: 'none' };
  const init = good.replace(/\b(session|fd-write|own|shared)\b/g, (word) => words[word] ?? word);
  return init.replace(fault, `${fault}\n${line}`);
}

test('a plan is whole with its line run, not before and not by a word that begins alike', () => {
  const whole = (plan: string) => parts.ask(['plan'], plan).split('\n')[1];
  assert.is(whole(good), 'whole');
  assert.is(whole(good.replace(/run\n$/, 'run # now\n')), 'whole');
  assert.is(whole(good.replace(/run\n$/, 'run')), 'more to come');
  assert.is(whole(good.replace(/run\n$/, '# run\n')), 'more to come');
  assert.is(whole(good.replace(/run\n$/, 'runs\n')), 'more to come');
  assert.match(verdict(`${good}boot 1\n`), /nothing may follow 'run'/);
});

test('a cell can be held instead of loaded, and only instead', () => {
  const held = good.replace(/^ {2}warmup 5\n(?:.*\n)*?\nend\n/m, '  hold\nend\n');
  assert.match(held, /setuid 0\n {2}requests .*\n {2}hold\nend\nfloor eventfd/);
  assert.is(verdict(held), 'ok: boot 3, 3 steps');
  assert.match(verdict(held.replace('  hold\n', '')), /cell 'c1' has no 'window'/);
  assert.match(
    verdict(held.replace('  hold\n', '  window 100 1\n  hold\n')),
    /has a 'window', which goes not with 'hold'/,
  );
  assert.match(verdict(held.replace('  hold\n', '  hold\n  hold\n')), /'hold' is given twice/);
  assert.match(verdict(held.replace('  hold\n', '  hold 5\n')), /write: hold/);
  assert.match(verdict(held.replace(/ {2}container .*\n/g, '')), /'hold' without a container above it/);
});

test('what is done to a machine as a whole is told from what is done to its containers', () => {
  const harm = (plan: string) => (parts.ask(['harm'], plan).split('\n')[0] ?? '').trim();
  const route = (name: string, delivery: string) =>
    good.replace('route session', `route ${name}`).replace('delivery fd-write', `delivery ${delivery}`);
  const bare = (plan: string) => plan.replace(/^ {2}fault .*\n/m, '').replace(/agent (own|shared)/g, 'agent none');
  assert.is(harm(good), 'none');
  assert.is(harm(bare(route('init', 'helper'))), 'none');
  for (const fault of ['step-clock', 'offline-cpu', 'fill-disk'])
    assert.match(harm(good.replace('kill-answerer a', `${fault} guest`)), new RegExp(`fault ${fault} in cell 'c1'`));
  assert.match(harm(bare(route('null', 'none'))), /answers every request/);
  assert.match(harm(route('session-rfc', 'signal').replace('fallback refuse', 'fallback stock')), /nobody can end/);
  assert.match(harm(bare(route('init', 'helper')).replace('helper keyutils', 'helper minimal')), /another helper/);
  const checks =
    'checks k1\n  mechanism keyagent-fd\n  route session\n  delivery fd-write\n  helper keyutils\n  fallback refuse\n  timeout_ms 30000\n  check agent-in-container\nend\n';
  assert.match(harm(good.replace('floor eventfd 10\n', checks)), /checks 'k1' change settings/);
});

test.run();

// SPDX-License-Identifier: MIT
import * as fc from 'fast-check';
import * as assert from 'uvu/assert';
import { planSchema } from '../../results/plan.ts';
import { suite } from '../testing/suite.ts';
import { renderGuestPlan } from './guest-plan.ts';
import { makePlan } from './make-plan.ts';
import { anyOptions, few, options } from './testing/options.ts';

const test = suite('the plan as the guest reads it');

const statements = [
  /^keystorm-plan 4$/,
  /^boot \d+$/,
  /^floor (syscall|add_key|eventfd|vfork_exec) \d+$/,
  /^cell [a-z0-9-]{1,32}$/,
  /^ {2}mechanism [a-z0-9-]+$/,
  /^ {2}route (init|nsenter|session|session-rfc|userns|intercept|null)$/,
  /^ {2}delivery (helper|signal|fd-keyctl|fd-write|none)$/,
  /^ {2}helper (keyutils|minimal|nsenter)$/,
  /^ {2}fallback (stock|refuse)$/,
  /^ {2}(timeout_ms|deadline_ms|backoff_us|agent_delay_ns|path_instructions|warmup) \d+$/,
  /^ {2}payload_bytes( \d+){1,8}$/,
  /^ {2}requests (fresh|storm-distinct|storm-one) hit_percent \d{1,2}$/,
  /^ {2}container [a-z0-9-]+ requesters \d+ agent (own|shared|none) agent_uid \d+ requester_uid \d+ setuid [01]( depth \d{1,2})?$/,
  /^ {2}window \d+ \d+( samples)?( batch)?( stages)?( rate \d+)?$/,
  /^ {2}fault [a-z0-9-]+ [a-z0-9-]+ at_ms \d+ until_ms \d+( amount -?\d+)?$/,
  /^checks [a-z0-9-]{1,32}$/,
  /^ {2}check [a-z0-9-]{1,32}$/,
  /^end$/,
  /^run$/,
];

test('the guest’s text has only statements that the protocol knows, and begins and ends as it says', () => {
  fc.assert(
    fc.property(anyOptions, (each) => {
      const plan = planSchema.parse(JSON.parse(JSON.stringify(makePlan(each))));
      for (const boot of plan.boots) {
        const text = renderGuestPlan(plan, boot);
        assert.ok(text.endsWith('\nrun\n'));
        const lines = text.trimEnd().split('\n');
        assert.is(lines[0], 'keystorm-plan 4');
        for (const line of lines) assert.ok(statements.filter((pattern) => pattern.test(line)).length === 1, line);
      }
    }),
    few,
  );
});

test('the guest’s text of a cell, word for word', () => {
  const plan = makePlan({ ...options, mechanisms: ['keyagent-fd'], scenarios: ['agent-kill'], boots: 1 });
  const [boot] = plan.boots;
  assert.ok(boot);
  const text = renderGuestPlan(plan, boot);
  assert.is(
    text.slice(text.indexOf('cell')),
    `cell c00
  mechanism keyagent-fd
  route session
  delivery fd-write
  helper keyutils
  fallback refuse
  timeout_ms 1000
  deadline_ms 10000
  backoff_us 2000
  payload_bytes 256
  requests fresh hit_percent 0
  container victim requesters 2 agent own agent_uid 0 requester_uid 0 setuid 0
  container bystander requesters 2 agent own agent_uid 0 requester_uid 0 setuid 0
  warmup 10
  window 5000 2000
  window 1000 500
  window 5000 100000 samples
  fault kill-answerer victim at_ms 1000 until_ms 1500
end
run
`,
  );
});

test('loads of every kind, faults and shared agents in the guest’s words', () => {
  const linesOf = (scenario: string, quick = false) => {
    const plan = makePlan({ ...options, mechanisms: ['keyagent-fd'], scenarios: [scenario], boots: 1, quick });
    const [boot] = plan.boots;
    assert.ok(boot);
    return renderGuestPlan(plan, boot).split('\n');
  };
  const has = (scenario: string, ...lines: string[]) => {
    const text = linesOf(scenario);
    for (const line of lines) assert.ok(text.includes(line), `${scenario}: ${line}`);
  };
  has('storm-one-key', '  requests storm-one hit_percent 0', '  window 5000 640');
  has('storm-distinct-keys', '  requests storm-distinct hit_percent 0');
  has('mixed', '  requests fresh hit_percent 80', '  payload_bytes 256 512 1024', '  window 5000 375');
  has('hammer-overhead', '  window 5000 2000', '  window 5000 2000 batch');
  has('agent-stop', '  window 5000 251 samples rate 50', '  fault stop-answerer victim at_ms 1000 until_ms 2000');
  has('shared-agent', '  container subject-7 requesters 1 agent shared agent_uid 0 requester_uid 0 setuid 0');
  const open = linesOf('open-loop').filter((line) => line.includes('rate'));
  assert.ok(open.length > 0 && open.every((line) => / {2}window \d+ \d+ samples rate \d+$/.test(line)));
});

test.run();

// SPDX-License-Identifier: MIT

import { PassThrough } from 'node:stream';
import * as assert from 'uvu/assert';
import { printReport } from '../commands/actions/judged-run.ts';
import { makeOutput } from '../commands/output.ts';
import { suite } from '../testing/suite.ts';
import { removeTestRuns, type TestRun, testRun } from '../testing/test-run.ts';
import { benchDocument, benchDocumentSchema } from './bench-json.ts';
import { textReport } from './text-report.ts';

const test = suite('the report', { timeoutMs: 60_000 });
test.after(removeTestRuns);

const everything = { mechanisms: [], scenarios: [], quick: false };

const textOf = ({ judged }: TestRun, colour = false) => textReport(judged.run, judged.metrics, judged.verdicts, colour);

test('a sound run: a row for every mechanism, ratios, floors, recovery, verdicts, and that it is fake', async () => {
  const text = textOf(await testRun({ plan: { ...everything, boots: 3 } }));
  const latency = text.slice(0, text.indexOf('agent-kill'));
  for (const mechanism of ['stock', 'stock-minimal', 'keyagent-signal', 'keyagent-fd']) {
    assert.match(latency, new RegExp(`│ ${mechanism} +│ [\\d.]+ (ms|µs) +│`));
  }
  assert.match(latency, /│ stock .*│ 1× /);
  assert.match(latency, /│ keyagent-fd .*│ 1\/2\d\d .*│ 1\.\d+× /);
  assert.match(text, /floors \(p50\): syscall .* ns.*null_actor [\d.]+ µs/);
  assert.match(text, /│ keyagent-fd +│ 50\d ms +│ [\d.]+ (ms|µs) +│ [\d.]+ (ns|µs|ms|s) +│ ENOKEY \d+ +│ [\d.]+× +│/);
  assert.match(text, /│ stock +│ [\d.]+ ms +│ n\/a +│/);
  assert.match(text, /latency × stock +pass +\d+ held as expected; violated, as expected: .*no-host-helper/);
  assert.match(text, /setuid-attack does not apply to stock, stock-minimal: no agent/);
  assert.match(text, /The fake machine made these figures up/);
  assert.match(text, /status complete, verdict pass/);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: no colours unless asked for
  assert.not.match(text, /\u001b/);
});

test('what is missing is a dash, and the reason stands below', async () => {
  const text = textOf(await testRun({ script: 'panic@0.0' }));
  assert.match(text, /│ keyagent-fd .*│ –/);
  assert.match(text, /– p99 of keyagent-fd: guest-panic in boot 0; too-few-samples in boot 1/);
  assert.match(text, /\(1 of 2 boots\)/);
  assert.match(text, /what went wrong\n {2}boot 0: guest-panic/);
});

test('a verdict that fails brings its evidence, red where colours are welcome', async () => {
  const run = await testRun({ script: 'wrong-answers@0.0 wrong-answers@0.1' });
  assert.match(textOf(run), /latency × keyagent-fd +fail/);
  assert.match(textOf(run), / {4}fail right-answerer: violated, but expected held: boot 0: window 0 of subject/);
  assert.ok(textOf(run, true).includes('\u001b[31mfail\u001b[0m right-answerer'));
});

test('one boot says that nothing is known of the others', async () => {
  const text = textOf(await testRun({ plan: { boots: 1 } }));
  assert.match(text, /One boot only/);
  assert.not.match(text, /\[[\d.]+\.\.[\d.]+\]/);
});

for (const script of ['', 'panic@0.1', 'boot-failure@0 boot-failure@1', 'corrupt-frame@1.0', 'wrong-answers@0.0']) {
  test(`the document of --json satisfies its schema (script "${script}")`, async () => {
    const { judged } = await testRun({ script });
    const document = benchDocument(judged.run, judged.metrics, judged.verdicts);
    assert.equal(benchDocumentSchema.parse(JSON.parse(JSON.stringify(document))), document);
    assert.ok(document.metrics.length > 0 && document.verdicts.length > 0);
  });
}

test('the schema refuses a null without a reason, and a value with one', async () => {
  const { judged } = await testRun();
  const document = benchDocument(judged.run, judged.metrics, judged.verdicts);
  const [metric] = document.metrics;
  const [sample] = metric?.samples ?? [];
  assert.ok(metric && sample);
  const { reason: _, ...bare } = sample;
  for (const wrong of [
    { ...bare, value: null },
    { ...bare, value: 1, reason: 'hang' },
    { ...bare, value: Number.NaN },
  ]) {
    const changed = { ...document, metrics: [{ ...metric, samples: [wrong] }] };
    assert.not.ok(benchDocumentSchema.safeParse(changed).success);
  }
});

/** A stream that says it is a terminal, and what was written to it. */
function terminal() {
  const stream = Object.assign(new PassThrough(), { isTTY: true, columns: 20 });
  return { stream, text: () => String(stream.read() ?? '') };
}

test('colours and moving lines are for terminals, and neither for CI nor, as to colours, with NO_COLOR', () => {
  const on = (env: NodeJS.ProcessEnv) => {
    const [stdout, stderr] = [terminal(), terminal()];
    const output = makeOutput({ stdout: stdout.stream, stderr: stderr.stream }, env);
    output.progress.status('a status that is too long for it');
    output.progress.line('a line');
    return [output.colour, stderr.text()];
  };
  assert.equal(on({}), [true, '\r\u001b[Ka status that is t…\r\u001b[Ka line\n']);
  assert.equal(on({ NO_COLOR: '1' })[0], false);
  assert.equal(on({ CI: 'true' }), [false, 'a line\n']);
});

test('the report goes to the result, and nothing else does', async () => {
  const { judged } = await testRun({ plan: { boots: 1 } });
  const results: string[] = [];
  const progress = { line: () => assert.unreachable(), status: () => assert.unreachable() };
  const output = { result: (text: string) => void results.push(text), progress, colour: false };
  printReport(judged, true, output);
  assert.is(results.length, 1);
  JSON.parse(results[0] ?? '');
});

test.run();

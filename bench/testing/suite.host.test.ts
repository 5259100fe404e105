// SPDX-License-Identifier: MIT
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import * as assert from 'uvu/assert';
import { runTestFile, runTestFiles } from './run-file.ts';
import { suite } from './suite.ts';

const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.join(here, '../..');
const test = suite('the guard against false greens', { timeoutMs: 30_000 });

/** Runs `body` as a test file of its own and returns what the test runner makes of it. */
async function verdictOn(body: string) {
  // Inside the checkout, so that its packages resolve; the name keeps it out of every glob.
  const folder = mkdtempSync(path.join(here, '.guard-'));
  const file = path.join(folder, 'case.ts');
  writeFileSync(
    file,
    `import { suite } from '../suite.ts';\nconst test = suite('case', { timeoutMs: 500 });\n${body}\n`,
  );
  try {
    return await runTestFile(root, file, 20_000);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const green = `test('t', () => {}); test.run();`;
const red: Record<string, string> = {
  'a failing test': `test('t', () => { throw new Error('no'); }); test.run();`,
  'a throw in before': `test.before(() => { throw new Error('no'); }); test('t', () => {}); test.run();`,
  'a throw in afterEach': `test.afterEach(() => { throw new Error('no'); }); test('t', () => {}); test.run();`,
  'a throw in after': `test.after(() => { throw new Error('no'); }); test('t', () => {}); test.run();`,
  'a thrown string': `test('t', () => { throw 'no'; }); test.run();`,
  'a file that never runs': `test('t', () => {});`,
  'a file without tests': `test.run();`,
  'a promise that never settles': `test('t', () => new Promise(() => {})); test.run();`,
  'an early exit': `test('t', () => { process.exit(0); }); test.run();`,
};

for (const [name, body] of Object.entries(red)) {
  test(`${name} is red`, async () => {
    const result = await verdictOn(body);
    assert.ok(result.failed > 0, result.output);
  });
}

for (const hook of ['before', 'after', 'beforeEach', 'afterEach']) {
  test(`what ${hook} threw is seen`, async () => {
    const { output } = await verdictOn(`test.${hook}(() => { throw new Error('the guest'); }); ${green}`);
    assert.match(output, /hook: Error: the guest/);
  });
}

test('a passing file is green, and is counted', async () => {
  const result = await verdictOn(`test('t', () => {}); test('u', async () => {}); test.run();`);
  assert.equal([result.passed, result.failed], [2, 0]);
});

test('a skipped test is named with its reason and not counted as passed', async () => {
  const result = await verdictOn(`test.skip('t', 'no guest here'); test('u', () => {}); test.run();`);
  assert.equal([result.passed, result.failed, result.skipped], [1, 0, ['case: t (no guest here)']]);
});

/** Runs files of these bodies in one process, as the check does. */
async function verdictsOnBatch(...bodies: string[]) {
  const folder = mkdtempSync(path.join(here, '.guard-'));
  const files = bodies.map((body, i) => {
    const file = path.join(folder, `case-${i}.ts`);
    writeFileSync(
      file,
      `import { suite } from '../suite.ts';\nconst test = suite('case', { timeoutMs: 500 });\n${body}\n`,
    );
    return file;
  });
  try {
    return await runTestFiles(root, files, 20_000);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('files that share a process are counted each by itself', async () => {
  const skips = `test.skip('u', 'no guest here'); ${green}`;
  const results = await verdictsOnBatch(green, skips, green);
  assert.equal(
    results.map(({ passed, failed }) => [passed, failed]),
    [
      [1, 0],
      [1, 0],
      [1, 0],
    ],
  );
  assert.equal(results[1]?.skipped, ['case: u (no guest here)']);
});

for (const [name, body] of Object.entries(red)) {
  test(`${name} is red among others, and they stay green`, async () => {
    const [first, second, third] = await verdictsOnBatch(green, body, green);
    assert.equal([first?.failed, first?.passed], [0, 1]);
    assert.ok((second?.failed ?? 0) > 0);
    assert.equal([third?.failed, third?.passed], [0, 1]);
  });
}

test('a failure that only others bring about is not a file’s own', async () => {
  const spoils = `globalThis.spoilt = true; ${green}`;
  const suffers = `test('t', () => { if (globalThis.spoilt) throw new Error('spoilt'); }); test.run();`;
  const results = await verdictsOnBatch(spoils, suffers);
  assert.equal(
    results.map(({ failed }) => failed),
    [0, 0],
  );
});

test.run();

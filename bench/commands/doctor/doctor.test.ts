// SPDX-License-Identifier: MIT
import * as assert from 'uvu/assert';
import { hostNeeds } from '../../../vm/host/packages.ts';
import { suite } from '../../testing/suite.ts';
import { main } from '../main.ts';
import { commandTable } from '../table.ts';
import { capture } from '../testing/capture.ts';
import { type DoctorDocument, doctorSchema } from './document.ts';
import { examine } from './examine.ts';
import { type Facts, gatherFacts } from './facts.ts';
import { doctorText } from './text.ts';

const test = suite('the doctor', { timeoutMs: 30_000 });

const gibi = 2 ** 30;

/** A host that has everything, and has measured before. */
const well: Facts = {
  tool: { version: '1.2.3', commit: '0123456789abcdef' },
  node: '20.11.0',
  npm: '10.2.4',
  osRelease: 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nID=debian\nVERSION_ID="12"\n',
  isRoot: false,
  noInstall: false,
  missing: [],
  vagrantLacks: [],
  hasDuckDb: true,
  qemu: 'QEMU emulator version 7.2.22',
  processors: { model: 'a processor', usable: 4 },
  memory: { totalBytes: 8 * gibi, availableBytes: 4 * gibi },
  cache: {
    dir: '/cache',
    refusal: null,
    freeBytes: 20 * gibi,
    parts: [
      { kind: 'image', count: 2, bytes: 8e7 },
      { kind: 'debs', count: 1, bytes: 5e7 },
    ],
  },
  results: { dir: '/results', refusal: null, freeBytes: 20 * gibi, runs: 2 },
  temporary: { dir: '/tmp', refusal: null, freeBytes: 20 * gibi },
  home: { dir: '/home/me', refusal: null, freeBytes: 20 * gibi },
  mirrors: [
    { name: 'Debian', reached: true, detail: 'mirror.example' },
    { name: 'npm', reached: true, detail: 'the registry answers' },
  ],
  kernels: [
    { name: '6.1', version: '6.1.1-1', cached: true, needsNamespaces: false },
    { name: '7.2', version: '7.2.1-1', cached: false, needsNamespaces: true },
  ],
  namespaceRefusal: null,
  kvm: { outcome: 'boots', detail: 'a tiny guest booted', decidedAt: '2026-01-02T03:04:05.000Z', remembered: true },
};

const empty = { ...well.cache, parts: [] };

function check(document: DoctorDocument, name: string) {
  const found = document.checks.find((each) => each.name === name);
  assert.ok(found, `no check ${name}`);
  return found;
}

function possible(document: DoctorDocument): string[] {
  return document.purposes.filter((each) => each.possible).map(({ name }) => name);
}

test('a host with everything can do everything, and nothing is to be done', () => {
  const document = doctorSchema.parse(examine(well));
  assert.equal(possible(document), ['report', 'query', 'bench', 'test']);
  assert.is(document.install, null);
  assert.ok(document.checks.every(({ status, remedy }) => status === 'ok' && remedy === null));
});

/** What is made worse, the check that must say so, and what can still be done. */
const worse: Readonly<Record<string, [Partial<Facts>, string, RegExp, RegExp, readonly string[]]>> = {
  'QEMU is missing, for an ordinary user': [
    { missing: ['qemu-system-x86_64'], qemu: null },
    'qemu-system-x86',
    /qemu-system-x86_64 is not there: it runs the guests/,
    /^as root, type: apt-get update && apt-get install .* qemu-system-x86$/,
    ['report', 'query'],
  ],
  'QEMU is missing, for root': [
    { missing: ['qemu-system-x86_64'], qemu: null, isRoot: true },
    'qemu-system-x86',
    /is not there/,
    /^npm run bench installs it by itself$/,
    ['report', 'query'],
  ],
  'QEMU is missing, for root who forbade installing': [
    { missing: ['qemu-system-x86_64'], qemu: null, isRoot: true, noInstall: true },
    'qemu-system-x86',
    /is not there/,
    /^type: apt-get update/,
    ['report', 'query'],
  ],
  'something is missing on another system, and nothing was built': [
    { cache: empty, missing: ['gcc-12'], osRelease: 'PRETTY_NAME="Alpine Linux v3.19"\nID=alpine\n' },
    'gcc-12',
    /compiles the module/,
    /^this is Alpine Linux v3.19: install by hand/,
    ['report', 'query'],
  ],
  'there is no compiler, and no kernel to measure either, for root': [
    {
      missing: ['gcc-12'],
      isRoot: true,
      kernels: well.kernels.map((kernel) => ({ ...kernel, cached: false })),
    },
    'gcc-12',
    /compiles the module: the kernel's headers name this compiler$/,
    /^npm run bench installs it by itself$/,
    ['report', 'query'],
  ],
  'there is too little memory': [
    { memory: { totalBytes: gibi, availableBytes: gibi / 2 } },
    'memory',
    /512 MiB available of 1024 MiB/,
    /a guest and the harness take 812 MiB/,
    ['report', 'query'],
  ],
  'the cache is read-only and empty': [
    { cache: { ...empty, refusal: 'EROFS' } },
    'cache',
    /cannot be written \(EROFS\); empty/,
    /KEYSTORM_CACHE/,
    ['report', 'query'],
  ],
  'the cache is empty and its disk nearly full': [
    { cache: { ...empty, freeBytes: gibi / 2 } },
    'cache',
    /512 MiB free; 900 MiB are needed/,
    /KEYSTORM_CACHE/,
    ['report', 'query'],
  ],
  'results cannot be written': [
    { results: { ...well.results, refusal: 'EACCES' } },
    'results',
    /EACCES/,
    /bench --out/,
    ['report', 'query', 'test'],
  ],
  'an empty cache, and no mirror': [
    { cache: empty, mirrors: [{ name: 'Debian', reached: false, detail: 'no answer within 10 s' }] },
    "Debian's mirror",
    /not reached: no answer within 10 s/,
    /connect this host for once/,
    ['report', 'query'],
  ],
};

for (const [name, [facts, which, found, remedy, still]] of Object.entries(worse)) {
  test(`${name}: it is named, with what to do about it`, () => {
    const document = doctorSchema.parse(examine({ ...well, ...facts }));
    const { status, ...said } = check(document, which);
    assert.is(status, 'missing');
    assert.match(said.found, found);
    assert.match(said.remedy ?? '', remedy);
    assert.equal(possible(document), still);
    const lacks = document.purposes.find((each) => each.name === 'bench')?.lacks ?? [];
    assert.equal(lacks, [which]);
  });
}

test('where the cache holds what is measured, who has no compiler can measure, and only not test', () => {
  const making = hostNeeds.filter(({ of }) => of === 'making').map(({ needs }) => needs);
  const running = hostNeeds.filter(({ of }) => of === 'running').map(({ needs }) => needs);
  const root = { isRoot: true, noInstall: false };
  const node = doctorSchema.parse(examine({ ...well, ...root, missing: making }));
  assert.equal(possible(node), ['report', 'query', 'bench']);
  const compiler = check(node, 'gcc-12');
  assert.equal([compiler.status, compiler.neededFor], ['missing', ['test']]);
  assert.match(compiler.found, /; what it makes for npm run bench is in the cache$/);
  assert.is(compiler.remedy, 'npm test installs it by itself');
  assert.match(doctorText(node, false), /^ {2}yes {5}npm run bench$/m);
  // Nothing of it helps where no guest runs; and then all is installed at once.
  for (const missing of [running, [...making, ...running]]) {
    const document = examine({ ...well, ...root, missing, qemu: null });
    assert.equal(possible(document), ['report', 'query']);
    assert.is(check(document, 'qemu-system-x86').remedy, 'npm run bench installs it by itself');
  }
});

test('what can be done without a guest is every command that needs none', () => {
  const all = commandTable.map((each) => each.name);
  // Those that start a guest or make one, or need what is not installed with the rest; and what is said of them here, and for a shell, is nobody's purpose.
  const others = [
    'bench',
    'stress',
    'shell',
    'prepare',
    'doctor',
    'completion',
    'pair',
    'nightly',
    'calibrate',
    'bisect',
    'query',
  ];
  const said = examine(well).purposes.find(({ name }) => name === 'report')?.command ?? '';
  const named = /^keystorm ([^;]*);/.exec(said)?.[1]?.split(', ') ?? [];
  assert.equal(named.sort(), all.filter((name) => !others.includes(name)).sort());
});

test('without DuckDB query is what cannot be done, and how to get it is said', () => {
  const document = doctorSchema.parse(examine({ ...well, hasDuckDb: false }));
  assert.equal(possible(document), ['report', 'bench', 'test']);
  assert.match(check(document, 'DuckDB').remedy ?? '', /^npm install --no-save .*@duckdb\/node-api@\d/);
  assert.match(doctorText(document, false), /^ {2}no {6}keystorm query: needs DuckDB$/m);
  assert.is(document.install, null);
});

test('what is inconvenient is a note, and hinders nothing', () => {
  const notes: [Partial<Facts>, string][] = [
    [{ processors: { model: 'a processor', usable: 1 } }, 'processors'],
    [{ cache: { ...well.cache, refusal: 'EROFS' } }, 'cache'],
    [{ mirrors: [{ name: 'Debian', reached: false, detail: 'no route' }] }, "Debian's mirror"],
    [{ npm: null }, 'npm'],
    [{ vagrantLacks: [{ needs: 'virsh', from: 'libvirt-clients' }] }, 'Vagrant'],
  ];
  for (const [facts, which] of notes) {
    const document = doctorSchema.parse(examine({ ...well, ...facts }));
    assert.is(check(document, which).status, 'note', which);
    assert.equal(possible(document), ['report', 'query', 'bench', 'test']);
  }
});

test('HOME is not needed', () => {
  assert.match(check(examine({ ...well, home: null }), 'HOME').found, /not set; not needed/);
  const readOnly = { dir: '/root', refusal: 'EROFS', freeBytes: 0 };
  assert.match(
    check(examine({ ...well, home: readOnly }), 'HOME').found,
    /cannot be written \(EROFS\); it need not be/,
  );
});

test('the accelerator comes with why and when, and what is not known is not guessed', () => {
  const seen = check(examine(well), 'accelerator');
  assert.match(seen.found, /^KVM: a tiny guest booted \(seen 2026-01-02 03:04 UTC\)$/);
  const hung = { outcome: 'hung', detail: 'it said nothing', decidedAt: '2026-01-02T03:04:05.000Z', remembered: false };
  const emulated = check(examine({ ...well, kvm: hung as Facts['kvm'] }), 'accelerator');
  assert.is(emulated.status, 'note');
  assert.match(emulated.found, /^TCG: .*No KVM: it said nothing$/);
  for (const outcome of ['hung', 'died'] as const) {
    const remembered = { ...hung, outcome, remembered: true };
    const { found, remedy } = check(examine({ ...well, kvm: remembered }), 'accelerator');
    assert.match(found, /No KVM: it said nothing \(seen 2026-01-02 03:04 UTC\)$/);
    assert.match(remedy ?? '', /doctor --probe tries again$/, 'what to do is said once, where remedies are');
  }
  const unknown = examine({ ...well, kvm: null });
  assert.is(check(unknown, 'accelerator').status, 'unknown');
  assert.match(check(unknown, 'accelerator').remedy ?? '', /doctor --probe/);
  assert.is(unknown.kvm, null);
  const failed = check(examine({ ...well, kvm: 'There is no QEMU.' }), 'accelerator');
  assert.match(failed.found, /could not be looked at: There is no QEMU/);
});

test('all missing packages are one command, a package once', () => {
  const missing = hostNeeds.map(({ needs }) => needs);
  const document = doctorSchema.parse(examine({ ...well, missing, qemu: null }));
  const names = document.checks.map(({ name }) => name);
  assert.is(new Set(names).size, names.length);
  assert.match(document.install?.command ?? '', /--no-remove.* apt .*gcc gcc-12.* util-linux$/);
});

test('the text is aligned, says what can be done, and ends with the command', () => {
  const text = doctorText(examine({ ...well, cache: empty, missing: ['lz4'] }), false);
  assert.match(text, /^keystorm 1\.2\.3 \(0123456789ab\) on Debian GNU\/Linux 12 \(bookworm\), as an ordinary user\n/);
  assert.match(text, /^ {2}missing lz4 +lz4 is not there.*\n +→ as root, type/m);
  assert.match(text, /^ {2}no {6}npm run bench: needs lz4$/m);
  assert.match(text, /\nMissing packages are installed by: apt-get update && apt-get install .* lz4$/);
  const lines = text.split('\n').filter((line) => /^ {2}(ok|missing) {1,6}\S/.test(line));
  const column = lines[0]?.indexOf('20.11.0') ?? 0;
  assert.ok(lines.length > 10);
  for (const line of lines) assert.match(line.slice(column - 2, column + 1), /^ {2}\S$/, line);
});

test('this very host can be examined', async () => {
  const facts = await gatherFacts({ kernel: '6.1', probe: false, network: false, progress: () => {} });
  const document = doctorSchema.parse(examine(facts));
  assert.is(check(document, 'Node.js').found, process.versions.node);
  assert.is(check(document, "Debian's mirror").status, 'unknown');
  assert.ok(facts.memory.availableBytes > 0 && facts.memory.availableBytes <= facts.memory.totalBytes);
});

test('kernels are listed with what there is of them, and where one cannot be compiled for, that is said of it alone', () => {
  const document = examine({ ...well, namespaceRefusal: 'unshare failed: Operation not permitted' });
  assert.match(check(document, '6.1').found, '6.1.1-1, in the cache');
  assert.is(check(document, '6.1').status, 'ok');
  const other = check(document, '7.2');
  assert.is(other.status, 'note');
  assert.match(other.found, /7\.2\.1-1, fetched or built .*cannot be compiled here: unshare failed/);
  assert.match(other.remedy ?? '', 'user namespaces');
  assert.equal(possible(document), ['report', 'query', 'bench', 'test']);
});

test('asked for no kernel it looks at the usual one', async () => {
  const { output, out, err } = capture();
  const code = await main(['doctor', '--no-network', '--json'], output);
  assert.ok(code === 0 || code === 2, `${code}: ${err.join('\n')}`);
  doctorSchema.parse(JSON.parse(out.join('')));
});

test.run();

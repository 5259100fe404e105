// SPDX-License-Identifier: MIT
/** Boots a guest, copies files in, runs one command over ssh and exits with its status. */
import { readFile, stat } from 'node:fs/promises';
import * as path from 'node:path';
import { parseArgs } from 'node:util';
import { Cache } from '../cache.ts';
import { KeystormError, MachineFailure } from '../failure.ts';
import { withTemporaryFolder } from '../host/temporary.ts';
import { Preparation } from '../image/prepare.ts';
import { putFile } from '../ssh/files.ts';
import type { QemuMachine } from './machine.ts';
import { QemuProvider } from './provider.ts';

const usage = `Usage: node --import tsx vm/qemu/try.ts [OPTION]... 'COMMAND'
Boots a guest, runs the command there in a shell, and exits with its status.
  --kernel NAME | --kernel-tree DIR   what is booted (default: 6.1)
  --accelerator auto|tcg|kvm          (default: auto)
  --smp N, --memory MiB, --timeout S  (defaults: 1, 512, 600)
  --add FILE:GUESTPATH                copies a file in first; repeatable
  --bare                              without what the project puts into a guest
  --no-install                        installs no package on this host
  --headers                           boots nothing: prints where modules for that kernel are built
`;

const { values, positionals } = parsedArguments();
// A guest that is to do nothing was not meant.
if (values.help || (positionals.length === 0 && !values.headers)) endWithUsage();

function endWithUsage(): never {
  process.stderr.write(usage);
  process.exit(2);
}

function parsedArguments() {
  try {
    return parseArgs({ allowPositionals: true, options: optionsOf() });
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
    return endWithUsage();
  }
}

function optionsOf() {
  return {
    help: { type: 'boolean', short: 'h', default: false },
    bare: { type: 'boolean', default: false },
    kernel: { type: 'string', default: '6.1' },
    'kernel-tree': { type: 'string' },
    accelerator: { type: 'string', default: 'auto' },
    smp: { type: 'string', default: '1' },
    memory: { type: 'string', default: '512' },
    timeout: { type: 'string', default: '600' },
    add: { type: 'string', multiple: true, default: [] as string[] },
    headers: { type: 'boolean', default: false },
    'no-install': { type: 'boolean', default: false },
  } as const;
}

const accelerators = ['auto', 'tcg', 'kvm'] as const;
const started = performance.now();
const say = (line: string) =>
  process.stderr.write(`[${((performance.now() - started) / 1000).toFixed(2)} s] ${line}\n`);

async function addFile(machine: QemuMachine, spec: string): Promise<void> {
  const colon = spec.lastIndexOf(':');
  if (colon < 1) throw new KeystormError(`--add takes FILE:GUESTPATH, not "${spec}".`);
  const from = spec.slice(0, colon);
  const file = { path: spec.slice(colon + 1), mode: (await stat(from)).mode & 0o777, bytes: await readFile(from) };
  await putFile((command, input) => machine.run(command, undefined, input), file);
}

async function tryCommand(): Promise<number> {
  const { kernel } = values;
  const kernelTree = values['kernel-tree'] === undefined ? undefined : path.resolve(values['kernel-tree']);
  if (values.headers) {
    const { kernel: build } = await Preparation.open({ kernel, kernelTree, locked: false, progress: say });
    const tree = await build.moduleTree();
    process.stdout.write(`${path.join(tree.dir, tree.make)}\n`);
    return 0;
  }
  const provider = new QemuProvider(values.bare);
  const shape = { smp: Number(values.smp), memoryMiB: Number(values.memory) };
  const accelerator = accelerators.find((name) => name === values.accelerator);
  if (accelerator === undefined)
    throw new KeystormError(`--accelerator takes ${accelerators.join(', ')}, not "${values.accelerator}".`);
  const noInstall = values['no-install'];
  await provider.prepare({ kernel, kernelTree, locked: false, noInstall, accelerator, shape, progress: say });
  say(`prepared (cache: ${Cache.standard().root})`);
  return await withTemporaryFolder('try', (dir) => runIn(provider.create({ dir, ...shape })));
}

async function runIn(machine: QemuMachine): Promise<number> {
  try {
    await machine.start();
    say(`QEMU runs, pid ${machine.pid}`);
    await machine.ready();
    say('the guest is up');
    for (const spec of values.add) await addFile(machine, spec);
    const result = await machine.run(positionals.join(' '), Number(values.timeout) * 1000);
    process.stdout.write(result.stdout);
    process.stderr.write(result.stderr);
    say(`the command ended with status ${result.code}`);
    return result.code;
  } finally {
    await machine.stop();
  }
}

try {
  process.exitCode = await tryCommand();
} catch (error) {
  if (error instanceof MachineFailure) {
    process.stderr.write(
      `${error.kind}: ${error.message}\n${error.consoleTail.map((line) => `  | ${line}\n`).join('')}`,
    );
    process.exitCode = 3;
  } else if (error instanceof KeystormError) {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = error.exitCode;
  } else throw error;
}

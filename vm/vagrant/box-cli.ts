// SPDX-License-Identifier: MIT
/** `npm run box`: builds the Vagrant box of a kernel, which `vagrant up` then boots. */
import { parseArgs } from 'node:util';
import { Cache } from '../cache.ts';
import { KeystormError } from '../failure.ts';
import { ensureHostPackages } from '../host/install.ts';
import { Preparation } from '../image/prepare.ts';
import { primaryKernel } from '../image/primary-kernel.ts';
import { recordBox } from './box-record.ts';
import { buildBox } from './boxes.ts';
import { boxNeeds, demandNeeds } from './needs.ts';

const usage = `Usage: npm run box -- [--kernel NAME] [--no-install]
Builds a Vagrant box with that kernel (default: ${primaryKernel}) and everything a guest needs, and makes it the one that vagrant up boots.
`;

function parsed() {
  const options = {
    kernel: { type: 'string', default: primaryKernel },
    'no-install': { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  } as const;
  try {
    return parseArgs({ options }).values;
  } catch (error) {
    throw new KeystormError(`${(error as Error).message}. ${usage}`);
  }
}

async function build(): Promise<void> {
  const { kernel, help, 'no-install': noInstall } = parsed();
  if (help) {
    process.stdout.write(usage);
    return;
  }
  const progress = (line: string) => void process.stderr.write(`${line}\n`);
  demandNeeds(boxNeeds);
  await ensureHostPackages(noInstall, progress);
  const cache = Cache.standard();
  const guest = await (await Preparation.open({ kernel, locked: false, progress }, cache)).guest();
  const box = await buildBox(cache, guest, kernel, progress);
  const record = await recordBox(cache, box);
  process.stdout.write(
    `${box.name}: kernel ${box.facts.kernelRelease}, in ${box.file}; vagrant up boots it (${record}).\n`,
  );
}

try {
  await build();
} catch (error) {
  if (!(error instanceof KeystormError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = error.exitCode;
}

// SPDX-License-Identifier: MIT
/** `npm run vagrant -- COMMAND`: a command, or a shell, beside a libvirt of its own, in which `vagrant up` and the like work. */
import { spawn } from 'node:child_process';
import { Cache } from '../cache.ts';
import { KeystormError } from '../failure.ts';
import { withTemporaryFolder } from '../host/temporary.ts';
import { driverHere } from './driver.ts';
import { vagrantEnvironment } from './environment.ts';
import { demandNeeds, vagrantNeeds } from './needs.ts';
import { demandRoot, Sandbox } from './sandbox.ts';

const usage = `Usage: npm run vagrant -- [COMMAND [ARGUMENT]...]
Runs the command (default: a shell) where a libvirt of its own serves Vagrant: vagrant up, vagrant ssh and vagrant destroy work there, on the
Vagrantfile of this checkout. When it ends, so do libvirt and all guests. Nothing of this host's libvirt or of your Vagrant is touched.
`;

/** Ends with the status of the command. */
async function runInside([program = process.env.SHELL ?? 'bash', ...args]: readonly string[]): Promise<number> {
  demandRoot();
  demandNeeds(vagrantNeeds);
  const cache = Cache.standard();
  const progress = (line: string) => void process.stderr.write(`${line}\n`);
  const accelerator = await driverHere(cache, progress);
  return await withTemporaryFolder('vagrant', async (folder) => {
    const sandbox = await Sandbox.open({ accelerator, logs: folder });
    const environment = (await vagrantEnvironment(cache, accelerator))(folder);
    const child = spawn(...sandbox.entering(program, args, environment.VAGRANT_CWD), {
      stdio: 'inherit',
      env: { ...process.env, ...environment },
    });
    // A Ctrl-C is meant for it; so is the end.
    process.on('SIGINT', () => undefined);
    process.once('SIGTERM', () => void sandbox.close());
    const status = await new Promise<number>((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', (code, signal) => resolve(signal === null ? (code ?? 3) : 128));
    });
    await sandbox.close();
    return status;
  });
}

const words = process.argv.slice(2);
if (words[0] === '--help' || words[0] === '-h') process.stdout.write(usage);
else {
  try {
    process.exitCode = await runInside(words);
  } catch (error) {
    if (!(error instanceof KeystormError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = error.exitCode;
  }
}

// SPDX-License-Identifier: MIT
/** Prepares a run on somebody's machine: looks at it, says what would be done to it, asks whether it may, and builds for its kernel. */
import { readFileSync } from 'node:fs';
import * as path from 'node:path';
import { Cache, type Product } from '../cache.ts';
import { KeystormError } from '../failure.ts';
import { hashJson, sha256 } from '../hash.ts';
import { ensureHostPackages } from '../host/install.ts';
import type { KernelBuild } from '../image/kernel-build.ts';
import { sourceAt } from '../image/revision.ts';
import { moduleProduct, moduleSourceHash, presentSource, programsProduct } from '../image/sources.ts';
import type { Machine, MachineDescription, MachineOptions, MachineProvider, PrepareOptions } from '../machine.ts';
import { parseSshAddress } from '../ssh/address.ts';
import type { SshLink, SshTarget } from '../ssh/link.ts';
import { connect, look, Root, targetOf } from './box.ts';
import { type Facts, kernelVersion } from './facts.ts';
import { headersCommand, runningKernel } from './kernel.ts';
import { LabMachine } from './machine.ts';
import { demandConsent, demandUsable, preflightLines } from './preflight.ts';
import type { Luggage } from './stay.ts';

/** What a run there needs of ours. */
const programs = ['ks-runner', 'ks-pod', 'ks-hammer', 'ks-agent', 'ks-answer', 'ks-answer-by-type', 'ks-true'] as const;
/** For who explores by hand. */
const byHand = ['ks-in', 'ks-example-agent', 'ks-example-agent-signal'] as const;
const modules = ['keystorm.ko'] as const;

/** Headers have some ten thousand files. */
const headersMs = 300_000;

interface Prepared {
  readonly target: SshTarget;
  readonly facts: Facts;
  readonly description: MachineDescription;
  readonly luggage: Luggage;
  readonly progress: (line: string) => void;
}

export class LabProvider implements MachineProvider {
  readonly name: string;
  readonly abilities = { disposable: false, chooseKernel: false };
  readonly #address: string;
  #prepared: Prepared | undefined;

  /** `address`: [USER@]HOST[:PORT]. @throws KeystormError (2) for what is none. */
  constructor(address: string) {
    parseSshAddress(address);
    this.#address = address;
    this.name = `ssh:${address}`;
  }

  async prepare(options: PrepareOptions): Promise<void> {
    const { access = {}, progress, elsewhere = false } = options;
    demandNothingElse(options);
    const { host } = parseSshAddress(this.#address);
    // A wrong name is a mistake whatever the machine is like, and a reason not even to look at it.
    if (access.consent !== undefined) demandConsent(host, access.consent);
    const target = targetOf(this.#address, access);
    const link = await connect(target);
    try {
      const facts = await look(link, host);
      demandUsable(host, facts);
      if (!elsewhere) {
        for (const line of preflightLines(host, facts)) progress(line);
        demandConsent(host, access.consent);
      }
      this.#prepared = await this.#build({
        target,
        facts,
        progress,
        link,
        noInstall: options.noInstall,
        moduleCommit: options.moduleCommit,
      });
    } finally {
      link.close();
    }
  }

  create(options: MachineOptions): Machine {
    if (this.#prepared === undefined)
      throw new KeystormError('A machine was asked for before anything was prepared.', 3);
    return new LabMachine({ ...this.#prepared, options });
  }

  async #build({ target, facts, progress, link, noInstall, moduleCommit }: Building): Promise<Prepared> {
    await ensureHostPackages(noInstall, progress);
    const cache = Cache.standard();
    const fetchHeaders = () => fetchFrom(new Root(link, facts), target.host, facts.release);
    const kernel = await runningKernel({ host: target.host, facts, cache, progress, fetchHeaders });
    const own = await programsProduct(cache, progress);
    const source = moduleCommit === undefined ? presentSource : await sourceAt(moduleCommit, cache, progress);
    const module = await moduleProduct(cache, kernel, source, progress);
    const moduleHash = moduleSourceHash(source);
    const description = await describe(this.name, facts, kernel, { own, moduleHash });
    const inProduct = ({ dir }: Product, names: readonly string[]) =>
      names.map((name) => [name, path.join(dir, name)] as const);
    const luggage = new Map([...inProduct(own, [...programs, ...byHand]), ...inProduct(module, modules)]);
    return { target, facts, description, luggage, progress };
  }
}

interface Building {
  readonly target: SshTarget;
  readonly facts: Facts;
  readonly progress: (line: string) => void;
  readonly link: SshLink;
  readonly noInstall: boolean;
  readonly moduleCommit: string | undefined;
}

/** @throws KeystormError (2) for what such a machine does not have. */
function demandNothingElse({ accelerator = 'auto', kernelTree }: PrepareOptions): void {
  if (accelerator !== 'auto')
    throw new KeystormError(
      `That machine is no guest of ours and has no accelerator: leave out --accelerator ${accelerator}.`,
    );
  if (kernelTree !== undefined)
    throw new KeystormError('That machine runs a kernel of its own: leave out --kernel-tree.');
}

async function fetchFrom(root: Root, host: string, release: string): Promise<Buffer> {
  try {
    return await root.link.bytes(root.command(headersCommand(release)), headersMs);
  } catch (error) {
    throw new KeystormError(
      `The headers of ${release} could not be fetched from ${host}: ${(error as Error).message}.`,
      3,
    );
  }
}

async function describe(
  machine: string,
  facts: Facts,
  kernel: KernelBuild,
  { own, moduleHash }: { readonly own: Product; readonly moduleHash: string },
): Promise<MachineDescription> {
  const tree = await kernel.moduleTree();
  return {
    machine,
    accelerator: 'none',
    smp: facts.processors,
    memoryMiB: Math.round(facts.memory_kib / 1_024),
    clock: 'wall',
    kernel: kernelVersion(facts),
    kernelRelease: facts.release,
    kernelConfigHash: sha256(readFileSync(path.join(tree.dir, tree.make, '.config'))),
    moduleHash,
    imageHash: hashJson({ programs: own.digest }),
    hypervisor: { version: '', args: [] },
    cmdline: facts.cmdline,
    notes: [
      ...kernel.notes,
      `Measured on ${machine.replace(/^ssh:/, '')}, a machine that others may use meanwhile, with the processors that it has.`,
      'It was not booted for each boot of the plan: what differs from boot to boot of a machine is not in the spread between these.',
    ],
  };
}

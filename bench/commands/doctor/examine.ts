// SPDX-License-Identifier: MIT
/** From what a host has to what can be done on it, and what to do about the rest. */
import { installCommand } from '../../../vm/host/install.ts';
import { isDebian12, osName } from '../../../vm/host/os-release.ts';
import { type HostNeed, hostNeeds, packagesFor } from '../../../vm/host/packages.ts';
import { primaryKernel } from '../../../vm/image/primary-kernel.ts';
import { standardShape } from '../../../vm/qemu/accelerator/kvm.ts';
import { describeVerdict, probeCommand } from '../../../vm/qemu/accelerator/verdict.ts';
import { vagrantInstallCommand } from '../../../vm/vagrant/needs.ts';
import { duckdbInstallCommand } from '../../query/duckdb.ts';
import { count } from '../../words.ts';
import { type Check, type DoctorDocument, purposes } from './document.ts';
import type { Facts, Place } from './facts.ts';

const mebi = 2 ** 20;
/** Beside the guest's own memory: QEMU's, and the harness's. */
const besideGuestBytes = 300 * mebi;
/** What fetching and building all of it from nothing takes, and what a built one may still grow by. */
const emptyCacheBytes = 900 * mebi;
const filledCacheBytes = 200 * mebi;
const resultsBytes = 50 * mebi;
const temporaryBytes = 50 * mebi;

const commands = {
  report: 'keystorm report, judge, compare, export, history, trend, merge, list, plan; bench --machine fake',
  query: 'keystorm query',
  bench: 'npm run bench',
  test: 'npm test',
} as const;

const guests = ['bench', 'test'] as const;
const everything = [...purposes];

export function examine(facts: Facts): DoctorDocument {
  const checks = [...software(facts), ...machine(facts), ...kernels(facts), ...places(facts), ...network(facts)];
  const packages = packagesFor(hostNeeds.filter(({ needs }) => facts.missing.includes(needs)));
  return {
    schema: 'keystorm/doctor/1',
    tool: facts.tool,
    os: osName(facts.osRelease),
    root: facts.isRoot,
    processors: facts.processors,
    memory: facts.memory,
    checks,
    install: packages.length === 0 ? null : { packages, command: installCommand(packages) },
    cache: { dir: facts.cache.dir, freeBytes: facts.cache.freeBytes, parts: [...facts.cache.parts] },
    kvm: typeof facts.kvm === 'string' ? null : facts.kvm,
    purposes: purposes.map((name) => {
      const lacks = checks.filter((check) => check.status === 'missing' && check.neededFor.includes(name));
      return { name, command: commands[name], possible: lacks.length === 0, lacks: lacks.map((check) => check.name) };
    }),
  };
}

/** Whether the cache has what a guest of `npm run bench` is made of, so that nothing need be fetched or built for it. */
function holdsGuest({ cache, kernels: all }: Facts): boolean {
  return (
    cache.parts.some(({ kind }) => kind === 'image') && all.some((each) => each.name === primaryKernel && each.cached)
  );
}

/** What makes guests is nothing to who finds them made; tests compile programs of their own, and ask for all of it. */
function neededFor({ of }: HostNeed, facts: Facts): Check['neededFor'] {
  return of === 'making' && holdsGuest(facts) ? ['test'] : [...guests];
}

function software(facts: Facts): Check[] {
  const group = 'Software';
  const remedy = remedyFor(facts);
  const needs = hostNeeds.map((need): Check => {
    const missing = facts.missing.includes(need.needs);
    const found = need.needs === 'qemu-system-x86_64' && facts.qemu !== null ? facts.qemu : need.needs;
    const purposesOf = neededFor(need, facts);
    const made = purposesOf.includes('bench') ? '' : '; what it makes for npm run bench is in the cache';
    return {
      group,
      name: need.from,
      status: missing ? 'missing' : 'ok',
      found: missing ? `${need.needs} is not there: it ${need.why}${made}` : found,
      remedy: missing ? remedy : null,
      neededFor: purposesOf,
    };
  });
  const npm: Check =
    facts.npm === null
      ? {
          group,
          name: 'npm',
          status: 'note',
          found: 'not there, and needed when the npm packages change',
          remedy: 'install the npm that comes with Node.js (Debian: apt-get install npm)',
          neededFor: [],
        }
      : { group, name: 'npm', status: 'ok', found: facts.npm, remedy: null, neededFor: [] };
  return [
    // Whoever reads this runs on a Node.js that is new enough: an older one is refused before anything else.
    { group, name: 'Node.js', status: 'ok', found: facts.node, remedy: null, neededFor: everything },
    npm,
    ...perPackage(needs),
    vagrant(facts),
    duckDb(facts),
  ];
}

/** Nobody lacks it but who says --machine vagrant. */
function vagrant({ vagrantLacks: lacks }: Facts): Check {
  const what = { group: 'Software', name: 'Vagrant' } as const;
  if (lacks.length === 0)
    return { ...what, neededFor: [], status: 'ok', found: 'with libvirt, for --machine vagrant', remedy: null };
  const found = `only for --machine vagrant, which lacks ${lacks.map(({ needs }) => needs).join(', ')}`;
  const command = vagrantInstallCommand([...new Set(lacks.map(({ from }) => from))]);
  return { ...what, neededFor: [], status: 'note', found, remedy: `for that alone, as root: ${command}` };
}

/** Nobody lacks it but who asks in SQL. */
function duckDb({ hasDuckDb }: Facts): Check {
  const what = { group: 'Software', name: 'DuckDB', neededFor: ['query'] } satisfies Partial<Check>;
  if (hasDuckDb) return { ...what, status: 'ok', found: 'for query', remedy: null };
  return { ...what, status: 'missing', found: 'not installed; only query needs it', remedy: duckdbInstallCommand };
}

/** A package once, whatever it is needed for. */
function perPackage(checks: readonly Check[]): Check[] {
  const names = [...new Set(checks.map(({ name }) => name))];
  return names.flatMap((name) => {
    const ofPackage = checks.filter((check) => check.name === name);
    const missing = ofPackage.filter(({ status }) => status === 'missing');
    const shown = missing.length > 0 ? missing : ofPackage;
    const [first] = shown;
    if (first === undefined) return [];
    const forAny = everything.filter((purpose) => shown.some((check) => check.neededFor.includes(purpose)));
    return [{ ...first, found: shown.map(({ found }) => found).join(', '), neededFor: forAny }];
  });
}

function remedyFor(facts: Facts): string {
  const { osRelease, isRoot, noInstall, missing } = facts;
  const lacking = hostNeeds.filter(({ needs }) => missing.includes(needs));
  const packages = packagesFor(lacking);
  if (!isDebian12(osRelease))
    return `this is ${osName(osRelease)}: install by hand what Debian 12 has in ${packages.join(' ')}`;
  if (isRoot && !noInstall) {
    // Who installs anything installs all; a run that lacks nothing of its own installs nothing.
    const first = lacking.some((need) => neededFor(need, facts).includes('bench')) ? commands.bench : commands.test;
    return `${first} installs it by itself`;
  }
  return `${isRoot ? 'type' : 'as root, type'}: ${installCommand(packages)}`;
}

function machine({ processors, memory, kvm }: Facts): Check[] {
  const group = 'Machine';
  const needed = standardShape.memoryMiB * mebi + besideGuestBytes;
  const enough = memory.availableBytes >= needed;
  const few = processors.usable < 2;
  return [
    {
      group,
      name: 'processors',
      status: few ? 'note' : 'ok',
      found: `${processors.usable} × ${processors.model}${few ? ': guest and harness share it, so times are noisy' : ''}`,
      remedy: null,
      neededFor: [],
    },
    {
      group,
      name: 'memory',
      status: enough ? 'ok' : 'missing',
      found: `${size(memory.availableBytes)} available of ${size(memory.totalBytes)}`,
      remedy: enough ? null : `free some: a guest and the harness take ${size(needed)}`,
      neededFor: [...guests],
    },
    { group, name: 'accelerator', ...accelerator(kvm), neededFor: [] },
  ];
}

function accelerator(kvm: Facts['kvm']): Pick<Check, 'status' | 'found' | 'remedy'> {
  if (kvm === null) {
    const found = '/dev/kvm opens, and whether a guest boots with it is not known yet';
    return { status: 'unknown', found, remedy: `${probeCommand()} tries (the next run would, too)` };
  }
  if (typeof kvm === 'string') return { status: 'unknown', found: `KVM could not be looked at: ${kvm}`, remedy: null };
  const why = describeVerdict(kvm);
  if (kvm.outcome === 'boots') return { status: 'ok', found: `KVM: ${why}`, remedy: null };
  const remedy = {
    absent: 'where virtual machines may nest, or on real hardware, there would be KVM',
    forbidden: 'join the group that may open it, then log in anew',
    hung: `${probeCommand()} tries again`,
    died: `${probeCommand()} tries again`,
  }[kvm.outcome];
  return { status: 'note', found: `TCG: ratios count, milliseconds do not. No KVM: ${why}`, remedy };
}

/** None of them keeps anybody from the primary kernel, which is compiled for as the host is: notes, not wants. */
function kernels({ kernels: all, namespaceRefusal }: Facts): Check[] {
  const group = 'Kernels';
  return all.map(({ name, version, cached, needsNamespaces }): Check => {
    const held = cached ? 'in the cache' : 'fetched or built when it is first asked for';
    if (!needsNamespaces || namespaceRefusal === null)
      return { group, name, status: 'ok', found: `${version}, ${held}`, remedy: null, neededFor: [] };
    const found = `${version}, ${held}; its modules cannot be compiled here: ${namespaceRefusal}`;
    const remedy =
      'allow user namespaces (sysctl user.max_user_namespaces, kernel.unprivileged_userns_clone), or fill the cache elsewhere';
    return { group, name, status: 'note', found, remedy, neededFor: [] };
  });
}

function places(facts: Facts): Check[] {
  const { cache, results, temporary, home } = facts;
  const built = holdsGuest(facts);
  const parts = cache.parts.map(({ kind, count: n, bytes }) => `${n > 1 ? `${n} × ` : ''}${kind} ${size(bytes)}`);
  const runs = results.runs === 0 ? 'no run yet' : count(results.runs, 'run');
  const elsewhere = 'name another place in KEYSTORM_CACHE';
  return [
    placeCheck('cache', cache, built ? filledCacheBytes : emptyCacheBytes, {
      holds: parts.length === 0 ? 'empty' : parts.join(', '),
      elsewhere,
      neededFor: [...guests],
      // A cache that holds everything is only read.
      readOnlyWillDo: built,
    }),
    placeCheck('results', results, resultsBytes, { holds: runs, elsewhere: 'give bench --out', neededFor: ['bench'] }),
    placeCheck('temporary files', temporary, temporaryBytes, {
      holds: '',
      elsewhere: 'name another place in TMPDIR',
      neededFor: [...guests],
    }),
    {
      group: 'Places',
      name: 'HOME',
      status: 'ok',
      found:
        home === null
          ? 'not set; not needed'
          : `${home.dir}${home.refusal === null ? '' : ` cannot be written (${home.refusal}); it need not be`}`,
      remedy: null,
      neededFor: [],
    },
  ];
}

interface PlaceNeeds {
  readonly holds: string;
  /** What to do when it will not do. */
  readonly elsewhere: string;
  readonly neededFor: Check['neededFor'];
  readonly readOnlyWillDo?: boolean;
}

function placeCheck(name: string, place: Place, needed: number, needs: PlaceNeeds): Check {
  const { holds, elsewhere, neededFor, readOnlyWillDo = false } = needs;
  const problem =
    place.refusal !== null
      ? `cannot be written (${place.refusal})`
      : place.freeBytes < needed
        ? `${size(needed)} are needed`
        : null;
  const status = problem === null ? 'ok' : readOnlyWillDo ? 'note' : 'missing';
  const found = [place.dir, `${size(place.freeBytes)} free`, problem, holds].filter(
    (part) => part !== null && part !== '',
  );
  const remedy = problem === null ? null : elsewhere;
  return { group: 'Places', name, status, found: found.join('; '), remedy, neededFor };
}

function network(facts: Facts): Check[] {
  const { mirrors } = facts;
  const built = holdsGuest(facts);
  const group = 'Network';
  const names = ['Debian', 'npm'] as const;
  return names.map((name): Check => {
    const mirror = mirrors?.find((each) => each.name === name);
    const label = { Debian: "Debian's mirror", npm: 'npm registry' }[name];
    if (mirror === undefined) {
      return { group, name: label, status: 'unknown', found: 'not asked', remedy: null, neededFor: [] };
    }
    if (mirror.reached) return { group, name: label, status: 'ok', found: mirror.detail, remedy: null, neededFor: [] };
    // The npm packages are here, or nobody would be reading this; Debian's are when a guest was once built.
    const needed = name === 'Debian' && !built;
    return {
      group,
      name: label,
      status: needed ? 'missing' : 'note',
      found: `not reached: ${mirror.detail}${needed ? '' : '; needed only when something is to be built anew'}`,
      remedy: needed ? 'connect this host for once, or let KEYSTORM_CACHE name a filled cache' : null,
      neededFor: [...guests],
    };
  });
}

/** Bytes in the unit a person would say. */
export function size(bytes: number): string {
  return bytes >= 10_000 * mebi ? `${Math.round(bytes / mebi / 1024)} GiB` : `${Math.round(bytes / mebi)} MiB`;
}

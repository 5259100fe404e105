// SPDX-License-Identifier: MIT
/**
 * An apt of our own: the host's sources, keys and proxy settings, read only; lists, cache and package status in our cache.
 * Works as an ordinary user, and never changes what the host's apt knows or has installed.
 */
import { rename, rm, stat, writeFile } from 'node:fs/promises';
import * as path from 'node:path';
import type { Cache } from '../cache.ts';
import { KeystormError } from '../failure.ts';
import { attempt, type CommandResult } from '../host/command.ts';

/** A package file as the mirror offers it. */
export interface PackageFile {
  readonly name: string;
  readonly version: string;
  /** sha256, hexadecimal. */
  readonly sha256: string;
}

/** Lists older than this are fetched again before anything is resolved with them. */
const listsAgeMs = 12 * 3_600_000;

export class PrivateApt {
  #setUp: Promise<string> | undefined;
  #updated: 'fetched' | 'recent' | undefined;
  #trouble: string | undefined;

  /**
   * Touches and fetches nothing before it is asked for something. `suite`: whose packages, for the folder's name. `sources`: what to
   * use in place of the host's sources (deb822), made when it is first needed; it may keep files in the folder it is given.
   */
  constructor(
    readonly cache: Cache,
    readonly suite: string,
    readonly progress: (line: string) => void,
    readonly sources?: (dir: string) => Promise<string>,
  ) {}

  /** Fetches the lists unless they are recent. `force`: even then (something was not found in them). */
  async update(force = false): Promise<void> {
    if (this.#updated === 'fetched' || (this.#updated === 'recent' && !force)) return;
    const config = await this.#config();
    // apt refuses to share a lists folder.
    this.#updated = await this.cache.alone('lists', this.progress, async () => {
      const stamp = path.join(path.dirname(config), 'updated');
      if (!force && (await ageMs(stamp)) < listsAgeMs) return 'recent';
      this.progress('Fetching package lists into the cache.');
      let result = await attempt('apt-get', ['-c', config, 'update']);
      if (result.code !== 0 && !unfetched.test(result.stdout + result.stderr)) {
        // apt stumbles over a list that it fetched before and that was damaged since.
        this.progress(`apt cannot use the cached package lists (${firstError(result.stderr)}); fetching all anew.`);
        await rm(path.join(path.dirname(config), 'lists'), { recursive: true, force: true });
        await this.cache.folder('apt', this.suite, 'lists', 'partial');
        result = await attempt('apt-get', ['-c', config, 'update']);
      }
      this.#trouble = troubleOf(result);
      // Lists of which a part is missing serve for now; the next harness tries again.
      if (this.#trouble === undefined) await writeFile(stamp, '');
      return 'fetched';
    });
  }

  /** KeystormError (exit 2) if not all could be fetched: then what is not found may be missing here only. */
  demandMirror(missing: string): void {
    if (this.#trouble === undefined) return;
    const full = this.cache.fullDisk(this.#trouble);
    if (full !== undefined) throw full;
    throw new KeystormError(
      `The cache ${this.cache.root} lacks ${missing}, and fetching from Debian's mirror failed (${this.#trouble}): connect this host for once, or let KEYSTORM_CACHE name a cache that was filled on another one.`,
    );
  }

  /** Everything that installing `names` on an empty system would install, by apt's own resolver, sorted by name. */
  async closure(names: readonly string[]): Promise<{ name: string; version: string }[]> {
    await this.update();
    const how = ['install', '--simulate', '--no-install-recommends', ...names];
    const simulate = async () => attempt('apt-get', ['-c', await this.#config(), ...how]);
    let result = await simulate();
    if (result.code !== 0) {
      await this.update(true);
      result = await simulate();
    }
    const { code, stdout: out, stderr } = result;
    if (code !== 0) {
      this.demandMirror(`the packages ${names.join(', ')} of ${this.suite}`);
      throw new KeystormError(`apt cannot resolve ${names.join(', ')} of ${this.suite}: ${firstError(stderr)}`, 3);
    }
    const found = [...out.matchAll(/^Inst (\S+) \((\S+) /gm)].map((m) => ({ name: m[1] ?? '', version: m[2] ?? '' }));
    return found.sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** Checksums of packages; undefined when the mirror has no such version of one of them. */
  async files(packages: readonly { name: string; version: string }[]): Promise<PackageFile[] | undefined> {
    await this.update();
    const specs = packages.map((p) => `${p.name}=${p.version}`);
    const args = ['show', '--no-all-versions', ...specs];
    const result = await attempt('apt-cache', ['-c', await this.#config(), ...args]);
    if (result.code !== 0) return undefined;
    const stanzas = result.stdout.split(/\n\n+/).map(parseStanza);
    const files: PackageFile[] = [];
    for (const { name, version } of packages) {
      const stanza = stanzas.find((s) => s.Package === name && s.Version === version);
      if (stanza?.SHA256 === undefined) return undefined;
      files.push({ name, version, sha256: stanza.SHA256 });
    }
    return files;
  }

  /** What the newest version of a package depends on, and that version; undefined when there is no such package. */
  async newest(name: string): Promise<{ version: string; depends: string[] } | undefined> {
    await this.update();
    const result = await attempt('apt-cache', ['-c', await this.#config(), 'show', '--no-all-versions', name]);
    if (result.code !== 0) return undefined;
    const stanza = parseStanza(result.stdout.split(/\n\n+/)[0] ?? '');
    if (stanza.Version === undefined) return undefined;
    const depends = (stanza.Depends ?? '').split(/\s*,\s*/).map((word) => word.replace(/[\s:(|].*$/, ''));
    return { version: stanza.Version, depends: depends.filter((word) => word !== '') };
  }

  /** Downloads packages into `into`; apt checks them against its signed lists. */
  async download(packages: readonly { name: string; version: string }[], into: string): Promise<void> {
    await this.update();
    const specs = packages.map((p) => `${p.name}=${p.version}`);
    const result = await attempt('apt-get', ['-c', await this.#config(), 'download', ...specs], { cwd: into });
    this.#trouble = troubleOf(result);
    if (this.#trouble === undefined) return;
    // The mirror may have dropped what recent lists still name: whoever comes next shall not believe them.
    await rm(path.join(path.dirname(await this.#config()), 'updated'), { force: true });
    this.demandMirror(`the packages ${packages.map((p) => p.name).join(', ')}`);
  }

  /** The path of our configuration, written when it is first needed. */
  #config(): Promise<string> {
    this.#setUp ??= this.#configure();
    return this.#setUp;
  }

  async #configure(): Promise<string> {
    const dir = await this.cache.folder('apt', this.suite);
    for (const name of ['lists', 'archives']) await this.cache.folder('apt', this.suite, name, 'partial');
    await writeFile(path.join(dir, 'status'), '');
    const parts = this.sources === undefined ? undefined : await this.cache.folder('apt', this.suite, 'sources');
    if (parts !== undefined && this.sources !== undefined)
      await replaceFile(path.join(parts, 'debian.sources'), await this.sources(dir));
    // Put in place whole: an apt of another harness that read half of it would work on the host's own lists.
    const config = path.join(dir, 'apt.conf');
    await replaceFile(config, configuration(dir, parts));
    return config;
  }
}

async function replaceFile(file: string, text: string): Promise<void> {
  const written = `${file}.${process.pid}`;
  await writeFile(written, text);
  await rename(written, file);
}

function ageMs(file: string): Promise<number> {
  return stat(file).then(
    (status) => Date.now() - status.mtimeMs,
    () => Number.POSITIVE_INFINITY,
  );
}

const unfetched = /^(?:Err:\d+ .*\n\s+|[WE]: Failed to fetch \S+\s+)(.+)$/m;

/** Why not all could be fetched, in apt's words; undefined when all was. It may say so and still exit with 0. */
function troubleOf({ code, stdout, stderr }: CommandResult): string | undefined {
  const failed = unfetched.exec(`${stdout}\n${stderr}`)?.[1];
  if (failed !== undefined) return failed.trim();
  return code === 0 ? undefined : firstError(stderr);
}

function firstError(stderr: string): string {
  return /^E: (.+)$/m.exec(stderr)?.[1] ?? (stderr.trim().split('\n')[0] || 'no reason given');
}

/**
 * Read with -c, hence after the host's own files: what they say of proxies stands, and of sources where there is no folder of
 * others; their hooks do not.
 */
function configuration(dir: string, sources: string | undefined): string {
  const etc = sources === undefined ? '' : `Dir::Etc::sourcelist "/dev/null";\nDir::Etc::sourceparts "${sources}";\n`;
  return `${etc}Dir::State "${dir}";
Dir::State::status "${dir}/status";
Dir::State::lists "lists";
Dir::Cache "${dir}";
Dir::Cache::archives "archives";
#clear Dir::Cache::pkgcache;
#clear Dir::Cache::srcpkgcache;
Dir::Cache::pkgcache "pkgcache.bin";
Dir::Cache::srcpkgcache "srcpkgcache.bin";
Dir::Log "${dir}";
#clear APT::Update::Pre-Invoke;
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
#clear DPkg::Pre-Invoke;
#clear DPkg::Post-Invoke;
#clear DPkg::Pre-Install-Pkgs;
APT::Sandbox::User "root";
APT::Get::AllowUnauthenticated "false";
Acquire::Languages "none";
Acquire::Retries "3";
Acquire::IndexTargets::deb::DEP-11::DefaultEnabled "false";
Acquire::IndexTargets::deb::DEP-11-icons-small::DefaultEnabled "false";
Acquire::IndexTargets::deb::DEP-11-icons::DefaultEnabled "false";
Acquire::IndexTargets::deb::DEP-11-icons-hidpi::DefaultEnabled "false";
`;
}

/** One paragraph of `apt-cache show`; continuation lines are dropped. */
export function parseStanza(text: string): Record<string, string | undefined> {
  const fields: Record<string, string | undefined> = {};
  for (const line of text.split('\n')) {
    const colon = line.indexOf(': ');
    if (colon > 0 && !line.startsWith(' ')) fields[line.slice(0, colon)] = line.slice(colon + 2).trim();
  }
  return fields;
}

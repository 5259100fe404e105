// SPDX-License-Identifier: MIT
/**
 * An apt of our own: the host's sources, keys and proxy settings, read only; lists, cache and package status in our cache.
 * Works as an ordinary user, and never changes what the host's apt knows or has installed.
 */
import { existsSync } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import * as path from 'node:path';
import { attempt, run } from '../host/command.ts';

/** A package file as the mirror offers it. */
export interface PackageFile {
  readonly name: string;
  readonly version: string;
  /** sha256, hexadecimal. */
  readonly sha256: string;
}

/** Lists older than this are fetched again before anything is resolved with them. */
const listsAgeMs = 12 * 3_600_000;
/** How long to wait for another harness that is fetching lists. */
const lockWaitSeconds = 300;

export class PrivateApt {
  #updated = false;

  private constructor(
    readonly dir: string,
    readonly progress: (line: string) => void,
  ) {}

  /** Sets up the configuration in `dir`; fetches nothing yet. */
  static async open(dir: string, progress: (line: string) => void): Promise<PrivateApt> {
    for (const name of ['lists/partial', 'archives/partial']) await mkdir(path.join(dir, name), { recursive: true });
    await writeFile(path.join(dir, 'status'), '');
    // Put in place whole: an apt of another harness that read half of it would work on the host's own lists.
    const written = path.join(dir, `apt.conf.${process.pid}`);
    await writeFile(written, configuration(dir));
    await rename(written, path.join(dir, 'apt.conf'));
    return new PrivateApt(dir, progress);
  }

  /** Fetches the lists unless they are recent. `force`: even then (something was not found in them). */
  async update(force = false): Promise<void> {
    const stamp = path.join(this.dir, 'updated');
    if (this.#updated && !force) return;
    const script =
      'if [ "$3" = no ] && [ -n "$(find "$1" -newermt "-$2 seconds" 2>/dev/null)" ]; then echo recent; exit; fi; ' +
      'exec apt-get -c "$4" update';
    if (force || !existsSync(stamp)) this.progress('Fetching package lists into the cache.');
    const args = [stamp, String(listsAgeMs / 1000), force ? 'yes' : 'no', path.join(this.dir, 'apt.conf')];
    // The lock spares a second harness both the fetch and apt's refusal to share a lists folder.
    // One process from flock to apt (-F, exec), so that none of them is left when the harness ends.
    const lock = ['-F', '-w', String(lockWaitSeconds), `${stamp}.lock`];
    const said = await run('flock', [...lock, 'sh', '-c', script, 'update', ...args]);
    if (said.trim() !== 'recent') await writeFile(stamp, '');
    this.#updated = true;
  }

  /** Everything that installing `names` on an empty system would install, by apt's own resolver, sorted by name. */
  async closure(names: readonly string[]): Promise<{ name: string; version: string }[]> {
    await this.update();
    const out = await this.#apt('apt-get', ['install', '--simulate', '--no-install-recommends', ...names]);
    const found = [...out.matchAll(/^Inst (\S+) \((\S+) /gm)].map((m) => ({ name: m[1] ?? '', version: m[2] ?? '' }));
    return found.sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** Checksums of packages; undefined when the mirror has no such version of one of them. */
  async files(packages: readonly { name: string; version: string }[]): Promise<PackageFile[] | undefined> {
    await this.update();
    const specs = packages.map((p) => `${p.name}=${p.version}`);
    const args = ['show', '--no-all-versions', ...specs];
    const result = await attempt('apt-cache', ['-c', path.join(this.dir, 'apt.conf'), ...args]);
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
    const result = await attempt('apt-cache', [
      '-c',
      path.join(this.dir, 'apt.conf'),
      'show',
      '--no-all-versions',
      name,
    ]);
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
    await run('apt-get', ['-c', path.join(this.dir, 'apt.conf'), 'download', ...specs], { cwd: into });
  }

  #apt(program: string, args: readonly string[]): Promise<string> {
    return run(program, ['-c', path.join(this.dir, 'apt.conf'), ...args]);
  }
}

/** Read with -c, hence after the host's own files: what they say of sources and proxies stands, their hooks do not. */
function configuration(dir: string): string {
  return `Dir::State "${dir}";
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

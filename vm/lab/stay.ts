// SPDX-License-Identifier: MIT
/**
 * A stay on somebody's machine: what is changed there for it, and how it is put back. A keeper over there puts it back when its standard
 * input ends: when we say so, when we die, and when the connection is lost.
 */
import { readFileSync } from 'node:fs';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';
import { settledWithin, within } from '../bounded.ts';
import { guestFolder, requestKeyRules } from '../image/initramfs.ts';
import { putFile } from '../ssh/files.ts';
import type { RemoteCommand } from '../ssh/link.ts';
import type { Root } from './box.ts';
import type { Facts } from './facts.ts';

/** Files of this host, by their names in our folder over there. */
export type Luggage = ReadonlyMap<string, string>;

/** To begin with, and for each file. */
const stepMs = 60_000;
/** A runner that is told to end takes its time, and may have to be killed. */
export const putBackMs = 50_000;

const script = (name: string) => readFileSync(fileURLToPath(new URL(`./${name}.sh`, import.meta.url)), 'utf8');
const putBackFile = `${guestFolder}/put-back`;

/** How somebody over there can put things back by hand. */
export const putBackByHand = `sh ${putBackFile}`;

/** What could not be put back, one line each; empty when all was. */
export type Trouble = readonly string[];

export class Stay {
  readonly #keeper: RemoteCommand;
  #said = '';
  #leaving: Promise<Trouble> | undefined;

  private constructor(keeper: RemoteCommand) {
    this.#keeper = keeper;
    keeper.stdout.on('data', (chunk: Buffer) => {
      this.#said += chunk.toString('utf8');
    });
    keeper.stderr.on('data', (chunk: Buffer) => {
      this.#said += chunk.toString('utf8');
    });
  }

  /**
   * Changes the machine. What an earlier stay has left is put back first.
   * @throws Error, one clause that says what failed; whatever had been done by then is put back.
   */
  static async begin(root: Root, facts: Facts, luggage: Luggage): Promise<Stay> {
    const stay = new Stay(await root.start(script('keeper')));
    try {
      await stay.#keeps();
      const wasThere = facts.folder === 'ours' ? await clear(root) : facts.folder === 'empty';
      await settle(root, wasThere, luggage);
      return stay;
    } catch (error) {
      const trouble = await stay.leave();
      const left = trouble.length === 0 ? '' : `; and what was changed could not be put back (${trouble.join('; ')})`;
      throw new Error(`${(error as Error).message}${left}`);
    }
  }

  /** Has everything put back and waits for it. Never rejects; more than once is once. */
  leave(): Promise<Trouble> {
    this.#leaving ??= this.#leave();
    return this.#leaving;
  }

  async #leave(): Promise<Trouble> {
    this.#keeper.stdin.end();
    if (!(await settledWithin(this.#keeper.ended, putBackMs))) return [`no word of it within ${putBackMs / 1_000} s`];
    const { code } = await this.#keeper.ended;
    if (code === 0) return [];
    return complaints(this.#said) ?? [code === undefined ? 'the connection was lost' : `its status was ${code}`];
  }

  /** Resolves when the keeper has its lock. */
  async #keeps(): Promise<void> {
    const word = new Promise<void>((resolve, reject) => {
      const look = () => {
        if (/^keeping$/m.test(this.#said)) resolve();
      };
      this.#keeper.stdout.on('data', look);
      void this.#keeper.ended.then(() =>
        reject(
          new Error(
            /^busy$/m.test(this.#said)
              ? 'another keystorm is at work there'
              : `nobody could be left there to put things back (${this.#said.trim() || 'it said nothing'})`,
          ),
        ),
      );
      look();
    });
    await within(word, stepMs, () => new Error(`no answer within ${stepMs / 1_000} s`));
  }
}

/** The lines that the script that puts back complains with; undefined if there are none. */
function complaints(said: string): Trouble | undefined {
  const lines = said.split('\n').filter((line) => line.trim() !== '' && line !== 'keeping' && line !== 'busy');
  return lines.length === 0 ? undefined : lines;
}

/** Puts back what another stay has left. Whether our folder is its owner's, and stays. */
async function clear(root: Root): Promise<boolean> {
  const { code, stdout, stderr } = await root.run(putBackByHand, putBackMs);
  if (code !== 0) throw new Error(`what an earlier run left cannot be put back (${`${stdout}${stderr}`.trim()})`);
  return (await root.run(`test -e ${guestFolder}`, stepMs)).code === 0;
}

async function settle(root: Root, wasThere: boolean, luggage: Luggage): Promise<void> {
  const put = (name: string, mode: number, bytes: Buffer) =>
    putFile((command, input) => root.run(command, stepMs, input), { path: `${guestFolder}/${name}`, mode, bytes });
  await put('put-back', 0o755, Buffer.from(script('put-back')));
  if (wasThere) await put('was-there', 0o644, Buffer.alloc(0));
  for (const [name, file] of luggage) await put(name, path.extname(name) === '.ko' ? 0o644 : 0o755, readFileSync(file));
  const { code, stderr } = await root.run(script('change'), stepMs, Buffer.from(requestKeyRules));
  if (code !== 0) throw new Error(`the machine could not be set up (${stderr.trim()})`);
}

/**
 * Waits until a keeper that lost its connection has put things back, and does it if there is none.
 * Rejects with an SshError when the machine is lost again.
 */
export async function putBackAfterLoss(root: Root): Promise<Trouble> {
  const wait = 'flock -w 40 /run/keystorm.keeper true; rm -f /run/keystorm.keeper';
  const { code, stdout, stderr } = await root.run(
    `${wait}; [ ! -e ${putBackFile} ] || ${putBackByHand}`,
    putBackMs + 10_000,
  );
  return code === 0 ? [] : (complaints(`${stdout}${stderr}`) ?? [`its status was ${code}`]);
}

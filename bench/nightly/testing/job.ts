// SPDX-License-Identifier: MIT
/** A nightly job on the fake machine. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import * as assert from 'uvu/assert';
import { historyFile } from '../../../results/history.ts';
import { ofHistoryKind, readHistory } from '../../../results/history-reader.ts';
import { scriptVariable } from '../../../vm/fake/provider.ts';
import { main } from '../../commands/main.ts';
import { capture } from '../../commands/testing/capture.ts';
import { testFolder } from '../../testing/test-run.ts';
import { nightlyDocumentSchema } from '../document.ts';

/** Six blocks are enough where one in ten nights may alarm. */
const blocks = ['--boots', '6', '--alpha', '0.1'];
const work = ['--mechanism', 'keyagent-fd', '--scenario', 'latency', '--quick', '--seed', '5', ...blocks];
export const small = ['--machine', 'fake', ...work];
export const baseline = ['--baseline', 'kernel=6.1'];
/** What a tenth more of a p50 is on the fake machine. */
export const slower = ['--new', 'kernel=6.1,delay=20000'];

/** A job of its own: nights that share a history and a folder. */
export function job() {
  const [history, out] = [path.join(testFolder(), 'history'), testFolder()];
  const places = ['--history', history, '--out', out];
  const command = async (...args: string[]) => {
    const { output, out: said, err } = capture();
    const code = await main(['nightly', ...small, ...places, ...args], output);
    return { code, out: said.join('\n'), err: err.join('\n') };
  };
  const night = async (...args: string[]) => {
    const { code, out: text, err } = await command(...baseline, ...args, '--json');
    assert.ok(text !== '', err);
    return { code, document: nightlyDocumentSchema.parse(JSON.parse(text)) };
  };
  const nights = () => (existsSync(path.join(history, historyFile)) ? ofHistoryKind(readHistory(history), 'run') : []);
  return { history, out, command, night, nights };
}

/** With a fake machine that does something wrong. */
export async function withScript<T>(script: string, work: () => Promise<T>): Promise<T> {
  process.env[scriptVariable] = script;
  try {
    return await work();
  } finally {
    delete process.env[scriptVariable];
  }
}

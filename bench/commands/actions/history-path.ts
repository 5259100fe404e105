// SPDX-License-Identifier: MIT
import { fileURLToPath } from 'node:url';
import { userPath } from '../context.ts';

/** Where the history is unless told otherwise. */
const standardHistoryDir = fileURLToPath(new URL('../../../results/history', import.meta.url));

/** The history's folder, as --history names it. */
export function historyPath(text: string | undefined): string {
  return text === undefined ? standardHistoryDir : userPath(text);
}

// SPDX-License-Identifier: MIT
/** For tests: exports as the programs read them for which they are meant, in Debian's Python. */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { isPresent } from '../../../vm/host/packages.ts';
import { testFolder } from '../../testing/test-run.ts';

const program = fileURLToPath(new URL('read_back.py', import.meta.url));

/** Debian's, which finds Debian's packages. */
const python = '/usr/bin/python3';

/** What each way of reading needs, as Python and as Debian know it. */
export const readers = {
  xml: { module: 'xml.etree.ElementTree', from: 'python3' },
  junit: { module: 'junitparser', from: 'python3-junitparser' },
  openmetrics: { module: 'prometheus_client.openmetrics.parser', from: 'python3-prometheus-client' },
} as const;
export type Reader = keyof typeof readers;

export function canRead(how: Reader): boolean {
  return isPresent(python) && spawnSync(python, ['-c', `import ${readers[how].module}`]).status === 0;
}

/** What the reader made of each text. */
export function read<T>(how: Reader, texts: readonly string[], schema: z.ZodType<T>): T[] {
  const file = path.join(testFolder(), 'texts.json');
  writeFileSync(file, JSON.stringify(texts));
  const { status, stdout, stderr } = spawnSync(python, [program, how, file], {
    encoding: 'utf8',
    maxBuffer: 256 * 1024 * 1024,
  });
  if (status !== 0) throw new Error(stderr);
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => schema.parse(JSON.parse(line)));
}

/** What `xml` gives of a text: its test cases. */
export const casesSchema = z.array(
  z.object({ suite: z.string(), name: z.string(), message: z.string().nullable(), text: z.string().nullable() }),
);

// SPDX-License-Identifier: MIT
/** A plan in a file of its own, as `keystorm plan --out` writes it: perhaps elsewhere, perhaps edited since. */
import { KeystormError } from '../vm/failure.ts';
import { programCommand } from '../vm/host/program.ts';
import { type Plan, planSchema, planSchemaName } from './plan.ts';
import { type ReadOps, realReadOps } from './read-ops.ts';

/** KeystormError (exit 2) for a file that cannot be read, or that holds no plan that can be carried out. */
export function readPlan(file: string, files: ReadOps = realReadOps): Plan {
  const remedy = `\`${programCommand()} plan --out FILE\` writes one`;
  const value = parse(file, textOf(file, files, remedy), remedy);
  const schema = value !== null && typeof value === 'object' && 'schema' in value ? value.schema : undefined;
  if (schema !== planSchemaName) {
    const what = schema === undefined ? 'no plan' : `of schema ${JSON.stringify(schema)}`;
    throw new KeystormError(`${file} is ${what}, and this keystorm does plans of ${planSchemaName}; ${remedy}.`);
  }
  const parsed = planSchema.safeParse(value);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new KeystormError(
      `${file} does not fit ${planSchemaName} at ${issue?.path.join('.')} (${issue?.message}); ${remedy}.`,
    );
  }
  const problem = contradictionIn(parsed.data);
  if (problem !== null) throw new KeystormError(`${file} cannot be carried out: ${problem}; ${remedy}.`);
  return parsed.data;
}

function textOf(file: string, files: ReadOps, remedy: string): string {
  try {
    return files.read(file).toString('utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const why = code === 'ENOENT' ? 'there is no such file' : message;
    throw new KeystormError(`Cannot read the plan ${file} (${why}); ${remedy}.`, 2, { cause: error });
  }
}

function parse(file: string, text: string, remedy: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new KeystormError(`${file} is not JSON, so it is no plan; ${remedy}.`, 2, { cause: error });
  }
}

/** What the parts of a plan say against one another; null if nothing. */
function contradictionIn({ boots, cells, checks }: Plan): string | null {
  const twice =
    repeated(boots.map(({ index }) => `boot ${index}`)) ??
    repeated([...cells, ...checks].map(({ id }) => `cell or block of checks ${id}`));
  if (twice !== null) return `it has ${twice} twice`;
  const known = new Set([...cells.map(({ id }) => `cell ${id}`), ...checks.map(({ id }) => `checks ${id}`)]);
  for (const { index, steps } of boots) {
    for (const step of steps) {
      if (step.kind === 'floor') continue;
      const name = step.kind === 'cell' ? `cell ${step.cell}` : `checks ${step.checks}`;
      if (!known.has(name)) return `boot ${index} has ${name}, which it does not describe`;
    }
  }
  return null;
}

function repeated(names: readonly string[]): string | null {
  return names.find((name, i) => names.indexOf(name) !== i) ?? null;
}

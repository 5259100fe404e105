// SPDX-License-Identifier: MIT
/** Which tests on guests are run when. */
import { type Apart, apart } from './alone.ts';
import { testFiles } from './files.ts';
import { fileBoundMs, root, type Step } from './run-all.ts';
import { runTestFile, type StepResult } from './run-file.ts';

/**
 * Files that take minutes each and watch over what seldom changes, with what that is: `npm run test:full` runs them, or their name.
 * `npm test` is run after every change, and is to end while somebody still waits for it.
 */
export const onlyInFull: Readonly<Record<string, string>> = {
  'vm/image/reproducible.guest.test.ts': 'builds all of a guest twice',
  'vm/lab/lab.guest.test.ts': "somebody's machine, played by a guest",
  'vm/qemu/bad-days.guest.test.ts': 'caches that are damaged, shared, full or empty',
};

/** Whether a file is run, given the names on the command line. */
export function isRun(file: string, names: readonly string[], full: boolean): boolean {
  return full || names.length > 0 || onlyInFull[file] === undefined;
}

/** What is not run although nothing was left out by name, and what runs it. */
export function leftToFull(names: readonly string[], full: boolean): string[] {
  return Object.entries(onlyInFull).flatMap(([file, what]) =>
    isRun(file, names, full) ? [] : [`     not run: ${file} (${what}; npm run test:full does)`],
  );
}

export interface GuestSteps extends Apart<Step> {
  /**
   * Fetches and builds what all of them boot; none where no guest is wanted. Those beside others wait until it has ended, and whoever is
   * to begin with it need not wait for it later.
   */
  readonly first: readonly Step[];
}

/** The tests on guests whose path contains one of `names`; none given: all, or all but the long ones. */
export async function guestSteps(names: readonly string[], full: boolean): Promise<GuestSteps> {
  const files = (await testFiles(root, 'guest', names)).filter((file) => isRun(file, names, full));
  return sharedOut(files, (file) => async () => [await runTestFile(root, file, fileBoundMs.guest)]);
}

/** The steps of these files, each where it belongs. */
export function sharedOut(files: readonly string[], stepOf: (file: string) => Step): GuestSteps {
  const { beside, alone } = apart(files, stepOf);
  return { ...afterTheFirst(beside), alone };
}

function afterTheFirst([first, ...others]: readonly Step[]): Omit<GuestSteps, 'alone'> {
  if (first === undefined) return { first: [], beside: [] };
  let built: () => void = () => {};
  const isBuilt = new Promise<void>((resolve) => {
    built = resolve;
  });
  const firstStep = async (): Promise<readonly StepResult[]> => {
    try {
      return await first();
    } finally {
      built();
    }
  };
  return { first: [firstStep], beside: others.map((step) => () => isBuilt.then(step)) };
}

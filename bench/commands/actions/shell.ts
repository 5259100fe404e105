import type { ContainerPlan } from '../../../results/plan.ts';
import { KeystormError, MachineFailure } from '../../../vm/failure.ts';
import { shellQuoted } from '../../../vm/host/program.ts';
import { withTemporaryFolder } from '../../../vm/host/temporary.ts';
import type { Machine, MachineProvider } from '../../../vm/machine.ts';
import { findMechanism, mechanisms } from '../../mechanisms/index.ts';
import { hasAgents } from '../../mechanisms/routes.ts';
import { unknownName } from '../../plan/choose.ts';
import { renderHold } from '../../plan/guest-plan.ts';
import { harmOf } from '../../plan/means.ts';
import { boundsFor } from '../../run/bounds.ts';
import { catchInterrupts } from '../../run/interrupt.ts';
import { hold } from '../../shell/hold.ts';
import { sit } from '../../shell/sit.ts';
import type { CommandContext } from '../context.ts';
import type { KernelFlags } from '../kernel-options.ts';
import { type AccessFlags, accessOf } from '../machine-options.ts';
import { kernelOf } from './kernel-choice.ts';
import { machineProvider } from './machine-provider.ts';

export interface ShellFlags extends AccessFlags, KernelFlags {
  readonly mechanism: string;
  readonly container: number;
  readonly machine: string;
  readonly smp: number;
  readonly locked: boolean;
  readonly install: boolean;
}

/** For answering by hand, as well. */
const timeoutMs = 30_000;
/** Until a container and its agent are up, and down again; some of it in the guest's time. */
const upMs = { first: 120_000, each: 5_000 };
const letGoMs = 30_000;
/** A command may take as long as it likes. */
const commandMs = 24 * 3_600_000;

/** @throws KeystormError as the table of exit codes has it. */
export async function shell(words: readonly string[], flags: ShellFlags, { output }: CommandContext): Promise<number> {
  const provider = machineProvider(flags.machine);
  const plan = planOf(flags, provider);
  const { kernel, kernelTree } = kernelOf(flags, provider.abilities);
  const atTerminal = process.stdin.isTTY === true && process.stdout.isTTY === true;
  if (words.length === 0 && !atTerminal)
    throw new KeystormError('There is no terminal here to type at: give a command behind --, as in shell -- uname -a.');
  const note = (line: string) => output.progress.line(line);
  const shape = { smp: flags.smp, memoryMiB: memoryFor(flags.container) };
  const how = { kernel, kernelTree, shape, locked: flags.locked, noInstall: !flags.install, access: accessOf(flags) };
  await provider.prepare({ ...how, progress: note });
  return await withTemporaryFolder('shell', async (dir) => {
    const machine = provider.create({ dir, ...shape });
    const use = words.length > 0 ? once(machine, words, output) : atPrompt(machine);
    return await inMachine(machine, provider, async () => {
      const held = await hold(machine, plan, boundsOf(flags, provider));
      note(`${flags.container} containers with ${flags.mechanism} are up; ks-in c0 COMMAND runs one in the first.`);
      try {
        return await Promise.race([use(), held.lost]);
      } finally {
        await held.letGo();
      }
    });
  });
}

/** @throws KeystormError (2) for a mechanism that there is not, or that is not for this machine. */
function planOf({ mechanism: name, container }: ShellFlags, { abilities }: MachineProvider): string {
  const known = mechanisms.map(({ mechanism }) => mechanism.name);
  const entry = findMechanism(name);
  if (entry === undefined) throw new KeystormError(unknownName('mechanism', name, known));
  const harm = harmOf(entry, abilities);
  if (harm !== undefined) throw new KeystormError(`${name} is not for this machine: ${harm.notApplicable}.`);
  const { mechanism } = entry;
  const answered = hasAgents(mechanism.route);
  const containers = Array.from({ length: container }, (_, i): ContainerPlan => {
    const agent = answered ? 'own' : 'none';
    return { name: `c${i}`, requesters: 1, agent, agentUid: 0, requesterUid: 0, setuid: false, role: 'subject' };
  });
  const fallback = answered && mechanism.route !== 'session-rfc' ? 'refuse' : 'stock';
  return renderHold({ mechanism, fallback, timeoutMs, containers });
}

function boundsOf({ container }: ShellFlags, { slowness = 1 }: MachineProvider) {
  return { upMs: (upMs.first + container * upMs.each) * slowness, letGoMs: letGoMs * slowness };
}

/** A container with its agent takes some 15 MiB. */
function memoryFor(containers: number): number {
  return 512 + Math.max(0, containers - 8) * 16;
}

/** Starts the machine, and ends it whatever becomes of the work; a signal ends it, too. */
async function inMachine(
  machine: Machine,
  { slowness = 1 }: MachineProvider,
  work: () => Promise<number>,
): Promise<number> {
  const interrupt = catchInterrupts(() => undefined);
  interrupt.signal.addEventListener('abort', () => void machine.stop(), { once: true });
  try {
    await machine.start();
    await machine.ready();
    return await work();
  } catch (error) {
    const code = interrupt.exitCode();
    if (code !== undefined) return code;
    throw error instanceof MachineFailure ? new KeystormError(error.message, 3, { cause: error }) : error;
  } finally {
    await Promise.race([machine.stop(), new Promise((late) => setTimeout(late, boundsFor(slowness).stopMs).unref())]);
    interrupt.release();
  }
}

/** What programs of the guest's find first: ours. */
const withOurs = 'export PATH="$PATH:/keystorm" HOME=/root; cd /root';

/** What is done once everything is up; its exit status. */
type Use = () => Promise<number>;

/** @throws KeystormError (2) where nothing can be executed. */
function once({ abilities: { shell } }: Machine, words: readonly string[], output: CommandContext['output']): Use {
  if (shell === undefined) throw new KeystormError('Nothing can be executed on this machine: take another --machine.');
  // One word is a script, as it was typed; several are a command with its arguments.
  const command = words.length === 1 ? (words[0] ?? '') : words.map(shellQuoted).join(' ');
  return async () => {
    const { code, stdout, stderr } = await shell.run(`${withOurs}; ${command}`, { timeoutMs: commandMs });
    if (stderr !== '') output.progress.line(stderr.trimEnd());
    if (stdout !== '') output.result(stdout.trimEnd());
    return code;
  };
}

/** @throws KeystormError (2) where there is no terminal. */
function atPrompt({ abilities: { terminal } }: Machine): Use {
  if (terminal === undefined) throw new KeystormError('There is no terminal on this machine: take another --machine.');
  const prompt = `${withOurs}; export PS1='keystorm \\w \\$ '; exec bash --norc --noprofile -i`;
  const { stdin: input, stdout, env } = process;
  return () => sit(terminal, prompt, { input, output: stdout, type: env.TERM ?? 'dumb' });
}

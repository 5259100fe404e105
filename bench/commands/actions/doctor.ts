import { primaryKernel } from '../../../vm/image/primary-kernel.ts';
import type { CommandContext } from '../context.ts';
import { examine } from '../doctor/examine.ts';
import { gatherFacts } from '../doctor/facts.ts';
import { doctorText } from '../doctor/text.ts';
import { demandKernel } from './kernel-choice.ts';

export interface Flags {
  readonly kernel?: string;
  readonly probe: boolean;
  readonly network: boolean;
  readonly json: boolean;
}

/** @throws KeystormError as the table of exit codes has it. */
export async function doctor(
  { kernel = primaryKernel, probe, network, json }: Flags,
  { output }: CommandContext,
): Promise<number> {
  demandKernel(kernel);
  const facts = await gatherFacts({ kernel, probe, network, progress: (line) => output.progress.line(line) });
  const document = examine(facts);
  output.result(json ? JSON.stringify(document) : doctorText(document, output.colour));
  return document.purposes.find(({ name }) => name === 'bench')?.possible === true ? 0 : 2;
}

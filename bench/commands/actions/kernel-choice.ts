import { machinesKernelName, ownTreeName } from '../../../results/plan.ts';
import { KeystormError } from '../../../vm/failure.ts';
import { canFailAllocations, demandKernelTree, kernelEntries } from '../../../vm/image/kernels.ts';
import { primaryKernel } from '../../../vm/image/primary-kernel.ts';
import type { ProviderAbilities } from '../../../vm/machine.ts';
import { unknownName } from '../../plan/choose.ts';
import type { PlanOptions } from '../../plan/make-plan.ts';
import { userPath } from '../context.ts';
import type { KernelFlags } from '../kernel-options.ts';

type KernelOptions = Pick<PlanOptions, 'kernel' | 'kernelTree' | 'allocationsFail'>;

/** @throws KeystormError (2) when there is no such kernel. */
export function demandKernel(name: string): void {
  const known = kernelEntries().map((kernel) => kernel.name);
  if (known.includes(name)) return;
  throw new KeystormError(
    `${unknownName('kernel', name, known)} \`bench --kernel-tree DIR\` takes one that you have built.`,
  );
}

/**
 * The kernel that the flags name, or the tree, or that of a machine which runs its own, and what it can do that not all can.
 * @throws KeystormError (2) when there is no such kernel, no such tree, or nothing to choose.
 */
export function kernelOf(
  { kernel: named, kernelTree }: KernelFlags,
  { chooseKernel }: Pick<ProviderAbilities, 'chooseKernel'>,
): KernelOptions {
  if (!chooseKernel) {
    if (kernelTree === undefined && named === undefined) return { kernel: machinesKernelName };
    throw new KeystormError('That machine runs a kernel of its own: leave out --kernel and --kernel-tree.');
  }
  const kernel = named ?? primaryKernel;
  if (kernelTree === undefined) {
    demandKernel(kernel);
    return { kernel, allocationsFail: canFailAllocations({ kernel }) };
  }
  const dir = userPath(kernelTree);
  demandKernelTree(dir);
  const choice = { kernel: ownTreeName, kernelTree: dir };
  return { ...choice, allocationsFail: canFailAllocations(choice) };
}

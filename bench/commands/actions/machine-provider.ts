import { KeystormError } from '../../../vm/failure.ts';
import type { MachineProvider } from '../../../vm/machine.ts';
import { machineForms, parseMachine } from '../../../vm/provider-names.ts';
import { type GuestClock, openProvider } from '../../../vm/providers.ts';
import { unknownName } from '../../plan/choose.ts';

/** The backend of that name whose guests have that clock, not yet prepared. @throws KeystormError (2) when there is none. */
export function machineProvider(name: string, clock: GuestClock = 'wall'): MachineProvider {
  if (parseMachine(name) === undefined) throw new KeystormError(unknownName('machine', name, machineForms));
  return openProvider(name, clock);
}

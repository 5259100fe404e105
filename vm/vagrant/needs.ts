// SPDX-License-Identifier: MIT
/** What Vagrant's machines need of a host. Nothing of it is ever installed from here: libvirt may become a service of the host's. */
import { KeystormError } from '../failure.ts';
import { isPresent } from '../host/packages.ts';

export interface VagrantNeed {
  /** As in vm/host/packages.ts. */
  readonly needs: string;
  readonly from: string;
  readonly why: string;
}

/** To build a box. */
export const boxNeeds: readonly VagrantNeed[] = [
  { needs: 'qemu-img', from: 'qemu-utils', why: "makes the box's disk; libvirt makes one of each guest with it" },
];

/** To boot guests through Vagrant. */
export const vagrantNeeds: readonly VagrantNeed[] = [
  { needs: 'vagrant', from: 'vagrant', why: 'starts and ends the guests' },
  {
    needs: '/usr/share/vagrant-plugins/plugins.d/vagrant-libvirt.json',
    from: 'vagrant-libvirt',
    why: "is Vagrant's way to libvirt",
  },
  { needs: 'libvirtd', from: 'libvirt-daemon', why: 'runs QEMU for Vagrant' },
  { needs: 'virsh', from: 'libvirt-clients', why: 'tells libvirt of a network' },
  { needs: 'iptables', from: 'iptables', why: "is how libvirt opens a network's DHCP" },
  { needs: 'dnsmasq', from: 'dnsmasq-base', why: 'gives guests their addresses' },
  { needs: 'ip', from: 'iproute2', why: 'sets up the network of a namespace' },
  { needs: 'unshare', from: 'util-linux', why: 'makes the namespaces' },
  { needs: 'ssh-keygen', from: 'openssh-client', why: 'makes the key of guests that are started by hand' },
  ...boxNeeds,
];

/** The one command that installs these packages. */
export function vagrantInstallCommand(packages: readonly string[]): string {
  return `apt-get install --no-install-recommends ${packages.join(' ')}`;
}

/** What of it is not there. */
export function lackingOf(
  needs: readonly VagrantNeed[],
  present: (needs: string) => boolean = isPresent,
): readonly VagrantNeed[] {
  return needs.filter((need) => !present(need.needs));
}

/**
 * @throws KeystormError (2) that names what is missing and the one command that installs it.
 */
export function demandNeeds(needs: readonly VagrantNeed[], present: (needs: string) => boolean = isPresent): void {
  const missing = lackingOf(needs, present);
  if (missing.length === 0) return;
  const what = missing.map((need) => need.needs).join(', ');
  const packages = [...new Set(missing.map((need) => need.from))];
  throw new KeystormError(
    `This host lacks ${what}, without which there are no guests through Vagrant, and keystorm installs none of it by itself. As root, type: ${vagrantInstallCommand(packages)}`,
  );
}

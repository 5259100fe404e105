// SPDX-License-Identifier: MIT
/**
 * Runs a command in another root, as root and as an ordinary user alike: in a user, mount, process and network namespace of its
 * own. Nothing of it is seen outside, and the kernel ends all of it with us.
 */
import { KeystormError } from '../../failure.ts';
import { attempt } from '../../host/command.ts';
import { withTemporaryFolder } from '../../host/temporary.ts';
import { type Bind, standardTimeoutMs, type ToolchainCommand } from './toolchain.ts';

/**
 * Puts a root together on a tmpfs, out of the folders of the given one, which can then only be read. Arguments: the given root, an
 * empty folder, the working folder, how many words the binds are, the binds (from, to, rw or ro), the command.
 */
const script = `
set -e
given=$1 root=$2 folder=$3 words=$4
shift 4
readonly_() { mount -o remount,bind,ro "$1"; }
mount -t tmpfs -o mode=0755 none "$root"
for entry in "$given"/*; do
	name=\${entry##*/}
	case $name in dev|proc|sys|tmp|run) continue ;; esac
	if [ -L "$entry" ]; then cp -P "$entry" "$root/$name"
	elif [ -d "$entry" ]; then mkdir "$root/$name"; mount --rbind "$entry" "$root/$name"; readonly_ "$root/$name"
	fi
done
mkdir "$root/dev" "$root/proc" "$root/tmp"
for name in null zero full random urandom; do : >"$root/dev/$name"; mount --bind "/dev/$name" "$root/dev/$name"; done
ln -s /proc/self/fd "$root/dev/fd"
# What is in /proc/sys is the host's, and so is root where we are root: nothing there is for writing.
if ! mount -t proc -o ro none "$root/proc" 2>/dev/null; then
	mount --rbind /proc "$root/proc"
	root_=$(cd "$root" && pwd -P)
	for at in $(while read -r _ _ _ _ at _; do echo "$at"; done </proc/self/mountinfo); do
		case $at in "$root_"/proc | "$root_"/proc/*) readonly_ "$at" ;; esac
	done
	# A name that mountinfo writes in another way, with a blank say.
	if (: >"$root/proc/sys/kernel/panic") 2>/dev/null; then echo "$root/proc cannot be made read-only" >&2; exit 1; fi
fi
mount -t tmpfs -o mode=1777 none "$root/tmp"
while [ "$words" -gt 0 ]; do
	mkdir -p "$root$2"
	mount --rbind "$1" "$root$2"
	[ "$3" = rw ] || readonly_ "$root$2"
	shift 3
	words=$((words - 3))
done
echo entered >&2
chroot "$root" /usr/bin/env -C "$folder" "$@"
exit $?
`;

const searchPath = '/usr/sbin:/usr/bin:/sbin:/bin';
const entered = 'entered\n';

/** Why no root of its own can be entered here, in the words of whoever refused; null where it can. */
export async function namespaceRefusal(): Promise<string | null> {
  const words = ['--map-root-user', '--mount', '--pid', '--net', '--fork', 'mount', '-t', 'tmpfs', 'none', '/mnt'];
  const result = await attempt('unshare', words, { plainEnv: true }).catch((error: Error) => error.message);
  if (typeof result === 'string') return result;
  return result.code === 0 ? null : (result.stderr.trim().split('\n')[0] ?? 'no reason given');
}

/** What `command` printed, run in `root`. KeystormError (exit 3) for anything but status 0. */
export async function runIn(root: string, argv: readonly string[], command: ToolchainCommand = {}): Promise<string> {
  const { binds = [], cwd = '/', env = {}, timeoutMs = standardTimeoutMs } = command;
  return await withTemporaryFolder('root', async (empty) => {
    const variables = Object.entries({ PATH: searchPath, LC_ALL: 'C', HOME: '/tmp', ...env });
    const words = binds.flatMap((bind) => bindWords(bind));
    const result = await attempt(
      'setpriv',
      [
        ...['--pdeathsig', 'KILL', 'unshare', '--map-root-user', '--mount', '--pid', '--net', '--fork'],
        ...['--kill-child=KILL', 'sh', '-c', script, 'sh', root, empty, cwd, String(words.length), ...words],
        ...['-i', ...variables.map(([name, value]) => `${name}=${value}`), ...argv],
      ],
      { timeoutMs, plainEnv: true },
    );
    if (result.code === 0) return result.stdout;
    throw failure(argv, result);
  });
}

function bindWords({ from, to, writable = false }: Bind): string[] {
  return [from, to, writable ? 'rw' : 'ro'];
}

function failure(argv: readonly string[], result: Awaited<ReturnType<typeof attempt>>): KeystormError {
  const at = result.stderr.indexOf(entered);
  if (at < 0) {
    const said = result.stderr.trim().split('\n')[0] ?? '';
    if (!/^unshare:|Operation not permitted|permission denied/.test(said))
      return new KeystormError(`The root for ${argv[0]} could not be put together: ${said}.`, 3);
    return new KeystormError(
      `Nothing can be run in another root here, as user and mount namespaces are not to be had (${said}): let KEYSTORM_CACHE name a cache that was filled on a host that allows them (sysctl kernel.unprivileged_userns_clone, user.max_user_namespaces).`,
      3,
    );
  }
  const text = `${result.stderr.slice(at + entered.length)}\n${result.stdout}`.trim();
  const said = text.split('\n').slice(0, 12).join('\n  ');
  return new KeystormError(`${argv.slice(0, 6).join(' ')} failed (status ${result.code ?? 'killed'}):\n  ${said}`, 3);
}

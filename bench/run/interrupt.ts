// SPDX-License-Identifier: MIT

const signals = { SIGINT: 130, SIGTERM: 143 } as const;
type Name = keyof typeof signals;

/**
 * npm passes on to its program what it is sent, and a terminal sends Ctrl-C to both: the same signal so soon after the first is the same
 * keystroke.
 */
const sameKeystrokeMs = 500;

export interface Interrupt {
  /** Aborted by the first signal, with its name as the reason. */
  readonly signal: AbortSignal;
  /** The exit code of the signal that came; undefined while none has. */
  exitCode(): number | undefined;
  /** Lets go of the process's signals. */
  release(): void;
}

/**
 * The first SIGINT or SIGTERM asks to stop, collect what there is and mark it aborted. A second one ends the process at once;
 * guests are bound to it and go with it. `farewell`: what is still said then, lines that are known without any work; what `note` writes
 * to a terminal, a pipe or a file is written when it returns.
 */
export function catchInterrupts(note: (text: string) => void, farewell: () => readonly string[] = () => []): Interrupt {
  const controller = new AbortController();
  let first: { readonly name: Name; readonly at: number } | undefined;
  const handlers = (Object.keys(signals) as Name[]).map((name) => {
    const handler = () => {
      const now = performance.now();
      if (first?.name === name && now - first.at < sameKeystrokeMs) return;
      if (first !== undefined) {
        try {
          for (const line of farewell()) note(line);
        } finally {
          process.exit(signals[name]);
        }
      }
      first = { name, at: now };
      note(`${name}: stopping the guest and keeping what was measured; once more to end at once`);
      controller.abort(name);
    };
    process.on(name, handler);
    return [name, handler] as const;
  });
  return {
    signal: controller.signal,
    exitCode: () => (first === undefined ? undefined : signals[first.name]),
    release: () => {
      for (const [name, handler] of handlers) process.off(name, handler);
    },
  };
}

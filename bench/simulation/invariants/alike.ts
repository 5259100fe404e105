// SPDX-License-Identifier: MIT

/**
 * Whether two values that came from JSON would be written as the same text, the order of properties included: what an invariant asks of
 * every record, at a quarter of what writing both takes.
 */
export function alike(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false;
  if (Array.isArray(one) !== Array.isArray(other)) return false;
  const [keys, others] = [Object.keys(one), Object.keys(other)];
  if (keys.length !== others.length) return false;
  const [a, b] = [one as Readonly<Record<string, unknown>>, other as Readonly<Record<string, unknown>>];
  // A loop and no callback: this is asked a hundred thousand times in a simulation.
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i] as string;
    if (key !== others[i] || !alike(a[key], b[key])) return false;
  }
  return true;
}

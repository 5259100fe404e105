// SPDX-License-Identifier: MIT
/** Where a share lies of which so many of so many were seen: exact intervals (Clopper and Pearson, 1934), were each independent of the others. */

/** Two-sided 95%: so much on either side. */
const tail = 0.025;
/** Halvings: to within 1e-15. */
const steps = 50;

/** The greatest share with which so few of `all` would still be seen in one of forty cases. */
export function shareAtMost(seen: number, all: number): number {
  if (seen >= all) return 1;
  return crossing((share) => chanceUpTo(seen, all, share) > tail);
}

/** The least share with which so many of `all` would still be seen in one of forty cases. */
export function shareAtLeast(seen: number, all: number): number {
  return 1 - shareAtMost(all - seen, all);
}

/** The share up to which it holds. */
function crossing(holds: (share: number) => boolean): number {
  let [low, high] = [0, 1];
  for (let step = 0; step < steps; step++) {
    const middle = (low + high) / 2;
    if (holds(middle)) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** Of a binomial distribution. */
function chanceUpTo(most: number, all: number, share: number): number {
  let logChoose = 0;
  let sum = 0;
  for (let k = 0; k <= most; k++) {
    if (k > 0) logChoose += Math.log((all - k + 1) / k);
    sum += Math.exp(logChoose + k * Math.log(share) + (all - k) * Math.log1p(-share));
  }
  return sum;
}

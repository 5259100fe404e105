// SPDX-License-Identifier: MIT
/**
 * The best that anybody could do: of all steps, the share that is found within so many nights by whoever knows beforehand when the step would come, how large it is, and what
 * the series is like without it. An alarm in those nights is then a test of one simple hypothesis against another, the chance of a false one its size, and no
 * test of that size finds more than Neyman and Pearson's does. No watch, which knows none of this, can do better on average over nights.
 */
import { normalQuantile } from '../../measure/normal-quantile.ts';
import type { World } from './world.ts';

/** `rate`: false alarms a night and series. Of normal values; a night's figure is the mean of its boots, which is the best there is. */
export function mostThatCanBeFound(
  { boots, scatter, nightScatter, likeness, step }: World,
  nights: number,
  rate: number,
) {
  // What is known of the step after so many nights, as its square over that of what varies. Nights that resemble one another: the first tells of the whole step, later ones of
  // what of it the night before does not foretell. Where boots vary too, as if all variation were of boots: never too little.
  const own = nightScatter ** 2;
  const ofBoots = scatter ** 2 / boots;
  const known =
    ofBoots === 0 || likeness === 0
      ? (step ** 2 / (own + ofBoots)) * autoregressive(likeness, nights)
      : Math.min((step ** 2 / own) * autoregressive(likeness, nights), (step ** 2 / ofBoots) * nights);
  return normalShare(Math.sqrt(known) + normalQuantile(nights * rate));
}

function autoregressive(likeness: number, nights: number): number {
  return (1 + (nights - 1) * (1 - likeness) ** 2) / (1 - likeness ** 2);
}

/** Share of normal values below z (Zelen and Severo, in Abramowitz and Stegun 26.2.17; good to 1e-7). */
export function normalShare(z: number): number {
  if (z < 0) return 1 - normalShare(-z);
  const t = 1 / (1 + 0.2316419 * z);
  const coefficients = [0.31938153, -0.356563782, 1.781477937, -1.821255978, 1.330274429];
  const tail = coefficients.reduceRight((sum, each) => (sum + each) * t, 0);
  return 1 - (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * tail;
}

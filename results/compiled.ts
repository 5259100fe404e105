// SPDX-License-Identifier: MIT
/** Schemas that check value after value: zod compiles them, which changes neither what they accept nor what they say of the rest. */
import { z } from 'zod';

/** Compiling takes as long as checking some hundred values with the schema as it is; most processes check fewer. */
const few = 300;

/** Gives the schema to check the next value with: as it is at first, compiled once it has been asked for often. */
export function compiledWhenOften<S extends z.ZodType>(schema: S): () => S {
  let [current, asked] = [schema, 0];
  return () => {
    if (asked++ === few) current = z.compile(schema);
    return current;
  };
}

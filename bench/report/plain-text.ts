// SPDX-License-Identifier: MIT
import { stripVTControlCharacters } from 'node:util';

/**
 * Text from a guest, made fit for a terminal: escape sequences and every other control or invisible formatting
 * character (which can move the cursor, or turn the direction of the text) are gone, and so is every line break.
 */
export function plainText(text: string): string {
  return stripVTControlCharacters(text)
    .replace(/[\t\r\n\u2028\u2029]+/g, ' ')
    .replace(/[\p{Cc}\p{Cf}\p{Co}\p{Cs}]/gu, '');
}

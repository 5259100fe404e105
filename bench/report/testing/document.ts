// SPDX-License-Identifier: MIT
/** For tests of documents: is it well-formed, and what does it refer to? */

const name = '[A-Za-z][A-Za-z0-9-]*';
const tag = new RegExp(`<(/?)(${name})((?:\\s+[A-Za-z:-]+="[^"<]*")*)\\s*(/?)>`, 'y');
const text = /[^<&]+|&#\d+;|&(?:lt|gt|amp|quot);/y;
const raw = /<style>[^<]*<\/style>/y;

/**
 * Throws unless the text is one well-formed element, as XML has it: each tag closed in turn, attributes in double quotes and
 * none twice, no bare ampersand, no character that XML does not know.
 */
export function demandWellFormed(document: string): void {
  const open: string[] = [];
  let at = 0;
  while (at < document.length) {
    const read = (pattern: RegExp) => {
      pattern.lastIndex = at;
      const found = pattern.exec(document);
      if (found !== null) at += found[0].length;
      return found;
    };
    if (read(raw) !== null || read(text) !== null) continue;
    const found = read(tag);
    if (found === null) throw new Error(`not well-formed at "${document.slice(at, at + 60)}" in ${open.join('>')}`);
    const [, closes, what = '', attributes = '', empty] = found;
    const names = [...attributes.matchAll(/([A-Za-z:-]+)="/g)].map(([, each]) => each);
    if (new Set(names).size < names.length) throw new Error(`an attribute twice in <${what}${attributes}>`);
    if (closes === '/') {
      const due = open.pop();
      if (due !== what) throw new Error(`</${what}> where </${due}> was due`);
    } else if (empty !== '/') open.push(what);
  }
  if (open.length > 0) throw new Error(`never closed: ${open.join('>')}`);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: those that XML forbids
  const forbidden = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/.exec(document);
  if (forbidden !== null) throw new Error(`a character that XML does not know at ${forbidden.index}`);
}

/** The document below its <!DOCTYPE>. */
export function rootOf(page: string): string {
  return page.replace(/^<!DOCTYPE html>\n/, '').trim();
}

/** The SVG pictures of a page, each as it stands there. */
export function picturesOf(page: string): string[] {
  return [...page.matchAll(/<svg\b.*?<\/svg>/gs)].map(([picture]) => picture);
}

/** Text of an element's inside, without tags. */
export function words(markup: string): string {
  return markup
    .replace(/<style>[^<]*<\/style>/g, ' ')
    .replace(/<[^>]+>/g, ' ')
    .replace(/&#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)))
    .replace(/\s+/g, ' ')
    .trim();
}

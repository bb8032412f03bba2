/** Reads what `write.ts` writes, and what others write in the same format. Nothing is resolved: no DTD, no entities of its own, no external files. */
import { setImmediate } from 'node:timers/promises';
import { SaxesParser, type SaxesTagNS } from 'saxes';
import { fail, type FieldError } from '../../../schemas/problem.ts';
import { namespace } from './write.ts';

/** An `<element>` as it stands, before any form gives it a meaning. */
export interface XmlElement {
  /** Line and column of its start tag, from 1. */
  line: number;
  column: number;
  attributes: { [name: string]: string };
  text: string;
  codes: string[];
}

export interface XmlRepeat {
  line: number;
  column: number;
  attributes: { [name: string]: string };
  rows: { line: number; column: number; attributes: { [name: string]: string }; elements: XmlElement[] }[];
}

export interface XmlRecord {
  attributes: { [name: string]: string };
  elements: XmlElement[];
  repeats: XmlRepeat[];
}

/** What stands in what: anything else is refused with its place. */
const children: { readonly [name: string]: readonly string[] } = { '': ['record'], 'record': ['element', 'repeat'], 'repeat': ['row'], 'row': ['element'], 'element': ['code'], 'code': [] };

/** Far more than the largest form has; a tag that goes on for megabytes is refused while it is read. */
const most = { tags: 20_000, attributes: 30, run: 500_000 };
/** Characters that are read at a time, and milliseconds after which others get their turn. */
const slice = 32 * 1024;
const mostMsAtOnce = 10;

/** @throws Problem `data-invalid` naming line and column, never what stands there */
export function readXml(bytes: Uint8Array): XmlRecord {
  const { parser, end } = parserFor();
  parser.write(decode(bytes));
  return end();
}

/** The same in turns with everybody else's requests. @throws Problem `data-invalid` */
export async function readXmlInTurns(bytes: Uint8Array): Promise<XmlRecord> {
  const { parser, end } = parserFor();
  const text = decode(bytes);
  // The parser would tell only at its end.
  const root = text.search(/<[^?!]/);
  if ((root < 0 ? text : text.slice(0, root)).includes('<!DOCTYPE')) stop({ detail: 'A document type declaration is not accepted', line: 1, column: 1 });
  let since = performance.now();
  let run = 0;
  for (let at = 0; at < text.length; at += slice) {
    const piece = text.slice(at, at + slice);
    const tag = piece.lastIndexOf('<');
    run = tag < 0 ? run + piece.length : piece.length - tag;
    // What stands between two tags is put together at once, and nothing in a record is so long.
    if (run > most.run) stop({ detail: `A part is longer than ${most.run} characters`, line: parser.line, column: parser.column });
    parser.write(piece);
    if (performance.now() - since < mostMsAtOnce) continue;
    await setImmediate();
    since = performance.now();
  }
  return end();
}

function parserFor(): { parser: SaxesParser<{ xmlns: true; position: true }>; end(): XmlRecord } {
  const reader = new Reader();
  const parser = new SaxesParser({ xmlns: true, position: true });
  const at = () => ({ line: parser.line, column: parser.column });
  let [tags, attributes] = [0, 0];
  parser.on('error', () => stop({ detail: 'This is not well-formed XML', ...at() }));
  parser.on('doctype', () => stop({ detail: 'A document type declaration is not accepted', ...at() }));
  parser.on('opentagstart', () => {
    attributes = 0;
    if ((tags += 1) > most.tags) stop({ detail: `There are more than ${most.tags} elements`, ...at() });
  });
  parser.on('attribute', () => {
    if ((attributes += 1) > most.attributes) stop({ detail: `An element has more than ${most.attributes} attributes`, ...at() });
  });
  parser.on('opentag', (each) => reader.open(each, at()));
  parser.on('text', (each) => reader.text(each, at()));
  parser.on('cdata', (each) => reader.text(each, at()));
  parser.on('closetag', () => reader.close());
  return {
    parser,
    end: () => {
      parser.close();
      return reader.record ?? stop({ detail: 'There is no record in it', line: 1, column: 1 });
    },
  };
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return stop({ detail: 'The file is not UTF-8', line: 1, column: 1 });
  }
}

interface Where {
  line: number;
  column: number;
}

function stop({ line, column, detail }: Where & { detail: string }): never {
  return fail('data-invalid', [placed({ line, column }, detail)]);
}

/** A mistake at a place of the file; lines and columns count from 1. */
export function placed({ line, column }: Where, detail: string): FieldError {
  return { pointer: `/line/${line}/column/${column}`, detail };
}

class Reader {
  record: XmlRecord | undefined;
  readonly #path: string[] = [''];
  #element: XmlElement | undefined;

  open({ local, uri, attributes }: SaxesTagNS, where: Where): void {
    const inside = this.#path.at(-1) ?? '';
    if (uri !== namespace) stop({ ...where, detail: `Elements are of the namespace ${namespace}` });
    if (!children[inside]?.includes(local)) stop({ ...where, detail: `'${local.slice(0, 40)}' cannot stand here` });
    const own = Object.fromEntries(Object.values(attributes).filter((each) => each.uri === '').map((each) => [each.local, each.value]));
    const about = { ...where, attributes: own };
    const repeat = this.record?.repeats.at(-1);
    if (local === 'record') this.record = { attributes: own, elements: [], repeats: [] };
    else if (local === 'repeat') this.record?.repeats.push({ ...about, rows: [] });
    else if (local === 'row') repeat?.rows.push({ ...about, elements: [] });
    else if (local === 'element') {
      this.#element = { ...about, text: '', codes: [] };
      (inside === 'row' ? repeat?.rows.at(-1)?.elements : this.record?.elements)?.push(this.#element);
    } else this.#element?.codes.push(own['value'] ?? '');
    this.#path.push(local);
  }

  /** Text counts in an element; between elements there may be white space only; inside a code it is for people. */
  text(text: string, where: Where): void {
    const inside = this.#path.at(-1);
    if (inside === 'element' && this.#element) this.#element.text += text;
    else if (inside !== 'code' && text.trim() !== '') stop({ ...where, detail: 'There is text between the elements' });
  }

  close(): void {
    if (this.#path.pop() === 'element') this.#element = undefined;
  }
}

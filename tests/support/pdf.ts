/** Reads the text out of a PDF of ours, as a reader's "copy" would: by each font's own table of what its signs mean (ToUnicode). */
import { inflateSync } from 'node:zlib';

export interface PdfText {
  pages: number;
  /** Runs of text in the order in which they were drawn. */
  runs: string[];
  /** Names of the fonts that travel inside. */
  embedded: string[];
  title: string | undefined;
}

export function readPdf(bytes: Buffer): PdfText {
  const objects = objectsOf(bytes);
  const all = [...objects.values()];
  const fonts = new Map<string, Map<number, string>>();
  for (const { head } of all) {
    for (const [, name = '', reference = ''] of head.matchAll(/\/(F\d+) (\d+) 0 R/g)) {
      const toUnicode = /\/ToUnicode (\d+) 0 R/.exec(objects.get(reference)?.head ?? '')?.[1];
      if (toUnicode) fonts.set(name, cmapOf(objects.get(toUnicode)?.stream?.toString('latin1') ?? ''));
    }
  }
  const drawn = all.flatMap(({ head, stream }) => (/\/Type \/Page\b/.test(head) ? [/\/Contents (\d+) 0 R/.exec(head)?.[1] ?? ''] : stream ? [] : []))
    .map((reference) => objects.get(reference)?.stream?.toString('latin1') ?? '');
  return {
    pages: drawn.length,
    runs: drawn.flatMap((content) => runsOf(content, fonts)),
    embedded: all.filter(({ head }) => /\/FontFile[23]? \d+ 0 R/.test(head)).map(({ head }) => /\/FontName \/(\S+)/.exec(head)?.[1] ?? ''),
    title: all.map(({ head }) => /\/Title <([0-9a-fA-F]+)>|\/Title \((.*?)\)/.exec(head)).find(Boolean)?.[2],
  };
}

interface PdfObject {
  head: string;
  stream?: Buffer;
}

function objectsOf(bytes: Buffer): Map<string, PdfObject> {
  const text = bytes.toString('latin1');
  return new Map([...text.matchAll(/(?:^|\n)(\d+) 0 obj\n/g)].map((match) => {
    const from = match.index + match[0].length;
    const stream = text.indexOf('stream\n', from);
    const end = text.indexOf('endobj', from);
    if (stream < 0 || stream > end) return [match[1] ?? '', { head: text.slice(from, end) }];
    const head = text.slice(from, stream);
    const length = Number(/\/Length (\d+)/.exec(head)?.[1] ?? 0);
    const raw = bytes.subarray(stream + 7, stream + 7 + length);
    return [match[1] ?? '', { head, stream: head.includes('/FlateDecode') ? inflateSync(raw) : raw }];
  }));
}

/** Codes to text: `<0001> <0005> [<4e2d> <6587>]`, `<0001> <0005> <4e2d>` or `<0001> <4e2d>`. */
function cmapOf(cmap: string): Map<number, string> {
  const map = new Map<number, string>();
  const text = (hex: string) => Buffer.from(hex.replaceAll(' ', ''), 'hex').swap16().toString('utf16le');
  for (const [, block = ''] of cmap.matchAll(/beginbfrange(.*?)endbfrange/gs)) {
    for (const [, from = '', , list, first] of block.matchAll(/<(\w+)>\s*<(\w+)>\s*(?:\[(.*?)\]|<(\w+)>)/gs)) {
      const start = Number.parseInt(from, 16);
      if (first !== undefined) map.set(start, text(first));
      else for (const [i, [, hex = '']] of [...(list ?? '').matchAll(/<([\w ]+)>/g)].entries()) map.set(start + i, text(hex));
    }
  }
  for (const [, block = ''] of cmap.matchAll(/beginbfchar(.*?)endbfchar/gs)) {
    for (const [, code = '', hex = ''] of block.matchAll(/<(\w+)>\s*<(\w+)>/g)) map.set(Number.parseInt(code, 16), text(hex));
  }
  return map;
}

function runsOf(content: string, fonts: ReadonlyMap<string, Map<number, string>>): string[] {
  let font: Map<number, string> | undefined;
  const runs: string[] = [];
  for (const [, name, shown] of content.matchAll(/\/(F\d+) [\d.]+ Tf|\[(.*?)\] TJ/gs)) {
    if (name) font = fonts.get(name);
    else runs.push([...(shown ?? '').matchAll(/<(\w+)>/g)].map(([, hex = '']) => (hex.match(/..../g) ?? []).map((code) => font?.get(Number.parseInt(code, 16)) ?? '�').join('')).join(''));
  }
  return runs;
}

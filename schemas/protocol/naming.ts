/** The codes of aliquots: one tube, one code, never given twice. */
import { withoutAnchors } from '../compile/pattern.ts';
import type { NamePart, Naming } from './protocol.ts';
import type { NamedAliquot } from './run.ts';

export interface NameRequest {
  site: { code: string };
  subject: { studyNumber: string };
  /** The record whose aliquots are named. */
  recordId: string;
  fields: { readonly [part: string]: string };
  count: number;
  /** Aliquots of this run, with the records they are of. */
  named: readonly NamedAliquot[];
  /** Every code that may not be given again. */
  taken: readonly string[];
}

export type Names = { codes: string[]; fault?: never } | { codes?: never; fault: 'study-number' | 'series-full' | 'pattern' };

/** The next codes of one record; the same record keeps its letter, and numbers are not used again. */
export function nextCodes(naming: Naming, request: NameRequest): Names {
  const pattern = new RegExp(`^(?:${withoutAnchors(naming.pattern)})$`, 'u');
  const codes: string[] = [];
  for (let i = 0; i < request.count; i += 1) {
    const given = codes.map((code) => ({ code, recordId: request.recordId, kind: '' }));
    const name = nextCode(naming.parts, { ...request, named: [...request.named, ...given], taken: [...request.taken, ...codes] });
    if (typeof name !== 'string') return name;
    if (!pattern.test(name)) return { fault: 'pattern' };
    codes.push(name);
  }
  return { codes };
}

/** What all codes of a patient begin with: the parts before the first that varies within the patient. */
export function prefixOf({ parts }: Naming, who: Pick<NameRequest, 'site' | 'subject'>): string | undefined {
  let prefix = '';
  for (const part of parts) {
    if ('field' in part || 'series' in part) break;
    const text = fixed(part, who);
    if (text === undefined) return undefined;
    prefix += text;
  }
  return prefix;
}

/** Where a label may break a code into lines. */
export function linesOf({ parts }: Naming, code: string): string[] {
  let before = 0;
  for (const part of parts) {
    const length = lengthOf(part);
    if (length === undefined) return [code];
    before += length;
    if ('text' in part && part.newLine) return [code.slice(0, before), code.slice(before)];
  }
  return [code];
}

function nextCode(parts: readonly NamePart[], request: NameRequest): string | Exclude<Names, { codes: string[] }> {
  let code = '';
  for (const part of parts) {
    if ('field' in part) {
      const text = request.fields[part.field] ?? '';
      if (text.length !== part.width) return { fault: 'pattern' };
      code += text;
    } else if ('series' in part) {
      const text = part.series === 'record' ? ofRecord(part, code, request) : ofAliquot(part, code, request);
      if (text === undefined) return { fault: 'series-full' };
      code += text;
    } else {
      const text = fixed(part, request);
      if (text === undefined) return { fault: 'study-number' };
      code += text;
    }
  }
  return code;
}

/** A study number such as `XY01-000123` gives its digits; one of another make gives none, for two patients must never share a code. */
function fixed(part: Extract<NamePart, { text: string } | { site: 'code' } | { subject: 'studyNumber' }>, { site, subject }: Pick<NameRequest, 'site' | 'subject'>): string | undefined {
  if ('text' in part) return part.text;
  if ('site' in part) return site.code;
  const [rest, number] = cutAfterLast(subject.studyNumber, part.after);
  return rest === site.code && /^[0-9]+$/.test(number) && number.length === part.digits ? number : undefined;
}

function cutAfterLast(text: string, mark: string): [before: string, after: string] {
  const at = text.lastIndexOf(mark);
  return at < 0 ? ['', text] : [text.slice(0, at), text.slice(at + mark.length)];
}

type Series = Extract<NamePart, { series: string }>;

function ofRecord(part: Series, before: string, { named, taken, recordId }: NameRequest): string | undefined {
  const width = widthOf(part);
  const own = named.find((each) => each.recordId === recordId && each.code.startsWith(before));
  if (own) return own.code.slice(before.length, before.length + width);
  return candidates(part).find((text) => !taken.some((code) => code.startsWith(before + text)));
}

function ofAliquot(part: Series, before: string, { taken }: NameRequest): string | undefined {
  const all = candidates(part);
  const last = Math.max(-1, ...taken.filter((code) => code.startsWith(before)).map((code) => all.indexOf(code.slice(before.length))));
  return all[last + 1];
}

function candidates(part: Series): string[] {
  if (part.as === 'letter') return [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
  const width = widthOf(part);
  return Array.from({ length: Math.min(10 ** width - 1, 9999) }, (_, i) => String(i + 1).padStart(width, '0'));
}

const widthOf = (part: Series): number => (part.as === 'letter' ? 1 : part.width ?? 2);

function lengthOf(part: NamePart): number | undefined {
  if ('text' in part) return part.text.length;
  if ('site' in part) return 4;
  if ('subject' in part) return part.digits;
  return 'field' in part ? part.width : widthOf(part);
}

/** Gives the elements of an XML record their meaning by a form: changes as a save takes them. What does not fit is refused by place; everything else is kept. */
import { v7 as uuidv7 } from 'uuid';
import type { Form, Item, Value } from '../../../schemas/form.ts';
import type { Change } from '../../../schemas/http/api.ts';
import type { FieldError } from '../../../schemas/problem.ts';
import { placed, type XmlElement, type XmlRecord, type XmlRepeat } from './read.ts';

export interface ReadChanges {
  changes: Change[];
  /** Line, column and why; the value is never repeated. */
  refused: FieldError[];
  /** Elements that the patient, the visit or the site give, or that are calculated: they are not stored from a file. */
  passedOver: number;
}

export function changesFrom(form: Form, record: XmlRecord): ReadChanges {
  const reading = new Reading();
  const top = new Places(form.items.filter(({ type }) => type !== 'repeat'));
  for (const element of record.elements) reading.take(top, '', element);
  for (const repeat of record.repeats) readRepeat(form, repeat, reading);
  return reading.result;
}

function readRepeat(form: Form, repeat: XmlRepeat, reading: Reading): void {
  const item = form.items.find(({ key, type }) => type === 'repeat' && key === repeat.attributes['key']);
  if (!item) return reading.refuse(repeat, 'The form has no such repeat');
  const reason = repeat.attributes['missing'];
  if (reason !== undefined && repeat.rows.length === 0) reading.add({ pointer: `/${item.key}`, missing: reason });
  const columns = new Places(item.items ?? []);
  for (const row of repeat.rows) {
    const rowId = row.attributes['id'] ?? uuidv7();
    if (!uuid.test(rowId)) {
      reading.refuse(row, 'The id of a row is a UUID');
      continue;
    }
    const pointer = `/${item.key}/${rowId}`;
    reading.add({ pointer, value: { rowId } });
    for (const element of row.elements) reading.take(columns, pointer, element);
  }
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

class Reading {
  readonly result: ReadChanges = { changes: [], refused: [], passedOver: 0 };
  readonly #seen = new Set<string>();

  add(change: Change): void {
    this.#seen.add(change.pointer);
    this.result.changes.push(change);
  }

  refuse(where: { line: number; column: number }, detail: string): void {
    this.result.refused.push(placed(where, detail));
  }

  take(places: Places, inside: string, element: XmlElement): void {
    const found = places.find(element.attributes);
    if (typeof found === 'string') return this.refuse(element, found);
    if (found.bind !== undefined || found.calculate !== undefined) return void (this.result.passedOver += 1);
    const pointer = `${inside}/${found.key}`;
    if (this.#seen.has(pointer)) return this.refuse(element, 'The element stands twice');
    const { missing, withheld } = element.attributes;
    if (withheld === 'true') return void (this.result.passedOver += 1);
    if (missing !== undefined && element.text === '' && element.codes.length === 0 && element.attributes['code'] === undefined) return this.add({ pointer, missing });
    const value = valueOf(found, element);
    if (value === undefined) return this.refuse(element, `${kindOf(found)} is expected`);
    this.add({ pointer, value });
  }
}

/** Finds an item by our key, by HDSD, or by DE where that is enough; identifiers that contradict each other find nothing. */
class Places {
  readonly #items: readonly Item[];

  constructor(items: readonly Item[]) {
    this.#items = items;
  }

  /** The item, or why there is none. */
  find({ key, hdsd, de }: { [name: string]: string }): Item | string {
    if (key === undefined && hdsd === undefined && de === undefined) return 'The element names no data element: key, hdsd or de';
    const fits = this.#items.filter((item) => (key === undefined || item.key === key) && (hdsd === undefined || item.element?.['HDSD'] === hdsd) && (de === undefined || item.element?.['DE'] === de));
    const [first, ...others] = fits;
    if (!first) return 'The form has no such data element';
    return others.length === 0 ? first : 'The identifiers fit more than one data element; name its key';
  }
}

function valueOf(item: Item, { attributes, text, codes }: XmlElement): Value | undefined {
  const plain = attributes['encoding'] === 'base64' ? Buffer.from(text, 'base64').toString() : text;
  switch (item.type) {
    case 'integer': case 'number': return numberOf(plain.trim());
    case 'boolean': return plain.trim() === 'true' ? true : plain.trim() === 'false' ? false : undefined;
    case 'codes': return codes;
    case 'code': return attributes['code'] ?? (plain === '' ? undefined : plain);
    case 'text': case 'long-text': return plain;
    default: return plain.trim() === '' ? undefined : plain.trim();
  }
}

function kindOf({ type }: Item): string {
  if (type === 'integer' || type === 'number') return 'A number';
  if (type === 'boolean') return 'true or false';
  return type === 'code' ? 'A code' : 'A value';
}

/** A whole number beyond what is exact would be stored as another one. */
function numberOf(text: string): number | undefined {
  const number = /^-?\d+(\.\d+)?([eE][-+]?\d+)?$/.test(text) ? Number(text) : Infinity;
  return Math.abs(number) <= Number.MAX_SAFE_INTEGER ? number : undefined;
}

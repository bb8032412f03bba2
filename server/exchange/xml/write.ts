/** A record as XML under the identifiers of its source standard (HDSD, DE); the format is described in README.md and record.xsd. */
import type { Code, Form, Item, Row, Value } from '../../../schemas/form.ts';
import type { FormRecord } from '../../../schemas/http/api.ts';
import { isRows } from '../../../schemas/pointer.ts';
import { canBeWritten, escapeText, tag, type Attributes } from './text.ts';

export const namespace = 'https://xiangya-forms.org/xml/record/1';

export interface RecordXml {
  form: Form;
  record: FormRecord;
  /** As in `XY01`. */
  siteCode: string;
  studyNumber: string;
}

/** The same record gives the same bytes; elements stand in the order of the form. */
export function recordXml({ form, record, siteCode, studyNumber }: RecordXml): string {
  const { standard } = form;
  const writer = new RecordWriter(form, record);
  const attributes: Attributes = {
    'xmlns': namespace, 'dataset': standard.dataset, 'subDataset': standard.subDataset, 'standardVersion': standard.version, 'standardSha256': form.sha256,
    'id': record.id, 'version': String(record.version), 'status': record.status, 'site': siteCode, 'studyNumber': studyNumber, 'subject': record.subjectId, 'visit': record.visitId, 'lesion': record.lesionId,
  };
  return `<?xml version="1.0" encoding="UTF-8"?>\n${tag('record', attributes, `\n${writer.lines().map((line) => `  ${line}\n`).join('')}`)}\n`;
}

class RecordWriter {
  readonly #form: Form;
  readonly #record: FormRecord;

  constructor(form: Form, record: FormRecord) {
    this.#form = form;
    this.#record = record;
  }

  lines(): string[] {
    return this.#form.items.flatMap((item) => (item.type === 'repeat' ? this.#repeat(item) : this.#element(item)));
  }

  #element(item: Item): string[] {
    const { data, parked, missing, context, withheld } = this.#record;
    if (item.bind !== undefined) {
      const value = context.bound?.[item.bind];
      const about = { ...identifiers(item), source: item.bind };
      if (value !== undefined) return [this.#value(item, value, about)];
      return withheld.includes(item.bind) ? [tag('element', { ...about, withheld: 'true' })] : [];
    }
    const pointer = `/${item.key}`;
    return this.#answer(item, data[item.key] as Value | undefined, parked[pointer], missing[pointer]);
  }

  /** What stands at one place: a value, in play or parked; a reason; or nothing, and then no element. */
  #answer(item: Item, value: Value | undefined, parked: Value | undefined, reason: string | undefined): string[] {
    const about = { ...identifiers(item), calculated: item.calculate === undefined ? undefined : 'true', missing: reason };
    if (value !== undefined) return [this.#value(item, value, about)];
    if (parked !== undefined) return [this.#value(item, parked, { ...about, parked: 'true' })];
    return reason === undefined ? [] : [tag('element', about)];
  }

  #repeat(item: Item): string[] {
    const { data, parked, missing } = this.#record;
    const rows = data[item.key];
    const inPlay = isRows(rows) ? rows : [];
    const aside = new Map<string, { [key: string]: Value }>();
    for (const [pointer, value] of Object.entries(parked)) {
      const [, key, rowId, column] = pointer.split('/');
      if (key === item.key && rowId !== undefined && column !== undefined) aside.set(rowId, { ...aside.get(rowId), [column]: value });
    }
    const ids = [...new Set([...inPlay.map(({ rowId }) => rowId), ...aside.keys()])];
    const reason = missing[`/${item.key}`];
    if (ids.length === 0 && reason === undefined) return [];
    const written = ids.map((rowId) => this.#row(item, rowId, inPlay.find((row) => row.rowId === rowId), aside.get(rowId) ?? {}));
    const attributes = { key: item.key, title: item.title.zh, missing: reason };
    return [ids.length === 0 ? tag('repeat', attributes) : tag('repeat', attributes, `\n${written.map((row) => `    ${row}\n`).join('')}  `)];
  }

  #row(repeat: Item, rowId: string, row: Row | undefined, aside: { [key: string]: Value }): string {
    const cells = (repeat.items ?? []).flatMap((column) => {
      const pointer = `/${repeat.key}/${rowId}/${column.key}`;
      return this.#answer(column, row?.[column.key], aside[column.key], this.#record.missing[pointer]);
    });
    const attributes = { id: rowId, parked: row === undefined ? 'true' : undefined };
    return cells.length === 0 ? tag('row', attributes) : tag('row', attributes, `\n${cells.map((cell) => `      ${cell}\n`).join('')}    `);
  }

  #value(item: Item, value: Value, about: Attributes): string {
    const code = (chosen: string) => this.#codes(item).find((each) => each.code === chosen)?.text.zh;
    if (Array.isArray(value)) return tag('element', about, (value as readonly string[]).map((each) => tag('code', { value: each }, escapeText(code(each) ?? ''))).join(''));
    const text = String(value);
    if (!canBeWritten(text)) return tag('element', { ...about, encoding: 'base64' }, Buffer.from(text).toString('base64'));
    if (item.type === 'code') return tag('element', { ...about, code: text }, escapeText(code(text) ?? ''));
    return tag('element', { ...about, display: item.refersTo === 'person' ? this.#record.people[text] : undefined }, escapeText(text));
  }

  #codes({ valueSet = '' }: Item): readonly Code[] {
    return this.#form.valueSets[valueSet]?.codes ?? [];
  }
}

function identifiers({ key, element = {}, title, unit }: Item): Attributes {
  return { key, hdsd: element['HDSD'], de: element['DE'], title: title.zh, unit };
}

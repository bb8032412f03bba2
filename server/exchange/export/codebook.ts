/** One line for each exported column: what it means, which values it may have, where it comes from. */
import type { Form, Item } from '../../../schemas/form.ts';
import { csvLines, type Profile } from '../csv/write.ts';
import type { Column, Table } from './table.ts';

/** Its columns. */
export const codebookHeader = [
  'table', 'column', 'position', 'role', 'field_path', 'form', 'section', 'label_zh', 'label_en', 'type', 'unit', 'choices_zh', 'choices_en', 'required', 'shown_when',
  'validation_min', 'validation_max', 'decimals', 'max_length', 'pattern', 'identifier_class', 'missing_codes', 'introduced_in', 'removed_in', 'derived_expression', 'bound_to',
  'terminology', 'element', 'source', 'n', 'n_answered',
];

/** A table as it was written. `forms`: the versions of its sub-dataset that were looked at, the release's first; none for other tables. */
export interface WrittenTable {
  table: Table;
  forms: readonly Form[];
  rows: number;
  /** Cells that are not empty, by column. */
  answered: readonly number[];
}

export function codebook(tables: readonly WrittenTable[], profile: Profile): string {
  const lines = tables.flatMap((written) => written.table.columns.map((column, at) => describe(written, column, at)));
  return csvLines([codebookHeader, ...lines], profile);
}

function describe({ table, forms, rows, answered }: WrittenTable, column: Column, at: number): (string | number | undefined)[] {
  const { item } = column;
  const form = item && forms.find(({ items }) => items.some((each) => each === item || each.items?.includes(item)));
  const label = labelOf(column, form);
  const place = [table.file.replace(/\.csv$/, ''), column.name, at + 1, column.role, item && fieldPath(item, form)];
  const counts = [rows, answered[at] ?? 0];
  if (!item || !form) return [...place, undefined, undefined, label.zh, label.en, column.kind === 'number' ? 'number' : 'text', ...Array.from({ length: codebookHeader.length - 12 }, () => undefined), ...counts];
  const isValue = column.role === 'value';
  return [
    ...place, `${form.standard.subDataset}/${form.standard.version}`, sectionOf(form, item), label.zh, label.en, typeOf(column, item), isValue ? item.unit : undefined,
    isValue ? choices(form, item, 'zh') : undefined, isValue ? choices(form, item, 'en') : undefined, item.required ? 1 : 0, item.enableWhen?.source,
    ...(isValue ? [item.minimum, item.maximum, item.decimals, item.maxLength, form.valueSets[item.valueSet ?? '']?.open?.pattern ?? item.pattern] : [undefined, undefined, undefined, undefined, undefined]),
    item.identifying, column.role === 'null' ? missingCodes(form) : undefined, ...since(forms, item), item.calculate?.source, item.bind,
    item.concept.map(({ system, code }) => `${system}:${code}`).join('; ') || undefined,
    Object.entries(item.element ?? {}).map(([system, id]) => `${system}:${id}`).join('; ') || undefined, item.source, ...counts,
  ];
}

const suffixes: { readonly [role in Column['role']]: { zh: string; en: string } } = {
  key: { zh: '', en: '' }, value: { zh: '', en: '' }, source: { zh: '', en: '' }, code: { zh: '', en: '' },
  label: { zh: '（名称）', en: ' (label)' }, null: { zh: '（缺失原因）', en: ' (why there is no value)' }, utc: { zh: '（UTC）', en: ' (UTC)' },
  from: { zh: '（最早）', en: ' (earliest)' }, to: { zh: '（最晚）', en: ' (latest)' },
};

function labelOf({ item, role, code, note, name }: Column, form: Form | undefined): { zh: string; en: string } {
  if (!item) return note ?? { zh: name, en: name };
  const chosen = code === undefined ? undefined : form?.valueSets[item.valueSet ?? '']?.codes.find((each) => each.code === code)?.text;
  return { zh: item.title.zh + (chosen ? `：${chosen.zh}` : suffixes[role].zh), en: item.title.en + (chosen ? `: ${chosen.en}` : suffixes[role].en) };
}

function fieldPath(item: Item, form: Form | undefined): string {
  const repeat = form?.items.find(({ items }) => items?.includes(item));
  return repeat ? `/${repeat.key}/*/${item.key}` : `/${item.key}`;
}

function sectionOf(form: Form, item: Item): string | undefined {
  return form.sections.find(({ items }) => items.includes(item.path) || items.includes(item.path.split('/')[0] ?? ''))?.title.zh;
}

function typeOf({ role, kind }: Column, item: Item): string {
  if (role === 'code') return '1 or 0';
  return role === 'value' ? item.type : kind;
}

/** Those of an open set are more than are here: its form stands as the pattern, its texts beside the values. */
function choices(form: Form, item: Item, language: 'zh' | 'en'): string | undefined {
  const set = item.valueSet === undefined ? undefined : form.valueSets[item.valueSet];
  return set?.open ? undefined : set?.codes.map(({ code, text }) => `${code}=${text[language]}`).join('; ');
}

function missingCodes({ valueSets }: Form): string {
  const reasons = Object.values(valueSets).find(({ id }) => id === 'missing-reason')?.codes ?? [];
  const states = ['not_asked=draft, no value yet', 'hidden=switched off by logic', 'blank=left empty', 'not_in_version=the version has no such item'];
  return [...states, ...reasons.map(({ code, text }) => `missing:${code}=${text.en}`)].join('; ');
}

/** The oldest version that has the item, and the next one that no longer has it. */
function since(forms: readonly Form[], { path }: Item): [string | undefined, string | undefined] {
  const rising = forms.map(({ standard: { version }, items }) => ({ version, has: items.some((item) => item.path === path || item.items?.some((each) => each.path === path)) }))
    .toSorted((a, b) => a.version.localeCompare(b.version, 'en', { numeric: true }));
  const first = rising.findIndex(({ has }) => has);
  return [rising[first]?.version, rising.slice(first).find(({ has }) => !has)?.version];
}

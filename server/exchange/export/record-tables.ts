/** The files of one sub-dataset: one of its records, and one for each of its repeats. */
import type { Form, Item } from '../../../schemas/form.ts';
import { formatPointer } from '../../../schemas/pointer.ts';
import { itemColumns, nameOfStaff, namesStaff, recordDay, type Surroundings } from './item-columns.ts';
import { isKnownPath, knownColumn, knownJoin } from './known.ts';
import { quote, type Column, type Table } from './table.ts';

export interface Withheld {
  table: string;
  column: string;
  why: string;
}

export interface RecordTables {
  tables: Table[];
  withheld: Withheld[];
}

/** Version of the release first, then the others that records still have, newest first. */
export type Versions = readonly [Form, ...Form[]];

export interface RecordOptions {
  language: 'zh' | 'en';
  statuses?: readonly string[];
  /** Whether a classifier may have made the records. */
  classified?: boolean;
  /** Whether a bind path identifies the patient directly, whatever a form says of it. */
  isDirect: (path: string) => boolean;
  /** Whether the reader may know the names of staff. */
  staffNames: boolean;
}

export function recordTables(versions: Versions, options: RecordOptions): RecordTables {
  const [newest] = versions;
  const items = mergeItems(versions.map(({ items: list }) => list));
  const isDirect = ({ identifying, bind }: Item) => identifying === 'direct' || (bind !== undefined && options.isDirect(bind));
  const shown = items.filter(({ item }) => !isDirect(item));
  const { subDataset } = newest.standard;
  const main = tableOf(versions, options, { file: `${subDataset}.csv`, entries: shown.filter(({ item }) => item.type !== 'repeat') });
  const repeats = shown.filter(({ item }) => item.type === 'repeat').map(({ item, versions: having }) => {
    const rows = mergeItems(versions.map(({ items: list }) => list.find(({ key }) => key === item.key)?.items ?? []));
    const entries = rows.filter((entry) => !isDirect(entry.item)).map((entry) => ({ ...entry, versions: entry.versions.filter((at) => having.includes(at)) }));
    return tableOf(versions, options, { file: `${subDataset}__${item.key}.csv`, entries, repeat: item });
  });
  const withheld = items.filter(({ item }) => isDirect(item))
    .map(({ item }) => ({ table: `${subDataset}.csv`, column: item.key, why: 'identifies the patient directly' }));
  return { tables: [main, ...repeats], withheld: [...withheld, ...(options.staffNames ? [] : namesWithheld(subDataset, shown))] };
}

function namesWithheld(subDataset: string, entries: readonly Entry[]): Withheld[] {
  const why = 'names a member of staff; told to those who may write records at every site of the export';
  return entries.flatMap(({ item }) => [
    ...(namesStaff(item) ? [{ table: `${subDataset}.csv`, column: `${item.key}__name`, why }] : []),
    ...(item.items ?? []).filter(namesStaff).map(({ key: column }) => ({ table: `${subDataset}__${item.key}.csv`, column: `${column}__name`, why })),
  ]);
}

interface Entry {
  item: Item;
  /** Which of the versions have it, by position. */
  versions: number[];
}

/** Items of the first version in its order, then those that only older versions have. */
function mergeItems(lists: readonly (readonly Item[])[]): Entry[] {
  const entries = new Map<string, Entry>();
  lists.forEach((items, at) => {
    for (const item of items) {
      const known = entries.get(item.key);
      if (known) known.versions.push(at);
      else entries.set(item.key, { item, versions: [at] });
    }
  });
  return [...entries.values()];
}

interface Plan {
  file: string;
  entries: Entry[];
  repeat?: Item;
}

function tableOf(versions: Versions, { language, statuses, classified = false, staffNames }: RecordOptions, { file, entries, repeat }: Plan): Table {
  const [form] = versions;
  const inner: [string, string][] = [...keySources, ['missing', 'v.missing'], ['disabled', 'v.disabled'], ['unanswered', `case b.status when 'in-progress' then 'not_asked' else 'blank' end`]];
  const share = (sql: string): string => {
    const known = inner.find(([, expression]) => expression === sql);
    if (known) return known[0];
    inner.push([`c${inner.length}`, sql]);
    return `c${inner.length - 1}`;
  };
  const known = new Set<string>();
  if (repeat) inner.push(['row_id', `e.value ->> 'rowId'`], ['row_no', 'e.ordinality::text']);
  const around: Omit<Surroundings, 'lacking'> = {
    form, language, share, staffNames,
    data: repeat ? 'e.value' : 'v.data',
    pointer: ({ key }) => (repeat ? `(${quote(`${formatPointer(repeat.key)}/`)} || row_id || ${quote(formatPointer(key))})` : quote(formatPointer(key))),
    bound: (path) => {
      if (!isKnownPath(path)) return path === 'person.name' && staffNames ? personName : boundSources[path];
      known.add(path);
      return knownColumn(path);
    },
  };
  const lackingOf = ({ versions: having }: Entry) => versions.filter((_, at) => !having.includes(at)).map(({ standard }) => standard.version);
  const columns = [...keyColumns, ...(repeat ? rowColumns : []), ...entries.flatMap((entry) => itemColumns(entry.item, { ...around, lacking: lackingOf(entry) })), ...(classified && !repeat ? originColumns(share) : [])];
  return {
    file,
    title: repeat ? { zh: `${form.title.zh}：${repeat.title.zh}`, en: `${form.title.en}: ${repeat.title.en}` } : form.title,
    columns, inner, base: 'record', subject: 'subject_id', subDataset: form.standard.subDataset,
    from: `${joins}${known.size > 0 ? knownJoin : ''}${repeat ? ` cross join lateral jsonb_array_elements(v.data -> ${quote(repeat.key)}) with ordinality e` : ''}`,
    where: [`b.sub_dataset = ${quote(form.standard.subDataset)}`, ...(statuses ? [`b.status in (${statuses.map(quote).join(', ')})`] : [])],
    ...(repeat ? { then: 'e.ordinality' } : {}), ...(known.size > 0 ? { known: [...known] } : {}),
  };
}

const joins = 'from record b join record_version v on v.site_id = b.site_id and v.record_id = b.id and v.version = b.version'
  + ' join subject s on s.site_id = b.site_id and s.id = b.subject_id join site on site.id = b.site_id'
  + ' left join visit on visit.site_id = b.site_id and visit.id = b.visit_id left join lesion on lesion.site_id = b.site_id and lesion.id = b.lesion_id';

const keySources: [string, string][] = [
  ['site_code', 'site.code'], ['study_number', 's.study_number'], ['subject_id', 'b.subject_id'], ['record_id', 'b.id'], ['visit_id', 'b.visit_id'], ['lesion_id', 'b.lesion_id'],
  ['visit_date', 'visit.visit_date'], ['status', 'b.status'], ['standard_version', 'v.standard_version'],
];

/** By day only where it has not always been the same. */
const sexOfDay = `case when s.sex_by_day is null then s.sex else (select e ->> 1 from jsonb_array_elements(s.sex_by_day) e where coalesce(e ->> 0, '') <= ${recordDay} order by coalesce(e ->> 0, '') desc limit 1) end`;
/** Who made the record, as called on its day. */
const personName = nameOfStaff('b.created_by', recordDay);

/** What a bind path resolves to, from the joined tables; sealed values are `known`. */
const boundSources: { readonly [path: string]: string } = {
  'subject.id': 'b.subject_id::text', 'subject.studyNumber': 's.study_number', 'subject.sex': sexOfDay, 'subject.birthDate': 's.birth_date',
  'site.id': 'b.site_id::text', 'site.code': 'site.code', 'site.name': 'site.name', 'site.organisationCode': 'site.organisation_code', 'person.id': 'b.created_by::text',
  'visit.id': 'b.visit_id::text', 'visit.kind': 'visit.kind', 'visit.date': 'visit.visit_date',
  'lesion.id': 'b.lesion_id::text', 'lesion.ordinal': 'lesion.ordinal::text', 'lesion.label': 'lesion.label',
};

const key = (name: string, zh: string, en: string, sql = name): Column => ({ name, kind: 'text', sql, role: 'key', note: { zh, en } });

export const siteColumn = key('site_code', '机构代码', 'Site');
export const subjectColumns = [key('study_number', '研究编号', 'Study number'), key('subject_id', '患者ID', 'Patient id')];

const keyColumns: Column[] = [
  siteColumn, ...subjectColumns, key('record_id', '记录ID', 'Record id'), key('visit_id', '访视ID', 'Visit id'), key('lesion_id', '皮损ID', 'Lesion id'),
  key('visit_date', '访视日期', 'Visit date'), key('record_status', '状态', 'Status of the record', 'status'), key('form_version', '标准版本', 'Version of the standard', 'standard_version'),
];

const rowColumns: Column[] = [key('row_id', '行ID', 'Row id'), { ...key('row_no', '行号', 'Row number'), kind: 'number' }];

/** A record that a classifier suggested says which model, how sure, how quick, and what the person made of it. */
function originColumns(share: (sql: string) => string): Column[] {
  const column = (name: string, path: string, zh: string, en: string, kind: Column['kind'] = 'text'): Column =>
    ({ name: `origin__${name}`, kind, sql: share(`v.origin #>> ${quote(`{${path}}`)}`), role: 'source', note: { zh, en } });
  return [
    column('kind', 'kind', '来源', 'How the record was made'), column('model_name', 'model,name', '模型名称', 'Model'), column('model_version', 'model,version', '模型版本', 'Version of the model'),
    column('model_sha256', 'model,sha256', '模型摘要', 'SHA-256 of the model'), column('runtime', 'runtime', '运行环境', 'Runtime'), column('input_sha256', 'inputSha256', '输入摘要', 'SHA-256 of the picture'),
    column('scores', 'scores', '各类概率（JSON）', 'Probability by label, as JSON'), column('ranked', 'ranked', '排序（JSON）', 'Labels, best first, as JSON'),
    column('abstained', 'abstained', '弃权原因', 'Why the model abstained'), column('latency_ms', 'latencyMs', '耗时（毫秒）', 'Milliseconds', 'number'),
    column('shown_at', 'shownAt', '展示时间', 'When it was shown'), column('decision', 'decision', '决定', 'What the person decided'), column('decided_at', 'decidedAt', '决定时间', 'When it was decided'),
  ];
}

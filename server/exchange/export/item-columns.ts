/** The columns of one data element: its value, and beside it what a value alone cannot say. */
import { formatPatterns } from '../../../schemas/formats.ts';
import type { Form, Item } from '../../../schemas/form.ts';
import { quote, type Column } from './table.ts';

/** Where the columns of a table find what they need; all are names of the inner query, or SQL for it. */
export interface Surroundings {
  form: Form;
  language: 'zh' | 'en';
  /** SQL of the JSON that holds the item's key: the record's data, or a row of a repeat. */
  data: string;
  /** SQL of the item's pointer, as it stands in `missing` and `disabled`. */
  pointer: (item: Item) => string;
  /** SQL of a bound value by bind path; undefined when the path has none. */
  bound: (path: string) => string | undefined;
  /** Adds an expression to the inner query and gives its name. */
  share: (sql: string) => string;
  /** Whether the names of staff leave beside their ids. */
  staffNames: boolean;
  /** Versions of the standard among the records that lack the item. */
  lacking: readonly string[];
}

export function itemColumns(item: Item, around: Surroundings): Column[] {
  if (item.bind !== undefined) return boundColumns(item, item.bind, around);
  const raw = around.share(`${around.data} ->> ${quote(item.key)}`);
  const value = valueColumn(item, raw);
  return [value, ...companions(item, raw, around), reasonColumn(item, raw, around)];
}

function valueColumn(item: Item, raw: string): Column {
  const isNumber = item.type === 'number' || item.type === 'integer' || item.type === 'boolean';
  const sql = item.type === 'boolean' ? `case ${raw} when 'true' then '1' when 'false' then '0' else ${raw} end` : raw;
  return { name: item.key, kind: isNumber ? 'number' : 'text', sql, role: 'value', item };
}

function companions(item: Item, raw: string, { form, language, data, share, staffNames }: Surroundings): Column[] {
  const set = item.valueSet === undefined ? undefined : form.valueSets[item.valueSet];
  const codes = set?.codes ?? [];
  const labels = () => `${quote(JSON.stringify(Object.fromEntries(codes.map(({ code, text }) => [code, text[language]]))))}::jsonb`;
  switch (item.type) {
    case 'code': {
      const sql = `${labels()} ->> ${raw}`;
      return [{ name: `${item.key}__label`, kind: 'text', sql: set?.open ? `coalesce((select ${imported[language]} from value_set_code v where v.value_set = ${quote(set.id)} and v.code = ${raw}), ${sql})` : sql, role: 'label', item }];
    }
    case 'codes': {
      const chosen = share(`${data} -> ${quote(item.key)}`);
      if (set?.open) return [{ name: `${item.key}__label`, kind: 'text', sql: labelsOfOpen(set.id, labels(), chosen, language), role: 'label', item }];
      return codes.map(({ code }): Column => ({
        name: `${item.key}___${code}`, kind: 'number', sql: `case ${chosen} ? ${quote(code)} when true then '1' when false then '0' end`, role: 'code', item, code,
      }));
    }
    case 'partial-date':
      return [
        { name: `${item.key}__from`, kind: 'text', sql: firstDay(raw), role: 'from', item },
        { name: `${item.key}__to`, kind: 'text', sql: lastDay(raw), role: 'to', item },
      ];
    case 'date-time':
      return [{ name: `${item.key}__utc`, kind: 'text', sql: utc(raw), role: 'utc', item }];
    case 'reference':
      return staffNames && namesStaff(item) ? [{ name: `${item.key}__name`, kind: 'text', sql: nameOfStaff(`case when ${raw} ~ ${quote(uuid)} then ${raw}::uuid end`, share(recordDay)), role: 'label', item }] : [];
    default:
      return [];
  }
}

/** SQL of the text of an imported code; the Chinese where the import has no English. */
const imported = { zh: 'v.zh', en: `coalesce(nullif(v.en, ''), v.zh)` } as const;

/** Of an open set nobody knows all codes: no column for each, but their texts in the order of the value; a code that no list has stands for itself. */
function labelsOfOpen(set: string, labels: string, chosen: string, language: 'zh' | 'en'): string {
  return `(select string_agg(coalesce(${imported[language]}, ${labels} ->> c.code, c.code), '; ' order by c.place)
    from jsonb_array_elements_text(case jsonb_typeof(${chosen}) when 'array' then ${chosen} end) with ordinality as c (code, place)
    left join value_set_code v on v.value_set = ${quote(set)} and v.code = c.code)`;
}

/** Why there is no value. The states stay apart: hidden by logic, missing with a reason, not asked yet, left blank, not in this version. */
function reasonColumn(item: Item, raw: string, { pointer, lacking }: Surroundings): Column {
  const at = pointer(item);
  const later = lacking.length > 0 ? `when standard_version in (${lacking.map(quote).join(', ')}) then 'not_in_version' ` : '';
  const sql = `case when ${raw} is null then case ${later}when missing ? ${at} then 'missing:' || (missing ->> ${at}) when disabled ? ${at} then 'hidden' else unanswered end end`;
  return { name: `${item.key}__null`, kind: 'text', sql, role: 'null', item };
}

/** SQL of the day by which values are told: that of the visit, else on which the record was made (the sites keep China Standard Time). */
export const recordDay = `coalesce(visit.visit_date, to_char(b.created_at at time zone 'UTC' + interval '8 hours', 'YYYY-MM-DD'))`;

const uuid = '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$';

export const namesStaff = ({ type, refersTo }: Item) => type === 'reference' && refersTo === 'person';

/** SQL of what somebody was called on a day. */
export function nameOfStaff(id: string, day: string): string {
  return `(select coalesce((select n.name from account_name n where n.account_id = a.id and n.valid_to > ${day} order by n.valid_to limit 1), a.display_name) from account a where a.id = ${id})`;
}

/** Bound items are resolved as of the record's day. A path that nothing is known of is an empty column. */
function boundColumns(item: Item, bind: string, around: Surroundings): Column[] {
  const raw = around.share(around.bound(bind) ?? 'null::text');
  return [{ name: item.key, kind: 'text', sql: raw, role: 'value', item }, ...companions(item, raw, around)];
}

/** A draft may hold text that is no date; then there is no day, and nothing fails. */
const isDate = (raw: string) => `${raw} ~ ${quote(formatPatterns['partial-date'])}`;

export function firstDay(raw: string): string {
  return `case when ${isDate(raw)} then ${raw} || substr('-01-01', length(${raw}) - 3) end`;
}

export function lastDay(raw: string): string {
  const month = `to_char((${raw} || '-01')::date + interval '1 month' - interval '1 day', 'YYYY-MM-DD')`;
  return `case when ${isDate(raw)} then case length(${raw}) when 4 then ${raw} || '-12-31' when 7 then ${month} else ${raw} end end`;
}

function utc(raw: string): string {
  const instant = `(${raw} || case when ${raw} ~ '(Z|[+-][0-9]{2}:[0-9]{2})$' then '' else '+08:00' end)::timestamptz`;
  return `case when ${raw} ~ ${quote(formatPatterns['date-time'])} then to_char(${instant} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') end`;
}

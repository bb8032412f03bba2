/** A table of codes → rows, and what is wrong with it by line and column. Columns are known by their names, as hospitals write them. */
import type { Initials } from '../../../schemas/pinyin/initials.ts';
import type { CodeRow } from '../../repositories/code-lists.ts';
import { decodeText, type Encoding } from '../csv/decode.ts';
import { readTable, type TableRow } from '../csv/read.ts';

export interface WrongCell {
  /** Line of the file, from 1. */
  row: number;
  /** Name in the header. */
  column: string;
  reason: string;
}

export interface ReadCodes {
  encoding: Encoding;
  rows: CodeRow[];
  wrong: WrongCell[];
  /** Columns that mean nothing here and were left out. */
  ignored: string[];
  /** Codes that stand in the file, in rows that were refused too. */
  mentioned: ReadonlySet<string>;
}

type Part = 'code' | 'zh' | 'en' | 'pinyin' | 'synonyms' | 'status';

/** As a header may name them; compared without case, blanks and signs. */
const names: { readonly [part in Part]: readonly string[] } = {
  code: ['code', '编码', '代码', '主要编码', '疾病编码', '诊断编码', '疾病代码', '手术编码', '手术代码', '操作编码', '药品编码', '药品代码', '机构编码', '机构代码', '组织机构代码', '病证编码', '中医编码', '治法编码', 'icd', 'icd编码', 'icd10', 'icd10编码', 'icd9编码', 'icd9cm3编码'],
  zh: ['zh', 'name', 'text', 'display', '名称', '中文', '中文名称', '中文名', '疾病名称', '诊断名称', '手术名称', '手术操作名称', '操作名称', '药品名称', '通用名', '机构名称', '病证名称', '术语', '治法名称', '值含义', '含义'],
  en: ['en', 'english', 'nameen', '英文', '英文名称', '英文名'],
  pinyin: ['pinyin', 'py', '拼音', '拼音码', '拼音首字母', '拼音简码', '首拼'],
  synonyms: ['synonyms', 'synonym', '同义词', '别名', '其他名称', '商品名'],
  status: ['status', '状态', '是否有效', '使用状态'],
};
const statuses: { readonly [text: string]: CodeRow['status'] } = {
  '': 'active', 'active': 'active', '有效': 'active', '启用': 'active', '在用': 'active', '是': 'active', '1': 'active',
  'retired': 'retired', '停用': 'retired', '作废': 'retired', '废止': 'retired', '无效': 'retired', '否': 'retired', '0': 'retired',
};
const LONGEST = { code: 64, text: 500 } as const;

/** Throws an Error in plain words when the file is not text, or has no columns of code and name. Rows that are wrong are listed, all others kept. */
export function readCodes(bytes: Uint8Array, pattern: string, initialsOf: Initials): ReadCodes {
  const { text, encoding } = decodeText(bytes);
  const { columns, rows } = readTable(text);
  const places = placesOf(columns);
  const fits = new RegExp(`^(?:${pattern})$`, 'u');
  const lines = new Map<string, number>();
  const read: ReadCodes = { encoding, rows: [], wrong: [], ignored: columns.filter((_, at) => ![...places.values()].includes(at)), mentioned: new Set(rows.map((row) => cellOf(row, places, 'code'))) };
  for (const row of rows) {
    const result = readRow(row, places, fits, lines);
    if ('reason' in result) read.wrong.push({ row: row.line, column: columns[places.get(result.part) ?? 0] ?? '', reason: result.reason });
    else {
      lines.set(result.code, row.line);
      read.rows.push({ ...result, pinyin: /^[a-z0-9]+$/.test(result.pinyin) ? result.pinyin : initialsOf(result.zh), ordinal: read.rows.length });
    }
  }
  return read;
}

function placesOf(columns: readonly string[]): Map<Part, number> {
  const places = new Map<Part, number>();
  columns.forEach((column, at) => {
    const plain = column.normalize('NFKC').toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
    const part = (Object.keys(names) as Part[]).find((each) => names[each].includes(plain));
    if (part === undefined) return;
    const first = places.get(part);
    if (first !== undefined) throw new Error(`The columns ${columns[first]} and ${column} both say the ${part}. Leave one out, or rename it.`);
    places.set(part, at);
  });
  const missing = (['code', 'zh'] as const).filter((part) => !places.has(part));
  if (missing.length > 0) throw new Error(`The header line has no column of ${missing.join(' and ')}. It has: ${columns.join(', ')}. Known names are, among others: ${missing.map((part) => names[part].slice(0, 4).join(', ')).join('; ')}.`);
  return places;
}

const cellOf = ({ cells }: TableRow, places: ReadonlyMap<Part, number>, part: Part) => (cells[places.get(part) ?? -1] ?? '').normalize('NFC').trim();

function readRow(row: TableRow, places: ReadonlyMap<Part, number>, fits: RegExp, lines: ReadonlyMap<string, number>): Omit<CodeRow, 'ordinal'> | { part: Part; reason: string } {
  const cell = (part: Part) => cellOf(row, places, part);
  const code = cell('code').normalize('NFKC');
  const status = statuses[cell('status').toLowerCase()];
  const text = (['zh', 'en', 'synonyms'] as const).find((part) => cell(part).length > LONGEST.text || /\p{Cc}/u.test(cell(part)));
  if (code === '') return { part: 'code', reason: 'the code is missing' };
  if (code.length > LONGEST.code || !fits.test(code)) return { part: 'code', reason: 'the code does not have the form of this value set' };
  if (lines.has(code)) return { part: 'code', reason: `the code stands in line ${lines.get(code)} already` };
  if (cell('zh') === '') return { part: 'zh', reason: 'the name is missing' };
  if (text !== undefined) return { part: text, reason: `the text is longer than ${LONGEST.text} characters, or has a line break or tab in it` };
  if (status === undefined) return { part: 'status', reason: 'the status is none of: active, retired, 有效, 停用' };
  const said = new Set([code.toLowerCase(), cell('zh').toLowerCase(), cell('en').toLowerCase()]);
  const synonyms = [...new Set(cell('synonyms').split(/[;；|｜]/).map((name) => name.trim()))].filter((name) => name !== '' && !said.has(name.toLowerCase()));
  return { code, zh: cell('zh'), en: cell('en'), pinyin: cell('pinyin').toLowerCase(), synonyms, status };
}

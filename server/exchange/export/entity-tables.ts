/** The files of what records refer to: patients, visits, lesions, pictures, and the rows of imported tables. */
import type { ValueSet } from '../../../schemas/form.ts';
import { firstDay, lastDay } from './item-columns.ts';
import { siteColumn, subjectColumns } from './record-tables.ts';
import { quote, type Column, type Table } from './table.ts';

const joined = (table: string) => `from ${table} b join subject s on s.site_id = b.site_id and s.id = b.subject_id join site on site.id = b.site_id`;
const keys: [string, string][] = [['site_code', 'site.code'], ['study_number', 's.study_number'], ['subject_id', 'b.subject_id']];

const column = (name: string, zh: string, en: string, kind: Column['kind'] = 'text', sql = name): Column => ({ name, kind, sql, role: 'key', note: { zh, en } });
const at = (name: string) => `to_char(${name} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')`;

/** `sexes` gives the labels. */
export function subjectTable(sexes: ValueSet | undefined, language: 'zh' | 'en'): Table {
  const labels = JSON.stringify(Object.fromEntries((sexes?.codes ?? []).map(({ code, text }) => [code, text[language]])));
  return {
    file: 'subjects.csv', title: { zh: '患者', en: 'Patients' }, base: 'subject', subject: 'id', where: [],
    from: 'from subject b join site on site.id = b.site_id',
    inner: [['site_code', 'site.code'], ['study_number', 'b.study_number'], ['subject_id', 'b.id'], ['sex', 'b.sex'], ['birth_date', 'b.birth_date'], ['created_at', at('b.created_at')], ['erased_at', at('(select k.destroyed_at from subject_key k where k.site_id = b.site_id and k.subject_id = b.id)')]],
    columns: [
      siteColumn, ...subjectColumns, column('sex', '性别代码（GB/T 2261.1）', 'Sex (GB/T 2261.1)'), { ...column('sex__label', '性别', 'Sex'), sql: `${quote(labels)}::jsonb ->> sex` },
      column('birth_date', '出生日期', 'Date of birth'), column('birth_date__from', '出生日期最早', 'Date of birth, earliest', 'text', firstDay('birth_date')),
      column('birth_date__to', '出生日期最晚', 'Date of birth, latest', 'text', lastDay('birth_date')), column('created_at', '登记时间（UTC）', 'Enrolled (UTC)'),
      column('erased_at', '身份信息擦除时间（UTC）', 'Identifiers erased (UTC)'),
    ],
  };
}

export const visitTable: Table = {
  file: 'visits.csv', title: { zh: '访视', en: 'Visits' }, base: 'visit', subject: 'subject_id', where: [], from: joined('visit'),
  inner: [...keys, ['visit_id', 'b.id'], ['kind', 'b.kind'], ['visit_date', 'b.visit_date']],
  columns: [siteColumn, ...subjectColumns, column('visit_id', '访视ID', 'Visit id'), column('kind', '访视类型', 'Kind of visit'), column('visit_date', '访视日期', 'Visit date')],
};

export const lesionTable: Table = {
  file: 'lesions.csv', title: { zh: '皮损', en: 'Lesions' }, base: 'lesion', subject: 'subject_id', where: [], from: joined('lesion'),
  inner: [...keys, ['lesion_id', 'b.id'], ['ordinal', 'b.ordinal'], ['label', 'b.label']],
  columns: [siteColumn, ...subjectColumns, column('lesion_id', '皮损ID', 'Lesion id'), column('ordinal', '序号', 'Number', 'number'), column('label', '部位描述', 'Where, in words')],
};

export const imageTable: Table = {
  file: 'images.csv', title: { zh: '图像', en: 'Pictures' }, base: 'image', subject: 'subject_id', where: [], from: joined('image'),
  inner: [...keys, ['image_id', 'b.id'], ['lesion_id', 'b.lesion_id'], ['sha256', 'b.sha256'], ['media_type', 'b.media_type'], ['width', 'b.width'], ['height', 'b.height'], ['bytes', 'b.bytes'], ['created_at', at('b.created_at')]],
  columns: [
    siteColumn, ...subjectColumns, column('image_id', '图像ID', 'Picture id'), column('lesion_id', '皮损ID', 'Lesion id'), column('sha256', '文件SHA-256', 'SHA-256 of the file'),
    column('media_type', '文件类型', 'Media type'), column('width', '宽（像素）', 'Width in pixels', 'number'), column('height', '高（像素）', 'Height in pixels', 'number'),
    column('bytes', '字节数', 'Size in bytes', 'number'), column('created_at', '存入时间（UTC）', 'Stored (UTC)'),
  ],
};

/** One file for each mapping that rows were imported by; a column `source__<name>` for each column of the source, as its text was. */
export function importTable(mapping: string, sourceColumns: readonly string[]): Table {
  const name = mapping.split('/')[0] ?? mapping;
  const cells = sourceColumns.map((source, index): Column => ({
    name: `source__${source}`, kind: 'text', sql: `s${index}`, role: 'source', note: { zh: `来源表的列 ${source}`, en: `Column ${source} of the source` },
  }));
  return {
    file: `import_source__${name}.csv`, title: { zh: `导入来源：${name}`, en: `Imported rows: ${name}` }, base: 'import_row', subject: 'subject_id',
    from: `${joined('import_row')} join import_file f on f.site_id = b.site_id and f.id = b.import_file_id`,
    where: [
      `b.import_file_id in (select id from import_file where split_part(mapping, '/', 1) = ${quote(name)})`,
      'not exists (select from import_row later where later.site_id = b.site_id and later.id = b.id and later.version > b.version)',
    ],
    inner: [...keys, ['visit_id', 'b.visit_id'], ['mapping', 'f.mapping'], ['file_sha256', 'f.file_sha256'], ['line', 'b.line'], ['refused', 'b.refused::text'], ...sourceColumns.map((source, index): [string, string] => [`s${index}`, `b.cells ->> ${quote(source)}`])],
    columns: [
      siteColumn, ...subjectColumns, column('visit_id', '访视ID', 'Visit id'), column('mapping', '映射', 'Mapping'), column('file_sha256', '文件SHA-256', 'SHA-256 of the file'),
      column('line', '行号', 'Line of the file', 'number'), column('refused', '未成为数据的单元格（JSON）', 'Cells that did not become data, with why, as JSON'), ...cells,
    ],
  };
}

/** A small protocol of another tumour, over two small forms: nothing but a file says that it exists. */
import { readFileSync } from 'node:fs';
import { compileForm } from '../../../schemas/compile.ts';
import type { Data, Form } from '../../../schemas/form.ts';
import { checkProtocol, createProtocols } from '../../../schemas/protocol/protocols.ts';
import type { FindForm } from '../../../schemas/protocol/compile.ts';
import type { PreparedProtocol } from '../../../schemas/protocol/prepare.ts';
import type { RunFacts, RunRecord } from '../../../schemas/protocol/run.ts';
import { aRegistry, aStandard, aValueSet, words } from '../a-standard.ts';

type Json = { [key: string]: unknown };

const BASE = 'https://xiangya-forms.org/standards/';
const asForm = (subDataset: string, standard: Json) => ({ ...standard, $id: `${BASE}test/${subDataset}/1.0.0.json` });
const dateTime = { type: 'string', format: 'date-time' };

export const schema = JSON.parse(readFileSync(new URL('../../../standards/protocols/protocol.schema.json', import.meta.url), 'utf8')) as object;

export const excision = asForm('excision', aStandard({
  cutAt: dateTime, kind: { type: 'string', valueSet: 'kind/1.0.0' }, checked: { type: 'boolean' },
  photo: { type: 'string', refersTo: 'image' }, name: { type: 'string', maxLength: 20 },
}));
export const freezing = asForm('freezing', aStandard({
  cutAt: dateTime, frozenAt: dateTime, pieces: { type: 'integer' }, method: { type: 'string', valueSet: 'method/1.0.0' }, minutes: { type: 'integer', calculate: 'minutesBetween(cutAt, frozenAt)' },
}));
export const photograph = asForm('photograph', aStandard({
  file: { type: 'string', refersTo: 'image' }, role: { type: 'string', valueSet: 'role/1.0.0' }, sharp: { type: 'boolean' },
}));

const registry = aRegistry(excision, freezing, photograph, aValueSet('kind', ['tumour', 'skin']), aValueSet('method', ['slow', 'quick']), aValueSet('role', ['before', 'after']));
const compiled = new Map<object, Form>();
export const findForm: FindForm = ({ subDataset, version }) => {
  const standard = registry.findStandard(subDataset, version);
  if (!standard) return undefined;
  const form = compiled.get(standard) ?? compileForm(standard, registry);
  compiled.set(standard, form);
  return form;
};

export const basal: Json = {
  $schema: `${BASE}protocols/protocol.schema.json`, $id: `${BASE}protocols/basal-cell-sample/1.0.0.json`, ...words('Basal cell samples'), source: 'test',
  visit: ['operation'], lesion: 'may',
  pictures: { form: 'photograph/1.0.0', image: 'file', accepted: 'picture.sharp' },
  steps: [
    {
      id: 'excision', ...words('Excision'), form: 'excision/1.0.0', label: 'name', guide: [words('Mind the margin')],
      tasks: [
        { picture: 'before', ...words('Before'), is: { role: 'before' }, fills: 'photo' },
        { moment: 'cutAt', ...words('Cut') },
      ],
      conditions: [{ id: 'checked', ...words('Checked'), each: 'excision', assert: 'excision.checked' }],
      sheet: ['cutAt', 'kind'],
    },
    {
      id: 'freezing', ...words('Freezing'), form: 'freezing/1.0.0', after: ['excision'], carries: { cutAt: 'excision.cutAt' },
      tasks: [{ aliquots: true }, { moment: 'frozenAt', ...words('Frozen') }], sheet: ['frozenAt'],
    },
  ],
  clocks: [{
    id: 'cold', ...words('Cold'), each: 'freezing', from: 'coalesce(freezing.cutAt, excision.cutAt)', to: 'freezing.frozenAt', target: 10,
    limit: "coalesce(freezing.method, 'quick') == 'slow' ? 60 : 20", warnBefore: 5, deviation: { code: 'too-late', ...words('Too late') }, source: 'test',
  }],
  rules: [{ id: 'some', each: 'freezing', assert: 'freezing.pieces >= 1', deviation: { code: 'no-pieces', ...words('No pieces') }, source: 'test' }],
  acceptance: [{ id: 'fast', ...words('Fast'), each: 'freezing', assert: 'freezing.minutes <= 20', source: 'test' }],
  aliquots: [{ id: 'piece', each: 'freezing', ...words('Piece'), planned: 2, count: 'freezing.pieces', fields: { type: "excision.kind == 'skin' ? 'S' : 'T'" }, source: 'test' }],
  naming: {
    parts: [{ text: 'B' }, { site: 'code' }, { subject: 'studyNumber', after: '-', digits: 6 }, { text: '.', newLine: true }, { field: 'type', width: 1 }, { series: 'record', as: 'letter' }, { series: 'aliquot', as: 'number', width: 2 }],
    pattern: 'B[A-Z]{2}[0-9]{2}[0-9]{6}\\.[ST][A-Z][0-9]{2}', source: 'test',
  },
  labels: { symbol: 'qrcode', fields: ['code', 'content', 'date'], page: { width: 100, height: 60 }, columns: 2, rows: 2, left: 5, top: 5, width: 40, height: 20, across: 45, down: 25 },
};

/** The protocol with something else in it; `path` as `steps.0.form`. */
export function changed(path: string, value: unknown): Json {
  const copy = structuredClone(basal);
  const parts = path.split('.');
  const last = parts.pop() ?? '';
  const at = parts.reduce<Json>((node, part) => node[part] as Json, copy);
  if (value === undefined) delete at[last];
  else at[last] = value;
  return copy;
}

export const mistakesOf = (document: unknown) => checkProtocol(document, schema, findForm);
export const prepared = (document: Json = basal): PreparedProtocol => createProtocols([document], schema, findForm, () => 'sha').get('basal-cell-sample');

export const id = (n: number) => `01900000-0000-7000-8000-${String(n).padStart(12, '0')}`;

export const aRecord = (n: number, step: string, data: Data = {}, status: RunRecord['status'] = 'in-progress'): RunRecord => ({ id: id(n), step, status, version: 1, data, missing: {} });

/** A run at 10:00, minutes after that by `at(n)`. */
export const at = (minutes: number, seconds = 0) => `2026-05-14T${String(10 + Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}:${String(seconds).padStart(2, '0')}+08:00`;

export const facts = (changes: Partial<RunFacts> = {}): RunFacts => ({
  now: at(0), site: { code: 'XY01' }, subject: { studyNumber: 'XY01-000123' }, records: [], pictures: [], aliquots: [], taken: [], steps: {}, ...changes,
});

/** Small compiled forms for tests of the pages: what matters is their shape, the engine has its own. */
import type { Form, Item, ValueSet } from '../../../schemas/form.ts';

export const sexCodes: ValueSet = {
  id: 'sex', version: '1.0.0', title: { zh: '性别', en: 'Sex' },
  codes: [
    { code: '1', text: { zh: '男性', en: 'Male' }, status: 'active' },
    { code: '2', text: { zh: '女性', en: 'Female' }, status: 'active' },
    { code: '9', text: { zh: '未说明的性别', en: 'Not stated' }, status: 'active' },
  ],
};

const missingReason: ValueSet = {
  id: 'missing-reason', version: '1.0.0', title: { zh: '缺失原因', en: 'Missing reason' },
  codes: [
    { code: 'unknown', text: { zh: '不详', en: 'Unknown' }, status: 'active' },
    { code: 'not-done', text: { zh: '未做', en: 'Not done' }, status: 'active' },
  ],
};

export function anItem(key: string, changes: Partial<Item> = {}): Item {
  return { key, path: key, type: 'text', title: { zh: key, en: key }, required: false, identifying: 'none', concept: [], ...changes };
}

export function aForm(changes: Partial<Form> = {}): Form {
  const items = changes.items ?? [
    anItem('breslow', { type: 'number', title: { zh: 'Breslow厚度', en: 'Breslow thickness' }, unit: 'mm', minimum: 0.1, maximum: 100, decimals: 2, required: true, source: 'AJCC 8' }),
    anItem('note', { type: 'long-text', title: { zh: '备注', en: 'Note' } }),
  ];
  return {
    standard: { dataset: 'skin-cancer', subDataset: 'melanoma-staging', version: '1.0.0' },
    sha256: 'a'.repeat(64), title: { zh: '黑色素瘤分期', en: 'Melanoma staging' }, per: 'lesion',
    sections: [{ id: 'tumour', title: { zh: '原发灶', en: 'Primary tumour' }, items: items.map(({ path }) => path) }],
    items, checks: [], valueSets: { 'missing-reason/1.0.0': missingReason }, tables: {}, order: [], structure: { type: 'object' },
    ...changes,
  };
}

/** As in WS 445: some elements are bound to the patient, one is not. */
export const basicInfo = aForm({
  standard: { dataset: 'basic-information', subDataset: 'patient-basic-info', version: '1.0.0' },
  title: { zh: '患者基本信息子集', en: 'Patient basic information' }, per: 'subject',
  items: [
    anItem('patientName', { bind: 'subject.name', identifying: 'direct', title: { zh: '患者姓名', en: 'Patient name' }, maxLength: 50, required: true }),
    anItem('sexCode', { bind: 'subject.sex', type: 'code', valueSet: 'sex/1.0.0', identifying: 'quasi', title: { zh: '性别', en: 'Sex' }, required: true }),
    anItem('birthDate', { bind: 'subject.birthDate', type: 'partial-date', identifying: 'quasi', title: { zh: '出生日期', en: 'Date of birth' }, required: true }),
    anItem('identityNumber', { bind: 'subject.identityNumber', identifying: 'direct', title: { zh: '患者身份证件号码', en: 'Identity document number' }, maxLength: 18 }),
    anItem('telephone', { bind: 'subject.telephone', identifying: 'direct', title: { zh: '患者电话号码', en: 'Telephone number' }, maxLength: 20 }),
    anItem('employer', { title: { zh: '工作单位名称', en: 'Employer' } }),
  ],
  valueSets: { 'sex/1.0.0': sexCodes, 'missing-reason/1.0.0': missingReason },
});

/** A small standard with one of everything that saving must get right, beside the real ones. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createRegistry, type Registry } from '../../../schemas/registry.ts';
import { standardsFolder } from '../../../server/standards.ts';

const en = (title: string) => ({ en: { title } });

export const example = {
  $schema: 'https://xiangya-forms.org/standards/dialect.json',
  $id: 'https://xiangya-forms.org/standards/skin-cancer/example/1.0.0.json',
  title: '示例', text: en('Example'), source: 'test', per: 'any', type: 'object',
  properties: {
    patient: { title: '患者', text: en('Patient'), type: 'string', bind: 'subject.id', refersTo: 'subject' },
    name: { title: '姓名', text: en('Name'), type: 'string', bind: 'subject.name', identifying: 'direct' },
    measured: { title: '可测', text: en('Measured'), type: 'string', valueSet: 'yes-no-unknown/1.0.0' },
    breslow: { title: '厚度', text: en('Thickness'), type: 'number', minimum: 0.1, maximum: 100, multipleOf: 0.01, unit: 'mm', enableWhen: "measured == 'yes'" },
    rounded: { title: '取整', text: en('Rounded'), type: 'number', calculate: 'round(breslow, 1)' },
    note: { title: '备注', text: en('Note'), type: 'string', maxLength: 200 },
    colours: { title: '颜色', text: en('Colours'), type: 'array', items: { type: 'string', valueSet: 'lesion-colour/1.0.0' }, uniqueItems: true },
    orders: {
      title: '医嘱', text: en('Orders'), type: 'array',
      items: { type: 'object', properties: { drug: { title: '药', text: en('Drug'), type: 'string', maxLength: 50 }, dose: { title: '量', text: en('Dose'), type: 'number' } } },
    },
  },
  required: ['measured', 'breslow'],
  check: [{
    id: 'E-EXAMPLE-1', severity: 'soft', assert: 'rounded <= 50', message: '太厚', text: { en: { message: 'Very thick' } }, at: ['/breslow'], source: 'test',
  }],
  layout: { sections: [{ id: 'all', title: '全部', text: en('All'), items: ['patient', 'name', 'measured', 'breslow', 'rounded', 'note', 'colours', 'orders'] }] },
};

/** One with everything that is known elsewhere, and with people. */
export const knowing = {
  $schema: 'https://xiangya-forms.org/standards/dialect.json',
  $id: 'https://xiangya-forms.org/standards/skin-cancer/knowing/1.0.0.json',
  title: '已知', text: en('Knowing'), source: 'test', per: 'any', type: 'object',
  properties: {
    name: { title: '姓名', text: en('Name'), type: 'string', bind: 'subject.name', identifying: 'direct' },
    sex: { title: '性别', text: en('Sex'), type: 'string', valueSet: 'sex/1.0.0', bind: 'subject.sex', identifying: 'quasi' },
    marital: { title: '婚姻', text: en('Marital status'), type: 'string', valueSet: 'marital-status/1.0.0', bind: 'subject.maritalStatus', identifying: 'quasi' },
    age: { title: '年龄', text: en('Age'), type: 'integer', bind: 'subject.ageYears', identifying: 'quasi' },
    inpatient: { title: '住院号', text: en('Inpatient number'), type: 'string', bind: 'visit.inpatientNumber', identifying: 'direct' },
    bed: { title: '床号', text: en('Bed'), type: 'string', maxLength: 10, bind: 'visit.bed', identifying: 'quasi' },
    count: { title: '次数', text: en('Admissions'), type: 'integer', bind: 'visit.admissionCount', identifying: 'quasi' },
    institution: { title: '机构', text: en('Institution'), type: 'string', bind: 'site.organisationCode' },
    author: { title: '建档者', text: en('Author'), type: 'string', bind: 'person.name' },
    doctor: { title: '医生', text: en('Doctor'), type: 'string', refersTo: 'person', initial: 'person.id' },
    note: { title: '备注', text: en('Note'), type: 'string', maxLength: 200 },
    orders: {
      title: '医嘱', text: en('Orders'), type: 'array',
      items: { type: 'object', properties: { nurse: { title: '护士', text: en('Nurse'), type: 'string', refersTo: 'person' }, drug: { title: '药', text: en('Drug'), type: 'string', maxLength: 50 } } },
    },
  },
  check: [{
    id: 'W-KNOWING-1', severity: 'soft', assert: "bed != '13'", message: '十三床', text: { en: { message: 'Bed thirteen' } }, at: ['/note'], source: 'test',
  }],
  layout: { sections: [{ id: 'all', title: '全部', text: en('All'), items: ['name', 'sex', 'marital', 'age', 'inpatient', 'bed', 'count', 'institution', 'author', 'doctor', 'note', 'orders'] }] },
};

let registry: Registry | undefined;

export function standardsWithExample(): Registry {
  registry ??= createRegistry([...documents(), example, knowing], (text) => createHash('sha256').update(text).digest('hex'));
  return registry;
}

function documents(): unknown[] {
  const files = readdirSync(standardsFolder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.json') && !file.endsWith('.cases.json'));
  return files.map((file) => JSON.parse(readFileSync(join(standardsFolder, file), 'utf8')) as unknown);
}

/** The form of all that may be known of a patient, made of the standards of a release. */
import { expect, test } from 'vitest';
import { compileForm } from '../../schemas/compile.ts';
import type { StandardDocument } from '../../schemas/documents.ts';
import { identityDocument, identityField, type IdentityLayout } from '../../schemas/identity.ts';
import type { Registry } from '../../schemas/registry.ts';
import { files, registry as real } from '../standards/standards.ts';
import { aCheck, aRegistry, aStandard, aValueSet, digest, words } from './a-standard.ts';

const bound = (path: string, more: object = {}) => ({ type: 'string', bind: `subject.${path}`, ...more });
const first = aStandard({
  name: bound('name', { identifying: 'direct', maxLength: 50 }), birth: bound('birthDate', { format: 'partial-date' }), marital: bound('maritalStatus', { valueSet: 'marital/1.0.0' }),
  age: { type: 'integer', bind: 'subject.ageYears' }, insurance: { type: 'string' },
}, { required: ['name', 'insurance'], check: [aCheck("name != 'x'", ['/name']), aCheck("name != insurance", ['/name'], { id: 'E-2' }), aCheck('onOrBefore(birth, today)', ['/birth'], { id: 'E-3' })] });
const second = (more: object = {}) => ({
  ...aStandard({
    guardian: bound('guardianName', { identifying: 'direct', enableWhen: 'isEmpty(note)' }), called: bound('name', { identifying: 'direct', maxLength: 9 }), note: { type: 'string' },
    province: bound('birthplaceProvince', { identifying: 'direct' }), ...more,
  }), $id: 'https://xiangya-forms.org/standards/test/second/1.0.0.json',
});
const layout: IdentityLayout = { ...words('File'), groups: [{ id: 'who', ...words('Who'), items: ['maritalStatus', 'name', 'email'] }, { id: 'where', ...words('Where'), startingWith: ['birthplace'] }, { id: 'more', ...words('More'), startingWith: [''] }] };

function ofRelease(...standards: object[]): Registry {
  const sets = [aValueSet('marital', ['10', '20'])];
  const pins = standards.map((each) => ({ ...pinOf(each as StandardDocument), sha256: digest('x') }));
  return aRegistry(...sets, ...standards, { $id: 'https://xiangya-forms.org/standards/releases/2099.1.json', release: '2099.1', ...words('Release'), standards: pins, valueSets: [], tables: [] });
}

const pinOf = ({ $id }: StandardDocument) => {
  const [dataset = '', subDataset = '', version = ''] = $id.replace('https://xiangya-forms.org/standards/', '').replace('.json', '').split('/');
  return { dataset, subDataset, version };
};

const make = (registry: Registry) => identityDocument(registry, compileForm(first, registry), layout);

test('has each value once, under its name and in its group, as the first standard defines it', () => {
  const registry = ofRelease(first, second());
  const { document, mistakes } = make(registry);
  const form = compileForm(document, registry);
  expect(mistakes).toEqual([]);
  expect(form.sections.map(({ id, items }) => [id, items])).toEqual([['who', ['maritalStatus', 'name']], ['where', ['birthplaceProvince']], ['more', ['birthDate', 'guardianName']]]);
  expect(form.items.find(({ key }) => key === 'name')).toMatchObject({ maxLength: 50, required: true });
  expect(form.items.find(({ key }) => key === 'guardianName')?.enableWhen).toBeUndefined();
});

test('keeps only rules over what it has under the same name', () => {
  const { document } = make(ofRelease(first, second()));
  expect(document.check?.map(({ id }) => id)).toEqual(['E-1']);
});

test('says where two standards take one value for different things', () => {
  const { mistakes } = make(ofRelease(first, second({ wed: bound('maritalStatus', { valueSet: 'status/1.0.0' }) })));
  expect(mistakes).toEqual([{ pointer: 'test/second/1.0.0.json#/properties/wed', detail: 'subject.maritalStatus has another valueSet elsewhere' }]);
});

test('changes no document', () => {
  const registry = ofRelease(first, second());
  const before = JSON.stringify([first, second()]);
  make(registry);
  expect(JSON.stringify([first, second()])).toBe(before);
});

test('identityField names what is kept with the patient, and nothing that the server gives', () => {
  const paths = ['subject.name', 'subject.id', 'subject.studyNumber', 'subject.ageYears', 'subject.ageMonths', 'visit.bed', undefined];
  expect(paths.map(identityField)).toEqual(['name', undefined, undefined, undefined, undefined, undefined, undefined]);
});

test('the standards of this repository agree on every value of the patient', () => {
  const { identity } = files.get('matching.json') as { identity: IdentityLayout };
  const all = real.standards.map((ref) => real.getStandard(ref.subDataset, ref.version));
  const registry: Registry = { ...real, getRelease: () => ({ ...real.getRelease(), standards: all.map((document) => ({ ...pinOf(document), sha256: '' })) }) };
  const { document, mistakes } = identityDocument(registry, compileForm(real.getStandard('patient-basic-info'), real), identity);
  expect(mistakes).toEqual([]);
  expect(compileForm(document, registry).items.length).toBeGreaterThan(20);
});

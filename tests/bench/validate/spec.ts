/**
 * One clinical record of 40 elements, repeated for each visit up to the size asked for: as a standard for our engine, as a plain
 * JSON Schema for Ajv, and as answers. Of 40, four are calculated, five depend on another, and six rules hold between them.
 */
import type { Random } from '../../../server/demo/random.ts';
import type { Data, Value } from '../../../schemas/form.ts';

const host = 'https://xiangya-forms.org/standards';
const words = (title: string) => ({ title, text: { en: { title } } });

export const perVisit = 40;

interface Field {
  name: string;
  shape: { [keyword: string]: unknown };
  draw?: (random: Random) => Value;
  when?: string;
  calculate?: string;
}

const sets: { readonly [name: string]: readonly string[] } = {
  'bench-sex': ['female', 'male', 'unknown'], 'bench-district': ['north', 'south', 'east', 'west', 'centre'], 'bench-result': ['positive', 'negative', 'invalid', 'not-done'],
  'bench-smoker': ['never', 'former', 'current'], 'bench-lesion': ['benign', 'suspect', 'malignant', 'none'],
};

const integer = (name: string, minimum: number, maximum: number): Field => ({ name, shape: { type: 'integer', minimum, maximum }, draw: (random) => random.integer(minimum, maximum) });
const decimal = (name: string, minimum: number, maximum: number): Field => (
  { name, shape: { type: 'number', minimum, maximum, multipleOf: 0.1 }, draw: (random) => random.integer(minimum * 10, maximum * 10) / 10 }
);
const coded = (name: string, set: string): Field => ({ name, shape: { type: 'string', valueSet: `${set}/1.0.0` }, draw: (random) => random.pick(sets[set] ?? []) });
const yes = (name: string): Field => ({ name, shape: { type: 'boolean' }, draw: (random) => random.integer(0, 9) < 3 });
const text = (name: string, maxLength: number, count: number): Field => (
  { name, shape: { type: 'string', maxLength }, draw: (random) => Array.from({ length: count }, () => random.pick(['fever', 'no cough', '胸部清音', '腹软', 'stable', 'improving', '复诊'])).join(' ') }
);
const date = (name: string, from: number, to: number): Field => (
  { name, shape: { type: 'string', format: 'date' }, draw: (random) => `${random.integer(from, to)}-${String(random.integer(1, 12)).padStart(2, '0')}-${String(random.integer(1, 28)).padStart(2, '0')}` }
);
const asked = (field: Field, when: string): Field => ({ ...field, when });
const worked = (name: string, shape: Field['shape'], calculate: string): Field => ({ name, shape, calculate });

/** `@` stands for the number of the visit. */
const fields: readonly Field[] = [
  { name: 'code', shape: { type: 'string', pattern: 'P[0-9]{6}' }, draw: (random) => `P${random.integer(100_000, 999_999)}` },
  text('clinician', 60, 1), date('birthDate', 1930, 2010), coded('sex', 'bench-sex'), coded('district', 'bench-district'), yes('consent'),
  date('visitDate', 2024, 2024), worked('ageYears', { type: 'integer', minimum: 0, maximum: 120 }, 'yearsBetween(birthDate@, visitDate@)'),
  decimal('weight', 30, 140), decimal('height', 140, 200), worked('bodyMass', { type: 'number', multipleOf: 0.1 }, 'round(weight@ / (height@ / 100 * height@ / 100), 1)'),
  decimal('temperature', 34, 41), integer('pulse', 40, 160), integer('breaths', 8, 40), integer('systolic', 90, 200), integer('diastolic', 40, 89), integer('saturation', 80, 100),
  worked('pulsePressure', { type: 'integer' }, 'systolic@ - diastolic@'), worked('meanPressure', { type: 'number', multipleOf: 0.1 }, 'round(diastolic@ + pulsePressure@ / 3, 1)'),
  decimal('haemoglobin', 5, 18), decimal('leucocytes', 1, 30), integer('platelets', 50, 600), decimal('creatinine', 1, 20), decimal('glucose', 3, 20),
  coded('rapidTest', 'bench-result'), asked(text('rapidTestWhy', 100, 2), "rapidTest@ == 'invalid' || rapidTest@ == 'not-done'"),
  yes('diabetes'), yes('hypertension'), yes('asthma'), coded('smoker', 'bench-smoker'), asked(integer('smokedYears', 1, 15), "smoker@ in ['former', 'current']"),
  asked(yes('pregnant'), "sex@ == 'female' && ageYears@ < 56"), text('allergies', 200, 3), asked(text('medication', 200, 4), 'diabetes@ || hypertension@ || asthma@'),
  coded('lesion', 'bench-lesion'), asked(decimal('lesionSize', 1, 40), "lesion@ != 'none'"), text('diagnosis', 200, 3), date('followUp', 2025, 2026), text('notes', 1000, 15), yes('referred'),
];

const rules: readonly { at: string; assert: string; severity: 'hard' | 'soft' }[] = [
  { at: 'systolic', assert: 'systolic@ > diastolic@', severity: 'hard' }, { at: 'birthDate', assert: 'onOrBefore(birthDate@, visitDate@)', severity: 'hard' },
  { at: 'followUp', assert: 'daysBetween(visitDate@, followUp@) > 0', severity: 'hard' }, { at: 'saturation', assert: 'saturation@ >= 85 || breaths@ > 20 || asthma@', severity: 'soft' },
  { at: 'bodyMass', assert: 'bodyMass@ >= 12 && bodyMass@ <= 60', severity: 'soft' }, { at: 'smokedYears', assert: 'isEmpty(smokedYears@) || smokedYears@ <= ageYears@', severity: 'soft' },
];

export interface Spec {
  name: string;
  size: number;
  documents: object[];
  /** What somebody would write by hand for Ajv: types, bounds, codes, and nothing else may be there. */
  jsonSchema: object;
}

export function makeSpec(size: number): Spec {
  const visits = Array.from({ length: size / perVisit }, (_, at) => String(at + 1));
  const name = `validate-${size}`;
  const elements = visits.flatMap((visit) => fields.map((field) => [`${field.name}${visit}`, elementOf(field, visit)] as const));
  const standard = {
    $schema: `${host}/dialect.json`, $id: `${host}/skin-cancer/${name}/1.0.0.json`, ...words(name), source: 'bench', per: 'any', type: 'object',
    properties: Object.fromEntries(elements), required: visits.flatMap((visit) => fields.filter(({ calculate }) => calculate === undefined).map((field) => `${field.name}${visit}`)),
    check: visits.flatMap((visit) => rules.map(({ at, assert, severity }, i) => (
      { id: `${severity === 'hard' ? 'E' : 'W'}-V${visit}-${i}`, severity, assert: assert.replaceAll('@', visit), message: '不合理', text: { en: { message: 'Not plausible' } }, at: [`/${at}${visit}`], source: 'bench' }
    ))),
    layout: { sections: visits.map((visit) => ({ id: `visit-${visit}`, ...words(`Visit ${visit}`), items: fields.map((field) => `${field.name}${visit}`) })) },
  };
  const valueSets = Object.entries(sets).map(([set, codes]) => ({ $id: `${host}/value-sets/${set}/1.0.0.json`, ...words(set), source: 'bench', codes: codes.map((code) => ({ code, zh: code, en: code })) }));
  const properties = visits.flatMap((visit) => fields.map((field) => [`${field.name}${visit}`, plainOf(field.shape)]));
  return { name, size, documents: [standard, ...valueSets], jsonSchema: { type: 'object', properties: Object.fromEntries(properties) as object, additionalProperties: false } };
}

function elementOf({ name, shape, when, calculate }: Field, visit: string): object {
  const logic = { ...(when === undefined ? {} : { enableWhen: when.replaceAll('@', visit) }), ...(calculate === undefined ? {} : { calculate: calculate.replaceAll('@', visit) }) };
  return { ...words(`${name} ${visit}`), ...shape, ...logic, source: 'bench' };
}

function plainOf({ valueSet, multipleOf: _, pattern, ...shape }: Field['shape']): object {
  const codes = typeof valueSet === 'string' ? sets[valueSet.replace('/1.0.0', '')] : undefined;
  return { ...shape, ...(codes ? { enum: codes } : {}), ...(typeof pattern === 'string' ? { pattern: `^${pattern}$` } : {}) };
}

/** Every element answered, whether the logic asks for it or not; the caller evaluates it to drop what is off. */
export function drawAnswers({ size }: Spec, random: Random): Data {
  const visits = Array.from({ length: size / perVisit }, (_, at) => at + 1);
  return Object.fromEntries(visits.flatMap((visit) => fields.flatMap(({ name, draw }) => (draw ? [[`${name}${visit}`, draw(random)]] : []))));
}

/**
 * One logical form of any size, as a standard for our compiler and as a plain list for hand-written DOM. Ten fields a group:
 * three texts, a whole number, two choices, yes or no, a date, a decimal, and a text that is asked only while the one before reads `x`.
 */
export type FieldKind = 'text' | 'long-text' | 'integer' | 'number' | 'boolean' | 'date' | 'choice4' | 'choice8';

export interface SpecField {
  name: string;
  title: string;
  kind: FieldKind;
  isRequired: boolean;
  /** Shown while that field's text is `x`. */
  shownBy?: string;
}

export interface Spec {
  name: string;
  title: string;
  groups: { title: string; fields: SpecField[] }[];
  /** A text in the middle of the form, the one that shows another, and that other. */
  text: string;
  trigger: string;
  dependent: string;
}

const kinds: readonly FieldKind[] = ['text', 'integer', 'choice4', 'boolean', 'date', 'number', 'long-text', 'choice8', 'text', 'text'];
const titles = ['Name of specimen', 'Pulse', 'Margin', 'Consent given', 'Date of visit', 'Haemoglobin', 'Remarks', 'Referral', 'Other finding (code)', 'Describe the finding'];

export function makeSpec(count: number): Spec {
  const fields = Array.from({ length: count }, (_, at): SpecField => {
    const kind = kinds[at % 10] ?? 'text';
    return { name: `q${at}`, title: `${titles[at % 10]} ${at + 1}`, kind, isRequired: at % 10 < 2, ...(at % 10 === 9 ? { shownBy: `q${at - 1}` } : {}) };
  });
  const groups = Array.from({ length: Math.ceil(count / 10) }, (_, at) => ({ title: `Group ${at + 1}`, fields: fields.slice(at * 10, at * 10 + 10) }));
  const middle = Math.floor(groups.length / 2) * 10;
  return { name: `form-${count}`, title: `A form of ${count} fields`, groups, text: `q${middle}`, trigger: `q${middle + 8}`, dependent: `q${middle + 9}` };
}

const host = 'https://xiangya-forms.org/standards';
const english = (title: string) => ({ title, text: { en: { title } } });

/** The documents that the compiler needs for it: the standard and its two value sets. */
export function documentsOf(spec: Spec): { [member: string]: unknown }[] {
  const fields = spec.groups.flatMap((group) => group.fields);
  return [
    {
      $schema: `${host}/dialect.json`, $id: `${host}/skin-cancer/${spec.name}/1.0.0.json`, ...english(spec.title), source: 'bench', per: 'any', type: 'object',
      properties: Object.fromEntries(fields.map((field) => [field.name, elementOf(field)])),
      required: fields.filter(({ isRequired }) => isRequired).map(({ name }) => name),
      layout: { sections: spec.groups.map(({ title, fields: own }, at) => ({ id: `g${at}`, ...english(title), items: own.map(({ name }) => name) })) },
    },
    ...[4, 8].map((size) => ({
      $id: `${host}/value-sets/bench-choice${size}/1.0.0.json`, ...english(`${size} choices`), system: 'project', source: 'bench',
      codes: Array.from({ length: size }, (_, at) => ({ code: `option-${at + 1}`, zh: `选项${at + 1}`, en: `Option ${at + 1}`, source: 'bench' })),
    })),
  ];
}

function elementOf({ title, kind, shownBy }: SpecField): object {
  const shape: { readonly [K in FieldKind]: object } = {
    'text': { type: 'string', maxLength: 200 }, 'long-text': { type: 'string', maxLength: 4000, multiline: true }, 'integer': { type: 'integer', minimum: 0, maximum: 300 },
    'number': { type: 'number', minimum: 0, maximum: 30, multipleOf: 0.1 }, 'boolean': { type: 'boolean' }, 'date': { type: 'string', format: 'date' },
    'choice4': { type: 'string', valueSet: 'bench-choice4/1.0.0' }, 'choice8': { type: 'string', valueSet: 'bench-choice8/1.0.0' },
  };
  return { ...english(title), ...shape[kind], ...(shownBy === undefined ? {} : { enableWhen: `${shownBy} == 'x'` }), source: 'bench' };
}

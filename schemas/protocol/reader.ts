/** Reads the names and expressions of a protocol against the forms of its steps, and keeps what is wrong with them. */
import { BOUND_ROOTS } from '../expression/environment.ts';
import { createLanguage } from '../expression/parse.ts';
import { boundOf } from '../expression/reads.ts';
import type { Expression, Form, Item, ItemType, Text } from '../form.ts';
import { Problem, type FieldError } from '../problem.ts';
import type { FindForm } from './compile.ts';
import type { ProtocolDocument } from './protocol.ts';

export interface Reader {
  readonly mistakes: FieldError[];
  mistake(pointer: string, detail: string): void;
  form(ref: string, pointer: string): Form | undefined;
  /** A step, where one is named. */
  step(id: string | undefined, pointer: string): void;
  /** An element of a step's form, of a type where one is named. */
  element(step: string, key: string, pointer: string, type?: ItemType): Item | undefined;
  /** An element that names a thing of a kind. */
  reference(step: string, key: string, kind: 'image' | 'record', pointer: string): void;
  /** A code of a coded element. */
  code(step: string, key: string, code: string, pointer: string): void;
  /** An expression over the steps, or over the record of a picture. */
  expression(source: string, type: string, pointer: string, over?: 'picture'): Expression;
  /** Titles of the elements that the expressions read so far, by `step.element`. */
  elements(): { [path: string]: Text };
  /** An expression whose result an element can hold. */
  valueOf(step: string, key: string, source: string, pointer: string): Expression;
}

/** Stands where an expression could not be read; the mistake is told, and nothing is compiled. */
const nothing: Expression = { source: '', tree: { op: 'value', value: false }, reads: [] };
const types: { readonly [type in ItemType]?: string } = { integer: 'double', number: 'double', boolean: 'bool', codes: 'list<string>' };

export function createReader(document: ProtocolDocument, findForm: FindForm): Reader {
  const mistakes: FieldError[] = [];
  const mistake = (pointer: string, detail: string) => void mistakes.push({ pointer, detail });
  const forms = new Map<string, Form | undefined>();
  const formOf = (ref: string): Form | undefined => {
    if (!forms.has(ref)) forms.set(ref, find(findForm, ref));
    return forms.get(ref);
  };
  const formOfStep = (id: string) => {
    const ref = id === 'picture' ? document.pictures?.form : document.steps.find((step) => step.id === id)?.form;
    return ref === undefined ? undefined : formOf(ref);
  };
  const steps = document.steps.map(({ id }) => id);
  const elements: { [path: string]: Text } = {};
  const language = languageOver(steps, formOfStep);
  const ofPicture = languageOver(['picture'], formOfStep);
  for (const [i, id] of steps.entries()) {
    if (id === 'picture' || id === 'today' || BOUND_ROOTS.some((root) => root === id)) mistake(`/steps/${i}/id`, `'${id}' is the name of something else in expressions`);
  }

  const element: Reader['element'] = (step, key, pointer, type) => {
    const form = formOfStep(step);
    const item = form?.items.find((each) => each.key === key);
    // Of a form that is missing every element is; that the form is missing is told once.
    if (form && !item) mistake(pointer, `The form of the step has no element '${key}'`);
    if (item && type && item.type !== type) mistake(pointer, `'${key}' is of another type than ${type}`);
    return item;
  };
  const expression: Reader['expression'] = (source, type, pointer, over) => {
    const parsed = (over ? ofPicture : language).parse(source, type);
    for (const detail of parsed.mistakes ?? []) {
      // Again: what an unknown form would have is not known.
      if (!(/^Unknown name/.test(detail) && [...forms.values()].includes(undefined))) mistake(pointer, detail);
    }
    for (const path of parsed.expression ? boundOf(parsed.expression.tree) : []) {
      const [step = '', key] = path.split('.');
      const title = formOfStep(step)?.items.find((item) => item.key === key)?.title;
      if (title) elements[path] = title;
    }
    return parsed.expression ?? nothing;
  };
  return {
    mistakes, mistake, element, expression, elements: () => elements,
    form(ref, pointer) {
      const form = formOf(ref);
      if (!form) mistake(pointer, `There is no standard '${ref}', or it has mistakes`);
      return form;
    },
    step(id, pointer) {
      if (id !== undefined && !steps.includes(id)) mistake(pointer, `There is no step '${id}'`);
    },
    reference(step, key, kind, pointer) {
      const item = element(step, key, pointer);
      if (item && item.refersTo !== kind) mistake(pointer, `'${key}' does not name ${kind === 'image' ? 'a picture' : 'a record'}`);
    },
    code(step, key, code, pointer) {
      const item = element(step, key, pointer, 'code');
      const codes = item?.valueSet === undefined ? undefined : formOfStep(step)?.valueSets[item.valueSet]?.codes;
      if (codes && !codes.some((each) => each.code === code)) mistake(pointer, `'${code}' is not a code of ${item?.valueSet}`);
    },
    valueOf(step, key, source, pointer) {
      const item = element(step, key, pointer);
      return item ? expression(source, types[item.type] ?? 'string', pointer) : nothing;
    },
  };
}

/** The elements of the forms as `step.element`; rows of a repeat have no place in a protocol. */
function languageOver(roots: readonly string[], formOf: (root: string) => Form | undefined) {
  const bound = new Map(roots.flatMap((root) => (formOf(root)?.items ?? []).filter(({ type }) => type !== 'repeat').map(({ key, type }) => [`${root}.${key}`, type] as const)));
  return createLanguage({ items: [], bound, tables: new Map(), roots });
}

function find(findForm: FindForm, ref: string): Form | undefined {
  const [subDataset = '', version = ''] = ref.split('/');
  try {
    return findForm({ subDataset, version });
  } catch (error) {
    if (error instanceof Problem) return undefined;
    throw error;
  }
}

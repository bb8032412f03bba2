/** Which known values a form shows or its expressions read, found once: a form without any costs nothing more. */
import { walk } from '../../schemas/expression/reads.ts';
import type { Expression, Form, Item } from '../../schemas/form.ts';
import { identityField } from '../../schemas/identity.ts';
import type { Registry } from '../../schemas/registry.ts';
import { isColumn } from './identity.ts';

export interface Needs {
  /** Sealed keys of the subject. */
  facts: readonly string[];
  /** Whether anything of the visit is asked that is sealed. */
  visit: boolean;
  age: boolean;
  personName: boolean;
  /** Paths that identify the patient directly. */
  direct: ReadonlySet<string>;
}

const known = new WeakMap<Form, Needs>();
/** In the visit's own row. */
const plainOfVisit = new Set(['visit.id', 'visit.kind', 'visit.date']);

export function needsOf(form: Form, { boundValues }: Pick<Registry, 'boundValues'>): Needs {
  const made = known.get(form);
  if (made) return made;
  const paths = pathsOf(form);
  const isDirect = (path: string) => boundValues.get(path)?.identifying === 'direct' || form.items.some(({ bind, identifying }) => bind === path && identifying === 'direct');
  const needs: Needs = {
    facts: paths.flatMap((path) => identityField(path) ?? []).filter((key) => !isColumn(key)),
    visit: paths.some((path) => path.startsWith('visit.') && !plainOfVisit.has(path)),
    age: paths.includes('subject.ageYears') || paths.includes('subject.ageMonths'),
    personName: paths.includes('person.name'),
    direct: new Set(paths.filter(isDirect)),
  };
  known.set(form, needs);
  return needs;
}

function pathsOf({ items, checks }: Form): string[] {
  const all = items.flatMap((item) => [item, ...(item.items ?? [])]);
  const expressions = [...checks.map(({ assert }) => assert), ...all.flatMap((item) => expressionsOf(item))];
  const read = expressions.flatMap(({ tree }) => walk(tree)).flatMap((node) => (node.op === 'bound' ? [node.path] : []));
  return [...new Set([...items.flatMap(({ bind }) => bind ?? []), ...read])];
}

const expressionsOf = ({ enableWhen, calculate, checks = [] }: Item): Expression[] =>
  [enableWhen, calculate, ...checks.map(({ assert }) => assert)].filter((expression) => expression !== undefined);

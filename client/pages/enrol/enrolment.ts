/** The form that enrols: of the standard on patients, the elements that are kept with the patient and not in a record. */
import type { Data, Form, Value } from '../../../schemas/form.ts';

const given = new Set(['subject.id', 'subject.studyNumber']);
const isKept = (bind: string | undefined): bind is string => bind?.startsWith('subject.') === true && !given.has(bind);

/** Their `bind` is gone, so they can be typed; rules that need other elements stay behind. The input is not changed. */
export function enrolmentForm(form: Form): Form {
  const items = form.items.filter(({ bind }) => isKept(bind)).map(({ bind: _, ...item }) => item);
  const keys = new Set(items.map(({ path }) => path));
  return {
    ...form,
    items,
    sections: form.sections.map((section) => ({ ...section, items: section.items.filter((path) => keys.has(path)) })).filter(({ items: inside }) => inside.length > 0),
    checks: form.checks.filter(({ assert }) => assert.reads.every((key) => keys.has(key))),
    order: form.order.filter((path) => keys.has(path)),
  };
}

/** What is sent: the answered elements, by key. */
export function identityOf(data: Data): { [key: string]: Value } {
  const answered = Object.entries(data).filter((entry): entry is [string, Value] => entry[1] !== undefined && !(Array.isArray(entry[1]) && typeof entry[1][0] === 'object'));
  return Object.fromEntries(answered);
}

/** What differs between the answers of before and of now: the new value, null where one was taken away. */
export function identityChanges(form: Form, before: Data, now: Data): { [key: string]: Value | null } {
  const [old, next] = [identityOf(before), identityOf(now)];
  return Object.fromEntries(form.items.flatMap(({ key }) => (old[key] === next[key] ? [] : [[key, next[key] ?? null] as const])));
}

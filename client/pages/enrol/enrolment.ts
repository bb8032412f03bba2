/** The form that says who a patient is, to be typed into: whole, or the part that is asked when somebody is enrolled. */
import type { Data, Form, Value } from '../../../schemas/form.ts';

/** Their `bind` is gone, so they can be typed; rules that need other elements stay behind. The input is not changed. */
export function enrolmentForm(form: Form, asked: readonly string[] = form.items.map(({ key }) => key)): Form {
  const items = form.items.filter(({ key, bind }) => bind !== undefined && asked.includes(key)).map(({ bind: _, ...item }) => item);
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

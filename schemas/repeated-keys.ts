/** Finds keys that stand twice in one object of a JSON text: `JSON.parse` keeps the last and says nothing. */
import type { FieldError } from './problem.ts';

const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]/g;

/** Pointers to the second standing. The text must be JSON. */
export function repeatedKeys(text: string): FieldError[] {
  const found: FieldError[] = [];
  /** The objects and lists around the place that is read: the keys so far and the newest, or the index. */
  const around: { keys?: Set<string>; at: string | number }[] = [];
  let isKey = false;
  for (const [token] of text.matchAll(TOKEN)) {
    const place = around.at(-1);
    if (token === '{' || token === '[') {
      around.push(token === '{' ? { keys: new Set(), at: '' } : { at: 0 });
      isKey = token === '{';
    } else if (token === '}' || token === ']') {
      around.pop();
      isKey = false;
    } else if (token === ',') {
      isKey = place?.keys !== undefined;
      if (typeof place?.at === 'number') place.at++;
    } else if (token === ':') isKey = false;
    else if (isKey && place?.keys) {
      place.at = JSON.parse(token) as string;
      if (place.keys.has(place.at)) found.push({ pointer: around.map(({ at }) => `/${at}`).join(''), detail: 'The key stands twice in one object' });
      place.keys.add(place.at);
    }
  }
  return found;
}

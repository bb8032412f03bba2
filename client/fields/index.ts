/** The field types. The highest rank draws an item; a new type is one more line. */
import type { Item } from '../../schemas/form.ts';
import { booleanField } from './boolean.ts';
import { codeField, codesField } from './code.ts';
import { dateField } from './date.ts';
import type { Field } from './field.ts';
import { imageField } from './image.ts';
import { numberField } from './number.ts';
import { personField, personShownField } from './person.ts';
import { referenceField } from './reference.ts';
import { boundField, calculatedField, readonlyField } from './shown.ts';
import { longTextField, textField } from './text.ts';

export const fields: readonly Field[] = [
  textField, longTextField, numberField, booleanField, dateField, codeField, codesField, referenceField, personField, personShownField,
  readonlyField, calculatedField, imageField, boundField,
];

/** The field that draws this item; a type that nobody claims is drawn as text, so that nothing is ever hidden. */
export function fieldFor(item: Item, isReadonly: boolean): Field {
  let [best, top] = [isReadonly ? readonlyField : textField, 0];
  for (const field of fields) {
    const rank = field.rank(item, isReadonly);
    if (rank > top) [best, top] = [field, rank];
  }
  return best;
}

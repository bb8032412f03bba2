/** Where an element's value comes from: bound, calculated, started with, or typed. What contradicts itself there is a mistake. */
import type { Element } from '../documents.ts';
import type { ItemType } from '../form.ts';
import type { Registry } from '../registry.ts';

/** Keyword and what is wrong with it. */
type Mistake = [keyword: string, detail: string];

export function valueMistakes(element: Element, type: ItemType | undefined, registry: Registry): Mistake[] {
  return [...bindMistakes(element, type, registry), ...initialMistakes(element, type), ...typedIdentifier(element)];
}

function bindMistakes({ bind, calculate }: Element, type: ItemType | undefined, { boundValues }: Registry): Mistake[] {
  if (bind === undefined) return [];
  if (calculate !== undefined) return [['bind', 'A calculated element cannot be bound']];
  const known = boundValues.get(bind);
  if (!known) return [['bind', `Unknown value '${bind}': bound-values.json does not have it`]];
  return type === undefined || isAlike(known.type, type) ? [] : [['bind', `'${bind}' is of type ${known.type}, the element of type ${type}`]];
}

/** Codes and texts are both texts; a whole number may be shown as a number. */
function isAlike(known: ItemType, type: ItemType): boolean {
  const texts: readonly ItemType[] = ['text', 'long-text', 'code'];
  return known === type || (texts.includes(known) && texts.includes(type)) || (known === 'integer' && type === 'number');
}

function initialMistakes({ initial, bind, calculate, refersTo }: Element, type: ItemType | undefined): Mistake[] {
  if (initial === undefined) return [];
  if (bind !== undefined || calculate !== undefined) return [['initial', 'What is bound or calculated starts with its own value']];
  if (initial === 'person.id' && refersTo !== 'person') return [['initial', "'person.id' is for an element that refers to a person"]];
  if (initial === 'today' && type !== 'date' && type !== 'partial-date') return [['initial', "'today' is for dates"]];
  return [];
}

/** A record holds no name in clear: what identifies directly comes from the patient's own, encrypted record, or is a file. */
function typedIdentifier({ identifying, bind, capture, calculate, refersTo }: Element): Mistake[] {
  if (identifying !== 'direct' || bind !== undefined || capture !== undefined || refersTo === 'person') return [];
  return [['identifying', calculate === undefined
    ? 'A direct identifier must be bound, or refer to a person of the network; a number of the institution itself is none, so leave the keyword out'
    : 'A direct identifier cannot be calculated into a record']];
}

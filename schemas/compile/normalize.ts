/** Second phase: elements become items with one type each; keywords that do not fit the type are mistakes. Expressions are still text. */
import type { CheckText, Element, StandardDocument } from '../documents.ts';
import { textOf } from '../documents.ts';
import type { Item, ItemType } from '../form.ts';
import type { FieldError } from '../problem.ts';
import type { Registry } from '../registry.ts';
import { decimalsOf } from '../decimal.ts';
import { patternMistake, withoutAnchors } from './pattern.ts';
import { valueMistakes } from './sources.ts';
import { versionsBeside } from './unknown.ts';

/** An item whose expressions are not parsed yet. */
export interface DraftItem extends Omit<Item, 'enableWhen' | 'calculate' | 'items' | 'checks'> {
  /** Where it stands in the standard. */
  pointer: string;
  enableWhen?: string;
  calculate?: string;
  items?: DraftItem[];
  rowChecks?: CheckText[];
}

/** Keys that mean something else: in an expression, in a row, in CEL, or on every JavaScript object. */
const RESERVED = new Set([
  'today', 'subject', 'visit', 'site', 'person', 'rowId',
  ...['true', 'false', 'null', 'in', 'as', 'break', 'const', 'continue', 'else', 'for', 'function', 'if', 'import', 'let', 'loop'],
  ...['package', 'namespace', 'return', 'var', 'void', 'while', 'cel', 'google', 'type', 'dyn', 'bool', 'string', 'int', 'uint', 'double', 'bytes', 'list', 'map', 'optional'],
  ...Object.getOwnPropertyNames(Object.prototype),
]);

/** Items of a resolved standard, in the order of its properties. */
export function normalize(document: StandardDocument, registry: Registry): { items: DraftItem[]; mistakes: FieldError[] } {
  const mistakes: FieldError[] = [];
  const reader = new ElementReader(registry, mistakes);
  const items = Object.entries(document.properties).map(([key, element]) => reader.read(key, element, document.required ?? [], `/properties/${key}`));
  reader.checkRequired(document.required ?? [], document.properties, '/required');
  return { items, mistakes };
}

class ElementReader {
  readonly #registry: Registry;
  readonly #mistakes: FieldError[];

  constructor(registry: Registry, mistakes: FieldError[]) {
    this.#registry = registry;
    this.#mistakes = mistakes;
  }

  read(key: string, element: Element, required: readonly string[], pointer: string, repeat?: string): DraftItem {
    const type = typeOf(element);
    const report = (keyword: string, detail: string) => this.#mistakes.push({ pointer: keyword ? `${pointer}/${keyword}` : pointer, detail });
    if (!element.title) report('', 'Has no title');
    if (!element.text?.en.title) report('', 'Has no English title (text.en.title)');
    if (!type) report('', 'Has no type');
    if (RESERVED.has(key)) report('', `'${key}' is a reserved name`);
    for (const keyword of misfits(element, type)) report(keyword, `Has no meaning for ${type ?? 'an element without type'}`);
    for (const [keyword, detail] of valueMistakes(element, type, this.#registry)) report(keyword, detail);
    // The meta-schema forbids these in a row; here they may come in by a $ref.
    if (repeat !== undefined && (type === 'repeat' || element.bind !== undefined || element.capture !== undefined)) report('', 'A row holds neither rows nor what is bound or captured');
    if (element.minimum !== undefined && element.maximum !== undefined && element.minimum > element.maximum) report('maximum', 'Is below the minimum');
    const valueSet = element.valueSet ?? (element.items?.type === 'string' ? element.items.valueSet : undefined);
    if (valueSet !== undefined && !this.#registry.findValueSet(valueSet)) {
      report(element.valueSet === undefined ? 'items/valueSet' : 'valueSet', `Unknown value set '${valueSet}'${versionsBeside(valueSet, this.#registry.valueSetRefs)}`);
    }
    const mistake = element.pattern === undefined ? undefined : patternMistake(withoutAnchors(element.pattern));
    if (mistake) report('pattern', mistake);
    if (element.multipleOf !== undefined && !/^(?:1|0\.0*1|1e-\d+)$/.test(String(element.multipleOf))) report('multipleOf', 'Must be 1, 0.1, 0.01, …');
    const base = { key, path: repeat === undefined ? key : `${repeat}/${key}`, pointer, type: type ?? 'text', required: required.includes(key), valueSet };
    return this.#withDetails(base, element);
  }

  #withDetails({ valueSet, ...base }: Pick<DraftItem, 'key' | 'path' | 'pointer' | 'type' | 'required'> & { valueSet: string | undefined }, element: Element): DraftItem {
    const { description, unit, minimum, maximum, maxLength, refersTo, capture, bind, initial, display, enableWhen, calculate, source } = element;
    const item: DraftItem = { ...base, title: textOf(element), identifying: element.identifying ?? 'none', concept: element.concept ?? [] };
    if (description !== undefined) item.description = { zh: description, en: element.text?.en.description ?? description };
    if (element.multipleOf !== undefined && base.type === 'number') item.decimals = decimalsOf(element.multipleOf);
    if (element.pattern !== undefined) item.pattern = withoutAnchors(element.pattern);
    if (element.element !== undefined) item.element = element.element;
    const rest = { unit, minimum, maximum, maxLength, valueSet, refersTo, capture, bind, initial, display, enableWhen, calculate, source };
    for (const [name, value] of Object.entries(rest)) if (value !== undefined) Object.assign(item, { [name]: value });
    if (base.type === 'repeat' && element.items?.type === 'object') {
      item.items = this.#columns(base, element.items);
      if (element.items.check) item.rowChecks = element.items.check;
    }
    return item;
  }

  #columns(repeat: { key: string; pointer: string }, { properties = {}, required = [] }: { properties?: { [key: string]: Element }; required?: string[] }): DraftItem[] {
    const pointer = `${repeat.pointer}/items`;
    if (Object.keys(properties).length === 0) this.#mistakes.push({ pointer, detail: 'A row has no elements' });
    this.checkRequired(required, properties, `${pointer}/required`);
    return Object.entries(properties).map(([key, element]) => this.read(key, element, required, `${pointer}/properties/${key}`, repeat.key));
  }

  checkRequired(required: readonly string[], properties: { [key: string]: Element }, pointer: string): void {
    for (const [i, key] of required.entries()) if (!Object.hasOwn(properties, key)) this.#mistakes.push({ pointer: `${pointer}/${i}`, detail: `Unknown element '${key}'` });
  }
}

function typeOf(element: Element): ItemType | undefined {
  switch (element.type) {
    case 'integer': case 'number': case 'boolean': return element.type;
    case 'array': return element.items?.type === 'object' ? 'repeat' : element.items?.valueSet !== undefined ? 'codes' : undefined;
    case 'string':
      if (element.capture) return 'image';
      if (element.refersTo !== undefined) return 'reference';
      if (element.valueSet !== undefined) return 'code';
      return element.format ?? (element.multiline ? 'long-text' : 'text');
    default: return undefined;
  }
}

/** Keywords of an element that say nothing about its type. */
function misfits(element: Element, type: ItemType | undefined): string[] {
  const allowed: { [keyword: string]: readonly ItemType[] } = {
    format: ['date', 'partial-date', 'time', 'date-time'],
    maxLength: ['text', 'long-text'],
    pattern: ['text', 'long-text'],
    multiline: ['long-text'],
    display: ['repeat'],
    initial: ['reference', 'date', 'partial-date'],
    minimum: ['integer', 'number'],
    maximum: ['integer', 'number'],
    multipleOf: ['integer', 'number'],
    unit: ['integer', 'number'],
    valueSet: ['code'],
    items: ['codes', 'repeat'],
    uniqueItems: ['codes'],
    refersTo: ['reference', 'image'],
    capture: ['image'],
    calculate: ['text', 'long-text', 'integer', 'number', 'boolean', 'date', 'partial-date', 'time', 'date-time', 'code', 'codes'],
  };
  return Object.keys(allowed).filter((keyword) => keyword in element && !(type && allowed[keyword]?.includes(type)));
}

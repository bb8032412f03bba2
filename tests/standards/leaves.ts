/** The data elements of a standard one by one: those of its rows too, each as it applies, with what is asked of it. */
import type { Element, StandardDocument } from '../../schemas/documents.ts';
import { registry } from './standards.ts';

export interface Leaf {
  key: string;
  /** What `common/` says, overridden by the element's own keywords; null has removed a keyword. */
  element: Element;
  /** Key of the repeat whose column it is. */
  repeat: string | undefined;
  /** Whether a record, or a row, must answer it. */
  asked: false | 'always' | 'under a condition';
}

export function leavesOf(document: StandardDocument): Leaf[] {
  return Object.entries(document.properties).flatMap(([key, element]) => {
    if (element.items?.type !== 'object') return [leafOf(key, element, document.required)];
    const { properties = {}, required } = element.items;
    return Object.entries(properties).map(([column, each]) => leafOf(column, each, required, key));
  });
}

function leafOf(key: string, own: Element, required: readonly string[] = [], repeat?: string): Leaf {
  const whole = own.$ref === undefined ? own : { ...registry.findElement(own.$ref), ...own };
  const element = Object.fromEntries(Object.entries(whole).filter(([, value]) => value !== null)) as Element;
  const asked = required.includes(key) && (element.enableWhen === undefined ? 'always' : 'under a condition');
  return { key, element, repeat, asked };
}

/** The id of its element in WS 445; elements that this project has added have none. */
export function idOf({ element }: Leaf): string | undefined {
  const { HDSD, DE } = element.element ?? {};
  return HDSD === undefined || DE === undefined ? undefined : `${HDSD} ${DE}`;
}

/**
 * What a field type is. It draws a control from what it is given and says what the control holds after an `input`
 * event; it keeps no state. Changes, keys, findings and reasons are the form's (`elements/form/`).
 */
import type { Item, Pointer, Value, ValueSet } from '../../schemas/form.ts';
import type { Language, Translate } from '../text/index.ts';
import type { CodeSource } from './code-finder.ts';
import type { Option } from './option.ts';
import type { PeopleSource } from './person-finder.ts';
import type { Reading } from './parse/reading.ts';

export interface FieldView {
  item: Item;
  pointer: Pointer;
  /** Id of the control; its label is `<id>-l`. */
  id: string;
  title: string;
  value: Value | undefined;
  /** What was typed, shown as it is: it is still being typed, or could not be read. */
  typed: string | undefined;
  /** Codes or entities to choose from, in order. */
  options: readonly Option[];
  /** The value set of codes, and where more of its codes are when it is open. */
  set: ValueSet | undefined;
  codes: CodeSource | undefined;
  /** Who may be named, for references to people. */
  people: PeopleSource | undefined;
  /** Titles of the items that a calculated value comes from, and of those it still waits for. */
  inputs: readonly string[];
  waiting: readonly string[];
  /** Text of a bound value as the page knows it; `isWithheld` when there is one that this person may not see. */
  shown: string | undefined;
  isWithheld: boolean;
  /** Of a bound value that is not known: this person may add it where it is kept. */
  isAddable: boolean;
  isInvalid: boolean;
  isReadonly: boolean;
  /** Ids of the texts that describe the control: unit, findings. */
  describedBy: string | undefined;
  language: Language;
  t: Translate;
}

export interface Field {
  /** How well it draws this item; the highest draws, 0 never. */
  rank(item: Item, isReadonly: boolean): number;
  /** Anything that Lit can draw. */
  render(view: FieldView): unknown;
  /** What the control says now; absent for what is only shown, and for parts that send a CrfPickEvent. */
  read?(control: HTMLInputElement | HTMLTextAreaElement, view: FieldView): Reading<Value>;
  /** Text is typed into it: it is rewritten in canonical form only when the person leaves it. */
  isTyped?: boolean;
  /** Several controls under one heading, or something that no `<label>` may point at. */
  isGroup?(view: FieldView): boolean;
}

/** The values of a field of codes, or of one code. */
export const chosenOf = (value: Value | undefined): readonly string[] =>
  typeof value === 'string' ? [value] : Array.isArray(value) ? value : [];

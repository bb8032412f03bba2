/** What each place of the form is drawn from: the state, the item, and what the page gave — gathered here, drawn by `item.ts` and `repeat.ts`. */
import { nothing } from 'lit';
import type { Code, Context, Item, Pointer, Value } from '../../../schemas/form.ts';
import { pathOf } from '../../controllers/origins.ts';
import type { FormState } from '../../controllers/form-state.ts';
import type { CodeSource } from '../../fields/code-finder.ts';
import { fieldFor } from '../../fields/index.ts';
import type { Field } from '../../fields/field.ts';
import { codeOptions, entityOptions } from '../../fields/option.ts';
import type { Entity, Option } from '../../fields/option.ts';
import type { PeopleSource } from '../../fields/person-finder.ts';
import { words } from '../../text/index.ts';
import type { Language, Translate } from '../../text/index.ts';
import { drawItem, findingList } from './item.ts';
import type { ItemView } from './item.ts';
import { reasonsOf } from './missing-menu.ts';
import { drawRepeat } from './repeat.ts';

/** What the page gave the form. */
export interface Given {
  language: Language;
  readonly: boolean;
  entities: readonly Entity[];
  codes: CodeSource | undefined;
  people: PeopleSource | undefined;
  /** Whether what is bound to a path, and not known, may be added by this person. */
  mayAdd: ((path: string) => boolean) | undefined;
  displayValues: { readonly [path: string]: string };
  withheld: readonly string[];
  context: Context | undefined;
}

const NONE: readonly never[] = [];

export class ItemViews {
  /** Where the menu of reasons is open, and the row whose removal is being asked about. */
  reasonsAt: Pointer | undefined;
  askedRow: string | undefined;
  readonly #given: Given;
  readonly #place: (pointer: Pointer) => unknown;
  #state: FormState | undefined;
  #t: Translate = words('zh');
  #reasons: readonly Code[] = NONE;
  readonly #fields = new Map<string, Field>();
  readonly #options = new Map<string, readonly Option[]>();

  /** `place` gives the part of the page where an item of a row is drawn. */
  constructor(given: Given, place: (pointer: Pointer) => unknown) {
    this.#given = given;
    this.#place = place;
  }

  /** Another form, language or set of entities: nothing that was gathered holds. */
  reset(state: FormState): void {
    this.#state = state;
    this.#t = words(this.#given.language);
    this.#reasons = reasonsOf(state.prepared.form);
    this.#fields.clear();
    this.#options.clear();
    this.reasonsAt = this.askedRow = undefined;
  }

  /** The place that is drawn when this one changes: a row is drawn by its repeat. */
  placeOf(pointer: Pointer): Pointer {
    const [key = '', rowId, column] = pointer.split('/').slice(1);
    return rowId !== undefined && column === undefined ? `/${key}` : pointer;
  }

  draw(pointer: Pointer): unknown {
    const item = this.#state?.item(pointer);
    if (!item || !this.#state?.isEnabled(pointer)) return nothing;
    return item.type === 'repeat' ? this.#drawRepeat(item, pointer) : drawItem(this.#viewOf(item, pointer));
  }

  view(pointer: Pointer): ItemView | undefined {
    const item = this.#state?.item(pointer);
    return item && item.type !== 'repeat' ? this.#viewOf(item, pointer) : undefined;
  }

  #viewOf(item: Item, pointer: Pointer): ItemView {
    const state = this.#state as FormState;
    const { language, readonly, withheld } = this.#given;
    const id = idOf(pointer);
    const findings = state.findings(pointer);
    const unread = state.unread(pointer);
    const missing = state.missing(pointer);
    const value = item.bind ? this.#bound(item.bind) : state.value(pointer);
    const hasFindings = findings.length > 0 || unread !== undefined;
    const isDescribed = hasFindings || missing !== undefined || item.unit !== undefined;
    return {
      item, pointer, id, value, findings, unread, language, isReadonly: readonly, t: this.#t,
      title: item.title[language],
      field: this.#fieldOf(item),
      typed: state.typed(pointer)?.text,
      options: this.#optionsOf(item),
      set: item.valueSet === undefined ? undefined : state.prepared.form.valueSets[item.valueSet],
      codes: this.#given.codes,
      people: this.#given.people,
      inputs: item.calculate ? this.#titles(state.origins.inputs(item.path)) : NONE,
      waiting: item.calculate && value === undefined ? this.#titles(state.waitingFor(pointer)) : NONE,
      shown: item.bind ? this.#given.displayValues[item.bind] : undefined,
      isWithheld: item.bind !== undefined && withheld.includes(item.bind),
      isAddable: item.bind !== undefined && !readonly && this.#given.mayAdd?.(item.bind) === true,
      isInvalid: unread !== undefined || findings.some(({ severity }) => severity === 'hard'),
      describedBy: isDescribed ? describing(id, item, hasFindings, missing !== undefined) : undefined,
      reason: missing === undefined ? undefined : this.#reasonOf(missing),
      reasons: this.reasonsAt === pointer ? this.#reasons : undefined,
    };
  }

  #drawRepeat(item: Item, pointer: Pointer) {
    const state = this.#state as FormState;
    const view = this.#viewOf(item, pointer);
    return drawRepeat({
      item, pointer, id: view.id, title: view.title, rows: state.rows(pointer), isReadonly: view.isReadonly,
      asked: this.askedRow, t: this.#t, part: this.#place, findings: findingList(view), reason: nothing,
    });
  }

  #bound(path: string): Value | undefined {
    return this.#given.context?.bound?.[path];
  }

  #fieldOf(item: Item): Field {
    const known = this.#fields.get(item.path);
    if (known) return known;
    const field = fieldFor(item, this.#given.readonly);
    this.#fields.set(item.path, field);
    return field;
  }

  #optionsOf(item: Item): readonly Option[] {
    const isEntity = item.type === 'reference' || item.type === 'image';
    const ref = isEntity ? `entity:${item.refersTo ?? 'image'}` : item.valueSet;
    if (ref === undefined) return NONE;
    const known = this.#options.get(ref);
    if (known) return known;
    const set = this.#state?.prepared.form.valueSets[ref];
    const options = isEntity ? entityOptions(this.#given.entities, item.refersTo ?? 'image') : set ? codeOptions(set, this.#given.language, this.#t) : NONE;
    this.#options.set(ref, options);
    return options;
  }

  #titles(paths: readonly string[]): readonly string[] {
    return paths.flatMap((path) => this.#state?.prepared.item(path)?.title[this.#given.language] ?? []);
  }

  #reasonOf(code: string): Code {
    return this.#reasons.find((reason) => reason.code === code) ?? { code, text: { zh: code, en: code }, status: 'retired' };
  }
}

/** An id that a label and a description can point at; keys are letters and digits. */
export const idOf = (pointer: Pointer) => `f${pointer.replaceAll('/', '-')}`;

/** The path of a pointer's item, for names in lists. */
export const titleOf = (state: FormState, pointer: Pointer, language: Language) => state.prepared.item(pathOf(pointer))?.title[language] ?? pointer;

function describing(id: string, item: Item, hasFindings: boolean, isExcused: boolean): string | undefined {
  const hasUnit = item.unit !== undefined && !item.calculate && (item.type === 'number' || item.type === 'integer');
  return [hasUnit ? `${id}-u` : '', hasFindings ? `${id}-f` : '', isExcused ? `${id}-m` : ''].filter(Boolean).join(' ') || undefined;
}

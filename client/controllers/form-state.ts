/**
 * A form on the screen: the engine's session, and what only a screen knows — text that is still being typed or could not be
 * read, which findings are due to be shown, how far each section is. It tells what to draw again; it draws nothing.
 */
import { v7 as uuid } from 'uuid';
import type { Answers, Context, Finding, Form, Item, Pointer, Row, Value } from '../../schemas/form.ts';
import type { Change } from '../../schemas/http/api.ts';
import { prepareForm } from '../../schemas/prepare.ts';
import type { FormSession, PreparedForm, SessionUpdate, StructureCheck } from '../../schemas/prepare.ts';
import { originsOf, pathOf, pointerFrom } from './origins.ts';
import type { Origins } from './origins.ts';
import { ProgressCount } from './progress.ts';

/** Text in a box that is not (yet) the value: `unread` names why it cannot be one. */
export interface Typed<Why extends string = string> { text: string; unread?: Why }

export interface FormStateListener {
  /** These places may look different now. */
  touched(pointers: readonly Pointer[]): void;
  /** A person, or a capture, changed this place. */
  changed(change: Change): void;
}

/** The counts of the line at the foot of the form. */
export interface Summary { hard: number; soft: number; unanswered: number }

/** Without a structure check only the rules of the form are checked. */
export const prepare = (form: Form, check: StructureCheck | undefined): PreparedForm => prepareForm(form, check ?? (() => []));

export class FormState {
  readonly prepared: PreparedForm;
  readonly origins: Origins;
  readonly progress: ProgressCount;
  readonly #session: FormSession;
  readonly #listener: FormStateListener;
  readonly #typed = new Map<Pointer, Typed>();
  readonly #findings = new Map<Pointer, readonly Finding[]>();
  #typing: { pointer: Pointer; before: ReadonlySet<string> } | undefined;
  #asksRequired = false;

  constructor(prepared: PreparedForm, answers: Answers, context: Context, listener: FormStateListener, kept?: FormState) {
    this.prepared = prepared;
    this.origins = originsOf(prepared);
    this.#listener = listener;
    this.#session = prepared.open(answers, context);
    for (const finding of this.#session.evaluation().findings) {
      this.#findings.set(finding.pointer, [...(this.#findings.get(finding.pointer) ?? []), finding]);
    }
    this.progress = new ProgressCount(prepared.form, (pointer) => this.#progressOf(pointer));
    if (kept) this.#takeOver(kept);
  }

  item(pointer: Pointer): Item | undefined {
    return this.prepared.item(pathOf(pointer));
  }

  value = (pointer: Pointer): Value | undefined => this.#session.value(pointer);
  missing = (pointer: Pointer): string | undefined => this.#session.missing(pointer);
  isEnabled = (pointer: Pointer): boolean => this.#session.isEnabled(pointer);
  typed = (pointer: Pointer): Typed | undefined => this.#typed.get(pointer);
  evaluation = () => this.#session.evaluation();

  /** The rows of a repeat; none at any other place. */
  rows(pointer: Pointer): readonly Row[] {
    if (this.item(pointer)?.type !== 'repeat') return [];
    const rows = this.#session.answers().data[pointer.slice(1)];
    return Array.isArray(rows) ? rows.filter((row): row is Row => typeof row === 'object') : [];
  }

  /** Findings to show at a place. While text is typed there no new one comes up; `required` waits for the first attempt to complete. */
  findings(pointer: Pointer): readonly Finding[] {
    const due = this.#isNewRow(pointer) ? [] : (this.#findings.get(pointer) ?? []).filter(({ rule }) => rule !== 'required' || this.#asksRequired);
    const { pointer: typing, before } = this.#typing ?? {};
    return typing === pointer ? due.filter(({ rule }) => before?.has(rule)) : due;
  }

  /** A row that was just added, with nothing in it: what is wrong with it is known to whoever added it. */
  #isNewRow(pointer: Pointer): boolean {
    const [key = '', rowId, column] = pointer.split('/').slice(1);
    if (rowId === undefined || column === undefined || this.#asksRequired) return false;
    const row = this.rows(`/${key}`).find((each) => each.rowId === rowId);
    return row !== undefined && Object.keys(row).length === 1;
  }

  /** Why the text at a place could not be read, once the person has left it. */
  unread(pointer: Pointer): string | undefined {
    return this.#typing?.pointer === pointer ? undefined : this.#typed.get(pointer)?.unread;
  }

  summary(): Summary {
    const counts = { hard: 0, soft: 0, unanswered: 0 };
    for (const [pointer, findings] of this.#findings) {
      if (findings.some(({ rule }) => rule !== 'required') && this.#isNewRow(pointer)) continue;
      for (const { rule, severity } of findings) counts[rule === 'required' ? 'unanswered' : severity]++;
    }
    for (const pointer of this.#typed.keys()) if (this.unread(pointer)) counts.hard++;
    return counts;
  }

  /** All places with something to say, in no order; the form orders them as they stand on the screen. */
  pointersWithFindings(): Pointer[] {
    const unread = [...this.#typed.keys()].filter((pointer) => this.unread(pointer));
    return [...new Set([...unread, ...[...this.#findings.keys()].filter((pointer) => this.findings(pointer).length > 0)])];
  }

  unansweredPointers(): Pointer[] {
    return [...this.#findings].flatMap(([pointer, findings]) => (findings.some(({ rule }) => rule === 'required') ? [pointer] : []));
  }

  /** From the first attempt to complete, required items without a value or a reason show it. */
  askRequired(): void {
    if (this.#asksRequired) return;
    this.#asksRequired = true;
    this.#listener.touched(this.unansweredPointers());
  }

  get asksRequired(): boolean {
    return this.#asksRequired;
  }

  /** Text that is being typed; what it reads as becomes the value at once, what cannot be read clears it and stays in the box. */
  type(pointer: Pointer, text: string, read: { value: Value | undefined } | { unread: string }): void {
    if (this.#typing?.pointer !== pointer) {
      const before = new Set(this.findings(pointer).map(({ rule }) => rule));
      this.settle();
      this.#typing = { pointer, before };
    }
    this.#typed.set(pointer, 'unread' in read ? { text, unread: read.unread } : { text });
    this.#set(pointer, 'unread' in read ? undefined : read.value);
  }

  /** The person has left the box: readable text gives way to its canonical form, findings come up. */
  settle(): void {
    const pointer = this.#typing?.pointer;
    if (pointer === undefined) return;
    this.#typing = undefined;
    if (this.#typed.get(pointer)?.unread === undefined) this.#typed.delete(pointer);
    this.#listener.touched([pointer]);
  }

  choose(pointer: Pointer, value: Value | undefined): void {
    this.#typed.delete(pointer);
    this.#set(pointer, value);
  }

  /** A reason stands in place of the value. */
  excuse(pointer: Pointer, reason: string | undefined): void {
    this.#typed.delete(pointer);
    if (this.#typing?.pointer === pointer) this.#typing = undefined;
    const cleared = reason !== undefined && this.value(pointer) !== undefined ? this.#session.set(pointer, undefined).touched : [];
    this.#touch(pointer, [...cleared, ...this.#session.setMissing(pointer, reason).touched]);
    this.#listener.changed(reason === undefined ? { pointer } : { pointer, missing: reason });
  }

  /** Gives the id of the new row. What it starts with is told like any other change, so that it is saved. */
  addRow(pointer: Pointer, rowId: string = uuid()): string {
    this.#touch(pointer, this.#session.addRow(pointer, rowId).touched);
    this.#listener.changed({ pointer: `${pointer}/${rowId}`, value: { rowId } });
    for (const { key, initial } of this.item(pointer)?.items ?? []) {
      const value = initial === undefined ? undefined : this.value(`${pointer}/${rowId}/${key}`);
      if (value !== undefined) this.#listener.changed({ pointer: `${pointer}/${rowId}/${key}`, value });
    }
    return rowId;
  }

  removeRow(pointer: Pointer, rowId: string): void {
    const row = `${pointer}/${rowId}`;
    const { touched } = this.#session.removeRow(pointer, rowId);
    for (const place of [...this.#typed.keys()]) if (place.startsWith(`${row}/`)) this.#typed.delete(place);
    for (const place of [...this.#findings.keys()]) if (place === row || place.startsWith(`${row}/`)) this.#findings.delete(place);
    this.#touch(pointer, touched.filter((place) => !place.startsWith(`${row}/`)));
    this.#listener.changed({ pointer: row });
  }

  /** Paths of the entered items that a calculated value still lacks. */
  waitingFor(pointer: Pointer): readonly string[] {
    return this.origins.roots(pathOf(pointer)).filter((path) => {
      const place = pointerFrom(pointer, path);
      return this.isEnabled(place) && this.value(place) === undefined && this.rows(place).length === 0;
    });
  }

  #set(pointer: Pointer, value: Value | undefined): void {
    const reason = value === undefined ? undefined : this.missing(pointer);
    if (same(this.value(pointer), value) && reason === undefined) {
      this.#touch(pointer, []);
      return;
    }
    const updates: SessionUpdate[] = [this.#session.set(pointer, value)];
    if (reason !== undefined && this.missing(pointer) !== undefined) updates.push(this.#session.setMissing(pointer, undefined));
    this.#touch(pointer, updates.flatMap(({ touched }) => touched));
    this.#listener.changed(value === undefined ? { pointer } : { pointer, value });
  }

  #touch(pointer: Pointer, touched: readonly Pointer[]): void {
    const waiting = this.origins.dependents(pathOf(pointer)).map((path) => pointerFrom(pointer, path));
    const all = new Set([pointer, ...touched, ...waiting]);
    for (const place of all) {
      const findings = this.#session.findings(place);
      if (findings.length > 0) this.#findings.set(place, findings);
      else this.#findings.delete(place);
      this.progress.update(place, this.#progressOf(place));
    }
    this.#listener.touched([...all]);
  }

  #progressOf(pointer: Pointer) {
    const isAnswered = this.value(pointer) !== undefined || this.missing(pointer) !== undefined || this.rows(pointer).length > 0;
    return { isEnabled: this.isEnabled(pointer), isAnswered };
  }

  /** The same form opened over other answers: what was being typed, and that completing was tried, go on. */
  #takeOver(kept: FormState): void {
    this.#asksRequired = kept.#asksRequired;
    this.#typing = kept.#typing;
    for (const [pointer, typed] of kept.#typed) if (this.item(pointer)) this.#typed.set(pointer, typed);
  }
}

function same(a: Value | undefined, b: Value | undefined): boolean {
  return a === b || (Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((each, index) => each === b[index]));
}

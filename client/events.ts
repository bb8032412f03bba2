/**
 * Every event that our elements send. They bubble and cross shadow roots, so that a page may listen at any level.
 * No event holds more than the place and what was entered there.
 */
import type { Item, Pointer, Value } from '../schemas/form.ts';

abstract class CrfEvent extends Event {
  constructor(name: string) {
    super(name, { bubbles: true, composed: true, cancelable: true });
  }
}

/** A place was answered, given a reason, or cleared (neither). A row of a repeat is added by `{ rowId }`, removed by clearing it. */
export class CrfChangeEvent extends CrfEvent {
  static readonly type = 'crf-change';
  readonly pointer: Pointer;
  readonly value: Value | { rowId: string } | undefined;
  readonly missing: string | undefined;

  constructor(pointer: Pointer, value?: Value | { rowId: string }, missing?: string) {
    super(CrfChangeEvent.type);
    this.pointer = pointer;
    this.value = value;
    this.missing = missing;
  }
}

/** The person is at this field now; a side panel may follow. */
export class CrfFieldFocusEvent extends CrfEvent {
  static readonly type = 'crf-field-focus';
  readonly pointer: Pointer;
  readonly item: Item;

  constructor(pointer: Pointer, item: Item) {
    super(CrfFieldFocusEvent.type);
    this.pointer = pointer;
    this.item = item;
  }
}

/** A picture is wanted for this item; with a file when one was chosen or dropped. The answer is a value given back to the form. */
export class CrfCaptureRequestEvent extends CrfEvent {
  static readonly type = 'crf-capture-request';
  readonly pointer: Pointer;
  readonly item: Item;
  readonly file: File | undefined;

  constructor(pointer: Pointer, item: Item, file?: File) {
    super(CrfCaptureRequestEvent.type);
    this.pointer = pointer;
    this.item = item;
    this.file = file;
  }
}

/** The person asks to save; with `complete` only when the form has nothing left that must be corrected. */
export class CrfSaveRequestEvent extends CrfEvent {
  static readonly type = 'crf-save-request';
  readonly complete: boolean;

  constructor(complete: boolean) {
    super(CrfSaveRequestEvent.type);
    this.complete = complete;
  }
}

/** The history of this place is wanted; give the entries to the form's `history`. */
export class CrfShowHistoryEvent extends CrfEvent {
  static readonly type = 'crf-show-history';
  readonly pointer: Pointer;

  constructor(pointer: Pointer) {
    super(CrfShowHistoryEvent.type);
    this.pointer = pointer;
  }
}

/** An entity that is not in the list is wanted (a new lesion, specimen …) for this reference. */
export class CrfNewEntityEvent extends CrfEvent {
  static readonly type = 'crf-new-entity';
  readonly pointer: Pointer;
  readonly refersTo: string;

  constructor(pointer: Pointer, refersTo: string) {
    super(CrfNewEntityEvent.type);
    this.pointer = pointer;
    this.refersTo = refersTo;
  }
}

/** A bound value is not known yet and is to be added where it is kept: with the visit, with the patient. */
export class CrfAddKnownEvent extends CrfEvent {
  static readonly type = 'crf-add-known';
  readonly pointer: Pointer;
  /** Bind path, as `visit.bed`. */
  readonly path: string;

  constructor(pointer: Pointer, path: string) {
    super(CrfAddKnownEvent.type);
    this.pointer = pointer;
    this.path = path;
  }
}

/** A value was chosen in a part that is an element of its own; the form around it turns it into a change. */
export class CrfPickEvent extends CrfEvent {
  static readonly type = 'crf-pick';
  readonly value: Value | undefined;

  constructor(value: Value | undefined) {
    super(CrfPickEvent.type);
    this.value = value;
  }
}

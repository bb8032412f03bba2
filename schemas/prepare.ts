/** Makes a compiled Form run: closures over its expressions, indexes by path. Runs in the browser and on the server. */
import { evaluate } from './evaluate.ts';
import { planOf } from './plan.ts';
import { openSession } from './session.ts';
import type { Answers, Context, Evaluation, Finding, Form, Item, Missing, Pointer, Value } from './form.ts';

/** The structure check of one form: the errors of Ajv's generated code, already findings. Made by `dialect.ts` or by a module from `validator-module.ts`. */
export type StructureCheck = (data: unknown) => readonly StructureError[];

/** What Ajv says, cut down to what is needed for a message; never holds the value. */
export interface StructureError {
  instancePath: string;
  keyword: string;
  params: { readonly [name: string]: unknown };
}

export interface PreparedForm {
  readonly form: Form;
  item(path: string): Item | undefined;
  /** Whole evaluation; input is never changed. Findings `required` are among them: they matter when completing. */
  evaluate(answers: Answers, context: Context): Evaluation;
  /** Starts change-by-change evaluation, for a form on screen. */
  open(answers: Answers, context: Context): FormSession;
}

/** What changed on screen after one change. */
export interface SessionUpdate {
  /** Pointers whose value, state or findings may look different now. */
  touched: Pointer[];
  /** How many expressions were evaluated, for tests of incrementality. */
  evaluated: number;
}

export interface FormSession {
  /** `undefined` clears. */
  set(pointer: Pointer, value: Value | undefined): SessionUpdate;
  setMissing(pointer: Pointer, reason: string | undefined): SessionUpdate;
  /** The new row starts with the `initial` values of its columns. */
  addRow(pointer: Pointer, rowId: string): SessionUpdate;
  removeRow(pointer: Pointer, rowId: string): SessionUpdate;
  value(pointer: Pointer): Value | undefined;
  missing(pointer: Pointer): string | undefined;
  isEnabled(pointer: Pointer): boolean;
  findings(pointer: Pointer): readonly Finding[];
  /** The same as `evaluate` over all answers so far. */
  evaluation(): Evaluation;
  answers(): { data: Answers['data']; missing: Missing };
}

/** Prepares a form once for any number of evaluations; `check` is that of `dialect.ts` or of the form's validator module. */
export function prepareForm(form: Form, check: StructureCheck): PreparedForm {
  const plan = planOf(form, check);
  return {
    form,
    item: (path) => plan.items.get(path)?.item,
    evaluate: (answers, context) => evaluate(plan, answers, context),
    open: (answers, context) => openSession(plan, answers, context),
  };
}


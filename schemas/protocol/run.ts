/** What a run of a protocol is told, and what it says of itself. Plain JSON both ways; `evaluate.ts` leads from one to the other. */
import type { Data, Missing, Value } from '../form.ts';

/** A record of a step. */
export interface RunRecord {
  id: string;
  step: string;
  status: 'in-progress' | 'complete' | 'signed' | 'locked';
  version: number;
  data: Data;
  missing: Missing;
}

/** A record of the form that holds pictures. */
export interface RunPicture {
  recordId: string;
  data: Data;
}

export interface NamedAliquot {
  code: string;
  /** Which kind of the protocol, of which record. */
  kind: string;
  recordId: string;
}

export interface RunFacts {
  /** The present instant, or the one at which the run was closed. */
  now: string;
  site: { code: string };
  subject: { studyNumber: string };
  /** Records and pictures in the order in which they were begun. */
  records: readonly RunRecord[];
  pictures: readonly RunPicture[];
  aliquots: readonly NamedAliquot[];
  /** All codes of the site that begin as this patient's do, whoever gave them. */
  taken: readonly string[];
  /** Steps that somebody called complete, or left out with a reason. */
  steps: { readonly [id: string]: 'complete' | 'skipped' };
}

export interface RunState {
  steps: StepState[];
  clocks: ClockState[];
  /** Those that hold now; what was recorded once stays in the history. */
  deviations: Deviation[];
  acceptance: { id: string; recordId?: string; holds?: boolean }[];
  aliquots: AliquotState[];
  /** Absent when nothing is left but to close the run. */
  next?: NextAction;
}

export interface StepState {
  id: string;
  state: 'open' | 'complete' | 'skipped';
  /** Steps that must be complete before. */
  waitsFor: string[];
  /** What it lacks; a step that was complete and lacks something since is open again. */
  missing: Lack[];
  pictures: PictureState[];
  records: RecordState[];
}

export interface PictureState {
  id: string;
  want: number;
  /** Images that count, oldest first. */
  images: string[];
  /** Images that were not sharp or bright enough, or without scale. */
  refused: string[];
  /** A record that was begun and has no image yet. */
  begun?: string;
}

export interface RecordState {
  id: string;
  status: RunRecord['status'];
  label?: string;
  /** The moments of the step, in order; `at` once recorded, `missing` where a reason stands instead. */
  moments: { key: string; at?: string; missing?: string }[];
  /** What the form has calculated so far, by element. */
  results: { [key: string]: Value };
}

export type Lack =
  | { kind: 'records'; have: number; want: number }
  | { kind: 'form'; recordId: string }
  | { kind: 'picture'; id: string; have: number; want: number; refused: number }
  | { kind: 'aliquots'; id: string; recordId: string; have: number; want: number }
  | { kind: 'condition'; id: string; recordId?: string }
  | { kind: 'step'; id: string };

/**
 * `waiting` has no beginning yet; `running`, `warned` and `exceeded` go on; `stopped` and `late` are over; `wrong` would run backwards.
 * Minutes are whole, rounded down.
 */
export interface ClockState {
  id: string;
  recordId?: string;
  state: 'waiting' | 'running' | 'warned' | 'exceeded' | 'stopped' | 'late' | 'wrong';
  from?: string;
  to?: string;
  minutes?: number;
  /** Until the limit; negative beyond it. */
  left?: number;
  limit?: number;
  target?: number;
  warnBefore: number;
}

export interface Deviation {
  /** The same for the same deviation, however often it is found. */
  key: string;
  code: string;
  /** Id of the clock or the rule. */
  of: string;
  recordId?: string;
  minutes?: number;
  limit?: number;
}

export interface AliquotState {
  kind: string;
  recordId: string;
  named: string[];
  /** How many the record says there are; absent until it does. */
  want?: number;
  /** The codes that would be given now. */
  next: string[];
  /** Why none can be given: elements still to be answered, or the name that cannot be made. */
  cannot?: { unanswered: string[] } | { name: 'study-number' | 'series-full' | 'pattern' };
}

export type NextAction =
  | { kind: 'picture'; step: string; id: string }
  | { kind: 'moment'; step: string; key: string; recordId?: string; clock?: string }
  | { kind: 'aliquots'; step: string; recordId: string }
  | { kind: 'form'; step: string; recordId?: string; asks?: string[] }
  | { kind: 'complete'; step: string };

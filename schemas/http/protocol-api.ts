/** Protocols and their runs on the wire; the shapes of a run's state are those of the engine. Lists page by key, writes are as in `api.ts`. */
import type { Text } from '../form.ts';
import type { RunState } from '../protocol/run.ts';

export type { Protocol } from '../protocol/protocol.ts';
export type { ProtocolSummary } from '../protocol/protocols.ts';

// GET /api/protocols → ProtocolSummary[] (the newest of each);  GET /api/protocols/:name/:version → Protocol (compiled; immutable)
// GET /api/sites/:siteId/protocol-runs?subjectId&status&after&limit → Page<RunSummary>, the latest first
// POST /api/sites/:siteId/protocol-runs StartRunRequest → Run | 409 run-exists
// GET /api/sites/:siteId/protocol-runs/:id → Run (deviations that hold by now are recorded)

export type RunStatus = 'running' | 'finished' | 'abandoned';

export interface RunSummary {
  id: string;
  subjectId: string;
  visitId: string;
  lesionId?: string;
  protocol: string;
  version: string;
  title: Text;
  status: RunStatus;
  startedAt: string;
  /** Display name. */
  startedBy: string;
  closedAt?: string;
}

export interface Run extends RunSummary {
  /** The server's clock; pages tick from here and not from their own. */
  now: string;
  state: RunState;
  aliquots: RunAliquot[];
  deviations: RecordedDeviation[];
  /** What was done, oldest first. */
  events: RunEvent[];
}

export interface RunAliquot {
  specimenId: string;
  code: string;
  kind: string;
  recordId: string;
  namedAt: string;
}

export interface RecordedDeviation {
  key: string;
  code: string;
  /** Id of the clock or rule. */
  of: string;
  recordId?: string;
  minutes?: number;
  limit?: number;
  recordedAt: string;
  /** False when the times were corrected since. */
  holds: boolean;
  reasons: { reason: string; by: string; at: string }[];
}

export interface RunEvent {
  kind: 'step-completed' | 'step-skipped' | 'deviation' | 'deviation-explained' | 'finished' | 'abandoned';
  step?: string;
  key?: string;
  reason?: string;
  at: string;
  by: string;
}

export interface StartRunRequest {
  id: string;
  contribution: string;
  protocol: string;
  subjectId: string;
  visitId: string;
  lesionId?: string;
}

// POST …/:id/records BeginRecordRequest → Run
// Begins a record of a step, or of a picture; what the protocol knows is entered where nothing is. With a moment, that time is recorded too: 409 moment-recorded when it is there already.
export interface BeginRecordRequest {
  contribution: string;
  recordId: string;
  step: string;
  /** Id of the picture, for a record that holds it. */
  picture?: string;
  moment?: { key: string; at: string };
}

// POST …/:id/steps/:step/complete { contribution } → Run | 422 step-incomplete with `missing: Lack[]`
// POST …/:id/steps/:step/skip { contribution, reason } → Run
export interface SkipStepRequest {
  contribution: string;
  reason: string;
}

// POST …/:id/deviations ExplainRequest → Run
export interface ExplainRequest {
  contribution: string;
  key: string;
  reason: string;
}

// POST …/:id/aliquots NameAliquotsRequest → Run | 422 aliquots-unnamed
export interface NameAliquotsRequest {
  contribution: string;
  recordId: string;
  /** How many more of each kind. */
  counts: { [kind: string]: number };
}

// POST …/:id/close CloseRunRequest → Run | 422 step-incomplete
export interface CloseRunRequest {
  contribution: string;
  outcome: 'finished' | 'abandoned';
  /** Asked of a run that is abandoned. */
  reason?: string;
}

// GET …/:id/labels.pdf?skip&recordId&language → PDF (skip: labels of the first sheet that are used up)
// GET …/:id/run-sheet.pdf?language → PDF

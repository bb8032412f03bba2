/** The one thing to do next: what a clock that runs out waits for, else the first undone task of the first step that is not complete. */
import type { Protocol, Step } from './protocol.ts';
import type { AliquotState, ClockState, NextAction, RecordState, RunFacts, RunState, StepState } from './run.ts';

type Found = Pick<RunState, 'steps' | 'clocks' | 'aliquots'>;

export function nextAction(protocol: Protocol, state: Found, facts: RunFacts): NextAction | undefined {
  // A limit that can still be kept goes before one that has passed.
  const rank = ({ state: at }: ClockState) => (at === 'warned' ? 0 : 1);
  const urgent = state.clocks.filter((clock) => clock.state === 'warned' || clock.state === 'exceeded').sort((a, b) => rank(a) - rank(b) || (a.left ?? 0) - (b.left ?? 0));
  for (const clock of urgent) {
    const action = stopping(protocol, state, clock);
    if (action) return action;
  }
  for (const step of protocol.steps) {
    const own = state.steps.find(({ id }) => id === step.id);
    if (own?.state !== 'open') continue;
    const action = inStep(step, own, state.aliquots, facts);
    if (action) return action;
  }
  return undefined;
}

/** The first moment up to the one that stops the clock; those before it are part of the way there. */
function stopping(protocol: Protocol, state: Found, clock: ClockState): NextAction | undefined {
  const stops = protocol.clocks.find(({ id }) => id === clock.id)?.stops;
  const step = protocol.steps.find(({ id }) => id === stops?.step);
  const own = state.steps.find(({ id }) => id === step?.id);
  if (!stops || !step || own?.state !== 'open') return undefined;
  const record = own.records.find(({ id }) => id === clock.recordId);
  const key = momentsOf(step).find((moment) => moment === stops.key || isToCome(record, moment));
  if (key === undefined || (record && record.status !== 'in-progress')) return undefined;
  return { kind: 'moment', step: step.id, key, ...(record ? { recordId: record.id } : {}), clock: clock.id };
}

function inStep(step: Step, state: StepState, aliquots: readonly AliquotState[], facts: RunFacts): NextAction | undefined {
  const drafts = state.records.filter(({ status }) => status === 'in-progress');
  const lacksRecords = state.records.length < step.records;
  for (const record of [...drafts, ...(lacksRecords ? [undefined] : [])]) {
    for (const task of step.tasks) {
      const action = undone(step, task, state, aliquots, record);
      if (action) return action;
    }
    return { kind: 'form', step: step.id, ...(record ? { recordId: record.id } : {}) };
  }
  const pictures = step.tasks.map((task) => (task.kind === 'picture' ? undone(step, task, state, aliquots, undefined) : undefined)).find(Boolean);
  if (pictures) return pictures;
  const unnamed = state.missing.find((lack) => lack.kind === 'aliquots');
  if (unnamed) return { kind: 'aliquots', step: step.id, recordId: unnamed.recordId };
  const condition = state.missing.find((lack) => lack.kind === 'condition');
  if (condition) return { kind: 'form', step: step.id, ...recordOf(condition.recordId ?? facts.records.find((each) => each.step === step.id)?.id) };
  // It waits for another step, which is then the one with something to do.
  return state.missing.length > 0 ? undefined : { kind: 'complete', step: step.id };
}

function undone(step: Step, task: Step['tasks'][number], state: StepState, aliquots: readonly AliquotState[], record: RecordState | undefined): NextAction | undefined {
  if (task.kind === 'picture') {
    const picture = state.pictures.find(({ id }) => id === task.id);
    return picture && picture.images.length < picture.want ? { kind: 'picture', step: step.id, id: task.id } : undefined;
  }
  if (task.kind === 'moment') return !task.optional && isToCome(record, task.key) ? { kind: 'moment', step: step.id, key: task.key, ...recordOf(record?.id) } : undefined;
  if (!record) return undefined;
  const all = aliquots.filter(({ recordId }) => recordId === record.id);
  // Once somebody has named some, only what the record counts is still wanted.
  const own = all.filter(({ named, want }) => (all.every((each) => each.named.length === 0) ? true : named.length < (want ?? 0)));
  const asks = [...new Set(own.flatMap(({ cannot }) => (cannot && 'unanswered' in cannot ? cannot.unanswered : [])))];
  if (own.some(({ next }) => next.length > 0)) return { kind: 'aliquots', step: step.id, recordId: record.id };
  return asks.length > 0 ? { kind: 'form', step: step.id, recordId: record.id, asks } : undefined;
}

const recordOf = (id: string | undefined): { recordId?: string } => (id === undefined ? {} : { recordId: id });

const momentsOf = (step: Step): string[] => step.tasks.flatMap((task) => (task.kind === 'moment' && !task.optional ? [task.key] : []));

/** Not recorded, and nothing after it is: a moment that has gone by is not now, and can only be typed into the form. */
export function isToCome(record: Pick<RecordState, 'moments'> | undefined, key: string): boolean {
  if (!record) return true;
  const from = record.moments.findIndex((each) => each.key === key);
  return record.moments[from]?.missing === undefined && record.moments.slice(Math.max(from, 0)).every(({ at }) => at === undefined);
}

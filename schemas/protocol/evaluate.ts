/** The state of a run: what is done, what runs, what went wrong, and the one thing to do next. The present moment is an argument. */
import type { Value } from '../form.ts';
import { carriedOver } from './carry.ts';
import { isPastLimit, readClock } from './clock.ts';
import { nextCodes } from './naming.ts';
import { nextAction } from './next.ts';
import type { PreparedProtocol } from './prepare.ts';
import type { AliquotKind, Clock, PictureTask, Step } from './protocol.ts';
import type { AliquotState, ClockState, Deviation, Lack, PictureState, RecordState, RunFacts, RunRecord, RunState, StepState } from './run.ts';

export { carriedOver };

export function evaluateRun(prepared: PreparedProtocol, facts: RunFacts): RunState {
  const { protocol } = prepared;
  const clocks = protocol.clocks.flatMap((clock) => clockStates(prepared, clock, facts));
  const aliquots = protocol.aliquots.flatMap((kind) => recordsOf(facts, kind.each).flatMap((record) => aliquotState(prepared, kind, record, facts)));
  const steps: StepState[] = [];
  for (const step of protocol.steps) steps.push(stepState(prepared, step, facts, aliquots, steps));
  const state: RunState = {
    steps, clocks, aliquots,
    deviations: [...clocks.flatMap((clock) => lateness(prepared, clock, facts)), ...brokenRules(prepared, facts)],
    acceptance: protocol.acceptance.flatMap(({ id, each, assert }) => asked(facts, each).map((record) => {
      const holds = prepared.ask(assert)(facts, record);
      return { id, ...(record ? { recordId: record.id } : {}), ...(typeof holds === 'boolean' ? { holds } : {}) };
    })),
  };
  const next = nextAction(protocol, state, facts);
  return next ? { ...state, next } : state;
}

const recordsOf = ({ records }: RunFacts, step: string): RunRecord[] => records.filter((record) => record.step === step);

/** The records that something is asked of: each of a step, or the run as a whole once. */
const asked = (facts: RunFacts, each: string | undefined): (RunRecord | undefined)[] => (each === undefined ? [undefined] : recordsOf(facts, each));

function clockStates(prepared: PreparedProtocol, clock: Clock, facts: RunFacts): ClockState[] {
  const records = asked(facts, clock.each);
  // Before there is a record the clock runs all the same: it is the next record that is late.
  return (records.length === 0 ? [undefined] : records).flatMap((record) => {
    if (clock.when && prepared.ask(clock.when)(facts, record) === false) return [];
    const text = (value: unknown) => (typeof value === 'string' ? value : undefined);
    const [from, to] = [text(prepared.ask(clock.from)(facts, record)), record || clock.each === undefined ? text(prepared.ask(clock.to)(facts, record)) : undefined];
    const limit = typeof clock.limit === 'object' ? prepared.ask(clock.limit)(facts, record) : clock.limit;
    return [readClock({
      id: clock.id, ...(record ? { recordId: record.id } : {}), ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }),
      ...(typeof limit === 'number' ? { limit } : {}), ...(clock.target === undefined ? {} : { target: clock.target }), warnBefore: clock.warnBefore,
    }, facts.now)];
  });
}

/** The first record of a step goes on with the clock that ran before there was one: late once, not twice. */
function lateness({ protocol }: PreparedProtocol, state: ClockState, facts: RunFacts): Deviation[] {
  const clock = protocol.clocks.find(({ id }) => id === state.id);
  if (!clock?.deviation || !isPastLimit(state) || state.minutes === undefined || state.limit === undefined) return [];
  const isFirst = clock.each !== undefined && recordsOf(facts, clock.each)[0]?.id === state.recordId;
  return [{
    key: `${state.id}/${isFirst || state.recordId === undefined ? '' : state.recordId}`, code: clock.deviation.code, of: state.id,
    ...(state.recordId === undefined ? {} : { recordId: state.recordId }), minutes: state.minutes, limit: state.limit,
  }];
}

function brokenRules(prepared: PreparedProtocol, facts: RunFacts): Deviation[] {
  return prepared.protocol.rules.flatMap(({ id, each, assert, deviation }) => asked(facts, each).flatMap((record) =>
    (prepared.ask(assert)(facts, record) === false ? [{ key: `${id}/${record?.id ?? ''}`, code: deviation.code, of: id, ...(record ? { recordId: record.id } : {}) }] : [])));
}

function aliquotState(prepared: PreparedProtocol, kind: AliquotKind, record: RunRecord, facts: RunFacts): AliquotState[] {
  const own = facts.aliquots.filter((each) => each.kind === kind.id && each.recordId === record.id);
  const applies = kind.when ? prepared.ask(kind.when)(facts, record) : true;
  if (applies === false && own.length === 0) return [];
  const count = prepared.ask(kind.count)(facts, record);
  const want = typeof count === 'number' ? count : undefined;
  const state = { kind: kind.id, recordId: record.id, named: own.map(({ code }) => code), ...(want === undefined ? {} : { want }) };
  if (kind.when && applies === undefined) return [{ ...state, next: [], cannot: { unanswered: prepared.unanswered(kind.when, facts, record) } }];
  const fields = Object.entries(kind.fields).map(([part, expression]) => ({ part, expression, text: prepared.ask(expression)(facts, record) }));
  const open = fields.filter(({ text }) => typeof text !== 'string');
  if (open.length > 0) return [{ ...state, next: [], cannot: { unanswered: [...new Set(open.flatMap(({ expression }) => prepared.unanswered(expression, facts, record)))] } }];
  const names = nextCodes(prepared.protocol.naming, {
    site: facts.site, subject: facts.subject, recordId: record.id, fields: Object.fromEntries(fields.map(({ part, text }) => [part, text as string])),
    count: Math.max(0, (want ?? kind.planned) - own.length), named: facts.aliquots, taken: facts.taken,
  });
  return [names.codes ? { ...state, next: names.codes } : { ...state, next: [], cannot: { name: names.fault } }];
}

function stepState(prepared: PreparedProtocol, step: Step, facts: RunFacts, aliquots: readonly AliquotState[], before: readonly StepState[]): StepState {
  const records = recordsOf(facts, step.id);
  const pictures = step.tasks.filter((task) => task.kind === 'picture').map((task) => pictureState(prepared, task, facts));
  const waitsFor = step.after.filter((id) => before.find((each) => each.id === id)?.state === 'open');
  const missing: Lack[] = [
    ...pictures.filter(({ images, want }) => images.length < want).map(({ id, images, want, refused }) => ({ kind: 'picture' as const, id, have: images.length, want, refused: refused.length })),
    ...(records.length < step.records ? [{ kind: 'records' as const, have: records.length, want: step.records }] : []),
    ...records.filter(({ status }) => status === 'in-progress').map(({ id }) => ({ kind: 'form' as const, recordId: id })),
    ...aliquots.filter(({ recordId, named, want = 0 }) => named.length < want && records.some(({ id }) => id === recordId))
      .map(({ kind, recordId, named, want = 0 }) => ({ kind: 'aliquots' as const, id: kind, recordId, have: named.length, want })),
    ...step.conditions.flatMap(({ id, each, assert }) => asked(facts, each).flatMap((record) =>
      (prepared.ask(assert)(facts, record) === true ? [] : [{ kind: 'condition' as const, id, ...(record ? { recordId: record.id } : {}) }]))),
    ...waitsFor.map((id) => ({ kind: 'step' as const, id })),
  ];
  const said = facts.steps[step.id];
  const state = said === 'skipped' ? 'skipped' : said === 'complete' && missing.length === 0 ? 'complete' : 'open';
  return { id: step.id, state, waitsFor, missing, pictures, records: records.map((record) => recordState(step, record)) };
}

function pictureState(prepared: PreparedProtocol, task: PictureTask, { pictures }: RunFacts): PictureState {
  const image = prepared.protocol.pictures?.image ?? '';
  const fitting = pictures.filter(({ data }) => Object.entries(task.is).every(([key, code]) => data[key] === code));
  const taken = fitting.flatMap(({ data }) => (typeof data[image] === 'string' ? [{ id: data[image], accepted: prepared.isAccepted(data) }] : []));
  const begun = fitting.findLast(({ data }) => data[image] === undefined);
  return {
    id: task.id, want: task.count, images: taken.filter(({ accepted }) => accepted).map(({ id }) => id), refused: taken.filter(({ accepted }) => !accepted).map(({ id }) => id),
    ...(begun ? { begun: begun.recordId } : {}),
  };
}

function recordState(step: Step, { id, status, data, missing }: RunRecord): RecordState {
  const label = step.label === undefined ? undefined : data[step.label];
  const moments = step.tasks.flatMap((task) => {
    if (task.kind !== 'moment') return [];
    const [at, reason] = [data[task.key], missing[`/${task.key}`]];
    return [{ key: task.key, ...(typeof at === 'string' ? { at } : {}), ...(reason === undefined ? {} : { missing: reason }) }];
  });
  const results = Object.fromEntries(step.results.flatMap(({ key }) => (data[key] === undefined ? [] : [[key, data[key] as Value]])));
  return { id, status, ...(typeof label === 'string' ? { label } : {}), moments, results };
}

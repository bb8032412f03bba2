/**
 * A protocol as it is written → a Protocol. Every mistake of an author is found here, all at once, each with its place: forms and elements that do not
 * exist, codes outside their value set, expressions that cannot be, steps that wait for each other.
 */
import { patternMistake } from '../compile/pattern.ts';
import { partsOf } from '../documents.ts';
import type { Form, Text } from '../form.ts';
import { Problem, type FieldError } from '../problem.ts';
import { createReader, type Reader } from './reader.ts';
import type { AliquotKind, Clock, Condition, DeviationKind, FormRef, Protocol, ProtocolDocument, Step, StepDocument, Task, TaskDocument } from './protocol.ts';

/** A compiled form; undefined when there is none. May throw a Problem when the form itself has mistakes. */
export type FindForm = (ref: FormRef) => Form | undefined;

/** @throws Problem `standard-invalid` with every mistake: a JSON Pointer into the protocol and what is wrong there */
export function compileProtocol(document: ProtocolDocument, findForm: FindForm, sha256: string): Protocol {
  const { protocol, mistakes } = read(document, findForm, sha256);
  if (mistakes.length > 0) throw new Problem('standard-invalid', mistakes);
  return protocol;
}

/** Every mistake of a protocol that has the shape of one. */
export function protocolMistakes(document: ProtocolDocument, findForm: FindForm): readonly FieldError[] {
  return read(document, findForm, '').mistakes;
}

function read(document: ProtocolDocument, findForm: FindForm, sha256: string): { protocol: Protocol; mistakes: FieldError[] } {
  const reader = createReader(document, findForm);
  const [, name = '', version = ''] = partsOf(document.$id);
  const protocol: Protocol = {
    name, version, sha256, title: textOf(document), ...describedBy(document), visit: document.visit, lesion: document.lesion,
    ...picturesOf(document, reader),
    steps: document.steps.map((step, i) => stepOf(step, `/steps/${i}`, document, reader)),
    clocks: document.clocks.map((clock, i) => clockOf(clock, `/clocks/${i}`, reader)),
    rules: (document.rules ?? []).map((rule, i) => ({ ...conditionOf({ title: rule.deviation.title, text: rule.deviation.text, ...rule }, `/rules/${i}`, reader), deviation: deviationOf(rule.deviation) })),
    acceptance: document.acceptance.map((each, i) => conditionOf(each, `/acceptance/${i}`, reader)),
    aliquots: document.aliquots.map((kind, i) => aliquotsOf(kind, `/aliquots/${i}`, reader)),
    naming: { parts: document.naming.parts, pattern: document.naming.pattern }, labels: document.labels, elements: {},
  };
  protocol.elements = reader.elements();
  checkOrder(document, reader);
  checkNaming(document, reader);
  checkIds(document, reader);
  checkLabels(document, reader);
  return { protocol, mistakes: reader.mistakes };
}

function picturesOf({ pictures }: ProtocolDocument, reader: Reader): Pick<Protocol, 'pictures'> {
  if (!pictures) return {};
  const form = reader.form(pictures.form, '/pictures/form');
  if (form && !form.items.some(({ key, refersTo }) => key === pictures.image && refersTo === 'image')) reader.mistake('/pictures/image', `The form has no picture '${pictures.image}'`);
  const accepted = pictures.accepted === undefined ? undefined : reader.expression(pictures.accepted, 'bool', '/pictures/accepted', 'picture');
  return { pictures: { form: refOf(pictures.form), image: pictures.image, ...(accepted ? { accepted } : {}) } };
}

function stepOf(step: StepDocument, pointer: string, document: ProtocolDocument, reader: Reader): Step {
  reader.form(step.form, `${pointer}/form`);
  if (step.label !== undefined) reader.element(step.id, step.label, `${pointer}/label`);
  for (const [i, key] of step.sheet.entries()) reader.element(step.id, key, `${pointer}/sheet/${i}`);
  return {
    id: step.id, title: textOf(step), form: refOf(step.form), records: step.records ?? 1, ...(step.label === undefined ? {} : { label: step.label }), after: step.after ?? [],
    guide: (step.guide ?? []).map(textOf), sheet: step.sheet,
    carries: Object.entries(step.carries ?? {}).map(([key, source]) => ({ key, value: reader.valueOf(step.id, key, source, `${pointer}/carries/${key}`) })),
    refers: Object.entries(step.refers ?? {}).map(([key, form]) => {
      reader.reference(step.id, key, 'record', `${pointer}/refers/${key}`);
      reader.form(form, `${pointer}/refers/${key}`);
      return { key, subDataset: refOf(form).subDataset };
    }),
    tasks: step.tasks.map((task, i) => taskOf(task, step, `${pointer}/tasks/${i}`, document, reader)),
    results: (step.results ?? []).flatMap((key, i) => {
      const item = reader.element(step.id, key, `${pointer}/results/${i}`);
      return item ? [{ key, title: item.title, ...(item.unit === undefined ? {} : { unit: item.unit }) }] : [];
    }),
    conditions: (step.conditions ?? []).map((condition, i) => conditionOf(condition, `${pointer}/conditions/${i}`, reader)),
  };
}

function taskOf(task: TaskDocument, step: StepDocument, pointer: string, document: ProtocolDocument, reader: Reader): Task {
  if ('aliquots' in task) {
    if (!document.aliquots.some(({ each }) => each === step.id)) reader.mistake(`${pointer}/aliquots`, 'No aliquots are of this step');
    return { kind: 'aliquots' };
  }
  if ('moment' in task) {
    reader.element(step.id, task.moment, `${pointer}/moment`, 'date-time');
    return { kind: 'moment', key: task.moment, title: textOf(task), ...describedBy(task), optional: task.optional ?? false };
  }
  if (!document.pictures) reader.mistake(pointer, 'The protocol does not say which form holds pictures');
  for (const [key, code] of Object.entries(task.is)) reader.code('picture', key, code, `${pointer}/is/${key}`);
  if (task.fills !== undefined) reader.reference(step.id, task.fills, 'image', `${pointer}/fills`);
  return { kind: 'picture', id: task.picture, title: textOf(task), ...describedBy(task), is: task.is, count: task.count ?? 1, ...(task.fills === undefined ? {} : { fills: task.fills }) };
}

function clockOf(clock: ProtocolDocument['clocks'][number], pointer: string, reader: Reader): Clock {
  reader.step(clock.each, `${pointer}/each`);
  if (clock.limit !== undefined && !clock.deviation) reader.mistake(pointer, 'A clock with a limit says which deviation it records');
  const from = reader.expression(clock.from, 'string', `${pointer}/from`);
  const to = reader.expression(clock.to, 'string', `${pointer}/to`);
  const when = clock.when === undefined ? undefined : reader.expression(clock.when, 'bool', `${pointer}/when`);
  const limit = typeof clock.limit === 'string' ? reader.expression(clock.limit, 'double', `${pointer}/limit`) : clock.limit;
  const [step, key] = to.tree.op === 'bound' ? to.tree.path.split('.') : [];
  return {
    id: clock.id, title: textOf(clock), ...(clock.each === undefined ? {} : { each: clock.each }), from, to, ...(step && key ? { stops: { step, key } } : {}), ...(when ? { when } : {}),
    ...(clock.target === undefined ? {} : { target: clock.target }), ...(limit === undefined ? {} : { limit }), warnBefore: clock.warnBefore ?? 0,
    ...(clock.deviation ? { deviation: deviationOf(clock.deviation) } : {}),
  };
}

function conditionOf({ id, each, assert, ...words }: NonNullable<StepDocument['conditions']>[number], pointer: string, reader: Reader): Condition {
  reader.step(each, `${pointer}/each`);
  return { id, title: textOf(words), ...(each === undefined ? {} : { each }), assert: reader.expression(assert, 'bool', `${pointer}/assert`) };
}

function aliquotsOf(kind: ProtocolDocument['aliquots'][number], pointer: string, reader: Reader): AliquotKind {
  reader.step(kind.each, `${pointer}/each`);
  const when = kind.when === undefined ? undefined : reader.expression(kind.when, 'bool', `${pointer}/when`);
  const fields = Object.entries(kind.fields).map(([part, source]) => [part, reader.expression(source, 'string', `${pointer}/fields/${part}`)]);
  return { id: kind.id, each: kind.each, title: textOf(kind), ...(when ? { when } : {}), planned: kind.planned, count: reader.expression(kind.count, 'double', `${pointer}/count`), fields: Object.fromEntries(fields) };
}

/** A step waits only for steps before it, so that none waits for itself. */
function checkOrder({ steps }: ProtocolDocument, reader: Reader): void {
  for (const [i, { after = [] }] of steps.entries()) {
    for (const [j, id] of after.entries()) {
      if (!steps.slice(0, i).some((step) => step.id === id)) reader.mistake(`/steps/${i}/after/${j}`, `No step before this one is '${id}'`);
    }
  }
}

function checkNaming({ naming, aliquots }: ProtocolDocument, reader: Reader): void {
  const pattern = patternMistake(naming.pattern);
  if (pattern) reader.mistake('/naming/pattern', pattern);
  const last = naming.parts.at(-1);
  if (!last || !('series' in last) || last.series !== 'aliquot') reader.mistake('/naming/parts', 'A code ends with the series of the aliquots, so that no two are the same');
  for (const part of naming.parts) {
    if (!('field' in part)) continue;
    for (const [i, { fields }] of aliquots.entries()) if (!Object.hasOwn(fields, part.field)) reader.mistake(`/aliquots/${i}/fields`, `'${part.field}' is missing`);
  }
}

function checkIds(document: ProtocolDocument, reader: Reader): void {
  const pictures = document.steps.flatMap(({ tasks }) => tasks.flatMap((task) => ('picture' in task ? [{ id: task.picture }] : [])));
  const lists = { steps: document.steps, clocks: document.clocks, rules: document.rules ?? [], acceptance: document.acceptance, aliquots: document.aliquots, 'steps (pictures)': pictures };
  for (const [name, list] of Object.entries(lists)) {
    for (const [i, { id }] of list.entries()) if (list.findIndex((other) => other.id === id) < i) reader.mistake(`/${name}/${i}`, `The id '${id}' stands twice`);
  }
}

function checkLabels({ labels }: ProtocolDocument, reader: Reader): void {
  const { left, top, width, height, across, down, columns, rows, page } = labels;
  if (left + across * (columns - 1) + width > page.width + 0.01) reader.mistake('/labels/columns', 'The labels are wider than the page');
  if (top + down * (rows - 1) + height > page.height + 0.01) reader.mistake('/labels/rows', 'The labels are longer than the page');
  if (across < width || down < height) reader.mistake('/labels', 'The labels overlap');
}

const refOf = (form: string): FormRef => {
  const [subDataset = '', version = ''] = form.split('/');
  return { subDataset, version };
};

const deviationOf = ({ code, ...words }: { code: string; title: string; text: ProtocolDocument['text'] }): DeviationKind => ({ code, title: textOf(words) });

function textOf({ title, text }: { title: string; text: ProtocolDocument['text'] }): Text {
  return { zh: title, en: text.en.title ?? title };
}

function describedBy({ description, text }: { description?: string; text: ProtocolDocument['text'] }): { description?: Text } {
  return description === undefined ? {} : { description: { zh: description, en: text.en.description ?? description } };
}

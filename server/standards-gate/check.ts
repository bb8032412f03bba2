/** Everything that is asked of a document from outside, in order: its size, its shape, whether it compiles, and what running it costs. */
import { repeatedKeys } from '../../schemas/repeated-keys.ts';
import { compileForm } from '../../schemas/compile.ts';
import { costlyExpressions } from '../../schemas/cost.ts';
import { createStructureCheck } from '../../schemas/dialect.ts';
import { kindOf } from '../../schemas/documents.ts';
import type { Data, Form } from '../../schemas/form.ts';
import { documentExcess } from '../../schemas/limits.ts';
import { prepareForm } from '../../schemas/prepare.ts';
import { Problem, type FieldError } from '../../schemas/problem.ts';
import { readRegistry, type Registry } from '../../schemas/registry.ts';
import { sha256 } from '../standards.ts';

export interface Known {
  documents: readonly unknown[];
  registry: Registry;
}

const mostFound = 100;

export function documentMistakes(text: string, known: Known): FieldError[] {
  const document = parse(text);
  if (document === undefined) return [{ pointer: '', detail: 'Is not JSON' }];
  const excess = documentExcess(document);
  const found = excess.length > 0 ? excess : [...repeatedKeys(text), ...mistakesOf(document, known)];
  return found.slice(0, mostFound).map(({ pointer, detail }) => ({ pointer: pointer.slice(0, 300), detail: detail.slice(0, 500) }));
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function mistakesOf(document: unknown, { documents, registry }: Known): FieldError[] {
  const id = idOf(document);
  const kind = id === undefined ? undefined : kindOf(id);
  if (id === undefined || kind === undefined || kind === 'dialect') return [{ pointer: '/$id', detail: 'Names no document of the standards' }];
  if (kind === 'standard') return compileMistakes(document, registry);
  return readRegistry([...documents.filter((each) => idOf(each) !== id), document], sha256, (each) => (each === document ? '' : undefined)).mistakes
    .filter(({ pointer }) => pointer.startsWith('#')).map(({ pointer, detail }) => ({ pointer: pointer.slice(1), detail }));
}

function idOf(document: unknown): string | undefined {
  const id: unknown = Object(document).$id;
  return typeof id === 'string' ? id : undefined;
}

function compileMistakes(document: unknown, registry: Registry): FieldError[] {
  try {
    const form = compileForm(document, registry);
    const costly = costlyExpressions(form);
    if (costly.length === 0) tryOut(form);
    return costly;
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return [...(error.errors ?? [])];
  }
}

/** Run once over nothing and once over much: what does not come to an end here would not in a ward either, and the limit of time tells. */
function tryOut(form: Form): void {
  const prepared = prepareForm(form, createStructureCheck(form.structure));
  const context = { today: '2026-01-02', bound: {} };
  prepared.evaluate({ data: {}, missing: {} }, context);
  prepared.evaluate({ data: much(form), missing: {} }, context);
}

const long = 'a'.repeat(5000);

function much({ items }: Form): Data {
  const valueOf = ({ type, items: columns = [] }: Form['items'][number]): unknown => {
    if (type === 'repeat') return Array.from({ length: 50 }, (_, at) => ({ rowId: `00000000-0000-7000-8000-${String(at).padStart(12, '0')}`, ...Object.fromEntries(columns.map((each) => [each.key, valueOf(each)])) }));
    if (type === 'number' || type === 'integer') return 1e15;
    if (type === 'boolean') return true;
    return type === 'codes' ? Array.from({ length: 100 }, (_, at) => `c${at}`) : long;
  };
  return Object.fromEntries(items.map((item) => [item.key, valueOf(item)])) as Data;
}

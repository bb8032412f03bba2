/** Valid records of any standard, made by chance from a seed: full, minimal, or anything between. */
import type { CasesDocument } from '../../schemas/cases.ts';
import type { Context, Data, Form, Item, Value } from '../../schemas/form.ts';
import type { PreparedForm } from '../../schemas/prepare.ts';
import { answerForm, type Answered } from '../../server/demo/answers.ts';
import { createRandom } from '../../server/demo/random.ts';

export interface Sample {
  seed: string;
  /** Share of the items that need no answer but get one: 1 for a full record, 0 for a minimal one. */
  share: number;
  /** Ids of entities by kind; a kind that is absent is left open. */
  references?: { readonly [kind: string]: string };
  context?: Context;
  /** Answers to begin with, where rules tie numbers together that chance does not meet (parts that must sum to 1). */
  begin?: Data;
}

export const today = '2026-11-22';

/** What a patient's file, a visit, a site and an account say, so that whatever is bound is known. */
export const surroundings: Context = {
  today,
  bound: {
    'subject.id': '01900000-0000-7000-8000-000000000001', 'subject.studyNumber': 'XY01-000001', 'subject.sex': '2', 'subject.birthDate': '1961-03-05', 'subject.ageYears': 65,
    'visit.id': '01900000-0000-7000-8000-000000000002', 'visit.date': '2026-11-20', 'visit.kind': 'operation', 'visit.admittedAt': '2026-11-18T09:00:00+08:00',
    'site.id': '01900000-0000-7000-8000-000000000003', 'site.code': 'XY01', 'person.id': '01900000-0000-7000-8000-000000000004',
  },
};

const references = { subject: 1, visit: 2, site: 3, person: 4, lesion: 5, specimen: 6, image: 7, record: 8 };
const entities: { readonly [kind: string]: string } = Object.fromEntries(Object.entries(references).map(([kind, number]) => [kind, `01900000-0000-7000-8000-00000000000${number}`]));

/** Nothing hard is wrong with it. @throws Error naming the rules that no answers could satisfy */
export function sampleOf(prepared: PreparedForm, { seed, share, references: known = entities, context = surroundings, begin = {} }: Sample): Answered {
  const { form } = prepared;
  const random = createRandom(seed, form.standard.subDataset);
  const places = placesOf(form);
  return answerForm(prepared, context, {
    random, wishes: plain(begin), optional: share, withReason: share === 1 ? 0 : 0.1, rows: 3, period: { from: '2024-01-01', to: '2026-11-20' },
    reference: (kind) => known[kind], inOrder: { day: '2026-11-20', place: (item) => places.get(item.path) ?? 0 },
  });
}

function placesOf(form: Form): Map<string, number> {
  const items = form.sections.flatMap(({ items: keys }) => keys.map((key) => form.items.find((item) => item.key === key))).filter((item): item is Item => item !== undefined);
  return new Map(items.flatMap((item) => [item, ...(item.items ?? [])]).map(({ path }, place) => [path, place]));
}

/** The fullest valid case beside a standard: answers that belong together. */
export function fullestCase({ cases }: CasesDocument): Data {
  const valid = cases.filter((each) => each.valid).map(({ answers }) => answers.data);
  return valid.reduce<Data>((best, data) => (Object.keys(data).length > Object.keys(best).length ? data : best), {});
}

/** Repeats are drawn, never wished for. */
function plain(data: Data): { [key: string]: Value } {
  return Object.fromEntries(Object.entries(data).filter((entry): entry is [string, Value] => !(Array.isArray(entry[1]) && entry[1].some((row) => typeof row === 'object'))));
}

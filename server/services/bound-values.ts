/** What the bound items of a form resolve to: facts about subject, site and visit; identifiers only for those who may read them. */
import type { Context as FormContext, Form, Value } from '../../schemas/form.ts';
import type { Trx } from '../database.ts';
import type { SaveState } from '../repositories/records.ts';
import { todayAtSite } from './clock.ts';
import type { Context } from './context.ts';
import { openIdentifiers } from './identity.ts';

export interface Place {
  siteId: string;
  subjectId: string;
  visitId: string | undefined;
}

type Bound = { [path: string]: Value };

function facts(place: Place, state: SaveState): Bound {
  const { siteId, subjectId, visitId } = place;
  const known: { [path: string]: Value | null | undefined } = {
    'site.id': siteId, 'site.code': state.site_code, 'site.name': state.site_name,
    'subject.id': subjectId, 'subject.studyNumber': state.study_number, 'subject.sex': state.sex, 'subject.birthDate': state.birth_date,
    'visit.id': visitId, 'visit.kind': state.visit_kind, 'visit.date': state.visit_date,
  };
  return Object.fromEntries(Object.entries(known).filter((entry): entry is [string, Value] => entry[1] !== null && entry[1] !== undefined));
}

/** Bind paths of a form that are sealed identifiers. */
const sealed = new WeakMap<Form, readonly string[]>();
const open = new Set(['subject.id', 'subject.studyNumber', 'subject.sex', 'subject.birthDate']);

function sealedPaths(form: Form): readonly string[] {
  const known = sealed.get(form) ?? form.items.flatMap(({ bind }) => (bind?.startsWith('subject.') && !open.has(bind) ? [bind] : []));
  sealed.set(form, known);
  return known;
}

/** Everything that is known, identifiers too: for evaluating, never for a reply. */
export async function fullContext(context: Context, trx: Trx, form: Form, place: Place, state: SaveState): Promise<FormContext> {
  const bound = facts(place, state);
  const paths = sealedPaths(form);
  if (paths.length > 0) {
    const identifiers = await openIdentifiers(context, trx, place.siteId, place.subjectId);
    for (const path of paths) {
      const value = identifiers[path.slice('subject.'.length)];
      if (value !== undefined) bound[path] = value;
    }
  }
  return { today: todayAtSite(context.clock), bound };
}

/** What a reader may be told of a full context, and the paths that are kept back. */
export function tellContext(form: Form, full: FormContext, mayReadIdentifiers: boolean): { context: FormContext; withheld: string[]; told: string[] } {
  const identifiers = sealedPaths(form).filter((path) => full.bound?.[path] !== undefined);
  if (mayReadIdentifiers) return { context: full, withheld: [], told: identifiers };
  const bound = Object.fromEntries(Object.entries(full.bound ?? {}).filter(([path]) => !identifiers.includes(path)));
  return { context: { ...full, bound }, withheld: identifiers, told: [] };
}

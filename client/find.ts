/** What the quick find offers: pages, patients by study number or whole identifier, standards; on a patient's page their forms. */
import type { StandardSummary } from '../schemas/http/api.ts';
import { listStandards, searchSubjects } from './api.ts';
import { mayAnywhere, mayAt } from './controllers/permissions.ts';
import type { Found } from './elements/shell/find.ts';
import { ageInWords, dayOfInstant, read } from './elements/shell/format.ts';
import type { MenuEntry } from './elements/shell/frame.ts';
import type { PageContext } from './pages/context.ts';
import { to } from './places.ts';
import type { PagePlace } from './places.ts';
import { t } from './text/index.ts';

let standards: Promise<StandardSummary[]> | undefined;

export async function findAnything(query: string, signal: AbortSignal, { me, site }: PageContext, menu: readonly MenuEntry[], place: PagePlace | undefined): Promise<Found[]> {
  const words = query.trim().toLowerCase();
  const has = (text: string) => text.toLowerCase().includes(words);
  const pages = menu.filter(({ word }) => has(t(word))).map(({ word, icon, path }): Found => ({ icon, title: t(word), note: t('find.page'), path }));
  const [patients, forms] = await Promise.all([
    site && words.length > 1 && mayAt(me, site.id, 'subject:read') ? findPatients(site.id, query.trim(), signal) : [],
    words && mayAnywhere(me, 'standard:read') ? findStandards(has, place) : [],
  ]);
  return [...patients, ...pages, ...forms].slice(0, 20);
}

async function findPatients(siteId: string, query: string, signal: AbortSignal): Promise<Found[]> {
  const { items } = await searchSubjects(siteId, query, undefined, signal);
  const today = dayOfInstant(new Date());
  return items.slice(0, 8).map(({ id, studyNumber, birthDate }) => (
    { icon: 'patients', title: studyNumber, note: ageInWords(birthDate, today) ?? t('find.patient'), path: to('patient', { siteId, subjectId: id }) }));
}

async function findStandards(has: (text: string) => boolean, place: PagePlace | undefined): Promise<Found[]> {
  standards ??= listStandards();
  const found = (await standards.catch(() => { standards = undefined; return []; })).filter(({ title, subDataset }) => has(title.zh) || has(title.en) || has(subDataset));
  const { siteId, subjectId } = place?.params ?? {};
  return found.flatMap(({ title, subDataset, version }): Found[] => [
    ...(siteId && subjectId ? [{ icon: 'form' as const, title: read(title), note: t('find.fill'), path: `${to('patient', { siteId, subjectId })}?form=${subDataset}` }] : []),
    { icon: 'standards', title: read(title), note: t('find.standard'), path: to('standard', { subDataset, version }) },
  ]);
}

/** What the references of a form may name: the patient's own lesions, visits, specimens, pictures and records, and the sites. */
import type { Site, StandardSummary, Subject } from '../../../schemas/http/api.ts';
import { thumbnailAddress } from '../../api.ts';
import { dayOfInstant, read, siteName } from '../../elements/shell/format.ts';
import { lesionInWords, visitInWords } from '../../elements/shell/patient-words.ts';
import type { Entity } from '../../fields/option.ts';

/** `names`: of people, as far as they are known. */
export function entitiesOf(subject: Subject, sites: readonly Site[], standards: readonly StandardSummary[], names: ReadonlyMap<string, string>): Entity[] {
  const titles = new Map(standards.map(({ subDataset, title }) => [subDataset, read(title)]));
  const ordinals = new Map(subject.lesions.map(({ id, ordinal }) => [id, `L${ordinal}`]));
  const about = (lesionId: string | undefined, text: string) => [lesionId && ordinals.get(lesionId), text].filter(Boolean).join(' · ');
  return [
    { refersTo: 'subject', id: subject.id, label: subject.studyNumber },
    ...[...names].map(([id, label]) => ({ refersTo: 'person', id, label })),
    ...sites.map((site) => ({ refersTo: 'site', id: site.id, label: siteName(site) })),
    ...subject.lesions.map((lesion) => ({ refersTo: 'lesion', id: lesion.id, label: lesionInWords(lesion) })),
    ...subject.visits.map((visit) => ({ refersTo: 'visit', id: visit.id, label: visitInWords(visit) })),
    ...subject.specimens.map(({ id, code, lesionId }) => ({ refersTo: 'specimen', id, label: about(lesionId, code) })),
    ...subject.images.map(({ id, lesionId, createdAt }) => ({ refersTo: 'image', id, label: about(lesionId, dayOfInstant(createdAt)), thumbnail: thumbnailAddress(subject.siteId, id) })),
    ...subject.recordList.map(({ id, lesionId, subDataset, updatedAt }) => ({ refersTo: 'record', id, label: about(lesionId, `${titles.get(subDataset) ?? subDataset} ${dayOfInstant(updatedAt)}`) })),
  ];
}

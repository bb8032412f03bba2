/** Saves to send: valid answers to the staging form, about patients who are there. */
import { v7 as uuid } from 'uuid';
import type { Context } from '../../../schemas/form.ts';
import type { Change, SaveRequest } from '../../../schemas/http/api.ts';
import { answerForm, changesOf } from '../../../server/demo/answers.ts';
import { createRandom } from '../../../server/demo/random.ts';
import { createForms } from '../../../server/services/forms.ts';
import { loadStandards } from '../../../server/standards.ts';
import type { BenchServer } from '../lib/server.ts';

export const subDataset = 'melanoma-staging';
export const standardVersion = '1.0.0';
const birthDate = '1961-03-05';
const today = new Date().toISOString().slice(0, 10);

export interface Patient {
  subjectId: string;
  visitId: string;
  lesionId: string;
}

export async function enrolPatients({ ask, siteId }: BenchServer, count: number): Promise<Patient[]> {
  const patients: Patient[] = [];
  for (let index = 0; index < count; index += 1) {
    const [subjectId, visitId, lesionId] = [uuid(), uuid(), uuid()];
    const at = `/api/sites/${siteId}/subjects`;
    await ask('POST', at, { id: subjectId, contribution: uuid(), identity: { sex: '2', birthDate } });
    await ask('POST', `${at}/${subjectId}/visits`, { id: visitId, contribution: uuid(), kind: 'baseline', visitDate: '2024-01-10' });
    await ask('POST', `${at}/${subjectId}/lesions`, { id: lesionId, contribution: uuid(), label: '足底' });
    patients.push({ subjectId, visitId, lesionId });
  }
  return patients;
}

/** Complete answers, each drawn anew; the same on every machine. */
export async function drawAnswers(count: number): Promise<Change[][]> {
  const form = createForms(await loadStandards()).get(subDataset, standardVersion);
  const context: Context = { today, bound: { 'subject.birthDate': birthDate, 'subject.sex': '2' } };
  return Array.from({ length: count }, (_, index) => {
    const random = createRandom('save', index);
    const wishes = { primaryTumorStatus: 'measurable', pNodeStatus: 'assessed', cNodeStatus: 'assessed', distantMetastasis: 'yes' };
    return changesOf(answerForm(form, context, { random, wishes, optional: 0.95, withReason: 0.02, period: { from: '2023-01-01', to: today }, reference: () => uuid() }));
  });
}

export interface Kept {
  recordId: string;
  version: number;
  patient: Patient;
}

/** The whole form at once, as the first save of a record that was filled in. */
export function newSave({ request, siteId }: BenchServer, kept: Kept, changes: Change[]): Buffer {
  return put(request, siteId, kept, { ...bodyOf(kept, changes), status: 'complete' });
}

/** A correction: one number, one word, and what it was for. */
export function nextSave({ request, siteId }: BenchServer, kept: Kept, index: number): Buffer {
  const changes: Change[] = [{ pointer: '/breslow', value: 0.5 + (index % 500) / 100 }, { pointer: '/mdtDiscussed', value: index % 2 === 0 }, { pointer: '/ecog', value: String(index % 4) }];
  return put(request, siteId, kept, { ...bodyOf(kept, changes), status: 'in-progress', reason: '复核后更正' });
}

function bodyOf({ patient: { subjectId, visitId, lesionId } }: Kept, changes: Change[]): Omit<SaveRequest, 'status'> {
  return { contribution: uuid(), subjectId, visitId, lesionId, subDataset, standardVersion, changes };
}

function put(request: BenchServer['request'], siteId: string, { recordId, version }: Kept, body: SaveRequest): Buffer {
  return request('PUT', `/api/sites/${siteId}/records/${recordId}`, { 'If-Match': `"${version}"` }, body);
}

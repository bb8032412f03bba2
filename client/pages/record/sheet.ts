/** Everything that a form page needs, read together: the patient, the form and its check, the record or what a new one is bound to. */
import type { Context, Form } from '../../../schemas/form.ts';
import type { FormRecord, StandardSummary, Subject } from '../../../schemas/http/api.ts';
import type { StructureCheck } from '../../../schemas/prepare.ts';
import { Problem } from '../../../schemas/problem.ts';
import { getForm, getFormContext, getRecord, getStructureCheck, getSubject, listStandards } from '../../api.ts';
import type { RecordPlace } from '../../api.ts';
import type { RecordIdentity } from '../../controllers/record.ts';

export interface Sheet {
  subject: Subject;
  standards: StandardSummary[];
  form: Form;
  check: StructureCheck;
  identity: RecordIdentity;
  /** Absent for a record that is new. */
  record?: FormRecord;
  context: Context;
  withheld: readonly string[];
}

/** Ids of the address, and what to start when there is no such record yet. */
export interface SheetPlace {
  siteId: string;
  subjectId: string;
  recordId: string;
  start: RecordPlace | undefined;
}

/** @throws Problem | ConnectionError */
export async function readSheet({ siteId, subjectId, recordId, start }: SheetPlace, signal: AbortSignal): Promise<Sheet> {
  const [subject, standards, record] = await Promise.all([getSubject(siteId, subjectId, signal), listStandards(signal), findRecord(siteId, recordId, start, signal)]);
  const place: RecordPlace = record ? placeOf(record) : (start as RecordPlace);
  const [form, check, bound] = await Promise.all([
    getForm(place.subDataset, place.version, signal), getStructureCheck(place.subDataset, place.version),
    record ?? getFormContext(siteId, subjectId, place, signal),
  ]);
  const { subDataset, version: standardVersion, ...where } = place;
  return { subject, standards, form, check, identity: { id: recordId, subjectId, subDataset, standardVersion, ...where }, ...(record ? { record } : {}), context: bound.context, withheld: bound.withheld };
}

/** A record that is not there is new, when the address says what it would be. */
async function findRecord(siteId: string, recordId: string, start: RecordPlace | undefined, signal: AbortSignal): Promise<FormRecord | undefined> {
  try {
    return await getRecord(siteId, recordId, signal);
  } catch (error) {
    if (start && error instanceof Problem && error.key === 'record-not-found') return undefined;
    throw error;
  }
}

const placeOf = ({ subDataset, standardVersion: version, visitId, lesionId }: FormRecord): RecordPlace =>
  ({ subDataset, version, ...(visitId ? { visitId } : {}), ...(lesionId ? { lesionId } : {}) });

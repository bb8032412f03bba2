/** Stores one row of a foreign table: patient, visit, records and the row itself, all or nothing. The same row again stores nothing. */
import { canonicalize } from '../../schemas/canonical.ts';
import type { Value } from '../../schemas/form.ts';
import type { Change } from '../../schemas/http/api.ts';
import { fail } from '../../schemas/problem.ts';
import { transact, type Trx } from '../database.ts';
import { findVisit } from '../repositories/entities.ts';
import { insertImportRow, keepImportFile, type ImportFile, type ImportRow } from '../repositories/import-rows.ts';
import { findImportedVersion } from '../repositories/records.ts';
import { findSubjectByNumber } from '../repositories/subjects.ts';
import { standings } from './answers.ts';
import type { Context } from './context.ts';
import { contribute } from './contribute.ts';
import { editSubject, enrolThen } from './enrol.ts';
import { addVisit } from './entities.ts';
import { identityItems, openIdentifiers } from './identity.ts';
import type { Actor } from './permissions.ts';
import { saveRecord } from './save-record.ts';

export interface RowToImport {
  siteId: string;
  file: ImportFile;
  row: Omit<ImportRow, 'importFileId' | 'subjectId' | 'visitId' | 'contributionId'>;
  studyNumber: string;
  /** Whether the patient may be enrolled now. */
  enrol: boolean;
  /** Fields of the patient by element key; null was there before and is no longer. */
  identity: { [key: string]: Value | null };
  visit?: { id: string; kind: 'baseline' | 'follow-up' | 'treatment' | 'operation' | 'unplanned'; visitDate: string };
  records: RecordToImport[];
  /** A UUID that is always the same for these words. */
  idOf(...words: string[]): string;
}

export interface RecordToImport {
  id: string;
  subDataset: string;
  version: string;
  data: { [key: string]: Value };
  missing: { [pointer: string]: string };
  /** Pointers that the version of the row before answered, and this one does not. */
  cleared: string[];
}

/**
 * @throws Problem `subject-not-found` when the patient may not be enrolled, `possible-duplicate`, `record-conflict` when a person changed what
 *   the row changes too, and those of enrolling and saving
 */
export function importRow(context: Context, actor: Actor, wanted: RowToImport): Promise<void> {
  const { siteId } = wanted;
  return transact(context.db, { accountId: actor.accountId, sites: [siteId] }, async (trx) => {
    // The services open savepoints in this transaction, for it is what they are given as the database.
    const inside: Context = { ...context, db: trx };
    const subjectId = await patientOf(inside, trx, actor, wanted);
    const visitId = await visitOf(inside, trx, actor, wanted, subjectId);
    for (const record of wanted.records) await importRecord(inside, trx, actor, wanted, record, { subjectId, visitId });
    await keepRow(inside, actor, wanted, { subjectId, visitId });
  });
}

/** Once before the first row of a file. */
export function keepFile({ db }: Context, actor: Actor, siteId: string, file: ImportFile): Promise<void> {
  return transact(db, { accountId: actor.accountId, sites: [siteId] }, (trx) => keepImportFile(trx, siteId, actor.accountId, file));
}

async function patientOf(context: Context, trx: Trx, actor: Actor, wanted: RowToImport): Promise<string> {
  const { siteId, studyNumber, identity, row, idOf } = wanted;
  const known = await findSubjectByNumber(trx, siteId, studyNumber);
  if (!known) return enrolPatient(context, actor, wanted);
  const fields = row.version === 1 ? await unknownFields(context, trx, siteId, known, identity) : identity;
  if (Object.keys(fields).length > 0) {
    await editSubject(context, actor, siteId, known.id, { contribution: idOf('subject.edit', known.id, row.id, row.digest, String(row.version)), identity: fields });
  }
  return known.id;
}

async function enrolPatient(context: Context, actor: Actor, { siteId, studyNumber, enrol: mayEnrol, identity, idOf }: RowToImport): Promise<string> {
  if (!mayEnrol) fail('subject-not-found');
  const id = idOf('subject', studyNumber);
  const present = Object.fromEntries(Object.entries(identity).filter((entry): entry is [string, Value] => entry[1] !== null));
  await enrolThen(context, actor, siteId, { id, contribution: idOf('subject.enrol', studyNumber), studyNumber, identity: present }, async () => undefined);
  return id;
}

type Known = NonNullable<Awaited<ReturnType<typeof findSubjectByNumber>>>;

/** What a person has entered about a patient is not overwritten by a row that comes for the first time. */
async function unknownFields(context: Context, trx: Trx, siteId: string, known: Known, identity: RowToImport['identity']): Promise<RowToImport['identity']> {
  if (Object.keys(identity).length === 0) return identity;
  const identifiers = await openIdentifiers(context, trx, siteId, known.id);
  const there = new Map(identityItems(context).map(({ key, column }) => [key, (column ? known[column] : identifiers[key]) ?? undefined]));
  const differing = Object.entries(identity).filter(([key, value]) => there.get(key) !== undefined && there.get(key) !== value);
  if (differing.length > 0) fail('record-conflict', undefined, { conflicts: differing.map(([key]) => ({ pointer: `/identity/${key}` })) });
  return Object.fromEntries(Object.entries(identity).filter(([key]) => there.get(key) === undefined));
}

async function visitOf(context: Context, trx: Trx, actor: Actor, { siteId, visit, idOf }: RowToImport, subjectId: string): Promise<string | undefined> {
  if (!visit) return undefined;
  // A visit is not changed by a later file: another date in the source is another visit.
  const id = idOf('visit', visit.id, visit.visitDate);
  if (!(await findVisit(trx, siteId, id))) await addVisit(context, actor, siteId, subjectId, { ...visit, id, contribution: idOf('visit.add', id) });
  return id;
}

interface Owner {
  subjectId: string;
  visitId: string | undefined;
}

async function importRecord(context: Context, trx: Trx, actor: Actor, { siteId, file, row, idOf }: RowToImport, record: RecordToImport, { subjectId, visitId }: Owner): Promise<void> {
  const before = row.version === 1 ? undefined : await findImportedVersion(trx, siteId, record.id);
  const changes = changesOf(record, before);
  if (changes.length === 0) return;
  const base = before?.version ?? 0;
  const content = canonicalize(changes);
  await saveRecord(context, trx, actor, {
    siteId, recordId: record.id, base,
    request: {
      contribution: idOf('record.save', record.id, String(base), content), subjectId, ...(visitId === undefined ? {} : { visitId }), subDataset: record.subDataset,
      standardVersion: before?.standard_version ?? record.version, changes, status: 'in-progress',
      origin: { kind: 'import', fileSha256: file.fileSha256, mapping: file.mapping, row: row.line },
    },
  });
}

type Imported = NonNullable<Awaited<ReturnType<typeof findImportedVersion>>>;

/** Only what differs from the version that the last import made: what people changed since stays theirs, unless the source changed it too. */
function changesOf({ data, missing, cleared }: RecordToImport, before: Imported | undefined): Change[] {
  const standing = standings(before ?? { data: {}, missing: {}, parked: {} });
  const values = Object.entries(data).map(([key, value]): Change => ({ pointer: `/${key}`, value }));
  const reasons = Object.entries(missing).filter(([pointer]) => !Object.hasOwn(data, pointer.slice(1))).map(([pointer, reason]): Change => ({ pointer, missing: reason }));
  const gone = cleared.filter((pointer) => standing.has(pointer)).map((pointer): Change => ({ pointer }));
  return [...values, ...reasons, ...gone].filter(({ pointer, value, missing: reason }) => {
    const there = standing.get(pointer);
    return there?.missing !== reason || JSON.stringify(there?.value) !== JSON.stringify(value);
  });
}

async function keepRow(context: Context, actor: Actor, { siteId, file, row, idOf }: RowToImport, { subjectId, visitId }: Owner): Promise<void> {
  const contributionId = idOf('import.row', row.id, String(row.version), row.digest);
  const act = { siteId, contributionId, kind: 'import.row', entityId: row.id, request: row, detail: { mapping: file.mapping, line: row.line, version: row.version, refused: Object.keys(row.refused) } };
  await contribute(context, actor, act, async (trx) => {
    await insertImportRow(trx, siteId, actor.accountId, { ...row, importFileId: file.id, subjectId, visitId, contributionId });
  }, async () => undefined);
}

/** Rows for tests, made directly in the tables; each takes what matters to the test and fills in the rest. Values are invented. */
import { randomInt } from 'node:crypto';
import { v7 as uuid } from 'uuid';
import { json, transact, type Db } from '../../server/database.ts';
import type { Data, Missing } from '../../schemas/form.ts';
import type { RecordStatus, Role } from '../../schemas/http/api.ts';

export async function aSite(db: Db, { code = aCode(), name = '测试医院' }: { code?: string; name?: string } = {}): Promise<string> {
  const id = uuid();
  await transact(db, { sites: [] }, (trx) => trx.insertInto('site').values({ id, code, name }).execute());
  return id;
}

/** `passwordHash` is one that no password has, unless the test signs in. */
export async function anAccount(db: Db, { username = `user-${uuid()}`, passwordHash = 'none', memberships = [] }: { username?: string; passwordHash?: string; memberships?: { siteId: string | null; role: Role }[] } = {}): Promise<string> {
  const id = uuid();
  await transact(db, { sites: [] }, async (trx) => {
    await trx.insertInto('account').values({ id, username, display_name: username, password_hash: passwordHash }).execute();
    for (const { siteId, role } of memberships) await trx.insertInto('membership').values({ id: uuid(), account_id: id, site_id: siteId, role }).execute();
  });
  return id;
}

/** Where a subject, and what belongs to it, is and by whom it was made. */
export interface Place {
  siteId: string;
  accountId: string;
}

/** A new site and an account that may do everything there. */
export async function aPlace(db: Db): Promise<Place> {
  const siteId = await aSite(db);
  return { siteId, accountId: await anAccount(db, { memberships: [{ siteId, role: 'investigator' }] }) };
}

export async function aSubject(db: Db, { siteId, accountId }: Place, { studyNumber = `S-${uuid()}`, birthDate = '1960-01-01' }: { studyNumber?: string; birthDate?: string } = {}): Promise<string> {
  const id = uuid();
  await transact(db, { sites: [siteId] }, (trx) =>
    trx.insertInto('subject').values({ site_id: siteId, id, study_number: studyNumber, birth_date: birthDate, created_by: accountId }).execute());
  return id;
}

export interface RecordToBuild {
  subjectId: string;
  subDataset?: string;
  standardVersion?: string;
  status?: RecordStatus;
  data?: Data;
  missing?: Missing;
}

/** A record with its first version, under a contribution of its own. */
export async function aRecord(db: Db, { siteId, accountId }: Place, { subjectId, subDataset = 'melanoma-staging', standardVersion = '1.0.0', status = 'in-progress', data = {}, missing = {} }: RecordToBuild): Promise<string> {
  const id = uuid();
  const contribution = uuid();
  const made = { site_id: siteId, created_by: accountId };
  await transact(db, { sites: [siteId] }, async (trx) => {
    await trx.insertInto('contribution').values({ ...made, id: contribution, kind: 'record', request_digest: new Uint8Array(32), response: json({}) }).execute();
    await trx.insertInto('record').values({ ...made, id, subject_id: subjectId, sub_dataset: subDataset, standard_version: standardVersion, status, version: 1 }).execute();
    await trx.insertInto('record_version').values({
      ...made, record_id: id, version: 1, contribution_id: contribution, standard_version: standardVersion, status,
      data: json(data), missing: json(missing), parked: json({}), hard_findings: 0, soft_findings: 0, digest: '0'.repeat(64), chain: new Uint8Array(32),
    }).execute();
  });
  return id;
}

function aCode(): string {
  const letter = () => String.fromCharCode(65 + randomInt(26));
  return `${letter()}${letter()}${String(randomInt(100)).padStart(2, '0')}`;
}

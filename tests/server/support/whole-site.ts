/** A hospital with at least one row in every table that holds patients' data, made through the API, with values that are found nowhere else. */
import { json, transact } from '../../../server/database.ts';
import type { Mapping } from '../../../server/exchange/import/mapping.ts';
import { readFile } from '../../../server/exchange/import/read-file.ts';
import { storePlans } from '../../../server/exchange/import/store.ts';
import { sha256Of } from '../../../server/exchange/import/identity.ts';
import { beginRotation } from '../../../server/services/rotate-keys.ts';
import { aSave, id, type Person, type TestServer } from './app.ts';

export interface WholeSite {
  siteId: string;
  subject: string;
  visit: string;
  lesion: string;
  specimen: string;
  record: string;
  image: string;
  run: string;
  nurse: Person;
  /** Values of this hospital, by what they are: of whom they identify, and what was answered. */
  identifying: { readonly [key: string]: string };
  answered: string;
}

const mapping: Mapping = {
  name: 'whole', version: '1.0.0', title: '整表', source: 'test', key: ['number'], missing: { '': 'not-recorded' }, subject: { enrol: true },
  columns: [{ column: 'number', to: [{ place: 'subject/studyNumber' }] }, { column: 'name', to: [{ place: 'subject/name' }], identifying: 'direct' }, { column: 'note', to: [{ place: 'example/note' }] }],
};

/** `tag`: two digits that only this hospital's values hold. */
export async function aWholeSite(server: TestServer, tag: string): Promise<WholeSite> {
  const siteId = await server.site();
  const nurse = await server.person({ siteId, role: 'investigator' }, { siteId, role: 'data-manager' });
  const at = `/api/sites/${siteId}`;
  const site = { siteId, subject: id(), visit: id(), lesion: id(), specimen: id(), record: id(), image: id(), run: id(), nurse };
  const identifying = {
    name: `钟离隐${tag}`, idNumber: `4301021961030${tag}21X`.slice(0, 18), phone: `139745${tag}831`, healthCardNumber: `HC77${tag}4419`, addressStreet: `麓谷暗巷${tag}号路`, addressHouseNumber: `九栋${tag}室`,
    contactName: `闻人秘${tag}`, contactPhone: `158624${tag}709`, email: `canary${tag}@hidden.example`,
  };
  const numbers = { inpatientNumber: `ZYH88${tag}301`, outpatientNumber: `MZH55${tag}207` };
  const answered = `隐答案${tag}甲乙`;
  const made = (reply: { statusCode: number; body: string }) => { if (reply.statusCode >= 300) throw new Error(`${reply.statusCode} ${reply.body}`); };

  made(await nurse.post(`${at}/subjects`, { id: site.subject, contribution: id(), identity: { sex: '2', birthDate: '1961-03-05', ...identifying } }));
  made(await nurse.put(`${at}/subjects/${site.subject}`, { contribution: id(), identity: { name: `${identifying.name}新` }, from: '2026-02-01', reason: 'a new name' }));
  made(await nurse.post(`${at}/subjects/${site.subject}/visits`, { id: site.visit, contribution: id(), kind: 'operation', visitDate: '2026-01-02', details: { ...numbers, bed: '12' } }));
  made(await nurse.post(`${at}/subjects/${site.subject}/lesions`, { id: site.lesion, contribution: id(), label: '足跟' }));
  made(await nurse.post(`${at}/subjects/${site.subject}/specimens`, { id: site.specimen, contribution: id(), code: `S-${tag}-1` }));
  const changes = [{ pointer: '/note', value: answered }, { pointer: '/name', value: identifying.name }] as const;
  made(await nurse.put(`${at}/records/${site.record}`, aSave(site.subject, [...changes], { visitId: site.visit }), { 'if-match': '"0"' }));
  made(await nurse.put(`${at}/records/${site.record}`, aSave(site.subject, [{ pointer: '/measured', value: 'no' }], { visitId: site.visit, reason: 'looked again' }), { 'if-match': '"1"' }));
  made(await nurse.post(`${at}/protocol-runs`, { id: site.run, contribution: id(), protocol: 'melanoma-sample', subjectId: site.subject, visitId: site.visit, lesionId: site.lesion }));
  for (const q of Object.values({ ...identifying, ...numbers })) made(await nurse.post(`${at}/subjects/search`, { q }));
  for (const path of [`subjects/${site.subject}/identifiers`, `records/${site.record}`, `subjects/${site.subject}/visits/${site.visit}/details`, `subjects/${site.subject}/identifiers/history`]) made(await nurse.get(`${at}/${path}`));
  const imported = await importOne(server, site, `公孙藏${tag}`, answered);
  await insertTheRest(server, site);
  await beginRotation(server.context, siteId, 'index');
  return { ...site, identifying: { ...identifying, newName: `${identifying.name}新`, ...numbers, imported }, answered };
}

async function importOne({ context }: TestServer, { siteId, nurse }: { siteId: string; nurse: Person }, name: string, note: string): Promise<string> {
  const bytes = Buffer.from(`number\tname\tnote\nIMP-1\t${name}\t${note}`);
  const today = '2026-11-22';
  const sha256 = sha256Of(JSON.stringify(mapping));
  const { ready, plans } = readFile(bytes, { mapping, sha256 }, { formOf: (form) => context.forms.get(form), patientForm: 'patient-basic-info', today });
  const actor = { accountId: nurse.accountId, username: nurse.username, displayName: 'x', memberships: [{ siteId, role: 'data-manager' as const }] };
  const stored = await storePlans(context, plans, { siteId, actor, loaded: { mapping, sha256 }, ready, fileSha256: sha256Of(bytes), today });
  if (stored.added !== 1) throw new Error(`The row was not imported: ${JSON.stringify(stored)}`);
  return name;
}

/** What takes a whole afternoon at a bench, or a day of waiting, as rows. */
async function insertTheRest({ context: { db, files } }: TestServer, site: Omit<WholeSite, 'identifying' | 'answered'>): Promise<void> {
  const made = { site_id: site.siteId, created_by: site.nurse.accountId };
  const zeros = new Uint8Array(32);
  const { sha256, bytes } = await files.keep([Buffer.from(`picture of ${site.siteId}`)]);
  await transact(db, { sites: [site.siteId] }, async (trx) => {
    await trx.insertInto('image').values({ ...made, id: site.image, subject_id: site.subject, lesion_id: null, sha256, thumbnail_sha256: sha256, media_type: 'image/png', width: 1, height: 1, bytes }).execute();
    await trx.insertInto('protocol_record').values({ ...made, record_id: site.record, run_id: site.run, step: null }).execute();
    await trx.insertInto('protocol_aliquot').values({ ...made, specimen_id: site.specimen, run_id: site.run, record_id: site.record, kind: 'plasma' }).execute();
    await trx.insertInto('protocol_event').values({ ...made, id: id(), run_id: site.run, kind: 'step-completed', step: 'x', key: null, detail: json({}), reason: null }).execute();
    await trx.insertInto('history_anchor').values({ site_id: site.siteId, number: 1, statement: '{}', digest: zeros, signature: zeros, members: zeros, first_id: id() }).execute();
  });
}

/** History from before there were digests: an anchor takes it as it is, and from then on a change is found like any other. */
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { v7 as uuid } from 'uuid';
import { describe, expect, test } from 'vitest';
import { openDatabase, transactAsOwner, type Db } from '../../server/database.ts';
import { openHistoryKey } from '../../server/files/history-key.ts';
import { listLedgers, sealLedger } from '../../server/services/history-seal.ts';
import { verifyHistory } from '../../server/services/history-verify.ts';
import { engines } from '../support/engines.ts';

const folder = new URL('../../migrations/', import.meta.url);
const files = readdirSync(folder).filter((file) => file.endsWith('.sql')).sort();
const [site, account, subject, record, contribution, event] = Array.from({ length: 6 }, () => uuid());
const digest = createHash('sha256').update('{"data":{"note":"x"},"missing":{},"parked":{}}').digest('hex');
const before = `
  insert into site (id, code, name) values ('${site}', 'XY01', 'x');
  insert into account (id, username, display_name, password_hash) values ('${account}', 'a', 'A', 'none');
  insert into security_event (id, account_id, action) values ('${uuid()}', '${account}', 'session.open');
  insert into subject (site_id, id, study_number, created_by) values ('${site}', '${subject}', 'S1', '${account}');
  insert into contribution (site_id, id, kind, request_digest, response, created_by) values ('${site}', '${contribution}', 'record.save', '\\x01', '{"version": 1}', '${account}');
  insert into record (site_id, id, subject_id, sub_dataset, standard_version, status, version, created_by) values ('${site}', '${record}', '${subject}', 'd', '1.0.0', 'complete', 1, '${account}');
  insert into record_version (site_id, record_id, version, contribution_id, standard_version, status, data, missing, parked, hard_findings, soft_findings, digest, created_by)
    values ('${site}', '${record}', 1, '${contribution}', '1.0.0', 'complete', '{"note": "x"}', '{}', '{}', 0, 0, '${digest}', '${account}');
  insert into audit_event (site_id, id, account_id, action, entity, entity_id, contribution_id) values ('${site}', '${event}', '${account}', 'record.save', 'record', '${record}', '${contribution}')`;

describe.each(engines())('history from before, on $name', ({ name, create }) => {
  test('is anchored as it is, and guarded from then on', async () => {
    const keys = mkdtempSync(join(tmpdir(), 'xf-history-'));
    const { config, drop } = await create();
    const store = await openDatabase(name === 'embedded' ? {} : config);
    try {
      await sql.raw('drop schema public cascade; create schema public; grant all on schema public to public').execute(store.db);
      for (const file of files.filter((each) => each < '2026-11-22-08')) await run(store.db, file);
      await sql.raw(before).execute(store.db);
      for (const file of files.filter((each) => each >= '2026-11-22-08')) await run(store.db, file);
      const signer = await openHistoryKey(keys);
      const ledgers = await listLedgers(store.db);
      const verify = (db = store.db) => verifyHistory(db, { ledgers, keys: [signer.verifier] });
      expect(await verify()).toMatchObject({ events: 2, versions: 1, open: 2, breaches: [] });
      for (const ledger of ledgers) expect(await sealLedger(store.db, signer, ledger, { atLeast: 1, orAfter: 0, lookBack: 0, settled: 0 })).toBe(1);
      expect(await verify()).toMatchObject({ events: 2, anchors: 2, open: 0, breaches: [] });
      for (const change of ["record_version set soft_findings = 5", "contribution set reason = 'x'", "audit_event set action = 'record.read'", "security_event set action = 'session.close'", "audit_event set digest = sha256('x')"]) {
        const undo = new Error('undone');
        await transactAsOwner(store.db, async (trx) => {
          await sql.raw(`set local session_replication_role = replica; update ${change}`).execute(trx);
          expect([change, (await verify(trx)).breaches.length > 0]).toEqual([change, true]);
          throw undo;
        }).catch((error: unknown) => { if (error !== undo) throw error; });
      }
    } finally {
      await store.close();
      await drop();
      rmSync(keys, { recursive: true });
    }
  });
});

async function run(db: Db, file: string): Promise<void> {
  await sql.raw(readFileSync(new URL(file, folder), 'utf8')).execute(db);
}

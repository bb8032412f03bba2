/** Identifiers of an earlier version become facts for all days: the same ciphertext, said when and by whom the patient was enrolled. */
import { readdirSync, readFileSync } from 'node:fs';
import { sql } from 'kysely';
import { v7 as uuid } from 'uuid';
import { describe, expect, test } from 'vitest';
import { openDatabase } from '../../server/database.ts';
import { engines } from '../support/engines.ts';

const folder = new URL('../../migrations/', import.meta.url);
const files = readdirSync(folder).filter((file) => file.endsWith('.sql')).sort();
const subject = { site: uuid(), account: uuid(), id: uuid() };
const textOf = (file: string) => readFileSync(new URL(file, folder), 'utf8');
const before = `
  insert into site (id, code, name) values ('${subject.site}', 'XY01', 'x');
  insert into account (id, username, display_name, password_hash) values ('${subject.account}', 'a', 'A', 'none');
  insert into subject (site_id, id, study_number, sex, created_at, created_by) values ('${subject.site}', '${subject.id}', 'S1', '2', '2026-01-01T00:00:00Z', '${subject.account}');
  insert into subject_identifier (site_id, subject_id, key, key_id, ciphertext) values ('${subject.site}', '${subject.id}', 'name', 'k1', '\\x0102');
  insert into visit (site_id, id, subject_id, kind, visit_date, created_by) values ('${subject.site}', '${uuid()}', '${subject.id}', 'baseline', '2026-01-01', '${subject.account}')`;

describe.each(engines())('keeping what was known, on $name', ({ name, create }) => {
  test('keeps every identifier, its author and its day', async () => {
    const { config, drop } = await create();
    const store = await openDatabase(name === 'embedded' ? {} : config);
    try {
      await sql.raw('drop schema public cascade; create schema public; grant all on schema public to public').execute(store.db);
      for (const file of files.filter((each) => each < '2026-11-22-05')) await sql.raw(textOf(file)).execute(store.db);
      await sql.raw(before).execute(store.db);
      for (const file of files.filter((each) => each.startsWith('2026-11-22-05'))) await sql.raw(textOf(file)).execute(store.db);
      const { rows } = await sql<object>`select key, version, valid_from, key_id, encode(ciphertext, 'hex') as ciphertext, created_at = '2026-01-01T00:00:00Z' as dated, created_by from subject_fact`.execute(store.db);
      expect(rows).toEqual([{ key: 'name', version: 1, valid_from: null, key_id: 'k1', ciphertext: '0102', dated: true, created_by: subject.account }]);
      await sql.raw(`insert into visit (site_id, id, subject_id, kind, visit_date, created_by) values ('${subject.site}', '${uuid()}', '${subject.id}', 'inpatient', '2026-01-01', '${subject.account}')`).execute(store.db);
    } finally {
      await store.close();
      await drop();
    }
  });
});


/** Importing a small table into each engine: once, again, changed, and against what people do. */
import { sql } from 'kysely';
import { v7 as uuidv7 } from 'uuid';
import { describe, expect, test } from 'vitest';
import { transact } from '../../../server/database.ts';
import { sha256Of } from '../../../server/exchange/import/identity.ts';
import type { Mapping } from '../../../server/exchange/import/mapping.ts';
import { readFile } from '../../../server/exchange/import/read-file.ts';
import { storePlans, type Stored } from '../../../server/exchange/import/store.ts';
import { openIdentifiers } from '../../../server/services/identity.ts';
import { saveRecord } from '../../../server/services/save-record.ts';
import { engines } from '../../support/engines.ts';
import { aMapping, aTable } from './a-mapping.ts';
import { usePlace } from './everything.ts';

describe.each(engines())('importing a table, on $name', ({ fresh }) => {
  const store = fresh();
  const place = usePlace(() => store.db);
  const scope = { sites: [place.siteId] };

  const importTable = (bytes: Buffer, mapping: Mapping = aMapping(), sha256 = sha256Of(JSON.stringify(mapping))): Promise<Stored> => {
    const { context, siteId, actor } = place;
    const surroundings = { formOf: (name: string) => context.forms.get(name), patientForm: 'patient-basic-info', today: '2026-11-22' };
    const { ready, plans } = readFile(bytes, { mapping, sha256 }, surroundings);
    return storePlans(context, plans, { siteId, actor, loaded: { mapping, sha256 }, ready, fileSha256: sha256Of(bytes), today: '2026-11-22' });
  };
  const rowsOf = (query: string) => transact(store.db, scope, async (trx) => (await sql.raw<{ [name: string]: unknown }>(query).execute(trx)).rows);
  const counts = async () => (await rowsOf(`select (select count(*) from subject) subjects, (select count(*) from record) records, (select count(*) from record_version) versions,
    (select count(*) from contribution) contributions, (select count(*) from audit_event) events, (select count(*) from import_row) rows, (select count(*) from import_file) files`))[0];
  const recordOf = async (number: string) => (await rowsOf(`select r.id, r.version, r.subject_id, v.data, v.missing, v.parked, v.origin, v.status from record r join subject s on s.id = r.subject_id
    join record_version v on v.record_id = r.id and v.version = r.version where s.study_number = '${number}'`))[0] as {
    id: string; version: number; subject_id: string; data: object; missing: object; parked: object; origin: { [name: string]: unknown }; status: string };

  test('stores each row with its patient, record and the row itself, and says where it came from', async () => {
    const bytes = aTable({ number: 'A1', sex: 'F', words: 'x', whole: '3', flag: '?', detail: 'aside', other: 'kept' }, { number: 'A2', whole: '1.5', answer: 'yes' });
    expect(await importTable(bytes)).toEqual({ added: 2, changed: 0, unchanged: 0, refused: [] });
    const record = await recordOf('A1');
    expect(record).toMatchObject({ version: 1, status: 'in-progress', data: { words: 'x', whole: 3 }, parked: { '/detail': 'aside' }, origin: { kind: 'import', mapping: 'small/1.0.0', row: 2, fileSha256: sha256Of(bytes) } });
    expect(record.missing).toMatchObject({ '/flag': 'unknown', '/exact': 'not-recorded' });
    const [row] = await rowsOf(`select cells, missing, refused, line from import_row where line = 3`);
    expect(row).toMatchObject({ line: 3, cells: { number: 'A2', whole: '1.5', answer: 'yes' }, missing: { words: 'not-recorded' } });
    expect((row?.['refused'] as { whole: string } | undefined)?.whole).toMatch(/whole number/);
    expect(await rowsOf(`select sex from subject where study_number = 'A1'`)).toEqual([{ sex: '2' }]);
  });

  test('stores nothing twice', async () => {
    const bytes = aTable({ number: 'B1', words: 'x' }, { number: 'B2', other: 'y' });
    await importTable(bytes);
    const before = await counts();
    expect(await importTable(bytes)).toEqual({ added: 0, changed: 0, unchanged: 2, refused: [] });
    expect(await counts()).toEqual(before);
  });

  test('makes the next version of what a later file changed, and forward and back again', async () => {
    await importTable(aTable({ number: 'C1', words: 'one', whole: '1', sex: 'M' }, { number: 'C2', words: 'same' }));
    expect(await importTable(aTable({ number: 'C2', words: 'same' }, { number: 'C1', words: 'two', sex: 'F' }))).toEqual({ added: 0, changed: 1, unchanged: 1, refused: [] });
    expect(await recordOf('C1')).toMatchObject({ version: 2, data: { words: 'two' }, missing: { '/whole': 'not-recorded' } });
    expect(await rowsOf(`select sex from subject where study_number = 'C1'`)).toEqual([{ sex: '2' }]);
    expect(await importTable(aTable({ number: 'C1', words: 'one', whole: '1', sex: 'M' }))).toMatchObject({ changed: 1 });
    expect(await recordOf('C1')).toMatchObject({ version: 3, data: { words: 'one', whole: 1 } });
    expect(await rowsOf(`select version from import_row where cells ->> 'number' = 'C1' order by version`)).toEqual([{ version: 1 }, { version: 2 }, { version: 3 }]);
  });

  const edit = async (number: string, changes: { pointer: string; value: string }[]) => {
    const { id, version, subject_id: subjectId } = await recordOf(number);
    const request = { contribution: uuidv7(), subjectId, subDataset: 'everything', standardVersion: '1.1.0', changes, status: 'in-progress' as const };
    await saveRecord(place.context, store.db, place.actor, { siteId: place.siteId, recordId: id, base: version, request });
  };

  test('leaves what people entered where the source did not change it', async () => {
    await importTable(aTable({ number: 'D1', words: 'source', whole: '1' }));
    await edit('D1', [{ pointer: '/words', value: 'person' }, { pointer: '/newer', value: 'added' }]);
    expect(await importTable(aTable({ number: 'D1', words: 'source', whole: '2' }))).toMatchObject({ changed: 1, refused: [] });
    expect(await recordOf('D1')).toMatchObject({ version: 3, data: { words: 'person', newer: 'added', whole: 2 } });
  });

  test('refuses the row that changes what a person changed too, and goes on with the next', async () => {
    await importTable(aTable({ number: 'E1', words: 'source' }, { number: 'E2', words: 'x' }));
    await edit('E1', [{ pointer: '/words', value: 'person' }]);
    const { changed, refused } = await importTable(aTable({ number: 'E1', words: 'other', whole: '7' }, { number: 'E2', words: 'y' }));
    expect(changed).toBe(1);
    expect(refused).toMatchObject([{ line: 2 }]);
    expect(refused[0]?.reason).toContain('/words');
    expect(refused[0]?.reason).not.toContain('other');
    expect(await recordOf('E1')).toMatchObject({ version: 2, data: { words: 'person' } });
  });

  test('finds a patient by the study number, and refuses one who must be enrolled but is not', async () => {
    const mapping = aMapping({ subject: { enrol: false }, name: 'later', columns: aMapping().columns.map((rule) => (rule.column === 'sex' || rule.column === 'name' ? { ...rule, to: 'source' } : rule)) });
    await importTable(aTable({ number: 'F1' }));
    const { added, refused } = await importTable(aTable({ number: 'F1', words: 'x' }, { number: 'F9', words: 'x' }), mapping);
    expect(added).toBe(1);
    expect(refused).toMatchObject([{ line: 3, reason: 'no patient with this study number is enrolled, and the mapping does not enrol' }]);
    expect(await rowsOf(`select count(*)::int as n from subject where study_number = 'F9'`)).toEqual([{ n: 0 }]);
  });

  test('does not overwrite what is known of a patient enrolled by hand', async () => {
    await importTable(aTable({ number: 'G1', sex: 'M' }));
    const mapping = aMapping({ name: 'second' });
    expect(await importTable(aTable({ number: 'G1', sex: 'M', words: 'x' }), mapping)).toMatchObject({ added: 1 });
    const other = aMapping({ name: 'third' });
    const { refused } = await importTable(aTable({ number: 'G1', sex: 'F', words: 'x' }), other);
    expect(refused[0]?.reason).toContain('/identity/sex');
    expect(await rowsOf(`select sex from subject where study_number = 'G1'`)).toEqual([{ sex: '1' }]);
  });

  test('seals identifiers, and keeps them nowhere in clear', async () => {
    await importTable(aTable({ number: 'H1', name: '欧阳娜娜', words: 'x' }));
    const { subject_id: subjectId } = await recordOf('H1');
    expect(await transact(store.db, scope, (trx) => openIdentifiers(place.context, trx, place.siteId, subjectId))).toEqual({ name: '欧阳娜娜' });
    for (const table of ['import_row', 'import_file', 'record_version', 'contribution', 'audit_event', 'subject_fact']) {
      expect(await rowsOf(`select count(*)::int as n from ${table} t where t::text like '%欧阳%'`), table).toEqual([{ n: 0 }]);
    }
    const before = await counts();
    expect(await importTable(aTable({ number: 'H1', name: '欧阳娜娜', words: 'x' }))).toMatchObject({ unchanged: 1 });
    expect(await counts()).toEqual(before);
  });

  test('makes a visit of a row, once for each date', async () => {
    const columns = aMapping().columns.map((rule) => (rule.column === 'day' ? { ...rule, to: [{ place: 'visit/date', dateOrder: 'DMY' as const }] } : rule));
    const mapping = aMapping({ name: 'visits', visit: { kind: 'follow-up' }, columns });
    await importTable(aTable({ number: 'I1', day: '1.2.2020', words: 'x' }), mapping);
    await importTable(aTable({ number: 'I1', day: '1.2.2020', words: 'y' }), mapping);
    expect(await rowsOf(`select visit_date, kind from visit where subject_id = (select id from subject where study_number = 'I1')`)).toEqual([{ visit_date: '2020-02-01', kind: 'follow-up' }]);
    expect(await rowsOf(`select (visit_id is not null) as at_visit from record where subject_id = (select id from subject where study_number = 'I1')`)).toEqual([{ at_visit: true }]);
  });

  test('keeps hostile text as it is', async () => {
    const words = `'); drop table record; -- <script> =cmd() ＝ \\ "' 龴𠮷`;
    await importTable(aTable({ number: 'J1', words: `"${words.replaceAll('"', '""')}"` }), aMapping({ name: 'hostile' }));
    expect((await recordOf('J1')).data).toEqual({ words });
  });

  test('is seen by nobody at another hospital', async () => {
    await importTable(aTable({ number: 'K1', words: 'x' }));
    const seen = await transact(store.db, { sites: [place.elsewhere] }, async (trx) => (await sql.raw<{ n: number }>(`select (select count(*) from import_row)::int + (select count(*) from import_file)::int as n`).execute(trx)).rows);
    expect(seen).toEqual([{ n: 0 }]);
  });
});

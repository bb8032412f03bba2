/** A dump of the database shows nobody: every cell of every table is looked at, on both engines, and on PostgreSQL what pg_dump writes too. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import type { IdentitySheet } from '../../schemas/http/api.ts';
import { transact, transactAsOwner } from '../../server/database.ts';
import { createForms } from '../../server/services/forms.ts';
import { engines } from '../support/engines.ts';
import { select } from '../support/select.ts';
import { id, useServer } from './support/app.ts';
import { standardsWithExample } from './support/example.ts';
import { aWholeSite, type WholeSite } from './support/whole-site.ts';

const pgDump = ['/usr/bin/pg_dump', '/usr/local/bin/pg_dump', '/opt/homebrew/bin/pg_dump'].find((path) => existsSync(path));

/** A value as it is, and as somebody might hide it without a key. */
const disguises = (value: string): string[] => {
  const bytes = Buffer.from(value);
  return [value, bytes.toString('hex'), bytes.toString('base64').replace(/=+$/, ''), bytes.toString('latin1'), encodeURIComponent(value), JSON.stringify(value).slice(1, -1), [...value].reverse().join('')];
};

describe.each(engines())('a dump, on $name', ({ name: engine, fresh }) => {
  const store = fresh();
  const server = useServer(() => store.open);
  let whole: WholeSite;
  let values: string[] = [];

  beforeAll(async () => {
    whole = await aWholeSite(server, '58');
    values = [...Object.values(whole.identifying), ...(await everyItem())];
  });

  /** A second patient, of whom everything is told that the identity form takes: of each item the first of these that it accepts. */
  async function everyItem(): Promise<string[]> {
    const subjectId = id();
    const at = `/api/sites/${whole.siteId}/subjects`;
    expect((await whole.nurse.post(at, { id: subjectId, contribution: id(), identity: { sex: '1' } })).statusCode).toBe(201);
    const { form } = (await whole.nurse.get('/api/identity')).json<IdentitySheet>();
    const told: string[] = [];
    for (const [at2, { key, valueSet, type }] of form.items.entries()) {
      if (valueSet !== undefined || type === 'date' || key === 'sex' || key === 'birthDate') continue;
      const n = String(at2 + 100);
      for (const value of [`司空${n}无人知`, `SECRET${n}77`, `1377${n}8123`, `73${n}1`, `s${n}@canary.example`]) {
        const reply = await whole.nurse.put(`${at}/${subjectId}`, { contribution: id(), identity: { [key]: value } });
        if (reply.statusCode !== 200) continue;
        told.push(value);
        break;
      }
    }
    expect(told.length).toBeGreaterThanOrEqual(25);
    return told;
  }

  /** Where any of them stands in a text. */
  const found = (text: string) => values.filter((value) => disguises(value).some((each) => text.includes(each)));

  test('of every column of every table holds no name, number, telephone, address', async () => {
    const tables = (await transactAsOwner(server.context.db, (trx) => select<{ name: string }>(trx, `select relname as name from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace order by 1`))).map(({ name }) => name);
    expect(tables).toEqual(expect.arrayContaining(['account', 'audit_event', 'contribution', 'import_row', 'record_version', 'session', 'subject', 'subject_fact', 'visit_state']));
    const hits: string[] = [];
    let cells = 0;
    for (const table of tables) {
      const rows = await transact(server.context.db, { sites: [whole.siteId] }, (trx) => select<{ [column: string]: unknown }>(trx, `select * from ${table}`)).catch(() => transactAsOwner(server.context.db, (trx) => select<{ [column: string]: unknown }>(trx, `select * from ${table}`)));
      for (const row of rows) {
        for (const [column, value] of Object.entries(row)) {
          cells += 1;
          const text = value instanceof Uint8Array ? `${Buffer.from(value).toString('utf8')} ${Buffer.from(value).toString('hex')}` : typeof value === 'string' ? value : JSON.stringify(value ?? null);
          hits.push(...found(text).map((each) => `${table}.${column}: ${each}`));
        }
      }
    }
    expect(hits).toEqual([]);
    console.log(`dump, ${engine}: ${values.length} values in 7 disguises, ${tables.length} tables, ${cells} cells, 0 found`);
  });

  test('would be found by this if they were there', async () => {
    const [row] = await transact(server.context.db, { sites: [whole.siteId] }, (trx) => select<{ data: object }>(trx, `select data from record_version where record_id = '${whole.record}' and version = 1`));
    values.push(whole.answered);
    expect(found(JSON.stringify(row?.data))).toEqual([whole.answered]);
    values.pop();
  });

  test.runIf(engine === 'postgresql' && pgDump !== undefined)('as pg_dump writes it holds none either', () => {
    const url = (store.config as { url: string }).url;
    const dump = spawnSync(pgDump ?? '', ['--inserts', url], { encoding: 'utf8', maxBuffer: 1 << 29 });
    expect(dump.status, dump.stderr).toBe(0);
    expect(dump.stdout.length).toBeGreaterThan(10_000);
    expect(found(dump.stdout)).toEqual([]);
  });
});

test('what identifies directly is bound to the patient or the visit, or is no text: nothing of it lies in a record', () => {
  const standards = standardsWithExample();
  const forms = createForms(standards);
  const loose = standards.standards.flatMap(({ subDataset, version }) => forms.get(subDataset, version).form.items.flatMap((item) => [item, ...(item.items ?? [])])
    .filter(({ identifying, bind, refersTo }) => identifying === 'direct' && bind === undefined && refersTo === undefined).map(({ path }) => `${subDataset}/${path}`));
  expect(loose).toEqual([]);
  expect(loose).toEqual([]);
});

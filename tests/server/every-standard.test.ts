/** Proof of sense on a real store: of every sub-dataset a full and a minimal record is saved, read again and exported, and comes back equal. */
import { fileURLToPath } from 'node:url';
import { unzipSync } from 'fflate';
import Papa from 'papaparse';
import { v7 as uuidv7 } from 'uuid';
import { beforeAll, describe, expect, test } from 'vitest';
import { loadStandards } from '../../schemas/bin/load.ts';
import type { CasesDocument } from '../../schemas/cases.ts';
import type { Data, Form, Item, Row, Value } from '../../schemas/form.ts';
import type { SaveReply } from '../../schemas/http/api.ts';
import { writeExport } from '../../server/exchange/export/run.ts';
import { changesOf } from '../../server/demo/answers.ts';
import { addVisit } from '../../server/services/entities.ts';
import { enrol } from '../../server/services/enrol.ts';
import { readRecord } from '../../server/services/read-record.ts';
import { saveRecord } from '../../server/services/save-record.ts';
import { engines } from '../support/engines.ts';
import { fullestCase, sampleOf, surroundings } from '../support/sample.ts';
import { usePlace } from './exchange/everything.ts';

const { registry, files } = loadStandards(fileURLToPath(new URL('../../standards', import.meta.url)));

interface Saved {
  subDataset: string;
  form: Form;
  share: number;
  reply: SaveReply;
}

describe.each(engines())('every standard, on $name', ({ fresh }) => {
  const store = fresh();
  const place = usePlace(() => store.db, () => registry);
  const [subjectId, visitId] = [uuidv7(), uuidv7()];
  const saved: Saved[] = [];
  const tables = new Map<string, { [column: string]: string }[]>();

  beforeAll(async () => {
    const { context, actor, siteId } = place;
    await enrol(context, actor, siteId, { id: subjectId, contribution: uuidv7(), identity: { sex: '2', birthDate: '1961-03-05', name: '王某' } });
    await addVisit(context, actor, siteId, subjectId, { id: visitId, contribution: uuidv7(), kind: 'operation', visitDate: '2026-11-20' });
    const references = { subject: subjectId, site: siteId, visit: visitId, person: actor.accountId, lesion: uuidv7(), specimen: uuidv7(), image: uuidv7(), record: uuidv7() };
    for (const { dataset, subDataset, version } of registry.standards) {
      const form = context.forms.get(subDataset, version);
      const begin = fullestCase(files.get(`${dataset}/${subDataset}/${version}.cases.json`) as CasesDocument);
      for (const share of [1, 0]) {
        // What is bound is known here as far as the store knows it; a rule over something unknown is silent.
        const context = { today: '2026-11-22', bound: { ...surroundings.bound, 'subject.id': subjectId, 'visit.id': visitId, 'site.id': siteId, 'site.code': 'XY01' } };
        const answers = sampleOf(form, { seed: 'stored', share, references, context, ...(share === 1 ? { begin } : {}) });
        const request = { contribution: uuidv7(), subjectId, visitId, subDataset, standardVersion: version, changes: changesOf(answers), status: 'in-progress' as const };
        saved.push({ subDataset, form: form.form, share, reply: await saveRecord(place.context, store.db, actor, { siteId, recordId: uuidv7(), base: 0, request }) });
      }
    }
    const chunks: Uint8Array[] = [];
    const request = { release: registry.getRelease().release, siteIds: [siteId], subDatasets: [...new Set(saved.map(({ subDataset }) => subDataset))], profile: 'analysis' as const, language: 'zh' as const };
    await writeExport(context, { request, actor, version: '0.0.0', engine: store.open.engine }, async (bytes) => void chunks.push(Buffer.from(bytes)));
    for (const [name, bytes] of Object.entries(unzipSync(Buffer.concat(chunks)))) {
      if (!name.endsWith('.csv')) continue;
      const { data, meta } = Papa.parse<{ [column: string]: string }>(Buffer.from(bytes).toString().replace(/^\ufeff/, ''), { header: true, newline: '\r\n', delimiter: ',', skipEmptyLines: true });
      expect(meta.renamedHeaders ?? null, `${name} names two columns alike`).toBeNull();
      tables.set(name, data);
    }
  }, 300_000);

  test('saves full and minimal records without a hard finding other than what only the store could not know', () => {
    const unexpected = saved.flatMap(({ subDataset, form, share, reply }) => reply.findings
      .filter(({ severity, rule, pointer }) => severity === 'hard' && !(rule === 'required' && form.items.find(({ key }) => `/${key}` === pointer)?.bind !== undefined))
      .map(({ rule, pointer }) => `${subDataset} (${share === 1 ? 'full' : 'minimal'}): ${rule} at ${pointer}`));
    expect(unexpected).toEqual([]);
  });

  test('reads every record as it was saved', async () => {
    for (const { reply } of saved) {
      const read = await readRecord(place.context, place.actor, place.siteId, reply.id);
      expect({ data: read.data, missing: read.missing, parked: read.parked }).toEqual({ data: reply.data, missing: reply.missing, parked: reply.parked });
    }
  });

  test('exports every value of every record as it was saved', () => {
    for (const { subDataset, form, reply } of saved) {
      const row = tables.get(`${subDataset}.csv`)?.find((each) => each['record_id'] === reply.id);
      expect(row, subDataset).toBeDefined();
      for (const item of exported(form.items)) {
        if (item.type !== 'repeat') expect(plain(row?.[item.key]), `${subDataset} ${item.key}`).toBe(textOf(reply.data[item.key] as Value | undefined));
      }
      for (const repeat of form.items.filter(({ type }) => type === 'repeat')) expectRows(subDataset, repeat, reply);
    }
  });

  function expectRows(subDataset: string, repeat: Item, { id, data }: { id: string; data: Data }): void {
    const rows = (tables.get(`${subDataset}__${repeat.key}.csv`) ?? []).filter((each) => each['record_id'] === id);
    const expected = (data[repeat.key] ?? []) as readonly Row[];
    expect(rows.map((row) => row['row_id']), `${subDataset} ${repeat.key}`).toEqual(expected.map(({ rowId }) => rowId));
    for (const column of exported(repeat.items ?? [])) expect(rows.map((row) => plain(row[column.key])), `${subDataset} ${column.path}`).toEqual(expected.map((row) => textOf(row[column.key])));
  }
});

function exported(items: readonly Item[]): Item[] {
  return items.filter(({ identifying, bind }) => identifying !== 'direct' && bind === undefined);
}

/** Lists of codes are JSON; the blanks between them are the database's. */
function plain(cell: string | undefined): string | undefined {
  return cell?.startsWith('["') ? JSON.stringify(JSON.parse(cell)) : cell;
}

/** As the export writes it. */
function textOf(value: Value | undefined): string {
  if (value === undefined) return '';
  if (typeof value === 'boolean') return value ? '1' : '0';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import fastify from 'fastify';
import { afterAll, describe, expect, test } from 'vitest';
import type { Health } from '../../schemas/http/api.ts';
import { shapes } from '../../schemas/http/shapes.ts';
import { readConfig } from '../../server/config.ts';
import { transact } from '../../server/database.ts';
import { answerForm, changesOf, cutShort } from '../../server/demo/answers.ts';
import { openDemo } from '../../server/demo/demo.ts';
import { invent } from '../../server/demo/people.ts';
import { createPainter } from '../../server/demo/picture.ts';
import { createRandom } from '../../server/demo/random.ts';
import { demonstrate } from '../../server/demo/start.ts';
import { tell } from '../../server/demo/story.ts';
import { readPicture } from '../../server/files/picture.ts';
import { health } from '../../server/routes/health.ts';
import type { Context } from '../../server/services/context.ts';
import { createForms } from '../../server/services/forms.ts';
import { createSessions } from '../../server/services/sessions.ts';
import { signIn } from '../../server/services/sign-in.ts';
import { loadStandards } from '../../server/standards.ts';
import { engines } from '../support/engines.ts';
import { aFolder } from '../support/folders.ts';
import { useServer } from './support/app.ts';

const today = '2026-06-30';
const standards = await loadStandards();
const forms = createForms(standards);
const subDatasets = standards.releases.at(-1)?.standards.map(({ subDataset }) => subDataset) ?? [];

/** What one patient with a skin tumour passes through; the other sub-datasets are drawn in `every-standard.test.ts`. */
const told = ['patient-basic-info', 'lesion-register', 'clinical-image', 'ai-classification', 'melanoma-staging', 'melanoma-pathology', 'melanoma-resection-imaging'];

describe('answers drawn for a form', () => {
  test.each(subDatasets)('have no hard finding: %s', (subDataset) => {
    const form = forms.get(subDataset);
    const context = { today, bound: { 'subject.birthDate': '1961-03', 'subject.sex': '2' } };
    fc.assert(fc.property(fc.string(), (seed) => {
      const random = createRandom(seed);
      const answers = answerForm(form, context, { random, optional: 0.8, withReason: 0.05, period: { from: '2024-01-01', to: today }, reference: () => random.uuid(0) });
      const { findings, data, missing, disabled } = form.evaluate(answers, context);
      expect(findings.filter(({ severity }) => severity === 'hard')).toEqual([]);
      const asked = form.form.items.filter(({ key, required, bind }) => required && bind === undefined && !disabled.includes(`/${key}`));
      expect(asked.filter(({ key }) => data[key] === undefined && missing[`/${key}`] === undefined)).toEqual([]);
      const draft = cutShort(form.form, answers, 0.4);
      expect(changesOf(draft).length).toBeLessThanOrEqual(changesOf(answers).length);
    }), { numRuns: 40 });
  });

  test('are the same for the same seed, and others for another', () => {
    const draw = (seed: string) => answerForm(forms.get('melanoma-staging'), { today }, { random: createRandom(seed), optional: 0.8, withReason: 0.05, period: { from: '2024-01-01', to: today }, reference: () => undefined });
    expect(draw('a')).toEqual(draw('a'));
    expect(draw('a')).not.toEqual(draw('b'));
  });
});

describe('invented people', () => {
  const people = Array.from({ length: 300 }, (_, serial) => ({ serial, person: invent(createRandom('people', serial), serial, today) }));

  test('have identity numbers that nobody can have', () => {
    for (const { person } of people) {
      const number = String(person.identity['idNumber']);
      expect(number).toMatch(/^999999\d{11}[\dX]$/);
      expect(hasValidCheck(number)).toBe(false);
    }
    expect(new Set(people.map(({ person }) => person.identity['phone'])).size).toBe(people.length);
  });

  test('are adults, and have melanoma mostly on hands and feet', () => {
    const years = people.map(({ person }) => Number(today.slice(0, 4)) - Number(person.birthDate.slice(0, 4)));
    expect([Math.min(...years) >= 30, Math.max(...years) <= 86]).toEqual([true, true]);
    const melanomas = people.map(({ serial, person }) => tell(createRandom('story', serial), person, today)).filter(({ melanoma }) => melanoma);
    const acral = melanomas.filter(({ lesions: [{ site }] }) => ['acral', 'subungual'].includes(site.subtype));
    expect(melanomas.length).toBeGreaterThan(100);
    expect(acral.length / melanomas.length).toBeGreaterThan(0.4);
  });
});

test('a drawn picture is a whole JPEG, the same for the same seed', async () => {
  const paint = createPainter();
  const [lesion] = tell(createRandom('one'), invent(createRandom('one'), 1, today), today).lesions;
  for (const view of ['overview', 'close', 'dermoscopic', 'specimen'] as const) {
    const bytes = await paint('seed', view, lesion);
    expect(await readPicture(bytes)).toMatchObject({ mediaType: 'image/jpeg', width: 480, height: 360, metadata: {} });
    expect((await paint('seed', view, lesion)).equals(bytes)).toBe(true);
  }
});

describe.each(engines())('the demonstration, on $name', ({ fresh }) => {
  const cases = 24;
  const store = fresh();
  const server = useServer(() => store.open);
  const dataFolder = mkdtempSync(join(tmpdir(), 'xf-demo-'));
  afterAll(() => rmSync(dataFolder, { recursive: true, force: true }));

  test('has the sub-datasets of its story, every role that signs in, three hospitals', async () => {
    const counts: number[] = [];
    const { context } = server;
    const shown = await openDemo(context, { dataFolder, cases, progress: (done) => counts.push(done) });
    expect(counts).toEqual(Array.from({ length: cases }, (_, at) => at + 1));
    expect(new Set(shown.map(({ role }) => role)).size).toBe(8);
    for (const { username, password } of shown) await signIn(context, createSessions(context.db, context.clock), { username, password });
    const { sites, records } = await everything(context);
    expect(sites).toHaveLength(3);
    expect(new Set(records.map(({ sub_dataset }) => sub_dataset))).toEqual(new Set(told));
  }, 60_000);

  test('holds what people would have entered: drafts, complete records without hard findings, pictures', async () => {
    const { subjects, records, versions, images } = await everything(server.context);
    expect(subjects).toHaveLength(cases);
    expect(new Set(records.map(({ status }) => status))).toEqual(new Set(['in-progress', 'complete']));
    expect(versions.filter(({ status, hard_findings }) => status === 'complete' && hard_findings > 0)).toEqual([]);
    expect(images.length).toBeGreaterThan(cases / 2);
  });

  test('is used as it is when it is opened again, and goes on when it was interrupted', async () => {
    const path = join(dataFolder, 'demo.json');
    const before = await everything(server.context);
    const again = await openDemo(server.context, { dataFolder });
    writeFileSync(path, readFileSync(path, 'utf8').replace('"isFilled": true', '"isFilled": false'));
    expect(await openDemo(server.context, { dataFolder })).toEqual(again);
    expect(await everything(server.context)).toEqual(before);
  }, 60_000);

  test('is refused by a start for real patients', async () => {
    const config = readConfig({ XF_DATA: dataFolder });
    let closed = 0;
    const opened = { context: server.context, store: store.open, migrated: [], close: async () => void (closed += 1) };
    await expect(demonstrate(config, opened)).rejects.toThrow(/holds the demonstration/);
    expect(closed).toBe(1);
  });

  test('does not enter a folder with accounts of others', async () => {
    await expect(openDemo(server.context, { dataFolder: aFolder() })).rejects.toThrow(/not the demonstration's/);
  });
});

async function everything({ db }: Context) {
  const sites = (await db.selectFrom('site').select('id').orderBy('id').execute()).map(({ id }) => id);
  return transact(db, { sites }, async (trx) => ({
    sites,
    subjects: await trx.selectFrom('subject').select('id').orderBy('id').execute(),
    records: await trx.selectFrom('record').select(['sub_dataset', 'status', 'id']).orderBy('id').execute(),
    versions: await trx.selectFrom('record_version').select(['status', 'hard_findings', 'digest']).orderBy('record_id').orderBy('version').execute(),
    images: await trx.selectFrom('image').select('sha256').orderBy('id').execute(),
  }));
}

test.each([[{ demo: true }, { demo: true }], [{ demo: false }, {}], [{}, {}]])('the health of %j says %j of a demonstration', async (settings, expected) => {
  const app = fastify();
  for (const shape of shapes) app.addSchema(shape);
  await app.register(health, { store: { engine: 'embedded', ping: async () => {} }, standards, version: '1.0.0', ...settings });
  const { status: _, database: __, version: ___, release: ____, ...rest } = (await app.inject('/health')).json<Health>();
  expect(rest).toEqual(expected);
});

test('a demonstration keeps away from a database of yours', () => {
  expect(() => readConfig({ DATABASE_URL: 'postgresql://localhost/clinic' }, ['--demo'])).toThrow(/DATABASE_URL/);
});

function hasValidCheck(number: string): boolean {
  const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
  const sum = weights.reduce((total, weight, index) => total + weight * Number(number[index]), 0);
  return '10X98765432'[sum % 11] === number[17];
}

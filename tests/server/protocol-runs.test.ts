import { describe, expect, test } from 'vitest';
import type { Page, Subject } from '../../schemas/http/api.ts';
import type { Run, RunSummary } from '../../schemas/http/protocol-api.ts';
import { engines } from '../support/engines.ts';
import { aSubject, id, problemOf, useServer, type Person } from './support/app.ts';

const minute = 60_000;

describe.each(engines())('runs of a protocol, on $name', ({ fresh }) => {
  const store = fresh();
  const server = useServer(() => store.open);

  /** A nurse, a patient with a lesion and an operation, and a run of the melanoma protocol. */
  async function aRun(at?: string) {
    const siteId = at ?? (await server.site());
    const nurse = await server.person({ siteId, role: 'nurse' });
    const subjectId = await aSubject(nurse, siteId);
    const [visitId, lesionId, runId] = [id(), id(), id()];
    const ofSubject = `/api/sites/${siteId}/subjects/${subjectId}`;
    await nurse.post(`${ofSubject}/visits`, { id: visitId, contribution: id(), kind: 'operation', visitDate: '2026-11-22' });
    await nurse.post(`${ofSubject}/lesions`, { id: lesionId, contribution: id(), label: '左足底' });
    const runs = `/api/sites/${siteId}/protocol-runs`;
    const start = { id: runId, contribution: id(), protocol: 'melanoma-sample', subjectId, visitId, lesionId };
    const started = await nurse.post(runs, start);
    return { siteId, nurse, subjectId, visitId, lesionId, runId, runs, start, started, url: `${runs}/${runId}`, ofSubject };
  }
  type Made = Awaited<ReturnType<typeof aRun>>;

  const read = async ({ nurse, url }: Made): Promise<Run> => (await nurse.get(url)).json<Run>();
  const nowText = () => server.context.clock.now().toISOString();
  const begin = ({ nurse, url }: Made, recordId: string, step: string, more: object = {}, person: Person = nurse) => person.post(`${url}/records`, { contribution: id(), recordId, step, ...more });
  const stamp = (made: Made, recordId: string, step: string, key: string, at = nowText()) => begin(made, recordId, step, { moment: { key, at } });
  async function answer({ nurse, siteId, subjectId, visitId }: Made, recordId: string, subDataset: string, values: { [key: string]: unknown }, lesionId?: string) {
    const record = (await nurse.get(`/api/sites/${siteId}/records/${recordId}`)).json<{ version: number }>();
    const changes = Object.entries(values).map(([key, value]) => ({ pointer: `/${key}`, value }));
    const reply = await nurse.put(`/api/sites/${siteId}/records/${recordId}`, { contribution: id(), subjectId, visitId, ...(lesionId ? { lesionId } : {}), subDataset, standardVersion: '1.0.0', changes, status: 'in-progress' }, { 'if-match': `"${record.version}"` });
    expect(reply.statusCode, reply.body).toBe(200);
  }

  test('start once for a visit and lesion, with the first thing to do', async () => {
    const made = await aRun();
    expect(made.started.statusCode, made.started.body).toBe(201);
    expect(made.started.json()).toMatchObject({ status: 'running', version: '1.0.0', state: { next: { kind: 'picture', step: 'resection', id: 'overview' } } });
    expect((await made.nurse.post(made.runs, made.start)).json()).toMatchObject({ id: made.runId });
    const again = await made.nurse.post(made.runs, { ...made.start, id: id(), contribution: id() });
    expect([again.statusCode, problemOf(again)]).toEqual([409, 'run-exists']);
  });

  test.for([
    { name: 'at a visit of another kind', kind: 'follow-up', lesion: true, pointer: '/visitId' },
    { name: 'without the lesion that it is of', kind: 'operation', lesion: false, pointer: '/lesionId' },
  ])('are not started $name', async ({ kind, lesion, pointer }) => {
    const { nurse, ofSubject, start, runs, lesionId } = await aRun();
    const visitId = id();
    await nurse.post(`${ofSubject}/visits`, { id: visitId, contribution: id(), kind, visitDate: '2026-11-22' });
    const { lesionId: _, ...rest } = start;
    const reply = await nurse.post(runs, { ...rest, id: id(), contribution: id(), visitId, ...(lesion ? { lesionId } : {}) });
    expect([reply.statusCode, reply.json<{ errors: { pointer: string }[] }>().errors[0]?.pointer]).toEqual([422, pointer]);
  });

  test('page by key, the latest first, also of one patient', async () => {
    const { nurse, runs, start, ofSubject, runId, subjectId } = await aRun();
    const visitId = id();
    await nurse.post(`${ofSubject}/visits`, { id: visitId, contribution: id(), kind: 'operation', visitDate: '2026-11-23' });
    const second = id();
    await nurse.post(runs, { ...start, id: second, contribution: id(), visitId });
    const first = (await nurse.get(`${runs}?limit=1&subjectId=${subjectId}`)).json<Page<RunSummary>>();
    expect(first).toMatchObject({ items: [{ id: second }], next: second });
    expect((await nurse.get(`${runs}?limit=1&after=${second}`)).json()).toMatchObject({ items: [{ id: runId }] });
    expect((await nurse.get(`${runs}?status=finished`)).json()).toEqual({ items: [] });
  });

  test('begin records with what is known, and stamp moments into them once', async () => {
    const made = await aRun();
    const [recordId, removed] = [id(), nowText()];
    const stamped = await stamp(made, recordId, 'resection', 'removalDateTime', removed);
    expect(stamped.statusCode, stamped.body).toBe(200);
    expect(stamped.json<Run>().state.steps[0]?.records).toMatchObject([{ id: recordId, status: 'in-progress', moments: expect.arrayContaining([{ key: 'removalDateTime', at: removed }]) }]);
    const record = (await made.nurse.get(`/api/sites/${made.siteId}/records/${recordId}`)).json();
    expect(record).toMatchObject({ subDataset: 'melanoma-resection-imaging', visitId: made.visitId, lesionId: made.lesionId, data: { removalDateTime: removed, lesionRef: made.lesionId } });
    const twice = await stamp(made, recordId, 'resection', 'removalDateTime');
    expect([twice.statusCode, problemOf(twice)]).toEqual([409, 'moment-recorded']);
    const tissue = id();
    await begin(made, tissue, 'tissue');
    expect((await made.nurse.get(`/api/sites/${made.siteId}/records/${tissue}`)).json()).toMatchObject({ data: { removalDateTime: removed } });
  });

  test('store a moment once, however often it is sent', async () => {
    const made = await aRun();
    const request = { contribution: id(), recordId: id(), step: 'resection', moment: { key: 'removalDateTime', at: nowText() } };
    const [first, second] = [await made.nurse.post(`${made.url}/records`, request), await made.nurse.post(`${made.url}/records`, request)];
    expect([first.statusCode, second.statusCode]).toEqual([200, 200]);
    expect((await made.nurse.get(`/api/sites/${made.siteId}/records/${request.recordId}`)).json()).toMatchObject({ version: 1 });
    const at = await Promise.all([stamp(made, request.recordId, 'resection', 'handoverDateTime'), stamp(made, request.recordId, 'resection', 'handoverDateTime')]);
    expect(at.map(({ statusCode }) => statusCode).sort()).toEqual([200, 409]);
  });

  test('refuse a moment that has not come, and a record of something else', async () => {
    const made = await aRun();
    const ahead = new Date(server.context.clock.now().getTime() + 10 * minute).toISOString();
    expect(problemOf(await stamp(made, id(), 'resection', 'removalDateTime', ahead))).toBe('data-invalid');
    const other = await aRun(made.siteId);
    const foreign = id();
    await begin(other, foreign, 'resection');
    expect((await begin(made, foreign, 'resection')).json()).toMatchObject({ type: '/problems/data-invalid', errors: [{ pointer: '/recordId' }] });
    expect(problemOf(await begin(made, id(), 'thawing'))).toBe('not-found');
  });

  test('warn before a limit, and write the deviation down once when it has passed', async () => {
    const made = await aRun();
    await stamp(made, id(), 'resection', 'removalDateTime');
    server.wait(22 * minute);
    expect((await read(made)).state.clocks.find(({ id: clock }) => clock === 'cold-ischaemia')).toMatchObject({ state: 'warned', minutes: 22, left: 8 });
    expect((await read(made)).state.next).toMatchObject({ kind: 'moment' });
    server.wait(9 * minute);
    const [a, b] = await Promise.all([read(made), read(made)]);
    const late = (run: Run) => run.deviations.filter(({ code }) => code === 'cold-ischaemia-late');
    expect(late(a)).toMatchObject([{ minutes: 31, limit: 30, holds: true, reasons: [] }]);
    expect(late(b)).toHaveLength(1);
    expect((await read(made)).events.filter(({ kind, key }) => kind === 'deviation' && key === 'cold-ischaemia/')).toHaveLength(1);

    const [deviation] = late(a);
    const explained = await made.nurse.post(`${made.url}/deviations`, { contribution: id(), key: deviation?.key, reason: '手术延长' });
    expect(late(explained.json<Run>())).toMatchObject([{ reasons: [{ reason: '手术延长' }] }]);
    expect(problemOf(await made.nurse.post(`${made.url}/deviations`, { contribution: id(), key: 'spin-late/', reason: 'x' }))).toBe('data-invalid');
  });

  test('keep a deviation in the history when the times are corrected', async () => {
    const made = await aRun();
    const recordId = id();
    await stamp(made, recordId, 'resection', 'removalDateTime');
    server.wait(40 * minute);
    expect((await read(made)).deviations.map(({ holds }) => holds)).toContain(true);
    await answer(made, recordId, 'melanoma-resection-imaging', { removalDateTime: nowText() }, made.lesionId);
    const { deviations, state } = await read(made);
    expect(state.deviations).toEqual([]);
    expect(deviations.map(({ code, holds }) => [code, holds])).toEqual(expect.arrayContaining([['cold-ischaemia-late', false]]));
  });

  test('do not complete a step without its pictures, and say what is missing', async () => {
    const made = await aRun();
    const refused = await made.nurse.post(`${made.url}/steps/resection/complete`, { contribution: id() });
    expect([refused.statusCode, problemOf(refused)]).toEqual([422, 'step-incomplete']);
    expect(refused.json<{ missing: unknown[] }>().missing).toEqual(expect.arrayContaining([
      ...['overview', 'closeup', 'dermoscopic', 'specimen'].map((picture) => ({ kind: 'picture', id: picture, have: 0, want: 1, refused: 0 })), { kind: 'records', have: 0, want: 1 },
    ]));
    const pictureId = id();
    await begin(made, pictureId, 'resection', { picture: 'closeup' });
    expect((await made.nurse.get(`/api/sites/${made.siteId}/records/${pictureId}`)).json()).toMatchObject({ subDataset: 'clinical-image', data: { photoRole: 'closeup-with-scale', imageType: 'clinical-close-up', lesionRef: made.lesionId } });
    expect((await read(made)).state.steps[0]?.pictures.find(({ id: picture }) => picture === 'closeup')).toMatchObject({ images: [], begun: pictureId });
    await answer(made, pictureId, 'clinical-image', { imageFile: id(), focusAdequate: true, exposureAdequate: true }, made.lesionId);
    expect((await read(made)).state.steps[0]?.pictures.find(({ id: picture }) => picture === 'closeup')).toMatchObject({ images: [], refused: [expect.any(String)] });
    await answer(made, pictureId, 'clinical-image', { scalePresent: true }, made.lesionId);
    const { state } = await read(made);
    expect(state.steps[0]?.pictures.find(({ id: picture }) => picture === 'closeup')?.images).toHaveLength(1);
    expect(state.steps[0]?.missing.map((lack) => ('id' in lack ? lack.id : lack.kind))).not.toContain('closeup');
  });

  test('leave a step out with the reason, and do not finish while one is open', async () => {
    const made = await aRun();
    const skipped = await made.nurse.post(`${made.url}/steps/blood/skip`, { contribution: id(), reason: '患者拒绝采血' });
    expect(skipped.json<Run>().state.steps.find((step) => step.id === 'blood')).toMatchObject({ state: 'skipped' });
    const finish = await made.nurse.post(`${made.url}/close`, { contribution: id(), outcome: 'finished' });
    expect(finish.json()).toMatchObject({ type: '/problems/step-incomplete', missing: [{ kind: 'step', id: 'resection' }, { kind: 'step', id: 'tissue' }, { kind: 'step', id: 'storage' }] });
    expect(problemOf(await made.nurse.post(`${made.url}/close`, { contribution: id(), outcome: 'abandoned' }))).toBe('data-invalid');
    const abandoned = (await made.nurse.post(`${made.url}/close`, { contribution: id(), outcome: 'abandoned', reason: '手术取消' })).json<Run>();
    expect(abandoned).toMatchObject({ status: 'abandoned', closedAt: expect.any(String) });
    expect(problemOf(await begin(made, id(), 'resection'))).toBe('run-closed');
    // Another run may take its place, and the clocks of this one stand still.
    expect((await made.nurse.post(made.runs, { ...made.start, id: id(), contribution: id() })).statusCode).toBe(201);
  });

  test('name aliquots by the rule, without a duplicate under contention', async () => {
    const made = await aRun();
    const { code: site } = (await made.nurse.get('/api/sites')).json<{ items: { code: string }[] }>().items[0] ?? { code: '' };
    const [first, second] = [id(), id()];
    await begin(made, first, 'blood');
    await begin(made, second, 'blood');
    const name = (recordId: string, counts: object) => made.nurse.post(`${made.url}/aliquots`, { contribution: id(), recordId, counts });
    const early = await name(first, { plasma: 1 });
    expect(early.json()).toMatchObject({ type: '/problems/aliquots-unnamed', errors: [{ pointer: '/blood/tubeType' }] });
    for (const recordId of [first, second]) await answer(made, recordId, 'melanoma-blood-pretreatment', { tubeType: 'PED' });
    const replies = await Promise.all(Array.from({ length: 8 }, (_, i) => name(i % 2 ? first : second, { plasma: 2, 'buffy-coat': 1 })));
    expect(replies.map(({ statusCode }) => statusCode)).toEqual(Array.from({ length: 8 }, () => 200));
    const { aliquots } = await read(made);
    const codes = aliquots.map(({ code }) => code);
    expect(new Set(codes).size).toBe(24);
    for (const code of codes) expect(code).toMatch(new RegExp(`^MEL-${site}-000001-10[AB]-0[12]X-0[1-8]$`));
    const letters = new Set(aliquots.map(({ code, recordId }) => `${code.slice(18, 19)}${recordId}`));
    expect(letters.size).toBe(2);
    const { specimens } = (await made.nurse.get(made.ofSubject)).json<Subject>();
    expect(specimens.map(({ code }) => code)).toEqual([...codes].sort());
  });

  test('name nothing for a study number of another make', async () => {
    const made = await aRun();
    const subjectId = id();
    await made.nurse.post(`/api/sites/${made.siteId}/subjects`, { id: subjectId, contribution: id(), studyNumber: 'OLD.7', identity: { sex: '1', birthDate: '1950' } });
    const [visitId, lesionId, runId, recordId] = [id(), id(), id(), id()];
    await made.nurse.post(`/api/sites/${made.siteId}/subjects/${subjectId}/visits`, { id: visitId, contribution: id(), kind: 'operation', visitDate: '2026-11-22' });
    await made.nurse.post(`/api/sites/${made.siteId}/subjects/${subjectId}/lesions`, { id: lesionId, contribution: id(), label: '背部' });
    await made.nurse.post(made.runs, { ...made.start, id: runId, contribution: id(), subjectId, visitId, lesionId });
    const other = { ...made, subjectId, visitId, lesionId, runId, url: `${made.runs}/${runId}` };
    await begin(other, recordId, 'blood');
    await answer(other, recordId, 'melanoma-blood-pretreatment', { tubeType: 'PED' });
    expect((await read(other)).state.aliquots[0]).toMatchObject({ cannot: { name: 'study-number' } });
    const refused = await made.nurse.post(`${other.url}/aliquots`, { contribution: id(), recordId, counts: { plasma: 1 } });
    expect(refused.json()).toMatchObject({ type: '/problems/aliquots-unnamed', errors: [{ pointer: '/counts/plasma' }] });
  });

  test('are seen by nobody of another hospital, and changed by nobody who only reads', async () => {
    const made = await aRun();
    const elsewhere = await server.site();
    const stranger = await server.person({ siteId: elsewhere, role: 'nurse' });
    expect((await stranger.get(made.url)).statusCode).toBe(404);
    expect(problemOf(await stranger.get(`/api/sites/${elsewhere}/protocol-runs/${made.runId}`))).toBe('run-not-found');
    const monitor = await server.person({ siteId: made.siteId, role: 'monitor' });
    expect((await monitor.get(made.url)).statusCode).toBe(200);
    expect(problemOf(await begin(made, id(), 'resection', {}, monitor))).toBe('not-permitted');
  });

  test('tell the protocol itself, compiled', async () => {
    const { nurse } = await aRun();
    expect((await nurse.get('/api/protocols')).json()).toMatchObject([{ name: 'melanoma-sample', version: '1.0.0', visit: ['operation'], lesion: 'must' }]);
    const protocol = await nurse.get('/api/protocols/melanoma-sample/1.0.0');
    expect(protocol.json()).toMatchObject({ name: 'melanoma-sample', steps: [{ id: 'resection' }, { id: 'tissue' }, { id: 'blood' }, { id: 'storage' }], labels: { symbol: 'datamatrix' } });
    expect(problemOf(await nurse.get('/api/protocols/melanoma-sample/9.0.0'))).toBe('protocol-not-found');
  });
});

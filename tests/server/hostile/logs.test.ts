/**
 * Nothing that anybody entered, and nothing that lets one in, is ever in what the server writes: the real process, every route with a
 * marked text in every place, requests that fail, and a database that refuses rows.
 */
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { engines, withDatabase } from '../../support/engines.ts';
import { aFolder } from '../../support/folders.ts';
import { start } from '../../support/processes.ts';
import { aSave, id } from '../support/app.ts';
import { placesOf, putAt, routesOf, sample, type Known } from './support/routes.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const password = 'Gelber-Vogel-71-singt-nachts';

/** Whoever entered these would not like to read them in a log. */
const said = {
  siteName: '金丝雀医院', name: '司徒金丝雀', username: 'kanari.user', idNumber: '430102196103050021', phone: '13987654321', address: '金丝雀路九百九十九号', ward: '金丝雀病区', label: '左足底金丝雀', code: 'KANARI-77', note: '自由文本金丝雀',
  reason: '金丝雀更正', search: '金丝雀查询', wrongPassword: 'kanari-wrong-pass', agent: 'KanariBrowser/7', referer: 'https://kanari.example/patient', file: 'kanari-photo.jpg', camera: 'KanariCam', serial: 'KANARI-SERIAL-1', literal: '金丝雀字面量', query: 'kanariquery', path: 'kanaripath',
};

describe.each(engines().slice(-1))('the log, on $name', ({ name, create }) => {
  test('holds no value that was entered, no password and no token', { timeout: 300_000 }, async () => {
    const { config, drop } = await create();
    const url = 'url' in config ? config.url : undefined;
    const folder = aFolder();
    const server = start(process.execPath, ['server/main.ts'], { cwd: root, env: { ...process.env, DATABASE_URL: url ?? '', HOST: '127.0.0.1', PORT: '0', NODE_OPTIONS: '', XF_DATA: folder, XF_RATE_LIMITS: '0' } });
    const link = /(http:\/\/[^/]+)\/setup#([\w-]{40,})/.exec(await server.line(/setup#/));
    const [, address = '', setupToken = ''] = link ?? [];
    const secrets = new Set<string>();
    const statuses: { [status: number]: number } = {};
    let cookie = '';

    const ask = async (method: string, path: string, body?: unknown, headers: { [name: string]: string } = {}) => {
      const isText = typeof body === 'string' || body instanceof Uint8Array;
      const reply = await fetch(`${address}${path}`, {
        method, redirect: 'manual',
        headers: { 'x-requested-with': 'xiangya-forms', cookie, 'user-agent': said.agent, 'referer': said.referer, ...(body === undefined || isText ? {} : { 'content-type': 'application/json' }), ...headers },
        ...(body === undefined ? {} : { body: isText ? (body as string) : JSON.stringify(body) }),
      });
      statuses[reply.status] = (statuses[reply.status] ?? 0) + 1;
      for (const set of reply.headers.getSetCookie()) secrets.add(/=([\w-]{20,})/.exec(set)?.[1] ?? '');
      const text = await reply.text();
      // Secrets that the server makes: of a second factor, and of links.
      for (const found of text.matchAll(/"(?:secret|token|link|recoveryCodes?|otpauth|uri)":\s*(?:"([^"]{8,})"|\[([^\]]+)\])/g)) (found[1] ?? found[2] ?? '').split(/[",]+/).filter((each) => each.length >= 8).forEach((each) => secrets.add(each));
      return { status: reply.status, json: text.startsWith('{') ? (JSON.parse(text) as { [member: string]: unknown }) : {}, cookie: reply.headers.getSetCookie()[0]?.split(';')[0] };
    };

    const setUp = await ask('POST', '/api/setup', { token: setupToken, username: said.username, displayName: said.name, password, site: { code: 'XY01', name: said.siteName } });
    expect(setUp.status, JSON.stringify(setUp.json)).toBe(200);
    cookie = setUp.cookie ?? '';
    const sites = (await ask('GET', '/api/session')).json['sites'] as { id: string }[];
    const site = `/api/sites/${sites[0]?.id ?? ''}`;

    for (const wrong of [said.wrongPassword, said.wrongPassword, password.slice(1)]) await ask('POST', '/api/session', { username: said.username, password: wrong }, { cookie: '' });
    await ask('POST', '/api/session', { username: said.wrongPassword, password }, { cookie: '' });
    const accountId = id();
    await ask('POST', '/api/accounts', { id: accountId, username: 'kanari.nurse', displayName: said.name, password, memberships: [{ siteId: sites[0]?.id, role: 'investigator' }, { siteId: sites[0]?.id, role: 'data-manager' }] });
    const nurse = await ask('POST', '/api/session', { username: 'kanari.nurse', password }, { cookie: '' });
    expect(nurse.status, JSON.stringify(nurse.json)).toBe(200);
    const admin = cookie;
    cookie = nurse.cookie ?? '';

    const [subject, visit, lesion, record] = [id(), id(), id(), id()];
    const identity = { name: said.name, sex: '2', birthDate: '1961-03-05', idNumber: said.idNumber };
    const enrolled = await ask('POST', `${site}/subjects`, { id: subject, contribution: id(), identity });
    expect(enrolled.status, JSON.stringify(enrolled.json)).toBe(201);
    await ask('POST', `${site}/subjects`, { id: id(), contribution: id(), identity });
    for (const q of [said.name, said.idNumber, said.phone, said.search]) await ask('POST', `${site}/subjects/search`, { q });
    await ask('PUT', `${site}/subjects/${subject}`, { contribution: id(), identity: { name: said.search }, reason: said.reason });
    await ask('PUT', `${site}/subjects/${subject}`, { contribution: id(), identity: { [said.query]: said.address } });
    await ask('GET', `${site}/subjects/${subject}/identifiers`);
    await ask('POST', `${site}/subjects/${subject}/visits`, { id: visit, contribution: id(), kind: 'inpatient', visitDate: '2026-01-02', details: { ward: said.ward, inpatientNumber: said.code } });
    await ask('POST', `${site}/subjects/${subject}/lesions`, { id: lesion, contribution: id(), label: said.label });
    for (let twice = 0; twice < 2; twice += 1) await ask('POST', `${site}/subjects/${subject}/specimens`, { id: id(), contribution: id(), code: said.code });
    const save = (changes: Parameters<typeof aSave>[1], more: object = {}) => ask('PUT', `${site}/records/${record}`, { ...aSave(subject, changes, { subDataset: 'melanoma-staging', standardVersion: '1.0.0' }), visitId: visit, lesionId: lesion, ...more }, { 'if-match': '"0"' });
    await save([{ pointer: '/icd10', value: said.note }], { reason: said.reason });
    await save([{ pointer: `/${said.query}`, value: said.note }]);
    await save([{ pointer: '/icd10', value: `${said.note}\u0000` }]);
    const xml = (text: string) => ask('POST', `${site}/records/xml?recordId=${id()}&subjectId=${subject}&contribution=${id()}`, text, { 'content-type': 'application/xml' });
    await xml(`<record xmlns="urn:none">${said.note}`);
    const photo = await sharp({ create: { width: 20, height: 20, channels: 3, background: 'red' } }).withExif({ IFD0: { Make: said.camera, Artist: said.name }, IFD2: { BodySerialNumber: said.serial } }).jpeg().toBuffer();
    const parts = [`--x\r\ncontent-disposition: form-data; name="meta"\r\n\r\n${JSON.stringify({ id: id(), contribution: id() })}\r\n--x\r\ncontent-disposition: form-data; name="file"; filename="${said.file}"\r\ncontent-type: image/jpeg\r\n\r\n`, photo, '\r\n--x--\r\n'];
    for (const cut of [1, 0.5]) await ask('POST', `${site}/subjects/${subject}/images`, Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : part.subarray(0, part.length * cut)))), { 'content-type': 'multipart/form-data; boundary=x' });
    for (const expression of [`icd10 == '${said.literal}'`, `${said.literal} ==`]) await ask('POST', '/api/exports', { release: '2026.1', siteIds: [sites[0]?.id], subDatasets: ['melanoma-staging'], filter: { subDataset: 'melanoma-staging', expression }, profile: 'analysis', language: 'zh' });
    for (const path of [`/${said.path}?q=${said.query}`, `/api/${said.path}`, `${site}/subjects/${said.path}`, `/api/standards/${said.path}/1.0.0`, `/api/value-sets/sex/1.0.0/codes?q=${said.query}`]) await ask('GET', path);
    await ask('PUT', '/api/account/totp', { password });
    await ask('POST', '/api/account/totp', { password });

    // Every place of every route, as two people.
    const document = (await (await fetch(`${address}/api/docs/json`)).json()) as object;
    const routes = routesOf({ swagger: () => document } as Parameters<typeof routesOf>[0]);
    const known: Known = (key) => ({ siteId: sites[0]?.id, siteIds: [sites[0]?.id], subjectId: subject, visitId: visit, lesionId: lesion, subDataset: 'melanoma-staging', subDatasets: ['melanoma-staging'], version: '1.0.0', standardVersion: '1.0.0', release: '2026.1', role: 'nurse', protocol: 'melanoma-sample' } as { [key: string]: unknown })[key];
    const markers: string[] = [];
    const mark = (part: string) => { markers.push(`kanari${part}${markers.length}x`); return markers.at(-1) ?? ''; };
    for (const route of routes) {
      if (route.key.startsWith('delete ')) continue;
      const path = () => route.path.replaceAll(/\{(\w+)\}/g, (_, key: string) => String(known(key) ?? sample((route.parameters.find((each) => each.name === key)?.schema ?? {}), known, key)));
      const body = route.body ? sample(route.body, known) : undefined;
      await ask(route.method, `${path()}?after=${mark('q')}&${mark('n')}=1`, body);
      await ask(route.method, route.path.replaceAll(/\{\w+\}/g, () => mark('p')), body);
      for (const place of placesOf(body).texts) {
        if (/passw/i.test(place.join())) continue;
        await ask(route.method, path(), putAt(body, place, mark('b')), { cookie: place.length % 2 === 0 ? admin : cookie });
      }
    }

    // A database that refuses rows quotes them in its errors.
    if (url) {
      await withDatabase(url, 'alter table record_version add constraint never check (version < 0) not valid', 'alter table subject add constraint never check (length(study_number) < 1) not valid');
      await save([{ pointer: '/icd10', value: said.note }]);
      const refused = await ask('POST', `${site}/subjects`, { id: id(), contribution: id(), identity: { ...identity, idNumber: '430102196103050048' }, confirmedNotDuplicate: true });
      expect(refused.status).toBe(500);
    }
    expect(await server.kill('SIGTERM')).toBe(0);

    // The one-time link is told to whoever starts the server, and nowhere else.
    const lines = server.lines.filter((line) => !line.includes('/setup#'));
    const text = lines.join('\n');
    const values = [...Object.values(said), password, ...markers, setupToken, cookie.split('=')[1] ?? '', admin.split('=')[1] ?? '', ...secrets].filter((each) => each.length >= 5);
    console.log(`log on ${name}: ${lines.length} lines, ${Math.round(text.length / 1024)} KB, of requests by status ${JSON.stringify(statuses)}; ${values.length} values looked for`);
    expect(lines.length).toBeGreaterThan(routes.length);
    expect(text).toContain('"status":500');
    expect(values.filter((each) => text.includes(each) || text.includes(encodeURIComponent(each)) || text.includes(JSON.stringify(each).slice(1, -1)))).toEqual([]);
    await drop();
  });
});

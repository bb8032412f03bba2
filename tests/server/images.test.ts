/** Pictures through HTTP: kept whole and without metadata, refused when they are not what they claim, on every engine. */
import { readdirSync } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import exifr from 'exifr';
import sharp from 'sharp';
import { beforeAll, describe, expect, test } from 'vitest';
import type { ImageSummary, Subject } from '../../schemas/http/api.ts';
import { transact } from '../../server/database.ts';
import { openFileStore } from '../../server/files/store.ts';
import { engines } from '../support/engines.ts';
import { aSubject, id, problemOf, useServer, type Person } from './support/app.ts';

const boundary = 'xf-boundary';

function multipart(meta: unknown, file: Uint8Array, name = 'lesion.jpg', type = 'image/jpeg'): Buffer {
  const part = (head: string, body: Uint8Array) => Buffer.concat([Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; ${head}\r\n\r\n`), body, Buffer.from('\r\n')]);
  return Buffer.concat([
    ...(meta === undefined ? [] : [part('name="meta"', Buffer.from(JSON.stringify(meta)))]),
    part(`name="file"; filename="${name}"\r\nContent-Type: ${type}`, file), Buffer.from(`--${boundary}--\r\n`),
  ]);
}

const [width, height] = [800, 600];
/** Skin with a lesion and some grain. */
const pixels = Uint8Array.from({ length: width * height * 3 }, (_, index) => {
  const [x, y] = [Math.floor(index / 3) % width, Math.floor(index / 3 / width)];
  return (Math.hypot(x - 400, y - 300) < 90 ? 70 : 190) + ((index * 7919) % 23) - 20 * (index % 3);
});
const drawn = () => sharp(pixels, { raw: { width, height, channels: 3 } });

/** As a telephone writes it: turned, with its place, its serial number and its owner. */
const photograph = () => drawn().withMetadata({ orientation: 6 }).withExifMerge({
  IFD0: { Make: 'Acme', Model: 'Cam 1', Artist: 'Dr Zhang' },
  IFD2: { BodySerialNumber: 'SN123456', DateTimeOriginal: '2026:11:01 08:30:00' },
  IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '28/1 12/1 0/1', GPSLongitudeRef: 'E', GPSLongitude: '112/1 59/1 0/1' },
}).jpeg({ quality: 92 }).toBuffer();

let isFull = false;
let folder = '';

/** A disk that is full after a thousand bytes of each file, when told so. */
async function openNew(path: string): Promise<FileHandle> {
  const file = await open(path, 'wx');
  let left = 1000;
  const write = file.writeFile.bind(file);
  file.writeFile = (async (data: Uint8Array) => {
    left -= data.length;
    if (isFull && left < 0) throw Object.assign(new Error('no space'), { code: 'ENOSPC' });
    return write(data);
  }) as typeof file.writeFile;
  return file;
}

describe.each(engines())('images, on $name', ({ fresh }) => {
  const store = fresh();
  const server = useServer(() => store.open, { files: (path) => openFileStore((folder = path), openNew) });
  let siteId: string;
  let nurse: Person;
  let subjectId: string;
  let photo: Buffer;

  beforeAll(async () => {
    siteId = await server.site();
    nurse = await server.person({ siteId, role: 'nurse' });
    subjectId = await aSubject(nurse, siteId);
    photo = await photograph();
  });

  const send = (body: Buffer, person = nurse, subject = subjectId) => person.send('POST', `/api/sites/${siteId}/subjects/${subject}/images`, body, { 'content-type': `multipart/form-data; boundary=${boundary}` });
  const add = (file: Uint8Array, name?: string, type?: string) => send(multipart({ id: id(), contribution: id() }, file, name, type));
  const at = (image: string) => `/api/sites/${siteId}/images/${image}`;
  const files = () => readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const images = () => transact(server.context.db, { sites: [siteId] }, (trx) => trx.selectFrom('image').selectAll().execute());

  test('keeps every pixel and the turn, drops place, owner and serial number, and makes a thumbnail', async () => {
    const reply = await add(photo);
    expect(reply.statusCode, reply.body).toBe(201);
    const summary = reply.json<ImageSummary>();
    expect(summary).toMatchObject({ mediaType: 'image/jpeg', width: 600, height: 800 });

    const whole = await nurse.get(at(summary.id));
    expect(whole.headers).toMatchObject({ 'content-type': 'image/jpeg', 'x-content-type-options': 'nosniff', 'cache-control': 'private, max-age=31536000, immutable', etag: `"${summary.sha256}"` });
    expect(whole.rawPayload.length).toBe(summary.bytes);
    expect(await sharp(whole.rawPayload).autoOrient().raw().toBuffer()).toEqual(await sharp(photo).autoOrient().raw().toBuffer());
    for (const secret of ['Zhang', 'SN123456', 'Acme']) expect(whole.rawPayload.includes(secret)).toBe(false);
    expect(await exifr.parse(whole.rawPayload, { gps: true, translateValues: false })).toEqual({ Orientation: 6 });

    const thumbnail = await nurse.get(`${at(summary.id)}/thumbnail`);
    expect(await sharp(thumbnail.rawPayload).metadata()).toMatchObject({ format: 'webp', width: 240, height: 320 });
    expect((await images())[0]?.metadata).toMatchObject({ make: 'Acme', model: 'Cam 1', capturedAt: '2026-11-01T08:30:00' });
    expect((await nurse.get(`/api/sites/${siteId}/subjects/${subjectId}`)).json<Subject>().images).toEqual([summary]);
  });

  test.for(['png', 'webp', 'tiff'] as const)('keeps a %s, whatever it is called', async (format) => {
    const bytes = await drawn().toFormat(format, { lossless: true }).toBuffer();
    const reply = await add(bytes, 'lesion.jpg', 'image/jpeg');
    expect(reply.json<ImageSummary>()).toMatchObject({ mediaType: `image/${format}`, width: 800, height: 600 });
    const whole = await nurse.get(at(reply.json<ImageSummary>().id));
    expect(await sharp(whole.rawPayload).removeAlpha().raw().toBuffer()).toEqual(await sharp(bytes).removeAlpha().raw().toBuffer());
  });

  test('stores the same picture once', async () => {
    await add(photo);
    const before = files().length;
    const [first, second] = await Promise.all([add(photo), add(photo)]);
    expect(first.json<ImageSummary>().sha256).toBe(second.json<ImageSummary>().sha256);
    expect(files().length).toBe(before);
  });

  test('answers the same contribution with the same picture, and refuses it for another', async () => {
    const meta = { id: id(), contribution: id() };
    const first = await send(multipart(meta, photo));
    expect((await send(multipart(meta, photo))).json()).toEqual(first.json());
    expect(problemOf(await send(multipart(meta, await drawn().png().toBuffer())))).toBe('contribution-reused');
  });

  test.for<{ name: string; file: () => Promise<Uint8Array> | Uint8Array; status: number; problem: string }>([
    { name: 'HTML called .jpg', file: () => Buffer.from('<!DOCTYPE html><script>alert(1)</script>'), status: 415, problem: 'image-type-refused' },
    { name: 'HTML behind the first bytes of a JPEG', file: () => Buffer.from('\xff\xd8\xff<script>alert(1)</script>', 'latin1'), status: 422, problem: 'image-unreadable' },
    { name: 'an SVG', file: () => Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'), status: 415, problem: 'image-type-refused' },
    { name: 'a file of no bytes', file: () => new Uint8Array(), status: 415, problem: 'image-type-refused' },
    { name: 'a HEIC that cannot be decoded', file: () => Buffer.from('\0\0\0\x18ftypheic\0\0\0\0mif1heic', 'latin1'), status: 415, problem: 'image-type-refused' },
    { name: 'a JPEG cut in the middle', file: async () => (await photograph()).subarray(0, 4000), status: 422, problem: 'image-unreadable' },
    { name: 'a JPEG without its last byte', file: async () => (await photograph()).subarray(0, -1), status: 422, problem: 'image-unreadable' },
    { name: 'a PNG cut near its end', file: async () => (await drawn().png().toBuffer()).subarray(0, -5), status: 422, problem: 'image-unreadable' },
    { name: 'a picture of too many pixels', file: () => sharp({ create: { width: 12_000, height: 9_000, channels: 3, background: 'red' } }).png().toBuffer(), status: 422, problem: 'image-unreadable' },
    { name: 'a picture of 60 MB', file: () => new Uint8Array(60 * 1024 * 1024), status: 413, problem: 'image-too-large' },
  ])('refuses $name, and keeps nothing of it', async ({ file, status, problem }) => {
    const before = [files().length, (await images()).length];
    const reply = await add(await file());
    expect([reply.statusCode, problemOf(reply)]).toEqual([status, problem]);
    expect([files().length, (await images()).length]).toEqual(before);
  });

  test.for<{ name: string; meta: unknown }>([{ name: 'no meta', meta: undefined }, { name: 'a meta without ids', meta: { id: id() } }])('refuses a picture with $name', async ({ meta }) => {
    const reply = await send(multipart(meta, photo));
    expect([reply.statusCode, problemOf(reply)]).toEqual([400, 'request-invalid']);
  });

  test('refuses JSON where a picture is expected, and the lesion of nobody', async () => {
    expect(problemOf(await nurse.post(`/api/sites/${siteId}/subjects/${subjectId}/images`, {}))).toBe('request-invalid');
    expect(problemOf(await send(multipart({ id: id(), contribution: id(), lesionId: id() }, photo)))).toBe('data-invalid');
  });

  test('says so when the disk is full, keeps nothing, and goes on when there is room', async () => {
    const other = await drawn().modulate({ hue: 90 }).jpeg().toBuffer();
    const before = [files().length, (await images()).length];
    isFull = true;
    const reply = await add(other);
    isFull = false;
    expect([reply.statusCode, problemOf(reply)]).toEqual([507, 'storage-full']);
    expect([files().length, (await images()).length]).toEqual(before);
    expect((await add(other)).statusCode).toBe(201);
  });

  test('writes to the audit trail who looked at a whole picture', async () => {
    const image = (await add(photo)).json<ImageSummary>();
    await nurse.get(at(image.id));
    const events = await transact(server.context.db, { sites: [siteId] }, (trx) => trx.selectFrom('audit_event').select(['action', 'account_id']).where('entity_id', '=', image.id).orderBy('id').execute());
    expect(events).toEqual([{ action: 'image.add', account_id: nurse.accountId }, { action: 'image.read', account_id: nurse.accountId }]);
  });
});

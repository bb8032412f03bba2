/** XML-1, IMG-1, and tables: files that are small to send and large to read. Each is refused or read within its time, and others do not wait for it. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { deflateSync, crc32 } from 'node:zlib';
import type { LightMyRequestResponse } from 'fastify';
import sharp from 'sharp';
import { beforeAll, describe, expect, test } from 'vitest';
import { readTable } from '../../../server/exchange/csv/read.ts';
import { namespace } from '../../../server/exchange/xml/write.ts';
import { engines } from '../../support/engines.ts';
import { aSubject, id, useServer, type Person } from '../support/app.ts';
import { isAcceptance } from './support/payloads.ts';

const MB = 1024 * 1024;
const fill = (unit: string, size = 4 * MB - 1000) => unit.repeat(Math.floor(size / unit.length));
const record = (inner: string, attributes = '') => `<record xmlns="${namespace}" subDataset="example" standardVersion="1.0.0"${attributes}>${inner}</record>`;
const numbered = (unit: (at: number) => string) => Array.from({ length: 200_000 }, (_, at) => unit(at)).join('').slice(0, 3 * MB);
const entities = (levels: number) => `<!DOCTYPE r [<!ENTITY a0 "ha">${Array.from({ length: levels }, (_, at) => `<!ENTITY a${at + 1} "${`&a${at};`.repeat(10)}">`).join('')}]>${record(`<element key="note">&a${levels};</element>`)}`;

const xml: readonly (readonly [string, () => string])[] = [
  ['a billion laughs', () => entities(9)], ['one long entity, many times', () => `<!DOCTYPE r [<!ENTITY a "${fill('a', MB)}">]>${record(fill('&a;', MB))}`],
  ['a file from the disk', () => `<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>${record('<element key="note">&x;</element>')}`],
  ['a file from the network', () => `<!DOCTYPE r SYSTEM "http://127.0.0.1:1/x.dtd">${record('')}`], ['a parameter entity', () => `<!DOCTYPE r [<!ENTITY % x SYSTEM "http://127.0.0.1:1/x"> %x;]>${record('')}`],
  ['a DTD of 4 MB', () => `<!DOCTYPE a [${fill('<!ENTITY a "b">')}`], ['100,000 attributes', () => record('', numbered((at) => ` a${at}="1"`).replace(/ [^ ]*$/, ''))], ['100,000 namespaces', () => record('', numbered((at) => ` xmlns:a${at}="u"`).replace(/ [^ ]*$/, ''))],
  ['a million levels', () => fill('<a>')], ['levels of our own', () => record(fill('<repeat>'))], ['a name of 4 MB', () => `<${fill('a')}/>`], ['100,000 elements', () => record(fill('<element key="note">1</element>'))],
  ['200,000 codes', () => record(`<element key="colours">${fill('<code value="1"/>')}</element>`)], ['a text of 4 MB', () => record(`<element key="breslow">${fill('1')}</element>`)], ['escapes', () => record(`<element key="breslow">${fill('&amp;')}</element>`)],
  ['comments', () => record(fill('<!---->'))], ['instructions', () => record(fill('<?a?>'))], ['empty sections', () => record(`<element key="breslow">${fill('<![CDATA[]]>')}</element>`)], ['line ends', () => record(fill('\r\n'))],
  ['another encoding', () => '<?xml version="1.0" encoding="UTF-7"?>+ADw-record+AD4-'], ['nothing that ends', () => `<record xmlns="${namespace}"><element key="`], ['stylesheets', () => `<?xml-stylesheet href="http://127.0.0.1:1/x"?>${record('<element key="breslow">x</element>')}`],
  ['includes', () => record('<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/passwd" parse="text"/>')],
];

function png(width: number, height: number, rows: Buffer): Buffer {
  const chunk = (name: string, body: Buffer) => {
    const named = Buffer.concat([Buffer.from(name, 'latin1'), body]);
    const [size, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
    size.writeUInt32BE(body.length);
    sum.writeUInt32BE(crc32(named));
    return Buffer.concat([size, named, sum]);
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 0, 0, 0, 0], 8);
  return Buffer.concat([Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]), chunk('IHDR', head), chunk('IDAT', rows), chunk('IEND', Buffer.alloc(0))]);
}

/** A JPEG whose EXIF goes round in circles or counts to four billion. */
async function withExif(tiff: Buffer): Promise<Buffer> {
  const plain = await sharp({ create: { width: 16, height: 16, channels: 3, background: 'red' } }).jpeg().toBuffer();
  const size = Buffer.alloc(2);
  size.writeUInt16BE(tiff.length + 8);
  return Buffer.concat([plain.subarray(0, 2), Buffer.from([0xff, 0xe1]), size, Buffer.from('Exif\0\0', 'latin1'), tiff, plain.subarray(2)]);
}
const circle = () => withExif(Buffer.from('MM\0*\0\0\0\x08\0\x01\x87\x69\0\x04\0\0\0\x01\0\0\0\x08\0\0\0\x08', 'latin1'));
const counts = () => withExif(Buffer.concat([Buffer.from('MM\0*\0\0\0\x08\xff\xff', 'latin1'), Buffer.concat(Array.from({ length: 5000 }, () => Buffer.from('\x01\x0f\0\x02\xff\xff\xff\xff\0\0\0\x08', 'latin1')))]));

const pictures: readonly { name: string; bytes: () => Promise<Buffer>; status: number[] }[] = [
  { name: '2.5 billion pixels in 200 bytes', bytes: async () => png(50_000, 50_000, deflateSync(Buffer.alloc(100))), status: [422] },
  { name: '4 billion by one', bytes: async () => png(0x7fffffff, 1, deflateSync(Buffer.alloc(100))), status: [422] },
  { name: 'no pixels', bytes: async () => png(0, 0, Buffer.alloc(0)), status: [422] },
  { name: '99 megapixels of nothing in 100 KB', bytes: async () => png(9900, 9900, deflateSync(Buffer.alloc(9901 * 9900))), status: [201, 422] },
  { name: '200 megabytes inflated behind eight pixels', bytes: async () => png(8, 8, deflateSync(Buffer.alloc(200 * MB))), status: [201, 422] },
  { name: 'a picture cut in half', bytes: async () => { const whole = await sharp({ create: { width: 900, height: 900, channels: 3, background: 'red' } }).jpeg().toBuffer(); return whole.subarray(0, whole.length / 2); }, status: [422] },
  { name: 'a signature alone', bytes: async () => Buffer.from([0xff, 0xd8, 0xff]), status: [415, 422] },
  { name: 'EXIF that goes round in a circle', bytes: circle, status: [201, 422] },
  { name: 'EXIF that counts to four billion', bytes: counts, status: [201, 422] },
  { name: 'SVG that runs', bytes: async () => Buffer.from('<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script><image href="file:///etc/passwd"/></svg>'), status: [415] },
  { name: 'a GIF', bytes: async () => Buffer.from('GIF89a\u0001\0\u0001\0'), status: [415] },
  { name: 'PostScript', bytes: async () => Buffer.from('%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n(/etc/passwd) (r) file'), status: [415] },
];

const work = Buffer.alloc(MB);

/** How many times longer the same work takes now and then, because others work on this machine too: at least 1. */
function contention(): number {
  const times = Array.from({ length: 30 }, () => {
    const begin = performance.now();
    createHash('sha256').update(work).digest();
    return performance.now() - begin;
  }).sort((a, b) => a - b);
  return Math.max(1, (times.at(-1) ?? 1) / (times[3] ?? 1));
}

describe.each(engines().slice(0, 1))('bombs, on $name', ({ fresh }) => {
  const store = fresh();
  const server = useServer(() => store.open);
  let [siteId, subjectId] = ['', ''];
  let nurse: Person;
  const slowest = { xml: 0, image: 0 };

  beforeAll(async () => {
    siteId = await server.site();
    nurse = await server.person({ siteId, role: 'investigator' });
    subjectId = await aSubject(nurse, siteId);
    await server.app.inject('/api/health');
  });

  /** How the request ended, in what time, and how long it kept the loop from others. */
  async function beside(work: () => Promise<LightMyRequestResponse>): Promise<{ reply: LightMyRequestResponse; ms: number; stalledMs: number; grownMB: number }> {
    const delay = monitorEventLoopDelay({ resolution: 1 });
    await sleep(20);
    const memory = process.memoryUsage.rss();
    const begin = performance.now();
    delay.enable();
    const reply = await work();
    await sleep(5);
    delay.disable();
    return { reply, ms: performance.now() - begin, stalledMs: delay.max / 1e6, grownMB: (process.memoryUsage.rss() - memory) / MB };
  }

  test.for(xml)('XML of %s', { retry: 3, timeout: 60_000 }, async ([name, make]) => {
    const body = Buffer.from(make());
    const url = `/api/sites/${siteId}/records/xml?recordId=${id()}&subjectId=${subjectId}&contribution=${id()}`;
    const { reply, ms, stalledMs, grownMB } = await beside(() => nurse.send('POST', url, body, { 'content-type': 'application/xml' }));
    slowest.xml = Math.max(slowest.xml, ms);
    expect([201, 400, 422], `${name}: ${reply.statusCode} ${reply.body.slice(0, 200)}`).toContain(reply.statusCode);
    expect(reply.body).not.toContain('root:');
    expect(ms).toBeLessThan(10_000);
    expect(stalledMs, `${name} took ${ms} ms`).toBeLessThan(50 * contention());
    expect(grownMB).toBeLessThan(200);
  });

  const upload = (bytes: Uint8Array) => {
    const head = `--x\r\ncontent-disposition: form-data; name="meta"\r\n\r\n${JSON.stringify({ id: id(), contribution: id() })}\r\n--x\r\ncontent-disposition: form-data; name="file"; filename="a.jpg"\r\ncontent-type: image/jpeg\r\n\r\n`;
    return nurse.send('POST', `/api/sites/${siteId}/subjects/${subjectId}/images`, Buffer.concat([Buffer.from(head), bytes, Buffer.from('\r\n--x--\r\n')]), { 'content-type': 'multipart/form-data; boundary=x' });
  };

  test.for(pictures)('a picture of $name', { retry: 2, timeout: 60_000 }, async ({ bytes, status }) => {
    const file = await bytes();
    const { reply, ms, stalledMs, grownMB } = await beside(() => upload(file));
    slowest.image = Math.max(slowest.image, ms);
    expect(status, reply.body).toContain(reply.statusCode);
    expect(ms).toBeLessThan(25_000);
    expect(stalledMs).toBeLessThan(50 * contention());
    expect(grownMB).toBeLessThan(700);
  });

  /** The processes that decode pictures for this one. */
  const decoders = () => readdirSync('/proc').filter((pid) => /^\d+$/.test(pid)).filter((pid) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('picture-process.ts') && readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /s, '').split(' ')[1] === String(process.pid);
    } catch {
      return false;
    }
  }).map(Number);

  test.skipIf(process.platform !== 'linux')('a picture that ends its decoder is refused, and the next is read', { retry: 2, timeout: 60_000 }, async () => {
    const large = png(9900, 9900, deflateSync(Buffer.alloc(9901 * 9900)));
    const reply = upload(large);
    let killed = 0;
    const killing = setInterval(() => decoders().forEach((pid) => { process.kill(pid, 'SIGKILL'); killed += 1; }), 20);
    const { statusCode } = await reply;
    clearInterval(killing);
    expect([killed > 0, statusCode]).toEqual([true, 422]);
    expect((await upload(await sharp({ create: { width: 8, height: 8, channels: 3, background: 'red' } }).png().toBuffer())).statusCode).toBe(201);
  });

  const folder = join(process.env['XF_SHARED'] ?? fileURLToPath(new URL('../../../../shared', import.meta.url)), 'corpus', 'images');
  if (!existsSync(folder)) console.log('Pictures of the shared corpus NOT RUN (they are not there)');
  test.skipIf(!existsSync(folder))('every picture of the corpus is kept or refused, and what must be refused is', { timeout: 300_000 }, async () => {
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => /\.\w+$/.test(name));
    const tally: { [status: number]: number } = {};
    for (const name of files) {
      const { statusCode } = await upload(readFileSync(join(folder, name)));
      tally[statusCode] = (tally[statusCode] ?? 0) + 1;
      expect([201, 415, 422], name).toContain(statusCode);
      // Names of the PNG suite: x… is broken.
      if (/png-suite.*__x\w+\.png$|png-suite\/x\w+\.png$/.test(name)) expect([name, statusCode]).not.toEqual([name, 201]);
    }
    console.log(`pictures: ${files.length} of the corpus, by status ${JSON.stringify(tally)}`);
  });

  test(`pictures with a few bytes changed, ${isAcceptance ? '10,000' : '60'} times`, { timeout: 1_800_000 }, async () => {
    const kinds = await Promise.all((['jpeg', 'png', 'webp', 'tiff'] as const).map((format) => sharp({ create: { width: 64, height: 64, channels: 3, background: 'red', noise: { type: 'gaussian', mean: 120, sigma: 40 } } }).withExif({ IFD0: { Make: 'Acme' } }).toFormat(format).toBuffer()));
    let seed = 7;
    const random = (below: number) => (seed = (seed * 48_271) % 2_147_483_647) % below;
    const tally: { [status: number]: number } = {};
    for (let round = 0; round < (isAcceptance ? 10_000 : 60); round += 1) {
      const copy = Buffer.from(kinds[round % kinds.length] ?? Buffer.alloc(0));
      for (let change = 0; change <= random(8); change += 1) copy[random(copy.length)] = random(256);
      const cut = random(5) === 0 ? copy.subarray(0, random(copy.length)) : copy;
      const { statusCode } = await upload(cut);
      tally[statusCode] = (tally[statusCode] ?? 0) + 1;
      expect([201, 415, 422]).toContain(statusCode);
    }
    console.log(`changed pictures by status ${JSON.stringify(tally)}; slowest XML ${Math.round(slowest.xml)} ms, slowest picture ${Math.round(slowest.image)} ms`);
  });
});

describe('tables', () => {
  const half = (text: string) => text.slice(0, text.length / 2);
  const shapes: readonly (readonly [string, () => string])[] = [
    ['ten million cells in the header', () => fill('a,', 20 * MB)], ['one line of 50 MB', () => `a,b\n${fill('x', 50 * MB)}`], ['a quote that is never closed', () => `a,b\n"${fill('x,y\n', 10 * MB)}`], ['quotes in the middle', () => `a,b\n${fill('"a"b,', 3 * MB)}`],
    ['quotes that do not fit', () => `a,b\n${fill('"a"b"\n', 3 * MB)}`], ['quotes alone', () => `a,b\n${fill('"', 6 * MB)}`], ['quotes in the header', () => fill('"a', 3 * MB)], ['carriage returns', () => `a,b\n${fill('\r', 5 * MB)}`],
    ['commas', () => fill(',', 10 * MB)], ['NUL', () => `a,b\n${fill('\0,', 5 * MB)}`], ['a million short lines', () => `a,b\n${fill('1,2\n', 8 * MB)}`],
  ];
  test.for(shapes)('of %s take time in step with their size, or are refused', { retry: 3, timeout: 60_000 }, ([, make]) => {
    const text = make();
    const time = (some: string) => {
      const begin = performance.now();
      try {
        readTable(some);
      } catch (error) {
        expect((error as Error).message).toMatch(/columns|header/);
      }
      return performance.now() - begin;
    };
    time(half(text));
    const [short, long] = [time(half(text)), time(text)];
    expect(long).toBeLessThan(10_000);
    // Quadratic would be four times.
    expect(long).toBeLessThan(Math.max(150, 3.4 * short));
  });
});

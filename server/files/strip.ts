/**
 * Takes everything out of a picture that is not the picture, without touching one pixel: each format is a list of parts,
 * and only parts on an allow-list stay. Position, serial numbers, names, embedded thumbnails and whatever comes after the end
 * are gone. A file that ends too early throws `Broken`.
 */
export class Broken extends Error {}

/** What stays, in order; the parts are views of the input. */
export type Parts = Uint8Array[];

/** Not `slice`, which on a Buffer is a view. */
const copyOf = (bytes: Uint8Array) => new Uint8Array(bytes);

/** `orientation` is written back as the only tag of a new EXIF block, because a viewer needs it. */
export function stripJpeg(bytes: Uint8Array, orientation: number): Parts {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const parts: Parts = [bytes.subarray(0, 2)];
  if (orientation > 1) parts.push(exifWith(orientation));
  let at = 2;
  for (;;) {
    while (bytes[at] === 0xff && bytes[at + 1] === 0xff) at += 1;
    const marker = bytes[at + 1];
    if (bytes[at] !== 0xff || marker === undefined) throw new Broken();
    if (marker === 0xd9) return [...parts, bytes.subarray(at, at + 2)];
    const end = at + 2 + (at + 4 <= bytes.length ? view.getUint16(at + 2) : Infinity);
    if (end > bytes.length) throw new Broken();
    const scanEnd = marker === 0xda ? endOfScan(bytes, end) : end;
    if (staysInJpeg(marker, bytes.subarray(at + 4, end))) parts.push(marker === 0xe0 ? plainJfif(bytes.subarray(at, end)) : bytes.subarray(at, scanEnd));
    at = scanEnd;
  }
}

/** Application segments stay when decoding needs them (JFIF, ICC profile, Adobe's colour transform); comments never do. */
function staysInJpeg(marker: number, body: Uint8Array): boolean {
  const says = (name: string) => Buffer.from(body.subarray(0, name.length)).toString('latin1') === name;
  if (marker === 0xe0) return says('JFIF\0') && body.length >= 14;
  if (marker === 0xe2) return says('ICC_PROFILE\0');
  if (marker === 0xee) return says('Adobe');
  return !(marker >= 0xe0 && marker <= 0xef) && marker !== 0xfe;
}

/** The JFIF segment with its thumbnail cut off. */
function plainJfif(segment: Uint8Array): Uint8Array {
  const plain = copyOf(segment.subarray(0, 18));
  plain.set([0x00, 0x10], 2);
  plain.set([0, 0], 16);
  return plain;
}

/** Compressed data runs to the next marker; `FF 00` and restart markers belong to it. */
function endOfScan(bytes: Uint8Array, from: number): number {
  for (let at = bytes.indexOf(0xff, from); at >= 0; at = bytes.indexOf(0xff, at + 1)) {
    const next = bytes[at + 1];
    if (next === undefined) break;
    if (next !== 0 && next !== 0xff && !(next >= 0xd0 && next <= 0xd7)) return at;
  }
  throw new Broken();
}

function exifWith(orientation: number): Uint8Array {
  const text = `\xff\xe1\x00\x22Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0${String.fromCharCode(orientation)}\0\0\0\0\0\0`;
  return new Uint8Array(Buffer.from(text, 'latin1'));
}

const pngChunks = new Set(['IHDR', 'PLTE', 'IDAT', 'IEND', 'tRNS', 'gAMA', 'cHRM', 'sRGB', 'iCCP', 'cICP', 'sBIT', 'pHYs']);

export function stripPng(bytes: Uint8Array): Parts {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const parts: Parts = [bytes.subarray(0, 8)];
  for (let at = 8; at + 12 <= bytes.length; ) {
    const end = at + 12 + view.getUint32(at);
    if (end > bytes.length) throw new Broken();
    const name = Buffer.from(bytes.subarray(at + 4, at + 8)).toString('latin1');
    if (pngChunks.has(name)) parts.push(bytes.subarray(at, end));
    if (name === 'IEND') return parts;
    at = end;
  }
  throw new Broken();
}

const webpChunks = new Set(['VP8 ', 'VP8L', 'VP8X', 'ALPH', 'ICCP', 'ANIM', 'ANMF']);
/** Flags of the extended header that say EXIF and XMP are there. */
const webpMetadataFlags = 0x0c;

export function stripWebp(bytes: Uint8Array): Parts {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = bytes.length < 12 ? Infinity : 8 + view.getUint32(4, true);
  if (end > bytes.length || end < 20) throw new Broken();
  const chunks: Parts = [];
  for (let at = 12; at + 8 <= end; ) {
    const size = view.getUint32(at + 4, true);
    const next = at + 8 + size + (size % 2);
    if (at + 8 + size > end) throw new Broken();
    const name = Buffer.from(bytes.subarray(at, at + 4)).toString('latin1');
    const chunk = copyOf(bytes.subarray(at, next));
    if (name === 'VP8X') chunk[8] = (chunk[8] ?? 0) & ~webpMetadataFlags;
    if (webpChunks.has(name)) chunks.push(chunk);
    at = next;
  }
  const header = copyOf(bytes.subarray(0, 12));
  new DataView(header.buffer).setUint32(4, 4 + chunks.reduce((sum, chunk) => sum + chunk.length, 0), true);
  return [header, ...chunks];
}

/** The few facts that are kept of a picture's own metadata: the camera, how it was set, when it was used. Never where, by whom or with which serial number. */
import exifr from 'exifr';

export interface PictureMetadata {
  make?: string;
  model?: string;
  /** Millimetres. */
  focalLength?: number;
  focalLengthIn35mm?: number;
  /** As the camera's clock said: local date and time, without a zone unless the camera knew it. */
  capturedAt?: string;
}

const tags = ['Make', 'Model', 'FocalLength', 'FocalLengthIn35mmFormat', 'DateTimeOriginal', 'OffsetTimeOriginal'];

/** From an EXIF block as the decoder hands it out. Unreadable metadata is no metadata. */
export async function readMetadata(exif: Uint8Array | undefined): Promise<PictureMetadata> {
  const marker = Buffer.from(exif?.subarray(0, 6) ?? []).toString('latin1') === 'Exif\0\0' ? 6 : 0;
  const found: { [tag: string]: unknown } = (exif && await exifr
    .parse(exif.subarray(marker), { pick: tags, reviveValues: false, translateValues: false })
    .catch(() => undefined)) ?? {};
  return withoutAbsent({
    make: word(found['Make']),
    model: word(found['Model']),
    focalLength: size(found['FocalLength']),
    focalLengthIn35mm: size(found['FocalLengthIn35mmFormat']),
    capturedAt: moment(found['DateTimeOriginal'], found['OffsetTimeOriginal']),
  });
}

function withoutAbsent(facts: { [K in keyof PictureMetadata]-?: PictureMetadata[K] | undefined }): PictureMetadata {
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined));
}

/** Letters, digits and a few signs; anything else in these tags is somebody's text. */
function word(value: unknown): string | undefined {
  const text = typeof value === 'string' ? value.replaceAll('\0', '').trim() : '';
  return /^[\w .,()+/-]{1,64}$/.test(text) ? text : undefined;
}

function size(value: unknown): number | undefined {
  return typeof value === 'number' && value > 0 && value < 10_000 ? value : undefined;
}

function moment(time: unknown, zone: unknown): string | undefined {
  const match = typeof time === 'string' ? /^(\d{4}):(\d\d):(\d\d) (\d\d:\d\d:\d\d)/.exec(time) : null;
  if (!match) return undefined;
  const offset = typeof zone === 'string' && /^[+-]\d\d:\d\d/.test(zone) ? zone.slice(0, 6) : '';
  return `${match[1]}-${match[2]}-${match[3]}T${match[4]}${offset}`;
}

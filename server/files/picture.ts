/**
 * From the bytes that came in to a picture fit to be kept: its kind told by the bytes, decoded once from end to end, its
 * metadata taken out, a thumbnail made. JPEG, PNG and WebP keep every pixel as it came; TIFF and HEIC are written anew.
 */
import sharp, { type Sharp } from 'sharp';
import { fail } from '../../schemas/problem.ts';
import { readMetadata, type PictureMetadata } from './metadata.ts';
import { mediaTypeOf, type MediaType } from './signature.ts';
import { Broken, stripJpeg, stripPng, stripWebp, type Parts } from './strip.ts';

export interface Picture {
  mediaType: MediaType;
  parts: Parts;
  /** As it is shown: orientation applied. */
  width: number;
  height: number;
  metadata: PictureMetadata;
  /** WebP, at most 320 pixels in width and height. */
  thumbnail: Uint8Array;
}

/** A picture of more pixels than any camera has is an attack on memory. */
const mostPixels = 100_000_000;
const thumbnailPixels = 320;
const mostSeconds = 20;

// The decoder may only ever become one of ours, whatever bytes follow the signature.
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({ operation: ['VipsForeignLoadJpeg', 'VipsForeignLoadPng', 'VipsForeignLoadWebp', 'VipsForeignLoadTiff', 'VipsForeignLoadHeif'] });
sharp.cache(false);

/** @throws Problem `image-type-refused`, `image-unreadable` */
export async function readPicture(bytes: Uint8Array): Promise<Picture> {
  const mediaType = mediaTypeOf(bytes) ?? fail('image-type-refused', [{ pointer: '/file', detail: 'The first bytes of the file are not those of such a picture' }]);
  try {
    const { width, height, orientation = 1, exif } = await decode(bytes).metadata();
    const thumbnail = await decode(bytes).autoOrient().resize(thumbnailPixels, thumbnailPixels, { fit: 'inside', withoutEnlargement: true }).webp({ quality: 80 }).toBuffer();
    const parts = await strip(bytes, mediaType, orientation);
    const shown = orientation >= 5 ? { width: height, height: width } : { width, height };
    return { mediaType, parts, ...shown, metadata: await readMetadata(exif), thumbnail };
  } catch (error) {
    return refuse(mediaType, error);
  }
}

function decode(bytes: Uint8Array): Sharp {
  return sharp(bytes, { failOn: 'error', limitInputPixels: mostPixels, sequentialRead: true }).timeout({ seconds: mostSeconds });
}

async function strip(bytes: Uint8Array, mediaType: MediaType, orientation: number): Promise<Parts> {
  if (mediaType === 'image/jpeg') return stripJpeg(bytes, orientation);
  const parts = mediaType === 'image/png' ? stripPng(bytes) : mediaType === 'image/webp' ? stripWebp(bytes) : undefined;
  if (parts && orientation === 1) return parts;
  if (mediaType === 'image/png') return rewrite(bytes, (picture) => picture.png());
  if (mediaType === 'image/webp') return rewrite(bytes, (picture) => picture.webp({ lossless: true }));
  if (mediaType === 'image/tiff') return rewrite(bytes, (picture) => picture.tiff({ compression: 'deflate' }));
  return rewrite(bytes, (picture) => picture.heif({ compression: 'hevc', quality: 95 }));
}

/** Without loss, the turn applied, colours kept as they are, no metadata but the colour profile. */
async function rewrite(bytes: Uint8Array, into: (picture: Sharp) => Sharp): Promise<Parts> {
  return [await into(decode(bytes).autoOrient().keepIccProfile()).toBuffer()];
}

function refuse(mediaType: MediaType, error: unknown): never {
  if (mediaType === 'image/heic') {
    fail('image-type-refused', [{ pointer: '/file', detail: 'This HEIC picture cannot be decoded here; set the camera to JPEG ("most compatible") or convert it' }]);
  }
  const message = error instanceof Error ? error.message : '';
  if (/pixel limit/i.test(message)) fail('image-unreadable', [{ pointer: '/file', detail: 'The picture has more than 100 megapixels' }]);
  // The decoder has many words for it; a mistake of ours would be a TypeError or a RangeError.
  if (error instanceof Broken || (error instanceof Error && error.constructor === Error && !('code' in error))) {
    fail('image-unreadable', [{ pointer: '/file', detail: 'The picture is cut off or damaged; take or send it again' }]);
  }
  throw error;
}

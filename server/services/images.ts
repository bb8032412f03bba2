/** Stores pictures and hands them out again. The file is safe on disk before the database knows of it. */
import { readFile } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import type { ImageRequest, ImageSummary } from '../../schemas/http/api.ts';
import { fail } from '../../schemas/problem.ts';
import { transact } from '../database.ts';
import { readPictureFile, type ReadPicture } from '../files/picture-reader.ts';
import type { Received } from '../files/store.ts';
import { appendAuditEvent } from '../repositories/audit.ts';
import { findImage, insertImage } from '../repositories/entities.ts';
import { findSubject } from '../repositories/subjects.ts';
import type { Context } from './context.ts';
import { contribute } from './contribute.ts';
import { imageSummaryOf, requireLesion } from './entities.ts';
import { lockOwner } from './owner.ts';
import type { Actor } from './permissions.ts';

export const mostImageBytes = 50 * 1024 * 1024;

/** The cheap questions first: whoever may not store here is told before 50 MB have been sent. @throws Problem `subject-not-found` */
export function requireSubject({ db }: Context, actor: Actor, siteId: string, subjectId: string): Promise<void> {
  return transact(db, { accountId: actor.accountId, sites: [siteId] }, async (trx) => {
    if (!(await findSubject(trx, siteId, subjectId))) fail('subject-not-found');
  });
}

/** Takes a picture as it arrives. The same picture twice is one file. @throws Problem `image-too-large`, `image-type-refused`, `image-unreadable`, `subject-not-found`, `contribution-reused` */
export async function addImage(context: Context, actor: Actor, siteId: string, subjectId: string, meta: ImageRequest, stream: AsyncIterable<Uint8Array>): Promise<ImageSummary> {
  const { files } = context;
  const received = (await files.receive(stream, mostImageBytes)) ?? fail('image-too-large');
  try {
    const picture = await readPictureFile(received.path);
    try {
      return await storeImage(context, actor, siteId, subjectId, meta, received, picture);
    } finally {
      await picture.discard();
    }
  } finally {
    await files.discard(received);
  }
}

async function storeImage(context: Context, actor: Actor, siteId: string, subjectId: string, { id, contribution, lesionId }: ImageRequest, received: Received, picture: ReadPicture): Promise<ImageSummary> {
  const kept = await context.files.keep([await readFile(picture.path)]);
  const thumbnail = await context.files.keep([picture.thumbnail]);
  const act = { siteId, contributionId: contribution, kind: 'image.add', entityId: id, request: { subjectId, lesionId, sha256: received.sha256 } };
  return contribute(context, actor, act, async (trx) => {
    const owner = await lockOwner(trx, actor, siteId, subjectId);
    await requireLesion(trx, siteId, subjectId, lesionId);
    await insertImage(trx, owner, {
      id, lesion_id: lesionId ?? null, sha256: kept.sha256, bytes: kept.bytes, thumbnail_sha256: thumbnail.sha256,
      // What came and what is kept differ by the metadata; a classification names the file that came.
      media_type: picture.mediaType, width: picture.width, height: picture.height, metadata: { ...picture.metadata, receivedSha256: received.sha256 },
    });
  }, async (trx) => imageSummaryOf((await findImage(trx, siteId, id)) ?? fail('image-not-found')));
}

export interface OpenImage {
  mediaType: string;
  sha256: string;
  stream: Readable;
}

/** Looking at a whole picture is written to the audit trail; a thumbnail is not. @throws Problem `image-not-found` */
export function openImage({ db, files }: Context, actor: Actor, siteId: string, id: string, size: 'whole' | 'thumbnail'): Promise<OpenImage> {
  return transact(db, { accountId: actor.accountId, sites: [siteId] }, async (trx) => {
    const image = (await findImage(trx, siteId, id)) ?? fail('image-not-found');
    if (size === 'thumbnail') return { mediaType: 'image/webp', sha256: image.thumbnail_sha256, stream: await files.read(image.thumbnail_sha256) };
    await appendAuditEvent(trx, { siteId, accountId: actor.accountId, action: 'image.read', entity: 'image', entityId: id, subjectId: image.subject_id, device: actor.device });
    return { mediaType: image.media_type, sha256: image.sha256, stream: await files.read(image.sha256) };
  });
}

/** Pictures: multipart in, bytes out. */
import type { IncomingMessage } from 'node:http';
import multipart from '@fastify/multipart';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import type { ImageRequest } from '../../schemas/http/api.ts';
import * as schema from '../../schemas/http/images.ts';
import { fail } from '../../schemas/problem.ts';
import { warmPictures } from '../files/picture-reader.ts';
import type { Context } from '../services/context.ts';
import { addImage, mostImageBytes, openImage, requireSubject, type OpenImage } from '../services/images.ts';
import { permit } from '../services/permissions.ts';
import type { SiteItemParams, SubjectParams } from './query.ts';

const isImageRequest = new Ajv2020({ strict: true }).compile<ImageRequest>(schema.imageRequest);
/** What `meta` and the boundaries may add to the picture. */
const envelopeBytes = 64 * 1024;
/** So long the rest of a refused picture is read and thrown away, that its sender may come to read the answer. */
const drainMs = 10_000;

export const images: FastifyPluginAsync<{ context: Context }> = async (app, { context }) => {
  await app.register(multipart, { limits: { fileSize: mostImageBytes + 1, files: 1, fields: 1, parts: 2, fieldSize: envelopeBytes }, throwFileSizeLimit: false });
  app.addHook('onListen', async () => warmPictures());
  app.addHook('onResponse', async ({ raw }) => {
    if (!raw.readableEnded) drain(raw);
  });

  app.post<{ Params: SubjectParams }>('/subjects/:subjectId/images', { schema: schema.postImage }, async (request, reply) => {
    const { actor, params } = request;
    permit(actor, 'image:write', params.siteId);
    if (Number(request.headers['content-length']) > mostImageBytes + envelopeBytes) fail('image-too-large');
    await requireSubject(context, actor, params.siteId, params.subjectId);
    const { meta, file } = await readParts(request);
    return reply.code(201).send(await addImage(context, actor, params.siteId, params.subjectId, meta, file));
  });

  app.get<{ Params: SiteItemParams }>('/images/:id', { schema: schema.getImage }, async ({ actor, params }, reply) => {
    permit(actor, 'image:read', params.siteId);
    return send(reply, await openImage(context, actor, params.siteId, params.id, 'whole'));
  });

  app.get<{ Params: SiteItemParams }>('/images/:id/thumbnail', { schema: schema.getThumbnail }, async ({ actor, params }, reply) => {
    permit(actor, 'image:read', params.siteId);
    return send(reply, await openImage(context, actor, params.siteId, params.id, 'thumbnail'));
  });
};

/** A request that somebody began to read and nobody ends would hold its connection, and a stopping server, until it times out. */
function drain(request: IncomingMessage): void {
  const timer = setTimeout(() => request.destroy(), drainMs).unref();
  request.once('close', () => clearTimeout(timer));
  request.unpipe();
  request.resume();
}

/** The part `meta`, then the part `file`, still to be read. @throws Problem `request-invalid` */
async function readParts(request: FastifyRequest): Promise<{ meta: ImageRequest; file: AsyncIterable<Uint8Array> }> {
  if (!request.isMultipart()) fail('request-invalid', [{ pointer: '', detail: 'A picture comes as multipart/form-data' }]);
  let meta: unknown;
  for await (const part of request.parts()) {
    if (part.type === 'file' && part.fieldname === 'file' && isImageRequest(meta)) return { meta, file: part.file };
    if (part.type === 'file') {
      part.file.resume();
      break;
    }
    if (part.fieldname === 'meta') meta = parse(part.value);
  }
  return fail('request-invalid', [{ pointer: isImageRequest(meta) ? '/file' : '/meta', detail: isImageRequest(meta) ? 'is missing' : 'must come first, as JSON of { id, contribution, lesionId? }' }]);
}

function parse(text: unknown): unknown {
  try {
    return JSON.parse(String(text));
  } catch {
    return undefined;
  }
}

/** The address names one picture for ever. A browser that opens it alone may do nothing but show it. */
function send(reply: FastifyReply, { mediaType, sha256, stream }: OpenImage): FastifyReply {
  return reply
    .type(mediaType)
    .header('cache-control', 'private, max-age=31536000, immutable')
    .header('etag', `"${sha256}"`)
    .header('content-security-policy', "default-src 'none'; sandbox")
    .header('content-disposition', `inline; filename="${sha256.slice(0, 16)}.${mediaType.split('/')[1] ?? 'bin'}"`)
    .send(stream);
}

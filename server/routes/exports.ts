/** Exports: how much there would be, and the ZIP itself, sent while it is written. */
import { Readable } from 'node:stream';
import type { FastifyPluginAsync } from 'fastify';
import type { ExportPreview, ExportRequest } from '../../schemas/http/api.ts';
import * as schema from '../../schemas/http/exports.ts';
import { previewExport } from '../exchange/export/preview.ts';
import { checkExport, writeExport } from '../exchange/export/run.ts';
import { spooled } from '../exchange/export/spool.ts';
import { todayAtSite } from '../services/clock.ts';
import type { Context } from '../services/context.ts';

export interface ExportsOptions {
  context: Context;
  /** Of this program. */
  version: string;
  engine: 'embedded' | 'postgresql';
  /** Where a ZIP lies, without a name, until it is sent. */
  spoolFolder: string;
}

export const exportsRoutes: FastifyPluginAsync<ExportsOptions> = async (app, { context, version, engine, spoolFolder }) => {
  app.post<{ Body: ExportRequest }>('/exports/preview', { schema: schema.postPreview }, async ({ actor, body }): Promise<ExportPreview> => {
    checkExport(context, { request: body, actor });
    return previewExport(context, actor, body);
  });

  app.post<{ Body: ExportRequest }>('/exports', { schema: schema.postExport }, async ({ actor, body, log }, reply) => {
    checkExport(context, { request: body, actor });
    const bytes = spooled(spoolFolder, (sink, signal) => writeExport(context, { request: body, actor, version, engine, signal }, sink));
    const stream = Readable.from(bytes, { objectMode: false });
    // The head is sent by then: the connection is cut, and a ZIP without its directory is none.
    stream.on('error', (error: Error) => log.warn({ error: error.name }, 'export ended early'));
    const name = `xiangya-forms-${body.release}-${todayAtSite(context.clock)}-${body.profile}.zip`;
    return reply.type('application/zip').header('cache-control', 'no-store').header('content-disposition', `attachment; filename="${name.replace(/[^A-Za-z0-9.-]/g, '-')}"`).send(stream);
  });
};

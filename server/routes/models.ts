/** The classifier's model, from our own origin. The page checks its digest against the manifest before it runs. */
import type { FastifyPluginAsync } from 'fastify';
import * as schema from '../../schemas/http/models.ts';
import type { CurrentModel } from '../../schemas/http/api.ts';
import { fail } from '../../schemas/problem.ts';
import { listModels, readModelFile } from '../files/models.ts';

export interface ModelSettings {
  /** Folders of model folders, the hospital's own first. */
  roots: readonly string[];
  /** Name of the model folder to use, `off` for none; absent: the first there is. */
  chosen?: string;
}

export const models: FastifyPluginAsync<{ settings: ModelSettings }> = async (app, { settings }) => {
  const { roots, chosen } = settings;

  app.get('/models', { schema: schema.currentModel }, async (): Promise<CurrentModel> => {
    if (chosen === 'off') return {};
    const all = await listModels(roots);
    const model = chosen === undefined ? all[0] : all.find(({ id }) => id === chosen);
    return model ? { folder: `/api/models/${model.id}/` } : {};
  });

  app.get<{ Params: { model: string; file: string } }>('/models/:model/:file', { schema: schema.modelFile }, async ({ params }, reply) => {
    const model = (await listModels(roots)).find(({ id }) => id === params.model);
    const bytes = (model && (await readModelFile(model, params.file))) ?? fail('not-found');
    return reply.header('cache-control', 'private, no-cache').type(params.file.endsWith('.json') ? 'application/json; charset=utf-8' : 'application/octet-stream').send(bytes);
  });
};

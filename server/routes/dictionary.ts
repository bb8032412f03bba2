/** The data dictionary. What it says follows from the release alone, so it is made once and kept. */
import { createHash } from 'node:crypto';
import type { FastifyPluginAsync } from 'fastify';
import { canonicalize } from '../../schemas/canonical.ts';
import { dictionaryOf, historyOf, usesOf, type Dictionary, type DictionaryIndex, type DictionaryValueSetReply } from '../../schemas/dictionary.ts';
import { compareVersions, textOf } from '../../schemas/documents.ts';
import * as schema from '../../schemas/http/dictionary.ts';
import { fail } from '../../schemas/problem.ts';
import type { Registry } from '../../schemas/registry.ts';
import { byteOrderMark, csvLines } from '../exchange/csv/write.ts';
import { sheetsOf } from '../exchange/dictionary/sheets.ts';
import { workbook } from '../exchange/dictionary/workbook.ts';
import type { Context } from '../services/context.ts';
import { canSomewhere, type Actor } from '../services/permissions.ts';

function requireReading(actor: Actor): void {
  if (!canSomewhere(actor, 'standard:read')) fail('not-permitted');
}

export const dictionaryRoutes: FastifyPluginAsync<{ context: Context }> = async (app, { context: { standards: registry } }) => {
  const book = once(() => dictionaryOf(registry));
  const index = once(() => JSON.stringify(indexOf(registry, book())));
  const tag = once(() => `"${createHash('sha256').update(canonicalize(registry.getRelease())).digest('hex').slice(0, 32)}"`);

  app.get('/dictionary', { schema: schema.getDictionary }, async ({ actor, headers }, reply) => {
    requireReading(actor);
    reply.header('etag', tag()).header('cache-control', 'private, no-cache').type('application/json; charset=utf-8');
    return headers['if-none-match']?.includes(tag()) ? reply.code(304).send() : reply.send(index());
  });

  app.get<{ Params: { subDataset: string } }>('/dictionary/history/:subDataset', { schema: schema.getStandardHistory }, async ({ actor, params }) => {
    requireReading(actor);
    registry.getStandard(params.subDataset);
    return historyOf(registry, params.subDataset);
  });

  app.get<{ Params: { id: string; version: string } }>('/dictionary/value-sets/:id/:version', { schema: schema.getDictionaryValueSet }, async ({ actor, params }): Promise<DictionaryValueSetReply> => {
    requireReading(actor);
    const ref = `${params.id}/${params.version}`;
    const document = registry.findValueSetDocument(ref) ?? fail('standard-not-found');
    const versions = registry.valueSetRefs.filter((each) => each.startsWith(`${params.id}/`)).map((each) => each.split('/')[1] ?? '').sort(compareVersions).reverse();
    return { document, versions, uses: usesOf(book(), ref) };
  });

  app.get<{ Params: { file: string }; Querystring: { subDataset?: string } }>('/dictionary/files/:file', { schema: schema.getDictionaryFile }, async ({ actor, params, query }, reply) => {
    requireReading(actor);
    if (query.subDataset !== undefined) registry.getStandard(query.subDataset);
    const sheets = sheetsOf(registry, book(), query.subDataset);
    const name = `${query.subDataset ?? 'dictionary'}-${book().release}`;
    if (params.file === 'dictionary.xlsx') {
      return reply.header('content-disposition', `attachment; filename="${name}.xlsx"`).type('application/vnd.openxmlformats-officedocument.spreadsheetml.sheet').send(await workbook(sheets));
    }
    const sheet = sheets.find((each) => `${each.name}.csv` === params.file) ?? fail('not-found');
    return reply.header('content-disposition', `attachment; filename="${name}-${sheet.name}.csv"`).type('text/csv; charset=utf-8')
      .send(byteOrderMark + csvLines([sheet.header, ...sheet.rows], 'excel'));
  });
};

function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

function indexOf(registry: Registry, { release, standards, valueSets }: Dictionary): DictionaryIndex {
  return {
    release,
    standards: standards.map(({ dataset, subDataset, version, elements }) => ({
      dataset, subDataset, version,
      elements: elements.map(({ path, title, type, element, concept, valueSet }) => ({
        path, zh: title.zh, en: title.en, type, ids: [...Object.values(element ?? {}), ...concept.map(({ code }) => code)], ...(valueSet === undefined ? {} : { valueSet }),
      })),
    })),
    valueSets: valueSets.flatMap((ref) => {
      const document = registry.findValueSetDocument(ref);
      const [id = '', version = ''] = ref.split('/');
      return document ? [{ id, version, title: textOf(document), codes: document.codes.length, open: document.open !== undefined }] : [];
    }),
  };
}

/** Requests and replies of exports. */
import { closed, count, line, listOf, replies, slug, uuid } from './primitives.ts';

const tags = ['exports'];
const exportRequest = closed({
  release: line(50),
  siteIds: { ...listOf(uuid), minItems: 1, maxItems: 1000, uniqueItems: true },
  subDatasets: { ...listOf(slug), maxItems: 200, uniqueItems: true },
  filter: closed({ subDataset: slug, expression: { type: 'string', minLength: 1, maxLength: 4000 } }),
  statuses: { ...listOf({ type: 'string', enum: ['in-progress', 'complete', 'signed', 'locked'] }), minItems: 1, uniqueItems: true },
  profile: { type: 'string', enum: ['analysis', 'excel'] },
  language: { type: 'string', enum: ['zh', 'en'] },
}, ['release', 'siteIds', 'subDatasets', 'profile', 'language']);

const preview = closed({ tables: listOf(closed({ table: { type: 'string' }, rows: count, columns: count })), subjects: count, withheldColumns: count });

export const postPreview = { tags, summary: 'How much an export would hold', body: exportRequest, response: replies(200, preview, 'Rows and columns of each file') };
export const postExport = {
  tags, summary: 'A ZIP: a CSV for each sub-dataset and repeat, a codebook, a manifest', body: exportRequest,
  response: { 200: { description: 'The ZIP, as it is written', content: { 'application/zip': { schema: { type: 'string' } } } } },
};

/** Requests and replies of code lists. */
import { closed, count, listOf, pageQuery, replies, semver, slug, text } from './primitives.ts';

const tags = ['standards'];
const params = closed({ id: slug, version: semver });
const strings = listOf({ type: 'string' });
const code = closed({ code: { type: 'string' }, text, status: { type: 'string', enum: ['active', 'retired'] }, pinyin: { type: 'string' }, synonyms: strings }, ['code', 'text', 'status']);
const lines = { type: 'string', description: 'A line for each code' } as const;
const columns = closed({ size: count, code: lines, zh: lines, en: lines, pinyin: lines, synonyms: lines, retired: listOf(count) });

export const searchCodes = {
  tags,
  summary: 'Codes of a value set, shipped and imported, by what people type; best first',
  params,
  querystring: {
    ...pageQuery,
    properties: { ...pageQuery.properties, q: { type: 'string', maxLength: 100, default: '', description: 'Code, Chinese, English, pinyin initials or another name; all when empty' } },
  },
  response: replies(200, closed({ items: listOf(code), next: { type: 'string' } }, ['items']), 'A page'),
};
export const readCodes = {
  tags,
  summary: 'What codes mean, retired ones too; unknown ones are left out',
  params,
  body: closed({ codes: { type: 'array', maxItems: 500, items: { type: 'string', maxLength: 64 } } }),
  response: replies(200, closed({ items: listOf(code) }), 'In the order that was asked'),
};
export const getCodeFile = { tags, summary: 'The whole list by columns, to search without the server; with an ETag', params, response: { ...replies(200, columns, 'The columns'), 304: { description: 'As it was', type: 'null' } } };

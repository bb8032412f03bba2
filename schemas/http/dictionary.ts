/** The data dictionary: what can be searched, one value set, and files to take away. */
import { closed, listOf, open, replies, semver, slug } from './primitives.ts';

const tags = ['standards'];
const use = closed({ subDataset: slug, version: semver, path: { type: 'string' } });

export const getDictionary = {
  tags, summary: 'Every element and value set of the release, as short as a search needs them',
  response: replies(200, closed({ release: { type: 'string' }, standards: listOf(open), valueSets: listOf(open) }), 'By sub-dataset; `ETag` is the digest of the release'),
};
export const getStandardHistory = {
  tags, summary: 'What became of a sub-dataset from version to version, newest first', params: closed({ subDataset: slug }),
  response: replies(200, listOf(closed({ version: semver, sha256: { type: 'string' }, releases: listOf({ type: 'string' }), added: listOf({ type: 'string' }), removed: listOf({ type: 'string' }), changed: listOf({ type: 'string' }) })), 'The versions'),
};
export const getDictionaryValueSet = {
  tags, summary: 'A value set as it was published, and which elements have it', params: closed({ id: slug, version: semver }),
  response: replies(200, closed({ document: open, versions: listOf(semver), uses: listOf(use) }), 'The value set'),
};
export const getDictionaryFile = {
  tags, summary: 'The dictionary as a workbook, or one of its tables as CSV', params: closed({ file: { type: 'string', pattern: '^(dictionary\\.xlsx|(standards|elements|codes|rules)\\.csv)$' } }),
  querystring: closed({ subDataset: slug }, []),
  response: { 200: { description: 'The file', content: { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } } } },
};

/** Requests and replies of the classifier's model. */
import { closed, replies } from './primitives.ts';

const tags = ['models'];
const name = { type: 'string', pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$' };

export const currentModel = { tags, summary: 'Where the classifier in use is; no folder when there is none', response: replies(200, closed({ folder: { type: 'string' } }, []), 'Its folder') };
export const modelFile = {
  tags, summary: 'A file of a model folder: the manifest, or the network that it names', params: closed({ model: name, file: name }, ['model', 'file']),
  response: { 200: { description: 'The file', content: { 'application/octet-stream': { schema: { type: 'string' } } } } },
};

/** Requests and replies of images. The file comes as multipart, so only its `meta` part has a schema here. */
import { closed, ref, replies, siteItemParams, subjectParams, uuid } from './primitives.ts';

const tags = ['images'];
const bytes = (description: string) => ({ 200: { description, content: { 'image/*': { schema: { type: 'string' } } } }, default: { description: 'A problem', ...ref('Problem') } });

/** The JSON in the part `meta`, which comes before the part `file`. */
export const imageRequest = closed({ id: uuid, contribution: uuid, lesionId: uuid }, ['id', 'contribution']);

export const postImage = {
  tags, summary: 'Store a picture: multipart with `meta` (JSON), then `file` (at most 50 MB)', consumes: ['multipart/form-data'], params: subjectParams,
  response: replies(201, ref('ImageSummary'), 'Stored'),
};
export const getImage = { tags, summary: 'The picture, without its metadata', params: siteItemParams, response: bytes('The picture') };
export const getThumbnail = { tags, summary: 'The picture, 320 pixels wide, WebP', params: siteItemParams, response: bytes('The thumbnail') };

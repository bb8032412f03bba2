/** Requests and replies of standards and compiled forms. */
import { closed, listOf, open, ref, replies, semver, slug } from './primitives.ts';

const tags = ['standards'];
const params = closed({ subDataset: slug, version: semver });

export const listStandards = { tags, summary: 'The standards of the release', response: replies(200, listOf(ref('StandardSummary')), 'In the order of the catalogue') };
export const getStandard = { tags, summary: 'A standard, as published', params, response: replies(200, open, 'The document') };
export const getForm = { tags, summary: 'A standard, compiled into a form', params, response: replies(200, open, 'The form; never changes') };
export const getStructure = { tags, summary: 'The structure check of a form, as a JavaScript module', params, response: { 200: { description: 'The module', content: { 'text/javascript': { schema: { type: 'string' } } } } } };

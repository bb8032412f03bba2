/** Requests and replies of sites and accounts. */
import { closed, line, listOf, open, pageOf, pageQuery, ref, replies, siteParams, uuid } from './primitives.ts';
import { newPassword, username } from './session.ts';
import { organisationCode, siteNames } from './shapes.ts';

const day = { type: 'string', format: 'date' } as const;
const memberships = { ...listOf(ref('Membership')), maxItems: 500 } as const;

export const listSites = { tags: ['sites'], summary: 'The hospitals that one may see', querystring: pageQuery, response: replies(200, pageOf(ref('Site')), 'By code') };
export const postSite = { tags: ['sites'], summary: 'Add a hospital', body: closed({ id: uuid, ...siteNames, organisationCode }, ['id', 'code', 'name']), response: replies(201, ref('Site'), 'Added') };
export const putSite = { tags: ['sites'], summary: 'What a hospital is called and registered under', params: closed({ id: uuid }), body: closed({ name: siteNames.name, nameEn: siteNames.nameEn, organisationCode }, ['name']), response: replies(200, ref('Site'), 'As it is now') };

export const listAccounts = { tags: ['accounts'], summary: 'The accounts of the hospitals that one administers', querystring: pageQuery, response: replies(200, pageOf(ref('Account')), 'By user name') };
export const postAccount = {
  tags: ['accounts'], summary: 'Add a person; without user name and password somebody who is named in records and never signs in',
  body: closed({ id: uuid, username, displayName: line(100), password: newPassword, memberships }, ['id', 'displayName', 'memberships']),
  response: replies(201, ref('Account'), 'Added'),
};
export const putMemberships = {
  tags: ['accounts'], summary: 'Say anew which roles a person has, where', params: closed({ id: uuid }), body: closed({ memberships }),
  response: replies(200, ref('Account'), 'As it is now'),
};
export const putAccount = {
  tags: ['accounts'], summary: 'A new name from a day on, or a correction', params: closed({ id: uuid }), body: closed({ displayName: line(100), from: day }, ['displayName']),
  response: replies(200, ref('Account'), 'As it is now'),
};

export const searchPeople = {
  tags: ['people'], summary: 'Those who work at a hospital, by name', params: siteParams,
  body: closed({ q: { type: 'string', maxLength: 100 }, after: uuid, limit: { type: 'integer', minimum: 1, maximum: 100 } }, []), response: replies(200, pageOf(ref('SitePerson')), 'A page'),
};
export const namePeople = {
  tags: ['people'], summary: 'What those are called whom records refer to', params: siteParams,
  body: closed({ ids: { ...listOf(uuid), maxItems: 500 }, day }, ['ids']), response: replies(200, open, 'Names by id'),
};

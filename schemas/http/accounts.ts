/** Requests and replies of sites and accounts. */
import { closed, line, listOf, pageOf, pageQuery, ref, replies, uuid } from './primitives.ts';
import { newPassword, username } from './session.ts';
import { siteNames } from './shapes.ts';

const memberships = { ...listOf(ref('Membership')), maxItems: 500 } as const;

export const listSites = { tags: ['sites'], summary: 'The hospitals that one may see', querystring: pageQuery, response: replies(200, pageOf(ref('Site')), 'By code') };
export const postSite = { tags: ['sites'], summary: 'Add a hospital', body: closed({ id: uuid, ...siteNames }, ['id', 'code', 'name']), response: replies(201, ref('Site'), 'Added') };

export const listAccounts = { tags: ['accounts'], summary: 'The accounts of the hospitals that one administers', querystring: pageQuery, response: replies(200, pageOf(ref('Account')), 'By user name') };
export const postAccount = {
  tags: ['accounts'], summary: 'Add a person', body: closed({ id: uuid, username, displayName: line(100), password: newPassword, memberships }),
  response: replies(201, ref('Account'), 'Added'),
};
export const putMemberships = {
  tags: ['accounts'], summary: 'Say anew which roles a person has, where', params: closed({ id: uuid }), body: closed({ memberships }),
  response: replies(200, ref('Account'), 'As it is now'),
};

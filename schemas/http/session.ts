/** Requests and replies of sign-in, set-up and health. */
import { closed, line, ref, replies } from './primitives.ts';
import { organisationCode, siteNames } from './shapes.ts';

const tags = ['session'];
export const username = { type: 'string', pattern: '^[a-z0-9][a-z0-9._-]{1,63}$', description: 'Lower case letters, digits, dot, hyphen, underscore' } as const;
/** What makes a password good is the policy's to say (`server/services/password-rules.ts`); here is only what no policy goes below. */
export const newPassword = { type: 'string', minLength: 8, maxLength: 200 } as const;

export const getHealth = { tags, summary: 'Is the server, and its database, alive?', response: { ...replies(200, ref('Health'), 'Alive'), 503: { description: 'The database does not answer', ...ref('Health') } } };
export const getSetup = { tags, summary: 'Is the one-time set-up still open?', response: replies(200, closed({ open: { type: 'boolean' } }), 'Open or not') };
export const postSetup = {
  tags, summary: 'Make the first account and hospital, with the token of the one-time link',
  body: closed({
    token: { type: 'string', minLength: 20, maxLength: 100 }, username, displayName: line(100), password: newPassword,
    site: closed({ ...siteNames, organisationCode }, ['code', 'name']),
  }),
  response: replies(200, ref('Me'), 'Signed in'),
};
export const postSession = {
  tags, summary: 'Sign in',
  body: closed({
    username: { type: 'string', minLength: 1, maxLength: 100 }, password: { type: 'string', minLength: 1, maxLength: 200 }, code: { type: 'string', minLength: 6, maxLength: 60 }, newPassword,
  }, ['username', 'password']),
  response: replies(200, ref('Me'), 'Signed in; the session is in a cookie'),
};
export const getSession = { tags, summary: 'Who is signed in', response: replies(200, ref('Me'), 'The person') };
export const deleteSession = { tags, summary: 'Sign out', response: { 204: { description: 'Signed out', type: 'null' } } };

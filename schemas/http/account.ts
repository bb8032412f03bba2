/** Requests and replies of signing in by other ways, of one's own account, and of what administrators do with accounts. */
import { closed, count, instant, line, listOf, open, pageOf, pageQuery, replies, siteParams, uuid } from './primitives.ts';
import { newPassword } from './session.ts';

const session = ['session'];
const account = ['account'];
const accounts = ['accounts'];
const openings = ['openings'];
const done = (description: string) => ({ 204: { description, type: 'null' } });
const password = { type: 'string', minLength: 1, maxLength: 200 } as const;
const token = { type: 'string', minLength: 20, maxLength: 100 } as const;
const code = { type: 'string', minLength: 6, maxLength: 60 } as const;
const idParams = closed({ id: uuid });
/** What an authenticator says, checked by the library that understands it. */
const response = { type: 'object', additionalProperties: true, maxProperties: 20 } as const;
const passkey = closed({ id: uuid, name: line(60), createdAt: instant, usedAt: instant }, ['id', 'name', 'createdAt']);
const sessionEntry = closed({ id: uuid, startedAt: instant, seenAt: instant, method: { type: 'string' }, device: { type: 'string' }, address: { type: 'string' }, isThis: { type: 'boolean' } });
const codes = closed({ recoveryCodes: listOf({ type: 'string' }) });
const level = { type: 'string', enum: ['records', 'identifiers'] } as const;

export const getWays = {
  tags: session, summary: 'How one may sign in here',
  response: replies(200, closed({ passwords: closed({ least: count, isMixed: { type: 'boolean' } }), passkeysAt: { type: 'string' }, provider: { type: 'string' } }, ['passwords']), 'The ways'),
};
export const postPasskeyOptions = { tags: session, summary: 'Begin to sign in with a passkey', response: replies(200, open, 'Options for the browser') };
export const postPasskeySession = { tags: session, summary: 'Sign in with a passkey', body: closed({ response }), response: replies(200, { $ref: 'Me#' }, 'Signed in; the session is in a cookie') };
export const getProvider = { tags: session, summary: 'Go to the provider to sign in there' };
export const getProviderCallback = {
  tags: session, summary: 'Come back from the provider',
  querystring: { type: 'object', additionalProperties: true, properties: { state: { type: 'string', maxLength: 200 }, code: { type: 'string', maxLength: 2000 } } },
};
export const postReset = { tags: session, summary: 'Set a new password with the link of an administrator', body: closed({ token, newPassword }), response: done('Set; now sign in') };
export const postProof = {
  tags: session, summary: 'Show again who one is, for one act',
  body: closed({ act: { type: 'string', pattern: '^[a-z][a-z0-9.:-]{1,199}$' }, password, code, passkey: response }, ['act']), response: replies(200, closed({ proof: token, until: instant }), 'The proof'),
};
export const postProofOptions = { tags: session, summary: 'Begin to show it with a passkey', response: replies(200, open, 'Options for the browser') };

export const getAccount = {
  tags: account, summary: 'What one signs in with, and from where one is signed in',
  response: replies(200, closed({
    hasPassword: { type: 'boolean' }, passwordChangedAt: instant, needsSecondFactor: { type: 'boolean' }, totpSince: instant, recoveryCodes: count,
    passkeys: listOf(passkey), mayAddPasskeys: { type: 'boolean' }, links: listOf(closed({ issuer: { type: 'string' }, subject: { type: 'string' } })), sessions: listOf(sessionEntry),
  }, ['hasPassword', 'needsSecondFactor', 'recoveryCodes', 'passkeys', 'mayAddPasskeys', 'links', 'sessions']), 'As it is now'),
};
export const putPassword = { tags: account, summary: 'Change one’s password', body: closed({ password, newPassword }), response: done('Changed; the other sessions have ended') };
export const postTotp = { tags: account, summary: 'Begin with an app', response: replies(200, closed({ secret: { type: 'string' }, uri: { type: 'string' }, picture: { type: 'string' } }), 'What the app reads') };
export const putTotp = { tags: account, summary: 'The first code of the app', body: closed({ code }), response: replies(200, codes, 'In force; the recovery codes, shown this once') };
export const deleteTotp = { tags: account, summary: 'Do without the app', response: done('Removed') };
export const postRecoveryCodes = { tags: account, summary: 'New recovery codes', response: replies(200, codes, 'Shown this once') };
export const postAccountPasskeyOptions = { tags: account, summary: 'Begin to make a passkey', response: replies(200, open, 'Options for the browser') };
export const postAccountPasskey = { tags: account, summary: 'Keep a passkey', body: closed({ name: line(60), response }), response: replies(201, passkey, 'Kept') };
export const putPasskey = { tags: account, summary: 'Call a passkey otherwise', params: idParams, body: closed({ name: line(60) }), response: done('Renamed') };
export const deletePasskey = { tags: account, summary: 'Remove a passkey', params: idParams, response: done('Removed') };
export const deleteSessions = { tags: account, summary: 'Sign out everywhere else', response: done('Ended') };
export const deleteOneSession = { tags: account, summary: 'Sign out at one place', params: idParams, response: done('Ended') };

export const putStatus = { tags: accounts, summary: 'Disable an account, or enable it again', params: idParams, body: closed({ status: { type: 'string', enum: ['active', 'disabled'] } }), response: done('Done; a disabled account has no session') };
export const postAccountReset = {
  tags: accounts, summary: 'A link with which the person sets a new password', params: idParams, body: closed({ factors: { type: 'boolean' } }, []),
  response: replies(200, closed({ token, until: instant }), 'Shown this once'),
};
export const getOtherSessions = { tags: accounts, summary: 'Where somebody is signed in', params: idParams, response: replies(200, closed({ items: listOf(sessionEntry) }), 'The newest first') };
export const deleteOtherSessions = { tags: accounts, summary: 'Sign somebody out everywhere', params: idParams, response: done('Ended') };
export const putAccountProvider = { tags: accounts, summary: 'Who somebody is at the provider; null for nobody', params: idParams, body: closed({ subject: { anyOf: [line(255), { type: 'null' }] } }), response: done('Linked') };

export const getOpeningSites = { tags: openings, summary: 'The hospitals that could be opened', response: replies(200, closed({ items: listOf({ $ref: 'Site#' }) }), 'By code') };
export const postOpening = {
  tags: openings, summary: 'Open records or identifiers of a hospital for a while, and say why',
  body: closed({ siteId: uuid, level, minutes: { type: 'integer', minimum: 5, maximum: 240 }, reason: { ...line(500), minLength: 10 } }),
  response: replies(201, closed({ id: uuid, until: instant }), 'Open'),
};
export const deleteOpening = { tags: openings, summary: 'Close it before its time', params: idParams, response: done('Closed') };
export const listOpenings = {
  tags: openings, summary: 'Who opened what at this hospital, why, and what they did meanwhile', params: siteParams, querystring: pageQuery,
  response: replies(200, pageOf(closed({
    id: uuid, accountId: uuid, by: { type: 'string' }, level, reason: { type: 'string' }, openedAt: instant, until: instant, isClosed: { type: 'boolean' },
    done: listOf(closed({ at: instant, action: { type: 'string' }, entity: { type: 'string' }, entityId: { type: 'string' } })),
  })), 'The newest first'),
};

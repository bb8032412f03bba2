/**
 * Signing in through a provider of OpenID Connect: authorization code with PKCE, state and nonce. The provider says who it is by `sub`;
 * whoever that is here was linked by an administrator before. A provider that is down stops nobody who has a password.
 */
import { allowInsecureRequests, authorizationCodeGrant, buildAuthorizationUrl, calculatePKCECodeChallenge, ClientSecretBasic, discovery, None, randomNonce, randomPKCECodeVerifier, randomState, type Configuration } from 'openid-client';
import { v7 as uuidv7 } from 'uuid';
import { fail, Problem } from '../../schemas/problem.ts';
import { transact, type Trx } from '../database.ts';
import { findPerson, findPersonByUsername, insertAccount } from '../repositories/accounts.ts';
import { appendSecurityEvent } from '../repositories/audit.ts';
import { insertLink, useLink } from '../repositories/credentials.ts';
import { insertOneTime, takeOneTime } from '../repositories/one-time.ts';
import type { Context } from './context.ts';
import { hashToken } from './passwords.ts';
import { policyOf, type ProviderSettings } from './policy.ts';
import type { From, Sessions } from './sessions.ts';
import { openFor, type SignedIn } from './sign-in.ts';

const flowMs = 10 * 60_000;
const nowhere = { sites: [] };
export const callbackPath = '/api/session/provider/callback';

export interface Provider {
  /** Where the browser is sent, and what it must bring back: the state is bound to it by a cookie. */
  begin(): Promise<{ url: string; state: string }>;
  /** `query` as the provider's answer has it. @throws Problem `provider-refused` */
  finish(query: URLSearchParams, browserState: string | undefined, sessions: Sessions, from?: From): Promise<SignedIn>;
}

/** Undefined when none is set. What the provider says of itself is asked when somebody first signs in, and again after a failure. */
export function createProvider(context: Context): Provider | undefined {
  const { provider: settings, origin } = policyOf(context);
  if (settings === undefined || origin === undefined) return undefined;
  const redirectUri = new URL(callbackPath, origin).href;
  let known: Promise<Configuration> | undefined;
  const configuration = () => (known ??= discover(settings).catch(() => { known = undefined; return fail('provider-refused'); }));
  const { db, clock } = context;
  return {
    async begin() {
      const [state, nonce, verifier] = [randomState(), randomNonce(), randomPKCECodeVerifier()];
      const url = buildAuthorizationUrl(await configuration(), {
        redirect_uri: redirectUri, scope: 'openid profile', response_type: 'code', state, nonce, code_challenge: await calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256',
      });
      const now = clock.now();
      await transact(db, nowhere, (trx) => insertOneTime(trx, { tokenHash: hashToken(state), purpose: 'provider', detail: { nonce, verifier }, expiresAt: new Date(now.getTime() + flowMs) }, now));
      return { url: url.href, state };
    },
    async finish(query, browserState, sessions, from) {
      const state = query.get('state') ?? '';
      const flow = state !== '' && state === browserState ? await transact(db, nowhere, (trx) => takeOneTime(trx, 'provider', hashToken(state), clock.now())) : undefined;
      if (!flow) return fail('provider-refused');
      const current = new URL(redirectUri);
      current.search = query.toString();
      const tokens = await authorizationCodeGrant(await configuration(), current, {
        pkceCodeVerifier: String(flow.detail['verifier']), expectedState: state, expectedNonce: String(flow.detail['nonce']), idTokenExpected: true,
      }).catch(() => fail('provider-refused'));
      const claims = tokens.claims() ?? fail('provider-refused');
      return transact(db, nowhere, async (trx) => {
        const accountId = (await useLink(trx, settings.issuer, claims.sub, clock.now())) ?? (settings.makesAccounts ? await makeAccount(trx, settings, claims) : undefined);
        const person = accountId === undefined ? undefined : await findPerson(trx, accountId);
        if (person?.status !== 'active') return undefined;
        return openFor(trx, context, sessions, person.id, { method: 'provider', ...(from ? { from } : {}) });
      }).then(async (opened) => {
        if (opened) return opened;
        await transact(db, nowhere, (trx) => appendSecurityEvent(trx, undefined, 'session.refuse', { factor: 'provider' }));
        return fail('provider-refused');
      });
    },
  };
}

/** Plain HTTP only to this very machine. */
async function discover({ issuer, clientId, clientSecret }: ProviderSettings): Promise<Configuration> {
  const url = new URL(issuer);
  const isHere = url.protocol === 'http:' && ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
  return discovery(url, clientId, undefined, clientSecret === undefined ? None() : ClientSecretBasic(clientSecret), { timeout: 10, ...(isHere ? { execute: [allowInsecureRequests] } : {}) });
}

/** Without any role: an administrator gives them. A user name that is taken, or is none, gets the id in its place. */
async function makeAccount(trx: Trx, { issuer }: ProviderSettings, claims: { sub: string; [claim: string]: unknown }): Promise<string> {
  const id = uuidv7();
  const wanted = String(claims['preferred_username'] ?? '').toLowerCase();
  const username = /^[a-z0-9][a-z0-9._-]{1,63}$/.test(wanted) && !(await findPersonByUsername(trx, wanted)) ? wanted : `p-${id}`;
  const name = String(claims['name'] ?? '').replaceAll(/[\u0000-\u001f\u007f]/g, '').trim().slice(0, 100);
  await insertAccount(trx, { id, username, display_name: name || username, password_hash: null });
  await insertLink(trx, issuer, claims.sub, id);
  await appendSecurityEvent(trx, id, 'account.add', { subject: id, by: 'provider' });
  return id;
}

export const isProviderRefusal = (error: unknown): boolean => error instanceof Problem && ['provider-refused', 'second-factor-needed'].includes(error.key);

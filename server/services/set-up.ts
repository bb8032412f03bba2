/** The first account, by a one-time link: there is never a default password. */
import { v7 as uuidv7 } from 'uuid';
import type { SetupRequest } from '../../schemas/http/api.ts';
import { fail } from '../../schemas/problem.ts';
import { transact } from '../database.ts';
import { findPerson, hasAccounts, insertAccount, insertMemberships } from '../repositories/accounts.ts';
import { appendSecurityEvent } from '../repositories/audit.ts';
import { replaceSetupToken, useSetupToken } from '../repositories/sessions.ts';
import { insertSite } from '../repositories/sites.ts';
import type { Context } from './context.ts';
import { requireGoodPassword } from './password-rules.ts';
import { hashPassword, hashToken, newToken } from './passwords.ts';
import { policyOf } from './policy.ts';
import { actorOf, type From, type Sessions } from './sessions.ts';
import type { SignedIn } from './sign-in.ts';

const nowhere = { sites: [] };
const validMs = 24 * 60 * 60 * 1000;

/** A new token while there is no account; undefined once there is one. Tokens of earlier starts stop working. */
export async function openSetup({ db, clock }: Context): Promise<string | undefined> {
  if (await hasAccounts(db)) return undefined;
  const token = newToken();
  const now = clock.now();
  await transact(db, nowhere, (trx) => replaceSetupToken(trx, hashToken(token), now, new Date(now.getTime() + validMs)));
  return token;
}

export async function isSetupOpen({ db }: Context): Promise<boolean> {
  return !(await hasAccounts(db));
}

/**
 * Makes the first hospital and the first account, and signs it in. That person administers the network and, so that one person can begin alone,
 * works as an investigator and data manager at the hospital; they can give these roles away. @throws Problem `setup-closed`
 */
export async function setUp({ db, clock, policy }: Context, sessions: Sessions, { token, username, displayName, password, site }: SetupRequest, from?: From): Promise<SignedIn> {
  requireGoodPassword(policyOf({ policy }).passwords, password, [username, displayName], '/password');
  const password_hash = await hashPassword(password);
  const [accountId, siteId] = [uuidv7(), uuidv7()];
  return transact(db, nowhere, async (trx) => {
    if (!(await useSetupToken(trx, hashToken(token), clock.now())) || (await hasAccounts(trx))) fail('setup-closed');
    await insertSite(trx, { id: siteId, code: site.code, name: site.name, name_en: site.nameEn ?? null, organisation_code: site.organisationCode ?? null });
    await insertAccount(trx, { id: accountId, username, display_name: displayName, password_hash });
    await insertMemberships(trx, accountId, [
      { id: uuidv7(), role: 'system-administrator' },
      { id: uuidv7(), role: 'investigator', siteId },
      { id: uuidv7(), role: 'data-manager', siteId },
    ]);
    await appendSecurityEvent(trx, accountId, 'set-up', { siteId });
    const person = (await findPerson(trx, accountId)) ?? fail('internal');
    return { token: await sessions.open(trx, accountId, { method: 'password', ...(from ? { from } : {}) }), actor: actorOf(person) };
  });
}

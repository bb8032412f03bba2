/**
 * Who is behind a cookie. A session ends two hours after its last request and twelve hours after it began. What was found is
 * kept for ten seconds, so that saving does not ask the database each time who saves; signing out here forgets it at once, and
 * another process of the same installation learns of it within these ten seconds.
 */
import { transact, type Db, type Trx } from '../database.ts';
import { findPerson, type PersonRow } from '../repositories/accounts.ts';
import { deleteSession, extendSession, findSession, insertSession } from '../repositories/sessions.ts';
import type { Clock } from './clock.ts';
import { hashToken, newToken } from './passwords.ts';
import type { Actor } from './permissions.ts';

const minute = 60_000;
export const idleMs = 120 * minute;
export const longestMs = 12 * 60 * minute;
/** An expiry is moved on only when it has aged by this much. */
const slackMs = 5 * minute;
const rememberedMs = 10_000;
const mostRemembered = 10_000;

export interface Sessions {
  find(token: string): Promise<Actor | undefined>;
  /** Gives the token for the cookie. */
  open(trx: Trx, accountId: string): Promise<string>;
  /** Gives whose it was. */
  close(token: string): Promise<string | undefined>;
  /** To be called when somebody's roles have changed. */
  forget(): void;
}

export function createSessions(db: Db, clock: Clock): Sessions {
  const remembered = new Map<string, { actor: Actor; until: number }>();
  return {
    async find(token) {
      const known = remembered.get(token);
      const now = clock.now();
      if (known && known.until > now.getTime()) return known.actor;
      const tokenHash = hashToken(token);
      const session = await findSession(db, tokenHash, now);
      const person = session && (await findPerson(db, session.account_id));
      if (!person) return void remembered.delete(token);
      const until = expiry(now, session.created_at);
      if (until.getTime() - session.expires_at.getTime() > slackMs) await transact(db, { sites: [] }, (trx) => extendSession(trx, tokenHash, until));
      if (remembered.size >= mostRemembered) remembered.clear();
      const actor = actorOf(person);
      remembered.set(token, { actor, until: Math.min(now.getTime() + rememberedMs, session.expires_at.getTime()) });
      return actor;
    },
    async open(trx, accountId) {
      const token = newToken();
      const now = clock.now();
      await insertSession(trx, { token_hash: hashToken(token), account_id: accountId, created_at: now, expires_at: expiry(now, now) });
      return token;
    },
    async close(token) {
      remembered.delete(token);
      return (await transact(db, { sites: [] }, (trx) => deleteSession(trx, hashToken(token))))?.account_id;
    },
    forget: () => remembered.clear(),
  };
}

function expiry(now: Date, began: Date): Date {
  return new Date(Math.min(now.getTime() + idleMs, began.getTime() + longestMs));
}

export function actorOf({ id, username, display_name, memberships }: PersonRow): Actor {
  return { accountId: id, username, displayName: display_name, memberships };
}

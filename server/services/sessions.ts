/**
 * Who is behind a cookie. A session ends some time after its last request and some time after it began, as the policy says. What was
 * found is kept for four seconds, so that saving does not ask the database each time who saves; what ends here is forgotten at once,
 * and another process of the same installation learns of it within these four seconds.
 */
import { transact, type Db, type SignInMethod, type Trx } from '../database.ts';
import { findPerson, type PersonRow } from '../repositories/accounts.ts';
import { listHolding } from '../repositories/openings.ts';
import { deleteSession, extendSession, findSession, insertSession } from '../repositories/sessions.ts';
import type { Clock } from './clock.ts';
import { hashToken, newToken } from './passwords.ts';
import type { Actor } from './permissions.ts';
import { usualPolicy, type Policy } from './policy.ts';

/** An expiry is moved on only when it has aged by this much, or by a tenth of the idle time where that is less. */
const slackMs = 60_000;
const rememberedMs = 4_000;
const mostRemembered = 10_000;

/** Where a person signs in from, as far as it can be told. */
export interface From {
  address: string;
  /** Browser, system and shape, as schemas/history/device.ts has it. */
  device: string;
}

export interface Opened {
  method: SignInMethod;
  from?: From;
  pending?: 'second-factor' | undefined;
}

export interface Sessions {
  find(token: string): Promise<Actor | undefined>;
  /** Gives the token for the cookie. */
  open(trx: Trx, accountId: string, opened?: Opened): Promise<string>;
  /** Gives whose it was. */
  close(token: string): Promise<string | undefined>;
  /** To be called when somebody's roles have changed, or a session was ended, or something opened or closed. */
  forget(): void;
}

export function createSessions(db: Db, clock: Clock, { idleMs, longestMs }: Policy = usualPolicy): Sessions {
  const remembered = new Map<string, { actor: Actor; until: number }>();
  const expiry = (now: Date, began: Date) => new Date(Math.min(now.getTime() + idleMs, began.getTime() + longestMs));
  const slack = Math.min(slackMs, idleMs / 10);
  return {
    async find(token) {
      const known = remembered.get(token);
      const now = clock.now();
      if (known && known.until > now.getTime()) return known.actor;
      const tokenHash = hashToken(token);
      const session = await findSession(db, tokenHash, now);
      const person = session && (await findPerson(db, session.account_id));
      if (!person) return void remembered.delete(token);
      if (now.getTime() - session.last_seen_at.getTime() > slack) await transact(db, { sites: [] }, (trx) => extendSession(trx, tokenHash, expiry(now, session.created_at), now));
      const openings = (await listHolding(db, session.account_id, now)).map(({ id, site_id, level, until }) => ({ id, siteId: site_id, level, until }));
      const actor: Actor = {
        ...actorOf(person), sessionId: session.id, ...(session.pending ? { pending: session.pending } : {}), ...(openings.length > 0 ? { openings } : {}),
      };
      if (remembered.size >= mostRemembered) remembered.clear();
      // What is open for a while is closed to the moment.
      const ends = [session.expires_at, ...openings.map(({ until }) => until)].map((end) => end.getTime());
      remembered.set(token, { actor, until: Math.min(now.getTime() + rememberedMs, ...ends) });
      return actor;
    },
    async open(trx, accountId, { method, from = { address: '', device: '' }, pending } = { method: 'password' }) {
      const token = newToken();
      const now = clock.now();
      await insertSession(trx, {
        token_hash: hashToken(token), account_id: accountId, created_at: now, expires_at: expiry(now, now),
        method, pending: pending ?? null, device: from.device.slice(0, 60), address: from.address.slice(0, 60),
      });
      return token;
    },
    async close(token) {
      remembered.delete(token);
      return (await transact(db, { sites: [] }, (trx) => deleteSession(trx, hashToken(token))))?.account_id;
    },
    forget: () => remembered.clear(),
  };
}

export function actorOf({ id, username, display_name, memberships }: PersonRow): Actor {
  return { accountId: id, username, displayName: display_name, memberships };
}

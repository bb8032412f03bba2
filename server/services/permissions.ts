/** What each role allows, in one table; and the person who asks. */
import { fail } from '../../schemas/problem.ts';
import type { Device } from '../../schemas/history/device.ts';
import type { Permission, Role } from '../../schemas/http/api.ts';

const reading = ['standard:read', 'subject:read', 'record:read', 'image:read'] as const;
const caring = [...reading, 'subject:write', 'subject:read-identifiers', 'record:write', 'image:write'] as const;

/** Analysts never read identifiers, administrators never read patients: whoever does both holds both roles. */
const allowed: { readonly [role in Role]: readonly Permission[] } = {
  'nurse': caring,
  'investigator': [...caring, 'audit:read', 'access:open'],
  'monitor': [...reading, 'audit:read'],
  'data-manager': [...reading, 'subject:erase', 'record:write', 'export:run', 'audit:read', 'access:open'],
  'standards-editor': ['standard:read'],
  'analyst': [...reading, 'export:run'],
  'site-administrator': ['standard:read', 'account:write', 'audit:read'],
  'system-administrator': ['standard:read', 'account:write', 'site:write', 'audit:read'],
  // Named in records, and does nothing here.
  'staff': [],
};

/** A role at a site; without a site it holds for the whole network. */
export interface Membership {
  siteId?: string;
  role: Role;
}

/** What somebody opened at a site for a while, against a written reason; it lets one read, never write. */
export interface Opening {
  id: string;
  siteId: string;
  level: 'records' | 'identifiers';
  until: Date;
}

const opened: { readonly [level in Opening['level']]: readonly Permission[] } = { records: reading, identifiers: [...reading, 'subject:read-identifiers'] };

/** The person on whose behalf something is done. */
export interface Actor {
  readonly accountId: string;
  readonly username: string;
  readonly displayName: string;
  readonly memberships: readonly Membership[];
  /** What the request says of it; absent for the command line. */
  readonly device?: Device | undefined;
  /** Of the session; absent for the command line. */
  readonly sessionId?: string;
  /** What must be done before anything else. */
  readonly pending?: 'second-factor';
  /** Only those that hold now. */
  readonly openings?: readonly Opening[];
}

export function permissionsOf(roles: Iterable<Role>): Permission[] {
  return [...new Set([...roles].flatMap((role) => allowed[role]))].sort();
}

/** The roles that count at a site: those given there and those given for the whole network. */
export function rolesAt(actor: Actor, siteId: string): Role[] {
  return [...new Set(actor.memberships.filter((each) => each.siteId === undefined || each.siteId === siteId).map((each) => each.role))];
}

export function networkRoles(actor: Actor): Role[] {
  return actor.memberships.filter((each) => each.siteId === undefined).map((each) => each.role);
}

/** What may be done at a site: by role, and by what is open there. */
export function permissionsAt(actor: Actor, siteId: string): Permission[] {
  return [...new Set([...permissionsOf(rolesAt(actor, siteId)), ...openingsAt(actor, siteId).flatMap(({ level }) => opened[level])])].sort();
}

const openingsAt = ({ openings = [] }: Actor, siteId: string) => openings.filter((each) => each.siteId === siteId);

/** Without a site: may it be done in the whole network? */
export function can(actor: Actor, permission: Permission, siteId?: string): boolean {
  const roles = siteId === undefined ? networkRoles(actor) : rolesAt(actor, siteId);
  if (roles.some((role) => allowed[role].includes(permission))) return true;
  return siteId !== undefined && openingsAt(actor, siteId).some(({ level }) => opened[level].includes(permission));
}

/** May it be done at one site at least? */
export function canSomewhere(actor: Actor, permission: Permission): boolean {
  return actor.memberships.some(({ role }) => allowed[role].includes(permission)) || (actor.openings ?? []).some(({ level }) => opened[level].includes(permission));
}

/**
 * The first line of every handler. A site where the person has no role does not exist for them.
 * @throws Problem `site-not-found`, `not-permitted`
 */
export function permit(actor: Actor, permission: Permission, siteId?: string): void {
  if (siteId !== undefined && rolesAt(actor, siteId).length === 0 && openingsAt(actor, siteId).length === 0) fail('site-not-found');
  if (!can(actor, permission, siteId)) fail('not-permitted');
}

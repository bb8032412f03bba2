/** What the person may do, as the server told; it asks again itself, here it only decides what is offered. */
import type { Me, Permission } from '../../schemas/http/api.ts';

/** At one site, by a role there or over the whole network. */
export function mayAt(me: Me, siteId: string, permission: Permission): boolean {
  return me.network.includes(permission) || (me.sites.find(({ id }) => id === siteId)?.permissions.includes(permission) ?? false);
}

export function mayAnywhere(me: Me, permission: Permission): boolean {
  return me.network.includes(permission) || me.sites.some(({ permissions }) => permissions.includes(permission));
}

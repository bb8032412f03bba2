/** Where a command works: the store that the environment names, a hospital, a person. */
import type { Permission } from '../../schemas/http/api.ts';
import { readConfig } from '../config.ts';
import { openContext, type Opened } from '../open.ts';
import { findPersonByUsername, listPeople } from '../repositories/accounts.ts';
import { listSites, type SiteRow } from '../repositories/sites.ts';
import type { Context } from '../services/context.ts';
import { can, type Actor } from '../services/permissions.ts';
import { actorOf } from '../services/sessions.ts';
import { raise } from './command.ts';

/** Opens what the environment names, does the work, and closes it. */
export async function withContext<T>(work: (context: Context, opened: Opened) => Promise<T>): Promise<T> {
  const opened = await openContext(readConfig(process.env)).catch((error: unknown) => {
    const message = error instanceof Error ? error.message : String(error);
    throw new Error(message.includes('is in use by process') ? `${message}\nIf that is the server: stop it while this command runs. On PostgreSQL (DATABASE_URL) both can run at once.` : message, { cause: error });
  });
  try {
    return await work(opened.context, opened);
  } finally {
    await opened.close();
  }
}

/** The site named by its code; without a name the only one there is. */
export async function siteNamed({ db }: Context, code: string | undefined): Promise<SiteRow> {
  const sites = await listSites(db, undefined, undefined, 10_000);
  const codes = sites.map((site) => site.code).join(', ');
  if (sites.length === 0) throw new Error('There is no hospital yet. Make one together with a person:\n  npm run -s xf -- user add <name> --role investigator --new-site XY01:湘雅医院');
  if (code !== undefined) return sites.find((site) => site.code === code) ?? raise(`There is no hospital ${code}. There are: ${codes}.`);
  const [only, ...others] = sites;
  return only && others.length === 0 ? only : raise(`Say which hospital with --site. There are: ${codes}.`);
}

/** The person in whose name something is done; without a name the only one who may. */
export async function personNamed({ db }: Context, username: string | undefined, permissions: readonly Permission[], site: SiteRow): Promise<Actor> {
  const may = (actor: Actor) => permissions.every((permission) => can(actor, permission, site.id));
  if (username !== undefined) {
    const person = (await findPersonByUsername(db, username.toLowerCase())) ?? raise(`There is no account ${username}. Make one: npm run -s xf -- user add ${username} --role investigator --site ${site.code}`);
    if (person.status !== 'active') throw new Error(`The account ${person.username} is disabled.`);
    return may(actorOf(person)) ? actorOf(person) : raise(`The roles of ${person.username} do not allow this at ${site.code} (${permissions.join(', ')}). Name another person with --as.`);
  }
  const people = (await listPeople(db, { siteIds: undefined, after: undefined, limit: 10_000 })).filter(({ status }) => status === 'active').map(actorOf).filter(may);
  const [only, ...others] = people;
  if (!only) throw new Error(`Nobody may do this at ${site.code} (${permissions.join(', ')}). Make an account first:\n  npm run -s xf -- user add <name> --role investigator --role data-manager --site ${site.code}`);
  return others.length === 0 ? only : raise(`Say in whose name with --as. These may: ${people.map((each) => each.username).join(', ')}.`);
}

/** `user add` */
import { v7 as uuidv7 } from 'uuid';
import type { Role } from '../../../schemas/http/api.ts';
import { username as usernameShape } from '../../../schemas/http/session.ts';
import { roles, siteNames } from '../../../schemas/http/shapes.ts';
import type { Context } from '../../services/context.ts';
import { addAccount, addSite } from '../../services/people.ts';
import { rulesBroken, type PasswordRule } from '../../services/password-rules.ts';
import type { Actor, Membership } from '../../services/permissions.ts';
import { policyOf } from '../../services/policy.ts';
import { raise, say, type Command, type Values } from '../command.ts';
import { siteNamed, withContext } from '../place.ts';
import { askPassword, passwordFromStdin } from '../password.ts';

export const userAdd: Command = {
  help: `
npm run -s xf -- user add <user name> --role <role> [--role …] [--site XY01 | --new-site XY01:湘雅医院] [--name 姓名] [--password-stdin]

  --role            ${roles.join(', ')}
  --site            code of the hospital where the roles hold; not needed where there is only one
  --new-site        makes the hospital: its code (two letters, two digits), a colon, its name
  --network         the roles hold at every hospital, now and later
  --name            shown to others; the user name when absent
  --password-stdin  the password is the first line of standard input; without it, it is asked for

The first person of a new installation who can bring in and take out data:
  npm run -s xf -- user add wang --name 王敏 --role investigator --role data-manager --new-site XY01:湘雅医院
`,
  options: {
    role: { type: 'string', multiple: true }, site: { type: 'string' }, 'new-site': { type: 'string' }, network: { type: 'boolean' }, name: { type: 'string' }, 'password-stdin': { type: 'boolean' },
  },
  async run(values, [name, ...rest]) {
    if (name === undefined || rest.length > 0) raise('Give one user name.');
    const username = name.toLowerCase();
    if (!new RegExp(usernameShape.pattern).test(username)) raise(`${name} cannot be a user name: ${usernameShape.description}, 2 to 64 of them.`);
    const chosen = values.list('role').map((role) => roles.find((each) => each === role) ?? raise(`There is no role ${role}. Roles: ${roles.join(', ')}.`));
    if (chosen.length === 0) raise('Give at least one --role.');
    const newSite = readNewSite(values.text('new-site'));
    const password = values.is('password-stdin') ? await passwordFromStdin() : await askPassword(username);
    await withContext(async (context) => {
      const displayName = values.text('name')?.trim() || username;
      const { passwords } = policyOf(context);
      const [broken] = rulesBroken(passwords, password, [username, displayName]);
      if (broken) throw new Error(`The password ${reasons[broken](passwords.least)}. Nothing was stored.`);
      const memberships = await membershipsOf(context, values, chosen, newSite);
      const account = await addAccount(context, commandLine, { id: uuidv7(), username, displayName, password, memberships });
      say(`${account.username} can sign in now: ${chosen.join(', ')}.`);
    });
  },
};

const reasons: { readonly [rule in PasswordRule]: (least: number) => string } = {
  'too-short': (least) => `has fewer than ${least} characters`,
  'too-plain': () => 'has fewer than three of small letters, capitals, digits and signs',
  'too-common': () => 'is one that everybody uses, or is made of the name',
};

/** Whoever may run commands on this machine holds the data anyway; the trail says that it was done here. */
export const commandLine: Actor = { accountId: '00000000-0000-0000-0000-000000000000', username: 'command line', displayName: 'Command line', memberships: [{ role: 'system-administrator' }] };

function readNewSite(text: string | undefined): { code: string; name: string } | undefined {
  if (text === undefined) return undefined;
  const [code = '', ...name] = text.split(':');
  if (!new RegExp(siteNames.code.pattern).test(code) || name.join(':').trim() === '') raise('--new-site is a code (two capital letters, two digits), a colon and a name, as in XY01:湘雅医院');
  return { code, name: name.join(':').trim() };
}

async function membershipsOf(context: Context, values: Values, chosen: readonly Role[], newSite: { code: string; name: string } | undefined): Promise<Membership[]> {
  const everywhere = values.is('network');
  if (newSite) {
    const site = await addSite(context, commandLine, { id: uuidv7(), ...newSite });
    say(`${site.code} ${site.name} was added.`);
    if (!everywhere) return chosen.map((role) => ({ role, siteId: site.id }));
  }
  if (everywhere || chosen.every((role) => role === 'system-administrator')) return chosen.map((role) => ({ role }));
  const site = await siteNamed(context, values.text('site'));
  return chosen.map((role) => (role === 'system-administrator' ? { role } : { role, siteId: site.id }));
}

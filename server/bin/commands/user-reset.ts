/** `user reset`: for the day on which no administrator can sign in. */
import { findPersonByUsername } from '../../repositories/accounts.ts';
import { openReset } from '../../services/account-security.ts';
import { policyOf } from '../../services/policy.ts';
import { createSessions } from '../../services/sessions.ts';
import { raise, say, type Command } from '../command.ts';
import { withContext } from '../place.ts';
import { commandLine } from './user-add.ts';

export const userReset: Command = {
  help: `
npm run -s xf -- user reset <user name> [--factors]

  --factors  takes app, recovery codes and passkeys away too, as when the telephone is lost

Prints a link with which the person sets a new password, once, within a day. Their sessions end now.
`,
  options: { factors: { type: 'boolean' } },
  async run(values, [name, ...rest]) {
    if (name === undefined || rest.length > 0) raise('Give one user name.');
    await withContext(async (context) => {
      const person = (await findPersonByUsername(context.db, name.toLowerCase())) ?? raise(`Nobody is called ${name}.`);
      const sessions = createSessions(context.db, context.clock, policyOf(context));
      const { token, until } = await openReset(context, sessions, commandLine, person.id, { factors: values.is('factors') });
      say(`${policyOf(context).origin ?? ''}/reset#${token}`);
      say(`Good once, until ${until}.`);
    });
  },
};

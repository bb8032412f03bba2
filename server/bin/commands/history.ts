/** `history verify`, `history anchor`, `history export` */
import { join } from 'node:path';
import { readConfig } from '../../config.ts';
import { readAnchorFiles } from '../../files/anchor-files.ts';
import { openHistoryKey, readPublicKeys } from '../../files/history-key.ts';
import type { Context } from '../../services/context.ts';
import { exportAnchors } from '../../services/history-export.ts';
import type { Signer } from '../../services/history-keys.ts';
import { listLedgers, sealLedger, usualSealing, type Ledger } from '../../services/history-seal.ts';
import { verifyHistory } from '../../services/history-verify.ts';
import { pathOf, raise, say, type Command, type Values } from '../command.ts';
import { withContext } from '../place.ts';

const openSigner = (): Promise<Signer> => openHistoryKey(readConfig(process.env).dataFolder);
const anchorsFolder = (): string => join(readConfig(process.env).dataFolder, 'anchors');

async function chosenLedgers({ db }: Context, values: Values): Promise<Ledger[]> {
  const all = await listLedgers(db);
  const code = values.text('site');
  if (code === undefined) return all;
  const ledgers = all.filter((ledger) => ledger.code === code);
  return ledgers.length > 0 ? ledgers : raise(`There is no hospital ${code}. There are: ${all.map((ledger) => ledger.code).join(', ')}.`);
}

export const historyVerify: Command = {
  help: `
npm run -s xf -- history verify [--anchors <folder>] [--public-key <file>] [--site XY01] [--json]

Recomputes all of history from the database: every digest from the values, the chain of every record, every anchor with its signature. Names each
place that is not as it was, by table and id, never by value. Exit status 1 when there is one.

  --anchors     the anchors that the hospital keeps outside this installation: <folder>/<code>/<day>.json
  --public-key  keys in PEM that anchors may be signed with; without it, that of this installation alone

Without --anchors and --public-key from elsewhere, somebody who holds the database and the signing key can have written all of it anew.
Events that are in no anchor yet (at most those of the last ten minutes, while a server runs) are checked by themselves: that the last of them were
removed altogether, nothing here can show.
`,
  options: { anchors: { type: 'string' }, 'public-key': { type: 'string' }, site: { type: 'string' }, json: { type: 'boolean' } },
  async run(values) {
    const folder = values.text('anchors');
    const keyFile = values.text('public-key');
    const held = folder === undefined ? [] : await readAnchorFiles(pathOf(folder));
    const keys = keyFile === undefined ? [(await openSigner()).verifier] : await readPublicKeys(pathOf(keyFile));
    await withContext(async (context) => {
      const began = performance.now();
      const ledgers = await chosenLedgers(context, values);
      const chosen = new Set(ledgers.map(({ id }) => id));
      const ofChosen = values.text('site') === undefined ? held : held.filter(({ statement }) => [...chosen].some((id) => statement.includes(id)));
      const result = await verifyHistory(context.db, { ledgers, keys, held: ofChosen });
      const seconds = (performance.now() - began) / 1000;
      if (values.is('json')) process.stdout.write(`${JSON.stringify(result, undefined, 2)}\n`);
      else for (const { ledger, table, id, problem } of result.breaches) process.stdout.write(`${ledger}\t${table}\t${id}\t${problem}\n`);
      say(`${result.events} events, ${result.versions} versions of records and ${result.anchors} anchors in ${seconds.toFixed(1)} s; ${result.open} events are in no anchor yet${result.late > 0 ? `; ${result.late} came later than an anchor had said` : ''}.`);
      if (result.breaches.length === 0) return say('History is as it was written.');
      say(`${result.isMore ? 'More than ' : ''}${result.breaches.length} ${result.breaches.length === 1 ? 'place is' : 'places are'} not as written.`);
      process.exitCode = 1;
    });
  },
};

export const historyAnchor: Command = {
  help: `
npm run -s xf -- history anchor [--site XY01]

Puts all events that are in no anchor yet into one now, signs it, and writes it to the folder anchors of the data folder. A running server does so by
itself: after ten minutes, or after a thousand events.
`,
  options: { site: { type: 'string' } },
  run: (values) => withContext(async (context) => {
    const signer = await openSigner();
    for (const ledger of await chosenLedgers(context, values)) {
      const began = new Date();
      const made = await sealLedger(context.db, signer, ledger, { ...usualSealing, atLeast: 1, lookBack: 2 * 24 * 3_600_000 });
      if (made > 0) await exportAnchors(context.db, signer, ledger, anchorsFolder(), began);
      say(`${ledger.code}: ${made} ${made === 1 ? 'anchor' : 'anchors'} made.`);
    }
  }),
};

export const historyExport: Command = {
  help: `
npm run -s xf -- history export [--to <folder>] [--site XY01]

Writes all anchors as files, <folder>/<code>/<day>.json, for the hospital to keep elsewhere; the folder anchors of the data folder when none is named.
`,
  options: { to: { type: 'string' }, site: { type: 'string' } },
  run: (values) => withContext(async (context) => {
    const signer = await openSigner();
    const to = values.text('to');
    const folder = to === undefined ? anchorsFolder() : pathOf(to);
    for (const ledger of await chosenLedgers(context, values)) say(`${ledger.code}: ${await exportAnchors(context.db, signer, ledger, folder)} files in ${folder}`);
  }),
};

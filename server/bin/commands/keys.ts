/** `keys status`, `keys rotate`, `keys master` */
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { readConfig } from '../../config.ts';
import { transact } from '../../database.ts';
import { openKeyRing, writeKeyRing } from '../../files/key-ring.ts';
import { describeKeys, listMastersNamed } from '../../repositories/keys.ts';
import { listSites, type SiteRow } from '../../repositories/sites.ts';
import type { Context } from '../../services/context.ts';
import { beginRotation, finishKeys } from '../../services/rotate-keys.ts';
import { resealSecrets } from '../../services/second-factor.ts';
import { raise, say, type Command, type Values } from '../command.ts';
import { siteNamed, withContext } from '../place.ts';

/** Longer than a running server needs to see that the file has changed. */
const noticedMs = 15_000;

const sitesOf = async (context: Context, values: Values): Promise<SiteRow[]> =>
  values.text('site') === undefined ? listSites(context.db, undefined, undefined, 10_000) : [await siteNamed(context, values.text('site'))];

export const keysStatus: Command = {
  help: `
npm run -s xf -- keys status [--site XY01]

Which keys each hospital has: what for, since when, wrapped by which key of the ring, and how many patients name it.
`,
  options: { site: { type: 'string' } },
  async run(values) {
    await withContext(async (context) => {
      process.stdout.write(`ring\tactive ${context.keys.active}\tkeys ${[...context.keys.keys.keys()].join(' ')}\n`);
      for (const site of await sitesOf(context, values)) {
        const rows = await transact(context.db, { sites: [site.id] }, (trx) => describeKeys(trx, site.id));
        for (const row of rows) process.stdout.write(`${[site.code, row.purpose, row.id, row.status, row.master_id, row.created_at.toISOString(), row.named].join('\t')}\n`);
      }
    });
  },
};

export const keysRotate: Command = {
  help: `
npm run -s xf -- keys rotate [--site XY01] [--index | --finish]

Gives a hospital (or all) a new key for the keys of its patients, wraps those anew in small batches, and throws the old key away. Reads and
writes go on meanwhile; cut off, it goes on when it is called again, or by itself in the running server.

  --index    the key of the blind index instead: all digests are made anew
  --finish   no new key; only what an earlier call has left
`,
  options: { site: { type: 'string' }, index: { type: 'boolean' }, finish: { type: 'boolean' } },
  async run(values) {
    if (values.is('index') && values.is('finish')) raise('--index makes a new key, --finish does not: give one of them.');
    await withContext(async (context) => {
      for (const site of await sitesOf(context, values)) {
        if (!values.is('finish')) await beginRotation(context, site.id, values.is('index') ? 'index' : 'subjects');
        const done = await finishKeys(context, site.id);
        say(`${site.code}: ${done.rewrapped} keys of patients wrapped anew, ${done.reindexed} patients indexed anew, ${done.resealed} sealed anew; keys thrown away: ${done.retired.length}`);
      }
    });
  },
};

export const keysMaster: Command = {
  help: `
npm run -s xf -- keys master add
npm run -s xf -- keys master drop <key>

add    a new key for the ring: written to the key file, then, when running servers have seen it, everything that the ring wraps or seals
       is done anew with it. Keep a copy of the file apart from the database, as of the first.
drop   takes a key out of the ring when nothing names it any more. Backups of the database from before cannot be read without it.
`,
  options: {},
  async run(_, [what, id, ...rest]) {
    if (what === 'add' && id === undefined) return addMaster();
    if (what === 'drop' && id !== undefined && rest.length === 0) return dropMaster(id);
    raise('Say add, or drop and the key.');
  },
};

async function addMaster(): Promise<void> {
  const { keysFile, keySource } = readConfig(process.env);
  await withContext(async (context, { store }) => {
    const ring = await openKeyRing(keysFile, keySource);
    const id = `k${Math.max(0, ...[...ring.keys.keys()].map((name) => Number(/^k(\d+)$/.exec(name)?.[1] ?? 0))) + 1}`;
    const grown = { active: ring.active, keys: new Map([...ring.keys, [id, new Uint8Array(randomBytes(32))]]), index: ring.index };
    await writeKeyRing(keysFile, grown, keySource);
    say(`${id} is in the key ring. Keep a copy of ${keysFile} apart from the database.`);
    // Who does not know the key yet could not read what it wraps.
    if (store.engine === 'postgresql') await sleep(noticedMs);
    const active = { ...grown, active: id };
    await writeKeyRing(keysFile, active, keySource);
    for (const site of await listSites(context.db, undefined, undefined, 10_000)) await finishKeys({ ...context, keys: active }, site.id);
    await resealSecrets({ ...context, keys: active });
    say(`Everything that the ring wraps or seals is done with ${id}.`);
  });
}

async function dropMaster(id: string): Promise<void> {
  const { keysFile, keySource } = readConfig(process.env);
  await withContext(async (context) => {
    const ring = await openKeyRing(keysFile, keySource);
    if (!ring.keys.has(id)) raise(`The key ring has no key ${id}. It has: ${[...ring.keys.keys()].join(', ')}.`);
    if (ring.active === id) raise(`${id} is the active key; add another first.`);
    const sites = await listSites(context.db, undefined, undefined, 10_000);
    if ((await transact(context.db, { sites: sites.map((site) => site.id) }, (trx) => listMastersNamed(trx))).includes(id)) throw new Error(`${id} is still named. Run: npm run -s xf -- keys rotate --finish`);
    await writeKeyRing(keysFile, { active: ring.active, keys: new Map([...ring.keys].filter(([name]) => name !== id)), index: ring.index }, keySource);
    say(`${id} is out of the key ring. Backups from before need it: destroy its copies when they may no longer be read.`);
  });
}

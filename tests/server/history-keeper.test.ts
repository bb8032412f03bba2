/** The server anchors what happens by itself, several at once do it once, and the commands check, anchor and write files. */
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { v7 as uuidv7 } from 'uuid';
import { describe, expect, test } from 'vitest';
import { transact } from '../../server/database.ts';
import { openHistoryKey } from '../../server/files/history-key.ts';
import { keepHistory } from '../../server/history-keeper.ts';
import { appendAuditEvent } from '../../server/repositories/audit.ts';
import { insertSite } from '../../server/repositories/sites.ts';
import { listLedgers, sealLedger, usualSealing } from '../../server/services/history-seal.ts';
import { verifyHistory } from '../../server/services/history-verify.ts';
import { engines } from '../support/engines.ts';
import { aFolder } from '../support/folders.ts';

const program = fileURLToPath(new URL('../../server/bin/xf.ts', import.meta.url));

describe.each(engines())('keeping history, on $name', ({ name, fresh }) => {
  const store = fresh();
  let sites = 0;
  const aSite = async (events: number) => {
    const siteId = uuidv7();
    await transact(store.db, { sites: [siteId] }, async (trx) => {
      await insertSite(trx, { id: siteId, code: `AA${String((sites += 1)).padStart(2, '0')}`, name: 'x', name_en: null });
      for (let index = 0; index < events; index += 1) await appendAuditEvent(trx, { siteId, accountId: siteId, action: 'image.read', entity: 'image', entityId: siteId });
    });
    return siteId;
  };

  test('waits for a thousand events or ten minutes', async () => {
    const siteId = await aSite(3);
    const signer = await openHistoryKey(aFolder());
    const ledger = { id: siteId, code: 'AA01' };
    expect(await sealLedger(store.db, signer, ledger, usualSealing)).toBe(0);
    expect(await sealLedger(store.db, signer, ledger, { ...usualSealing, atLeast: 3 })).toBe(1);
    expect(await sealLedger(store.db, signer, ledger, { ...usualSealing, orAfter: 0 })).toBe(0);
  });

  test('is done once by four at once', async () => {
    const siteId = await aSite(40);
    const signer = await openHistoryKey(aFolder());
    const ledger = { id: siteId, code: 'AA02' };
    const made = await Promise.all([1, 2, 3, 4].map(() => sealLedger(store.db, signer, ledger, { ...usualSealing, atLeast: 1 })));
    expect(made.reduce((sum, each) => sum + each, 0)).toBe(1);
    expect(await verifyHistory(store.db, { ledgers: [ledger], keys: [signer.verifier] })).toMatchObject({ events: 40, anchors: 1, open: 0, breaches: [] });
  });

  test('takes in what was stored by a transaction that ended late, or by a clock that was set back', async () => {
    const siteId = await aSite(5);
    const signer = await openHistoryKey(aFolder());
    const ledger = { id: siteId, code: 'AA03' };
    let finish = () => {};
    const open = new Promise<void>((resolve) => { finish = resolve; });
    if (name === 'embedded') finish();
    const late = transact(store.db, { sites: [siteId] }, async (trx) => {
      await appendAuditEvent(trx, { siteId, accountId: siteId, action: 'image.read', entity: 'image', entityId: siteId });
      await open;
    });
    await aSite(0);
    expect(await sealLedger(store.db, signer, ledger, { ...usualSealing, atLeast: 1 })).toBe(1);
    finish();
    await late;
    await sealLedger(store.db, signer, ledger, { ...usualSealing, atLeast: 1 });
    expect(await verifyHistory(store.db, { ledgers: [ledger], keys: [signer.verifier] })).toMatchObject({ events: 6, open: 0, late: 0, breaches: [] });
  });

  test('goes on by itself, and writes the file of the day', async () => {
    await aSite(1000);
    const folder = aFolder();
    const errors: string[] = [];
    const keeper = keepHistory({ db: store.db, signer: await openHistoryKey(folder), folder: join(folder, 'anchors'), warn: (error) => errors.push(error) }, 50);
    const code = `AA${String(sites).padStart(2, '0')}`;
    for (let tries = 0; tries < 100 && !existsSync(join(folder, 'anchors', code)); tries += 1) await new Promise((resolve) => setTimeout(resolve, 50));
    await keeper.stop();
    const [file] = readdirSync(join(folder, 'anchors', code));
    expect([file, errors]).toEqual([expect.stringMatching(/^\d{4}-\d\d-\d\d\.json$/), []]);
    const { anchors, publicKey } = JSON.parse(readFileSync(join(folder, 'anchors', code, file ?? ''), 'utf8')) as { anchors: unknown[]; publicKey: string };
    expect([anchors.length, publicKey.includes('PUBLIC KEY')]).toEqual([1, true]);
    expect((await listLedgers(store.db)).at(-1)?.code).toBe('network');
  });
});

describe('the commands of history', () => {
  const xfIn = (folder: string) => (...args: string[]): Promise<{ status: number | null; out: string; err: string }> => {
    const { DATABASE_URL: _, INIT_CWD: __, ...inherited } = process.env;
    const child = spawn(process.execPath, [program, ...args], { env: { ...inherited, XF_DATA: folder } });
    child.stdin.end('a lake behind seven hills\n');
    return new Promise((resolve) => {
      const said = { out: '', err: '' };
      child.stdout.on('data', (chunk: Buffer) => { said.out += chunk.toString(); });
      child.stderr.on('data', (chunk: Buffer) => { said.err += chunk.toString(); });
      child.on('close', (status) => resolve({ status, ...said }));
    });
  };

  test('anchor, write files, find all well, and find what the files tell against it', { timeout: 120_000 }, async () => {
    const folder = aFolder();
    const xf = xfIn(folder);
    expect((await xf('user', 'add', 'wang', '--role', 'investigator', '--new-site', 'XY01:湘雅医院', '--password-stdin')).status).toBe(0);
    const anchored = await xf('history', 'anchor');
    expect([anchored.status, anchored.err]).toEqual([0, expect.stringMatching(/network: 1 anchor made/)]);
    expect(statSync(join(folder, 'history-key.pem')).mode & 0o777).toBe(0o600);
    const kept = join(folder, 'kept');
    expect((await xf('history', 'export', '--to', kept)).err).toContain('network: 1 files');
    const well = await xf('history', 'verify', '--anchors', kept, '--public-key', join(folder, 'history-key.public.pem'));
    expect([well.status, well.out, well.err]).toEqual([0, '', expect.stringContaining('History is as it was written.')]);
    const [file] = readdirSync(join(kept, 'network'));
    const path = join(kept, 'network', file ?? '');
    writeFileSync(path, readFileSync(path, 'utf8').replace(/\\"events\\":\d+/, '\\"events\\":7'));
    const ill = await xf('history', 'verify', '--anchors', kept);
    expect([ill.status, ill.out]).toEqual([1, 'network\thistory_anchor\t1\tthe file has no right signature\n']);
  });
});

/** A standard with one item of every type, in two versions, in a release of its own; and a context that works with it. */
import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll } from 'vitest';
import { makeRelease } from '../../../schemas/bin/release.ts';
import { createRegistry, type Registry } from '../../../schemas/registry.ts';
import type { Role } from '../../../schemas/http/api.ts';
import { transact, type Db } from '../../../server/database.ts';
import { openFileStore } from '../../../server/files/store.ts';
import { loadMatching } from '../../../server/matching.ts';
import { loadProtocols } from '../../../server/protocols.ts';
import { insertAccount } from '../../../server/repositories/accounts.ts';
import { insertSite } from '../../../server/repositories/sites.ts';
import type { Context } from '../../../server/services/context.ts';
import { createForms } from '../../../server/services/forms.ts';
import type { Actor } from '../../../server/services/permissions.ts';
import { standardsFolder } from '../../../server/standards.ts';

const en = (title: string) => ({ en: { title } });
const item = (title: string, more: object) => ({ title, text: en(title), ...more });

const shared = {
  patient: item('patient', { type: 'string', bind: 'subject.id', refersTo: 'subject' }),
  sex: item('sex', { type: 'string', valueSet: 'sex/1.0.0', bind: 'subject.sex', identifying: 'quasi' }),
  born: item('born', { type: 'string', format: 'partial-date', bind: 'subject.birthDate', identifying: 'quasi' }),
  name: item('name', { type: 'string', bind: 'subject.name', identifying: 'direct' }),
  secret: item('secret', { type: 'string', refersTo: 'image', capture: { kind: 'photo', classify: false }, identifying: 'direct' }),
  words: item('words', { type: 'string', maxLength: 5000 }),
  story: item('story', { type: 'string', maxLength: 5000, multiline: true }),
  whole: item('whole', { type: 'integer' }),
  exact: item('exact', { type: 'number', multipleOf: 0.01 }),
  half: item('half', { type: 'number', calculate: 'exact / 2.0' }),
  flag: item('flag', { type: 'boolean' }),
  day: item('day', { type: 'string', format: 'date' }),
  partly: item('partly', { type: 'string', format: 'partial-date' }),
  hour: item('hour', { type: 'string', format: 'time' }),
  moment: item('moment', { type: 'string', format: 'date-time' }),
  answer: item('answer', { type: 'string', valueSet: 'yes-no-unknown/1.0.0' }),
  colours: item('colours', { type: 'array', items: { type: 'string', valueSet: 'lesion-colour/1.0.0' }, uniqueItems: true }),
  picture: item('picture', { type: 'string', refersTo: 'image' }),
  detail: item('detail', { type: 'string', maxLength: 200, enableWhen: "answer == 'yes'" }),
  orders: item('orders', {
    type: 'array',
    items: { type: 'object', properties: { drug: item('drug', { type: 'string', maxLength: 500 }), dose: item('dose', { type: 'number' }), why: item('why', { type: 'string', valueSet: 'yes-no-unknown/1.0.0' }) } },
  }),
};

const standard = (version: string, properties: object) => ({
  $schema: 'https://xiangya-forms.org/standards/dialect.json', $id: `https://xiangya-forms.org/standards/skin-cancer/everything/${version}.json`,
  title: '全部', text: en('Everything'), source: 'test', per: 'any', type: 'object', properties, layout: { sections: [{ id: 'all', title: '全部', text: en('All'), items: Object.keys(properties) }] },
});

export const releaseName = '2099.1';

export function standardsWithEverything(): Registry {
  const digest = (text: string) => createHash('sha256').update(text).digest('hex');
  const files = readdirSync(standardsFolder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.json') && !file.endsWith('.cases.json') && !file.startsWith('releases'));
  const documents = files.map((file) => JSON.parse(readFileSync(join(standardsFolder, file), 'utf8')) as unknown);
  const all = [...documents, standard('1.0.0', { ...shared, older: item('older', { type: 'string', maxLength: 50 }) }), standard('1.1.0', { ...shared, newer: item('newer', { type: 'string', maxLength: 50 }) })];
  return createRegistry([...all, makeRelease(createRegistry(all, digest), releaseName)], digest);
}

export interface Place {
  readonly context: Context;
  readonly siteId: string;
  readonly actor: Actor;
  /** Another hospital, where `actor` has no role. */
  readonly elsewhere: string;
  actorWith(...roles: Role[]): Actor;
}

/** A hospital, and somebody who may do everything there, on the database of the surrounding describe. */
export function usePlace(db: () => Db, standards: () => Registry = standardsWithEverything): Place {
  const folder = mkdtempSync(join(tmpdir(), 'xf-exchange-'));
  const [siteId, elsewhere, accountId] = [uuidv7(), uuidv7(), uuidv7()];
  let context: Context | undefined;
  const actorWith = (...roles: Role[]): Actor => ({ accountId, username: 'wang', displayName: '王敏', memberships: roles.map((role) => ({ role, siteId })) });
  beforeAll(async () => {
    const registry = standards();
    const forms = createForms(registry);
    const keys = { active: 'k1', keys: new Map([['k1', new Uint8Array(randomBytes(32))]]), index: new Uint8Array(randomBytes(32)) };
    context = { db: db(), standards: registry, forms, protocols: await loadProtocols(registry, forms), matching: await loadMatching(forms), keys, clock: { now: () => new Date('2026-11-22T04:00:00Z') }, files: await openFileStore(join(folder, 'files')) };
    await transact(db(), { sites: [] }, async (trx) => {
      await insertSite(trx, { id: siteId, code: 'XY01', name: '湘雅医院', name_en: null });
      await insertSite(trx, { id: elsewhere, code: 'XY02', name: '湘雅二医院', name_en: null });
      await insertAccount(trx, { id: accountId, username: 'wang', display_name: '王敏', password_hash: 'none' });
    });
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return {
    get context() { return context ?? notYet(); }, siteId, elsewhere, actorWith, actor: actorWith('investigator', 'data-manager'),
  };
}

function notYet(): never {
  throw new Error('The context is there inside tests and hooks only');
}

import { describe, expect, test } from 'vitest';
import { transact } from '../../server/database.ts';
import { engines } from '../support/engines.ts';
describe.each(engines())('the store, on $name', ({ fresh }) => {
  const store = fresh();
  test('answers', async () => {
    await store.open.ping();
    expect(await transact(store.db, { sites: [] }, (trx) => trx.selectFrom('record').selectAll().execute())).toEqual([]);
  });
});

/** Plain SQL in tests; the server itself keeps to its repositories. */
import { CompiledQuery } from 'kysely';
import type { Trx } from '../../server/database.ts';

export async function select<R>(trx: Trx, query: string, values: readonly unknown[] = []): Promise<R[]> {
  return (await trx.executeQuery<R>(CompiledQuery.raw(query, [...values]))).rows;
}

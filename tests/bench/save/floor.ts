/** What PostgreSQL does with the same JSON when nobody asks questions: one row and one audit row in a transaction. */
import pg from 'pg';
import { measure, type Loaded } from '../lib/load.ts';

const tables = `
  create table floor_submission (id bigserial primary key, form_id int not null, instance_id uuid not null default gen_random_uuid(), data jsonb not null, created_at timestamptz not null default now(), unique (form_id, instance_id));
  create table floor_audit (id bigserial primary key, actor_id int, action text, target_id int, details jsonb, logged_at timestamptz not null default now())`;

export interface Floor {
  /** Each of `workers` connections sends its next transaction when the last has been committed. */
  run(workers: number, texts: readonly string[]): Promise<Loaded>;
  close(): Promise<void>;
}

export async function openFloor(url: string, mostWorkers: number): Promise<Floor> {
  const clients = await Promise.all(Array.from({ length: mostWorkers }, async () => {
    const client = new pg.Client({ connectionString: url, pipeline: true } as pg.ClientConfig);
    await client.connect();
    return client;
  }));
  await clients[0]?.query(tables);
  return {
    run: (workers, texts) => measure(texts.length, workers, async (index, worker) => {
      const client = clients[worker];
      if (!client) return 'no connection';
      const steps = [
        client.query('begin'),
        client.query({ name: 'submission', text: 'insert into floor_submission (form_id, data) values (1, $1)', values: [texts[index]] }),
        client.query({ name: 'audit', text: `insert into floor_audit (actor_id, action, target_id, details) values (1, 'submission.create', 1, '{"form": 1}')` }),
        client.query('commit'),
      ];
      const failed = (await Promise.allSettled(steps)).find(({ status }) => status === 'rejected');
      return failed && 'failed';
    }),
    close: async () => void (await Promise.all(clients.map((client) => client.end()))),
  };
}

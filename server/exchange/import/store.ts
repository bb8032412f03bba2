/** Plans → the store, row by row; a row that fails does not stop the others. */
import { canonicalize } from '../../../schemas/canonical.ts';
import type { Value } from '../../../schemas/form.ts';
import { Problem } from '../../../schemas/problem.ts';
import { transact } from '../../database.ts';
import { findImportCells, listImportRows, refreshStatistics, type ImportFile, type KnownRow } from '../../repositories/import-rows.ts';
import type { Context } from '../../services/context.ts';
import { blindDigest } from '../../services/identifier-keys.ts';
import { importRow, keepFile, type RecordToImport, type RowToImport } from '../../services/import-row.ts';
import type { Actor } from '../../services/permissions.ts';
import { idAt, sha256Of } from './identity.ts';
import type { LoadedMapping } from './load.ts';
import { planRow, type RefusedRow, type RowPlan } from './plan.ts';
import type { ReadyMapping } from './ready.ts';

export interface StoreOptions {
  siteId: string;
  actor: Actor;
  loaded: LoadedMapping;
  ready: ReadyMapping;
  fileSha256: string;
  today: string;
  /** Called after each row, for a line of progress. */
  onRow?: (done: number) => void;
}

export interface Stored {
  added: number;
  changed: number;
  unchanged: number;
  /** Rows that the store did not take, each with the reason. */
  refused: RefusedRow[];
}

/** From so many new rows on the statistics of the database are out of date. */
const manyRows = 100;

export async function storePlans(context: Context, plans: readonly RowPlan[], options: StoreOptions): Promise<Stored> {
  const { siteId, actor, loaded: { mapping } } = options;
  const rowId = ({ key }: RowPlan) => idAt(siteId, 'import.row', mapping.name, key);
  const scope = { accountId: actor.accountId, sites: [siteId] };
  const known = new Map((await transact(context.db, scope, (trx) => listImportRows(trx, siteId, plans.map(rowId)))).map((row) => [row.id, row]));
  const stored: Stored = { added: 0, changed: 0, unchanged: 0, refused: [] };
  for (const [at, plan] of plans.entries()) {
    const before = known.get(rowId(plan));
    const digest = digestOf(context, plan, options);
    if (before?.digest === digest) stored.unchanged += 1;
    else {
      if (stored.added + stored.changed + stored.refused.length === 0) await keepFile(context, actor, siteId, fileOf(options));
      const refused = await storeRow(context, plan, { id: rowId(plan), digest, before }, options);
      if (refused !== undefined) stored.refused.push({ line: plan.line, columns: options.ready.columns, reason: refused });
      else stored[before ? 'changed' : 'added'] += 1;
    }
    options.onRow?.(at + 1);
  }
  if (stored.added + stored.changed >= manyRows) await refreshStatistics(context.db);
  return stored;
}

/** Over what the row says and what became of it. Identifiers are in it through a keyed digest only. */
function digestOf({ keys }: Context, { cells, missing, refused, identity, studyNumber }: RowPlan, { siteId, loaded }: StoreOptions): string {
  const person = Buffer.from(blindDigest(keys, siteId, 'import', [canonicalize([studyNumber, identity])])).toString('hex');
  return sha256Of(canonicalize([loaded.sha256, cells, missing, refused, person]));
}

interface Identified {
  id: string;
  digest: string;
  before: KnownRow | undefined;
}

/** Gives the reason when the row was refused. */
async function storeRow(context: Context, plan: RowPlan, row: Identified, options: StoreOptions): Promise<string | undefined> {
  try {
    await importRow(context, options.actor, await wantedOf(context, plan, row, options));
    return undefined;
  } catch (error) {
    if (error instanceof Problem) return describeProblem(error);
    throw error;
  }
}

async function wantedOf(context: Context, plan: RowPlan, { id, digest, before }: Identified, options: StoreOptions): Promise<RowToImport> {
  const { siteId, loaded: { mapping } } = options;
  const { line, cells, missing, refused, studyNumber, visitDate } = plan;
  const earlier = before && (await planBefore(context, before, plan, options));
  const visit = mapping.visit && visitDate !== undefined ? { visit: { id, kind: mapping.visit.kind, visitDate } } : {};
  return {
    siteId, studyNumber, enrol: mapping.subject.enrol, identity: identityChanges(plan, earlier), ...visit,
    file: fileOf(options),
    row: { id, version: (before?.version ?? 0) + 1, line, cells, missing, refused, digest },
    records: plan.records.flatMap((record): RecordToImport[] => {
      const { subDataset, version, data, missing: reasons } = record;
      const old = earlier?.records.find((each) => each.subDataset === subDataset);
      const gone = Object.keys(pointersOf(old)).filter((pointer) => !Object.hasOwn(pointersOf(record), pointer));
      const nothing = Object.keys(data).length === 0 && Object.keys(reasons).length === 0 && gone.length === 0;
      return nothing ? [] : [{ id: idAt(siteId, 'record', mapping.name, plan.key, subDataset), subDataset, version, data, missing: reasons, cleared: gone }];
    }),
    idOf: (...words) => idAt(siteId, ...words),
  };
}

/** What the row said before, planned again from its cells as they were kept. */
async function planBefore({ db }: Context, before: KnownRow, { line }: RowPlan, { siteId, actor, ready, today }: StoreOptions): Promise<RowPlan | undefined> {
  const row = await transact(db, { accountId: actor.accountId, sites: [siteId] }, (trx) => findImportCells(trx, siteId, before.id, before.version));
  const plan = row && planRow(ready, { line, cells: ready.columns.map((column) => row.cells[column] ?? '') }, today);
  return plan && 'key' in plan ? plan : undefined;
}

function pointersOf(record: { data: object; missing: object } | undefined): { [pointer: string]: true } {
  if (!record) return {};
  return Object.fromEntries([...Object.keys(record.data).map((key) => `/${key}`), ...Object.keys(record.missing)].map((pointer) => [pointer, true]));
}

/** Of a row that was there before: what is new or other, and what has gone. */
function identityChanges({ identity }: RowPlan, earlier: RowPlan | undefined): { [key: string]: Value | null } {
  if (!earlier) return identity;
  const changed = Object.entries(identity).filter(([key, value]) => earlier.identity[key] !== value);
  const gone = Object.keys(earlier.identity).filter((key) => !Object.hasOwn(identity, key)).map((key): [string, null] => [key, null]);
  return Object.fromEntries([...changed, ...gone]);
}

function fileOf({ siteId, loaded: { mapping, sha256 }, fileSha256, ready: { columns, rules } }: StoreOptions): ImportFile {
  const kept = columns.filter((_, at) => rules[at]?.rule.identifying !== 'direct');
  return { id: idAt(siteId, 'import.file', sha256, fileSha256), mapping: `${mapping.name}/${mapping.version}`, mappingSha256: sha256, fileSha256, columns: kept };
}

/** For the report: names of places, never values. */
function describeProblem({ key, message, errors, extra }: Problem): string {
  if (key === 'subject-not-found') return 'no patient with this study number is enrolled, and the mapping does not enrol';
  const conflicts = (extra?.['conflicts'] ?? []) as { pointer: string }[];
  const places = [...conflicts.map(({ pointer }) => pointer), ...(errors ?? []).map(({ pointer, detail }) => `${pointer} ${detail}`)];
  return `${message}${places.length > 0 ? ` (${places.join('; ')})` : ''}`;
}

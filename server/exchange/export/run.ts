/** An export from beginning to end: one moment of the database, file after file into a ZIP, then the codebook and the manifest. */
import { createHash } from 'node:crypto';
import type { ExportRequest } from '../../../schemas/http/api.ts';
import { fail } from '../../../schemas/problem.ts';
import { compileFilter } from '../../../schemas/filter.ts';
import { transact, type Trx } from '../../database.ts';
import { appendAuditEvent } from '../../repositories/audit.ts';
import { listSitesOf, listVersionsInUse, prepareCopying, readDataState } from '../../repositories/exports.ts';
import { listImportedMappings } from '../../repositories/import-rows.ts';
import { todayAtSite } from '../../services/clock.ts';
import type { Context } from '../../services/context.ts';
import { can, permit, type Actor } from '../../services/permissions.ts';
import { byteOrderMark } from '../csv/write.ts';
import { codebook, codebookHeader, type WrittenTable } from './codebook.ts';
import { selectCohort, type Cohort } from './cohort.ts';
import { notesOf, warningsOf, type Manifest, type ManifestFile } from './manifest.ts';
import { askedSubDatasets, pinnedForm, planExport, type ExportPlan } from './plan.ts';
import { tableRows } from './rows.ts';
import { createZip, type Sink, type ZipWriter } from './zip.ts';

export interface ExportOptions {
  request: ExportRequest;
  actor: Actor;
  /** Of this program, for the manifest. */
  version: string;
  engine: 'embedded' | 'postgresql';
  /** Stops the work between two blocks. */
  signal?: AbortSignal;
}

/** What can be known to be wrong before the first byte. @throws Problem `not-permitted`, `site-not-found`, `release-not-found`, `standard-not-found`, `filter-invalid` */
export function checkExport({ standards, forms }: Context, { request, actor }: Pick<ExportOptions, 'request' | 'actor'>): void {
  if (request.siteIds.length === 0) fail('request-invalid', [{ pointer: '/siteIds', detail: 'Name at least one site' }]);
  for (const siteId of request.siteIds) permit(actor, 'export:run', siteId);
  askedSubDatasets(standards, request);
  const { filter } = request;
  if (!filter) return;
  askedSubDatasets(standards, { release: request.release, subDatasets: [filter.subDataset] });
  compileFilter(pinnedForm(standards, forms, request.release, filter.subDataset), filter.expression);
}

/** Who enters records knows the colleagues whom they name; an analyst gets their ids alone. */
const mayNameStaff = (actor: Actor, { siteIds }: ExportRequest) => siteIds.every((siteId) => can(actor, 'record:write', siteId));

/** What an export works on inside its transaction. */
export interface Prepared {
  sites: { id: string; code: string; name: string }[];
  plan: ExportPlan;
  cohort: Cohort | undefined;
}

export async function prepareExport({ standards, forms, clock }: Context, trx: Trx, actor: Actor, request: ExportRequest): Promise<Prepared> {
  const sites = await listSitesOf(trx, request.siteIds);
  const versions = await listVersionsInUse(trx, request.siteIds, request.subDatasets);
  const plan = planExport(standards, forms, request, { versions, mappings: await listImportedMappings(trx, request.siteIds) }, mayNameStaff(actor, request));
  const cohort = request.filter && (await selectCohort(trx, { form: pinnedForm(standards, forms, request.release, request.filter.subDataset), expression: request.filter.expression, sites, today: todayAtSite(clock) }));
  return { sites, plan, cohort };
}

/**
 * Writes the ZIP to `sink`. The directory, without which a ZIP is none, comes last, after the export stands in the audit trail of every site.
 * Call `checkExport` before.
 */
export async function writeExport(context: Context, options: ExportOptions, sink: Sink): Promise<Manifest> {
  const { request, actor, signal } = options;
  const zip = createZip(async (bytes) => {
    signal?.throwIfAborted();
    await sink(bytes);
  });
  const scope = { accountId: actor.accountId, sites: request.siteIds };
  const manifest = await transact(context.db, scope, (trx) => writeTables(context, trx, options, zip), { snapshot: true });
  const counts = Object.fromEntries(manifest.files.map(({ name, rows }) => [name, rows]));
  await transact(context.db, scope, async (trx) => {
    for (const siteId of request.siteIds) {
      await appendAuditEvent(trx, {
        siteId, accountId: actor.accountId, action: 'export.run', entity: 'export', entityId: siteId, device: actor.device,
        detail: { release: request.release, profile: request.profile, subDatasets: request.subDatasets, filtered: request.filter !== undefined, sites: request.siteIds.length, rows: counts },
      });
    }
  });
  await zip.finish();
  return manifest;
}

async function writeTables(context: Context, trx: Trx, { request, actor, version, engine }: ExportOptions, zip: ZipWriter): Promise<Manifest> {
  const { sites, plan, cohort } = await prepareExport(context, trx, actor, request);
  await prepareCopying(trx, { inPages: engine === 'embedded' || cohort !== undefined });
  const written: WrittenTable[] = [];
  const files: ManifestFile[] = [];
  for (const { table, forms } of plan.tables) {
    const { chunks, scan } = tableRows(context, trx, table, { profile: request.profile, sites, cohort, paged: engine === 'embedded' });
    const { bytes, sha256 } = await addFile(zip, table.file, chunks);
    files.push({ name: table.file, rows: scan.rows, columns: table.columns.length, bytes, sha256 });
    written.push({ table, forms, rows: scan.rows, answered: scan.answered });
  }
  const book = (request.profile === 'excel' ? byteOrderMark : '') + codebook(written, request.profile);
  const columns = written.reduce((sum, { table }) => sum + table.columns.length, 0);
  files.push({ name: 'codebook.csv', rows: columns, columns: codebookHeader.length, ...(await addFile(zip, 'codebook.csv', once(book))) });
  const release = context.standards.getRelease(request.release);
  const manifest: Manifest = {
    kind: 'xiangya-forms export', exporter: { name: 'xiangya-forms', version }, release: { name: release.release, sha256: context.standards.sha256(release) },
    sites: await sitesOf(trx, sites), ...(request.filter ? { filter: request.filter } : {}), ...(request.statuses ? { statuses: request.statuses } : {}),
    profile: request.profile, language: request.language, standards: plan.standards, files, withheld: plan.withheld, notes: notesOf(request), warnings: warningsOf(request.profile, files),
  };
  await addFile(zip, 'manifest.json', once(`${JSON.stringify(manifest, undefined, 2)}\n`));
  return manifest;
}

async function sitesOf(trx: Trx, sites: Prepared['sites']): Promise<Manifest['sites']> {
  const list: Manifest['sites'] = [];
  for (const { id, code } of sites) list.push({ code, dataState: await readDataState(trx, id) });
  return list;
}

async function addFile(zip: ZipWriter, name: string, chunks: AsyncIterable<Uint8Array>): Promise<{ bytes: number; sha256: string }> {
  const hash = createHash('sha256');
  let bytes = 0;
  await zip.add(name, (async function* digested() {
    for await (const chunk of chunks) {
      hash.update(chunk);
      bytes += chunk.length;
      yield chunk;
    }
  })());
  return { bytes, sha256: hash.digest('hex') };
}

async function* once(text: string): AsyncIterable<Uint8Array> {
  yield Buffer.from(text);
}

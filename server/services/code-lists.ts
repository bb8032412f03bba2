/**
 * The code lists as they are searched: what is shipped and what was imported, with an index in memory. Another process may import: whether there is
 * something newer is asked at most every five seconds; whoever asked waits for it, others go on with what is there.
 */
import { createHash } from 'node:crypto';
import { columnsOf, createCodeIndex, type CodeColumns, type CodeIndex } from '../../schemas/code-search.ts';
import type { Code, ValueSet } from '../../schemas/form.ts';
import type { Registry } from '../../schemas/registry.ts';
import { transact, type Db } from '../database.ts';
import { findLastImport, listImportedCodes, listImportedSets, type CodeRow } from '../repositories/code-lists.ts';
import type { Clock } from './clock.ts';

export interface CodeList {
  index: CodeIndex;
  columns: CodeColumns;
  /** SHA-256 of the shipped document and the import it was made with. */
  etag: string;
}

export interface CodeLists {
  /** @throws Problem `standard-not-found` */
  get(id: string, version: string): Promise<CodeList>;
  /** Makes those ready that somebody imported into, so that the first to search need not wait. */
  warm(): Promise<void>;
}

interface Kept {
  list: CodeList;
  importId: string | undefined;
  askedAt: number;
  renewing: Promise<unknown> | undefined;
}

const ASK_AFTER_MS = 5_000;

export function createCodeLists({ db, standards, clock }: { db: Db; standards: Registry; clock: Clock }): CodeLists {
  const kept = new Map<string, Kept>();
  const building = new Map<string, Promise<Kept>>();

  async function build(ref: string, set: ValueSet): Promise<Kept> {
    const askedAt = clock.now().getTime();
    const [last, rows] = set.open === undefined ? [undefined, []] : await transact(db, { sites: [] }, async (trx) => [await findLastImport(trx, set.id), await listImportedCodes(trx, set.id)] as const, { snapshot: true });
    const columns = columnsOf(merge(set.codes, rows));
    const etag = createHash('sha256').update(`${ref} ${last?.id ?? ''} ${standards.sha256(`https://xiangya-forms.org/standards/value-sets/${ref}.json`)}`).digest('hex');
    const made: Kept = { list: { index: createCodeIndex(columns), columns, etag }, importId: last?.id, askedAt, renewing: undefined };
    kept.set(ref, made);
    return made;
  }

  async function renew(ref: string, set: ValueSet, known: Kept): Promise<void> {
    const last = await transact(db, { sites: [] }, (trx) => findLastImport(trx, set.id));
    if (last?.id !== known.importId) await build(ref, set);
  }

  async function get(id: string, version: string): Promise<CodeList> {
    const ref = `${id}/${version}`;
    const set = standards.getValueSet(ref);
    const known = kept.get(ref);
    if (known === undefined) {
      const made = building.get(ref) ?? build(ref, set).finally(() => building.delete(ref));
      building.set(ref, made);
      return (await made).list;
    }
    const now = clock.now().getTime();
    if (set.open && known.renewing === undefined && now - known.askedAt >= ASK_AFTER_MS) {
      known.askedAt = now;
      // Who asks waits; others go on with what is there, as all do when the database does not answer.
      known.renewing = renew(ref, set, known).catch(() => {}).finally(() => { known.renewing = undefined; });
      await known.renewing;
    }
    return (kept.get(ref) ?? known).list;
  }

  return {
    get,
    async warm() {
      const imported = new Set(await transact(db, { sites: [] }, listImportedSets));
      for (const ref of standards.valueSetRefs) {
        const [id = '', version = ''] = ref.split('/');
        if (imported.has(id)) await get(id, version);
      }
    },
  };
}

/** Shipped codes first, in their order, with the names of the import; then what only the import has. */
function merge(shipped: readonly Code[], imported: readonly CodeRow[]): Code[] {
  const rows = new Map(imported.map((row) => [row.code, row]));
  const own = new Set(shipped.map(({ code }) => code));
  return [...shipped.map((code) => withRow(code, rows.get(code.code))), ...imported.filter(({ code }) => !own.has(code)).map((row) => withRow(undefined, row))];
}

function withRow(code: Code | undefined, row: CodeRow | undefined): Code {
  if (row === undefined) return code ?? { code: '', text: { zh: '', en: '' }, status: 'retired' };
  const synonyms = [...new Set([...(code?.synonyms ?? []), ...row.synonyms])];
  return { code: row.code, text: { zh: row.zh, en: row.en || (code?.text.en ?? '') }, status: row.status, pinyin: row.pinyin, ...(synonyms.length > 0 ? { synonyms } : {}) };
}

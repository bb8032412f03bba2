/** Documents sorted by what they are, each checked against the dialect except standards, which are checked when they are compiled. */
import { patternMistake, withoutAnchors } from './compile/pattern.ts';
import { createDialect, type Dialect } from './dialect.ts';
import {
  kindOf, partsOf, STANDARDS,
  type BlockDocument, type BoundValuesDocument, type CatalogueDocument, type DocumentKind, type Element, type ReleaseDocument, type StandardDocument,
  type TablesDocument, type ValueSetDocument,
} from './documents.ts';
import { Problem, type FieldError } from './problem.ts';

export interface Sorted {
  standard: Map<string, StandardDocument>;
  common: Map<string, Element | BlockDocument>;
  valueSet: Map<string, ValueSetDocument>;
  tables: Map<string, TablesDocument>;
  release: Map<string, ReleaseDocument>;
  catalogue: CatalogueDocument | undefined;
  boundValues: BoundValuesDocument | undefined;
  dialect: Dialect;
  byId: Map<string, object>;
  /** As `<path>#<pointer>`. */
  mistakes: FieldError[];
}

interface Known {
  document: object;
  id: string;
  kind: DocumentKind | undefined;
}

/**
 * Documents that cannot be read are left out, and are among the mistakes; `nameOf` says where a document stands when not where its `$id` says.
 * @throws Problem `standard-invalid` without a meta-schema
 */
export function sortDocuments(documents: Iterable<unknown>, nameOf: (document: unknown) => string | undefined = () => undefined): Sorted {
  const list = [...documents].flatMap((document): Known[] => {
    const id = idOf(document);
    return id === undefined ? [] : [{ document: document as object, id, kind: kindOf(id) }];
  });
  const metaSchema = list.find(({ kind }) => kind === 'dialect')?.document;
  if (!metaSchema) throw new Problem('standard-invalid', [{ pointer: 'dialect.json', detail: 'The meta-schema is not among the documents' }]);
  const dialect = createDialect(metaSchema);
  const mistakes: FieldError[] = [];
  const byId = new Map<string, object>();
  const readable: Known[] = [];
  for (const known of list) {
    const { document, id, kind } = known;
    const path = nameOf(document) ?? id.slice(STANDARDS.length);
    const found = kind && kind !== 'standard' ? documentMistakes(dialect, kind, document) : { mistakes: [], isReadable: true };
    mistakes.push(...found.mistakes.map(({ pointer, detail }) => ({ pointer: `${path}#${pointer}`, detail })));
    const other = byId.get(id);
    if (other) mistakes.push({ pointer: `${path}#/$id`, detail: `Another document has the same $id${nameOf(other) === undefined ? '' : `: ${nameOf(other)}`}` });
    else {
      byId.set(id, document);
      if (found.isReadable) readable.push(known);
    }
  }
  const of = <T>(wanted: DocumentKind, keyOf: (id: string) => string = (id) => partsOf(id).slice(1).join('/')) => new Map(
    readable.filter(({ kind }) => kind === wanted).map(({ document, id }) => [keyOf(id), document as T]),
  );
  const only = <T>(wanted: DocumentKind) => readable.find(({ kind }) => kind === wanted)?.document as T | undefined;
  return {
    standard: of('standard', (id) => partsOf(id).join('/')), common: of('common', (id) => id), valueSet: of('valueSet'), tables: of('tables'), release: of('release'),
    catalogue: only('catalogue'), boundValues: only('boundValues'), dialect, byId, mistakes,
  };
}

/** The `$id` of a document; the catalogue is known by its shape too. Undefined for what is no document of ours. */
function idOf(document: unknown): string | undefined {
  if (typeof document !== 'object' || document === null) return undefined;
  if ('$id' in document && typeof document.$id === 'string') return document.$id;
  return 'datasets' in document ? `${STANDARDS}catalogue.json` : undefined;
}

/** Unknown keywords leave the rest readable; any other fault of shape does not. */
function documentMistakes(dialect: Dialect, kind: DocumentKind, document: object): { mistakes: FieldError[]; isReadable: boolean } {
  const mistakes = dialect.mistakes(kind, document);
  if (mistakes.some(({ detail }) => detail !== 'Unknown keyword')) return { mistakes, isReadable: false };
  if (kind === 'valueSet') mistakes.push(...valueSetMistakes(document as ValueSetDocument));
  if (kind === 'boundValues') mistakes.push(...repeatedPaths(document as BoundValuesDocument));
  if (kind === 'tables') mistakes.push(...tableMistakes(document as TablesDocument));
  return { mistakes, isReadable: true };
}

function valueSetMistakes({ codes, open }: ValueSetDocument): FieldError[] {
  const mistakes: FieldError[] = [];
  const seen = new Set<string>();
  for (const [i, { code }] of codes.entries()) {
    if (seen.has(code)) mistakes.push({ pointer: `/codes/${i}/code`, detail: 'The code stands twice' });
    seen.add(code);
  }
  if (codes.length === 0 && !open) mistakes.push({ pointer: '/codes', detail: 'Only an open value set may have no codes' });
  const mistake = open && patternMistake(withoutAnchors(open.pattern));
  if (mistake !== undefined) mistakes.push({ pointer: '/open/pattern', detail: mistake });
  return mistakes;
}

function repeatedPaths({ values }: BoundValuesDocument): FieldError[] {
  const seen = new Set<string>();
  return values.flatMap(({ path }, i) => (seen.size === seen.add(path).size ? [{ pointer: `/values/${i}/path`, detail: 'The path stands twice' }] : []));
}

function tableMistakes({ tables }: TablesDocument): FieldError[] {
  return Object.entries(tables).flatMap(([name, table]) => table.rows.flatMap((row, i) => {
    const pointer = `/tables/${name}/rows/${i}`;
    const mistakes: FieldError[] = [];
    if (row.when.length !== table.arguments.length) mistakes.push({ pointer: `${pointer}/when`, detail: `Must have ${table.arguments.length} conditions, one for each argument` });
    if (typeof row.then !== typeof table.rows[0]?.then) mistakes.push({ pointer: `${pointer}/then`, detail: 'All results of a table must be of one type' });
    return mistakes;
  }));
}

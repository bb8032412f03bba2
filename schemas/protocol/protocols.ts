/** The protocols under `standards/protocols/`: their shape checked at once, each compiled when it is first wanted and kept. */
import { createAjv } from '../dialect.ts';
import { compareVersions, partsOf, textOf } from '../documents.ts';
import type { Text } from '../form.ts';
import type { VisitKind } from '../http/api.ts';
import { fail, Problem, type FieldError } from '../problem.ts';
import { compileProtocol, protocolMistakes, type FindForm } from './compile.ts';
import { prepareProtocol, type PreparedProtocol } from './prepare.ts';
import type { ProtocolDocument } from './protocol.ts';

export interface ProtocolSummary {
  name: string;
  version: string;
  title: Text;
  visit: VisitKind[];
  lesion: 'must' | 'may' | 'none';
}

export interface Protocols {
  /** The newest version of each, by name. */
  readonly list: readonly ProtocolSummary[];
  /** The newest version when none is named. @throws Problem `protocol-not-found`, `standard-invalid` */
  get(name: string, version?: string): PreparedProtocol;
}

/** @throws Problem `standard-invalid` naming every place where a document has not the shape of a protocol */
export function createProtocols(documents: readonly unknown[], schema: object, findForm: FindForm, sha256: (document: object) => string): Protocols {
  const shape = createShapeCheck(schema);
  const mistakes = documents.flatMap((document, i) => shape(document).map(({ pointer, detail }) => ({ pointer: `${nameOf(document) ?? i}#${pointer}`, detail })));
  if (mistakes.length > 0) throw new Problem('standard-invalid', mistakes);
  const all = (documents as readonly ProtocolDocument[]).map((document) => {
    const [, name = '', version = ''] = partsOf(document.$id);
    return { name, version, document };
  }).sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : compareVersions(a.version, b.version)));
  const prepared = new Map<object, PreparedProtocol>();
  return {
    list: all.filter(({ name }, i) => all[i + 1]?.name !== name).map(({ name, version, document }) => ({ name, version, title: textOf(document), visit: document.visit, lesion: document.lesion })),
    get(name, version) {
      const { document } = all.findLast((each) => each.name === name && (version === undefined || each.version === version)) ?? fail('protocol-not-found');
      const known = prepared.get(document) ?? prepareProtocol(compileProtocol(document, findForm, sha256(document)));
      prepared.set(document, known);
      return known;
    },
  };
}

/** Every mistake of a document, of shape or of sense. */
export function checkProtocol(document: unknown, schema: object, findForm: FindForm): readonly FieldError[] {
  const misshapen = createShapeCheck(schema)(document);
  return misshapen.length > 0 ? misshapen : protocolMistakes(document as ProtocolDocument, findForm);
}

function createShapeCheck(schema: object): (document: unknown) => FieldError[] {
  // A protocol's own schema ties no unit or value set; what it describes is checked by name when it is compiled.
  const validate = createAjv().compile(schema);
  return (document) => {
    if (validate(document)) return [];
    const errors = validate.errors ?? [];
    const wholes = errors.filter(({ keyword }) => keyword === 'anyOf').map(({ instancePath }) => instancePath);
    return errors.filter(({ keyword, instancePath }) => keyword === 'anyOf' || !wholes.some((whole) => instancePath.startsWith(whole)))
      .map(({ instancePath, keyword, message = keyword, params }) => (keyword === 'additionalProperties'
        ? { pointer: `${instancePath}/${String(params['additionalProperty'])}`, detail: 'Unknown keyword' }
        : { pointer: instancePath, detail: keyword === 'anyOf' ? 'Has none of the permitted shapes' : message.charAt(0).toUpperCase() + message.slice(1) }));
  };
}

function nameOf(document: unknown): string | undefined {
  const id = typeof document === 'object' && document !== null && '$id' in document ? document.$id : undefined;
  return typeof id === 'string' ? partsOf(id).slice(1).join('/') : undefined;
}

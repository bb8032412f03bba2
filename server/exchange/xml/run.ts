/** One record out as XML, and one in. */
import type { FormRecord, SaveReply } from '../../../schemas/http/api.ts';
import { fail, type FieldError } from '../../../schemas/problem.ts';
import type { Context } from '../../services/context.ts';
import type { Actor } from '../../services/permissions.ts';
import { readRecord } from '../../services/read-record.ts';
import { saveRecord } from '../../services/save-record.ts';
import { sha256Of } from '../import/identity.ts';
import { changesFrom } from './changes.ts';
import { readXmlInTurns } from './read.ts';
import { recordXml } from './write.ts';

/** Identifiers are in it only for those who may read them, and that they were read is audited. @throws Problem `record-not-found` */
export async function exportRecordXml(context: Context, actor: Actor, siteId: string, id: string): Promise<{ xml: string; record: FormRecord }> {
  const record = await readRecord(context, actor, siteId, id);
  const { form } = context.forms.get(record.subDataset, record.standardVersion);
  const known = record.context.bound ?? {};
  return { xml: recordXml({ form, record, siteCode: String(known['site.code'] ?? ''), studyNumber: String(known['subject.studyNumber'] ?? '') }), record };
}

export interface XmlImport {
  siteId: string;
  recordId: string;
  subjectId: string;
  visitId?: string;
  lesionId?: string;
  contribution: string;
  bytes: Uint8Array;
}

export interface XmlImported {
  record: SaveReply;
  refused: FieldError[];
  passedOver: number;
}

/**
 * Makes a new record, in progress, of what the file says; elements that are refused are listed by line and column and everything else
 * is kept. Sent again with the same contribution, it is stored once.
 * @throws Problem `data-invalid` when the file as a whole cannot be read, `standard-not-found`, and what `saveRecord` throws
 */
export async function importRecordXml(context: Context, actor: Actor, { siteId, recordId, bytes, ...given }: XmlImport): Promise<XmlImported> {
  const xml = await readXmlInTurns(bytes);
  const { subDataset = '', standardVersion } = xml.attributes;
  if (standardVersion === undefined) fail('data-invalid', [{ pointer: '/record/standardVersion', detail: 'The record names no version of the standard' }]);
  const { form } = context.forms.get(subDataset, standardVersion);
  const { changes, refused, passedOver } = changesFrom(form, xml);
  const record = await saveRecord(context, context.db, actor, {
    siteId, recordId, base: 0,
    request: { ...given, subDataset, standardVersion, changes, status: 'in-progress', origin: { kind: 'import', fileSha256: sha256Of(bytes), mapping: 'record-xml/1', row: 1 } },
  });
  return { record, refused, passedOver };
}

/** The addresses of the pages. Ids only: nothing of a patient may stand in an address. */
import { pathTo } from './router.ts';
import type { Paths, Place } from './router.ts';

export type PageName = 'home' | 'setUp' | 'reset' | 'account' | 'security' | 'patients' | 'enrol' | 'patient' | 'identity' | 'record' | 'protocolRun' | 'export' | 'standards' | 'standard' | 'element' | 'valueSet' | 'people';

/** The first that fits is taken, so `enrol` stands before `patient`. */
export const paths: Paths<PageName> = {
  home: '/',
  setUp: '/setup',
  reset: '/reset',
  account: '/account',
  security: '/people/:accountId',
  patients: '/sites/:siteId/patients',
  enrol: '/sites/:siteId/patients/enrol',
  patient: '/sites/:siteId/patients/:subjectId',
  identity: '/sites/:siteId/patients/:subjectId/identity',
  record: '/sites/:siteId/patients/:subjectId/records/:recordId',
  protocolRun: '/sites/:siteId/patients/:subjectId/protocol-runs/:runId',
  export: '/export',
  standards: '/standards',
  standard: '/standards/:subDataset/:version',
  element: '/standards/:subDataset/:version/:path',
  valueSet: '/value-sets/:id/:version',
  people: '/people',
};

export type PagePlace = Place<PageName>;

export function to(name: PageName, params: { readonly [part: string]: string } = {}): string {
  return pathTo(paths, name, params);
}

/** The address of a form that is not yet a record: its id is made here, so that a reload is the same form. */
export function toNewRecord(params: { siteId: string; subjectId: string; recordId: string }, start: { subDataset: string; version: string; visitId?: string; lesionId?: string }): string {
  const query = new URLSearchParams({ start: `${start.subDataset}@${start.version}`, ...(start.visitId ? { visit: start.visitId } : {}), ...(start.lesionId ? { lesion: start.lesionId } : {}) });
  return `${to('record', params)}?${query}`;
}

/** The address of a form that was opened from a run of a protocol, and leads back to it. */
export function toRecordOfRun({ runId, ...params }: { siteId: string; subjectId: string; runId: string; recordId: string }): string {
  return `${to('record', params)}?${new URLSearchParams({ run: runId })}`;
}

/** The requests of protocols and their runs, typed by the contract in `schemas/http/protocol-api.ts`. */
import type { Page } from '../schemas/http/api.ts';
import type {
  BeginRecordRequest, CloseRunRequest, ExplainRequest, NameAliquotsRequest, Protocol, ProtocolSummary, Run, RunSummary, SkipStepRequest, StartRunRequest,
} from '../schemas/http/protocol-api.ts';
import type { Language } from './text/index.ts';
import { json } from './request.ts';

type Signal = AbortSignal | undefined;
const post = (body: unknown) => ({ method: 'POST', body }) as const;
const ofSite = (siteId: string) => `/api/sites/${siteId}/protocol-runs`;
const ofRun = (siteId: string, runId: string) => `${ofSite(siteId)}/${runId}`;

export const listProtocols = (signal?: Signal) => json<ProtocolSummary[]>('/api/protocols', { signal });
export const getProtocol = (name: string, version: string, signal?: Signal) => json<Protocol>(`/api/protocols/${name}/${version}`, { signal });

export const listRuns = (siteId: string, subjectId: string, signal?: Signal) => json<Page<RunSummary>>(`${ofSite(siteId)}?subjectId=${subjectId}&limit=100`, { signal });
/** @throws Problem `run-exists`, `data-invalid` */
export const startRun = (siteId: string, request: StartRunRequest) => json<Run>(ofSite(siteId), post(request));
export const getRun = (siteId: string, runId: string, signal?: Signal) => json<Run>(ofRun(siteId, runId), { signal });
/** @throws Problem `moment-recorded` when somebody was faster */
export const beginRecord = (siteId: string, runId: string, request: BeginRecordRequest) => json<Run>(`${ofRun(siteId, runId)}/records`, post(request));
/** @throws Problem `step-incomplete` with `missing: Lack[]` in `extra` */
export const completeStep = (siteId: string, runId: string, step: string, contribution: string) => json<Run>(`${ofRun(siteId, runId)}/steps/${step}/complete`, post({ contribution }));
export const skipStep = (siteId: string, runId: string, step: string, request: SkipStepRequest) => json<Run>(`${ofRun(siteId, runId)}/steps/${step}/skip`, post(request));
export const explainDeviation = (siteId: string, runId: string, request: ExplainRequest) => json<Run>(`${ofRun(siteId, runId)}/deviations`, post(request));
/** @throws Problem `aliquots-unnamed` */
export const nameAliquots = (siteId: string, runId: string, request: NameAliquotsRequest) => json<Run>(`${ofRun(siteId, runId)}/aliquots`, post(request));
/** @throws Problem `step-incomplete` */
export const closeRun = (siteId: string, runId: string, request: CloseRunRequest) => json<Run>(`${ofRun(siteId, runId)}/close`, post(request));

/** Addresses of what is printed; `skip` labels of the first sheet are used up. */
export const labelsAddress = (siteId: string, runId: string, language: Language, { recordId, skip = 0 }: { recordId?: string; skip?: number } = {}) =>
  `${ofRun(siteId, runId)}/labels.pdf?language=${language}${recordId ? `&recordId=${recordId}` : ''}${skip ? `&skip=${skip}` : ''}`;
export const runSheetAddress = (siteId: string, runId: string, language: Language) => `${ofRun(siteId, runId)}/run-sheet.pdf?language=${language}`;

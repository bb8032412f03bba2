/** A server of one record, in memory: contributions once, versions, conflicts by place — what a save must live with. */
import { applyChanges } from '../../../client/controllers/changes.ts';
import type { Answers } from '../../../schemas/form.ts';
import type { Change, FormRecord, SaveReply, SaveRequest } from '../../../schemas/http/api.ts';
import { Problem } from '../../../schemas/problem.ts';

export const recordId = '0190a000-0000-7000-8000-00000000000a';
export const identity = { id: recordId, subjectId: '0190a000-0000-7000-8000-00000000000b', subDataset: 'example', standardVersion: '1.0.0' };

export function aServer() {
  const versions: { answers: Answers; changes: readonly Change[]; by: string }[] = [];
  const receipts = new Map<string, SaveReply>();
  const requests: { request: SaveRequest; base: number }[] = [];
  /** What happens to the next requests: the answer is lost after storing, or the request on its way, or a problem comes back. */
  const next: ('lost-answer' | 'lost' | Problem)[] = [];

  const latest = (): Answers => versions.at(-1)?.answers ?? { data: {}, missing: {}, parked: {} };
  const reply = (status: SaveReply['status']): SaveReply => {
    const { data, missing = {}, parked = {} } = latest();
    return { id: recordId, version: versions.length, status, digest: '', data, missing, parked, findings: [], savedAt: '2026-05-14T02:42:00Z' };
  };

  function store(request: SaveRequest, base: number, by: string): SaveReply {
    const receipt = receipts.get(request.contribution);
    if (receipt) return receipt;
    if (base > versions.length) throw new Problem('record-version-conflict');
    const since = versions.slice(base);
    const conflicts = request.changes.flatMap(({ pointer, value }) => since.flatMap((version) => version.changes.filter((change) => change.pointer === pointer)
      .map((change) => ({ pointer, ...(value === undefined ? {} : { yours: value }), ...(change.value === undefined ? {} : { theirs: change.value }), by: version.by, at: '2026-05-14T02:40:00Z' }))));
    if (conflicts.length > 0) throw new Problem('record-conflict', undefined, { conflicts });
    versions.push({ answers: applyChanges(latest(), request.changes), changes: request.changes, by });
    const stored = reply(request.status);
    receipts.set(request.contribution, stored);
    return stored;
  }

  return {
    versions, requests, next, latest,
    async save(request: SaveRequest, base: number): Promise<SaveReply> {
      requests.push(structuredClone({ request, base }));
      const fate = next.shift();
      if (fate instanceof Problem) throw fate;
      if (fate === 'lost') throw new TypeError('Failed to fetch');
      const stored = store(structuredClone(request), base, 'me');
      if (fate === 'lost-answer') throw new TypeError('Failed to fetch');
      return stored;
    },
    async load(): Promise<FormRecord> {
      const { data, missing = {}, parked = {} } = latest();
      return { ...identity, data, missing, parked, version: versions.length, status: 'in-progress', updatedAt: '2026-05-14T02:41:00Z', hardFindings: 0, softFindings: 0, findings: [], context: { today: '2026-05-14' }, withheld: [], people: {} };
    },
    /** Somebody else saves over the newest version. */
    others(...changes: Change[]): void {
      store({ contribution: crypto.randomUUID(), ...identity, changes, status: 'in-progress' }, versions.length, '李医生');
    },
  };
}

/** A Storage in memory; `isFull` refuses to write. */
export function aStorage(isFull = false): Storage {
  const entries = new Map<string, string>();
  return {
    get length() { return entries.size; },
    key: (index) => [...entries.keys()][index] ?? null,
    getItem: (key) => entries.get(key) ?? null,
    setItem: (key, value) => { if (isFull) throw new DOMException('full', 'QuotaExceededError'); entries.set(key, value); },
    removeItem: (key) => { entries.delete(key); },
    clear: () => entries.clear(),
  };
}

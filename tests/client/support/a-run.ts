/** A run of a small protocol as the server tells it. */
import type { Protocol, Run } from '../../../schemas/http/protocol-api.ts';
import type { ClockState } from '../../../schemas/protocol/run.ts';
import type { Expression } from '../../../schemas/form.ts';

const text = (zh: string, en = zh) => ({ zh, en });
const expression: Expression = { source: 'true', tree: { op: 'value', value: true }, reads: [] };
const id = (n: number) => `0198a000-0000-7000-8000-${String(n).padStart(12, '0')}`;
/** The first patient of the API in memory. */
const subjectId = '0198a000-0000-7000-8001-000000000001';
export const runId = id(7);
export const recordId = id(8);

export const protocol: Protocol = {
  name: 'small', version: '1.0.0', sha256: 'a', title: text('小方案', 'Small protocol'), visit: ['operation'], lesion: 'must',
  steps: [{
    id: 'excision', title: text('切除', 'Excision'), form: { subDataset: 'excision', version: '1.0.0' }, records: 1, after: [], guide: [text('看钟', 'Look at the clock')], carries: [], refers: [], conditions: [], results: [{ key: 'minutes', title: text('分钟（计算）', 'Minutes (computed)'), unit: 'min' }], sheet: [],
    tasks: [{ kind: 'picture', id: 'before', title: text('术前', 'Before'), is: { role: 'before' }, count: 1 }, { kind: 'moment', key: 'cutAt', title: text('离体', 'Removed'), optional: false }, { kind: 'aliquots' }],
  }],
  clocks: [{ id: 'cold', title: text('冷缺血', 'Cold ischaemia'), from: expression, to: expression, limit: 20, warnBefore: 5, deviation: { code: 'late', title: text('冷缺血超时', 'Cold ischaemia late') } }],
  rules: [], acceptance: [{ id: 'fast', title: text('及时', 'In time'), assert: expression }],
  aliquots: [{ id: 'piece', each: 'excision', title: text('组织', 'Tissue'), planned: 2, count: expression, fields: {} }],
  naming: { parts: [], pattern: '' }, labels: { symbol: 'datamatrix', fields: ['code'], page: { width: 210, height: 297 }, columns: 5, rows: 13, left: 0, top: 0, width: 38, height: 21, across: 40, down: 21 }, elements: {},
};

const clock = (secondsAgo: number, now: number, limit = 20): ClockState => ({ id: 'cold', state: 'running', from: new Date(now - secondsAgo * 1000).toISOString(), limit, warnBefore: 5 });

/** `since` seconds ago the clock began. */
export function aRun({ since, ...changes }: Partial<Run> & { since?: number } = {}): Run {
  const now = Date.now();
  return {
    id: runId, subjectId, visitId: id(3), lesionId: id(4), protocol: 'small', version: '1.0.0', title: protocol.title, status: 'running', startedAt: new Date(now).toISOString(), startedBy: '张敏', now: new Date(now).toISOString(),
    state: {
      steps: [{ id: 'excision', state: 'open', waitsFor: [], missing: [{ kind: 'picture', id: 'before', have: 0, want: 1, refused: 0 }], pictures: [{ id: 'before', want: 1, images: [], refused: [] }], records: [{ id: recordId, status: 'in-progress', moments: [{ key: 'cutAt' }], results: { minutes: 12 } }] }],
      clocks: since === undefined ? [] : [clock(since, now)], deviations: [], acceptance: [{ id: 'fast' }], aliquots: [{ kind: 'piece', recordId, named: [], next: ['A-1', 'A-2'] }],
      next: { kind: 'moment', step: 'excision', key: 'cutAt', recordId },
    },
    aliquots: [], deviations: [], events: [], ...changes,
  };
}

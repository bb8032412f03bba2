/** The API as the contract has it, in memory and without rules: enough for a page to be seen in each of its states. */
import type { Data, Form } from '../../../schemas/form.ts';
import type { Account, Conflict, EnrolRequest, FormRecord, Me, SaveRequest, Site, StandardSummary, Subject, SubjectSummary, VisitDetails, VisitDetailsRequest } from '../../../schemas/http/api.ts';
import type { AccountSecurity, SignInWays } from '../../../schemas/http/account-api.ts';
import type { ProblemName } from '../../../schemas/problem.ts';
import { problems } from '../../../schemas/problem.ts';
import { aRun, protocol } from './a-run.ts';
import { aForm, basicInfo } from './a-form.ts';

const siteId = '0198a000-0000-7000-8000-000000000001';
const otherSiteId = '0198a000-0000-7000-8000-000000000002';
const everything: Me['network'] = ['subject:read', 'subject:write', 'subject:read-identifiers', 'record:read', 'record:write', 'image:read', 'image:write', 'export:run', 'standard:read', 'account:write', 'site:write', 'audit:read'];

export interface FakeState {
  me: Me | undefined;
  setupOpen: boolean;
  ways: SignInWays;
  account: AccountSecurity;
  /** What the right password meets, one after the other. */
  signInMeets: Response[];
  /** Whether the person showed lately who they are. */
  isProven: boolean;
  subjects: SubjectSummary[];
  accounts: Account[];
  sites: Site[];
  standards: StandardSummary[];
  /** The compiled standards. */
  forms: (subDataset: string) => Form;
  records: Map<string, FormRecord>;
  /** Answer everything (or the paths that begin so) with this. */
  failing: { path: string; problem: ProblemName | 'offline' } | undefined;
  /** Those who work at the site, to be named in forms. */
  people: { id: string; name: string }[];
  /** What is known of every visit. */
  visit: VisitDetails;
  /** The next patient may be enrolled already. */
  duplicate: boolean;
  /** The next save meets somebody else. */
  conflict: readonly Conflict[] | undefined;
  /** Milliseconds before every answer. */
  delay: number;
  requests: { method: string; path: string; body: unknown }[];
}

export const aMe = (changes: Partial<Me> = {}): Me => ({
  accountId: '0198a000-0000-7000-8000-00000000000a', username: 'zhang.min', displayName: '张敏',
  sites: [
    { id: siteId, code: 'XY01', name: '中南大学湘雅医院', nameEn: 'Xiangya Hospital', roles: ['nurse'], permissions: [...everything] },
    { id: otherSiteId, code: 'XY02', name: '中南大学湘雅二医院', nameEn: 'Second Xiangya Hospital', roles: ['nurse'], permissions: ['subject:read', 'record:read'] },
  ],
  network: [...everything], ...changes,
});

const id = (kind: number, n: number) => `0198a000-0000-7000-8${String(kind).padStart(3, '0')}-${n.toString(16).padStart(12, '0')}`;

export const aSubject = (n: number): SubjectSummary => ({
  id: id(1, n), siteId, studyNumber: `XY01-${String(n).padStart(5, '0')}`, sex: n % 2 ? '1' : '2', birthDate: n % 7 ? `19${30 + (n % 60)}-0${1 + (n % 9)}-1${n % 9}` : `19${30 + (n % 60)}`,
  createdAt: `2026-0${1 + (n % 9)}-1${n % 9}T08:30:00Z`, records: n % 6, drafts: n % 6 ? n % 3 : 0,
});

const titles = [
  ['basic-information', '基本信息与医疗机构', 'Basic information and institution', 'patient-basic-info', '患者基本信息子集', 'Patient basic information', 'subject', 27],
  ['skin-imaging', '皮肤影像', 'Skin imaging', 'lesion-register', '皮损登记', 'Lesion register', 'lesion', 18],
  ['skin-imaging', '皮肤影像', 'Skin imaging', 'clinical-image', '临床图像', 'Clinical image', 'image', 24],
  ['skin-imaging', '皮肤影像', 'Skin imaging', 'ai-classification', '人工智能辅助分类', 'AI classification', 'image', 20],
  ['skin-cancer', '皮肤肿瘤', 'Skin cancer', 'melanoma-staging', '黑色素瘤分期', 'Melanoma staging', 'lesion', 42],
  ['skin-cancer', '皮肤肿瘤', 'Skin cancer', 'melanoma-pathology', '黑色素瘤病理', 'Melanoma pathology', 'specimen', 55],
  ['biobank', '生物样本', 'Biobank', 'melanoma-resection-imaging', '黑色素瘤切除影像与缺血时间', 'Melanoma resection imaging and ischaemia', 'visit', 31],
] as const;

export const anAccount = (): AccountSecurity => ({
  hasPassword: true, passwordChangedAt: '2026-01-02T08:30:00Z', needsSecondFactor: false, recoveryCodes: 0, mayAddPasskeys: true, links: [],
  passkeys: [{ id: id(8, 1), name: '一台名字很长很长的皮肤科第三诊室共用平板电脑', createdAt: '2026-01-02T08:30:00Z', usedAt: '2026-05-14T02:42:00Z' }],
  sessions: [
    { id: id(9, 1), startedAt: '2026-05-14T02:42:00Z', seenAt: '2026-05-14T02:42:00Z', method: 'password+recovery-code', device: 'chrome/windows/desktop', address: '2001:0db8:85a3:0000:0000:8a2e:0370:7334', isThis: true },
    { id: id(9, 2), startedAt: '2026-05-13T02:42:00Z', seenAt: '2026-05-14T02:42:00Z', method: 'passkey', device: 'other/other/other', address: '10.0.0.1', isThis: false },
  ],
});

export function aFakeApi(changes: Partial<FakeState> = {}) {
  const state: FakeState = {
    me: aMe(), setupOpen: false, ways: { passwords: { least: 12, isMixed: false } }, account: anAccount(), signInMeets: [], isProven: false, subjects: [1, 2, 3].map(aSubject),
    accounts: [{ id: aMe().accountId, username: 'zhang.min', displayName: '张敏', status: 'active', signsIn: true, memberships: [{ siteId, role: 'nurse' }, { role: 'system-administrator' }] }],
    sites: aMe().sites.map(({ id, code, name, nameEn }) => ({ id, code, name, ...(nameEn ? { nameEn } : {}) })),
    standards: titles.map(([dataset, zh, en, subDataset, title, english, per, elements]) => ({ dataset, subDataset, version: '1.0.0', title: { zh: title, en: english }, datasetTitle: { zh, en }, per, elements, sha256: 'ab12cd34'.repeat(8), part: 'core' as const })),
    forms: (subDataset) => (subDataset === 'patient-basic-info' ? basicInfo : aForm()), records: new Map(), failing: undefined, people: [{ id: id(7, 1), name: '欧阳大夫' }, { id: id(7, 2), name: '李伟' }], visit: { department: '皮肤科' }, duplicate: false, conflict: undefined, delay: 0, requests: [], ...changes,
  };

  /** A stand-in for the browser's `fetch`. */
  async function answer(path: string, init: RequestInit = {}): Promise<Response> {
    const method = init.method ?? 'GET';
    const url = new URL(path, 'http://fake.invalid');
    const body: unknown = typeof init.body === 'string' ? JSON.parse(init.body) : init.body;
    state.requests.push({ method, path, body });
    if (state.delay) await new Promise((resolve) => setTimeout(resolve, state.delay));
    if (init.signal?.aborted) throw init.signal.reason;
    if (state.failing && url.pathname.startsWith(state.failing.path)) {
      if (state.failing.problem === 'offline') throw new TypeError('Failed to fetch');
      return problem(state.failing.problem);
    }
    return route(state, method, url, body);
  }
  return { state, answer };
}

export function problem(key: ProblemName, extra: object = {}): Response {
  const { status, title } = problems[key];
  return new Response(JSON.stringify({ type: `/problems/${key}`, title, status, ...extra }), { status, headers: { 'Content-Type': 'application/problem+json' } });
}

const reply = (value: unknown, status = 200) => new Response(JSON.stringify(value), { status, headers: { 'Content-Type': 'application/json' } });

function route(state: FakeState, method: string, url: URL, body: unknown): Response {
  const [, root, ...rest] = url.pathname.split('/').slice(1);
  const key = `${method} ${root}`;
  if (key === 'GET health') return reply({ status: 'ok', database: 'embedded', version: '0.1.0', release: '2026.1' });
  if (key === 'GET setup') return reply({ open: state.setupOpen });
  if (key === 'GET session' && rest[0] === 'ways') return reply(state.ways);
  if (key === 'POST password-reset') return (body as { newPassword: string }).newPassword.includes('password') ? problem('password-refused', { rules: ['too-common'] }) : new Response(null, { status: 204 });
  if (key === 'POST session' && rest[0] === 'proof') return (body as { password?: string }).password === 'correct horse' ? (state.isProven = true, reply({ proof: 'p', until: '2026-05-14T02:42:00Z' })) : problem('sign-in-refused');
  const meets = key === 'POST session' && (body as { password?: string }).password === 'correct horse' ? state.signInMeets.shift() : undefined;
  if (meets) return meets;
  if (key === 'POST setup' || key === 'POST session') return state.me || (body as { password?: string }).password === 'correct horse' ? reply(state.me ??= aMe()) : problem('sign-in-refused');
  if (!state.me) return problem('not-signed-in');
  if (key === 'GET session') return reply(state.me);
  if (key === 'DELETE session') { state.me = undefined; return new Response(null, { status: 204 }); }
  if (root === 'account') return ofAccount(state, method, rest);
  if (key === 'GET accounts' && rest[1] === 'sessions') return reply({ items: state.account.sessions });
  if (key === 'POST accounts' && rest[1] === 'reset') return reply({ token: 'a-token-of-a-link-that-works-once', until: '2026-05-14T02:42:00Z' });
  if (key === 'GET accounts') return reply({ items: state.accounts });
  if (key === 'POST accounts') { state.accounts.push({ ...(body as Account), status: 'active' }); return reply(state.accounts.at(-1), 201); }
  if (key === 'GET protocols') return reply(rest.length ? protocol : [{ name: protocol.name, version: protocol.version, title: protocol.title, visit: protocol.visit, lesion: protocol.lesion }]);
  if (key === 'GET standards') return reply(state.standards);
  if (key === 'GET dictionary') return dictionary(state, rest);
  if (key === 'GET identity') return reply(anIdentity(state.forms('patient-basic-info')));
  if (key === 'GET forms') return rest[2] ? new Response('export default () => [];', { headers: { 'Content-Type': 'text/javascript' } }) : reply(state.forms(rest[0] ?? ''));
  if (key === 'POST exports' && rest[0] === 'preview') return reply({ tables: [{ table: 'melanoma-staging', rows: 2814, columns: 47 }, { table: 'melanoma-pathology', rows: 1902, columns: 61 }], subjects: 2411, withheldColumns: 9 });
  if (key === 'POST exports') return new Response(new Uint8Array(2048), { headers: { 'Content-Type': 'application/zip', 'Content-Disposition': 'attachment; filename="export.zip"' } });
  if (root === 'sites' && rest.length === 0) {
    if (method === 'POST') state.sites.push(body as Site);
    return reply(method === 'POST' ? body : { items: state.sites });
  }
  return ofSite(state, method, rest, url.searchParams, body);
}

const offer = { secret: 'GEZDGNBVGY3TQOJQ', uri: 'otpauth://totp/x', picture: '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9v9H0z"/></svg>' };

function ofAccount(state: FakeState, method: string, [part]: string[]): Response {
  if (method === 'GET') return reply(state.account);
  if (!state.isProven) return problem('proof-required', { act: 'account' });
  if (part === 'totp' && method === 'POST') return reply(offer);
  if (part !== 'totp' || method !== 'PUT') return new Response(null, { status: 204 });
  state.account = { ...state.account, totpSince: '2026-05-14T02:42:00Z', recoveryCodes: 10 };
  delete state.me?.pending;
  return reply({ recoveryCodes: Array.from({ length: 10 }, (_, n) => `ABCD-EFGH-IJKL-MNOP-QRST-UV${20 + n}`) });
}

/** The first standard's form stands for all of them; every value set is the first one. */
function dictionary(state: FakeState, [part, id = '']: string[]): Response {
  const standards = state.standards.map(({ dataset, subDataset, version }) => ({ dataset, subDataset, version, elements: state.forms(subDataset).items.map(({ path, title, type, element }) => ({ path, zh: title.zh, en: title.en, type, ids: Object.values(element ?? {}) })) }));
  const sets = [...new Map(state.standards.flatMap(({ subDataset }) => Object.values(state.forms(subDataset).valueSets)).map((each) => [each.id, each])).values()];
  if (part === 'history') return reply([{ version: '1.0.0', sha256: 'ab12cd34'.repeat(8), releases: ['2026.1'], added: ['name'], removed: [], changed: [] }]);
  if (part !== 'value-sets') return reply({ release: '2026.1', standards, valueSets: sets.map(({ id: name, version, title, codes }) => ({ id: name, version, title, codes: codes.length, open: false })) });
  const found = sets.find((each) => each.id === id);
  if (!found) return problem('standard-not-found');
  const codes = found.codes.map(({ code, text, status }) => ({ code, zh: text.zh, en: text.en, status }));
  return reply({ document: { $id: id, title: found.title.zh, text: { en: { title: found.title.en } }, source: 'GB/T 2261.1-2003', codes }, versions: ['1.0.0'], uses: [{ subDataset: 'patient-basic-info', version: '1.0.0', path: 'sex' }] });
}

function ofSite(state: FakeState, method: string, [, collection, thing, part, id, detail]: string[], query: URLSearchParams, body: unknown): Response {
  if (collection === 'protocol-runs') return reply(thing ? aRun({ since: 23 * 60 }) : { items: [aRun()] });
  if (collection === 'people') return people(state, thing ?? '', body as { q?: string; ids?: string[] });
  if (part === 'visits' && id && detail === 'details') {
    if (method === 'PUT') Object.assign(state.visit, (body as VisitDetailsRequest).details);
    return reply({ now: state.visit, states: [{ details: state.visit }], withheld: [] });
  }
  if (collection === 'subjects') {
    if (method === 'GET' && !thing) return reply(aPage(state.subjects, query.get('after') ?? undefined, Number(query.get('limit') ?? 100)));
    if (thing === 'search') return reply(aPage(state.subjects.filter(({ studyNumber }) => studyNumber.startsWith((body as { q: string }).q)), (body as { after?: string }).after));
    if (method === 'POST' && !thing) return enrol(state, body as EnrolRequest);
    const found = state.subjects.find((each) => each.id === thing);
    if (!found) return problem('subject-not-found');
    if (part === 'identifiers' && id === 'history') return reply({ items: [{ key: 'patientName', value: '欧阳建', at: '2026-01-01T00:00:00Z', by: '张敏' }, { key: 'patientName', from: '2026-03-01', value: '欧阳建国', at: '2026-05-01T00:00:00Z', by: '张敏' }, { key: 'telephone', value: '13800000000', at: '2026-01-01T00:00:00Z', by: '张敏' }] });
    if (part === 'identifiers') return reply({ patientName: '欧阳建国', identityNumber: '430102196103070011', telephone: '13800000000' });
    if (part === 'context') return reply({ context: { today: '2026-05-14', bound: Object.fromEntries(Object.entries(state.visit).map(([key, value]) => [`visit.${key}`, value])) }, withheld: ['subject.name'] });
    if (method === 'POST') return reply(body, 201);
    return reply(aWholeSubject(state, found));
  }
  if (collection === 'records' && thing) {
    if (part === 'history') return reply({ items: [{ version: 2, at: '2026-05-14T02:42:00Z', by: '张敏', status: 'in-progress', changes: [{ pointer: '/breslow', old: 2.1, new: 2.4 }] }] });
    if (method === 'PUT') return save(state, thing, body as SaveRequest);
    const found = state.records.get(thing);
    return found ? reply(found) : problem('record-not-found');
  }
  return problem('not-found');
}

/** What the standards bind to the patient; here those of one alone. */
function anIdentity(form: Form) {
  const items = form.items.filter(({ bind }) => bind?.startsWith('subject.') && bind !== 'subject.id');
  const keys = new Set(items.map(({ key }) => key));
  return { form: { ...form, items, sections: form.sections.map((section) => ({ ...section, items: section.items.filter((path) => keys.has(path)) })), checks: [], order: [] }, enrol: [...keys] };
}

function people(state: FakeState, act: string, { q = '', ids = [] }: { q?: string; ids?: string[] }): Response {
  if (act === 'search') return reply({ items: state.people.filter(({ name }) => name.includes(q)) });
  return reply(Object.fromEntries(state.people.filter(({ id }) => ids.includes(id)).map(({ id, name }) => [id, name])));
}

function aPage<T extends { id: string }>(items: T[], after: string | undefined, limit = 100): { items: T[]; next?: string } {
  const start = after ? items.findIndex((item) => item.id === after) + 1 : 0;
  const shown = items.slice(start, start + limit);
  const last = shown.at(-1);
  return { items: shown, ...(last && start + limit < items.length ? { next: last.id } : {}) };
}

function enrol(state: FakeState, request: EnrolRequest): Response {
  const isKnown = state.duplicate || request.identity['identityNumber'] === '430102196103070011';
  if (isKnown && !request.confirmedNotDuplicate) return problem('possible-duplicate', { duplicates: state.subjects.slice(0, 2) });
  const added: SubjectSummary = { ...aSubject(state.subjects.length + 1), id: request.id };
  state.subjects.push(added);
  return reply(aWholeSubject(state, added), 201);
}

function save(state: FakeState, recordId: string, request: SaveRequest): Response {
  const { conflict } = state;
  state.conflict = undefined;
  if (conflict) return problem('record-conflict', { conflicts: conflict });
  const version = (state.records.get(recordId)?.version ?? 0) + 1;
  const data: Data = { ...state.records.get(recordId)?.data };
  Object.assign(data, Object.fromEntries(request.changes.flatMap(({ pointer, value }) => (value === undefined ? [] : [[pointer.slice(1), value]]))));
  const base = { id: recordId, version, status: request.status, parked: {}, findings: [], missing: {} };
  const { subjectId, subDataset, standardVersion } = request;
  const record = { ...base, subjectId, subDataset, standardVersion, data, updatedAt: '2026-05-14T02:42:00Z', hardFindings: 0, softFindings: 0, context: { today: '2026-05-14' }, withheld: [], people: {} };
  state.records.set(recordId, record as FormRecord);
  return reply({ ...base, data, digest: '0'.repeat(64), savedAt: record.updatedAt });
}

export function aWholeSubject(state: FakeState, summary: SubjectSummary): Subject {
  const n = Number(summary.studyNumber.slice(5));
  if (n === 2) return { ...summary, records: 0, drafts: 0, identifierKeys: [], visits: [], lesions: [], specimens: [], recordList: [], images: [] };
  const record = (m: number, subDataset: string, changes: object = {}) => ({
    id: id(5, m), subjectId: summary.id, subDataset, standardVersion: '1.0.0', status: 'complete' as const, version: 3, updatedAt: '2026-05-14T02:42:00Z', hardFindings: 0, softFindings: 0, ...changes });
  return {
    ...summary, identifierKeys: ['patientName', 'identityNumber', 'telephone'],
    visits: [{ id: id(2, 1), kind: 'baseline', visitDate: '2026-03-02' }, { id: id(2, 2), kind: 'operation', visitDate: '2026-03-18' }, { id: id(2, 3), kind: 'follow-up', visitDate: '2026-05-14' }],
    lesions: [{ id: id(3, 1), ordinal: 1, label: '左足底' }, { id: id(3, 2), ordinal: 2, label: '右侧腹股沟区淋巴结引流区皮肤' }],
    specimens: [{ id: id(4, 1), code: 'XY01-S-000123', lesionId: id(3, 1) }],
    recordList: [
      record(1, 'patient-basic-info'), record(2, 'lesion-register', { lesionId: id(3, 1), visitId: id(2, 1) }),
      record(3, 'melanoma-staging', { lesionId: id(3, 1), visitId: id(2, 1), status: 'in-progress', hardFindings: 2, softFindings: 1 }),
      record(4, 'melanoma-pathology', { lesionId: id(3, 1), visitId: id(2, 2), softFindings: 1 }), record(5, 'melanoma-resection-imaging', { visitId: id(2, 2), status: 'signed' }),
    ],
    images: [1, 2, 3].map((m) => ({ id: id(6, m), lesionId: id(3, 1), sha256: 'c'.repeat(64), mediaType: 'image/jpeg', width: 4000, height: 3000, bytes: 2_400_000, createdAt: `2026-03-0${m}T01:00:00Z` })),
  };
}

/** Every page: its element, its name, who may see it, and its code, which is loaded when it is first wanted. */
import type { Me, Permission } from '../schemas/http/api.ts';
import { mayAnywhere, mayAt } from './controllers/permissions.ts';
import type { IconName } from './elements/shell/icons.ts';
import { to } from './places.ts';
import type { PageName, PagePlace } from './places.ts';
import type { Word } from './text/index.ts';

export interface Route {
  tag: string;
  title: Word;
  /** At the site of the address where it names one, else at any; absent: everybody who is signed in. */
  needs?: Permission;
  load: () => Promise<unknown>;
}

/** `home` is the first page of the menu; `setUp` and `reset` are the pages without a person. */
export type RouteName = Exclude<PageName, 'home' | 'setUp' | 'reset'>;

export const routes: { readonly [name in RouteName]: Route } = {
  patients: { tag: 'crf-patients-page', title: 'nav.patients', needs: 'subject:read', load: () => import('./pages/patients.ts') },
  enrol: { tag: 'crf-enrol-page', title: 'enrol', needs: 'subject:write', load: () => import('./pages/enrol.ts') },
  patient: { tag: 'crf-patient-page', title: 'patient', needs: 'subject:read', load: () => import('./pages/patient.ts') },
  identity: { tag: 'crf-identity-page', title: 'identity', needs: 'subject:read-identifiers', load: () => import('./pages/identity.ts') },
  record: { tag: 'crf-record-page', title: 'record', needs: 'record:read', load: () => import('./pages/record.ts') },
  protocolRun: { tag: 'crf-protocol-run-page', title: 'run', needs: 'record:read', load: () => import('./pages/protocol-run.ts') },
  export: { tag: 'crf-export-page', title: 'export', needs: 'export:run', load: () => import('./pages/export.ts') },
  standards: { tag: 'crf-standards-page', title: 'nav.standards', needs: 'standard:read', load: () => import('./pages/standards.ts') },
  standard: { tag: 'crf-standard-page', title: 'standard', needs: 'standard:read', load: () => import('./pages/standard.ts') },
  element: { tag: 'crf-element-page', title: 'dictionary.elements', needs: 'standard:read', load: () => import('./pages/element.ts') },
  valueSet: { tag: 'crf-value-set-page', title: 'dictionary.valueSets', needs: 'standard:read', load: () => import('./pages/value-set.ts') },
  people: { tag: 'crf-people-page', title: 'people', needs: 'account:write', load: () => import('./pages/people.ts') },
  security: { tag: 'crf-security-page', title: 'security', needs: 'account:write', load: () => import('./pages/account/security.ts') },
  account: { tag: 'crf-account-page', title: 'account', load: () => import('./pages/account.ts') },
};

export function mayOpen(me: Me, route: Route, place: PagePlace): boolean {
  if (!route.needs) return true;
  const siteId = place.params['siteId'];
  return siteId ? mayAt(me, siteId, route.needs) : mayAnywhere(me, route.needs);
}

/** The entries of the menu, and the pages under each. */
const entries: readonly { name: RouteName; word: Word; icon: IconName; under: readonly PageName[] }[] = [
  { name: 'patients', word: 'nav.patients', icon: 'patients', under: ['patients', 'enrol', 'patient', 'identity', 'record', 'protocolRun'] },
  { name: 'export', word: 'nav.export', icon: 'export', under: ['export'] },
  { name: 'standards', word: 'nav.standards', icon: 'standards', under: ['standards', 'standard', 'element', 'valueSet'] },
  { name: 'people', word: 'nav.people', icon: 'people', under: ['people', 'security'] },
];

function mayBegin(me: Me, name: RouteName, siteId: string | undefined): boolean {
  const { needs } = routes[name];
  if (!needs || name !== 'patients') return !needs || mayAnywhere(me, needs);
  return siteId !== undefined && mayAt(me, siteId, needs);
}

/** What this person is offered; patients only where there is a site to see them at. */
export function menuOf(me: Me, siteId: string | undefined, current: PageName | undefined) {
  return entries
    .filter(({ name }) => mayBegin(me, name, siteId))
    .map(({ name, word, icon, under }) => ({ word, icon, path: to(name, siteId ? { siteId } : {}), isCurrent: current !== undefined && under.includes(current) }));
}

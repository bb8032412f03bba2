/** The hospitals of the demonstration and the people who sign in there: one for each role, and colleagues who enter the rest. */
import type { Role, Site } from '../../schemas/http/api.ts';
import { DatabaseError } from '../database.ts';
import type { Context } from '../services/context.ts';
import { addAccount, addSite, pageOfSites, setMemberships } from '../services/people.ts';
import type { Actor } from '../services/permissions.ts';
import { createSessions, type Sessions } from '../services/sessions.ts';
import { isSetupOpen, openSetup, setUp } from '../services/set-up.ts';
import { signIn } from '../services/sign-in.ts';
import type { Random } from './random.ts';


export interface DemoAccount {
  id: string;
  username: string;
  displayName: string;
  password: string;
  role: Role;
  /** Codes of hospitals; empty is the whole network. */
  hospitals: string[];
  /** Whether it is shown to whoever starts the demonstration. */
  isShown: boolean;
}

const hospitals = [
  { code: 'YS01', name: '麓山演示医院', nameEn: 'Lushan Demonstration Hospital' },
  { code: 'YS02', name: '洞庭演示医院', nameEn: 'Dongting Demonstration Hospital' },
  { code: 'YS03', name: '衡岳演示医院', nameEn: 'Hengyue Demonstration Hospital' },
];
const [first, second, third] = ['YS01', 'YS02', 'YS03'] as const;

const people: { username: string; displayName: string; role: Role; hospitals: string[]; isShown: boolean }[] = [
  { username: 'nurse', displayName: '周护士（演示）', role: 'nurse', hospitals: [first], isShown: true },
  { username: 'doctor', displayName: '林医生（演示）', role: 'investigator', hospitals: [first, second], isShown: true },
  { username: 'monitor', displayName: '高监查员（演示）', role: 'monitor', hospitals: [first, second, third], isShown: true },
  { username: 'manager', displayName: '谢数据管理员（演示）', role: 'data-manager', hospitals: [first, second, third], isShown: true },
  { username: 'editor', displayName: '沈标准编辑（演示）', role: 'standards-editor', hospitals: [], isShown: true },
  { username: 'analyst', displayName: '顾分析员（演示）', role: 'analyst', hospitals: [], isShown: true },
  { username: 'site-admin', displayName: '邱医院管理员（演示）', role: 'site-administrator', hospitals: [first], isShown: true },
  { username: 'admin', displayName: '曹系统管理员（演示）', role: 'system-administrator', hospitals: [], isShown: true },
  { username: 'nurse2', displayName: '肖护士（演示）', role: 'nurse', hospitals: [second], isShown: false },
  { username: 'nurse3', displayName: '田护士（演示）', role: 'nurse', hospitals: [third], isShown: false },
  { username: 'doctor3', displayName: '汪医生（演示）', role: 'investigator', hospitals: [third], isShown: false },
];

/** `newPassword` is called once for each; no two demonstrations have the same. */
export function accountsOf(random: Random, msecs: number, newPassword: () => string): DemoAccount[] {
  return people.map((person) => ({ ...person, id: random.uuid(msecs), password: newPassword() }));
}

export interface Hospitals {
  sites: Site[];
  /** By user name. */
  staff: ReadonlyMap<string, Actor>;
}

/** Makes what is not there yet, and signs everybody in. The first account is made through the one-time link, like any other's. */
export async function staffHospitals(context: Context, random: Random, accounts: readonly DemoAccount[]): Promise<Hospitals> {
  const sessions = createSessions(context.db, context.clock);
  const msecs = context.clock.now().getTime();
  const actor = await firstActor(context, sessions, accounts);
  for (const hospital of hospitals.slice(1)) await unlessTaken(addSite(context, actor, { ...hospital, id: random.uuid(msecs) }));
  const { items: sites } = await pageOfSites(context, actor, undefined, hospitals.length);
  for (const { hospitals: codes, role, isShown: _, ...account } of accounts.filter((each) => each.role !== 'system-administrator')) {
    const memberships = codes.length === 0 ? [{ role }] : sites.filter(({ code }) => codes.includes(code)).map(({ id }) => ({ siteId: id, role }));
    await unlessTaken(addAccount(context, actor, { ...account, memberships }));
  }
  const staff = new Map<string, Actor>();
  for (const account of accounts) staff.set(account.username, (await signIn(context, sessions, account)).actor);
  return { sites, staff };
}

/** Whoever sets up may at first do everything; here each role has its own person. */
async function firstActor(context: Context, sessions: Sessions, accounts: readonly DemoAccount[]): Promise<Actor> {
  const admin = accounts.find(({ role }) => role === 'system-administrator');
  const [site] = hospitals;
  if (!admin || !site) throw new Error('The demonstration names no administrator and no hospital');
  if (!(await isSetupOpen(context))) return (await signIn(context, sessions, admin)).actor;
  const token = (await openSetup(context)) ?? '';
  const { username, displayName, password } = admin;
  const { actor } = await setUp(context, sessions, { token, username, displayName, password, site });
  await setMemberships(context, actor, actor.accountId, [{ role: 'system-administrator' }]);
  return actor;
}

/** An earlier start may have got so far before it was stopped. */
async function unlessTaken(work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!(error instanceof DatabaseError && error.code === '23505')) throw error;
  }
}

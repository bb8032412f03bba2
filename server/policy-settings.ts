/** The environment's word about signing in, as a Policy. Part of config.ts. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Role } from '../schemas/http/api.ts';
import { roles } from '../schemas/http/shapes.ts';
import { idleMinutes, passwordPolicies, type Policy, type ProviderSettings } from './services/policy.ts';

export interface Settings {
  get(name: string): string | undefined;
  number(name: string, fallback: number, least: number, most: number): number;
  /** What is wrong goes here, a line each. */
  wrong: string[];
  /** Where relative paths begin. */
  from: string;
  port: number;
}

const minute = 60_000;

/**
 * XF_PASSWORD_POLICY `asvs` (usual) or `mlps`, XF_PASSWORD_LENGTH; XF_SECOND_FACTOR `nobody` (usual), `everybody` or roles with commas between;
 * XF_IDLE_MINUTES, XF_SESSION_HOURS; XF_ORIGIN, XF_PASSKEY_DOMAIN; XF_OIDC_ISSUER, XF_OIDC_CLIENT_ID, XF_OIDC_SECRET or XF_OIDC_SECRET_FILE,
 * XF_OIDC_NAME, XF_OIDC_NEW_ACCOUNTS.
 */
export function readPolicy(settings: Settings): Policy {
  const { get, number, wrong, port } = settings;
  const named = get('XF_PASSWORD_POLICY') ?? 'asvs';
  const isKnown = named === 'asvs' || named === 'mlps';
  if (!isKnown) wrong.push(`XF_PASSWORD_POLICY is ${named}, and must be asvs or mlps`);
  const preset = isKnown ? named : 'asvs';
  const passwords = passwordPolicies[preset];
  const origin = originOf(get('XF_ORIGIN'), wrong) ?? (port === 0 ? undefined : `http://localhost:${port}`);
  const passkeyDomain = domainOf(get('XF_PASSKEY_DOMAIN'), origin, wrong);
  const provider = providerOf(settings);
  if (provider !== undefined && get('XF_ORIGIN') === undefined) wrong.push('XF_OIDC_ISSUER is set, and XF_ORIGIN must say where the provider sends people back to, as https://forms.example');
  return {
    passwords: { ...passwords, least: number('XF_PASSWORD_LENGTH', passwords.least, 8, 64) },
    secondFactor: secondFactorOf(get('XF_SECOND_FACTOR'), wrong),
    idleMs: number('XF_IDLE_MINUTES', idleMinutes[preset], 1, 720) * minute,
    longestMs: number('XF_SESSION_HOURS', 12, 1, 24) * 60 * minute,
    ...(origin === undefined ? {} : { origin }),
    ...(passkeyDomain === undefined ? {} : { passkeyDomain }),
    ...(provider === undefined ? {} : { provider }),
  };
}

function secondFactorOf(text: string | undefined, wrong: string[]): Policy['secondFactor'] {
  if (text === undefined || text === 'nobody') return 'nobody';
  if (text === 'everybody') return 'everybody';
  const named = text.split(',').map((each) => each.trim());
  const known = named.filter((each): each is Role => roles.some((role) => role === each));
  if (known.length < named.length) wrong.push(`XF_SECOND_FACTOR is ${text}, and must be nobody, everybody, or roles with commas between, as ${roles.slice(0, 2).join(',')}`);
  return known;
}

function originOf(text: string | undefined, wrong: string[]): string | undefined {
  if (text === undefined) return undefined;
  const url = URL.parse(text);
  const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname));
  if (url !== null && isSafe && url.pathname === '/' && url.search === '') return url.origin;
  wrong.push(`XF_ORIGIN is ${text}, and must be where the page is, as https://forms.example; http only for localhost`);
  return undefined;
}

function domainOf(text: string | undefined, origin: string | undefined, wrong: string[]): string | undefined {
  if (text === undefined) return undefined;
  const host = origin === undefined ? '' : new URL(origin).hostname;
  if (host !== text && !host.endsWith(`.${text}`)) wrong.push(`XF_PASSKEY_DOMAIN is ${text}, and must be the host of XF_ORIGIN or an end of it`);
  return text;
}

function providerOf({ get, wrong, from }: Settings): ProviderSettings | undefined {
  const issuer = get('XF_OIDC_ISSUER');
  if (issuer === undefined) return undefined;
  const url = URL.parse(issuer);
  const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname));
  if (!isSafe) wrong.push(`XF_OIDC_ISSUER is ${issuer}, and must begin with https://`);
  const clientId = get('XF_OIDC_CLIENT_ID') ?? '';
  if (clientId === '') wrong.push('XF_OIDC_CLIENT_ID is missing; the provider knows this installation by it');
  const clientSecret = secretOf(get('XF_OIDC_SECRET'), get('XF_OIDC_SECRET_FILE'), from, wrong);
  const makes = get('XF_OIDC_NEW_ACCOUNTS') ?? '0';
  if (!['0', '1'].includes(makes)) wrong.push(`XF_OIDC_NEW_ACCOUNTS is ${makes}, and must be 1 or 0`);
  return { issuer, clientId, ...(clientSecret === undefined ? {} : { clientSecret }), name: get('XF_OIDC_NAME') ?? url?.hostname ?? issuer, makesAccounts: makes === '1' };
}

/** A file is better than the environment, which other programs of the same user can read. */
function secretOf(text: string | undefined, file: string | undefined, from: string, wrong: string[]): string | undefined {
  if (file === undefined) return text;
  try {
    return readFileSync(resolve(from, file), 'utf8').trim();
  } catch (error) {
    wrong.push(`XF_OIDC_SECRET_FILE cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown error'})`);
    return undefined;
  }
}

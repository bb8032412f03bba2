/** The environment as a typed Config. */
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { KeySource } from './files/key-ring.ts';
import { readPolicy } from './policy-settings.ts';
import type { Policy } from './services/policy.ts';

export interface Config {
  host: string;
  port: number;
  /** Absolute. Holds the embedded database, pictures and keys; one server at a time. */
  dataFolder: string;
  /** `postgresql://…`; without it the embedded database is used. */
  databaseUrl?: string;
  /** Most connections to PostgreSQL at once. */
  connections: number;
  /** The file with the keys that encrypt identifiers. */
  keysFile: string;
  /** Where the keys are when that file is not all there is. */
  keySource: KeySource;
  /** Addresses of the reverse proxies in front, whose `X-Forwarded-…` headers are believed. */
  trustedProxies?: string;
  /** Name of the classifier's model folder, or `off`; absent: the first there is. */
  model?: string;
  demo: boolean;
  /** Whether one account may send so many requests a minute only. */
  rateLimits: boolean;
  /** How one signs in. */
  policy: Policy;
}

/** Everything that is wrong with the environment at once, a line each. */
export class ConfigError extends Error {
  constructor(lines: readonly string[]) {
    super(`The settings cannot be used:\n${lines.map((line) => `  ${line}`).join('\n')}`);
    this.name = 'ConfigError';
  }
}

/** More than this and PostgreSQL, on a machine like ours, spends its time on changing between them: measured with `bench save`. */
export const usualConnections = Math.min(32, Math.max(8, 4 * availableParallelism()));

const checkout = fileURLToPath(new URL('..', import.meta.url));

type Environment = { readonly [name: string]: string | undefined };

/**
 * HOST is 127.0.0.1 unless set: a new installation is not open to the network before somebody decides so. The data folder is
 * in the checkout unless set; relative paths that are set start at `from`. Throws ConfigError.
 */
export function readConfig(environment: Environment, flags: readonly string[] = [], from = process.cwd()): Config {
  const wrong: string[] = [];
  const get = (name: string): string | undefined => environment[name]?.trim() || undefined;
  const number = (name: string, fallback: number, least: number, most: number): number => {
    const text = get(name) ?? String(fallback);
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && value <= most) return value;
    wrong.push(`${name} is ${text}, and must be a whole number from ${least} to ${most}`);
    return fallback;
  };

  for (const flag of flags) if (flag !== '--demo') wrong.push(`${flag} is not known; the one flag is --demo`);
  const demo = flags.includes('--demo') || isOn('XF_DEMO', get('XF_DEMO'), wrong);
  const data = get('XF_DATA');
  const dataFolder = (data === undefined ? resolve(checkout, 'data') : resolve(from, data)) + (demo ? '-demo' : '');
  const databaseUrl = get('DATABASE_URL');
  if (demo && databaseUrl !== undefined) wrong.push('DATABASE_URL is set, and the demonstration keeps to a database of its own; unset it, or start without --demo');
  // The address may hold a password, so it is not repeated.
  if (databaseUrl !== undefined && !isPostgresqlUrl(databaseUrl)) wrong.push('DATABASE_URL must look like postgresql://user:password@host:5432/database');
  const trustedProxies = get('XF_TRUSTED_PROXIES');
  const model = get('XF_MODEL');
  const port = number('PORT', 8080, 0, 65_535);
  const config: Config = {
    host: get('HOST') ?? '127.0.0.1',
    port,
    dataFolder,
    ...(databaseUrl === undefined ? {} : { databaseUrl }),
    connections: number('XF_CONNECTIONS', usualConnections, 2, 500),
    // Keys that guard real patients stay out of the demonstration.
    keysFile: resolve(from, (demo ? undefined : get('XF_KEYS_FILE')) ?? resolve(dataFolder, 'keys.json')),
    keySource: demo ? {} : { text: get('XF_KEYS'), unwrap: get('XF_KEYS_UNWRAP'), wrap: get('XF_KEYS_WRAP') },
    ...(trustedProxies === undefined ? {} : { trustedProxies }),
    ...(model === undefined ? {} : { model }),
    demo,
    rateLimits: get('XF_RATE_LIMITS') === undefined || isOn('XF_RATE_LIMITS', get('XF_RATE_LIMITS'), wrong),
    policy: readPolicy({ get, number, wrong, from, port }),
  };
  if (wrong.length > 0) throw new ConfigError(wrong);
  return config;
}

function isOn(name: string, text: string | undefined, wrong: string[]): boolean {
  if (text !== undefined && !['0', '1', 'true', 'false'].includes(text)) wrong.push(`${name} is ${text}, and must be 1 or 0`);
  return text === '1' || text === 'true';
}

function isPostgresqlUrl(text: string): boolean {
  return /^postgres(ql)?:$/.test(URL.parse(text)?.protocol ?? '');
}

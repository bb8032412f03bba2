/**
 * How one signs in at this installation. Two presets for passwords that contradict each other (see server/README.md): OWASP ASVS 5 asks for
 * length and nothing else, GB/T 22239 level 3 (MLPS) for composition, a change every 90 days, and a lock after ten idle minutes.
 */
import type { Role } from '../../schemas/http/api.ts';

export interface PasswordPolicy {
  /** Fewest characters. */
  least: number;
  /** At least three of: small letters, capitals, digits, others. */
  isMixed: boolean;
  /** Days after which a new one is asked for; absent: never (ASVS 6.2.10). */
  lastsDays?: number;
  /** How many former ones may not come again. */
  remembered: number;
}

export interface Policy {
  passwords: PasswordPolicy;
  /** Who must have a second factor. */
  secondFactor: 'nobody' | 'everybody' | readonly Role[];
  /** Milliseconds: without a request, and in all. */
  idleMs: number;
  longestMs: number;
  /** Where the page is, as `https://forms.example`; passkeys are bound to it. Absent: no passkeys and no provider. */
  origin?: string;
  /** The domain that passkeys are bound to, when it is not the host of the origin. */
  passkeyDomain?: string;
  provider?: ProviderSettings;
}

/** An OpenID Connect provider. */
export interface ProviderSettings {
  issuer: string;
  clientId: string;
  clientSecret?: string;
  /** What the button says. */
  name: string;
  /** Somebody who comes for the first time gets an account without any role. */
  makesAccounts: boolean;
}

const minute = 60_000;
export const passwordPolicies = {
  asvs: { least: 12, isMixed: false, remembered: 0 },
  mlps: { least: 10, isMixed: true, lastsDays: 90, remembered: 5 },
} as const satisfies { [name: string]: PasswordPolicy };

export const usualPolicy: Policy = { passwords: passwordPolicies.asvs, secondFactor: 'nobody', idleMs: 120 * minute, longestMs: 12 * 60 * minute };
/** Minutes without a request under each preset. */
export const idleMinutes = { asvs: 120, mlps: 10 } as const;

export function policyOf({ policy }: { policy?: Policy | undefined }): Policy {
  return policy ?? usualPolicy;
}

export function needsSecondFactor({ secondFactor }: Policy, memberships: readonly { role: Role }[]): boolean {
  if (secondFactor === 'nobody' || secondFactor === 'everybody') return secondFactor === 'everybody';
  return memberships.some(({ role }) => secondFactor.includes(role));
}

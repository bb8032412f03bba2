/** A failure in words: what happened, and what to do next. */
import { html } from 'lit';
import { Problem } from '../../../schemas/problem.ts';
import type { ProblemName } from '../../../schemas/problem.ts';
import { ConnectionError } from '../../request.ts';
import { t } from '../../text/index.ts';
import type { Word } from '../../text/index.ts';
import { refusalInWords } from './password-words.ts';
import './state.ts';

/** Problems that a person at a page can meet; the others are told by `failed`. */
const told: { readonly [key in ProblemName]?: Word } = {
  'second-factor-refused': 'problem.second-factor-refused', 'second-factor-required': 'problem.second-factor-required', 'passkey-refused': 'problem.passkey-refused',
  'provider-refused': 'problem.provider-refused', 'proof-required': 'problem.proof-required', 'link-used': 'problem.link-used',
  'run-exists': 'problem.run-exists', 'run-closed': 'problem.run-closed', 'step-incomplete': 'problem.step-incomplete', 'aliquots-unnamed': 'problem.aliquots-unnamed', 'moment-recorded': 'moment.recorded',
  'not-signed-in': 'problem.not-signed-in', 'sign-in-refused': 'problem.sign-in-refused', 'account-locked': 'problem.account-locked',
  'too-many-requests': 'problem.too-many-requests', 'not-permitted': 'problem.not-permitted', 'setup-closed': 'problem.setup-closed',
  'request-invalid': 'problem.request-invalid', 'site-not-found': 'problem.not-found', 'visit-not-found': 'problem.not-found', 'subject-not-found': 'problem.subject-not-found',
  'record-not-found': 'problem.record-not-found', 'standard-not-found': 'problem.standard-not-found', 'not-found': 'problem.not-found',
  'possible-duplicate': 'problem.possible-duplicate', 'record-conflict': 'problem.record-conflict', 'record-locked': 'problem.record-locked',
  'name-taken': 'problem.name-taken', 'record-incomplete': 'problem.record-incomplete', 'data-invalid': 'problem.data-invalid',
  'standard-invalid': 'problem.standard-invalid', 'filter-invalid': 'problem.filter-invalid', 'storage-full': 'problem.storage-full', 'database-unavailable': 'problem.database-unavailable',
};

export function failureInWords(error: unknown): string {
  if (error instanceof ConnectionError) return `${t('offline')}${t('sentence')}${t('offline.next')}`;
  const word = error instanceof Problem ? told[error.key] : undefined;
  if (word) return t(word);
  if (error instanceof Problem && error.key === 'password-refused') return refusalInWords(error) ?? t('problem.request-invalid');
  return error instanceof Problem ? t('problem.internal') : t('problem.unknown');
}

/** The whole page or card when something could not be read, with one button to try again. */
export function renderFailure(error: unknown, retry: () => void) {
  const isOffline = error instanceof ConnectionError;
  return html`<crf-state kind=${isOffline ? 'offline' : 'failed'} heading=${isOffline ? t('offline') : t('failed')} text=${isOffline ? t('offline.next') : failureInWords(error)}>
    <button class="button" type="button" @click=${retry}>${t('retry')}</button>
  </crf-state>`;
}

/** A patient, a visit, a lesion in words. Codes of sex are those of GB/T 2261.1. */
import type { Lesion, SubjectSummary, Visit } from '../../../schemas/http/api.ts';
import { t } from '../../text/index.ts';
import type { Word } from '../../text/index.ts';
import { ageInWords } from './format.ts';

const sexes: { readonly [code: string]: Word } = { '0': 'sex.0', '1': 'sex.1', '2': 'sex.2', '9': 'sex.9' };

export function renderSex(code: string | undefined): string {
  const word = code === undefined ? undefined : sexes[code];
  return word ? t(word) : '';
}

/** Sex and age, as far as they are known. */
export function personInWords({ sex, birthDate }: Pick<SubjectSummary, 'sex' | 'birthDate'>, today: string): string {
  return [renderSex(sex), ageInWords(birthDate, today)].filter(Boolean).join(' · ');
}

export function visitInWords({ kind, visitDate }: Visit): string {
  return `${visitDate} ${t(`visit.${kind}`)}`;
}

export function lesionInWords({ ordinal, label }: Lesion): string {
  return `L${ordinal} ${label}`;
}

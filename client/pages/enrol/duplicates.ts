/** Those who may be the same person, to be looked at before somebody is enrolled a second time. */
import { html, nothing } from 'lit';
import type { SubjectSummary } from '../../../schemas/http/api.ts';
import '../../elements/shell/dialog.ts';
import { dayOfInstant } from '../../elements/shell/format.ts';
import { personInWords } from '../../elements/shell/patient-words.ts';
import { to } from '../../places.ts';
import { t } from '../../text/index.ts';

interface DuplicatesView {
  siteId: string;
  duplicates: readonly SubjectSummary[] | undefined;
  /** The person has said that they looked. */
  isSure: boolean;
  isWorking: boolean;
  check: (isSure: boolean) => void;
  enrol: () => void;
  close: () => void;
}

export function renderDuplicates({ siteId, duplicates, isSure, isWorking, check, enrol, close }: DuplicatesView) {
  const today = dayOfInstant(new Date());
  return html`<crf-dialog .heading=${t('enrol.duplicate')} .open=${duplicates !== undefined} @close=${close}>${duplicates ? html`
    <p>${t('enrol.duplicate.next')}</p><br />
    <div class="card"><table><caption class="sr-only">${t('enrol.duplicate')}</caption><tbody>${duplicates.map((subject) => html`<tr>
      <td><a href=${to('patient', { siteId, subjectId: subject.id })} target="_blank" rel="noopener"><strong>${subject.studyNumber}</strong></a></td>
      <td>${personInWords(subject, today)}</td><td class="end meta">${t('patient.enrolled')} ${dayOfInstant(subject.createdAt)}</td></tr>`)}</tbody></table></div><br />
    <label class="choice"><input type="checkbox" .checked=${isSure} @change=${(event: Event) => check((event.target as HTMLInputElement).checked)} />${t('enrol.duplicate.sure')}</label>
    <div class="end-row"><button class="button" type="button" @click=${close}>${t('enrol.change')}</button>
      <button class="button" type="button" ?disabled=${!isSure || isWorking} @click=${enrol}>${t('enrol.anyway')}</button></div>` : nothing}</crf-dialog>`;
}

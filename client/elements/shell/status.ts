/** The state of a record: a shape, a word, and what stands in its way. Never colour alone. */
import { html, nothing } from 'lit';
import type { RecordStatus, RecordSummary } from '../../../schemas/http/api.ts';
import { t } from '../../text/index.ts';

const shapes: { readonly [status in RecordStatus]: string } = { 'in-progress': '◐', complete: '●', signed: '✓', locked: '■' };

export function renderStatus(status: RecordStatus) {
  return html`<span class="tag ${status === 'in-progress' ? '' : 'ok'}"><span aria-hidden="true">${shapes[status]}</span>${t(`status.${status}`)}</span>`;
}

/** In a draft most of it is simply not answered yet, which is no fault. */
export function renderFindings({ status, hardFindings, softFindings }: Pick<RecordSummary, 'status' | 'hardFindings' | 'softFindings'>) {
  const left = status === 'in-progress' ? html`<span class="tag"><span aria-hidden="true">○</span>${t('status.left', { n: hardFindings })}</span>`
    : html`<span class="tag hard"><span aria-hidden="true">▲</span>${t('finding.hardCount', { n: hardFindings })}</span>`;
  return html`${hardFindings ? left : nothing}
    ${softFindings ? html`<span class="tag soft"><span aria-hidden="true">◆</span>${t('finding.softCount', { n: softFindings })}</span>` : nothing}`;
}

/** The state of a record: a shape, a word, and what stands in its way. Never colour alone. */
import { html, nothing } from 'lit';
import type { RecordStatus, RecordSummary } from '../../../schemas/http/api.ts';
import { t } from '../../text/index.ts';

const shapes: { readonly [status in RecordStatus]: string } = { 'in-progress': '◐', complete: '●', signed: '✓', locked: '■' };

export function renderStatus(status: RecordStatus) {
  return html`<span class="tag ${status === 'in-progress' ? '' : 'ok'}"><span aria-hidden="true">${shapes[status]}</span>${t(`status.${status}`)}</span>`;
}

export function renderFindings({ hardFindings, softFindings }: Pick<RecordSummary, 'hardFindings' | 'softFindings'>) {
  return html`${hardFindings ? html`<span class="tag hard"><span aria-hidden="true">▲</span>${t('finding.hardCount', { n: hardFindings })}</span>` : nothing}
    ${softFindings ? html`<span class="tag soft"><span aria-hidden="true">◆</span>${t('finding.softCount', { n: softFindings })}</span>` : nothing}`;
}

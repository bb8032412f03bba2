/** The question before a page with unsaved changes is left. */
import { html } from 'lit';
import type { LeavingController } from '../../controllers/leaving.ts';
import '../../elements/shell/dialog.ts';
import { t } from '../../text/index.ts';

/** `keeps`: this device holds a copy. */
export function renderLeaving(leaving: LeavingController, { keeps }: { keeps: boolean }) {
  return html`<crf-dialog .heading=${t('record.leave')} .open=${leaving.isAsking} @close=${() => leaving.answer('stay')}>
    <p>${t(keeps ? 'record.leave.next' : 'record.leave.lost')}</p>
    <div class="end-row">
      <button class="button" type="button" @click=${() => leaving.answer('go')}>${t('record.leave.go')}</button>
      <button class="button primary" type="button" @click=${() => leaving.answer('stay')}>${t('record.leave.stay')}</button>
    </div></crf-dialog>`;
}

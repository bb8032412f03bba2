/** What was complete is only changed with a reason, which stands in its history (ICH E6, 21 CFR 11.10(e)). */
import { html, nothing } from 'lit';
import '../../elements/shell/dialog.ts';
import { readForm, renderBox } from '../../elements/shell/boxes.ts';
import { t } from '../../text/index.ts';

export function renderReason(isOpen: boolean, save: (reason: string) => void, close: () => void) {
  return html`<crf-dialog .heading=${t('reason')} .open=${isOpen} @close=${close}>${isOpen ? html`<form @submit=${(event: SubmitEvent) => {
    event.preventDefault();
    const reason = readForm(event.target as HTMLFormElement)?.['reason'];
    if (reason) save(reason);
  }}><p>${t('reason.next')}</p><br />${renderBox({ name: 'reason', label: t('reason.label'), help: t('reason.help'), maxLength: 1000 })}
    <div class="end-row"><button class="button" type="button" @click=${close}>${t('cancel')}</button><button class="button primary">${t('reason.save')}</button></div></form>` : nothing}</crf-dialog>`;
}

/** Two questions above every page: to sign in again when the session has ended, and before signing out with something unsent. */
import { html, nothing } from 'lit';
import type { SessionController } from '../controllers/session.ts';
import '../elements/shell/dialog.ts';
import '../elements/shell/sign-in.ts';
import { t } from '../text/index.ts';

export function renderExpired(session: SessionController) {
  // The dialog stays and is closed, so that the focus returns to where it was.
  return html`<crf-dialog isHeld .heading=${t(session.isLocked ? 'locked' : 'expired')} .open=${session.isExpired}>${session.isExpired ? html`<p>${t(session.isLocked ? 'locked.next' : 'expired.next')}</p><br />
    <crf-sign-in .username=${session.me?.username ?? ''} .signIn=${session.signIn.bind(session)} .enter=${session.enter.bind(session)}>
      ${session.isLocked ? nothing : html`<button slot="later" class="button" type="button" @click=${() => session.declineRenewal()}>${t('expired.later')}</button>`}</crf-sign-in>` : nothing}</crf-dialog>`;
}

export function renderUnsent(count: number, erase: () => void, close: () => void) {
  return html`<crf-dialog .heading=${t('sign-out.unsent')} .open=${count > 0} @close=${close}><p>${t('sign-out.unsent.next', { n: count })}</p>
    <div class="end-row"><button class="button" type="button" @click=${erase}>${t('sign-out.anyway')}</button>
      <button class="button primary" type="button" @click=${close}>${t('record.leave.stay')}</button></div></crf-dialog>`;
}

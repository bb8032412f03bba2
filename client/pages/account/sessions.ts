/** Where somebody is signed in, as a table. */
import { css, html, nothing } from 'lit';
import type { SessionEntry } from '../../../schemas/http/account-api.ts';
import { momentOf } from '../../elements/shell/format.ts';
import { t } from '../../text/index.ts';
import { endSessions } from '../../account-api.ts';
import { AccountSection, sectionStyles } from './section.ts';

const names: { readonly [part: string]: string } = {
  chrome: 'Chrome', edge: 'Edge', firefox: 'Firefox', safari: 'Safari', opera: 'Opera', windows: 'Windows', macos: 'macOS', linux: 'Linux', android: 'Android', ios: 'iOS', harmonyos: 'HarmonyOS', chromeos: 'ChromeOS',
};

/** `chrome/windows/desktop` as people say it. */
export function deviceInWords(device: string): string {
  const said = device.split('/').slice(0, 2).flatMap((part) => names[part] ?? []);
  return said.length > 0 ? said.join(' · ') : t('device.other');
}

export const sessionStyles = css`
  @media (max-width: 640px) {
    thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
    tbody tr { display: grid; grid-template-columns: minmax(0, 1fr) auto; padding: var(--crf-space-2) 0; }
    tbody tr + tr > * { border: 0; } tbody tr + tr { border-top: 1px solid var(--crf-line); }
    td { padding: 0 var(--crf-space-4); grid-column: 1; overflow-wrap: anywhere; } td.end { grid-column: 2; grid-row: 1 / 4; align-self: center; }
  }
`;

export function renderSessions(sessions: readonly SessionEntry[], caption: string, end?: (session: SessionEntry) => void) {
  return html`<div class="card"><table><caption class="sr-only">${caption}</caption>
    <thead><tr><th>${t('sessions.device')}</th><th>${t('sessions.address')}</th><th>${t('sessions.started')}</th><th>${t('sessions.seen')}</th>${end ? html`<th><span class="sr-only">${t('sessions.end')}</span></th>` : nothing}</tr></thead>
    <tbody>${sessions.map((session) => html`<tr><td id=${`s-${session.id}`}>${deviceInWords(session.device)}${session.isThis ? html` <span class="tag ok">● ${t('sessions.this')}</span>` : nothing}</td>
      <td class="meta">${session.address}</td><td class="meta">${momentOf(session.startedAt)} · ${t(`method.${session.method}`)}</td><td class="meta">${momentOf(session.seenAt)}</td>
      ${end ? html`<td class="end">${session.isThis ? nothing : html`<button class="button plain" type="button" aria-describedby=${`s-${session.id}`} @click=${() => end(session)}>${t('sessions.end')}</button>`}</td>` : nothing}</tr>`)}</tbody></table></div>`;
}

/** @summary One's own sessions. */
export class CrfAccountSessions extends AccountSection {
  static override styles = [...sectionStyles, sessionStyles];

  override render() {
    const { sessions } = this.account;
    return html`<section><div class="between"><h2>${t('sessions')}</h2>${sessions.length > 1
      ? html`<button class="button" type="button" ?disabled=${this.isWorking} @click=${() => void this.act(() => endSessions())}>${t('sessions.end-others')}</button>` : nothing}</div>
      ${this.notices()}${renderSessions(sessions, t('sessions'), ({ id }) => void this.act(() => endSessions(id)))}</section>`;
  }
}

customElements.define('crf-account-sessions', CrfAccountSessions);

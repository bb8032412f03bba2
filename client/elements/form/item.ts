/** One item on the page: its label, its control, the reason in place of a value, and its findings below. */
import { html, nothing } from 'lit';
import type { Code, Finding } from '../../../schemas/form.ts';
import type { Field, FieldView } from '../../fields/field.ts';
import type { Word } from '../../text/index.ts';
import { hardSign, softSign } from './icons.ts';
import { reasonMenu } from './missing-menu.ts';

export interface ItemView extends FieldView {
  field: Field;
  findings: readonly Finding[];
  /** Why what was typed could not be read. */
  unread: string | undefined;
  reason: Code | undefined;
  /** The reasons to choose from, while their menu is open here. */
  reasons: readonly Code[] | undefined;
}

export function drawItem(view: ItemView) {
  const { id, field, reason, t, title } = view;
  const canExcuse = !view.isReadonly && !view.item.calculate && !view.item.bind;
  return html`<div class="item" data-pointer=${view.pointer}>${field.isGroup?.(view)
    ? html`<span class="label" id="${id}-l">${title}${mark(view)}</span>`
    : html`<label class="label" id="${id}-l" for=${id}>${title}${mark(view)}</label>`}<div class="entry"><div class="control">${field.render(view)}${
    reason ? reasonChip(view, reason) : nothing}</div>${canExcuse && !reason && view.value === undefined ? html`<button type="button" class="why" data-action="why" tabindex="-1"
      aria-haspopup="menu" aria-expanded=${view.reasons !== undefined} aria-label=${t('missing.whyFor', { name: title })} title="${t('missing.why')} (F8)">∅</button>` : nothing}${
    view.reasons ? reasonMenu(view, view.reasons) : nothing}</div>${findingList(view)}</div>`;
}

const mark = ({ item, isReadonly, t }: FieldView) => (item.required && !isReadonly && !item.calculate && !item.bind
  ? html`<span class="required" title=${t('field.required')}>\u2060*</span>` : nothing);

const reasonChip = ({ id, language, isReadonly, t }: FieldView, { text }: Code) => html`<span class="reason" id="${id}-m">∅ ${text[language]}${
  isReadonly ? nothing : html`<button type="button" class="take-away" data-action="unexcuse" aria-label=${t('missing.remove', { reason: text[language] })}>×</button>`}</span>`;

export function findingList({ findings, unread, id, language, t }: ItemView) {
  if (findings.length === 0 && unread === undefined) return nothing;
  return html`<ul class="findings" id="${id}-f">${unread === undefined ? nothing : finding('hard', t(`unread.${unread}` as Word), t)}${
    findings.map(({ severity, message, rule }) => finding(severity, message[language], t, rule !== 'required'))}</ul>`;
}

/** `isNamed` says how grave it is in a word; that something is required says so itself. */
const finding = (severity: Finding['severity'], text: string, t: FieldView['t'], isNamed = true) =>
  html`<li class="finding ${severity}">${severity === 'hard' ? hardSign : softSign}<span>${isNamed ? html`<b>${t(severity === 'hard' ? 'finding.hard' : 'finding.soft')}</b> ` : nothing}${text}</span></li>`;

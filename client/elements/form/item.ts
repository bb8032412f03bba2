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

/** One template for an item with a label and one for a heading over several controls; as few parts in it as can be, for a form may have a thousand. */
export function drawItem(view: ItemView) {
  const { id, field, pointer, title, t } = view;
  return field.isGroup?.(view)
    ? html`<div class=${classOf(view)} data-pointer=${pointer}><span class="label" id="${id}-l" .textContent=${title}></span><div class="entry"><div class="control">${field.render(view)}</div><button
      type="button" class="why" data-action="why" tabindex="-1" aria-haspopup="menu" aria-label=${t('missing.why')}>∅</button></div>${below(view)}</div>`
    : html`<div class=${classOf(view)} data-pointer=${pointer}><label class="label" for=${id} .textContent=${title}></label><div class="entry"><div class="control">${field.render(view)}</div><button
      type="button" class="why" data-action="why" tabindex="-1" aria-haspopup="menu" aria-label=${t('missing.why')}>∅</button></div>${below(view)}</div>`;
}

/** `open`: a reason may be given. */
function classOf({ item, isReadonly, reason, value }: ItemView): string {
  if (isReadonly || item.calculate || item.bind) return item.capture ? 'item' : 'item given';
  return `item${item.required ? ' required' : ''}${reason || value !== undefined ? '' : ' open'}`;
}

function below(view: ItemView) {
  const { reason, reasons, findings, unread } = view;
  if (!reason && !reasons && findings.length === 0 && unread === undefined) return nothing;
  return html`<div class="below">${reason ? reasonChip(view, reason) : nothing}${reasons ? reasonMenu(view, reasons) : nothing}${findingList(view)}</div>`;
}

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

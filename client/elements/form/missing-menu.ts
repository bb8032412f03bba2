/** The menu of reasons why there is no value. A digit chooses, so that F8 and one key are enough. */
import { html } from 'lit';
import type { Code, Form } from '../../../schemas/form.ts';
import type { FieldView } from '../../fields/field.ts';

/** The reasons of the form that may still be given. */
export function reasonsOf(form: Form): readonly Code[] {
  const [, set] = Object.entries(form.valueSets).find(([ref]) => ref.startsWith('missing-reason/')) ?? [];
  return set?.codes ?? [];
}

export const reasonMenu = ({ id, title, language, t }: FieldView, reasons: readonly Code[]) =>
  html`<div class="menu" role="menu" id="${id}-menu" aria-label=${t('missing.whyFor', { name: title })} @keydown=${onKey}>${
    reasons.filter(({ status }) => status === 'active').map(({ code, text }, index) =>
      html`<button type="button" role="menuitem" tabindex="-1" data-action="reason" data-code=${code}><span>${text[language]}</span>${
        index < 9 ? html`<kbd aria-hidden="true">${index + 1}</kbd>` : ''}</button>`)}</div>`;

function onKey(event: KeyboardEvent): void {
  const menu = event.currentTarget as HTMLElement;
  const items = [...menu.querySelectorAll<HTMLElement>('[role=menuitem]')];
  const at = items.indexOf(event.target as HTMLElement);
  const last = items.length - 1;
  const goal = { ArrowDown: at === last ? 0 : at + 1, ArrowUp: at <= 0 ? last : at - 1, Home: 0, End: last }[event.key];
  if (goal !== undefined) items[goal]?.focus();
  else if (/^[1-9]$/.test(event.key)) items[Number(event.key) - 1]?.click();
  else return; // Enter and blank press the button; Escape and Tab are the form's
  event.preventDefault();
  event.stopPropagation();
}

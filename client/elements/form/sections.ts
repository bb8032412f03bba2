/** The sections: the column of items, and the list on the left (a select where there is no room) with how far each one is. */
import { html, nothing } from 'lit';
import type { Form, Pointer } from '../../../schemas/form.ts';
import type { Progress } from '../../controllers/progress.ts';
import type { Language, Translate } from '../../text/index.ts';
import { doneSign, emptySign, hardSign, partSign } from './icons.ts';

export const drawSections = (form: Form, language: Language, isVisible: (section: number) => boolean, part: (pointer: Pointer) => unknown) =>
  form.sections.map(({ id, title, items }, index) => html`<section class="section" id="s-${id}" data-section=${index} data-items=${items.length} aria-labelledby="s-${id}-h" ?hidden=${!isVisible(index)}>
    <h2 id="s-${id}-h" tabindex="-1">${title[language]}</h2>${groups(form, items).map(({ isKnown, paths }) => (isKnown ? html`<div class="known">${paths.map((path) => part(`/${path}`))}</div>` : paths.map((path) => part(`/${path}`))))}</section>`);

/** What is known already stands together, close, out of the way of what is asked. */
function groups(form: Form, items: readonly string[]): { isKnown: boolean; paths: string[] }[] {
  const bound = new Set(form.items.filter(({ bind, type }) => bind !== undefined && type !== 'image').map(({ path }) => path));
  const found: { isKnown: boolean; paths: string[] }[] = [];
  for (const path of items) {
    const last = found.at(-1);
    if (last?.isKnown === bound.has(path)) last.paths.push(path);
    else found.push({ isKnown: bound.has(path), paths: [path] });
  }
  return found;
}

export interface NavView {
  form: Form;
  progress: readonly Progress[];
  /** Sections with something that must be corrected. */
  troubled: ReadonlySet<number>;
  current: number;
  language: Language;
  t: Translate;
  go(section: number): void;
}

export function drawNav({ form, progress, troubled, current, language, t, go }: NavView) {
  const shown = form.sections.flatMap((section, index) => (progress[index]?.visible ? [{ section, index, counts: progress[index] }] : []));
  return html`<nav class="nav" aria-label=${t('form.sections')}>
    <ol>${shown.map(({ section, index, counts }) => html`<li><button type="button" class="to" aria-current=${index === current ? 'true' : nothing} @click=${() => go(index)}>
      ${troubled.has(index) ? hardSign : counts.total ? signOf(counts) : html`<span></span>`}<span>${section.title[language]}</span>${counts.total === 0 ? nothing : html`<span class="count" aria-hidden="true">${counts.answered}/${counts.total}</span>
      <span class="sr-only">${t('form.progress', { answered: counts.answered, total: counts.total })}${troubled.has(index) ? ` · ${t('finding.hard')}` : ''}</span>`}</button></li>`)}</ol>
    <label class="narrow"><span class="sr-only">${t('form.section')}</span><select class="box" @change=${(event: Event) => go(Number((event.target as HTMLSelectElement).value))}>${
      shown.map(({ section, index, counts }) => html`<option value=${index} .selected=${index === current}>${troubled.has(index) ? '⚠ ' : ''}${section.title[language]}${counts.total === 0 ? '' : ` ${counts.answered}/${counts.total}`}</option>`)}</select></label></nav>`;
}

function signOf({ answered, total }: Progress) {
  if (total > 0 && answered === total) return doneSign;
  return answered > 0 ? partSign : emptySign;
}

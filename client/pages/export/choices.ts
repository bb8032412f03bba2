/** The questions of the export page: several of many, one of two, and the filter. */
import { html, nothing } from 'lit';
import type { ExportRequest, StandardSummary } from '../../../schemas/http/api.ts';
import { Problem } from '../../../schemas/problem.ts';
import { read } from '../../elements/shell/format.ts';
import { t } from '../../text/index.ts';
import type { Word } from '../../text/index.ts';

interface Pick {
  id: string;
  text: string;
  note?: string;
}

export function renderPicks(name: 'sites' | 'subDatasets' | 'statuses', picks: readonly Pick[], chosen: readonly string[], toggle: (id: string, isOn: boolean) => void, set?: (ids: string[]) => void) {
  const isAll = chosen.length === picks.length;
  return html`<fieldset><legend>${t(`export.${name}`)}</legend>
    ${set && picks.length > 2 ? html`<div class="pick-head"><span class="meta">${t('export.chosen', { n: chosen.length, of: picks.length })}</span>
      <button class="button plain" type="button" @click=${() => set(isAll ? [] : picks.map(({ id }) => id))}>${t(isAll ? 'export.choose-none' : 'export.choose-all')}</button></div>` : nothing}
    <div class="picks">${picks.map(({ id, text, note }) => html`<label class="choice"><input type="checkbox" .checked=${chosen.includes(id)} @change=${(event: Event) => toggle(id, (event.target as HTMLInputElement).checked)} />
      <span>${text}${note ? html` <span class="meta">${note}</span>` : nothing}</span></label>`)}</div></fieldset>`;
}

export function renderRadios<Value extends string>(name: 'profile' | 'language', values: readonly Value[], current: Value, choose: (value: Value) => void) {
  return html`<fieldset><legend>${t(`export.${name}`)}</legend><div class="picks">${values.map((value) => html`
    <label class="choice"><input type="radio" name=${name} .checked=${value === current} @change=${() => choose(value)} />
      <span>${t(`export.${name}.${value}` as Word)}${name === 'profile' ? html`<span class="meta">${t(`export.profile.${value}.help` as Word)}</span>` : nothing}</span></label>`)}</div></fieldset>`;
}

/** Over one sub-dataset, in the language of the standards' own expressions; its mistakes come back from the server with the preview. */
export function renderFilter(standards: readonly StandardSummary[], { subDatasets, filter }: ExportRequest, error: unknown, change: (filter: ExportRequest['filter']) => void) {
  const offered = standards.filter(({ subDataset }) => subDatasets.includes(subDataset));
  const mistake = filter && error instanceof Problem && error.key === 'filter-invalid' ? error.errors?.map(({ detail }) => detail).join(' ') ?? t('problem.filter-invalid') : undefined;
  const valueOf = (event: Event) => (event.target as HTMLSelectElement | HTMLTextAreaElement).value;
  return html`<fieldset><legend>${t('export.filter')} <span class="meta">${t('optional')}</span></legend>
    <div class="field"><label for="filterOf">${t('export.filter.of')}</label>
      <select class="box" id="filterOf" @change=${(event: Event) => change(valueOf(event) ? { subDataset: valueOf(event), expression: filter?.expression ?? 'true' } : undefined)}>
        <option value="" ?selected=${!filter}>${t('export.filter.none')}</option>
        ${offered.map(({ subDataset, title }) => html`<option value=${subDataset} ?selected=${filter?.subDataset === subDataset}>${read(title)}</option>`)}</select></div>
    ${filter ? html`<div class="field"><label for="filter">${t('export.filter.expression')}</label>
      <textarea class="box" id="filter" rows="2" spellcheck="false" autocapitalize="off" aria-describedby="filter-help${mistake ? ' filter-error' : ''}" aria-invalid=${mistake ? 'true' : nothing}
        .value=${filter.expression} @input=${(event: Event) => change({ ...filter, expression: valueOf(event) })}></textarea>
      <p class="meta" id="filter-help">${t('export.filter.help')}</p>
      ${mistake ? html`<p class="error" id="filter-error">${mistake}</p>` : nothing}</div>` : nothing}</fieldset>`;
}

/** Small forms of the pages (an account, a visit): a label, a native control, help and error tied to it. */
import { html, nothing } from 'lit';
import { t } from '../../text/index.ts';

export interface Box {
  name: string;
  label: string;
  help?: string | undefined;
  error?: string | undefined;
  type?: string;
  autocomplete?: string;
  pattern?: string;
  maxLength?: number;
  minLength?: number;
  inputMode?: string;
  isOptional?: boolean;
  value?: string;
}

export function renderBox({ name, label, help, error, type = 'text', isOptional, value, ...rest }: Box) {
  const described = [help && `${name}-help`, error && `${name}-error`].filter(Boolean).join(' ');
  return html`<div class="field">
    <label for=${name}>${label}${isOptional ? html` <span class="meta">${t('optional')}</span>` : nothing}</label>
    <input class="box" id=${name} name=${name} type=${type} ?required=${!isOptional} .defaultValue=${value ?? ''}
      autocomplete=${(rest.autocomplete ?? 'off') as 'off'} autocapitalize="off" spellcheck="false" pattern=${rest.pattern ?? nothing}
      maxlength=${rest.maxLength ?? nothing} minlength=${rest.minLength ?? nothing} inputmode=${(rest.inputMode ?? nothing) as 'text'}
      aria-describedby=${described || nothing} aria-invalid=${error ? 'true' : nothing} />
    ${help ? html`<p class="meta" id="${name}-help">${help}</p>` : nothing}
    ${error ? html`<p class="error" id="${name}-error">${error}</p>` : nothing}
  </div>`;
}

export interface Option {
  value: string;
  text: string;
}

export function renderSelect(name: string, label: string, options: readonly Option[], current = '') {
  return html`<div class="field"><label for=${name}>${label}</label>
    <select class="box" id=${name} name=${name}>${options.map(({ value, text }) => html`<option value=${value} ?selected=${value === current}>${text}</option>`)}</select></div>`;
}

/** What was typed, without the empty; trimmed but for passwords, whose spaces count. Undefined when the browser finds something missing, and shows it. */
export function readForm(form: HTMLFormElement): { [name: string]: string } | undefined {
  if (!form.reportValidity()) return undefined;
  const controls = [...form.elements].filter((control) => control instanceof HTMLInputElement || control instanceof HTMLSelectElement || control instanceof HTMLTextAreaElement);
  const entries = controls.map((control) => [control.name, control.type === 'password' ? control.value : control.value.trim()] as const);
  return Object.fromEntries(entries.filter(([name, value]) => name !== '' && value !== ''));
}

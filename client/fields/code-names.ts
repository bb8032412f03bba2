import { LitElement } from 'lit';
import type { Translate } from '../text/index.ts';
import type { Finder } from './finder.ts';

/** What codes of an open set are called, where they are only read: their names come when the page has asked for them. */
export class CrfCodeNames extends LitElement {
  static override properties = { finder: { attribute: false }, values: { attribute: false }, t: { attribute: false } };

  declare finder: Finder;
  declare values: readonly string[];
  declare t: Translate;

  protected override createRenderRoot() {
    return this;
  }

  protected override render() {
    return this.values.map((value) => this.finder.option(value, this.#named)?.text ?? this.t('field.unknownCode', { code: value })).join(this.t('list.comma'));
  }

  #named = () => this.requestUpdate();
}

customElements.define('crf-code-names', CrfCodeNames);

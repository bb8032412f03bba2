/** A picture that a form asked for: taken by the capture screen, stored, its facts entered; held until it is sent or let go. */
import { html, nothing } from 'lit';
import type { ReactiveControllerHost } from 'lit';
import type { Form } from '../../../schemas/form.ts';
import { takePicture } from '../../controllers/picture.ts';
import type { CrfForm } from '../../elements/form/form.ts';
import '../../elements/shell/dialog.ts';
import { failureInWords } from '../../elements/shell/failure.ts';
import type { CrfCaptureRequestEvent } from '../../events.ts';
import { pageLanguage, t } from '../../text/index.ts';
import type { Sheet } from './sheet.ts';

export class PictureDesk {
  readonly #host: ReactiveControllerHost;
  /** The answer to "send again?". */
  #asking: { error: unknown; answer: (again: boolean) => void } | undefined;
  #isBusy = false;
  /** The classifier's run could not be stored; the picture is. */
  isRunLost = false;

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
  }

  /** A picture is held here that is not on the server yet. */
  get isUnsent(): boolean {
    return this.#asking !== undefined;
  }

  /** True when a picture was stored and its facts are in the form; the caller reads the patient's pictures anew. */
  async take({ pointer, item, file }: CrfCaptureRequestEvent, siteId: string, { identity }: Sheet, form: CrfForm, refresh: () => Promise<void>): Promise<void> {
    if (this.#isBusy) return;
    this.#isBusy = true;
    try {
      const { data = {}, missing = {} } = form.evaluation() ?? {};
      const taken = await takePicture({
        pointer, item, file, form: form.form as Form, language: pageLanguage(), siteId, subjectId: identity.subjectId, visitId: identity.visitId, lesionId: identity.lesionId ?? lesionIn(form),
        isAnswered: (key) => data[key] !== undefined || missing[`/${key}`] !== undefined,
        tryAgain: (error) => this.#ask(error),
      });
      if (!taken) return;
      this.isRunLost = taken.classificationFailed;
      await refresh();
      form.apply(taken.changes);
    } catch {
      // The person let the picture go after its failure was shown.
    } finally {
      this.#isBusy = false;
      this.#host.requestUpdate();
      form.focusPointer(pointer);
    }
  }

  render() {
    const { error } = this.#asking ?? {};
    return html`<crf-dialog isHeld .heading=${t('picture.unsent')} .open=${this.#asking !== undefined}>${this.#asking ? html`<p role="alert">${failureInWords(error)}</p>
      <div class="end-row"><button class="button" type="button" @click=${() => this.#answer(false)}>${t('picture.drop')}</button>
        <button class="button primary" type="button" @click=${() => this.#answer(true)}>${t('picture.send-again')}</button></div>` : nothing}</crf-dialog>`;
  }

  #ask(error: unknown): Promise<boolean> {
    return new Promise((answer) => {
      this.#asking = { error, answer };
      this.#host.requestUpdate();
    });
  }

  #answer(again: boolean): void {
    this.#asking?.answer(again);
    this.#asking = undefined;
    this.#host.requestUpdate();
  }
}

/** The lesion that the form names, where the record itself is of none. */
function lesionIn(form: CrfForm): string | undefined {
  const key = form.form?.items.find(({ refersTo }) => refersTo === 'lesion')?.key;
  const value = key === undefined ? undefined : form.evaluation()?.data[key];
  return typeof value === 'string' ? value : undefined;
}

/** The capture screen: frame, take, look again, decide. */
import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { byClass } from '../../classify/by-class.ts';
import { hexDigest, localTime } from '../../controllers/moment.ts';
import { Camera, type CameraTrouble, type Photo } from '../../controllers/camera.ts';
import type { CaptureResult, ClassifierRun } from '../../controllers/captured.ts';
import { Classifier, type Looked, type ModelState } from '../../controllers/classifier.ts';
import { captureText, type CaptureWords as Words } from '../../text/capture.ts';
import type { Language } from '../../text/index.ts';
import { advice, qualitySigns, suggestion, trouble } from './parts.ts';
import { captureStyles } from './styles.ts';

type Stage = 'starting' | 'framing' | 'trouble' | 'analysing' | 'review';

/** Side of the live frames that the classifier is given, in pixels. */
const FRAME_SIZE = 512;

/**
 * @summary Takes one picture of a lesion, guided by a live quality reading, with the on-device classifier beside it.
 * Open it with `capture()`; it answers with the picture and, where a model ran and the person gave an impression, the run.
 */
export class CrfCapture extends LitElement {
  static override properties = {
    language: {}, modelFolder: {}, impressions: { attribute: false },
    _stage: { state: true }, _looked: { state: true }, _model: { state: true }, _suggesting: { state: true }, _impression: { state: true }, _message: { state: true },
  };
  static override styles = captureStyles;

  declare language: Language;
  /** Address of the model's folder on our own origin, ending in a slash; empty for capture without a classifier. */
  declare modelFolder: string;
  /** The classes a person may choose as her impression (`ai-class`); empty: no question is asked. */
  declare impressions: readonly { code: string; label: string }[];
  declare _stage: Stage;
  declare _looked: Looked | undefined;
  declare _model: ModelState;
  declare _suggesting: boolean;
  declare _impression: string;
  declare _message: string;

  #camera: Camera | undefined;
  #classifier: Classifier | undefined;
  #answer: ((result: CaptureResult | undefined) => void) | undefined;
  #photo: Photo | undefined;
  #preview = '';
  #capturedAt = '';
  #runAt = '';
  #shownAt: string | undefined;
  #shownBefore = false;

  constructor() {
    super();
    this.language = 'zh';
    this.modelFolder = '';
    this.impressions = [];
    this._stage = 'starting';
    this._model = { kind: 'loading' };
    // Off until somebody asks for it: an impression should come before a suggestion.
    this._suggesting = localStorage.getItem('xf.suggestion') === 'shown';
    this._impression = this._message = '';
  }

  /** Opens the screen; with `file` the camera is passed over. Undefined when the person closed it. */
  async capture(file?: File): Promise<CaptureResult | undefined> {
    await this.updateComplete;
    this.#reset();
    this.#dialog.showModal();
    const answered = new Promise<CaptureResult | undefined>((resolve) => { this.#answer = resolve; });
    this.#startClassifier();
    void (file ? this.#useFile(file) : this.#openCamera());
    return answered;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#finish(undefined);
  }

  /** What has just been drawn has been seen: a suggestion in the strip came before any decision. */
  override updated(): void {
    if (this._suggesting && this._stage === 'framing' && this._model.kind === 'ready' && this._looked?.answer) this.#markShown(true);
  }

  override render(): TemplateResult {
    const words = captureText(this.language);
    return html`<dialog aria-label=${words.dialog} lang=${this.language === 'zh' ? 'zh-CN' : 'en'} @cancel=${this.#cancel}>
      <div class="screen">
        <header><h2>${this._stage === 'review' ? words.taken : words.title}</h2>${this.#suggestionSwitch(words)}<button @click=${this.#cancel}>${words.close}</button></header>
        ${this._stage === 'review' ? this.#renderReview(words) : this.#renderFraming(words)}
      </div>
    </dialog>`;
  }

  #renderFraming(words: Words): TemplateResult {
    const framing = this._stage === 'framing';
    return html`<div class="stage">
        <video muted playsinline ?hidden=${this._stage === 'trouble'}></video>
        ${this._stage === 'trouble' ? trouble(this._message, words, this.#retry) : nothing}
        ${this._stage === 'starting' || this._stage === 'analysing'
          ? html`<div class="advice" role="status">${this._stage === 'starting' ? words.starting : words.analysing}</div>` : nothing}
        ${framing ? html`<div class="ring"></div><div class="hint">${words.ring}</div>${qualitySigns(this._looked?.quality, words)}${this.#liveSuggestion(words)}
          <div class="advice" role="status">${this._looked ? advice(this._looked.quality, words) : words.modelLoading}</div>` : nothing}
      </div>
      <footer>
        <label class="file">${words.chooseFile}<input type="file" accept="image/jpeg,image/png,image/webp,image/tiff,image/heic" @change=${this.#fileChosen} /></label>
        <button class="shutter" aria-label=${words.shutter} ?disabled=${!framing} @click=${this.#shoot}></button>
        <span class="quiet">${this._model.kind === 'no-model' && this.modelFolder ? words.noModel : nothing}</span>
      </footer>`;
  }

  #renderReview(words: Words): TemplateResult {
    const looked = this._looked;
    const asks = Boolean(looked?.answer) && this.impressions.length > 0;
    return html`<div class="review">
        <div class="stage"><img src=${this.#preview} alt=${words.taken} />${looked ? qualitySigns(looked.quality, words) : nothing}</div>
        <div class="verdict">
          ${looked && !looked.quality.passed ? html`<p role="status">${advice(looked.quality, words)}</p>` : nothing}
          ${asks ? this.#renderImpression(words) : nothing}
        </div>
      </div>
      <footer>
        <button @click=${this.#retry}>${words.retake}</button>
        ${asks && !this._impression ? html`<button @click=${this.#keep}>${words.skip}</button>` : nothing}
        ${!asks || this._impression ? html`<button class="primary" @click=${this.#keep}>${this.#keepWord(words, asks)}</button>` : nothing}
        <span></span>
      </footer>`;
  }

  #renderImpression(words: Words): TemplateResult {
    const answer = this._looked?.answer;
    const revealed = answer && this._model.kind === 'ready' && (this._impression || this.#shownBefore);
    const differs = revealed && this._impression && !answer.abstained && this._impression !== this.#byClass()?.top;
    return html`<h3>${words.impression}</h3>
      ${this.#shownBefore ? nothing : html`<p class="quiet">${words.impressionHelp}</p>`}
      <div class="choices" role="group" aria-label=${words.impression}>${this.impressions.map(({ code, label }) =>
        html`<button aria-pressed=${this._impression === code} @click=${() => this.#choose(code)}>${label}</button>`)}</div>
      ${revealed && this._model.kind === 'ready' ? html`<section>${suggestion(answer, this._model.manifest, this.language, words)}</section>` : nothing}
      ${differs ? html`<label>${words.differs}<textarea maxlength="300"></textarea></label>` : nothing}`;
  }

  #keepWord(words: Words, asked: boolean): string {
    if (asked) return words.done;
    return this._looked && !this._looked.quality.passed ? words.keepAnyway : words.keep;
  }

  #suggestionSwitch(words: Words): TemplateResult | typeof nothing {
    if (!this.modelFolder || this._stage === 'review' || this._model.kind === 'no-model') return nothing;
    return html`<button aria-pressed=${this._suggesting} @click=${this.#toggleSuggestion}>${this._suggesting ? words.hideSuggestion : words.showSuggestion}</button>`;
  }

  #liveSuggestion(words: Words): TemplateResult | typeof nothing {
    if (!this._suggesting) return nothing;
    const { _looked: looked, _model: model } = this;
    if (model.kind !== 'ready' || !looked?.answer) return html`<div class="strip quiet">${model.kind === 'loading' ? words.modelLoading : words.noModel}</div>`;
    return html`<div class="strip">${suggestion(looked.answer, model.manifest, this.language, words)}</div>`;
  }

  #startClassifier(): void {
    if (!this.modelFolder) {
      this._model = { kind: 'no-model', reason: 'none configured' };
      return;
    }
    this._model = { kind: 'loading' };
    const classifier = new Classifier(this.modelFolder);
    classifier.onState = (state) => { this._model = state; };
    classifier.onLooked = (looked) => {
      if (this._stage === 'framing') this._looked = looked;
    };
    this.#classifier = classifier;
  }

  async #openCamera(): Promise<void> {
    this._stage = 'starting';
    await this.updateComplete;
    const video = this.renderRoot.querySelector('video');
    if (!video) return;
    const camera = new Camera(video);
    this.#camera = camera;
    const refused = await camera.open();
    if (this.#camera !== camera) return camera.close();
    if (refused) return this.#show(refused);
    this._stage = 'framing';
    camera.eachFrame(() => {
      if (this._stage === 'framing' && this.#classifier?.wantsFrame) void this.#sendFrame(camera, this.#classifier);
      return this.#camera === camera;
    });
  }

  async #sendFrame(camera: Camera, classifier: Classifier): Promise<void> {
    try {
      classifier.lookAtFrame(await camera.frame(FRAME_SIZE));
    } catch {
      // A frame that cannot be read (the camera is just closing) is simply not looked at.
    }
  }

  #shoot = async (): Promise<void> => {
    if (this._stage !== 'framing' || !this.#camera) return;
    this._stage = 'analysing';
    try {
      await this.#review(await this.#camera.takePhoto());
    } catch {
      this.#show('busy');
    }
  };

  #fileChosen = (event: Event): void => {
    const file = (event.target as HTMLInputElement).files?.[0];
    if (file) void this.#useFile(file);
  };

  async #useFile(file: File): Promise<void> {
    this._stage = 'analysing';
    try {
      const picture = await createImageBitmap(file);
      const { width, height } = picture;
      picture.close();
      await this.#review({ blob: file, width, height });
    } catch {
      this._message = captureText(this.language).unreadable;
      this._stage = 'trouble';
    }
  }

  async #review(photo: Photo): Promise<void> {
    this.#photo = photo;
    this.#capturedAt = localTime(new Date());
    this.#closeCamera();
    URL.revokeObjectURL(this.#preview);
    this.#preview = URL.createObjectURL(photo.blob);
    this._looked = undefined;
    this.#runAt = localTime(new Date());
    this._looked = await this.#classifier?.lookAtStill(await createImageBitmap(photo.blob));
    this._stage = 'review';
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>('.choices button, .primary')?.focus();
  }

  #choose(code: string): void {
    this._impression = code;
    this.#markShown(false);
  }

  #markShown(before: boolean): void {
    if (this.#shownAt) return;
    this.#shownAt = localTime(new Date());
    this.#shownBefore = before;
  }

  #keep = async (): Promise<void> => {
    const photo = this.#photo;
    if (!photo) return;
    const run = this.#run();
    this.#finish({
      ...photo,
      sha256: await hexDigest(photo.blob),
      capturedAt: this.#capturedAt,
      ...(this._looked ? { quality: this._looked.quality } : {}),
      ...(run ? { run } : {}),
    });
  };

  #run(): ClassifierRun | undefined {
    const answer = this._looked?.answer;
    const classes = this.#byClass();
    if (!answer || !classes || this._model.kind !== 'ready' || !this._impression) return undefined;
    const { name, version, sha256, status, thresholds } = this._model.manifest;
    const overrideReason = this.renderRoot.querySelector('textarea')?.value.trim();
    return {
      manifest: { name, version, sha256, status, thresholds },
      runtime: this._model.runtime,
      answer,
      byClass: classes,
      latencyMs: this._looked?.latencyMs ?? 0,
      runAt: this.#runAt,
      ...(this.#shownAt ? { shownAt: this.#shownAt } : {}),
      shownBeforeDecision: this.#shownBefore,
      impression: this._impression,
      ...(overrideReason ? { overrideReason } : {}),
      decidedAt: localTime(new Date()),
    };
  }

  #byClass() {
    const answer = this._looked?.answer;
    return answer && this._model.kind === 'ready' ? byClass(this._model.manifest, answer.scores) : undefined;
  }

  #toggleSuggestion = (): void => {
    this._suggesting = !this._suggesting;
    localStorage.setItem('xf.suggestion', this._suggesting ? 'shown' : 'hidden');
  };

  #retry = (): void => {
    this._impression = '';
    this._looked = undefined;
    void this.#openCamera();
  };

  #cancel = (event?: Event): void => {
    event?.preventDefault();
    this.#finish(undefined);
  };

  #show(reason: CameraTrouble): void {
    this.#closeCamera();
    this._message = captureText(this.language)[reason];
    this._stage = 'trouble';
  }

  #finish(result: CaptureResult | undefined): void {
    this.#closeCamera();
    this.#classifier?.end();
    this.#classifier = undefined;
    URL.revokeObjectURL(this.#preview);
    this.#preview = '';
    if (this.hasUpdated && this.#dialog.open) this.#dialog.close();
    this.#answer?.(result);
    this.#answer = undefined;
  }

  #closeCamera(): void {
    this.#camera?.close();
    this.#camera = undefined;
  }

  #reset(): void {
    this._stage = 'starting';
    this._looked = undefined;
    this._impression = this._message = '';
    this.#photo = undefined;
    this.#shownAt = undefined;
    this.#shownBefore = false;
  }

  get #dialog(): HTMLDialogElement {
    return this.renderRoot.querySelector('dialog')!;
  }
}

customElements.define('crf-capture', CrfCapture);

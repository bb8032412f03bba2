/** The drawn parts of the capture screen that hold no state. */
import { html, nothing, svg, type TemplateResult } from 'lit';
import { trainedLabels, type ModelManifest } from '../../classify/manifest.ts';
import type { Answer } from '../../classify/postprocess.ts';
import type { Quality, QualitySign } from '../../classify/quality.ts';
import type { CaptureWord, CaptureWords as Words } from '../../text/capture.ts';
import type { Language } from '../../text/index.ts';

const SIGNS: readonly QualitySign[] = ['focus', 'brightness', 'clipped', 'glare'];
const FIXES: { readonly [K in QualitySign]: CaptureWord } = {
  focus: 'fixFocus', brightness: 'fixBrightness', clipped: 'fixClipped', glare: 'fixGlare',
};

/** Four signs along the edge: shape and word, never colour alone. */
export function qualitySigns(quality: Quality | undefined, words: Words): TemplateResult {
  return html`<ul class="signs">${SIGNS.map((sign) => {
    const state = !quality ? 'unknown' : quality.failed.includes(sign) ? 'bad' : 'good';
    return html`<li class=${state}>${shape(state)}<span>${words[sign]} <span class="visually-hidden">${words[state]}</span></span></li>`;
  })}</ul>`;
}

function shape(state: 'good' | 'bad' | 'unknown'): TemplateResult {
  const mark = state === 'good' ? svg`<path d="M4 9l3.5 3.5L14 5.5" />` : state === 'bad' ? svg`<path d="M9 3v7M9 13v1.6" />` : svg`<path d="M5 9h8" />`;
  return html`<svg viewBox="0 0 18 18" width="18" height="18" fill="none" stroke="currentColor" stroke-width="2.2" stroke-linecap="round" aria-hidden="true">${mark}</svg>`;
}

/** The one thing to put right, or that all is well. */
export function advice(quality: Quality, words: Words): string {
  const worst = quality.failed[0];
  return worst ? words[FIXES[worst]] : words.ready;
}

/** Three ranked names with words of confidence, or that there is no suggestion, always marked as research. */
export function suggestion(answer: Answer, manifest: ModelManifest, language: Language, words: Words): TemplateResult {
  const head = html`<div class="row"><strong>${answer.abstained ? words.noSuggestion : words.suggestion}</strong><span class="tag">${words.research}</span></div>`;
  const model = html`<div class="quiet">${manifest.name} ${manifest.version} · ${manifest.sha256.slice(0, 8)}</div>`;
  if (answer.abstained) return html`${head}<div class="quiet">${words[answer.abstained]}</div>${model}`;
  const names = new Map(trainedLabels(manifest).map((label) => [label.id, label.name[language]]));
  return html`${head}<ol>${answer.ranked.slice(0, 3).map((id) => {
    const score = answer.scores[id] ?? 0;
    return html`<li><div class="row"><span>${names.get(id) ?? id}</span><span><span class="quiet">${confidence(score, words)}</span> ${Math.round(score * 100)} %</span></div>
      <div class="bar"><svg viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true"><rect width=${score * 100} height="4"></rect></svg></div></li>`;
  })}</ol>${model}`;
}

function confidence(score: number, words: Words): string {
  if (score >= 0.6) return words.likely;
  return score >= 0.25 ? words.possible : words.unlikely;
}

/** What is said when the camera gives no picture. */
export function trouble(message: string, words: Words, retry: (() => void) | undefined): TemplateResult {
  return html`<div class="trouble" role="alert"><p>${message}</p>${retry ? html`<button @click=${retry}>${words.tryAgain}</button>` : nothing}</div>`;
}

/** The few signs of the form; each stands beside a word. Drawn in the colour of the text. */
import { html, svg } from 'lit';

const sign = (path: unknown) => html`<svg class="sign" viewBox="0 0 16 16" width="16" height="16" fill="none" stroke="currentColor" stroke-width="1.6" aria-hidden="true">${path}</svg>`;

export const hardSign = sign(svg`<path d="M5.2 1.5h5.6l3.7 3.7v5.6l-3.7 3.7H5.2l-3.7-3.7V5.2z"/><path d="M8 4.6v4.2M8 10.8v.9"/>`);
export const softSign = sign(svg`<path d="M8 1.8 14.8 14H1.2z" stroke-linejoin="round"/><path d="M8 6.2v3.6M8 11.4v.9"/>`);
export const openSign = sign(svg`<circle cx="8" cy="8" r="6.2" stroke-dasharray="2.6 2.2"/>`);
export const doneSign = sign(svg`<path d="m2.6 8.6 3.5 3.6 7.3-8"/>`);
export const partSign = sign(svg`<circle cx="8" cy="8" r="6.2"/><path d="M8 1.8a6.2 6.2 0 0 1 0 12.4z" fill="currentColor" stroke="none"/>`);
export const emptySign = sign(svg`<circle cx="8" cy="8" r="6.2"/>`);
export const aboutSign = sign(svg`<circle cx="8" cy="8" r="6.2"/><path d="M8 7.2v4M8 4.6v.9"/>`);

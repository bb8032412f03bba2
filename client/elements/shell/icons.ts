/** The few signs of the frame, drawn by hand on a 20-unit square. Decoration: the word beside them says what they mean. */
import { svg, html } from 'lit';

const drawings = {
  patients: svg`<circle cx="10" cy="6.5" r="3.25"/><path d="M3.5 17c.6-3.6 3.2-5.5 6.5-5.5s5.9 1.9 6.5 5.5"/>`,
  export: svg`<path d="M10 3v9m-3.5-3.5L10 12l3.5-3.5M3.5 13.5V16a1 1 0 0 0 1 1h11a1 1 0 0 0 1-1v-2.5"/>`,
  standards: svg`<path d="M4 4.5C4 3.7 4.7 3 5.5 3H16v14H5.5A1.5 1.5 0 0 1 4 15.5zm0 11A1.5 1.5 0 0 1 5.5 14H16M7.5 6.5h5M7.5 9.5h3.5"/>`,
  people: svg`<circle cx="7.5" cy="7" r="2.75"/><path d="M2 16.5c.5-3 2.6-4.7 5.5-4.7s5 1.7 5.5 4.7M13 4.6a2.7 2.7 0 0 1 0 4.9m1.5 2.7c2 .6 3.2 2.1 3.5 4.3"/>`,
  find: svg`<circle cx="9" cy="9" r="5.25"/><path d="m13 13 4 4"/>`,
  more: svg`<circle cx="4.5" cy="10" r=".75"/><circle cx="10" cy="10" r=".75"/><circle cx="15.5" cy="10" r=".75"/>`,
  add: svg`<path d="M10 4v12M4 10h12"/>`,
  close: svg`<path d="m5 5 10 10M15 5 5 15"/>`,
  down: svg`<path d="m5.5 8 4.5 4.5L14.5 8"/>`,
  left: svg`<path d="M12 5 7 10l5 5"/>`,
  form: svg`<path d="M5 2.5h7l3.5 3.5v11.5H5zM12 2.5V6h3.5M7.5 9.5h5M7.5 12.5h5"/>`,
  page: svg`<path d="M3.5 4.5h13v11h-13zM3.5 8h13"/>`,
  eye: svg`<path d="M2 10s2.8-5 8-5 8 5 8 5-2.8 5-8 5-8-5-8-5z"/><circle cx="10" cy="10" r="2.25"/>`,
} as const;

export type IconName = keyof typeof drawings;

export function icon(name: IconName) {
  return html`<svg class="icon" viewBox="0 0 20 20" width="20" height="20" fill="none" stroke="currentColor" stroke-width="1.5" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false">${drawings[name]}</svg>`;
}

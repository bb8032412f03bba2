/**
 * Design tokens: the only place with colours and sizes. They stand on the root of the page, reach every shadow root by
 * inheritance, and follow the system's scheme unless `<html data-theme="light|dark" data-contrast="more" data-density="compact">` says otherwise.
 * A test holds every pair of text and surface to WCAG AA.
 */
import { css, unsafeCSS } from 'lit';

type Palette = { readonly [token: string]: string };

export const light: Palette = {
  page: '#f7f6f3', surface: '#ffffff', raised: '#ffffff', quiet: '#f1f1ee',
  ink: '#1b2026', 'ink-2': '#535c66', line: '#dcddda', edge: '#79828c',
  accent: '#1d5ca3', 'accent-ink': '#ffffff', 'accent-quiet': '#e6eff9',
  hard: '#a9231b', 'hard-quiet': '#fbeceb', soft: '#7d4c00', 'soft-quiet': '#fcf2dd', ok: '#0d6157', 'ok-quiet': '#e3f2ef',
  focus: '#1d5ca3', shade: '0 1px 2px rgb(27 32 38 / 8%), 0 6px 20px rgb(27 32 38 / 12%)',
};

export const dark: Palette = {
  page: '#131619', surface: '#1a1e22', raised: '#22272c', quiet: '#22272c',
  ink: '#e7eaed', 'ink-2': '#abb4bd', line: '#333a41', edge: '#7c8690',
  accent: '#8bb9f1', 'accent-ink': '#0b1a2b', 'accent-quiet': '#1f3145',
  hard: '#ff9f96', 'hard-quiet': '#3a2120', soft: '#f0bd64', 'soft-quiet': '#352a14', ok: '#81d1c2', 'ok-quiet': '#17312d',
  focus: '#8bb9f1', shade: '0 1px 2px rgb(0 0 0 / 40%), 0 6px 20px rgb(0 0 0 / 50%)',
};

/** What changes for people who asked for more contrast, on top of either scheme. */
export const lightContrast: Palette = { page: '#ffffff', quiet: '#ffffff', ink: '#000000', 'ink-2': '#22262a', line: '#5c6369', edge: '#000000', accent: '#003a7d', focus: '#003a7d', hard: '#8a0f08', soft: '#5a3500' };
export const darkContrast: Palette = { page: '#000000', surface: '#000000', raised: '#0c0e10', quiet: '#0c0e10', ink: '#ffffff', 'ink-2': '#dfe3e7', line: '#9aa3ab', edge: '#ffffff', accent: '#b9d8ff', focus: '#ffffff', hard: '#ffc0ba', soft: '#ffd999' };

const declare = (palette: Palette) => unsafeCSS(Object.entries(palette).map(([name, value]) => `--crf-${name}: ${value};`).join(' '));

export const tokens = css`
  :root {
    color-scheme: light;
    ${declare(light)}
    --crf-font: "PingFang SC", "HarmonyOS Sans SC", "Microsoft YaHei", "Noto Sans CJK SC", system-ui, sans-serif;
    --crf-mono: ui-monospace, "SFMono-Regular", Consolas, "Noto Sans Mono CJK SC", monospace;
    --crf-text-1: 0.875rem; --crf-text-2: 1rem; --crf-text-3: 1.125rem; --crf-text-4: 1.375rem; --crf-text-5: 1.75rem;
    --crf-weight: 400; --crf-strong: 600;
    --crf-leading: 1.6;
    --crf-space-1: 4px; --crf-space-2: 8px; --crf-space-3: 12px; --crf-space-4: 16px; --crf-space-5: 24px; --crf-space-6: 32px; --crf-space-7: 48px;
    --crf-target: 44px;
    --crf-gap: 20px;
    --crf-radius: 6px;
    --crf-column: 720px; --crf-side: 320px;
    --crf-motion: 120ms;
  }
  @media (prefers-color-scheme: dark) {
    :root:not([data-theme="light"]) { color-scheme: dark; ${declare(dark)} }
  }
  :root[data-theme="dark"] { color-scheme: dark; ${declare(dark)} }
  @media (prefers-contrast: more) {
    :root:not([data-theme="dark"]) { ${declare(lightContrast)} }
    :root[data-theme="dark"] { ${declare(darkContrast)} }
  }
  @media (prefers-contrast: more) and (prefers-color-scheme: dark) {
    :root:not([data-theme="light"]) { ${declare(darkContrast)} }
  }
  :root[data-contrast="more"]:not([data-theme="dark"]) { ${declare(lightContrast)} }
  :root[data-contrast="more"][data-theme="dark"] { ${declare(darkContrast)} }
  @media (prefers-color-scheme: dark) {
    :root[data-contrast="more"]:not([data-theme="light"]) { ${declare(darkContrast)} }
  }
  :root[data-density="compact"] { --crf-gap: 10px; --crf-leading: 1.5; }
  @media (pointer: fine) {
    :root[data-density="compact"] { --crf-target: 34px; }
  }
  @media (prefers-reduced-motion: reduce) {
    :root { --crf-motion: 0ms; }
  }
`;

/** Puts the tokens on the page, once; an element that is used alone in a foreign page calls it when it is connected. */
export function adoptTokens(page: Document = document): void {
  const sheet = tokens.styleSheet;
  if (sheet && !page.adoptedStyleSheets.includes(sheet)) page.adoptedStyleSheets = [sheet, ...page.adoptedStyleSheets];
}

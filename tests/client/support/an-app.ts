/** The whole application over the API in memory, as a browser shows it. */
import { onTestFinished, vi } from 'vitest';
import { page } from '../../../client/elements/shell/page.ts';
import { base } from '../../../client/styles/base.ts';
import { adoptTokens } from '../../../client/styles/tokens.ts';
import '../../../client/app.ts';
import type { CrfApp } from '../../../client/app.ts';
import { aFakeApi } from './fake-api.ts';
import type { FakeState } from './fake-api.ts';

const home = location.href;

/** Opens the address, and waits until the page stands. Everything is undone after the test. */
export async function anApp(path: string, changes: Partial<FakeState> = {}, preferences: object = {}) {
  const fake = aFakeApi(changes);
  const real = window.fetch.bind(window);
  vi.stubGlobal('fetch', (input: RequestInfo | URL, init?: RequestInit) => (typeof input === 'string' && input.startsWith('/api/') ? fake.answer(input, init) : real(input, init)));
  localStorage.setItem('xf.preferences.last', JSON.stringify(preferences));
  const { applyPreferences, readPreferences } = await import('../../../client/preferences.ts');
  applyPreferences(readPreferences());
  adoptTokens();
  for (const { styleSheet } of [base, page]) if (styleSheet && !document.adoptedStyleSheets.includes(styleSheet)) document.adoptedStyleSheets.push(styleSheet);
  history.pushState(null, '', path);
  const app = document.createElement('crf-app') as CrfApp;
  document.body.append(app);
  onTestFinished(async () => {
    app.remove();
    await settle(50); // what a page still does when it is taken away
    localStorage.clear();
    vi.unstubAllGlobals();
    history.replaceState(null, '', home);
  });
  await settle();
  return { app, fake };
}

/** Until nothing has been asked of the server, and nothing drawn, for a moment. */
export async function settle(milliseconds = 150): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** The first element that fits, in whatever shadow root it stands. */
export function find<T extends Element = HTMLElement>(selector: string, root: ParentNode = document): T {
  const found = search<T>(selector, root);
  if (!found) throw new Error(`Nothing fits ${selector}`);
  return found;
}

export function search<T extends Element = HTMLElement>(selector: string, root: ParentNode = document): T | undefined {
  const direct = root.querySelector<T>(selector);
  if (direct) return direct;
  for (const element of root.querySelectorAll('*')) {
    const inside = element.shadowRoot && search<T>(selector, element.shadowRoot);
    if (inside) return inside;
  }
  return undefined;
}

/** All that a person can read. */
export function textOf(root: Element | ShadowRoot = document.body): string {
  const own = [...root.childNodes].map((node) => {
    if (node instanceof HTMLSlotElement) return node.assignedNodes().map((each) => (each instanceof Element ? textOf(each) : each.textContent)).join(' ');
    if (node instanceof HTMLStyleElement) return '';
    return node instanceof Element ? textOf(node) : node.nodeType === Node.TEXT_NODE ? node.textContent : '';
  }).join(' ');
  return root instanceof Element && root.shadowRoot ? textOf(root.shadowRoot) : own;
}

/** The element with the focus, through all shadow roots. */
export function active(): Element | null {
  let element = document.activeElement;
  while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
  return element;
}

/** Types as a person does: the value, then what the browser tells. */
export function type(control: HTMLInputElement, value: string): void {
  control.value = value;
  control.dispatchEvent(new InputEvent('input', { bubbles: true, composed: true }));
}

/** A form on a page, and short ways to look into its shadow root and to act in it as a person does. */
import { onTestFinished } from 'vitest';
import { userEvent } from 'vitest/browser';
import { CrfForm } from '../../../client/elements/form/form.ts';
import type { CrfChangeEvent } from '../../../client/events.ts';
import type { Pointer } from '../../../schemas/form.ts';
import { lesions } from './compiled.ts';

export interface Seen { pointer: Pointer; value?: unknown; missing?: string }

export async function aPage(properties: Partial<CrfForm> & Pick<CrfForm, 'form'>) {
  const element = new CrfForm();
  Object.assign(element, { context: { today: '2026-05-14', bound: {} }, entities: lesions, ...properties });
  const changes: Seen[] = [];
  const events: Event[] = [];
  element.addEventListener('crf-change', (event) => {
    const { pointer, value, missing } = event as CrfChangeEvent;
    changes.push({ pointer, ...(value === undefined ? {} : { value }), ...(missing === undefined ? {} : { missing }) });
  });
  for (const name of ['crf-field-focus', 'crf-capture-request', 'crf-save-request', 'crf-new-entity', 'crf-show-history']) element.addEventListener(name, (event) => events.push(event));
  document.body.append(element);
  onTestFinished(() => element.remove());
  await element.updateComplete;
  const root = element.renderRoot as ShadowRoot;
  const item = (pointer: Pointer) => root.querySelector<HTMLElement>(`[data-pointer="${CSS.escape(pointer)}"]`);
  return {
    element, root, changes, events, item,
    /** Every control of an item. */
    controls: (pointer: Pointer) => [...(item(pointer)?.querySelectorAll<HTMLInputElement>('input:not([type=file]), textarea') ?? [])],
    textOf: (pointer: Pointer) => item(pointer)?.textContent?.replace(/\s+/g, ' ').trim() ?? '',
    active: () => root.activeElement as HTMLElement | null,
    activePointer: () => (root.activeElement as HTMLElement | null)?.closest<HTMLElement>('[data-pointer]')?.dataset['pointer'],
    last: () => changes.at(-1),
    async keys(...keys: string[]) {
      for (const key of keys) await userEvent.keyboard(key);
      await element.updateComplete;
    },
    async focus(pointer: Pointer) {
      element.focusPointer(pointer);
      await element.updateComplete;
    },
  };
}

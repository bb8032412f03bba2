/** Finding one's way in the drawn form: from a pointer to its element and back, to the control that takes the focus, and onward. */
import type { Pointer } from '../../../schemas/form.ts';

export const hostOf = (root: ParentNode, pointer: Pointer) => root.querySelector<HTMLElement>(`[data-pointer="${CSS.escape(pointer)}"]`);

export const itemOf = (target: EventTarget | null) => (target instanceof Element ? target.closest<HTMLElement>('[data-pointer]') : null);

export const pointerOf = (target: EventTarget | null): Pointer | undefined => itemOf(target)?.dataset['pointer'];

/** The control of an item: a box, or in a group the chosen or first choice. */
export function entryOf(item: Element): HTMLElement | null {
  const entry = item.querySelector<HTMLElement>('[data-entry]');
  if (!entry?.matches('[role=radiogroup], [role=group]')) return entry;
  return entry.querySelector<HTMLElement>('input:checked') ?? entry.querySelector<HTMLElement>('input');
}

/** Gives the focus, and selects what stands in a box so that typing replaces it. False when there is nothing to give it to. */
export function focusItem(item: Element | null | undefined): boolean {
  const entry = item && entryOf(item);
  if (!entry) return false;
  entry.focus({ preventScroll: true });
  item.scrollIntoView({ block: 'nearest' }); // the whole item, with its findings, clear of the foot
  if (entry instanceof HTMLInputElement && entry.type === 'text') entry.select();
  return true;
}

/** The next (or previous) item that takes an entry; after the last one the button that completes. */
export function onward(root: ParentNode, from: Element, by: 1 | -1): HTMLElement | undefined {
  const stops = [...root.querySelectorAll<HTMLElement>('[data-pointer] [data-entry]:not(output), [data-action=complete]')];
  const own = itemOf(from)?.querySelector('[data-entry]');
  const stop = stops[stops.indexOf(own as HTMLElement) + by];
  return stop && (itemOf(stop) ?? stop);
}

/** Where the element with the focus stands, to be restored by `keepPlace` in browsers that do not do it themselves (WebKit). */
export function placeOf(element: Element | null | undefined): (() => void) | undefined {
  if (!element || CSS.supports('overflow-anchor', 'auto')) return undefined;
  const { top } = element.getBoundingClientRect();
  return () => {
    const moved = element.getBoundingClientRect().top - top;
    if (Math.abs(moved) > 1) scrollBy({ top: moved, behavior: 'instant' });
  };
}

/** Opens the browser's own calendar at a date box; the day goes into the box as if it had been typed, before the time if there is one. */
export function openCalendar(box: HTMLInputElement): void {
  const picker = document.createElement('input');
  picker.type = 'date';
  picker.className = 'picker';
  picker.tabIndex = -1;
  picker.ariaHidden = 'true';
  picker.value = /^\d{4}-\d\d-\d\d/.exec(box.value)?.[0] ?? '';
  picker.addEventListener('change', () => {
    box.value = [picker.value, ...box.value.split(' ').slice(1)].join(' ').trim();
    box.dispatchEvent(new InputEvent('input', { bubbles: true, composed: true }));
    box.focus();
  });
  picker.addEventListener('blur', () => picker.remove());
  picker.addEventListener('cancel', () => picker.remove());
  box.parentElement?.append(picker);
  picker.focus();
  picker.showPicker();
}

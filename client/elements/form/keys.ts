/** What a key means inside the form. While an input method composes, none means anything. */
import type { Pointer } from '../../../schemas/form.ts';
import { focusItem, itemOf, onward, pointerOf } from './places.ts';

export interface KeyActs {
  root(): ParentNode;
  save(): void;
  help(): void;
  openReasons(pointer: Pointer): void;
  closeReasons(): boolean;
  step(by: 1 | -1): void;
  clear(pointer: Pointer): void;
  calendar(box: HTMLInputElement): void;
}

export function onKey(event: KeyboardEvent, acts: KeyActs): void {
  if (event.isComposing || event.keyCode === 229 || event.defaultPrevented) return;
  if (command(event, acts) || (event.key === 'Enter' && enter(event, acts)) || inControl(event, acts)) {
    event.preventDefault();
    event.stopPropagation();
  }
}

/** By the place of the key, not by its sign: Alt+M is `µ` on a Mac. */
function command(event: KeyboardEvent, acts: KeyActs): boolean {
  const { key, code, altKey, shiftKey } = event;
  const pointer = pointerOf(event.target);
  if ((event.ctrlKey || event.metaKey) && code === 'KeyS') acts.save();
  else if (pointer !== undefined && (key === 'F8' || (altKey && code === 'KeyM'))) acts.openReasons(pointer);
  else if (altKey && code === 'KeyN') acts.step(shiftKey ? -1 : 1);
  else if (key === '?' && !isText(event.target)) acts.help();
  else if (key === 'Escape') return acts.closeReasons();
  else return false;
  return true;
}

/** Enter goes on to the next field; in a text of several lines only with Ctrl. Buttons keep it. */
function enter({ target, shiftKey, ctrlKey, metaKey }: KeyboardEvent, acts: KeyActs): boolean {
  const isBox = target instanceof HTMLInputElement && target.type !== 'file';
  if (!isBox && !(target instanceof HTMLTextAreaElement && (ctrlKey || metaKey))) return false;
  const next = onward(acts.root(), target, shiftKey ? -1 : 1);
  if (next && !focusItem(next)) next.focus();
  return true;
}

function inControl(event: KeyboardEvent, acts: KeyActs): boolean {
  const { target, key } = event;
  if (!(target instanceof HTMLInputElement) || event.ctrlKey || event.metaKey) return false;
  if (event.altKey) {
    const calendar = key === 'ArrowDown' && itemOf(target)?.querySelector('[data-action=calendar]');
    if (calendar) acts.calendar(target);
    return Boolean(calendar);
  }
  const isChoice = target.type === 'radio' || target.type === 'checkbox';
  const pointer = pointerOf(target);
  if (!isChoice || pointer === undefined) return false;
  if (key === 'Delete' || key === 'Backspace') acts.clear(pointer);
  else if (/^[1-9]$/.test(key)) choose(target, Number(key) - 1);
  else return false;
  return true;
}

function choose(target: HTMLInputElement, index: number): void {
  const choice = target.closest('.choices')?.querySelectorAll('input')[index];
  choice?.focus();
  if (choice && !(choice.type === 'radio' && choice.checked)) choice.click(); // a second press on a chosen radio would clear it
}

function isText(target: EventTarget | null): boolean {
  return target instanceof HTMLTextAreaElement || (target instanceof HTMLInputElement && target.type === 'text') || target instanceof HTMLSelectElement;
}

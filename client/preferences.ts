/** How this person wants the page: kept on the device for each account, since wards share tablets, and shown on `<html>`. */
import type { Language } from './text/index.ts';

export interface Preferences {
  language: Language;
  theme: 'system' | 'light' | 'dark';
  contrast: 'system' | 'more';
  density: 'comfortable' | 'compact';
}

const usual: Preferences = { language: 'zh', theme: 'system', contrast: 'system', density: 'comfortable' };

/** Before anybody has signed in, those of whoever was here last. */
export function readPreferences(accountId?: string): Preferences {
  const kept = (accountId && localStorage.getItem(keyOf(accountId))) || localStorage.getItem(keyOf('last'));
  try {
    return { ...usual, ...(kept ? JSON.parse(kept) as Partial<Preferences> : {}) };
  } catch {
    return usual;
  }
}

export function keepPreferences(preferences: Preferences, accountId?: string): void {
  const text = JSON.stringify(preferences);
  localStorage.setItem(keyOf('last'), text);
  if (accountId) localStorage.setItem(keyOf(accountId), text);
}

export function applyPreferences({ language, theme, contrast, density }: Preferences, root: HTMLElement = document.documentElement): void {
  root.lang = language === 'zh' ? 'zh-CN' : 'en';
  setOrRemove(root, 'data-theme', theme === 'system' ? undefined : theme);
  setOrRemove(root, 'data-contrast', contrast === 'more' ? 'more' : undefined);
  setOrRemove(root, 'data-density', density === 'compact' ? 'compact' : undefined);
}

function setOrRemove(element: HTMLElement, name: string, value: string | undefined): void {
  if (value === undefined) element.removeAttribute(name);
  else element.setAttribute(name, value);
}

const keyOf = (whose: string) => `xf.preferences.${whose}`;

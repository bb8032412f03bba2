/** What requests say of this device, for the audit trail: which one it is, and what its clock shows. */
import { deviceHeaders } from '../schemas/history/device.ts';

const stored = 'xf-device';
let known: string | undefined;

/** Made once; where nothing can be kept, once for this page. */
function deviceId(): string {
  if (known !== undefined) return known;
  try {
    known = localStorage.getItem(stored) ?? undefined;
    if (known === undefined) localStorage.setItem(stored, (known = crypto.randomUUID()));
  } catch {
    known ??= crypto.randomUUID();
  }
  return known;
}

/** `2026-11-22T08:00:00.000+08:00` */
export function localInstant(now: Date): string {
  const offset = -now.getTimezoneOffset();
  const [hours, minutes] = [Math.trunc(Math.abs(offset) / 60), Math.abs(offset) % 60].map((part) => String(part).padStart(2, '0'));
  return `${new Date(now.getTime() + offset * 60_000).toISOString().slice(0, -1)}${offset < 0 ? '-' : '+'}${hours}:${minutes}`;
}

export function thisDevice(): Record<string, string> {
  return { [deviceHeaders.id]: deviceId(), [deviceHeaders.at]: localInstant(new Date()) };
}

/** What is kept of the device that something was done on: of what kind it is, never the whole of what it says. */

export interface Device {
  /** `chrome/android/tablet` */
  agent: string;
  /** Made by the page, once on each device. */
  id?: string;
  /** Its own clock when the act was done, as it gave it. */
  at?: string;
  /** The act was done without a connection, and sent later. */
  offline?: true;
}

const browsers: readonly [RegExp, string][] = [[/Edg(e|A|iOS)?\//, 'edge'], [/OPR\//, 'opera'], [/Firefox\/|FxiOS\//, 'firefox'], [/HeadlessChrome|Chrome\/|CriOS\//, 'chrome'], [/Safari\//, 'safari']];
const systems: readonly [RegExp, string][] = [[/HarmonyOS/, 'harmonyos'], [/Android/, 'android'], [/iPhone|iPad|iPod/, 'ios'], [/Windows/, 'windows'], [/Mac OS X/, 'macos'], [/CrOS/, 'chromeos'], [/Linux/, 'linux']];

/** `browser/system/shape`. */
export function agentClass(userAgent: string): string {
  const name = (list: readonly [RegExp, string][]) => list.find(([pattern]) => pattern.test(userAgent))?.[1] ?? 'other';
  const system = name(systems);
  const shape = /iPad|Tablet/.test(userAgent) || (/Android|HarmonyOS/.test(userAgent) && !/Mobile/.test(userAgent)) ? 'tablet' : /Mobi|iPhone/.test(userAgent) ? 'phone' : 'desktop';
  return `${name(browsers)}/${system}/${system === 'other' ? 'other' : shape}`;
}

export const deviceHeaders = { id: 'x-device-id', at: 'x-device-time', offline: 'x-device-offline' } as const;

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)$/;

/** From the headers of a request; what is not of its shape is left out. `agent` is the class, made once for each user agent. */
export function deviceOf(headers: { readonly [name: string]: string | string[] | undefined }, agent: string): Device {
  const text = (name: string) => (typeof headers[name] === 'string' ? headers[name] : '');
  const [id, at] = [text(deviceHeaders.id), text(deviceHeaders.at)];
  return { agent, ...(at !== '' && instant.test(at) ? { at } : {}), ...(id !== '' && uuid.test(id) ? { id } : {}), ...(text(deviceHeaders.offline) === '1' ? { offline: true } : {}) };
}

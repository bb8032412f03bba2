/** Inside the browser: takes the times of one engine and one form, named in the address. Knows nothing of either. */
import type { FormBench, Pressed } from '../measured.ts';
import type { Engine } from './engine.ts';

declare global {
  interface Window {
    formBench: FormBench;
  }
}

const query = new URLSearchParams(location.search);
let engine: Engine;
let start: (place: HTMLElement) => Promise<void>;

/** The first moment after the next frame was painted. */
const painted = () => new Promise<number>((resolve) => requestAnimationFrame(() => {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => resolve(performance.now());
  port2.postMessage(0);
}));

const isThere = (name: string) => {
  const element = engine.find(name);
  return element !== null && element.closest('[hidden]') === null;
};

window.formBench = {
  ready: (async () => {
    engine = (query.get('engine') === 'ours' ? await import('./ours.ts') : await import('./plain.ts')).engine;
    start = await engine.load(query.get('form') ?? '');
    await painted();
  })(),
  async mount(first, last) {
    const place = document.body.appendChild(document.createElement('main'));
    await painted();
    const began = performance.now();
    const started = start(place);
    let now = await painted();
    while (!isThere(last)) now = await painted();
    await started;
    engine.find(first)?.focus();
    return { mount: now - began, nodes: countNodes(document) };
  },
  focus(name) {
    const element = engine.find(name);
    element?.scrollIntoView({ block: 'center' });
    element?.focus();
    return element !== null;
  },
  arm(dependent) {
    const before = dependent !== undefined && isThere(dependent);
    this.pressed = new Promise<Pressed>((resolve) => addEventListener('keydown', ({ timeStamp: began }) => {
      const after = async () => {
        const paint = (await painted()) - began;
        let flip: number | undefined;
        if (dependent !== undefined) {
          for (let frames = 0; isThere(dependent) === before && frames < 600; frames += 1) await painted();
          flip = isThere(dependent) === before ? undefined : Math.max(paint, performance.now() - began);
        }
        resolve({ paint, flip });
      };
      addEventListener('input', () => void after(), { capture: true, once: true });
    }, { capture: true, once: true }));
  },
  pressed: new Promise(() => {}),
};

function countNodes(root: Document | ShadowRoot): number {
  const elements = [...root.querySelectorAll('*')];
  return elements.length + elements.reduce((sum, { shadowRoot }) => sum + (shadowRoot ? countNodes(shadowRoot) : 0), 0);
}

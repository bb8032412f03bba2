/** Inside the browser: the product's own classifier and worker, fed with frames as a camera would feed them. */
import { Classifier, type Looked } from '../../../../client/controllers/classifier.ts';
import type { Classified, ClassifyBench } from '../measured.ts';

declare global {
  interface Window {
    classifyBench: ClassifyBench;
  }
}

const width = 1280;
const height = 720;
const canvas = new OffscreenCanvas(width, height);
const drawing = canvas.getContext('2d');

window.classifyBench = {
  async run(folder, frames): Promise<Classified> {
    const began = performance.now();
    const classifier = new Classifier(folder);
    const { manifest, runtime } = await new Promise<{ manifest: { name: string; version: string }; runtime: string }>((resolve, reject) => {
      classifier.onState = (state) => (state.kind === 'ready' ? resolve(state) : reject(new Error(state.kind === 'no-model' ? state.reason : 'The model is still loading')));
    });
    const load = performance.now() - began;
    const [frame, inWorker]: [number[], number[]] = [[], []];
    for (let at = -warmUp; at < frames; at += 1) {
      const picture = await draw(at + warmUp);
      const sent = performance.now();
      const looked = await new Promise<Looked>((resolve) => {
        classifier.onLooked = resolve;
        classifier.lookAtFrame(picture);
      });
      if (!looked.answer) throw new Error('A frame was not classified');
      if (at < 0) continue;
      frame.push(performance.now() - sent);
      inWorker.push(looked.latencyMs);
    }
    classifier.end();
    return { runtime, model: `${manifest.name} ${manifest.version}`, load, frame, inWorker };
  },
};

const warmUp = 5;

/** Skin with something dark on it that moves, and grain, so that no two frames are alike. */
async function draw(at: number): Promise<ImageBitmap> {
  if (!drawing) throw new Error('no canvas in this browser');
  const light = drawing.createRadialGradient(width / 2, height / 2, 50, width / 2, height / 2, 800);
  light.addColorStop(0, '#e2b89e');
  light.addColorStop(1, '#a87a5e');
  drawing.fillStyle = light;
  drawing.fillRect(0, 0, width, height);
  for (let grain = 0; grain < 400; grain += 1) {
    drawing.fillStyle = grain % 2 === 0 ? '#d8a98c' : '#c09074';
    drawing.fillRect((grain * 7919 + at * 31) % width, (grain * 6101 + at * 17) % height, 3, 3);
  }
  drawing.fillStyle = '#3a2420';
  drawing.beginPath();
  drawing.ellipse(width / 2 + 40 * Math.sin(at / 3), height / 2 + 20 * Math.cos(at / 4), 90, 60, at / 9, 0, 2 * Math.PI);
  drawing.fill();
  return createImageBitmap(canvas);
}

/** A short tone when a clock warns, a longer one when its limit has passed. Off until the person asks for it. */
const place = 'xf.sound';

export const isSoundOn = (): boolean => localStorage.getItem(place) === 'on';

export function switchSound(on: boolean): void {
  localStorage.setItem(place, on ? 'on' : 'off');
  if (on) sound('warned');
}

/** Browsers let a page make a sound only after it was touched; until then nothing is heard, and nothing fails. */
export function sound(kind: 'warned' | 'exceeded'): void {
  const context = new AudioContext();
  const tones = kind === 'warned' ? [0] : [0, 0.35, 0.7];
  for (const start of tones) {
    const [tone, volume] = [context.createOscillator(), context.createGain()];
    tone.frequency.value = kind === 'warned' ? 880 : 660;
    volume.gain.value = 0.2;
    tone.connect(volume).connect(context.destination);
    tone.start(context.currentTime + start);
    tone.stop(context.currentTime + start + 0.25);
  }
  setTimeout(() => void context.close(), 2000);
}

/** Chance that can be repeated: the same seed draws the same demonstration on every machine. Never for keys or passwords. */
import { createHash } from 'node:crypto';
import { v7 } from 'uuid';

export interface Random {
  /** From 0 up to, not including, 1. */
  next(): number;
  chance(probability: number): boolean;
  /** Both ends included. */
  integer(least: number, most: number): number;
  pick<T>(list: readonly T[]): T;
  /** One of the keys, as often as its weight says. */
  weighted<K extends string>(weights: { readonly [key in K]: number }): K;
  normal(mean: number, deviation: number): number;
  /** A UUIDv7 of the given moment (ms). */
  uuid(msecs: number): string;
}

/** Each label is a sequence of its own, so that drawing more of one thing changes no other. */
export function createRandom(seed: string, ...labels: readonly (string | number)[]): Random {
  const next = sfc32(createHash('sha256').update([seed, ...labels].join('/')).digest());
  const integer = (least: number, most: number) => least + Math.floor(next() * (most - least + 1));
  return {
    next,
    chance: (probability) => next() < probability,
    integer,
    pick: (list) => list[integer(0, list.length - 1)] ?? nothingToPick(),
    weighted(weights) {
      const entries = Object.entries<number>(weights) as [keyof typeof weights, number][];
      let rest = next() * entries.reduce((sum, [, weight]) => sum + weight, 0);
      return (entries.find(([, weight]) => (rest -= weight) < 0) ?? entries[0] ?? nothingToPick())[0];
    },
    normal: (mean, deviation) => mean + deviation * Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
    uuid: (msecs) => v7({ msecs, seq: integer(0, 0xfff_ffff), random: Uint8Array.from({ length: 16 }, () => integer(0, 255)) }),
  };
}

function nothingToPick(): never {
  throw new Error('There is nothing to pick from');
}

/** Chris Doty-Humphrey's sfc32, public domain: small, quick and even enough for pictures. */
function sfc32(seed: Buffer): () => number {
  let [a, b, c, counter] = [seed.readUInt32LE(0), seed.readUInt32LE(4), seed.readUInt32LE(8), 1];
  const next = () => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 4_294_967_296;
  };
  for (let round = 0; round < 12; round += 1) next();
  return next;
}

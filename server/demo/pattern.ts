/** A text that matches a pattern of a standard: literals, classes, groups, alternatives and counted repetition. */
import type { Random } from './random.ts';

/** Undefined when the pattern uses what is not known here, or what came out does not match. */
export function drawPattern(random: Random, pattern: string): string | undefined {
  const whole = new RegExp(`^(?:${pattern})$`, 'u');
  for (let tries = 0; tries < 20; tries += 1) {
    const text = new PatternWriter(random, pattern).write();
    if (whole.test(text)) return text;
  }
  return undefined;
}

const escapes: { [letter: string]: string } = { d: '0123456789', w: 'abcdefghjkmnpqrstuvwxyz0123456789', s: ' ' };

class PatternWriter {
  readonly #random: Random;
  readonly #signs: string[];
  #at = 0;

  constructor(random: Random, pattern: string) {
    this.#random = random;
    this.#signs = [...pattern];
  }

  /** Reads one level of alternatives and writes one of them. */
  write(): string {
    const ways = [this.#sequence()];
    while (this.#signs[this.#at] === '|') {
      this.#at += 1;
      ways.push(this.#sequence());
    }
    return this.#random.pick(ways);
  }

  #sequence(): string {
    let text = '';
    while (this.#at < this.#signs.length && this.#signs[this.#at] !== '|' && this.#signs[this.#at] !== ')') text += this.#quantified();
    return text;
  }

  /** The atom is read again for each copy, so that `[0-9]{4}` gives four digits and not one digit four times. */
  #quantified(): string {
    const start = this.#at;
    const first = this.#atom();
    const end = this.#at;
    const [least, most] = this.#bounds();
    const after = this.#at;
    const copies = this.#random.integer(least, most);
    let text = copies > 0 ? first : '';
    for (let copy = 1; copy < copies; copy += 1) {
      this.#at = start;
      text += this.#atom();
    }
    this.#at = this.#at === end ? after : Math.max(after, this.#at);
    return text;
  }

  #bounds(): [number, number] {
    const rest = this.#signs.slice(this.#at).join('');
    const counted = /^\{(\d+)(?:(,)(\d*))?\}/.exec(rest);
    if (counted) {
      this.#at += counted[0].length;
      const least = Number(counted[1]);
      return [least, counted[3] ? Number(counted[3]) : counted[2] ? least + 3 : least];
    }
    const sign = rest[0];
    if (sign !== '?' && sign !== '*' && sign !== '+') return [1, 1];
    this.#at += 1;
    return sign === '?' ? [0, 1] : [sign === '+' ? 1 : 0, 4];
  }

  #atom(): string {
    const sign = this.#signs[this.#at] ?? '';
    this.#at += 1;
    if (sign === '(') return this.#group();
    if (sign === '[') return this.#class();
    if (sign === '\\') return this.#escape();
    if (sign === '^' || sign === '$') return '';
    return sign === '.' ? 'x' : sign;
  }

  #group(): string {
    if (this.#signs[this.#at] === '?') this.#at += 2;
    const text = this.write();
    this.#at += 1;
    return text;
  }

  #escape(): string {
    const letter = this.#signs[this.#at] ?? '';
    this.#at += 1;
    return this.#random.pick([...(escapes[letter] ?? letter)]);
  }

  #class(): string {
    const end = this.#signs.indexOf(']', this.#at + 1);
    const inside = this.#signs.slice(this.#at, end).join('');
    this.#at = end + 1;
    const signs = inside
      .replace(/\\([dws])/g, (_, letter: string) => escapes[letter] ?? '')
      .replace(/([^\\])-([^\\])/g, (_, first: string, last: string) => range(first, last))
      .replace(/\\(.)/g, '$1');
    return inside.startsWith('^') ? 'x' : this.#random.pick([...signs]);
  }
}

function range(first: string, last: string): string {
  const [from, to] = [first.codePointAt(0) ?? 0, last.codePointAt(0) ?? 0];
  return String.fromCodePoint(...Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => from + index));
}

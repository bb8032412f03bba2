/**
 * Patterns that an author may write: only those that a backtracking engine matches in time linear in the text. Either the
 * next character alone decides which part of the pattern it belongs to (the pattern is "one-unambiguous", found on its
 * Glushkov automaton), or nothing in the pattern repeats.
 */

/** Code points as sorted ranges. */
type CharacterSet = readonly (readonly [number, number])[];

/** A part of the automaton: may it be empty, which positions may it begin and end with. */
interface Part {
  nullable: boolean;
  first: number[];
  last: number[];
  /** How many ways lead through it, each alternative one; counts where nothing repeats. */
  ways: number;
}

const EMPTY: Part = { nullable: true, first: [], last: [], ways: 1 };
const MAX_POSITIONS = 300;
const MAX_WAYS = 1000;
const LAST = 0x10ffff;
const DIGIT: CharacterSet = [[48, 57]];
const WORD: CharacterSet = [[48, 57], [65, 90], [95, 95], [97, 122]];
const SPACE: CharacterSet = [[9, 13], [32, 32], [160, 160], [5760, 5760], [8192, 8202], [8232, 8233], [8239, 8239], [8287, 8287], [12288, 12288], [65279, 65279]];

/** What is wrong with a pattern; undefined when it may be used. */
export function patternMistake(pattern: string): string | undefined {
  try {
    void new RegExp(`^(?:${pattern})$`, 'u');
  } catch {
    return 'Not a regular expression';
  }
  try {
    new PatternReader(pattern).check();
    return undefined;
  } catch (error) {
    if (error instanceof PatternMistake) return error.message;
    throw error;
  }
}

/** The pattern without the anchors that it may carry: it always holds for the whole value. */
export function withoutAnchors(pattern: string): string {
  return pattern.replace(/^\^/, '').replace(/(?<!\\)\$$/, '');
}

class PatternMistake extends Error {}

class PatternReader {
  readonly #characters: string[];
  readonly #sets: CharacterSet[] = [];
  readonly #follow: Set<number>[] = [];
  #at = 0;
  #repeats = false;

  constructor(pattern: string) {
    this.#characters = [...pattern];
  }

  check(): void {
    const whole = this.#alternatives();
    if (this.#at < this.#characters.length) throw new PatternMistake(`Unexpected '${this.#next}'`);
    // Where nothing repeats, the ways through it can still double with every part, as in (a|a)(a|a)(a|a)…
    if (!this.#repeats && whole.ways <= MAX_WAYS) return;
    for (const positions of [whole.first, ...this.#follow]) this.#checkUnambiguous([...positions]);
  }

  get #next(): string | undefined {
    return this.#characters[this.#at];
  }

  #take(text: string): boolean {
    const found = this.#characters.slice(this.#at, this.#at + text.length).join('') === text;
    if (found) this.#at += text.length;
    return found;
  }

  #checkUnambiguous(positions: number[]): void {
    for (const [i, a] of positions.entries()) {
      for (const b of positions.slice(i + 1)) {
        if (a !== b && intersect(this.#sets[a] ?? [], this.#sets[b] ?? [])) {
          throw new PatternMistake(this.#repeats
            ? 'Two parts of the pattern can begin with the same character where one repeats; matching it could take very long'
            : 'Too many ways lead through the pattern; let alternatives begin with different characters');
        }
      }
    }
  }

  #alternatives(): Part {
    let part = this.#sequence();
    while (this.#take('|')) {
      const other = this.#sequence();
      part = { nullable: part.nullable || other.nullable, first: [...part.first, ...other.first], last: [...part.last, ...other.last], ways: part.ways + other.ways };
    }
    return part;
  }

  #sequence(): Part {
    let part = EMPTY;
    while (this.#next !== undefined && this.#next !== '|' && this.#next !== ')') part = this.#join(part, this.#quantified());
    return part;
  }

  #join(a: Part, b: Part): Part {
    for (const position of a.last) {
      for (const next of b.first) {
        // Two ways from one character to the next, as in (a+)+: the automaton does not mind, a backtracking engine does.
        if (this.#follow[position]?.has(next)) throw new PatternMistake('A repeated part stands directly in a repeated part; matching it could take very long');
        this.#follow[position]?.add(next);
      }
    }
    return {
      nullable: a.nullable && b.nullable,
      first: a.nullable ? [...a.first, ...b.first] : a.first,
      last: b.nullable ? [...a.last, ...b.last] : b.last,
      ways: a.ways * b.ways,
    };
  }

  /** An atom with its quantifier; `x{1,3}` is written out as `x(?:xx?)?`, so that each copy has its own positions. */
  #quantified(): Part {
    const start = this.#at;
    const parts = [this.#atom()];
    const bounds = this.#quantifier();
    if (!bounds) return parts[0] ?? EMPTY;
    const end = this.#at;
    const [least, most] = bounds;
    const endless = most === Number.POSITIVE_INFINITY;
    if (least !== most) this.#repeats = true;
    if (most === 0) throw new PatternMistake('A part that may never occur');
    while (parts.length < (endless ? least : most)) {
      this.#at = start;
      parts.push(this.#atom());
    }
    this.#at = end;
    const last = parts.at(-1) ?? EMPTY;
    if (endless) this.#join(last, last);
    return parts.reduceRight((tail, part, i) => {
      const whole = this.#join(part, tail);
      return i >= least ? { ...whole, nullable: true } : whole;
    }, EMPTY);
  }

  #quantifier(): readonly [number, number] | undefined {
    const text = /^(?:[*+?]|\{\d+(?:,\d*)?\})/.exec(this.#characters.slice(this.#at, this.#at + 12).join(''))?.[0];
    if (!text) return undefined;
    this.#at += text.length;
    if (this.#next === '?') throw new PatternMistake('Lazy quantifiers are not part of the dialect');
    if (text === '*') return [0, Number.POSITIVE_INFINITY];
    if (text === '+') return [1, Number.POSITIVE_INFINITY];
    if (text === '?') return [0, 1];
    const [least = '0', most] = text.slice(1, -1).split(',');
    return [Number(least), most === undefined ? Number(least) : most === '' ? Number.POSITIVE_INFINITY : Number(most)];
  }

  #atom(): Part {
    if (this.#take('(?:')) return this.#group();
    if (this.#take('(?')) throw new PatternMistake('Lookaround and named groups are not part of the dialect');
    if (this.#take('(')) return this.#group();
    if (this.#next === '^' || this.#next === '$') throw new PatternMistake('Anchors may only stand at the very beginning and end');
    const set = this.#take('[') ? this.#class() : this.#single();
    const position = this.#sets.push(set) - 1;
    this.#follow.push(new Set());
    if (position >= MAX_POSITIONS) throw new PatternMistake(`The pattern is longer than ${MAX_POSITIONS} characters when its repetitions are written out`);
    return { nullable: false, first: [position], last: [position], ways: 1 };
  }

  #group(): Part {
    const part = this.#alternatives();
    if (!this.#take(')')) throw new PatternMistake('A group is not closed');
    return part;
  }

  #single(): CharacterSet {
    const character = this.#characters[this.#at++] ?? '';
    if (character === '.') return [[0, LAST]];
    return character === '\\' ? this.#escape() : pointSet(character);
  }

  #escape(): CharacterSet {
    const character = this.#characters[this.#at++] ?? '';
    const known: { [letter: string]: CharacterSet } = { d: DIGIT, D: invert(DIGIT), w: WORD, W: invert(WORD), s: SPACE, S: invert(SPACE), t: [[9, 9]], n: [[10, 10]], r: [[13, 13]] };
    const set = known[character];
    if (set) return set;
    if (/[A-Za-z0-9]/.test(character)) throw new PatternMistake(`\\${character} is not part of the dialect`);
    return pointSet(character);
  }

  #class(): CharacterSet {
    const negative = this.#take('^');
    const ranges: (readonly [number, number])[] = [];
    while (!this.#take(']')) {
      if (this.#next === undefined) throw new PatternMistake('A class is not closed');
      const from = this.#member();
      const single = from.length === 1 && from[0]?.[0] === from[0]?.[1];
      if (single && this.#next === '-' && this.#characters[this.#at + 1] !== ']') {
        this.#at++;
        ranges.push([from[0]?.[0] ?? 0, this.#member()[0]?.[1] ?? 0]);
      } else {
        ranges.push(...from);
      }
    }
    return negative ? invert(ranges) : ranges;
  }

  /** A member of a class, where a full stop is itself. */
  #member(): CharacterSet {
    const character = this.#characters[this.#at++] ?? '';
    return character === '\\' ? this.#escape() : pointSet(character);
  }
}

function pointSet(character: string): CharacterSet {
  const point = character.codePointAt(0) ?? 0;
  return [[point, point]];
}

function intersect(a: CharacterSet, b: CharacterSet): boolean {
  return a.some(([low, high]) => b.some(([from, to]) => low <= to && from <= high));
}

function invert(ranges: CharacterSet): CharacterSet {
  const result: (readonly [number, number])[] = [];
  let next = 0;
  for (const [from, to] of [...ranges].sort((a, b) => a[0] - b[0])) {
    if (from > next) result.push([next, from - 1]);
    next = Math.max(next, to + 1);
  }
  if (next <= LAST) result.push([next, LAST]);
  return result;
}

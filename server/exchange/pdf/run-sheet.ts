/** A run on one page: who and when, the steps, the clocks, what went otherwise than planned, the aliquots. */
import { fitted, openPaper } from './paper.ts';
import { say, type Language } from './words.ts';

/** What stands on the sheet, in words already. */
export interface RunSheet {
  title: string;
  /** Lines of the head: what, and its value. */
  head: readonly (readonly [string, string])[];
  steps: readonly SheetStep[];
  /** Rows of the clocks: title, from, to, minutes, limit, state. */
  clocks: readonly (readonly string[])[];
  deviations: readonly string[];
  acceptance: readonly (readonly [string, string])[];
  aliquots: readonly { code: string; content: string }[];
  foot: string;
}

export interface SheetStep {
  title: string;
  state: string;
  /** One list for each record. */
  records: readonly { label: string; rows: readonly (readonly [string, string])[] }[];
}

const a4: [number, number] = [595.28, 841.89];
const margin = 34;
const width = a4[0] - 2 * margin;
const ink = '#1b2026';
const quiet = '#535c66';

export async function drawRunSheet(sheet: RunSheet, { language, at }: { language: Language; at: Date }): Promise<Buffer> {
  // The largest type with which everything is on one page; with the smallest the rest goes on a second page, for nothing is left out.
  for (const size of [9.5, 9, 8.5, 8, 7.5, 7, 6.5, 6, 5.5, 5]) {
    const { doc, finish } = await openPaper({ title: sheet.title, size: a4, at });
    const drawing = new Drawing(doc, size, language);
    drawing.draw(sheet);
    if (drawing.pages === 1 || size === 5) return finish();
  }
  throw new Error('unreachable');
}

class Drawing {
  readonly #doc: PDFKit.PDFDocument;
  readonly #size: number;
  readonly #say: ReturnType<typeof say>;
  #y = margin;
  pages = 1;

  constructor(doc: PDFKit.PDFDocument, size: number, language: Language) {
    this.#doc = doc;
    this.#size = size;
    this.#say = say(language);
  }

  draw(sheet: RunSheet): void {
    this.#line(sheet.title, margin, width, { weight: 'bold', size: 15 });
    this.#y += 21;
    this.#pairs(sheet.head);
    this.#y += 4;
    for (const step of sheet.steps) this.#step(step);
    this.#heading(this.#say('clocks'));
    this.#table([this.#say('clock'), this.#say('from'), this.#say('to'), this.#say('minutes'), this.#say('limit'), this.#say('status')], sheet.clocks, [0.32, 0.16, 0.16, 0.1, 0.1, 0.16]);
    this.#heading(this.#say('deviations'));
    for (const text of sheet.deviations.length > 0 ? sheet.deviations : [this.#say('no-deviations')]) this.#paragraph(text);
    this.#heading(this.#say('acceptance'));
    this.#pairs(sheet.acceptance);
    this.#heading(`${this.#say('aliquots')} (${sheet.aliquots.length})`);
    if (sheet.aliquots.length === 0) this.#paragraph(this.#say('no-aliquots'));
    this.#grid(sheet.aliquots.map(({ code, content }) => `${code}  ${content}`));
    this.#signatures(sheet.foot);
  }

  /** Smaller type has room for more beside each other. */
  get #columns(): number {
    return Math.max(2, Math.floor(width / (this.#size * 18.4)));
  }

  get #row(): number {
    return this.#size * 1.45;
  }

  /** Goes on to another page where `height` does not fit. */
  #room(height: number): void {
    if (this.#y + height <= a4[1] - margin) return;
    this.#doc.addPage({ size: a4, margin: 0 });
    this.pages += 1;
    this.#y = margin;
  }

  #line(text: string, x: number, wide: number, { weight = 'regular', size = this.#size, colour = ink }: { weight?: 'regular' | 'bold'; size?: number; colour?: string } = {}): void {
    const fitting = fitted(this.#doc.font(weight), text, wide, size, size * 0.6);
    this.#doc.fontSize(fitting).fillColor(colour).text(text, x, this.#y + (size - fitting) * 0.9, { width: wide + 1, height: size * 1.5, ellipsis: '…' });
  }

  #paragraph(text: string): void {
    this.#doc.font('regular').fontSize(this.#size);
    const height = this.#doc.heightOfString(text, { width });
    this.#room(height);
    this.#doc.fillColor(ink).text(text, margin, this.#y, { width });
    this.#y += height + 1;
  }

  #heading(text: string, right = ''): void {
    this.#room(this.#row * 3);
    this.#y += this.#size * 0.7;
    this.#line(text, margin, width * 0.7, { weight: 'bold', size: this.#size * 1.15 });
    if (right) this.#doc.font('regular').fontSize(this.#size).fillColor(quiet).text(right, margin, this.#y, { width, align: 'right' });
    this.#y += this.#row * 1.15;
    this.#doc.moveTo(margin, this.#y - 1).lineTo(margin + width, this.#y - 1).lineWidth(0.5).strokeColor('#79828c').stroke();
    this.#y += 2;
  }

  #step({ title, state, records }: SheetStep): void {
    this.#heading(title, state);
    if (records.length === 0) this.#paragraph(this.#say('no-record'));
    for (const { label, rows } of records) {
      if (label && records.length > 1) {
        this.#room(this.#row * 2);
        this.#line(label, margin, width, { weight: 'bold' });
        this.#y += this.#row;
      }
      this.#pairs(rows);
    }
  }

  /** Names and values in columns, each in its own place, so that the eye finds a time by where it stands. */
  #pairs(pairs: readonly (readonly [string, string])[]): void {
    const columns = this.#columns;
    const column = width / columns;
    for (let i = 0; i < pairs.length; i += columns) {
      this.#room(this.#row);
      for (const [j, [name, value]] of pairs.slice(i, i + columns).entries()) {
        const x = margin + j * column;
        this.#doc.font('regular').fontSize(this.#size);
        // A short value leaves room for a long name; what is too long for both is set smaller, not cut off.
        const named = Math.min(this.#doc.widthOfString(`${name}  `), Math.max(column * 0.4, column - 10 - this.#doc.widthOfString(value)));
        this.#line(name, x, named - 3, { colour: quiet });
        this.#line(value, x + named, column - named - 5);
      }
      this.#y += this.#row;
    }
  }

  #table(head: readonly string[], rows: readonly (readonly string[])[], shares: readonly number[]): void {
    for (const [i, row] of [head, ...rows].entries()) {
      this.#room(this.#row);
      let x = margin;
      for (const [j, text] of row.entries()) {
        const wide = (shares[j] ?? 0) * width;
        this.#line(text, x, wide - 4, { colour: i === 0 ? quiet : ink, weight: i > 0 && (j === 3 || (j === 5 && text === this.#say('late'))) ? 'bold' : 'regular' });
        x += wide;
      }
      this.#y += this.#row;
    }
  }

  #grid(texts: readonly string[]): void {
    const columns = this.#columns;
    const column = width / columns;
    for (let i = 0; i < texts.length; i += columns) {
      this.#room(this.#row);
      for (const [j, text] of texts.slice(i, i + columns).entries()) this.#line(text, margin + j * column, column - 4);
      this.#y += this.#row;
    }
  }

  #signatures(foot: string): void {
    this.#room(this.#row * 4);
    this.#y += this.#row * 1.6;
    const half = width / 2;
    for (const [j, word] of (['signed', 'reviewed'] as const).entries()) {
      this.#line(`${this.#say(word)}  __________________   ${this.#say('date')}  ____________`, margin + j * half, half - 12);
    }
    this.#y += this.#row * 1.8;
    this.#line(foot, margin, width, { size: Math.max(5, this.#size - 1), colour: quiet });
    this.#y += this.#row;
  }
}

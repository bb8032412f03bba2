/** A PDF with Chinese in it: the fonts travel inside, cut down to the signs that are used, so that it looks the same everywhere and needs no network. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import PDFDocument from 'pdfkit';

export type Weight = 'regular' | 'bold';

export interface Paper {
  /** Points, from the upper left corner of the page. */
  readonly doc: PDFKit.PDFDocument;
  /** The bytes; nothing can be drawn after. */
  finish(): Promise<Buffer>;
}

export interface PaperOptions {
  title: string;
  /** Of a page, in points. */
  size: [width: number, height: number];
  /** When it is made: written into the file, so that the same moment gives the same bytes. */
  at: Date;
}

export const millimetre = 72 / 25.4;

/** Noto Sans Hans under the SIL Open Font Licence. Read once, 8 MB each. */
const fontFolder = join(dirname(createRequire(import.meta.url).resolve('@embedpdf/fonts-sc')), '..', 'fonts');
let fonts: Promise<{ [weight in Weight]: Buffer }> | undefined;

export async function openPaper({ title, size, at }: PaperOptions): Promise<Paper> {
  fonts ??= readFonts();
  const { regular, bold } = await fonts;
  const doc = new PDFDocument({ size, margin: 0, autoFirstPage: true, lang: 'zh-CN', info: { Title: title, Creator: 'xiangya-forms', CreationDate: at, ModDate: at } });
  doc.registerFont('regular', regular);
  doc.registerFont('bold', bold);
  doc.font('regular');
  const chunks: Buffer[] = [];
  doc.on('data', (chunk: Buffer) => void chunks.push(chunk));
  const whole = new Promise<Buffer>((resolve, reject) => {
    doc.on('end', () => resolve(Buffer.concat(chunks)));
    doc.on('error', reject);
  });
  return {
    doc,
    finish() {
      doc.end();
      return whole;
    },
  };
}

/** The largest size, in points, at which a line is not wider than `width`. */
export function fitted(doc: PDFKit.PDFDocument, text: string, width: number, most: number, least = 3.5): number {
  doc.fontSize(most);
  return Math.max(least, Math.min(most, (most * width) / Math.max(doc.widthOfString(text), 0.1)));
}

async function readFonts(): Promise<{ [weight in Weight]: Buffer }> {
  const [regular, bold] = await Promise.all(['Regular', 'Bold'].map((weight) => readFile(join(fontFolder, `NotoSansHans-${weight}.otf`))));
  if (!regular || !bold) throw new Error('The fonts for PDF are not installed');
  return { regular, bold };
}

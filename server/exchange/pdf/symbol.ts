/** A code that a scanner reads, as a square of modules. */
import bwipjs from 'bwip-js/node';

export interface Symbol2D {
  /** Modules on a side, without the quiet zone. */
  size: number;
  isDark(x: number, y: number): boolean;
}

export function symbolOf(kind: 'datamatrix' | 'qrcode', text: string): Symbol2D {
  const [symbol] = bwipjs.raw({ bcid: kind, text });
  if (!symbol || !('pixs' in symbol)) throw new TypeError(`No ${kind} can be made`);
  const { pixs, pixx } = symbol;
  return { size: pixx, isDark: (x, y) => pixs[y * pixx + x] === 1 };
}

/** Draws it into a square of `side` points; modules beside each other in one stroke, so that no hair lines stand between them. */
export function drawSymbol(doc: PDFKit.PDFDocument, symbol: Symbol2D, x: number, y: number, side: number): void {
  const module = side / symbol.size;
  for (let row = 0; row < symbol.size; row += 1) {
    let from = -1;
    for (let column = 0; column <= symbol.size; column += 1) {
      const dark = column < symbol.size && symbol.isDark(column, row);
      if (dark && from < 0) from = column;
      if (!dark && from >= 0) {
        doc.rect(x + from * module, y + row * module, (column - from) * module, module);
        from = -1;
      }
    }
  }
  doc.fill('#000000');
}

import { css } from 'lit';

/** The document itself; everything else is styled inside its element. */
export const page = css`
  html { background: var(--crf-page); overflow-y: scroll; }
  body { margin: 0; }
`;

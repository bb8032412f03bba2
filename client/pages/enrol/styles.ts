/** How the two pages stand that ask who a patient is: a heading and a box above the form. */
import { css } from 'lit';

export const identityStyles = css`
:host { max-width: none; padding: var(--crf-space-3) 0 0; --crf-top: 56px; }
crf-form { padding: 0 var(--crf-space-4); }
@media (max-width: 720px) { :host { --crf-top: 0px; } }
@media (max-width: 480px) { crf-form { padding: 0 1px; } .above { margin-inline: var(--crf-space-4); } }
.back a { display: inline-flex; align-items: center; min-height: 36px; margin-inline-start: -4px; text-decoration: none; }
.above { max-width: var(--crf-column); margin-bottom: var(--crf-space-5); }
.above .field { margin-top: var(--crf-space-4); }
.above .box { max-width: 280px; }
`;

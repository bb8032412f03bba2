/** The pictures of a patient as a strip; a press opens the whole one above the page. */
import { css, html, nothing } from 'lit';
import type { ImageSummary, Subject } from '../../../schemas/http/api.ts';
import { imageAddress, thumbnailAddress } from '../../api.ts';
import { dayOfInstant } from '../../elements/shell/format.ts';
import { lesionInWords } from '../../elements/shell/patient-words.ts';
import '../../elements/shell/dialog.ts';
import { t } from '../../text/index.ts';

export const pictureStyles = css`
  .strip { display: flex; gap: var(--crf-space-3); overflow-x: auto; padding: 4px; margin: -4px; scroll-snap-type: x proximity; }
  .strip li { flex: none; scroll-snap-align: start; }
  .picture { display: block; width: 132px; padding: 0; border: 1px solid var(--crf-line); border-radius: var(--crf-radius); background: var(--crf-surface); text-align: start; overflow: hidden; }
  .picture:hover { border-color: var(--crf-edge); }
  .picture img { display: block; width: 130px; height: 98px; object-fit: cover; background: var(--crf-quiet); }
  .picture span { display: block; padding: 2px var(--crf-space-2) var(--crf-space-1); font-size: var(--crf-text-1); color: var(--crf-ink-2); overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
  .whole { display: block; max-width: 100%; max-height: 70dvh; margin: 0 auto; background: var(--crf-quiet); }
`;

const aboutPicture = ({ lesionId, createdAt }: ImageSummary, subject: Subject) => {
  const lesion = subject.lesions.find(({ id }) => id === lesionId);
  return [lesion ? `L${lesion.ordinal}` : '', dayOfInstant(createdAt)].filter(Boolean).join(' · ');
};

export function renderPictures(subject: Subject, show: (image: ImageSummary) => void) {
  return html`<ul class="strip">${[...subject.images].reverse().map((image) => html`<li><button class="picture" type="button" @click=${() => show(image)}>
    <img src=${thumbnailAddress(subject.siteId, image.id)} alt=${t('picture.of', { what: aboutPicture(image, subject) })} width="130" height="98" loading="lazy" />
    <span aria-hidden="true">${aboutPicture(image, subject)}</span></button></li>`)}</ul>`;
}

export function renderWholePicture(subject: Subject, image: ImageSummary | undefined, close: () => void) {
  const lesion = subject.lesions.find(({ id }) => id === image?.lesionId);
  return html`<crf-dialog wide .heading=${image ? [lesion ? lesionInWords(lesion) : t('picture'), dayOfInstant(image.createdAt)].join(' · ') : ''} .open=${image !== undefined} @close=${close}>
    ${image ? html`<img class="whole" src=${imageAddress(subject.siteId, image.id)} alt=${t('picture.of', { what: aboutPicture(image, subject) })} width=${image.width} height=${image.height} />` : nothing}</crf-dialog>`;
}

/** Words of the capture screen; apart from the catalogue because they are loaded with the camera. */
import type { Language, WordList } from './index.ts';

const captureWords = {
  title: ['拍摄', 'Capture'],
  close: ['关闭', 'Close'],
  starting: ['正在打开相机…', 'Opening the camera…'],
  analysing: ['正在分析…', 'Analysing…'],
  shutter: ['拍照', 'Take the picture'],
  chooseFile: ['选择文件', 'Choose a file'],
  retake: ['重拍', 'Retake'],
  keep: ['保留', 'Keep'],
  keepAnyway: ['仍然保留', 'Keep anyway'],
  done: ['完成', 'Done'],
  skip: ['不作判断，直接完成', 'No opinion, just finish'],
  refused: ['相机未获许可。请在浏览器地址栏旁允许使用相机，或选择文件。', 'The camera was not allowed. Allow it beside the address bar, or choose a file.'],
  none: ['没有找到相机。可以选择文件。', 'No camera was found. You can choose a file.'],
  busy: ['相机正被其他程序占用。关闭它后重试，或选择文件。', 'Another program is using the camera. Close it and try again, or choose a file.'],
  unreadable: ['这个文件不是完整的图片。请重新选择。', 'This file is not a whole picture. Choose another.'],
  tryAgain: ['重试', 'Try again'],
  ring: ['让皮损位于圆圈中央，放一把标尺', 'Put the lesion in the middle of the ring, with a ruler beside it'],
  focus: ['清晰度', 'Focus'],
  brightness: ['亮度', 'Light'],
  clipped: ['曝光', 'Exposure'],
  glare: ['反光', 'Glare'],
  good: ['合格', 'good'],
  bad: ['不合格', 'not good'],
  unknown: ['未测', 'not measured'],
  fixFocus: ['画面模糊：拿稳，点按皮损对焦', 'Blurred: hold still, tap the lesion to focus'],
  fixBrightness: ['太暗：增加光线', 'Too dark: add light'],
  fixClipped: ['过曝：避开强光', 'Burnt out: less direct light'],
  fixGlare: ['有反光：换个角度', 'Glare: change the angle'],
  ready: ['画面合格，可以拍照', 'Good to take'],
  research: ['仅供研究', 'research use'],
  suggestion: ['分类建议', 'Suggestion'],
  noSuggestion: ['不作建议', 'No suggestion'],
  showSuggestion: ['显示建议', 'Show the suggestion'],
  hideSuggestion: ['隐藏建议', 'Hide the suggestion'],
  modelLoading: ['模型载入中', 'Model loading'],
  noModel: ['分类模型不可用，仍可拍照', 'The classifier is not available; pictures still work'],
  unsure: ['把握不足', 'not sure enough'],
  disagreement: ['各区域意见不一', 'the parts of the picture disagree'],
  quality: ['画面不合格', 'the picture is not fit'],
  likely: ['较有可能', 'rather likely'],
  possible: ['有可能', 'possible'],
  unlikely: ['可能性小', 'less likely'],
  impression: ['您的判断', 'Your impression'],
  impressionHelp: ['先按您自己的判断选择，再看建议。', 'Choose by your own judgement first, then see the suggestion.'],
  differs: ['与建议不同：原因（可稍后在表单中填写）', 'Differs from the suggestion: why (can be filled in later in the form)'],
  taken: ['拍到的照片', 'The picture taken'],
  dialog: ['拍摄与分类', 'Capture and classification'],
} as const satisfies WordList;

export type CaptureWord = keyof typeof captureWords;
export type CaptureWords = { readonly [K in CaptureWord]: string };

/** All words of the capture screen in one language. */
export function captureText(language: Language): CaptureWords {
  const side = language === 'en' ? 1 : 0;
  return Object.fromEntries(Object.entries(captureWords).map(([key, pair]) => [key, pair[side]])) as CaptureWords;
}

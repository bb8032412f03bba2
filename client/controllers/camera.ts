/** The camera: opens the rear one, hands out live frames, takes the picture at full resolution. */

/** Why there is no picture: refused by the person or the page's policy, none there, or held by another program. */
export type CameraTrouble = 'refused' | 'none' | 'busy';

export interface Photo {
  blob: Blob;
  width: number;
  height: number;
  /** What the browser calls the camera. */
  cameraModel?: string;
}

/** ImageCapture is not in every browser, nor in TypeScript's library. */
interface StillCamera {
  takePhoto(): Promise<Blob>;
}
type StillCameraConstructor = new (track: MediaStreamTrack) => StillCamera;

export class Camera {
  readonly #video: HTMLVideoElement;
  #stream: MediaStream | undefined;

  constructor(video: HTMLVideoElement) {
    this.#video = video;
  }

  /** Resolves when frames arrive, or with the trouble. */
  async open(): Promise<CameraTrouble | undefined> {
    if (!navigator.mediaDevices?.getUserMedia) return 'none';
    try {
      this.#stream = await navigator.mediaDevices.getUserMedia({
        audio: false,
        video: { facingMode: { ideal: 'environment' }, width: { ideal: 3840 }, height: { ideal: 2160 } },
      });
      this.#video.srcObject = this.#stream;
      await this.#video.play();
      return undefined;
    } catch (error) {
      this.close();
      return troubleOf(error);
    }
  }

  close(): void {
    for (const track of this.#stream?.getTracks() ?? []) track.stop();
    this.#stream = undefined;
    this.#video.srcObject = null;
  }

  /** Calls `onFrame` for every new frame until it answers false. */
  eachFrame(onFrame: () => boolean): void {
    const step = () => {
      if (this.#stream && onFrame()) this.#video.requestVideoFrameCallback(step);
    };
    this.#video.requestVideoFrameCallback(step);
  }

  /** The centred square of the present frame, `size` pixels on a side, for the classifier. */
  frame(size: number): Promise<ImageBitmap> {
    const { videoWidth: width, videoHeight: height } = this.#video;
    const side = Math.min(width, height);
    const options: ImageBitmapOptions = side > size ? { resizeWidth: size, resizeHeight: size, resizeQuality: 'medium' } : {};
    return createImageBitmap(this.#video, Math.floor((width - side) / 2), Math.floor((height - side) / 2), side, side, options);
  }

  /** Takes the picture: the sensor's own where the browser can, else the frame on screen. Never waits for the classifier. */
  async takePhoto(): Promise<Photo> {
    const track = this.#stream?.getVideoTracks()[0];
    const blob = (track && (await takeStill(track))) ?? (await this.#grab());
    const picture = await createImageBitmap(blob);
    const { width, height } = picture;
    picture.close();
    return { blob, width, height, ...(track?.label ? { cameraModel: track.label.slice(0, 100) } : {}) };
  }

  #grab(): Promise<Blob> {
    const canvas = document.createElement('canvas');
    canvas.width = this.#video.videoWidth;
    canvas.height = this.#video.videoHeight;
    canvas.getContext('2d')?.drawImage(this.#video, 0, 0);
    return new Promise((resolve, reject) => {
      canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('no picture'))), 'image/jpeg', 0.95);
    });
  }
}

/** Undefined when the browser or the camera cannot, or takes longer than three seconds. */
async function takeStill(track: MediaStreamTrack): Promise<Blob | undefined> {
  const StillCamera = (globalThis as { ImageCapture?: StillCameraConstructor }).ImageCapture;
  if (!StillCamera) return undefined;
  const tooLong = new Promise<undefined>((resolve) => setTimeout(resolve, 3000));
  const still = new StillCamera(track).takePhoto().then((blob) => (blob.type === 'image/jpeg' ? blob : undefined), () => undefined);
  return Promise.race([still, tooLong]);
}

function troubleOf(error: unknown): CameraTrouble {
  const name = error instanceof DOMException ? error.name : '';
  if (name === 'NotAllowedError' || name === 'SecurityError') return 'refused';
  return name === 'NotReadableError' || name === 'AbortError' ? 'busy' : 'none';
}

// Sends files in parts, several at once. Hides Uppy: nothing else in the site knows which library does it.
import { AwsS3, Uppy } from "../uppy/uppy.min.mjs";
import * as api from "./upload-api.js";
import { nameOf } from "./upload-names.js";

const PARTS_AT_ONCE = 4;
const RETRY_DELAYS = [0, 1000, 3000];

// `listener` has progress(id, done, total), arrived(id), failed(id, error).
export class UploadEngine {
  #uppy = new Uppy({ autoProceed: true, allowMultipleUploadBatches: true });
  #hasher;
  #partSizes = new WeakMap();
  #digests = new Map();
  #contribution;

  constructor(contribution, hasher, listener) {
    this.#contribution = contribution;
    this.#hasher = hasher;
    this.#uppy.use(AwsS3, {
      shouldUseMultipart: true,
      limit: PARTS_AT_ONCE,
      retryDelays: RETRY_DELAYS,
      getChunkSize: (data) => this.#partSizes.get(data),
      createMultipartUpload: (file) => ({ uploadId: file.meta.upload, key: file.meta.upload }),
      listParts: (file, { uploadId, signal }) => api.arrived(uploadId, signal),
      signPart: (file, options) => this.#sign(options),
      completeMultipartUpload: async (file, { uploadId, signal }) => {
        await api.complete(uploadId, signal);
        return { location: "" };
      },
      // Uppy aborts after any error. The parts that arrived are what resuming needs, so only a person cancels.
      abortMultipartUpload: async () => {},
    });
    this.#uppy.on("upload-progress", (file, { bytesUploaded, bytesTotal }) =>
      listener.progress(file.meta.upload, bytesUploaded, bytesTotal));
    this.#uppy.on("upload-success", (file) => {
      listener.arrived(file.meta.upload);
      this.#uppy.removeFile(file.id);
    });
    this.#uppy.on("upload-error", (file, error) => listener.failed(file.meta.upload, error));
  }

  // Begins or resumes on the server; the answer is the server's upload. Throws ApiError, or Error("unreadable").
  async begin(file) {
    const name = nameOf(file);
    const { fingerprint } = await this.#hasher.fingerprint(file, name);
    return api.begin(this.#contribution, { name, size: file.size, fingerprint });
  }

  // Sends what the server does not have yet.
  send(upload, file) {
    this.#partSizes.set(file, upload.part_size);
    const id = this.#uppy.addFile({ name: upload.id, type: file.type, data: file, meta: { upload: upload.id } });
    this.#restore(id, upload.id);
    return id;
  }

  pause(id) {
    return this.#uppy.pauseResume(id);
  }

  retry(id) {
    this.#restore(id, this.#uppy.getFile(id).meta.upload);
    return this.#uppy.retryUpload(id);
  }

  forget(id) {
    if (this.#uppy.getFile(id)) this.#uppy.removeFile(id);
  }

  // With this state Uppy asks for the parts that arrived before it sends any.
  #restore(id, upload) {
    this.#uppy.setFileState(id, { s3Multipart: { uploadId: upload, key: upload } });
  }

  async #sign({ uploadId, partNumber, body, signal }) {
    const { md5, sha256 } = await this.#digestsOf(`${uploadId}/${partNumber}`, body);
    const part = { number: partNumber, size: body.size, md5, sha256 };
    const { method, url, headers } = await api.sign(uploadId, part, signal);
    return { method, url, headers };
  }

  // A part that is sent again has not changed: its digests are kept while this page lives.
  async #digestsOf(name, part) {
    if (!this.#digests.has(name)) this.#digests.set(name, await this.#hasher.digests(part));
    return this.#digests.get(name);
  }
}

// Sends many small files: hashed, begun and completed a few hundred at a time, each of them by one PUT.
import * as api from "./upload-api.js";
import { nameOf } from "./upload-names.js";

const FILES_AT_ONCE = 200;
const BYTES_AT_ONCE = 256 * 1024 * 1024;
const PUTS_AT_ONCE = 6;

// `listener` has moved(files, bytes), refused(name, why), waiting(again): the last returns a promise to wait for.
export class BatchSender {
  #cancelled = new AbortController();
  #begun = new Set();

  constructor(contribution, hasher, listener) {
    this.contribution = contribution;
    this.hasher = hasher;
    this.listener = listener;
  }

  // Ends when every file is on the server or was refused. Throws ApiError for what stops all of them.
  async send(files) {
    for (const group of groups(files)) await this.#sendGroup(await this.#claims(group));
  }

  // What was completed stays; what was only begun is given up.
  async cancel() {
    this.#cancelled.abort();
    await Promise.allSettled([...this.#begun].map((id) => api.cancel(id)));
  }

  async #claims(files) {
    const claims = await Promise.all(files.map(async (file) => {
      try {
        return { file, name: nameOf(file), size: file.size, ...(await this.hasher.digests(file)) };
      } catch (error) {
        this.listener.refused(nameOf(file), error.message);
        return null;
      }
    }));
    return claims.filter(Boolean);
  }

  // Sends the same list until nothing of it is missing: the server knows what it has.
  async #sendGroup(claims) {
    while (claims.length) {
      this.#cancelled.signal.throwIfAborted();
      try {
        claims = await this.#attempt(claims);
      } catch (error) {
        if (!error.mayPass) throw error;
        await this.listener.waiting();
      }
    }
  }

  async #attempt(claims) {
    const { signal } = this.#cancelled;
    const { files } = await api.beginBatch(this.contribution, claims.map(({ file, ...claim }) => claim), signal);
    const open = [];
    for (const [index, { upload, request, problem }] of files.entries()) {
      if (problem) this.listener.refused(claims[index].name, problem.detail);
      else open.push({ claim: claims[index], upload, request });
    }
    for (const { upload } of open) this.#begun.add(upload.id);
    await inTurn(open.filter((each) => each.request), PUTS_AT_ONCE, ({ claim, request }) => api.put(request, claim.file, signal));
    return this.#complete(open);
  }

  async #complete(open) {
    if (!open.length) return [];
    const { uploads } = await api.completeBatch(this.contribution, open.map(({ upload }) => upload.id), this.#cancelled.signal);
    const missing = open.filter((each, index) => uploads[index].problem).map(({ claim }) => claim);
    const arrived = open.filter((each, index) => !uploads[index].problem);
    for (const { upload } of arrived) this.#begun.delete(upload.id);
    this.listener.moved(arrived.length, arrived.reduce((sum, { claim }) => sum + claim.size, 0));
    return missing;
  }
}

function* groups(files) {
  let group = [];
  let bytes = 0;
  for (const file of files) {
    if (group.length === FILES_AT_ONCE || (group.length && bytes + file.size > BYTES_AT_ONCE)) {
      yield group;
      group = [];
      bytes = 0;
    }
    group.push(file);
    bytes += file.size;
  }
  if (group.length) yield group;
}

// `work` on each, `limit` at a time; the first failure ends it once those under way have ended.
async function inTurn(items, limit, work) {
  const waiting = [...items];
  let failure = null;
  const worker = async () => {
    while (waiting.length && !failure) await work(waiting.shift()).catch((error) => { failure ??= error; });
  };
  await Promise.all(Array.from({ length: limit }, worker));
  if (failure) throw failure;
}

// A few hashing workers; each job goes to the one with the least to do.
const SCRIPT = new URL("part-hash-worker.js", import.meta.url);

export class Hasher {
  #workers;
  #waiting = new Map();
  #next = 0;

  constructor(count) {
    this.#workers = Array.from({ length: count }, () => this.#start());
  }

  digests(part) {
    return this.#ask("digests", { part });
  }

  fingerprint(file, name) {
    return this.#ask("fingerprint", { file, name, modified: file.lastModified });
  }

  #start() {
    const worker = { thread: new Worker(SCRIPT), load: 0 };
    worker.thread.addEventListener("message", ({ data }) => {
      const { resolve, reject } = this.#waiting.get(data.id);
      this.#waiting.delete(data.id);
      worker.load -= 1;
      if (data.error) reject(new Error(data.error));
      else resolve(data.result);
    });
    return worker;
  }

  #ask(kind, given) {
    const worker = this.#workers.reduce((least, each) => (each.load < least.load ? each : least));
    const id = (this.#next += 1);
    worker.load += 1;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      worker.thread.postMessage({ id, kind, ...given });
    });
  }
}

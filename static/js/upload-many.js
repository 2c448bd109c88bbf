// Many small files on their way, as one row: how many, how much, what was refused, and what a person can do.
import * as api from "./upload-api.js";
import { BatchSender } from "./upload-batch.js";
import { TransferRow } from "./upload-row.js";

const CHECK_MS = 1000;
const WAITS = [2, 5, 10, 20, 30];

export class ManyTransfers {
  #files;
  #row;
  #sender;
  #moved = { files: 0, bytes: 0 };
  #refused = 0;
  #attempt = 0;
  #again = null;

  // `ended` is called when the row goes, `changed` when the server's list is another.
  constructor(files, { list, speech, contribution, hasher, ended, changed }) {
    this.#files = files;
    Object.assign(this, { speech, contribution, ended, changed });
    this.bytes = files.reduce((sum, file) => sum + file.size, 0);
    this.#row = new TransferRow(list, speech.fill(speech.words.many, { count: speech.number(files.length) }), speech, {
      cancel: () => this.#cancel(), retry: () => this.retry(), close: () => this.#close(),
    });
    this.#sender = new BatchSender(contribution, hasher, {
      moved: (count, size) => this.#progress(count, size),
      refused: (name, why) => this.#refuse(name, why),
      waiting: () => this.#wait(),
    });
  }

  async start() {
    this.#row.offer("cancel");
    this.#progress(0, 0);
    try {
      await this.#sender.send(this.#files);
    } catch (error) {
      if (error.name !== "AbortError") this.#stopped(error);
      return;
    }
    await this.#arrived();
  }

  retry() {
    this.#again?.();
  }

  #progress(files, bytes) {
    this.#attempt = 0;
    this.#moved = { files: this.#moved.files + files, bytes: this.#moved.bytes + bytes };
    const { fill, words, number } = this.speech;
    this.#row.lead = fill(words.files, { done: number(this.#moved.files), count: number(this.#files.length) });
    this.#row.progress(this.#moved.bytes, this.bytes);
  }

  #refuse(name, why) {
    this.#refused += 1;
    this.#row.add(name, this.speech.words[why] ?? why);
  }

  // The promise ends when it is time, or when a person or the network says "now".
  #wait() {
    const seconds = WAITS[Math.min(this.#attempt, WAITS.length - 1)];
    this.#attempt += 1;
    this.#row.say(navigator.onLine ? "retrying" : "offline", { seconds });
    this.#row.offer("retry", "cancel");
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, seconds * 1000);
      this.#again = () => {
        clearTimeout(timer);
        resolve();
      };
    }).then(() => {
      this.#again = null;
      this.#row.offer("cancel");
    });
  }

  #stopped(error) {
    this.#row.say("unknown", { why: error.message });
    this.#row.offer("close");
    this.changed();
  }

  async #arrived() {
    this.#row.offer();
    this.#row.say("checking");
    let left = 1;
    while (left) {
      ({ assembling: left } = await api.summary(this.contribution).catch(() => ({ assembling: 1 })));
      if (left) await new Promise((done) => setTimeout(done, CHECK_MS));
    }
    this.changed();
    if (!this.#refused) this.#close();
    else {
      this.#row.say("partly", { count: this.speech.number(this.#refused) });
      this.#row.offer("close");
    }
  }

  async #cancel() {
    this.#row.offer();
    this.retry();
    await this.#sender.cancel();
    this.#close();
  }

  #close() {
    this.#row.remove();
    this.ended(this);
    this.changed();
  }
}

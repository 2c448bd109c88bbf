// The drop zone of a contribution: takes files, shows each on its way, and goes on after anything short of "cancel".
import * as api from "./upload-api.js";
import { UploadEngine } from "./upload-engine.js";
import { Hasher } from "./upload-hasher.js";
import { ManyTransfers } from "./upload-many.js";
import { filesOf, nameOf } from "./upload-names.js";
import { TransferRow } from "./upload-row.js";

const zone = document.querySelector("[data-uploader]");
const list = document.querySelector("[data-transfers]");
const words = JSON.parse(zone.dataset.words);
const transfers = new Map();
const many = new Set();
const hasher = new Hasher(Math.min(4, Math.max(1, (navigator.hardwareConcurrency || 2) - 1)));
const CHECK_MS = 500;
// Up to so many small files each have a row of their own; more of them travel together.
const ROWS_OF_SMALL = 5;
const WAITS = [2, 5, 10, 20, 30];

function bytes(count) {
  const units = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"];
  const power = Math.min(units.length - 1, count < 1 ? 0 : Math.floor(Math.log10(count) / 3));
  const value = count / 1000 ** power;
  const digits = power && value < 10 ? 1 : 0;
  return new Intl.NumberFormat(document.documentElement.lang, {
    style: "unit", unit: units[power], unitDisplay: power ? "short" : "long", minimumFractionDigits: digits, maximumFractionDigits: digits,
  }).format(value);
}

const fill = (text, values) => text.replace(/%(\w+)%/g, (whole, name) => values[name] ?? whole);
const number = (count) => new Intl.NumberFormat(document.documentElement.lang).format(count);
const speech = { words, bytes, fill, number };

// One file: its row, its upload on the server, its place in the engine, and when to try again.
class Transfer {
  constructor(file) {
    this.file = file;
    this.attempt = 0;
    this.row = new TransferRow(list, nameOf(file), speech, {
      pause: () => this.pause(), resume: () => this.resume(), retry: () => this.retry(),
      cancel: () => this.cancel(), close: () => this.close(),
    });
  }

  async start() {
    try {
      this.upload = await engine.begin(this.file);
    } catch (error) {
      this.refuse(error, () => this.start());
      return;
    }
    if (transfers.has(this.upload.id)) {
      this.row.remove(); // the same file twice in one go
      return;
    }
    transfers.set(this.upload.id, this);
    changed();
    this.row.progress(0, this.file.size);
    if (!this.file.size) {
      this.completeEmpty();
      return;
    }
    this.row.offer("pause", "cancel");
    this.place = engine.send(this.upload, this.file);
  }

  // An empty file has no parts to send.
  async completeEmpty() {
    try {
      await api.complete(this.upload.id);
    } catch (error) {
      this.refuse(error, () => this.completeEmpty());
      return;
    }
    await this.arrived();
  }

  progress(done, total) {
    if (this.paused || this.waiting || !navigator.onLine) return;
    this.attempt = 0;
    this.row.progress(done, total);
  }

  pause() {
    this.paused = engine.pause(this.place);
    this.row.say("paused", { done: bytes(this.row.done), total: bytes(this.row.total) });
    this.row.offer("resume", "cancel");
  }

  resume() {
    this.paused = engine.pause(this.place);
    this.row.restartRate();
    this.row.progress(this.row.done, this.row.total);
    this.row.offer("pause", "cancel");
  }

  // Another tab may have finished this upload meanwhile; then there is nothing left to send.
  async failed(error) {
    const told = await api.read(this.upload.id).catch(() => this.upload);
    if (["assembling", "stored", "quarantined"].includes(told.state)) {
      engine.forget(this.place);
      await this.arrived();
    } else {
      this.refuse(error, () => engine.retry(this.place));
    }
  }

  // What may pass is tried again by itself; what will not is said in the server's words.
  refuse(error, again) {
    this.again = again;
    if (error.message === "unreadable" || error.name === "NotReadableError") {
      this.row.say("unreadable");
      this.row.offer("close");
    } else if (mayPass(error)) {
      this.wait();
    } else {
      this.row.say("unknown", { why: error.message });
      this.row.offer("retry", this.upload ? "cancel" : "close");
    }
  }

  wait() {
    const seconds = WAITS[Math.min(this.attempt, WAITS.length - 1)];
    this.attempt += 1;
    this.row.say(navigator.onLine ? "retrying" : "offline", { seconds });
    this.row.offer("retry", this.upload ? "cancel" : "close");
    this.waiting = setTimeout(() => this.retry(), seconds * 1000);
  }

  retry() {
    clearTimeout(this.waiting);
    this.waiting = null;
    this.row.restartRate();
    this.row.offer("pause", "cancel");
    this.again();
  }

  lostNetwork() {
    if (!this.paused && !this.waiting) this.row.say("offline");
  }

  async arrived() {
    this.row.say("checking");
    this.row.offer();
    let told = this.upload;
    while (["open", "assembling"].includes(told.state)) {
      await new Promise((done) => setTimeout(done, CHECK_MS));
      told = await api.read(this.upload.id).catch(() => told);
    }
    this.close(); // the list below says the rest, whether it is stored, failed or quarantined
  }

  async cancel() {
    clearTimeout(this.waiting);
    engine.forget(this.place);
    try {
      await api.cancel(this.upload.id);
    } catch (error) {
      this.row.say("unknown", { why: error.message });
      this.row.offer("cancel");
      return;
    }
    this.close();
  }

  close() {
    clearTimeout(this.waiting);
    if (this.upload) transfers.delete(this.upload.id);
    this.row.remove();
    changed();
  }
}

// A store says 403 to a link that has expired: a new one will do.
function mayPass(error) {
  const status = error.status ?? error.source?.status;
  if (error.source?.status === 403) return true;
  return status === undefined ? false : status === 0 || status === 408 || status === 429 || status >= 500;
}

// A file that is on its way here is not shown a second time in the server's list.
function hideMoving() {
  for (const row of document.querySelectorAll("#files [data-upload]")) {
    row.hidden = transfers.has(row.dataset.upload);
  }
}

function changed() {
  hideMoving();
  document.getElementById("files").dispatchEvent(new CustomEvent("changed"));
}

const engine = new UploadEngine(zone.dataset.contribution, hasher, {
  progress: (id, done, total) => transfers.get(id)?.progress(done, total),
  arrived: (id) => transfers.get(id)?.arrived(),
  failed: (id, error) => transfers.get(id)?.failed(error),
});

function take(files) {
  const most = Number(zone.dataset.small);
  const small = files.filter((file) => file.size <= most);
  const together = new Set(small.length > ROWS_OF_SMALL ? small : []);
  for (const file of files) if (!together.has(file)) new Transfer(file).start();
  if (together.size) takeTogether([...together]);
}

function takeTogether(files) {
  const transfer = new ManyTransfers(files, {
    list, speech, hasher, contribution: zone.dataset.contribution, changed, ended: (ended) => many.delete(ended),
  });
  many.add(transfer);
  transfer.start();
}

for (const input of zone.querySelectorAll("input[type=file]")) {
  input.disabled = false;
  input.addEventListener("change", () => {
    take([...input.files]);
    input.value = ""; // so that the same file can be chosen again
  });
}

for (const kind of ["dragenter", "dragover"]) {
  zone.addEventListener(kind, (event) => {
    event.preventDefault();
    zone.dataset.over = "";
  });
}
zone.addEventListener("dragleave", (event) => {
  if (!zone.contains(event.relatedTarget)) delete zone.dataset.over;
});
zone.addEventListener("drop", (event) => {
  event.preventDefault();
  delete zone.dataset.over;
  filesOf(event.dataTransfer).then(take);
});

document.body.addEventListener("htmx:afterSwap", hideMoving);
window.addEventListener("online", () => {
  for (const transfer of transfers.values()) if (transfer.waiting) transfer.retry();
  for (const transfer of many) transfer.retry();
});
window.addEventListener("offline", () => {
  for (const transfer of transfers.values()) transfer.lostNetwork();
});
window.addEventListener("beforeunload", (event) => {
  if (transfers.size || many.size) event.preventDefault();
});

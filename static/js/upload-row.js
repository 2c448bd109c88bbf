// One file on its way, as a row: name, size, bar, what happens, and what a person can do about it.
const WINDOW_MS = 8000;
const MOST_LINES = 20;

function element(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

export class TransferRow {
  #samples = [];
  #said;
  #bar;
  #buttons;
  #list;
  lead = "";

  // `speech` is { words, bytes(n), fill(text, values) }; `actions` maps names to functions.
  constructor(list, name, speech, actions) {
    this.speech = speech;
    this.actions = actions;
    this.#said = element("small", { dir: "auto" });
    this.#bar = element("progress", { max: 1, value: 0 });
    this.#bar.setAttribute("aria-label", name);
    this.#buttons = element("span");
    this.#list = element("ul", { hidden: true });
    this.node = element("li", { className: "file-row" }, element("span", {}, element("bdi", { textContent: name })), this.#buttons, this.#bar, this.#said, this.#list);
    this.say("preparing");
    list.append(this.node);
  }

  say(word, values = {}) {
    this.#said.textContent = this.speech.fill(this.speech.words[word], values);
    this.node.dataset.state = word;
  }

  offer(...names) {
    this.#buttons.replaceChildren(...names.map((name) => {
      const button = element("button", { type: "button", className: "quiet", textContent: this.speech.words[name] });
      button.addEventListener("click", () => this.actions[name]());
      return button;
    }));
  }

  // One more line under the row, up to a number that a person can read.
  add(name, text) {
    this.#list.hidden = false;
    if (this.#list.children.length === MOST_LINES) return;
    this.#list.append(element("li", {}, element("small", { dir: "auto", textContent: `${name}: ${text}` })));
  }

  progress(done, total) {
    this.#bar.max = total || 1;
    this.#bar.value = done;
    this.done = done;
    this.total = total;
    const { bytes, fill, words } = this.speech;
    const moved = fill(words.sending, { done: bytes(done), total: bytes(total) });
    const rate = this.#rate(done);
    const more = rate > 0 ? fill(words.rate, { rate: bytes(rate), left: this.#left((total - done) / rate) }) : "";
    this.#said.textContent = [this.lead, moved, more].filter(Boolean).join(" · ");
    this.node.dataset.state = "sending";
  }

  restartRate() {
    this.#samples = [];
  }

  remove() {
    this.node.remove();
  }

  // Bytes per second over the last few seconds, so that a slow start does not spoil the estimate.
  #rate(done) {
    const now = performance.now();
    this.#samples.push([now, done]);
    while (this.#samples.length > 2 && now - this.#samples[0][0] > WINDOW_MS) this.#samples.shift();
    const [[then, before]] = this.#samples;
    return now - then > 500 ? Math.max(0, ((done - before) * 1000) / (now - then)) : 0;
  }

  #left(seconds) {
    const { fill, words } = this.speech;
    if (seconds < 90) return fill(words.seconds, { n: Math.ceil(seconds) });
    if (seconds < 5400) return fill(words.minutes, { n: Math.round(seconds / 60) });
    return fill(words.hours, { n: Math.round(seconds / 3600) });
  }
}

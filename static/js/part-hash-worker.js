// Hashes parts away from the page: MD5 because object stores enforce it, SHA-256 because we keep it in the manifest.
importScripts(
  new URL("../hash-wasm/md5.umd.min.js", self.location).href,
  new URL("../hash-wasm/sha256.umd.min.js", self.location).href,
);
const BLOCK = 4 * 1024 * 1024;
const EDGE = 64 * 1024;
// Each hasher is a WebAssembly module with memory of its own: two are made, and used by one job after the other.
const hashers = Promise.all([hashwasm.createMD5(), hashwasm.createSHA256()]);

// Reads the part block by block, so that memory does not grow with the part's size.
async function digests({ part }) {
  const [md5, sha256] = (await hashers).map((hasher) => hasher.init());
  for (let at = 0; at < part.size; at += BLOCK) {
    const block = new Uint8Array(await part.slice(at, at + BLOCK).arrayBuffer());
    md5.update(block);
    sha256.update(block);
  }
  return { md5: md5.digest("hex"), sha256: sha256.digest("hex") };
}

// Names a file to its owner: name, size, time of change, and what its head and tail hold.
async function fingerprint({ file, name, modified }) {
  const sha256 = (await hashers)[1].init();
  sha256.update(new TextEncoder().encode(JSON.stringify([name, file.size, modified])));
  for (const edge of [file.slice(0, EDGE), file.slice(Math.max(0, file.size - EDGE))]) {
    sha256.update(new Uint8Array(await edge.arrayBuffer()));
  }
  return { fingerprint: sha256.digest("hex") };
}

const work = { digests, fingerprint };

async function answer({ id, kind, ...given }) {
  try {
    self.postMessage({ id, result: await work[kind](given) });
  } catch (error) {
    self.postMessage({ id, error: error.name === "NotReadableError" ? "unreadable" : String(error.message || error) });
  }
}

let last = Promise.resolve();
self.addEventListener("message", ({ data }) => {
  last = last.then(() => answer(data));
});

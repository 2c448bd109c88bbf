// Our JSON API for uploads, as the signed-in person. Errors carry the server's own words for people.
export class ApiError extends Error {
  constructor(status, text) {
    super(text);
    this.status = status;
  }

  // A lost connection or a server that is away: the same request may work later.
  get mayPass() {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

function token() {
  return document.querySelector("input[name=csrfmiddlewaretoken]")?.value ?? "";
}

function words(problem) {
  const fields = Object.values(problem.fields ?? {}).flat();
  return [problem.detail, ...fields].filter(Boolean).join(" ");
}

async function call(method, path, body, signal) {
  let answer;
  try {
    answer = await fetch(`/api/v1/${path}`, {
      method,
      signal,
      headers: { "X-CSRFToken": token(), Accept: "application/json", ...(body && { "Content-Type": "application/json" }) },
      body: body && JSON.stringify(body),
    });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new ApiError(0, "");
  }
  if (answer.status === 204) return null;
  const told = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new ApiError(answer.status, words(told) || answer.statusText);
  return told;
}

export const begin = (contribution, file) => call("POST", `contributions/${contribution}/uploads`, file);
export const summary = (contribution) => call("GET", `contributions/${contribution}/uploads/summary`);
export const beginBatch = (contribution, files, signal) =>
  call("POST", `contributions/${contribution}/uploads/batch`, { files }, signal);
export const completeBatch = (contribution, uploads, signal) =>
  call("POST", `contributions/${contribution}/uploads/batch/complete`, { uploads }, signal);
export const read = (id) => call("GET", `uploads/${id}`);
export const cancel = (id) => call("DELETE", `uploads/${id}`);
export const complete = (id, signal) => call("POST", `uploads/${id}/complete`, null, signal);

// In the shape that Uppy asks for.
export async function arrived(id, signal) {
  const { parts } = await call("GET", `uploads/${id}/parts`, null, signal);
  return parts.map(({ number, size, etag }) => ({ PartNumber: number, Size: size, ETag: etag }));
}

export async function sign(id, part, signal) {
  const { parts } = await call("POST", `uploads/${id}/parts`, { parts: [part] }, signal);
  return parts[0];
}

// Straight to the store. A link that has expired in the meantime is a reason to ask for another, not to give up.
export async function put({ method, url, headers }, body, signal) {
  let answer;
  try {
    answer = await fetch(url, { method, headers, body, signal, credentials: "omit" });
    await answer.arrayBuffer(); // so that the connection can be used again
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new ApiError(0, "");
  }
  if (!answer.ok) throw new ApiError(answer.status === 403 ? 0 : answer.status, answer.statusText);
}

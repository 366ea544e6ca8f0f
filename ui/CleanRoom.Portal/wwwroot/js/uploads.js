// @ts-check
// The page's side of uploads: a picked file stays here as a handle, and a worker does what is done with its bytes.
import { takeDataKey } from "./sealing.js";

/** @typedef {import("./upload-worker.js").Outcome} Outcome */

/** A file that a person picked, and the worker that reads it. */
class Picked {
  /** @param {File} file */
  constructor(file) {
    this.file = file;
    this.under = 0;
    this.last = 0;
    /** @type {Worker | null} */
    this.worker = null;
    /** @type {Map<number, (outcome: Outcome) => void>} */
    this.waiting = new Map();
  }

  /** @returns {Worker} */
  begin() {
    if (this.worker) return this.worker;
    const worker = new Worker(new URL("upload-worker.js", import.meta.url), { type: "module" });
    worker.onmessage = event => {
      if (event.data.under !== undefined) this.under = event.data.under;
      else this.end(event.data.id, event.data.outcome);
    };
    worker.onerror = () => this.stop("failed");
    worker.postMessage({ kind: "open", file: this.file });
    this.worker = worker;
    return worker;
  }

  /** @param {number} id @param {Outcome} outcome */
  end(id, outcome) {
    this.waiting.get(id)?.(outcome);
    this.waiting.delete(id);
  }

  /** @param {string} outcome What all that is under way ends with. */
  stop(outcome) {
    this.worker?.terminate();
    this.worker = null;
    this.under = 0;
    for (const id of [...this.waiting.keys()]) this.end(id, { outcome, digest: "", status: 0, body: null });
  }

  /** @param {object} asked @returns {Promise<Outcome>} */
  ask(asked) {
    const worker = this.begin();
    const id = ++this.last;
    return new Promise(resolve => {
      this.waiting.set(id, resolve);
      worker.postMessage({ ...asked, id });
    });
  }
}

/** @param {HTMLInputElement} input @returns {Picked} The file that was picked; throws when there is none. */
export function pickedFile(input) {
  const file = input.files?.[0];
  if (!file) throw new Error("no file is picked");
  return new Picked(file);
}

/**
 * The same file with other bytes for its beginning. The browser goes on reading the rest from where it lies, and goes on refusing it once it is another.
 * @param {Picked} picked @param {number} cut How many bytes of the beginning go. @param {Uint8Array<ArrayBuffer>} header What stands there instead.
 * @returns {Picked}
 */
export function withHeader({ file }, cut, header) {
  return new Picked(new File([header, file.slice(cut)], file.name, { lastModified: file.lastModified }));
}

/** @param {Picked} picked @returns {{ name: string, size: number, modified: number }} modified: ms since 1970. */
export function factsOfFile({ file }) {
  return { name: file.name, size: file.size, modified: file.lastModified };
}

/** @param {Picked} picked @param {number} offset @param {number} length @returns {Promise<Uint8Array | null>} null when it cannot be read. */
export async function readFile({ file }, offset, length) {
  try {
    return new Uint8Array(await file.slice(offset, offset + length).arrayBuffer());
  } catch {
    return null;
  }
}

/**
 * @param {Picked} picked @param {number} offset @param {number} length @param {string} digest What the part must have; empty for whatever it has.
 * @returns {Promise<Outcome>}
 */
export function digestPart(picked, offset, length, digest) {
  return picked.ask({ kind: "digest", offset, length, digest });
}

/** Gives the worker the data key, non-extractable. @param {Picked} picked @param {Uint8Array} secret 32 bytes, zeroed. */
export async function useDataKey(picked, secret) {
  picked.begin().postMessage({ kind: "key", key: await takeDataKey(secret) });
}

/**
 * @param {Picked} picked @param {number} offset @param {number} length @param {string} digest Of the plaintext, as the upload began.
 * @param {Uint8Array} aad @param {string} parts Where parts are put, in front of a digest. @param {string} token @returns {Promise<Outcome>}
 */
export function carryPart(picked, offset, length, digest, aad, parts, token) {
  return picked.ask({ kind: "carry", offset, length, digest, aad, parts, token });
}

/** @param {Picked} picked @returns {number} Plaintext bytes of parts under way that have gone, each counted half. */
export function bytesUnder(picked) {
  return picked.under;
}

/** Ends the worker, and with it every request. @param {Picked} picked */
export function stopFile(picked) {
  picked.stop("stopped");
}

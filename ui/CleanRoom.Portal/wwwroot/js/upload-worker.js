// @ts-check
// One upload: reads parts of the file, compares them with what the upload began with, seals and sends them. The file's bytes do not leave this
// worker but sealed, and the key comes in as one that cannot be read. Spec: contracts/spec/0010 s.6, 0013 s.4.
import { digestOf, longestSealed, sealPart } from "./sealing.js";

/** @typedef {{ id: number, kind: "digest" | "carry", offset: number, length: number, digest: string, aad: Uint8Array, parts: string, token: string }} Asked */
/** @typedef {{ outcome: string, digest: string, status: number, body: Uint8Array | null }} Outcome What came of a part. */

/** A room that says nothing for so long is taken for gone, in ms. */
const patience = 100_000;
const longestAnswer = 256 * 1024;

/** @type {File} */
let file;
/** @type {CryptoKey | null} */
let dataKey = null;
/** @type {Map<number, number>} Bytes of each part under way that have gone, each counted half: the other half is for the room's word that it keeps them. */
const under = new Map();

/** @type {Uint8Array[]} Memory for sealed parts, used again; it holds nothing but ciphertext. */
const rooms = [];

/** @param {string} outcome @param {Partial<Outcome>} more @returns {Outcome} */
const of = (outcome, more = {}) => ({ outcome, digest: "", status: 0, body: null, ...more });

/** @param {Asked} asked @returns {Promise<Outcome>} */
async function work(asked) {
  let plaintext;
  try {
    plaintext = new Uint8Array(await file.slice(asked.offset, asked.offset + asked.length).arrayBuffer());
  } catch {
    // Browsers refuse to read a file that is another than the one that was picked.
    return of("unreadable");
  }
  const room = asked.kind === "carry" ? rooms.pop() ?? new Uint8Array(longestSealed) : null;
  try {
    // Sealed while it is digested. Nothing of it is sent before the digests are compared.
    const [digest, sealed] = await Promise.all([digestOf(plaintext), room && dataKey ? sealPart(dataKey, asked.aad, plaintext, room) : null]);
    if (plaintext.length !== asked.length || (asked.digest && asked.digest !== digest)) return of("changed", { digest });
    if (asked.kind === "digest") return of("read", { digest });
    if (!sealed) throw new Error("no data key");
    return await send(asked, await digestOf(sealed), sealed, plaintext.length);
  } finally {
    plaintext.fill(0);
    if (room) rooms.push(room);
  }
}

/**
 * Sends a sealed part. XMLHttpRequest, because it tells how much of a body has gone.
 * @param {Asked} asked @param {string} digest Of the sealed bytes. @param {Uint8Array} sealed @param {number} length Of the plaintext.
 * @returns {Promise<Outcome>}
 */
function send(asked, digest, sealed, length) {
  return new Promise(resolve => {
    const request = new XMLHttpRequest();
    let timer = 0;
    const end = (/** @type {Outcome} */ outcome) => {
      clearTimeout(timer);
      under.delete(asked.id);
      tell();
      resolve(outcome);
    };
    const wait = () => {
      clearTimeout(timer);
      timer = setTimeout(() => { request.abort(); end(of("silent")); }, patience);
    };
    request.open("PUT", asked.parts + digest);
    request.setRequestHeader("Authorization", "Bearer " + asked.token);
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.responseType = "arraybuffer";
    request.upload.onprogress = event => {
      wait();
      under.set(asked.id, Math.floor(length * event.loaded / sealed.length / 2));
      tell();
    };
    request.onprogress = event => {
      if (event.loaded > longestAnswer) { request.abort(); end(of("answered", { status: request.status, body: new Uint8Array() })); }
    };
    request.onload = () => end(of("answered", { digest, status: request.status, body: new Uint8Array(request.response ?? new ArrayBuffer(0)) }));
    request.onerror = () => end(of("unreached"));
    wait();
    request.send(sealed);
  });
}

function tell() {
  let bytes = 0;
  for (const one of under.values()) bytes += one;
  postMessage({ under: bytes });
}

onmessage = async event => {
  const asked = event.data;
  if (asked.kind === "open") file = asked.file;
  else if (asked.kind === "key") dataKey = asked.key;
  else postMessage({ id: asked.id, outcome: await work(asked).catch(error => of("failed", { digest: String(error).slice(0, 200) })) });
};

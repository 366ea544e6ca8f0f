// @ts-check
// WebCrypto, IndexedDB and files; what it exports from its neighbours is the portal's only other JavaScript. Private keys are made or imported
// non-extractable and stay here.
// Algorithms are fixed: ES256 and ECDH on P-256, Ed25519, AES-256-GCM with a 16-byte tag. Spec: contracts/spec/0010.

export * from "./assets.js";
export * from "./passkey.js";
export * from "./uploads.js";
export * from "./sql-editor.js";

/** @typedef {{ key: CryptoKey, point: Uint8Array }} Held A private key with its public key: 65 bytes on P-256, 32 for Ed25519. */
/** @typedef {{ id: string, facts: string, sign: Held | null, receive: Held | null, witness: Held | null }} KeyRecord */
/** @typedef {{ id: string, size: number, address: string, bytes: Uint8Array }} RoomRecord */

const ecdsa = { name: "ECDSA", namedCurve: "P-256" };
const ecdh = { name: "ECDH", namedCurve: "P-256" };
const ed25519 = { name: "Ed25519" };

// PKCS #8 around a P-256 scalar (RFC 5958, RFC 5915) and around an Ed25519 seed (RFC 8410 s.7), in hex.
const p256Prefix = "308187020100301306072a8648ce3d020106082a8648ce3d030107046d306b0201010420";
const p256Middle = "a144034200";
const ed25519Prefix = "302e020100300506032b657004220420";

/** Says what this browser lacks; empty when it can do all. @returns {Promise<string>} */
export async function missing() {
  if (!globalThis.isSecureContext || !globalThis.crypto?.subtle) return "secure-context";
  try {
    await crypto.subtle.generateKey(ed25519, false, ["sign", "verify"]);
  } catch {
    return "ed25519";
  }
  return globalThis.indexedDB ? "" : "indexeddb";
}

/** @param {CryptoKeyPair} pair @returns {Promise<Held>} */
async function hold(pair) {
  return { key: pair.privateKey, point: new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey)) };
}

/** @param {"sign" | "receive" | "witness"} use @returns {Promise<Held>} */
export async function generate(use) {
  const pair = use === "receive"
    ? await crypto.subtle.generateKey(ecdh, false, ["deriveBits"])
    : await crypto.subtle.generateKey(use === "sign" ? ecdsa : ed25519, false, ["sign", "verify"]);
  return hold(/** @type {CryptoKeyPair} */ (pair));
}

/**
 * Takes a private key and zeroes what it was handed.
 * @param {"sign" | "receive" | "witness"} use
 * @param {Uint8Array} secret 32 bytes. @param {Uint8Array} point Its public key. @returns {Promise<Held>}
 */
export async function importKey(use, secret, point) {
  const encoded = use === "witness" ? join(hex(ed25519Prefix), secret) : join(hex(p256Prefix), secret, hex(p256Middle), point);
  try {
    const algorithm = use === "sign" ? ecdsa : use === "receive" ? ecdh : ed25519;
    const key = await crypto.subtle.importKey("pkcs8", encoded, algorithm, false, use === "receive" ? ["deriveBits"] : ["sign"]);
    return { key, point: point.slice() };
  } finally {
    encoded.fill(0);
    secret.fill(0);
  }
}

/** @param {Held} held @returns {Uint8Array} */
export function publicKey(held) {
  return held.point;
}

/** @param {Held} held @returns {boolean} */
export function isExtractable(held) {
  return held.key.extractable;
}

/** @param {Held} held @param {Uint8Array} data @returns {Promise<Uint8Array>} 64 bytes: r and s, or an Ed25519 signature. */
export async function sign(held, data) {
  const algorithm = held.key.algorithm.name === "ECDSA" ? { name: "ECDSA", hash: "SHA-256" } : ed25519;
  return new Uint8Array(await crypto.subtle.sign(algorithm, held.key, data));
}

/** @param {Held} held @param {Uint8Array} peer 65 bytes. @returns {Promise<Uint8Array>} 32 bytes: the x coordinate. */
export async function derive(held, peer) {
  const other = await crypto.subtle.importKey("raw", peer, ecdh, false, []);
  return new Uint8Array(await crypto.subtle.deriveBits({ name: "ECDH", public: other }, held.key, 256));
}

/** @param {Uint8Array} key @param {"encrypt" | "decrypt"} use @returns {Promise<CryptoKey>} */
async function aes(key, use) {
  try {
    return await crypto.subtle.importKey("raw", key, "AES-GCM", false, [use]);
  } finally {
    key.fill(0);
  }
}

/** @param {Uint8Array} key @param {Uint8Array} nonce @param {Uint8Array} aad @param {Uint8Array} plaintext @returns {Promise<Uint8Array>} */
export async function seal(key, nonce, aad, plaintext) {
  const parameters = { name: "AES-GCM", iv: nonce, additionalData: aad, tagLength: 128 };
  try {
    return new Uint8Array(await crypto.subtle.encrypt(parameters, await aes(key, "encrypt"), plaintext));
  } finally {
    plaintext.fill(0);
  }
}

/** Returns null when the tag is wrong. @param {Uint8Array} key @param {Uint8Array} nonce @param {Uint8Array} aad @param {Uint8Array} ciphertext */
export async function open(key, nonce, aad, ciphertext) {
  const imported = await aes(key, "decrypt");
  const parameters = { name: "AES-GCM", iv: nonce, additionalData: aad, tagLength: 128 };
  try {
    return new Uint8Array(await crypto.subtle.decrypt(parameters, imported, ciphertext));
  } catch (error) {
    if (error instanceof DOMException && error.name === "OperationError") return null;
    throw error;
  }
}


// What this origin keeps.

/** @returns {Promise<IDBDatabase>} */
function database() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open("cleanroom", 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore("keys", { keyPath: "id" });
      request.result.createObjectStore("rooms", { keyPath: "id" });
      request.result.createObjectStore("settings", { keyPath: "id" });
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
    request.onblocked = () => reject(new Error("another tab holds an older store"));
  });
}

/**
 * One transaction, durable before it resolves.
 * @template T @param {string} store @param {IDBTransactionMode} mode @param {(store: IDBObjectStore, give: (value: T) => void) => void} work
 * @returns {Promise<T>}
 */
async function transact(store, mode, work) {
  const opened = await database();
  try {
    return await new Promise((resolve, reject) => {
      /** @type {T} */
      let value;
      const transaction = opened.transaction(store, mode, { durability: "strict" });
      transaction.oncomplete = () => resolve(value);
      transaction.onerror = () => reject(transaction.error);
      transaction.onabort = () => reject(transaction.error ?? new Error("the store gave up"));
      work(transaction.objectStore(store), given => { value = given; });
    });
  } finally {
    opened.close();
  }
}

/** Adds keys; an id that is there already is an error. @param {string} id @param {string} facts @param {Held | null} sign @param {Held | null} receive @param {Held | null} witness */
export async function addKeys(id, facts, sign, receive, witness) {
  await navigator.storage?.persist?.();
  await transact("keys", "readwrite", store => { store.add({ id, facts, sign, receive, witness }); });
}

/** @returns {Promise<string[]>} The facts of every key record. */
export function listKeys() {
  return transact("keys", "readonly", (store, give) => {
    const request = store.getAll();
    request.onsuccess = () => give(request.result.map(record => record.facts));
  });
}

/** @param {string} id @returns {Promise<KeyRecord>} */
function keyRecord(id) {
  return transact("keys", "readonly", (store, give) => {
    const request = store.get(id);
    request.onsuccess = () => give(request.result);
  });
}

/** @param {string} id @param {"sign" | "receive" | "witness"} use @returns {Promise<Held>} */
export async function heldKey(id, use) {
  const held = (await keyRecord(id))?.[use];
  if (!held) throw new Error("no such key");
  return held;
}

/** @param {string} id */
export function removeKeys(id) {
  return transact("keys", "readwrite", store => { store.delete(id); });
}

/** Keeps a record unless a longer checkpoint is kept already. @param {string} id @param {number} size @param {Uint8Array} bytes */
export function putRoom(id, size, bytes) {
  return transact("rooms", "readwrite", store => {
    const request = store.get(id);
    request.onsuccess = () => {
      const kept = request.result;
      if (!kept || kept.size <= size) store.put({ id, size, bytes: bytes.slice(), address: kept?.address ?? "" });
    };
  });
}

/** @param {string} id @param {string} address */
export function putAddress(id, address) {
  return transact("rooms", "readwrite", store => {
    const request = store.get(id);
    request.onsuccess = () => { if (request.result) store.put({ ...request.result, address }); };
  });
}

/** @param {string} id @returns {Promise<Uint8Array | null>} */
export function roomBytes(id) {
  return transact("rooms", "readonly", (store, give) => {
    const request = store.get(id);
    request.onsuccess = () => give(request.result?.bytes ?? null);
  });
}

/** @returns {Promise<{ id: string, address: string }[]>} */
export function listRooms() {
  return transact("rooms", "readonly", (store, give) => {
    const request = store.getAll();
    request.onsuccess = () => give(request.result.map(({ id, address }) => ({ id, address })));
  });
}

/** @param {string} id @param {string} value */
export function putSetting(id, value) {
  return transact("settings", "readwrite", store => { store.put({ id, value }); });
}

/** @param {string} id */
export function removeSetting(id) {
  return transact("settings", "readwrite", store => { store.delete(id); });
}

/** Keeps how far a log went, unless it went further already. @param {string} id @param {number} size @param {string} value */
export function putLonger(id, size, value) {
  return transact("settings", "readwrite", store => {
    const request = store.get(id);
    request.onsuccess = () => { if (!request.result || request.result.size <= size) store.put({ id, size, value }); };
  });
}

/** @param {string} id @returns {Promise<string | null>} */
export function setting(id) {
  return transact("settings", "readonly", (store, give) => {
    const request = store.get(id);
    request.onsuccess = () => give(request.result?.value ?? null);
  });
}

/** Returns the values of all settings whose id begins so. @param {string} prefix @returns {Promise<string[]>} */
export function settings(prefix) {
  return transact("settings", "readonly", (store, give) => {
    const request = store.getAll(IDBKeyRange.bound(prefix, prefix + "\uffff"));
    request.onsuccess = () => give(request.result.map(record => record.value));
  });
}

/** Hands a file to the person. @param {string} name @param {string} type @param {Uint8Array} bytes */
export function saveFile(name, type, bytes) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([bytes], { type }));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}

/**
 * Sets the page's colours.
 * @param {string | null} kept "yes" for dark, "no" for light, null for what the machine prefers. @returns {boolean} Whether they are dark.
 */
export function setScheme(kept) {
  const isDark = kept === null ? matchMedia("(prefers-color-scheme: dark)").matches : kept === "yes";
  document.documentElement.dataset.theme = isDark ? "dark" : "light";
  return isDark;
}

/** @param {string} text @returns {Uint8Array} */
function hex(text) {
  return Uint8Array.from(text.match(/../g) ?? [], pair => parseInt(pair, 16));
}

/** @param {...Uint8Array} parts @returns {Uint8Array} */
function join(...parts) {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

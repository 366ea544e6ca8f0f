// @ts-check
// Seals a part of an upload: the stream of contracts/spec/0010 s.4, byte for byte. Used by the upload's worker.
// The data key is a non-extractable HKDF key: what runs here can derive part keys with it, and cannot read it.

const headerBytes = 40;
const saltBytes = 32;
const segmentBytes = 65536;
const tagBytes = 16;
const capacity = segmentBytes - tagBytes;
const firstCapacity = capacity - headerBytes;

/** Encryptions under way at once: enough to hide what a call costs beside its arithmetic. */
const lanes = 8;

/** @param {number} length Plaintext bytes. @returns {number} */
function segmentsOf(length) {
  return length <= firstCapacity ? 1 : 1 + Math.ceil((length - firstCapacity) / capacity);
}

/** @param {number} length Plaintext bytes. @returns {number} */
function sealedLength(length) {
  return headerBytes + length + tagBytes * segmentsOf(length);
}

/** The length of a sealed part of 8 MiB, the largest that there is. */
export const longestSealed = sealedLength(8 << 20);

/**
 * Seals bytes under a salt and a nonce prefix that are drawn here, for this call alone. So no attempt shares its key with another: a part that is
 * sealed again, because it was not acknowledged or because the file is another, meets no nonce a second time.
 * @param {CryptoKey} dataKey HKDF, with the usage deriveKey. @param {Uint8Array} aad What the part is bound to.
 * @param {Uint8Array} plaintext @param {Uint8Array} [room] Where to seal to, large enough: fresh memory costs more than the arithmetic.
 * @returns {Promise<Uint8Array>} 40 + n + 16 bytes for each segment; the beginning of room where there is one.
 */
export async function sealPart(dataKey, aad, plaintext, room) {
  const count = segmentsOf(plaintext.length);
  const length = sealedLength(plaintext.length);
  const sealed = room ? room.subarray(0, length) : new Uint8Array(length);
  sealed[0] = headerBytes;
  crypto.getRandomValues(sealed.subarray(1, headerBytes));
  const salt = sealed.slice(1, 1 + saltBytes);
  const prefix = sealed.slice(1 + saltBytes, headerBytes);
  const derivation = { name: "HKDF", hash: "SHA-256", salt, info: aad };
  const key = await crypto.subtle.deriveKey(derivation, dataKey, { name: "AES-GCM", length: 256 }, false, ["encrypt"]);
  let next = 0;
  const lane = async () => {
    while (next < count) {
      // Taken before anything is awaited: each number is sealed once.
      const index = next++;
      const iv = new Uint8Array(12);
      iv.set(prefix);
      new DataView(iv.buffer).setUint32(prefix.length, index);
      iv[11] = index === count - 1 ? 1 : 0;
      const from = index === 0 ? 0 : firstCapacity + (index - 1) * capacity;
      const to = Math.min(plaintext.length, firstCapacity + index * capacity);
      const segment = await crypto.subtle.encrypt({ name: "AES-GCM", iv, tagLength: 128 }, key, plaintext.subarray(from, to));
      sealed.set(new Uint8Array(segment), index === 0 ? headerBytes : segmentBytes * index);
    }
  };
  await Promise.all(Array.from({ length: Math.min(lanes, count) }, lane));
  return sealed;
}

/** @param {Uint8Array} bytes @returns {Promise<string>} SHA-256 as 64 lower-case hex digits. */
export async function digestOf(bytes) {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest, byte => byte.toString(16).padStart(2, "0")).join("");
}

/**
 * Takes a data key for deriving part keys alone, and zeroes what it was handed.
 * @param {Uint8Array} secret 32 bytes. @returns {Promise<CryptoKey>}
 */
export async function takeDataKey(secret) {
  try {
    return await crypto.subtle.importKey("raw", secret, "HKDF", false, ["deriveKey"]);
  } finally {
    secret.fill(0);
  }
}

// @ts-check
// Passkeys: ES256 keys inside an authenticator, which signs a challenge after it has verified the person. Spec: contracts/spec/0001 s.5.2.

/** How long a person may take, in ms. */
const patience = 120_000;

/** @param {Uint8Array} bytes @returns {string} */
const base64 = bytes => btoa(String.fromCharCode(...bytes));

/**
 * Makes a passkey for this page's host.
 * @param {string} name What the browser's own dialogue calls it. @returns {Promise<string>} JSON of its id and its public key, 65 bytes, in base64.
 */
export async function makePasskey(name) {
  const made = /** @type {PublicKeyCredential} */ (await navigator.credentials.create({
    publicKey: {
      rp: { id: location.hostname, name: "CleanRoom" },
      user: { id: crypto.getRandomValues(new Uint8Array(32)), name, displayName: name },
      challenge: crypto.getRandomValues(new Uint8Array(32)),
      pubKeyCredParams: [{ type: "public-key", alg: -7 }],
      authenticatorSelection: { residentKey: "preferred", userVerification: "required" },
      attestation: "none",
      timeout: patience,
    },
  }));
  const spki = /** @type {AuthenticatorAttestationResponse} */ (made.response).getPublicKey();
  if (!spki) throw new Error("the authenticator made a key of another kind than P-256");
  const key = await crypto.subtle.importKey("spki", spki, { name: "ECDSA", namedCurve: "P-256" }, true, ["verify"]);
  const point = new Uint8Array(await crypto.subtle.exportKey("raw", key));
  return JSON.stringify({ credential: base64(new Uint8Array(made.rawId)), point: base64(point) });
}

/**
 * Has a challenge signed. No extension is asked for, so authenticator data has its shortest form.
 * @param {Uint8Array} credential @param {Uint8Array} challenge 32 bytes. @returns {Promise<string>} JSON of three texts in base64.
 */
export async function assertPasskey(credential, challenge) {
  const got = /** @type {PublicKeyCredential} */ (await navigator.credentials.get({
    publicKey: { rpId: location.hostname, challenge, allowCredentials: [{ type: "public-key", id: credential }], userVerification: "required", timeout: patience },
  }));
  const response = /** @type {AuthenticatorAssertionResponse} */ (got.response);
  return JSON.stringify({
    authenticatorData: base64(new Uint8Array(response.authenticatorData)),
    clientDataJson: base64(new Uint8Array(response.clientDataJSON)),
    sig: base64(plain(new Uint8Array(response.signature))),
  });
}

/** Turns a DER signature into r and s of 32 bytes each. @param {Uint8Array} der @returns {Uint8Array} */
function plain(der) {
  const result = new Uint8Array(64);
  let at = 2; // SEQUENCE and its length, which is below 128.
  for (const end of [32, 64]) {
    const length = der[at + 1];
    const number = der.subarray(at + 2, at + 2 + length);
    const short = number.subarray(Math.max(0, number.length - 32));
    result.set(short, end - short.length);
    at += 2 + length;
  }
  return result;
}

// @ts-check
// Digests of the portal's own files, as this origin serves them. Spec: contracts/spec/0017.

/** Requests under way at once. */
const lanes = 8;
/** More than any list of files, in bytes. */
const longestList = 1 << 20;

/** @returns {Promise<Uint8Array | null>} The list of files as it is served; null when there is none. */
export async function servedList() {
  const answer = await fetch(new URL("files.sha256", document.baseURI), { cache: "no-store" });
  if (!answer.ok) return null;
  const bytes = new Uint8Array(await answer.arrayBuffer());
  return bytes.length <= longestList ? bytes : null;
}

/**
 * Asks for every file again; what has not changed comes from this browser's own store.
 * @param {string[]} paths @returns {Promise<string[]>} SHA-256 in hex for each, or the empty text for one that did not come.
 */
export async function servedDigests(paths) {
  const digests = paths.map(() => "");
  let next = 0;
  const work = async () => {
    for (let at = next++; at < paths.length; at = next++) {
      const answer = await fetch(new URL(paths[at], document.baseURI), { cache: "no-cache" }).catch(() => null);
      if (!answer?.ok) continue;
      const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", await answer.arrayBuffer()));
      digests[at] = Array.from(digest, byte => byte.toString(16).padStart(2, "0")).join("");
    }
  };
  await Promise.all(Array.from({ length: lanes }, work));
  return digests;
}

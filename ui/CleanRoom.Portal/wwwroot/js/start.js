// @ts-check
// Starts the page's program. Its assemblies come as one file, whose digest the page names. Spec: contracts/spec/0017 s.4.

const wanted = /** @type {HTMLScriptElement} */ (document.currentScript).dataset.program ?? "";

/** Reads the file and compares its digest. A browser would do that too, but in the thread that draws, and slowly; without WebCrypto it does. */
async function readProgram() {
  const address = new URL("_framework/program.dat", document.baseURI);
  const answer = await fetch(address, crypto.subtle ? {} : { integrity: wanted });
  if (!answer.ok) throw new Error(`wanted ${address.pathname}; got status ${answer.status}`);
  const bytes = await answer.arrayBuffer();
  const got = crypto.subtle ? `sha384-${btoa(String.fromCharCode(...new Uint8Array(await crypto.subtle.digest("SHA-384", bytes))))}` : wanted;
  if (got !== wanted) throw new Error(`integrity of ${address.pathname}: wanted ${wanted}; got ${got}`);
  const indexEnd = 4 + new DataView(bytes).getUint32(0, true);
  /** @type {Record<string, [number, number]>} */
  const index = JSON.parse(new TextDecoder().decode(bytes.slice(4, indexEnd)));
  return { bytes, index };
}

/** What the runtime's loader looks at in an answer. A real Response would send the bytes through the browser once more. */
function answerOf(/** @type {ArrayBuffer} */ bytes) {
  return { ok: true, status: 200, statusText: "OK", url: "", headers: new Headers({ "Content-Type": "application/wasm" }), arrayBuffer: async () => bytes };
}

/** Tells the person that the page has stopped. */
function stopped(/** @type {unknown} */ error) {
  console.error(error);
  document.getElementById("blazor-error-ui")?.style.setProperty("display", "block");
}

/** @type {ReturnType<typeof readProgram> | null} */
let program = readProgram();
program.catch(stopped); // The loader is told of it too, each time that it asks; but it may wait for the rest without a word.

// @ts-ignore The script before this one makes it.
Blazor.start({
  loadBootResource: (/** @type {string} */ type, /** @type {string} */ name) => type !== "assembly" || program === null ? undefined
    : program.then(({ bytes, index }) => answerOf(bytes.slice(...index[name]))),
}).then(
  () => { program = null; }, // The runtime has its own copy.
  stopped);

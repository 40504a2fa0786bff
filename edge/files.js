// The static files, as this worker hands them out itself. A file that is not the one of this build is none: whatever answers in its
// place would be kept, and run in the pages of others.

// What the build made (`xtask/src/build/assets.rs`): the SHA-256 of each file, by its path.
import sums from "./sums.js";

/** How long a file may take, its body included, in milliseconds. */
const LIMIT = 2_000;
/** The origin under which the binding is asked. It ignores it. */
const ORIGIN = "https://candor.invalid";

/** The bytes of the file at this path. Rejects if it cannot be read in time, or is another one. */
export async function file(env, path) {
  const stop = new AbortController();
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`no answer within ${LIMIT} ms`));
      stop.abort();
    }, LIMIT);
  });
  try {
    return await Promise.race([whole(env, path, stop.signal), late]);
  } finally {
    clearTimeout(timer);
  }
}

async function whole(env, path, signal) {
  const response = await env.ASSETS.fetch(ORIGIN + path, { signal });
  if (response.status !== 200) throw new Error(`status ${response.status}`);
  const bytes = new Uint8Array(await response.arrayBuffer());
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  const sum = Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("");
  if (sum !== sums[path]) throw new Error("it is not the file of this build");
  return bytes;
}

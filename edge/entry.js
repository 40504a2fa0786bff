// The module that the runtime loads: it passes requests to the WebAssembly module, and starts a new
// instance after a trap.
//
// The default export is a plain object whose `fetch` can return a response at once, from bytes in memory.
// The entry that worker-build generates makes a class and a proxy for each request, which
// costs more than the response itself.
//
// After a trap, the memory of the WebAssembly instance cannot be trusted, so the next request gets a new
// instance. The storage is unaffected. What the old instance was doing never ends: each request that waits
// for it notices within LOOK milliseconds. A read is sent to the new instance, once; a write is answered
// with "not known" if it was sent to the object, which may have stored it, and otherwise with "nothing was written".

import { DurableObject } from "cloudflare:workers";
import * as edge from "./candor_edge.js";
import { file } from "./files.js";

/** How often a waiting request looks whether its instance has trapped, in milliseconds; and one that waits for seconds anyway. */
const LOOK = 50;
const LOOK_SELDOM = 1_000;

/**
 * How long a request may take at all, in milliseconds: longer than every limit of the module, for when what it waits for never began. A write
 * has its body to send before.
 */
const LIMIT = 30_000;
const WRITE_LIMIT = 120_000;

let trapped = false;
let instance = 0;
/** How many writes are under way at the object. */
let writes = 0;
/** When a write was last in doubt, in milliseconds since 1970; 0 if none was. A doubt outlives the instance that had it. */
let doubtedAt = 0;

/** Logs a fault as the module does (`edge/src/log.rs`), without what begins like a secret. */
function logFault(outcome, fields) {
  const line = JSON.stringify({ level: "error", event: "fault", outcome, ...fields });
  console.error(line.replace(/(whsec_|whsk_)[\w+/=~%-]{8,}/g, "$1…"));
}

/** Logs a trap, and requests a new instance. */
function noteTrap(error) {
  if (error instanceof WebAssembly.RuntimeError && !trapped) {
    logFault("the module trapped; a new instance starts");
    trapped = true;
  }
}

addEventListener("error", (event) => noteTrap(event.error));
addEventListener("unhandledrejection", (event) => noteTrap(event.reason));

/** Starts a new instance if the last one trapped. */
function renewInstance() {
  if (trapped) {
    edge.__wbg_reset_state();
    trapped = false;
    instance += 1;
    // Nobody knows what becomes of them.
    if (writes > 0) doubtedAt = Date.now();
    if (doubtedAt > 0) edge.doubt(doubtedAt);
  }
}

class Trapped extends Error {
  name = "Trapped";
}

/**
 * The outcome of `work`, or a rejection: with `Trapped` soon after the instance has trapped that does the work, or after `limit`. A timer of
 * the request's own, because a request may not wait for another one's promises.
 */
function guarded(work, every, limit) {
  const began = instance;
  let left = limit / every;
  let timer;
  const trap = new Promise((_, reject) => {
    timer = setInterval(() => {
      if (trapped || instance !== began) reject(new Trapped("the module trapped during this request"));
      else if ((left -= 1) < 0) reject(new Error(`the module did not answer within ${limit} ms`));
    }, every);
  });
  return Promise.race([work, trap]).finally(() => clearInterval(timer));
}

/** Calls `work`. A trap, at once or later, becomes a rejection with `Trapped`. */
async function attempt(work, every = LOOK, limit = LIMIT) {
  renewInstance();
  try {
    return await guarded(work(), every, limit);
  } catch (error) {
    noteTrap(error);
    throw error instanceof WebAssembly.RuntimeError ? new Trapped(error.message) : error;
  }
}

/** The headers of every public response (`src/http/headers.rs`). */
const PUBLIC = {
  "access-control-allow-origin": "*",
  "access-control-expose-headers": "etag, retry-after, date, candor-unconfirmed-since",
  "cross-origin-resource-policy": "cross-origin",
  "x-content-type-options": "nosniff",
};

/** 503 (RFC 9457), as the module answers it. */
function unavailable(detail) {
  const problem = { type: "urn:candor:problem:unavailable", title: "Unavailable", status: 503, detail };
  return Response.json(problem, {
    status: 503,
    headers: { ...PUBLIC, "content-type": "application/problem+json", "cache-control": "no-store", "retry-after": "5" },
  });
}

/** The path of the loader, which host pages name in their script tag. */
const LOADER = "/widget.js";

/**
 * Answers a request whose instance may trap. Whatever happens to the module, host pages get the loader: the file as it is, which
 * asks for the status itself. Where the module answers, its answer stands: it has tried to read the file.
 */
async function answer(request, env, visit, first, again) {
  const reads = request.method === "GET" || request.method === "HEAD";
  try {
    return await attempt(first, LOOK, reads ? LIMIT : WRITE_LIMIT).catch((error) => {
      if (reads && error instanceof Trapped) return attempt(again);
      throw error;
    });
  } catch (error) {
    const { pathname } = new URL(request.url);
    visit.isOver = true;
    logFault("the module failed on a request", { document: pathname.slice(0, 64), error: String(error) });
    if (visit.isSent) {
      await doubt(env);
      return unavailable(
        "The worker failed during this request, so it is not known whether this was written. Send it again with the same " +
          "Idempotency-Key (or webhook-id): it is applied only once. If it had neither, wait 15 seconds and read /status.json first; " +
          "wait on while that has unconfirmed_since.",
      );
    }
    if (!reads) {
      return unavailable("The worker failed on this request before it was handed on, so nothing was written. Send it again.");
    }
    const loader = pathname === LOADER && (await plainLoader(request, env));
    return loader || unavailable("The worker failed on this request. Try again in a few seconds.");
  } finally {
    if (visit.isSent) writes -= 1;
  }
}

/** Lets later reads ask the object before they say anything: nobody knows what a write has made. */
async function doubt(env) {
  doubtedAt = Date.now();
  try {
    await attempt(() => edge.doubted(env));
  } catch (error) {
    logFault("a doubt could not be noted", { error: String(error) });
  }
}

/** The loader as it is, for a minute; nothing if it cannot be read. */
async function plainLoader(request, env) {
  try {
    const bytes = await file(env, LOADER);
    const headers = { ...PUBLIC, "content-type": "text/javascript; charset=utf-8", "cache-control": "public, max-age=60" };
    return new Response(request.method === "HEAD" ? null : bytes, { headers });
  } catch (error) {
    logFault("the loader could not be read", { error: String(error) });
  }
}

/** What the module gets with a request in place of the platform's context; and what has to be known of a write where the module traps. */
class Visit {
  #ctx;
  /** Whether a write was sent to the object (`src/write/trace.rs`). Before that, nothing can have been written. */
  isSent = false;
  /** Whether the request was answered without the module. */
  isOver = false;

  constructor(ctx) {
    this.#ctx = ctx;
  }

  /** A throw inside the module would be a trap. */
  waitUntil(work) {
    try {
      this.#ctx.waitUntil(work);
    } catch (error) {
      logFault("the platform does not wait for work", { error: String(error) });
    }
  }

  /** Throws if the sender has heard that nothing was written. */
  sends() {
    if (this.isOver) throw new Error("the request was given up");
    this.isSent = true;
    writes += 1;
  }

  doubts() {
    doubtedAt = Date.now();
  }
}

export default {
  fetch(request, env, ctx) {
    const visit = new Visit(ctx);
    const call = () => edge.fetch(request, env, visit);
    renewInstance();
    let first;
    try {
      first = call();
    } catch (error) {
      noteTrap(error);
      first = Promise.reject(error);
    }
    return first instanceof Response ? first : answer(request, env, visit, () => first, call);
  },
};

export class StatusPage extends DurableObject {
  #page;
  #instance;

  /** The worker takes a rejection for an outcome that is not known. */
  #call(method, every, ...args) {
    return attempt(() => {
      if (!this.#page || this.#instance !== instance) {
        this.#page = new edge.StatusPage(this.ctx, this.env);
        this.#instance = instance;
      }
      return this.#page[method](...args);
    }, every);
  }

  fetch(request) {
    // Each isolate with open streams has a question here that waits for a change (`src/object/changes.rs`).
    return this.#call("fetch", request.headers.has("candor-known") ? LOOK_SELDOM : LOOK, request);
  }

  alarm() {
    return this.#call("alarm", LOOK);
  }
}

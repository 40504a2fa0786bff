// The module that the runtime loads: it passes requests to the WebAssembly module, and starts a new
// instance after a trap.
//
// The default export is a plain object whose `fetch` can return a response at once, from bytes in memory.
// The entry that worker-build generates makes a class and a proxy for each request, which
// costs more than the response itself.
//
// After a trap, the memory of the WebAssembly instance cannot be trusted, so the next request gets a new
// instance. The storage is unaffected.

import { DurableObject } from "cloudflare:workers";
import * as edge from "./candor_edge.js";

let trapped = false;
let instance = 0;

/** Logs a trap, and requests a new instance. */
function noteTrap(error) {
  if (error instanceof WebAssembly.RuntimeError) {
    console.error(JSON.stringify({ level: "error", message: "the module trapped; starting a new instance" }));
    trapped = true;
  }
}

addEventListener("error", (event) => noteTrap(event.error));

/** Starts a new instance if the last one trapped. */
function renewInstance() {
  if (trapped) {
    edge.__wbg_reset_state();
    trapped = false;
    instance += 1;
  }
}

export default {
  fetch(request, env, ctx) {
    renewInstance();
    try {
      return edge.fetch(request, env, ctx);
    } catch (error) {
      noteTrap(error);
      throw error;
    }
  },
};

export class StatusPage extends DurableObject {
  #page;
  #instance;

  async #call(method, ...args) {
    renewInstance();
    if (!this.#page || this.#instance !== instance) {
      this.#page = new edge.StatusPage(this.ctx, this.env);
      this.#instance = instance;
    }
    try {
      return await this.#page[method](...args);
    } catch (error) {
      noteTrap(error);
      throw error;
    }
  }

  fetch(request) {
    return this.#call("fetch", request);
  }

  alarm() {
    return this.#call("alarm");
  }
}

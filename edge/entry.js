// The worker's entry. A plain object whose `fetch` may answer at once, from bytes in memory:
// a class built per request behind a proxy per request, as the usual generated entry has it, costs
// more than the answer itself.
//
// What it adds to the WebAssembly module is recovery: after a trap its memory is not to be trusted,
// so the next request begins with a new instance. Storage is not touched by that.

import { DurableObject } from "cloudflare:workers";
import * as edge from "./candor_edge.js";

let trapped = false;
let instance = 0;

function note(error) {
  if (error instanceof WebAssembly.RuntimeError) {
    console.error(JSON.stringify({ level: "error", message: "the module trapped; starting a new instance" }));
    trapped = true;
  }
}

addEventListener("error", (event) => note(event.error));

function renew() {
  if (trapped) {
    edge.__wbg_reset_state();
    trapped = false;
    instance += 1;
  }
}

export default {
  fetch(request, env, ctx) {
    renew();
    try {
      return edge.fetch(request, env, ctx);
    } catch (error) {
      note(error);
      throw error;
    }
  },
};

export class StatusPage extends DurableObject {
  #page;
  #instance;

  async #call(method, ...args) {
    renew();
    if (!this.#page || this.#instance !== instance) {
      this.#page = new edge.StatusPage(this.ctx, this.env);
      this.#instance = instance;
    }
    try {
      return await this.#page[method](...args);
    } catch (error) {
      note(error);
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

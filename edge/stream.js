// The body of a stream of events (`src/read/events.rs`). Each has a timer of its own, because in this runtime a request may not wait
// for another one's promises. What a visitor leaves behind who goes without a word is collected with the request.

import * as edge from "./candor_edge.js";

/** How many messages may wait for a reader. One that is slower is cut off, and comes again. */
const BEHIND = 16;

/** Begins with `first`. The rest is what `edge.hear` says, at the times that it says. */
export function stream(number, name, lastId, first, env, ctx) {
  const opened = Date.now();
  const encoder = new TextEncoder();
  let sentAt = opened;
  let timer;
  const look = (controller) => {
    try {
      const [wait, text, id] = edge.hear(number, name, lastId, opened, sentAt, env, ctx);
      if (text) {
        controller.enqueue(encoder.encode(text));
        sentAt = Date.now();
        lastId = id ?? lastId;
      }
      if (wait < 0 || controller.desiredSize < -BEHIND) {
        edge.leave(number);
        return controller.close();
      }
      timer = setTimeout(look, wait, controller);
    } catch (error) {
      // After a trap the reader comes again, to a new instance.
      controller.error(error);
      throw error;
    }
  };
  return new ReadableStream({
    start(controller) {
      controller.enqueue(encoder.encode(first));
      look(controller);
    },
    cancel() {
      clearTimeout(timer);
      edge.leave(number);
    },
  });
}

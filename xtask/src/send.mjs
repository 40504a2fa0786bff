// Posts updates with signatures of Standard Webhooks (https://www.standardwebhooks.com). Reads one request per line of
// standard input and writes one answer per line of standard output. Node does this because it is a requirement anyway
// and has TLS, which would be most of xtask's compile time. The requests come on standard input because they contain a
// secret, and other users can read a command line.
import { createHmac } from "node:crypto";
import { createInterface } from "node:readline";

for await (const line of createInterface({ input: process.stdin })) {
  const { url, secret, id, body } = JSON.parse(line);
  const timestamp = Math.floor(Date.now() / 1000);
  const key = Buffer.from(secret.replace(/^whsec_/, ""), "base64");
  const signature = createHmac("sha256", key).update(`${id}.${timestamp}.${body}`).digest("base64");
  let answer;
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        "webhook-id": id,
        "webhook-timestamp": String(timestamp),
        "webhook-signature": `v1,${signature}`,
      },
      body,
    });
    answer = { status: response.status, body: await response.text() };
  } catch (error) {
    answer = { status: 0, body: error.cause?.message ?? error.message };
  }
  console.log(JSON.stringify(answer));
}

// Posts updates signed as Standard Webhooks have it (https://www.standardwebhooks.com). One request per
// line of standard input, one answer per line of standard output. Node does it because it is there anyway
// and knows TLS, which would otherwise be most of what xtask compiles; standard input, because a secret
// on a command line can be read by others.
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

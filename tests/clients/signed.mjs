// Verifies signed documents with `jose`. Standard input: {"keys": a JWK Set, "signed": [JWS, …]}. Prints what each says, or the
// code of the error.
import { compactVerify, createLocalJWKSet } from "jose";

let input = "";
for await (const part of process.stdin) input += part;
const { keys, signed } = JSON.parse(input);
const set = createLocalJWKSet(keys);

async function read(jws) {
  try {
    const { protectedHeader, payload } = await compactVerify(jws, set, { algorithms: ["EdDSA"] });
    return { header: protectedHeader, payload: new TextDecoder().decode(payload) };
  } catch (error) {
    if (!error.code) throw error;
    return { refused: error.code };
  }
}

console.log(JSON.stringify(await Promise.all(signed.map(read))));

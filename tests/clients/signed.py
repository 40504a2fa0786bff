"""Verifies signed documents with PyJWT. Standard input: {"keys": a JWK Set, "signed": [JWS, …]}. Prints what each says, or the name
of the error."""

import json
import sys

import jwt

given = json.load(sys.stdin)
keys = jwt.PyJWKSet.from_dict(given["keys"])
verifier = jwt.PyJWS(algorithms=["EdDSA"])


def read(token):
    try:
        key = keys[jwt.get_unverified_header(token)["kid"]]
        found = verifier.decode_complete(token, key=key, algorithms=["EdDSA"])
        return {"header": found["header"], "payload": found["payload"].decode()}
    except (jwt.PyJWTError, KeyError) as error:
        return {"refused": type(error).__name__}


json.dump([read(token) for token in given["signed"]], sys.stdout)

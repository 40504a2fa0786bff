"""Signs the requests of Schemathesis with Standard Webhooks and the key in `CANDOR_SECRET`."""

import base64
import hashlib
import hmac
import os
import tempfile
import time
import uuid

import requests
import schemathesis
from hypothesis.configuration import set_hypothesis_home_dir

# Keeps Hypothesis from writing into this folder.
set_hypothesis_home_dir(tempfile.mkdtemp())

SECRET = base64.b64decode(os.environ["CANDOR_SECRET"].removeprefix("whsec_"))


class StandardWebhooks(requests.auth.AuthBase):
    """requests calls this after it has encoded the body, so the signature covers the bytes that are sent."""

    def __call__(self, request):
        body = request.body or b""
        body = body.encode() if isinstance(body, str) else body
        identifier = f"msg_{uuid.uuid4().hex}"
        timestamp = str(int(time.time()))
        content = f"{identifier}.{timestamp}.".encode() + body
        signature = base64.b64encode(hmac.new(SECRET, content, hashlib.sha256).digest()).decode()
        request.headers["webhook-id"] = identifier
        request.headers["webhook-timestamp"] = timestamp
        request.headers["webhook-signature"] = f"v1,{signature}"
        return request


schemathesis.auth.set_from_requests(StandardWebhooks()).apply_to(path_regex="^/(v1/|metrics$)")


@schemathesis.serializer("application/x-ndjson")
def lines(context, value):
    """The body of a restore is text."""
    return value if isinstance(value, bytes) else str(value).encode()


@schemathesis.hook
def before_load_schema(context, schema):
    """Removes `/events`, which does not end (`tests/tests/events.rs`); `If-Match`, because with any version but the current one the worker
    refuses a request without reading its body; and `Idempotency-Key`, because it refuses another request with a key that was used."""
    schema["paths"].pop("/events", None)
    shared = schema.get("components", {}).get("parameters", {})

    def name(parameter):
        return shared.get(parameter.get("$ref", "").rpartition("/")[2], parameter).get("name")

    for path in schema["paths"].values():
        for part in [path, *path.values()]:
            if isinstance(part, dict) and "parameters" in part:
                part["parameters"] = [found for found in part["parameters"] if name(found) not in ("If-Match", "Idempotency-Key")]

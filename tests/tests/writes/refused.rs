//! A table of bad requests. The worker answers each with its status and a problem document (RFC 9457) that explains the
//! fix, and the published status does not change.

use candor_tests::sign::{self, Headers, Key, SigV4};
use candor_tests::{Answer, Edge};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use std::time::Duration;

/// Sends a bad request.
type Send = Box<dyn Fn(&Edge) -> Answer>;

struct Bad {
    what: &'static str,
    status: u16,
    /// A text that the problem's `detail` has to contain, and for 405 the `Allow` header.
    detail: &'static str,
    /// The problem's `pointer`, if the error is at a place in the body.
    pointer: Option<&'static str>,
    send: Send,
}

fn bad(
    what: &'static str,
    status: u16,
    detail: &'static str,
    send: impl Fn(&Edge) -> Answer + 'static,
) -> Bad {
    Bad { what, status, detail, pointer: None, send: Box::new(send) }
}

/// A bad body with a valid signature.
fn body(what: &'static str, status: u16, detail: &'static str, body: impl Into<Vec<u8>>) -> Bad {
    let body = body.into();
    bad(what, status, detail, move |edge| edge.post_as(&edge.keys.ops, &sign::unique_id(), &body))
}

/// A bad update with a valid signature. The error is at `pointer`.
fn update(
    what: &'static str,
    status: u16,
    pointer: &'static str,
    detail: &'static str,
    update: Value,
) -> Bad {
    Bad { pointer: Some(pointer), ..body(what, status, detail, update.to_string()) }
}

const GOOD: &[u8] = br#"{"type":"notice.post","body":"Hello"}"#;

fn json_type() -> (String, String) {
    ("content-type".to_owned(), "application/json".to_owned())
}

/// `GOOD`, signed with Standard Webhooks. `change` alters the headers after signing.
fn webhook(what: &'static str, detail: &'static str, change: impl Fn(&Edge, &mut Headers) + 'static) -> Bad {
    bad(what, 401, detail, move |edge| {
        let mut headers = sign::webhook(&edge.keys.ops, &sign::unique_id(), Timestamp::now(), GOOD);
        headers.push(json_type());
        change(edge, &mut headers);
        edge.send("POST", "/v1/updates", &headers, Some(GOOD))
    })
}

/// `GOOD`, signed with Signature Version 4. `before` alters the request to sign, `after` alters the headers.
fn sigv4(
    what: &'static str,
    detail: &'static str,
    before: impl Fn(&mut SigV4<'_>) + 'static,
    after: impl Fn(&mut Headers) + 'static,
) -> Bad {
    bad(what, 401, detail, move |edge| {
        let host = edge.host();
        let mut signing = SigV4::update(&host);
        before(&mut signing);
        let mut headers = signing.sign(&edge.keys.ops, GOOD);
        after(&mut headers);
        edge.send("POST", "/v1/updates", &headers, Some(GOOD))
    })
}

fn set(headers: &mut Headers, name: &str, value: &str) {
    headers.retain(|(known, _)| known != name);
    headers.push((name.to_owned(), value.to_owned()));
}

fn replace(headers: &mut Headers, name: &str, from: &str, to: &str) {
    let (_, value) = headers.iter_mut().find(|(known, _)| known == name).expect("the header");
    assert!(value.contains(from), "{value} has no {from}");
    *value = value.replacen(from, to, 1);
}

fn earlier(seconds: i64) -> Timestamp {
    Timestamp::now() - SignedDuration::from_secs(seconds)
}

fn signatures() -> Vec<Bad> {
    vec![
        bad("no signature", 401, "not signed", |edge| {
            edge.send("POST", "/v1/updates", &vec![json_type()], Some(GOOD))
        }),
        bad("a body altered after signing", 401, "signature", |edge| {
            let mut headers = sign::webhook(&edge.keys.ops, &sign::unique_id(), Timestamp::now(), GOOD);
            headers.push(json_type());
            edge.send("POST", "/v1/updates", &headers, Some(br#"{"type":"notice.post","body":"HELLO"}"#))
        }),
        webhook("another webhook-id than the signed one", "signature", |_, headers| {
            set(headers, "webhook-id", "msg_other")
        }),
        webhook("another timestamp than the signed one", "signature", |_, headers| {
            set(headers, "webhook-timestamp", &earlier(1).as_second().to_string());
        }),
        webhook("no webhook-id", "webhook-id", |_, headers| headers.retain(|(name, _)| name != "webhook-id")),
        webhook("no webhook-timestamp", "webhook-timestamp", |_, headers| {
            headers.retain(|(name, _)| name != "webhook-timestamp");
        }),
        webhook("a timestamp that is not a number", "webhook-timestamp", |_, headers| {
            set(headers, "webhook-timestamp", "today");
        }),
        webhook("an empty signature", "", |_, headers| set(headers, "webhook-signature", "")),
        webhook("an unknown signature version", "version other than", |_, headers| {
            replace(headers, "webhook-signature", "v1,", "v9,");
        }),
        webhook("a signature that is not base64", "", |_, headers| {
            set(headers, "webhook-signature", "v1,%%%")
        }),
        webhook("a truncated signature", "", |_, headers| {
            let (_, value) = headers.iter_mut().find(|(name, _)| name == "webhook-signature").unwrap();
            value.truncate(value.len() - 8);
        }),
        webhook("an HMAC labelled as Ed25519", "", |_, headers| {
            replace(headers, "webhook-signature", "v1,", "v1a,");
        }),
        bad("signed six minutes ago", 401, "clock", |edge| signed_at(edge, earlier(360))),
        bad("signed six minutes ahead", 401, "clock", |edge| signed_at(edge, earlier(-360))),
        bad("an unknown key", 401, "", |edge| edge.post_as(&Key::random("nobody"), &sign::unique_id(), GOOD)),
        bad("another Ed25519 key", 401, "", |edge| {
            edge.post_as(&Key::random_ed25519("signer"), &sign::unique_id(), GOOD)
        }),
        bad("an expired key", 401, "", |edge| edge.post_as(&edge.keys.expired, &sign::unique_id(), GOOD)),
        bad("an expired key, by curl", 401, "expired", |edge| {
            edge.curl("candor:candor", &edge.keys.expired, r#"{"type":"notice.post","body":"x"}"#, &[])
        }),
        bad("the wrong secret, by curl", 401, "secret", |edge| {
            edge.curl("candor:candor", &Key::random("ops"), r#"{"type":"notice.post","body":"x"}"#, &[])
        }),
        bad("the wrong secret, by curl with the AWS provider", 401, "secret", |edge| {
            edge.curl("aws:amz", &Key::random("ops"), r#"{"type":"notice.post","body":"x"}"#, &[])
        }),
        bad("an unknown key, by curl", 401, "nobody", |edge| {
            edge.curl("candor:candor", &Key::random("nobody"), r#"{"type":"notice.post","body":"x"}"#, &[])
        }),
        bad("the public key's id with a secret", 401, "", |edge| {
            edge.curl("candor:candor", &Key::random("signer"), r#"{"type":"notice.post","body":"x"}"#, &[])
        }),
        bad("SigV4: a body altered after signing", 401, "body", |edge| {
            let headers = SigV4::update(&edge.host()).sign(&edge.keys.ops, GOOD);
            edge.send("POST", "/v1/updates", &headers, Some(br#"{"type":"notice.post","body":"HELLO"}"#))
        }),
        bad("SigV4: a query added after signing", 401, "query", |edge| {
            let headers = SigV4::update(&edge.host()).sign(&edge.keys.ops, GOOD);
            edge.send("POST", "/v1/updates?dry_run=true", &headers, Some(GOOD))
        }),
        bad("SigV4: a query removed after signing", 401, "query", |edge| {
            let host = edge.host();
            let headers = SigV4 { query: "dry_run=true", ..SigV4::update(&host) }.sign(&edge.keys.ops, GOOD);
            edge.send("POST", "/v1/updates", &headers, Some(GOOD))
        }),
        sigv4("SigV4: signed for another path", "path", |signing| signing.path = "/v1/other", |_| ()),
        sigv4("SigV4: signed for another method", "method", |signing| signing.method = "PUT", |_| ()),
        sigv4(
            "SigV4: signed for another host",
            "host",
            |signing| signing.host = "status.example.com",
            |_| (),
        ),
        sigv4("SigV4: the host not signed", "host", |signing| signing.host_signed = false, |_| ()),
        sigv4("SigV4: six minutes ago", "clock", |signing| signing.at = earlier(360), |_| ()),
        sigv4("SigV4: six minutes ahead", "clock", |signing| signing.at = earlier(-360), |_| ()),
        sigv4(
            "SigV4: the body not signed",
            "body",
            |signing| signing.payload = Some("UNSIGNED-PAYLOAD"),
            |_| (),
        ),
        sigv4(
            "SigV4: the header UNSIGNED-PAYLOAD",
            "UNSIGNED-PAYLOAD",
            |signing| {
                signing.payload = Some("UNSIGNED-PAYLOAD");
                signing.extra.push(("x-candor-content-sha256".to_owned(), "UNSIGNED-PAYLOAD".to_owned()));
            },
            |_| (),
        ),
        sigv4(
            "SigV4: no date",
            "x-candor-date",
            |_| (),
            |headers| headers.retain(|(name, _)| name != "x-candor-date"),
        ),
        sigv4(
            "SigV4: an invalid date",
            "x-candor-date",
            |_| (),
            |headers| {
                set(headers, "x-candor-date", "yesterday");
            },
        ),
        sigv4(
            "SigV4: the scope of another day",
            "day",
            |_| (),
            |headers| {
                let day = Timestamp::now().strftime("/%Y%m%d/").to_string();
                replace(headers, "authorization", &day, "/20100101/");
            },
        ),
        sigv4(
            "SigV4: a signed header altered",
            "header",
            |_| (),
            |headers| {
                set(headers, "content-type", "application/json;charset=utf-8");
            },
        ),
        sigv4(
            "SigV4: a signed header missing",
            "x-trace",
            |signing| {
                signing.extra.push(("x-trace".to_owned(), "1".to_owned()));
            },
            |headers| headers.retain(|(name, _)| name != "x-trace"),
        ),
        sigv4(
            "SigV4: names of two providers",
            "provider",
            |_| (),
            |headers| {
                replace(headers, "authorization", "candor4_request", "aws4_request");
            },
        ),
        sigv4(
            "SigV4: another algorithm",
            "CANDOR4-HMAC-SHA256",
            |_| (),
            |headers| {
                replace(headers, "authorization", "CANDOR4-HMAC-SHA256", "CANDOR4-HMAC-MD5");
            },
        ),
        sigv4(
            "SigV4: no signature in it",
            "Signature",
            |_| (),
            |headers| {
                let (_, value) = headers.iter_mut().find(|(name, _)| name == "authorization").unwrap();
                value.truncate(value.find(", Signature=").unwrap());
            },
        ),
        sigv4(
            "SigV4: another provider's secret prefix",
            "secret",
            |signing| {
                signing.header = "amz";
                signing.provider = "aws";
            },
            |headers| {
                // Signed under the provider `aws`, sent under `candor`.
                for (name, value) in headers.iter_mut() {
                    *name = name.replace("x-amz-date", "x-candor-date");
                    *value = value
                        .replace("AWS4-HMAC", "CANDOR4-HMAC")
                        .replace("aws4_request", "candor4_request")
                        .replace("x-amz-date", "x-candor-date");
                }
            },
        ),
        sigv4(
            "a bearer token",
            "Authorization is Bearer",
            |_| (),
            |headers| set(headers, "authorization", "Bearer abc"),
        ),
        sigv4(
            "a password",
            "Authorization is Basic",
            |_| (),
            |headers| set(headers, "authorization", "Basic b3BzOm9wcw=="),
        ),
    ]
}

fn signed_at(edge: &Edge, at: Timestamp) -> Answer {
    let mut headers = sign::webhook(&edge.keys.ops, &sign::unique_id(), at, GOOD);
    headers.push(json_type());
    edge.send("POST", "/v1/updates", &headers, Some(GOOD))
}

fn replays() -> Vec<Bad> {
    let key = |edge: &Edge, body: &str| {
        edge.curl("candor:candor", &edge.keys.ops, body, &["--header", "Idempotency-Key: taken"])
    };
    vec![
        bad("another body under a webhook-id", 409, "webhook-id", |edge| {
            edge.post_as(&edge.keys.ops, "msg_taken", br#"{"type":"notice.post","body":"Other"}"#)
        }),
        bad("another body under an Idempotency-Key", 409, "Idempotency-Key", move |edge| {
            key(edge, r#"{"type":"notice.post","body":"Other"}"#)
        }),
        bad("a replayed signature, without an id for the request", 409, "", |edge| {
            let body = br#"{"type":"page.set","name":"Trailmark"}"#;
            // The first request is accepted, and sets the name that the page already has. That changes nothing, but uses up the
            // signature.
            let headers = SigV4::update(&edge.host()).sign(&edge.keys.ops, body);
            edge.send("POST", "/v1/updates", &headers, Some(body)).expect(200);
            edge.send("POST", "/v1/updates", &headers, Some(body))
        }),
    ]
}

fn roles() -> Vec<Bad> {
    let probe = |what: &'static str, detail: &'static str, update: Value| {
        bad(what, 403, detail, move |edge| {
            edge.post_as(&edge.keys.probe, &sign::unique_id(), update.to_string().as_bytes())
        })
    };
    vec![
        probe(
            "a monitor opens an incident",
            "operator",
            json!({"type":"incident.open","name":"x","impact":"minor","body":"x"}),
        ),
        probe(
            "a monitor sets another component",
            "maps",
            json!({"type":"component.set","id":"maps","status":"major_outage"}),
        ),
        probe(
            "a monitor renames its component",
            "status",
            json!({"type":"component.set","id":"checkins","name":"Mine"}),
        ),
        probe("a monitor sets the page", "operator", json!({"type":"page.set","name":"Mine"})),
        probe(
            "a monitor sends a batch with one forbidden update",
            "maps",
            json!([
                {"type":"component.set","id":"checkins","status":"major_outage"},
                {"type":"component.set","id":"maps","status":"major_outage"},
            ]),
        ),
        bad("a monitor with curl", 403, "operator", |edge| {
            edge.curl("candor:candor", &edge.keys.probe, r#"{"type":"notice.clear"}"#, &[])
        }),
    ]
}

fn http() -> Vec<Bad> {
    let signed = |edge: &Edge, path: &str, content_type: Option<&str>, more: &[(&str, &str)]| {
        let mut headers = sign::webhook(&edge.keys.ops, &sign::unique_id(), Timestamp::now(), GOOD);
        headers.extend(content_type.map(|kind| ("content-type".to_owned(), kind.to_owned())));
        headers.extend(more.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        edge.send("POST", path, &headers, Some(GOOD))
    };
    let json = Some("application/json");
    vec![
        bad("GET", 405, "POST", |edge| edge.get("/v1/updates")),
        bad("PUT", 405, "POST", |edge| edge.send("PUT", "/v1/updates", &vec![json_type()], Some(GOOD))),
        bad("DELETE", 405, "POST", |edge| edge.send("DELETE", "/v1/updates", &vec![], None)),
        bad("POST to the status", 405, "GET", |edge| {
            edge.send("POST", "/status.json", &vec![json_type()], Some(GOOD))
        }),
        bad("an unknown path", 404, "", |edge| edge.get("/v1/nothing")),
        bad("plain text", 415, "application/json", move |edge| {
            signed(edge, "/v1/updates", Some("text/plain"), &[])
        }),
        bad("a form", 415, "application/json", move |edge| {
            signed(edge, "/v1/updates", Some("application/x-www-form-urlencoded"), &[])
        }),
        bad("no content type", 415, "application/json", move |edge| signed(edge, "/v1/updates", None, &[])),
        bad("a dry run that is neither true nor false", 400, "dry_run", move |edge| {
            signed(edge, "/v1/updates?dry_run=perhaps", json, &[])
        }),
        bad("another version than the current one", 412, "version", move |edge| {
            signed(edge, "/v1/updates", json, &[("if-match", "\"999999\"")])
        }),
        bad("an If-Match that is not a version", 400, "If-Match", move |edge| {
            signed(edge, "/v1/updates", json, &[("if-match", "\"abc\"")])
        }),
        bad("one byte over 64 KiB", 413, "65536", |edge| {
            let body = format!("{}{{}}", " ".repeat(65_535));
            edge.post_as(&edge.keys.ops, &sign::unique_id(), body.as_bytes())
        }),
    ]
}

fn not_json() -> Vec<Bad> {
    let nested = "[".repeat(30_000);
    vec![
        body("an empty body", 400, "line 1", ""),
        body("truncated", 400, "line 2", "{\"type\":\n\"notice.po"),
        body(
            "not UTF-8",
            400,
            "not UTF-8 from byte",
            b"{\"type\":\"notice.post\",\"body\":\"\xff\"}".to_vec(),
        ),
        body("an unpaired surrogate", 400, "unpaired surrogate", r#"{"type":"notice.post","body":"\ud800"}"#),
        body("deep nesting", 400, "", nested),
        body("deep nesting in an update", 400, "", format!("{{\"type\":{}", "[".repeat(30_000))),
        body("two documents", 400, "", "{\"type\":\"notice.clear\"}{\"type\":\"notice.clear\"}"),
        body("a duplicate member", 400, "", r#"{"type":"notice.post","body":"a","body":"b"}"#),
        body("a trailing comma", 400, "column", r#"{"type":"notice.clear",}"#),
        body("not a number", 400, "", r#"{"type":"component.set","id":"x","position":NaN}"#),
        body("a byte order mark", 400, "", "\u{feff}{\"type\":\"notice.clear\"}"),
        body("form encoding", 400, "", "type=notice.clear"),
    ]
}

fn not_updates() -> Vec<Bad> {
    let open = |change: Value| {
        let mut open = json!({"type":"incident.open","name":"x","impact":"minor","body":"x"});
        open.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        open
    };
    let future = || (Timestamp::now() + Duration::from_secs(3_600)).to_string();
    vec![
        update("a string", 422, "", "object", json!("incident.open")),
        update("no update", 422, "", "1 to 100", json!([])),
        update("101 updates", 422, "", "101", json!(vec![json!({"type":"notice.clear"}); 101])),
        update("an array in an array", 422, "/0", "object", json!([[{"type":"notice.clear"}]])),
        update("no type", 422, "/type", "type", json!({"body":"x"})),
        update("a type that is a number", 422, "/type", "string", json!({"type":1})),
        update("an unknown type", 422, "/type", "incident.open", json!({"type":"incident.close"})),
        update("an unknown field", 422, "/severity", "severity", open(json!({"severity":"high"}))),
        update("no body", 422, "/body", "body", json!({"type":"incident.open","name":"x","impact":"minor"})),
        update("a body that is a number", 422, "/body", "string", open(json!({"body":1}))),
        update("an empty body", 422, "/body", "", open(json!({"body":""}))),
        update(
            "a body of 10,001 characters",
            422,
            "/body",
            "10000",
            open(json!({"body":"x".repeat(10_001)})),
        ),
        update("a name of 201 characters", 422, "/name", "200", open(json!({"name":"ä".repeat(201)}))),
        update("a name with a line break", 422, "/name", "", open(json!({"name":"a\nb"}))),
        update("an id in capitals", 422, "/id", "a-z", open(json!({"id":"DOWN"}))),
        update("an id of 65 characters", 422, "/id", "64", open(json!({"id":"x".repeat(65)}))),
        update("an unknown impact", 422, "/impact", "minor", open(json!({"impact":"huge"}))),
        update("an unknown status", 422, "/status", "identified", open(json!({"status":"open"}))),
        update(
            "an incident opened as resolved",
            422,
            "/status",
            "incident.update",
            open(json!({"status":"resolved"})),
        ),
        update(
            "an unknown component",
            422,
            "/components/nobody",
            "nobody",
            open(json!({"components":{"nobody":"major_outage"}})),
        ),
        update(
            "an unknown status of a component",
            422,
            "/components/maps",
            "major_outage",
            open(json!({"components":{"maps":"down"}})),
        ),
        update(
            "an incident that holds a group",
            422,
            "/components/app",
            "group",
            open(json!({"components":{"app":"major_outage"}})),
        ),
        update("a time in the future", 422, "/at", "future", open(json!({"at":future()}))),
        update("an invalid time", 422, "/at", "", open(json!({"at":"yesterday"}))),
        update(
            "two promises",
            422,
            "/next_update_at",
            "not both",
            open(json!({"next_update_in":"30m","next_update_at":future()})),
        ),
        update(
            "a promise that is not a duration",
            422,
            "/next_update_in",
            "30m",
            open(json!({"next_update_in":"soon"})),
        ),
        update(
            "a promise in the past",
            422,
            "/next_update_at",
            "after",
            open(json!({"next_update_at":"2010-10-04T15:00:00Z"})),
        ),
        update("a start after the update", 422, "/started_at", "after", open(json!({"started_at":future()}))),
        update(
            "a detection before the start",
            422,
            "/detected_at",
            "before",
            open(json!({"started_at":"2010-10-04T15:00:00Z","detected_at":"2010-10-04T14:00:00Z"})),
        ),
        update(
            "a new component without a name",
            422,
            "/name",
            "name",
            json!({"type":"component.set","id":"new"}),
        ),
        update(
            "the status of a group",
            422,
            "/status",
            "group",
            json!({"type":"component.set","id":"app","status":"major_outage"}),
        ),
        update(
            "an unknown group",
            422,
            "/group",
            "nobody",
            json!({"type":"component.set","id":"maps","group":"nobody"}),
        ),
        update(
            "a group that is a component",
            422,
            "/group",
            "not a group",
            json!({"type":"component.set","id":"maps","group":"api"}),
        ),
        update(
            "a negative position",
            422,
            "/position",
            "",
            json!({"type":"component.set","id":"maps","position":-1}),
        ),
        update(
            "a script as an address",
            422,
            "/url",
            "",
            json!({"type":"page.set","url":"javascript:alert(1)"}),
        ),
        update(
            "a notice that has expired",
            422,
            "/until",
            "future",
            json!({"type":"notice.post","body":"x","until":"2010-10-04T15:00:00Z"}),
        ),
        update(
            "a type that is a number, in a batch",
            422,
            "/1/type",
            "",
            json!([{"type":"notice.post","body":"x"},{"type":7}]),
        ),
    ]
}

fn contradictions() -> Vec<Bad> {
    let more = |change: Value| {
        let mut update = json!({"type":"incident.update","incident":"one","body":"x"});
        update.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        update
    };
    let work = |change: Value| {
        let mut update = json!({"type":"maintenance.schedule","name":"x","body":"x",
            "scheduled_for":"2099-01-01T00:00:00Z","scheduled_until":"2099-01-01T02:00:00Z"});
        update.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        update
    };
    vec![
        update(
            "an update that fits two incidents",
            409,
            "/incident",
            "one, two",
            json!({"type":"incident.update","body":"x"}),
        ),
        update("an unknown incident", 404, "/incident", "three", more(json!({"incident":"three"}))),
        update(
            "an id that is in use",
            409,
            "/id",
            "one",
            json!({"type":"incident.open","id":"one","name":"x","impact":"minor","body":"x"}),
        ),
        update(
            "the id of a closed incident",
            409,
            "/id",
            "over",
            json!({"type":"incident.open","id":"over","name":"x","impact":"minor","body":"x"}),
        ),
        update(
            "resolved with a promise",
            422,
            "/next_update_in",
            "resolved",
            more(json!({"status":"resolved","next_update_in":"30m"})),
        ),
        update(
            "resolved with a component held",
            422,
            "/components",
            "holds nothing",
            more(json!({"status":"resolved","components":{"maps":"major_outage"}})),
        ),
        update(
            "a time before the newest update",
            422,
            "/at",
            "order",
            more(json!({"at":"2010-10-04T15:00:00Z"})),
        ),
        update(
            "the end of an open incident",
            409,
            "/resolved_at",
            "open",
            json!({"type":"incident.amend","incident":"one","resolved_at":"2010-10-04T15:00:00Z"}),
        ),
        update(
            "an unknown text",
            404,
            "/update",
            "99",
            json!({"type":"incident.amend","incident":"one","update":99,"body":"x"}),
        ),
        update(
            "an amendment without a text",
            422,
            "/body",
            "corrected",
            json!({"type":"incident.amend","incident":"one","update":1}),
        ),
        update("a held component removed", 409, "/id", "one", json!({"type":"component.remove","id":"maps"})),
        update(
            "a group with members removed",
            409,
            "/id",
            "members",
            json!({"type":"component.remove","id":"app"}),
        ),
        update(
            "an unknown component removed",
            404,
            "/id",
            "nobody",
            json!({"type":"component.remove","id":"nobody"}),
        ),
        update(
            "a component turned into a group",
            409,
            "/is_group",
            "group",
            json!({"type":"component.set","id":"maps","is_group":true}),
        ),
        update(
            "a maintenance that ends before it begins",
            422,
            "/scheduled_until",
            "after",
            work(json!({"scheduled_until":"2098-01-01T00:00:00Z"})),
        ),
        update(
            "a check after the end",
            422,
            "/verify_at",
            "not before",
            work(json!({"verify_at":"2099-02-01T00:00:00Z"})),
        ),
        update(
            "a maintenance planned in the past",
            422,
            "/scheduled_for",
            "before",
            work(json!({"scheduled_for":"2010-10-04T15:00:00Z"})),
        ),
        update("a maintenance id that is in use", 409, "/id", "disks", work(json!({"id":"disks"}))),
        update(
            "a maintenance of an unknown component",
            422,
            "/components/0",
            "nobody",
            work(json!({"components":["nobody"]})),
        ),
        update(
            "a completed maintenance restarted",
            409,
            "/status",
            "completed",
            json!({"type":"maintenance.update","maintenance":"done","status":"in_progress","body":"x"}),
        ),
        update(
            "no notice to clear",
            404,
            "/1",
            "notice",
            json!([{"type":"notice.clear"},{"type":"notice.clear"}]),
        ),
        update(
            "a batch with one bad update",
            422,
            "/1/components/nobody",
            "nobody",
            json!([
                {"type":"component.set","id":"maps","status":"major_outage"},
                {"type":"incident.open","name":"x","impact":"minor","body":"x","components":{"nobody":"major_outage"}},
            ]),
        ),
        update(
            "a batch that contradicts itself",
            409,
            "/1/id",
            "twin",
            json!([
                {"type":"incident.open","id":"twin","name":"x","impact":"minor","body":"x"},
                {"type":"incident.open","id":"twin","name":"x","impact":"minor","body":"x"},
            ]),
        ),
    ]
}

#[test]
fn a_refused_request_changes_nothing() {
    let edge = Edge::start();
    set_up_scene(&edge);
    let table: Vec<Bad> =
        [signatures(), replays(), roles(), http(), not_json(), not_updates(), contradictions()]
            .into_iter()
            .flatten()
            .collect();
    assert!(table.len() >= 60, "{} bad requests", table.len());

    let mut wrong = Vec::new();
    for case in &table {
        // Only the last request of a case is bad. A replay first sends one that is accepted.
        let before = edge.status();
        let answer = (case.send)(&edge);
        let after = edge.status();
        let first_was_accepted = case.what.starts_with("a replayed signature");
        let mut complain = |problem: String| {
            wrong.push(format!("{}: {problem}\n    {} {}", case.what, answer.status, answer.text()));
        };
        if answer.status != case.status {
            complain(format!("the status is {}, not {}", answer.status, case.status));
            continue;
        }
        if answer.header("content-type") != Some("application/problem+json") {
            complain(format!("the content type is {:?}", answer.header("content-type")));
            continue;
        }
        let problem = answer.json();
        let detail = problem["detail"].as_str().unwrap_or_default();
        if detail.len() < 15 || !detail.to_lowercase().contains(&case.detail.to_lowercase()) {
            complain(format!("the detail does not contain {:?}", case.detail));
        }
        if problem["status"] != case.status || !problem["type"].is_string() || !problem["title"].is_string() {
            complain("the problem document is incomplete".to_owned());
        }
        if let Some(pointer) = case.pointer
            && problem["pointer"].as_str().unwrap_or_default() != pointer
        {
            complain(format!("the pointer is {}, not {pointer}", problem["pointer"]));
        }
        if case.status == 405 && answer.header("allow").is_none_or(|allow| !allow.contains(case.detail)) {
            complain(format!("the Allow header is {:?}", answer.header("allow")));
        }
        if before != after && !first_was_accepted {
            complain("the published status has changed".to_owned());
        }
    }
    assert!(wrong.is_empty(), "{} of {} cases:\n{}", wrong.len(), table.len(), wrong.join("\n"));

    // The worker still accepts updates.
    let version = edge.version();
    let answer = edge.accept(&json!({"type":"notice.post","body":"Still here"}));
    assert_eq!(answer["version"], version + 1);
}

/// The worker stops reading a body at the limit. The connection has to stay usable for the next request.
#[test]
fn a_megabyte_is_refused_and_the_connection_stays_usable() {
    let edge = Edge::start();
    edge.set_up_page();
    let version = edge.version();
    // With a Content-Length, in chunks, and with a Content-Length again.
    for further in [&[][..], &["--header", "Transfer-Encoding: chunked"], &[]] {
        let answer = edge.curl("candor:candor", &edge.keys.ops, &" ".repeat(1 << 20), further).expect(413);
        assert_eq!(answer.header("content-type"), Some("application/problem+json"));
        let started = std::time::Instant::now();
        assert_eq!(edge.status()["version"], version);
        assert!(started.elapsed() < Duration::from_secs(5), "the next reader waited {:?}", started.elapsed());
    }
}

/// Sets up two open incidents, a resolved one, a planned and a completed maintenance, a notice, and two used request ids.
fn set_up_scene(edge: &Edge) {
    edge.set_up_page();
    edge.accept(&json!([
        {"type":"incident.open","id":"one","name":"One","impact":"minor","body":"x","components":{"maps":"degraded_performance"}},
        {"type":"incident.open","id":"two","name":"Two","impact":"minor","body":"x"},
        {"type":"incident.open","id":"over","name":"Over","impact":"minor","body":"x"},
        {"type":"incident.update","incident":"over","status":"resolved","body":"x"},
        {"type":"maintenance.schedule","id":"disks","name":"Disks","body":"x",
            "scheduled_for":"2099-01-01T00:00:00Z","scheduled_until":"2099-01-01T02:00:00Z"},
        {"type":"maintenance.schedule","id":"done","name":"Done","body":"x",
            "scheduled_for":"2099-01-01T00:00:00Z","scheduled_until":"2099-01-01T02:00:00Z"},
        {"type":"maintenance.update","maintenance":"done","status":"in_progress","body":"x"},
        {"type":"maintenance.update","maintenance":"done","status":"completed","body":"x"},
    ]));
    edge.post_as(&edge.keys.ops, "msg_taken", br#"{"type":"notice.post","body":"First"}"#).expect(201);
    edge.curl(
        "candor:candor",
        &edge.keys.ops,
        r#"{"type":"notice.post","body":"First"}"#,
        &["--header", "Idempotency-Key: taken"],
    )
    .expect(201);
}

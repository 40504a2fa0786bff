//! Signatures as curl and other clients make them, and requests that must be refused.

use super::*;
use crate::settings::parse_keys;
use crate::write::signature::authorization::PROVIDERS;
use candor_shared::text::Id;
use hmac::{Hmac, KeyInit};
use proptest::prelude::*;
use sha2::Sha256;

const SECRET: &str = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";
const BODY: &[u8] = br#"{"type":"notice.clear"}"#;

fn keys() -> Vec<Key> {
    parse_keys(&format!(r#"[{{"id":"ops","secret":"{SECRET}","role":"operator"}}]"#)).unwrap()
}

fn now() -> Time {
    "2026-03-01T12:00:00Z".parse().unwrap()
}

fn hmac(key: &[u8], message: &[u8]) -> Vec<u8> {
    Hmac::<Sha256>::new_from_slice(key).unwrap().chain_update(message).finalize().into_bytes().to_vec()
}

/// Signs a request as the specification describes it. Shares only HMAC and SHA-256 with the code above. The black-box
/// tests sign with curl.
fn sign(request: &Request<'_>, signed_headers: &str, provider: usize) -> String {
    let provider = &PROVIDERS[provider];
    let scope = format!("20260301/eu/status/{}", provider.terminator);
    let headers: String = signed_headers
        .split(';')
        .map(|name| {
            format!("{name}:{}\n", if name == "host" { request.host } else { request.header(name).unwrap() })
        })
        .collect();
    let canonical = format!(
        "{}\n{}\n{}\n{headers}\n{signed_headers}\n{}",
        request.method,
        request.path,
        request.query,
        sha256_hex(request.body)
    );
    let to_sign =
        format!("{}\n20260301T120000Z\n{scope}\n{}", provider.algorithm, sha256_hex(canonical.as_bytes()));
    let mut key = hmac(format!("{}{SECRET}", provider.secret_prefix).as_bytes(), b"20260301");
    for part in ["eu", "status", provider.terminator] {
        key = hmac(&key, part.as_bytes());
    }
    let signature = base16ct::lower::encode_string(&hmac(&key, to_sign.as_bytes()));
    format!(
        "{} Credential=ops/{scope}, SignedHeaders={signed_headers}, Signature={signature}",
        provider.algorithm
    )
}

fn headers(date: &str) -> Vec<(String, String)> {
    vec![
        (date.to_owned(), "20260301T120000Z".to_owned()),
        ("content-type".to_owned(), "application/json".to_owned()),
    ]
}

fn request<'a>(headers: &'a [(String, String)], query: &'a str) -> Request<'a> {
    Request { method: "POST", host: "status.example.com", path: "/v1/updates", query, headers, body: BODY }
}

#[test]
fn both_providers_and_any_set_of_headers_are_accepted() {
    for (provider, date) in [(0, "x-candor-date"), (1, "x-amz-date")] {
        let headers = headers(date);
        for signed in [format!("host;{date}"), format!("content-type;host;{date}")] {
            let request = request(&headers, "dry_run=true");
            let authorization = sign(&request, &signed, provider);
            let verified = verify(&request, &authorization, &keys(), now()).unwrap();
            assert_eq!(verified.key.as_str(), "ops");
        }
    }
}

#[test]
fn a_request_that_changed_after_signing_is_refused() {
    let headers = headers("x-candor-date");
    let good = request(&headers, "");
    let authorization = sign(&good, "host;x-candor-date", 0);
    let check = |request: Request<'_>| verify(&request, &authorization, &keys(), now());
    assert!(check(request(&headers, "")).is_ok());
    for altered in [
        Request { method: "PUT", ..request(&headers, "") },
        Request { host: "evil.example.com", ..request(&headers, "") },
        Request { path: "/v1/update", ..request(&headers, "") },
        Request { query: "dry_run=true", ..request(&headers, "") },
        Request { body: b"{}", ..request(&headers, "") },
    ] {
        assert!(matches!(check(altered), Err(SignatureError::Mismatch(_))));
    }
    let later = "2026-03-01T12:05:01Z".parse().unwrap();
    assert!(matches!(verify(&good, &authorization, &keys(), later), Err(SignatureError::Skew(_))));
    let unknown = authorization.replace("Credential=ops", "Credential=nobody");
    let nobody = Id::try_from("nobody".to_owned()).ok();
    assert_eq!(verify(&good, &unknown, &keys(), now()), Err(SignatureError::UnknownKey(nobody)));
}

/// Whoever swaps the id and the secret, or forgets the colon between them, does not read the secret in the answer.
#[test]
fn what_may_be_a_secret_in_the_place_of_the_id_is_not_quoted() {
    let headers = headers("x-candor-date");
    let good = sign(&request(&headers, ""), "host;x-candor-date", 0);
    for (given, part) in [
        (SECRET, "C2FV"),
        (&format!("ops {SECRET}"), "C2FV"),
        (&SECRET.replace("+b5", "/b/5+="), "C2FV"),
        (&SECRET.replace("whsec_", "whsk_"), "C2FV"),
        (SECRET.trim_start_matches("whsec_"), "C2FV"),
        (&format!("{SECRET}%3Aops"), "C2FV"),
        // Hex in lower case has the form of an id.
        (&"c0ffee".repeat(8), "c0ffee"),
    ] {
        let authorization = good.replace("Credential=ops/", &format!("Credential={given}/"));
        let detail = detail(verify(&request(&headers, ""), &authorization, &keys(), now()));
        assert!(detail.contains("may be swapped") && detail.contains("KEY_ID:SECRET"), "{detail}");
        assert!(!detail.contains(part), "{detail}");
    }
}

#[test]
fn quotes_around_a_part_of_the_header_are_named() {
    let headers = headers("x-candor-date");
    let good = sign(&request(&headers, ""), "host;x-candor-date", 0);
    for name in ["Credential", "SignedHeaders", "Signature"] {
        let (start, rest) = good.split_once(&format!("{name}=")).unwrap();
        for quote in ['"', '\''] {
            let end = rest.find(',').unwrap_or(rest.len());
            let (value, rest) = rest.split_at(end);
            let quoted = format!("{start}{name}={quote}{value}{quote}{rest}");
            let detail = detail(verify(&request(&headers, ""), &quoted, &keys(), now()));
            assert!(detail.contains(&format!("quotes stand around the value of {name}")), "{detail}");
        }
    }
}

#[test]
fn host_date_and_body_must_be_signed() {
    let mut headers = headers("x-candor-date");
    for signed in ["x-candor-date", "host", "content-type;host"] {
        let request = request(&headers, "");
        let authorization = sign(&request, signed, 0);
        assert!(
            matches!(verify(&request, &authorization, &keys(), now()), Err(SignatureError::Unreadable(_))),
            "{signed}"
        );
    }
    headers.push(("x-candor-content-sha256".into(), "UNSIGNED-PAYLOAD".into()));
    let request = request(&headers, "");
    let authorization = sign(&request, "host;x-candor-date;x-candor-content-sha256", 0);
    assert!(
        matches!(verify(&request, &authorization, &keys(), now()), Err(SignatureError::Mismatch(what)) if what.contains("UNSIGNED"))
    );
}

/// A request with more headers, all of them signed, as it was signed and as it arrives.
fn arrives(signed: &[(&str, &str)], arrived: &[(&str, &str)]) -> Result<Verified, SignatureError> {
    let all = |more: &[(&str, &str)]| -> Vec<(String, String)> {
        let more = more.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        headers("x-candor-date").into_iter().chain(more).collect()
    };
    let mut names: Vec<&str> = signed.iter().map(|(name, _)| *name).collect();
    names.extend(["host", "x-candor-date"]);
    names.sort_unstable();
    names.dedup();
    let (before, after) = (all(signed), all(arrived));
    let authorization = sign(&request(&before, ""), &names.join(";"), 0);
    verify(&request(&after, ""), &authorization, &keys(), now())
}

fn detail(outcome: Result<Verified, SignatureError>) -> String {
    outcome.unwrap_err().detail(now())
}

#[test]
fn a_signed_header_that_the_network_changes_is_named() {
    for (name, value) in [
        ("accept-encoding", "gzip, br"),
        ("connection", "keep-alive"),
        ("x-forwarded-for", "192.0.2.1, 192.0.2.2"),
        ("x-forwarded-proto", "https"),
        ("via", "1.1 proxy"),
        ("te", "trailers"),
        ("user-agent", "other"),
        ("content-length", "24"),
        ("cf-connecting-ip", "192.0.2.1"),
    ] {
        let unchanged = [(name, value)];
        assert!(arrives(&unchanged, &unchanged).is_ok(), "{name}");
        let changed = detail(arrives(&[(name, "sent")], &[(name, value)]));
        assert!(changed.contains(&format!("leave them unsigned: {name}.")), "{changed}");
        let removed = detail(arrives(&[(name, "sent")], &[]));
        assert!(
            removed.contains(&format!("lists {name}")) && removed.contains("leave it unsigned"),
            "{removed}"
        );
    }
}

/// A list of what networks change is never complete: whatever the page does not read may have been changed.
#[test]
fn a_signed_header_that_the_page_does_not_read_is_named() {
    for name in ["x-trace", "x-waws-unencoded-url", "fastly2-client", "x-amz-security-token", "my-gateway-id"]
    {
        let changed = detail(arrives(&[(name, "1")], &[(name, "2")]));
        assert!(changed.contains(&format!("does not read, so leave them unsigned: {name}.")), "{changed}");
        assert!(!changed.contains("networks on the way") && !changed.contains("twice"), "{changed}");
        let removed = detail(arrives(&[(name, "1")], &[]));
        assert!(
            removed.contains(&format!("lists {name}")) && removed.contains("leave it unsigned"),
            "{removed}"
        );
    }
    let all = [("x-azure-ref", "1"), ("if-match", "\"42\"")];
    let changed = detail(arrives(&all, &[("x-azure-ref", "2"), ("if-match", "\"42\"")]));
    assert!(
        changed.contains("leave them unsigned: x-azure-ref.") && !changed.contains("if-match"),
        "{changed}"
    );
    let read = detail(arrives(&[("if-match", "\"42\"")], &[("if-match", "\"43\"")]));
    assert!(!read.contains("unsigned"), "{read}");
    let emptied = detail(arrives(&[("if-match", "")], &[]));
    assert!(emptied.contains("lists if-match") && emptied.contains("it was empty"), "{emptied}");
}

#[test]
fn a_signature_that_is_no_hex_is_named() {
    let headers = headers("x-candor-date");
    let good = sign(&request(&headers, ""), "host;x-candor-date", 0);
    let (start, signature) = good.split_once("Signature=").unwrap();
    for (signature, expected) in [
        (String::new(), "Signature is not 64 hex digits but 0 characters, so it may be cut short"),
        (signature[..63].to_owned(), "not 64 hex digits but 63 characters, so it may be cut short"),
        (signature[..62].to_owned(), "not 64 hex digits but 62 characters"),
        (format!("{signature}00"), "not 64 hex digits but 66 characters."),
        ("x".repeat(64), "not 64 hex digits"),
        (signature.to_uppercase(), "upper case; write it in lower case"),
    ] {
        let outcome =
            verify(&request(&headers, ""), &format!("{start}Signature={signature}"), &keys(), now());
        assert!(
            matches!(&outcome, Err(SignatureError::Unreadable(what)) if what.contains(expected)),
            "{outcome:?}"
        );
    }
}

#[test]
fn a_wrong_hash_of_the_body_is_named() {
    let hash = sha256_hex(BODY);
    for (provider, date, header) in
        [(0, "x-candor-date", "x-candor-content-sha256"), (1, "x-amz-date", "x-amz-content-sha256")]
    {
        let check = |value: &str| {
            let mut headers = headers(date);
            headers.push((header.to_owned(), value.to_owned()));
            let request = request(&headers, "");
            let authorization = sign(&request, &format!("host;{header};{date}"), provider);
            verify(&request, &authorization, &keys(), now())
        };
        assert!(check(&hash).is_ok());
        for (value, expected) in [
            (hash.to_uppercase().as_str(), "in upper case"),
            ("STREAMING-AWS4-HMAC-SHA256-PAYLOAD", "signed in chunks"),
            ("STREAMING-UNSIGNED-PAYLOAD-TRAILER", "signed in chunks"),
            ("UNSIGNED-PAYLOAD", "UNSIGNED-PAYLOAD is refused"),
            ("", "is not a SHA-256 in hex"),
            ("hjYj4TxiXxFxpGSAh9wUuMeE+1N6sr6nCJzpY3n3oC0=", "is not a SHA-256 in hex"),
            (&hash[..40], "is not a SHA-256 in hex"),
            (&sha256_hex(b"{}"), "is not the SHA-256 of the body that arrived"),
        ] {
            let detail = detail(check(value));
            assert!(detail.contains(expected), "{value}: {detail}");
        }
    }
}

#[test]
fn a_header_that_came_twice_is_accepted_if_signed_so_and_named_if_not() {
    // The scheme joins the values with a comma, the runtime with a comma and a space.
    assert!(arrives(&[("x-trace", "1,2")], &[("x-trace", "1, 2")]).is_ok());
    assert!(arrives(&[("x-trace", "1, 2")], &[("x-trace", "1, 2")]).is_ok());
    let twice = detail(arrives(&[("x-trace", "1")], &[("x-trace", "1, 1")]));
    assert!(twice.contains("may have come twice: x-trace."), "{twice}");
    let mut headers = headers("x-candor-date");
    let authorization = sign(&request(&headers, ""), "host;x-candor-date", 0);
    let check = |headers: &[(String, String)], authorization: &str| {
        detail(verify(&request(headers, ""), authorization, &keys(), now()))
    };
    for second in [authorization.as_str(), "Bearer abc", "Basic b3BzOm9wcw=="] {
        for both in [format!("{authorization}, {second}"), format!("{second}, {authorization}")] {
            assert!(check(&headers, &both).contains("authorization came twice"), "{both}");
        }
    }
    let hash = sha256_hex(BODY);
    headers.push(("x-candor-content-sha256".to_owned(), format!("{hash}, {hash}")));
    assert!(check(&headers, &authorization).contains("x-candor-content-sha256 came twice"));
    headers[0].1 = "20260301T120000Z, 20260301T115959Z".to_owned();
    assert!(check(&headers, &authorization).contains("x-candor-date came twice"));
}

/// A comma with a space stands in other values too.
#[test]
fn another_format_is_not_a_header_that_came_twice() {
    let authorization = sign(&request(&headers("x-candor-date"), ""), "host;x-candor-date", 0);
    let check = |name: &str, value: &str| {
        let mut headers = headers("x-candor-date");
        headers.retain(|(known, _)| known != name);
        headers.push((name.to_owned(), value.to_owned()));
        detail(verify(&request(&headers, ""), &authorization, &keys(), now()))
    };
    for date in ["Sun, 01 Mar 2026 12:00:00 GMT", "1 March 2026, 12:00", "20260301T120000Z, UTC"] {
        let detail = check("x-candor-date", date);
        assert!(detail.contains("must be a time such as 20101004T150000Z"), "{detail}");
    }
    for hash in ["sha-256=:abc=:, sha-512=:abc=:", "00, 00", "a, b"] {
        let detail = check("x-candor-content-sha256", hash);
        assert!(detail.contains("is not a SHA-256 in hex"), "{detail}");
    }
}

#[test]
fn equivalent_spellings_of_the_host_are_accepted() {
    let headers = headers("x-candor-date");
    let arrived = Request { host: "status.example.com", ..request(&headers, "") };
    for host in
        ["STATUS.EXAMPLE.COM", "status.example.com:443", "status.example.com:80", "status.example.com."]
    {
        let authorization = sign(&Request { host, ..request(&headers, "") }, "host;x-candor-date", 0);
        assert!(verify(&arrived, &authorization, &keys(), now()).is_ok(), "{host}");
    }
    for host in ["example.com", "status.example.com:8443", "www.status.example.com"] {
        let authorization = sign(&Request { host, ..request(&headers, "") }, "host;x-candor-date", 0);
        let refused = detail(verify(&arrived, &authorization, &keys(), now()));
        assert!(refused.contains("\"status.example.com\" is expected"), "{refused}");
    }
    // The header Host as it arrived may be in mixed case.
    let with_host = [headers.clone(), vec![("host".to_owned(), "Status.Example.com".to_owned())]].concat();
    let signed = Request { host: "Status.Example.com", ..request(&headers, "") };
    let authorization = sign(&signed, "host;x-candor-date", 0);
    assert!(verify(&request(&with_host, ""), &authorization, &keys(), now()).is_ok());
}

#[test]
fn the_signed_headers_are_bounded_and_each_is_listed_once() {
    let long = "x".repeat(MAX_CANONICAL_BYTES);
    assert!(detail(arrives(&[("x-long", &long)], &[("x-long", &long)])).contains("Sign fewer headers"));
    let headers = headers("x-candor-date");
    let good = sign(&request(&headers, ""), "host;x-candor-date", 0);
    let with = |signed: &str| {
        let authorization = good.replace("host;x-candor-date", signed);
        detail(verify(&request(&headers, ""), &authorization, &keys(), now()))
    };
    assert!(with("host;host;x-candor-date").contains("lists host twice"));
    assert!(with("Host;x-candor-date").contains("lower case"));
    for empty in [";host;x-candor-date", "host;x-candor-date;", "host;;x-candor-date", ";"] {
        assert!(with(empty).contains("a semicolon too many"), "{}", with(empty));
    }
    let many: Vec<String> = (0..40).map(|n| format!("x-{n}")).collect();
    assert!(with(&format!("host;x-candor-date;{}", many.join(";"))).contains("more than 40"));
}

#[test]
fn a_stamp_is_a_time_in_basic_format() {
    assert_eq!(parse_stamp("20260301T120000Z"), Some(now()));
    for bad in
        ["2026-03-01T12:00:00Z", "20260301 120000Z", "20260301T120000+", "20261301T120000Z", "ääääääää"]
    {
        assert_eq!(parse_stamp(bad), None, "{bad}");
    }
}

proptest! {
    #[test]
    fn no_header_panics_or_is_accepted(authorization in "(CANDOR4-HMAC-SHA256 )?(Credential=ops/20260301/[a-z/4_]{0,30})?[,=;A-Za-z0-9/ ]{0,80}") {
        let headers = headers("x-candor-date");
        prop_assert!(verify(&request(&headers, ""), &authorization, &keys(), now()).is_err());
    }
}

//! Checks AWS Signature Version 4, as `curl --aws-sigv4` writes it. Accepts the names of the provider `candor`
//! (`CANDOR4-HMAC-SHA256`, `X-Candor-Date`, `candor4_request`), and the names of AWS, so that every SigV4 library works.
//! Source: AWS, "Create a signed AWS API request"; curl, `CURLOPT_AWS_SIGV4`.
//!
//! Versions of curl differ in the headers that they sign, so the check uses the headers that `SignedHeaders` lists. `host`
//! and the date must be among them. The body is always signed.

use candor_shared::time::Time;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::verified::{Request, SignatureError, Verified, check_skew, sha256_hex};
use crate::settings::{Key, Material};

/// The names that one provider uses in the scheme.
struct Provider {
    algorithm: &'static str,
    secret_prefix: &'static str,
    date_header: &'static str,
    content_header: &'static str,
    terminator: &'static str,
}

const PROVIDERS: [Provider; 2] = [
    Provider {
        algorithm: "CANDOR4-HMAC-SHA256",
        secret_prefix: "CANDOR4",
        date_header: "x-candor-date",
        content_header: "x-candor-content-sha256",
        terminator: "candor4_request",
    },
    Provider {
        algorithm: "AWS4-HMAC-SHA256",
        secret_prefix: "AWS4",
        date_header: "x-amz-date",
        content_header: "x-amz-content-sha256",
        terminator: "aws4_request",
    },
];

/// Checks the signature in `authorization`, the header `Authorization` of the request.
pub(super) fn verify(
    request: &Request<'_>,
    authorization: &str,
    keys: &[Key],
    now: Time,
) -> Result<Verified, SignatureError> {
    let unreadable =
        |what: &str| SignatureError::Unreadable(format!("The Authorization header cannot be read: {what}."));
    let (algorithm, rest) = authorization.split_once(' ').unwrap_or((authorization, ""));
    let Some(provider) = PROVIDERS.iter().find(|provider| provider.algorithm == algorithm) else {
        return Err(unreadable("the algorithm is neither CANDOR4-HMAC-SHA256 nor AWS4-HMAC-SHA256"));
    };
    let (mut credential, mut signed_headers, mut signature) = (None, None, None);
    for part in rest.split(',') {
        let (name, value) = part.trim().split_once('=').ok_or_else(|| unreadable("a part has no \"=\""))?;
        let slot = match name {
            "Credential" => &mut credential,
            "SignedHeaders" => &mut signed_headers,
            "Signature" => &mut signature,
            _ => return Err(unreadable("it has a part other than Credential, SignedHeaders and Signature")),
        };
        if slot.replace(value).is_some() {
            return Err(unreadable("a part occurs twice"));
        }
    }
    let (Some(credential), Some(signed_headers), Some(signature)) = (credential, signed_headers, signature)
    else {
        return Err(unreadable("Credential, SignedHeaders or Signature is missing"));
    };
    let scope: Vec<&str> = credential.split('/').collect();
    let [key_id, date, region, service, terminator] = scope.as_slice() else {
        return Err(unreadable("Credential is not KEY_ID/DATE/REGION/SERVICE/REQUEST"));
    };
    if *terminator != provider.terminator {
        return Err(unreadable(&format!("Credential must end with {}", provider.terminator)));
    }

    let signed: Vec<&str> = signed_headers.split(';').collect();
    for required in ["host", provider.date_header] {
        if !signed.contains(&required) {
            return Err(SignatureError::Unreadable(format!(
                "The header {required} must be signed. List it in SignedHeaders."
            )));
        }
    }
    let stamp = request.header(provider.date_header).ok_or_else(|| {
        SignatureError::Unreadable(format!("The header {} is missing.", provider.date_header))
    })?;
    let time = parse_stamp(stamp).ok_or_else(|| {
        SignatureError::Unreadable(format!(
            "The header {} must be a time such as 20101004T150000Z.",
            provider.date_header
        ))
    })?;
    if stamp.get(..8) != Some(*date) {
        return Err(unreadable("the date in Credential is not the date in the signed time"));
    }

    // Key and time are checked before the signature: the sender can correct these errors, and they reveal no secret.
    let key = keys.iter().find(|key| key.id.as_str() == *key_id);
    let Some((key, Material::Secret { text: secret, .. })) = key.map(|key| (key, &key.material)) else {
        return Err(SignatureError::UnknownKey(key_id.chars().take(64).collect()));
    };
    if key.is_expired(now) {
        return Err(SignatureError::Expired(key.id.clone()));
    }
    check_skew(time, now)?;

    let body_hash = sha256_hex(request.body);
    if let Some(claimed) = request.header(provider.content_header)
        && claimed != body_hash
    {
        return Err(SignatureError::Mismatch(match claimed {
            "UNSIGNED-PAYLOAD" => "The body must be signed; UNSIGNED-PAYLOAD is refused.".to_owned(),
            _ => {
                format!("The header {} is not the SHA-256 of the body that arrived.", provider.content_header)
            }
        }));
    }

    let mut canonical_headers = String::new();
    for name in &signed {
        let value = match *name {
            "host" => request.host.to_owned(),
            name => {
                let values: Vec<String> = request
                    .headers
                    .iter()
                    .filter(|(known, _)| known == name)
                    .map(|(_, value)| value.split_ascii_whitespace().collect::<Vec<_>>().join(" "))
                    .collect();
                if values.is_empty() {
                    return Err(SignatureError::Mismatch(format!(
                        "SignedHeaders lists {name}, but the request has no such header."
                    )));
                }
                values.join(",")
            }
        };
        canonical_headers.push_str(&format!("{name}:{value}\n"));
    }

    let scope = format!("{date}/{region}/{service}/{terminator}");
    let mut signing_key = hmac(format!("{}{secret}", provider.secret_prefix).as_bytes(), date.as_bytes());
    for part in [region, service, terminator] {
        signing_key = hmac(&signing_key, part.as_bytes());
    }
    let claimed =
        base16ct::lower::decode_vec(signature).map_err(|_| unreadable("Signature is not lower-case hex"))?;

    // Older versions of curl sign the query as it is sent; newer versions and the AWS libraries sort it first.
    let sorted = canonical_query(request.query);
    let matches = [sorted.as_str(), request.query].iter().any(|query| {
        let canonical = format!(
            "{}\n{}\n{query}\n{canonical_headers}\n{signed_headers}\n{body_hash}",
            request.method, request.path
        );
        let to_sign =
            format!("{}\n{stamp}\n{scope}\n{}", provider.algorithm, sha256_hex(canonical.as_bytes()));
        mac(&signing_key, to_sign.as_bytes()).is_some_and(|mac| mac.verify_slice(&claimed).is_ok())
    });
    if !matches {
        return Err(SignatureError::Mismatch(format!(
            "The signature does not match this request and the key {}. Either the secret is wrong (use all of it, with \
             whsec_ and without a line end), or the method, the host ({}), the path, the query, a signed header or the \
             body changed after signing.",
            key.id, request.host
        )));
    }
    Ok(Verified {
        key: key.id.clone(),
        role: key.role.clone(),
        signature: signature.to_owned(),
        message_id: None,
    })
}

/// The canonical query: the parameters sorted, each with an `=`.
fn canonical_query(query: &str) -> String {
    let mut parts: Vec<String> = query
        .split('&')
        .filter(|part| !part.is_empty())
        .map(|part| if part.contains('=') { part.to_owned() } else { format!("{part}=") })
        .collect();
    parts.sort();
    parts.join("&")
}

/// Parses a time such as `20101004T150000Z` (ISO 8601 basic format).
fn parse_stamp(stamp: &str) -> Option<Time> {
    if stamp.len() != 16 || !stamp.is_ascii() {
        return None;
    }
    let part = |from: usize, to: usize| stamp.get(from..to);
    format!(
        "{}-{}-{}T{}:{}:{}{}",
        part(0, 4)?,
        part(4, 6)?,
        part(6, 8)?,
        part(9, 11)?,
        part(11, 13)?,
        part(13, 15)?,
        part(15, 16)?
    )
    .parse()
    .ok()
    .filter(|_| part(8, 9) == Some("T"))
}

/// The HMAC over a message. There is always one, because HMAC accepts a key of any length.
fn mac(key: &[u8], message: &[u8]) -> Option<Hmac<Sha256>> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).ok()?;
    mac.update(message);
    Some(mac)
}

/// The bytes of [`mac`].
fn hmac(key: &[u8], message: &[u8]) -> Vec<u8> {
    mac(key, message).map(|mac| mac.finalize().into_bytes().to_vec()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::parse_keys;
    use proptest::prelude::*;

    const SECRET: &str = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";
    const BODY: &[u8] = br#"{"type":"notice.clear"}"#;

    fn keys() -> Vec<Key> {
        parse_keys(&format!(r#"[{{"id":"ops","secret":"{SECRET}","role":"operator"}}]"#)).unwrap()
    }

    fn now() -> Time {
        "2026-03-01T12:00:00Z".parse().unwrap()
    }

    /// Signs a request as the specification describes it. Shares only HMAC and SHA-256 with the code above. The black-box
    /// tests sign with curl.
    fn sign(request: &Request<'_>, signed_headers: &str, provider: usize) -> String {
        let provider = &PROVIDERS[provider];
        let scope = format!("20260301/eu/status/{}", provider.terminator);
        let headers: String = signed_headers
            .split(';')
            .map(|name| {
                format!(
                    "{name}:{}\n",
                    if name == "host" { request.host } else { request.header(name).unwrap() }
                )
            })
            .collect();
        let canonical = format!(
            "{}\n{}\n{}\n{headers}\n{signed_headers}\n{}",
            request.method,
            request.path,
            request.query,
            sha256_hex(request.body)
        );
        let to_sign = format!(
            "{}\n20260301T120000Z\n{scope}\n{}",
            provider.algorithm,
            sha256_hex(canonical.as_bytes())
        );
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
        Request {
            method: "POST",
            host: "status.example.com",
            path: "/v1/updates",
            query,
            headers,
            body: BODY,
        }
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
        assert_eq!(verify(&good, &unknown, &keys(), now()), Err(SignatureError::UnknownKey("nobody".into())));
    }

    #[test]
    fn host_date_and_body_must_be_signed() {
        let mut headers = headers("x-candor-date");
        for signed in ["x-candor-date", "host", "content-type;host"] {
            let request = request(&headers, "");
            let authorization = sign(&request, signed, 0);
            assert!(
                matches!(
                    verify(&request, &authorization, &keys(), now()),
                    Err(SignatureError::Unreadable(_))
                ),
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
}

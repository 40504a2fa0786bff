//! What a request carries in place of a signature, for the error that says how to sign. Of what it carries nothing is quoted, because it
//! may be a password or a token: schemes are named by the words of the list below.

use super::verified::Request;

/// The schemes of `Authorization` (RFC 9110 section 11.4) that clients send in place of a signature, with what each is.
const SCHEMES: [(&str, What); 18] = [
    ("Basic", What::Password),
    ("Bearer", What::Token),
    ("OAuth", What::Token),
    ("Token", What::Token),
    ("DPoP", What::Token),
    ("GNAP", What::Token),
    ("JWT", What::Token),
    ("PrivateToken", What::Token),
    ("ApiKey", What::Token),
    ("Api-Key", What::Token),
    ("Key", What::Token),
    ("Digest", What::Other),
    ("Negotiate", What::Other),
    ("NTLM", What::Other),
    ("HMAC", What::Other),
    ("Signature", What::Other),
    // Version 2 of Amazon's scheme, and version 4 with asymmetric keys.
    ("AWS", What::Other),
    ("AWS4-ECDSA-P256-SHA256", What::Other),
];
/// Headers that carry tokens, with the parameters of a query that do.
const TOKENS: [&str; 10] = [
    "x-api-key",
    "x-api-token",
    "x-auth-token",
    "x-access-token",
    "api-key",
    "apikey",
    "api_key",
    "access_token",
    "token",
    "auth_token",
];

#[derive(Clone, Copy)]
enum What {
    Password,
    Token,
    Other,
}

/// The sentences for a request without a signature: what it has in place of one, and how to sign it.
pub(super) fn detail(request: &Request<'_>) -> String {
    format!(
        "{} Sign it with curl: --aws-sigv4 \"candor:candor\" --user \"KEY_ID:SECRET\", or as a Standard Webhook (webhook-id, \
         webhook-timestamp, webhook-signature).",
        instead(request)
    )
}

fn instead(request: &Request<'_>) -> String {
    let authorization = request.header("authorization").map(str::trim).filter(|value| !value.is_empty());
    if let Some(authorization) = authorization {
        return scheme(authorization);
    }
    let parameters =
        request.query.split('&').filter_map(|part| part.split('=').next()).map(str::to_ascii_lowercase);
    for name in parameters {
        if name.ends_with("signature") {
            return "The request is signed in its query, and signatures are read in the header Authorization alone.".to_owned();
        }
        if TOKENS.contains(&name.as_str()) {
            return "The request is not signed: this page takes signatures, not tokens, and none in the query.".to_owned();
        }
    }
    if let Some(name) = TOKENS.iter().find(|name| request.header(name).is_some()) {
        return format!(
            "The request is not signed: this page takes signatures, not tokens, and does not read {name}."
        );
    }
    let other = request.headers.iter().find(|(name, _)| name.contains("signature"));
    let other = other.map(|(name, _)| {
        let name: String = name.chars().take(40).collect();
        format!(" The header {name} belongs to another scheme and is not read.")
    });
    format!("The request is not signed.{}", other.unwrap_or_default())
}

/// What an `Authorization` is that holds no signature of Version 4.
fn scheme(authorization: &str) -> String {
    let given = authorization.split([' ', '\t', ',']).next().unwrap_or_default();
    match SCHEMES.iter().find(|(name, _)| name.eq_ignore_ascii_case(given)) {
        Some((name, What::Password)) => {
            format!(
                "Authorization is {name}, which sends the secret as a password: this page takes signatures. With curl, add --aws-sigv4 \
                 \"candor:candor\"."
            )
        }
        Some((name, What::Token)) => {
            format!("Authorization is {name}: this page takes signatures, not tokens.")
        }
        Some((name, What::Other)) => format!("Authorization is {name}, a scheme that is not read here."),
        None => "Authorization begins with neither CANDOR4-HMAC-SHA256 nor AWS4-HMAC-SHA256, in upper case."
            .to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(headers: &[(&str, &str)], query: &str) -> String {
        let headers: Vec<_> =
            headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let (method, host, path) = ("POST", "status.example.com", "/v1/updates");
        let request = Request { method, host, path, query, headers: &headers, body: b"{}" };
        let now = "2026-03-01T12:00:00Z".parse().unwrap();
        super::super::check::verify(&request, &[], now).unwrap_err().detail(now)
    }

    #[test]
    fn what_is_there_in_place_of_a_signature_is_named_and_not_quoted() {
        for (value, expected) in [
            ("Basic b3BzOndoc2VjX2h1bnRlcjI=", "Authorization is Basic"),
            ("basic b3BzOndoc2VjX2h1bnRlcjI=", "add --aws-sigv4 \"candor:candor\""),
            ("Basic", "Authorization is Basic"),
            ("Bearer whsec_hunter2", "Authorization is Bearer: this page takes signatures, not tokens"),
            ("OAuth whsec_hunter2", "Authorization is OAuth: this page takes signatures, not tokens"),
            ("Token token=\"hunter2\"", "Authorization is Token: this page takes signatures"),
            ("Digest username=\"hunter2\", realm=\"x\"", "Authorization is Digest, a scheme"),
            ("NTLM hunter2", "Authorization is NTLM, a scheme"),
            ("AWS ops:hunter2", "Authorization is AWS, a scheme"),
            (
                "AWS4-ECDSA-P256-SHA256 Credential=hunter2",
                "Authorization is AWS4-ECDSA-P256-SHA256, a scheme",
            ),
            ("whsec_hunter2", "neither CANDOR4-HMAC-SHA256 nor AWS4-HMAC-SHA256"),
            ("ops:whsec_hunter2", "neither CANDOR4-HMAC-SHA256 nor AWS4-HMAC-SHA256"),
            ("candor4-hmac-sha256 Credential=hunter2", "in upper case"),
            ("", "The request is not signed. Sign it with curl"),
        ] {
            let detail = of(&[("authorization", value)], "");
            assert!(detail.contains(expected), "{value}: {detail}");
            assert!(detail.contains("--user \"KEY_ID:SECRET\""), "{detail}");
            for part in ["hunter2", "b3Bz", "ops:"] {
                assert!(!detail.contains(part), "{detail}");
            }
        }
    }

    #[test]
    fn signatures_and_tokens_elsewhere_are_named() {
        let query = "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=hunter2&X-Amz-Signature=hunter2";
        for (headers, query, expected) in [
            (&[][..], query, "signed in its query"),
            (&[], "dry_run=true&x-candor-signature=hunter2", "signed in its query"),
            (&[], "Expires=1&Signature=hunter2", "signed in its query"),
            (&[], "access_token=hunter2", "not tokens, and none in the query"),
            (&[("x-api-key", "hunter2")], "", "does not read x-api-key"),
            (&[("x-auth-token", "hunter2")], "", "does not read x-auth-token"),
            (
                &[("x-hub-signature-256", "sha256=hunter2")],
                "",
                "x-hub-signature-256 belongs to another scheme",
            ),
            (&[], "dry_run=true", "The request is not signed. Sign it with curl"),
        ] {
            let detail = of(headers, query);
            assert!(detail.contains(expected) && !detail.contains("hunter2"), "{detail}");
        }
    }
}

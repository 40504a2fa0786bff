//! Reads the header `Authorization` of Signature Version 4, and says what is wrong with one that cannot be read. Nothing of it is quoted.

use std::collections::BTreeSet;

use super::verified::SignatureError;

/// The names that one provider uses in the scheme.
pub(super) struct Provider {
    pub(super) algorithm: &'static str,
    pub(super) secret_prefix: &'static str,
    pub(super) date_header: &'static str,
    pub(super) content_header: &'static str,
    pub(super) terminator: &'static str,
}

pub(super) const PROVIDERS: [Provider; 2] = [
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

/// The most headers that may be signed.
const MAX_SIGNED_HEADERS: usize = 40;
/// The hex digits of a SHA-256.
pub(super) const HASH_DIGITS: usize = 64;
/// Its digits in base64, without padding.
const BASE64_DIGITS: usize = 43;
/// How many hex digits are a hash that was cut short, and no name.
const SHORT_HASH: usize = 16;

/// The schemes of other values that a client or a proxy may add, in lower case.
const OTHER_SCHEMES: [&str; 9] =
    ["basic", "bearer", "digest", "negotiate", "ntlm", "token", "apikey", "dpop", "hmac"];

/// The parts of the header `Authorization`.
pub(super) struct Authorization<'a> {
    pub(super) provider: &'static Provider,
    pub(super) key_id: &'a str,
    pub(super) date: &'a str,
    /// What follows the key's id in `Credential`.
    pub(super) scope: &'a str,
    /// `SignedHeaders`, as it was sent.
    pub(super) signed_headers: &'a str,
    pub(super) signature: &'a str,
}

/// Whether `authorization` holds a signature of this scheme, alone or with something else.
pub(super) fn is_meant(authorization: &str) -> bool {
    PROVIDERS.iter().any(|provider| authorization.contains(provider.algorithm))
}

/// The id of the key in `authorization`, which is not checked.
pub(super) fn claimed(authorization: &str) -> Option<&str> {
    let credential = authorization.split_once("Credential=").filter(|_| is_meant(authorization))?.1;
    credential.split('/').next()
}

pub(super) fn unreadable(what: &str) -> SignatureError {
    SignatureError::Unreadable(format!("The Authorization header cannot be read: {what}."))
}

/// The bytes of `Signature`: 64 hex digits in lower case.
pub(super) fn decode(signature: &str) -> Result<Vec<u8>, SignatureError> {
    let digits = signature.len();
    if is_base64(signature) {
        return Err(unreadable("Signature is in base64; write it in hex"));
    }
    if !is_sha256(signature) {
        return Err(unreadable(&format!(
            "Signature is not 64 hex digits but {digits} characters{}",
            if digits < HASH_DIGITS { ", so it may be cut short" } else { "" }
        )));
    }
    base16ct::lower::decode_vec(signature)
        .map_err(|_| unreadable("Signature is hex in upper case; write it in lower case"))
}

/// Whether a text is an HMAC with SHA-256 in base64, of either alphabet, with or without padding.
fn is_base64(text: &str) -> bool {
    let digits = text.trim_end_matches('=');
    let known = |b: u8| b.is_ascii_alphanumeric() || b"+/-_".contains(&b);
    digits.len() == BASE64_DIGITS
        && digits.bytes().all(known)
        && !digits.bytes().all(|b| b.is_ascii_hexdigit())
}

/// Whether a part of the header may be a signature without its name: no header has a name like this.
fn is_signature(part: &str) -> bool {
    is_base64(part) || part.len() >= SHORT_HASH && part.bytes().all(|b| b.is_ascii_hexdigit())
}

/// Whether a text is a SHA-256 or an HMAC with it in hex, in whatever case.
pub(super) fn is_sha256(text: &str) -> bool {
    text.len() == HASH_DIGITS && text.bytes().all(|b| b.is_ascii_hexdigit())
}

/// Parses the header `Authorization`.
pub(super) fn parse(authorization: &str) -> Result<Authorization<'_>, SignatureError> {
    if authorization.starts_with(['"', '\'']) {
        return Err(unreadable("quotes stand around all of it; leave them out"));
    }
    // The runtime joins the values of a header that came twice. A second value begins with a scheme and a space.
    let has_scheme = |part: &str| {
        part.split_once(' ').is_some_and(|(scheme, _)| {
            is_meant(scheme) || OTHER_SCHEMES.iter().any(|other| scheme.eq_ignore_ascii_case(other))
        })
    };
    if authorization.split(',').skip(1).any(|part| has_scheme(part.trim())) {
        return Err(SignatureError::twice("authorization"));
    }
    let (algorithm, rest) = authorization.split_once(' ').unwrap_or((authorization, ""));
    let Some(provider) = PROVIDERS.iter().find(|provider| provider.algorithm == algorithm) else {
        return Err(unreadable("the algorithm is neither CANDOR4-HMAC-SHA256 nor AWS4-HMAC-SHA256"));
    };
    let (mut credential, mut signed_headers, mut signature) = (None, None, None);
    let mut before = "";
    for part in rest.split(',') {
        if is_signature(part.trim()) {
            return Err(unreadable("the signature stands without its name; write Signature=…"));
        }
        let named = part.trim().split('=').next().unwrap_or_default();
        if named.contains([' ', '\t', ':']) || part.contains("= ") {
            return Err(unreadable(
                "a part is not of the form Name=value, without spaces; write Credential=…, SignedHeaders=…, Signature=…",
            ));
        }
        let (name, value) = part.trim().split_once('=').ok_or_else(|| {
            unreadable(if before == "SignedHeaders" {
                "commas stand between the names in SignedHeaders; write semicolons"
            } else {
                "a part has no \"=\""
            })
        })?;
        if ["Credential=", "SignedHeaders=", "Signature="].iter().any(|another| value.contains(another)) {
            return Err(unreadable(
                "no comma stands between two of its parts; write Credential=…, SignedHeaders=…, Signature=…",
            ));
        }
        before = name;
        let slot = match name {
            "Credential" => &mut credential,
            "SignedHeaders" => &mut signed_headers,
            "Signature" => &mut signature,
            _ => return Err(unreadable("it has a part other than Credential, SignedHeaders and Signature")),
        };
        if value.starts_with(['"', '\'']) {
            return Err(unreadable(&format!("quotes stand around the value of {name}; leave them out")));
        }
        if slot.replace(value).is_some() {
            return Err(unreadable("a part occurs twice"));
        }
    }
    let (Some(credential), Some(signed_headers), Some(signature)) = (credential, signed_headers, signature)
    else {
        return Err(unreadable("Credential, SignedHeaders or Signature is missing"));
    };
    // From the end: a secret that stands in the place of the id may have slashes.
    let parts: Vec<&str> = credential.rsplitn(5, '/').collect();
    let &[terminator, _, _, date, key_id] = parts.as_slice() else {
        return Err(unreadable("Credential is not KEY_ID/DATE/REGION/SERVICE/REQUEST"));
    };
    let is_day = |text: &str| text.len() == 8 && text.bytes().all(|b| b.is_ascii_digit());
    if !is_day(date) && key_id.rsplit('/').next().is_some_and(is_day) {
        return Err(unreadable(
            "Credential has a slash too many: none may stand in the region or the service",
        ));
    }
    let scope = credential.get(key_id.len().saturating_add(1)..).unwrap_or_default();
    if terminator != provider.terminator {
        return Err(unreadable(&format!(
            "the algorithm is one provider's and Credential is another's: it must end with {}",
            provider.terminator
        )));
    }
    if !is_day(date) {
        return Err(unreadable("the date in Credential must have the form YYYYMMDD, such as 20101004"));
    }
    Ok(Authorization { provider, key_id, date, scope, signed_headers, signature })
}

/// The names in `SignedHeaders`. The host and the date must be among them, and none may be listed twice.
pub(super) fn signed_names<'a>(
    signed_headers: &'a str,
    provider: &Provider,
) -> Result<Vec<&'a str>, SignatureError> {
    if signed_headers.contains('%') {
        return Err(unreadable("SignedHeaders is percent-encoded; write the semicolons as they are"));
    }
    if signed_headers.bytes().any(|b| b.is_ascii_uppercase()) {
        return Err(unreadable("SignedHeaders must be in lower case"));
    }
    if signed_headers.is_empty() {
        return Err(unreadable(&format!(
            "SignedHeaders is empty; it lists host and {} at least",
            provider.date_header
        )));
    }
    let known = |b: u8| b.is_ascii_alphanumeric() || b"-_.;".contains(&b);
    if !signed_headers.bytes().all(known) {
        return Err(unreadable("the names in SignedHeaders are separated by semicolons and nothing else"));
    }
    let signed: Vec<&str> = signed_headers.split(';').collect();
    if signed.len() > MAX_SIGNED_HEADERS {
        return Err(unreadable(&format!("SignedHeaders lists more than {MAX_SIGNED_HEADERS} headers")));
    }
    if signed.contains(&"") {
        return Err(unreadable("SignedHeaders has a semicolon too many: one stands between two names"));
    }
    let mut known = BTreeSet::new();
    if let Some(twice) = signed.iter().find(|name| !known.insert(**name)) {
        return Err(unreadable(&format!(
            "SignedHeaders lists {twice} twice, as clients do that send a header twice; send it once"
        )));
    }
    for required in ["host", provider.date_header] {
        if !signed.contains(&required) {
            let hint = another_date(provider, |name| required != "host" && signed.contains(&name));
            return Err(SignatureError::Unreadable(format!(
                "The header {required} must be signed. List it in SignedHeaders.{}",
                hint.unwrap_or_default()
            )));
        }
    }
    Ok(signed)
}

/// The sentence about the date of another provider, if it is there.
pub(super) fn another_date(provider: &Provider, is_there: impl Fn(&str) -> bool) -> Option<String> {
    let mut others = PROVIDERS.iter().filter(|other| other.algorithm != provider.algorithm);
    let other = others.find(|other| is_there(other.date_header))?;
    Some(format!(
        " {} is there, which belongs to {}, and the algorithm is {}: use the names of one provider.",
        other.date_header, other.algorithm, provider.algorithm
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "CANDOR4-HMAC-SHA256 Credential=ops/20260301/eu/status/candor4_request, SignedHeaders=host;x-candor-date, Signature=";

    /// What is wrong with a header; a `~` stands for a good signature.
    fn wrong(authorization: &str) -> String {
        let authorization = authorization.replace('~', &"0a".repeat(32));
        let outcome = parse(&authorization).and_then(|parts| {
            signed_names(parts.signed_headers, parts.provider)?;
            decode(parts.signature).map(|_| ())
        });
        match outcome {
            Ok(()) => String::new(),
            Err(error) => error.detail(candor_shared::time::Time::EPOCH),
        }
    }

    #[test]
    fn the_error_names_the_cause() {
        let good = format!("{GOOD}~");
        assert_eq!(wrong(&good), "");
        let base64 = "C2FVsBQIhrscChlQIMV+b5sSYspob7oDC2FVsBQIhrs=";
        for (authorization, expected) in [
            (good.replace(", ", " "), "no comma stands between two of its parts"),
            (good.replace(", ", "; "), "no comma stands between two of its parts"),
            (good.replacen(", ", ";", 1), "no comma stands between two of its parts"),
            (good.replace("host;x", "host%3Bx"), "percent-encoded"),
            (good.replace("host;x", "host%3bx"), "percent-encoded"),
            (good.replace("host;x", "host,x"), "write semicolons"),
            (good.replace("host;x", "host, x"), "write semicolons"),
            (good.replace("/eu/", "/eu/east/"), "a slash too many"),
            (good.replace("/status/", "/status/page/"), "a slash too many"),
            (format!("\"{good}\""), "quotes stand around all of it"),
            (format!("'{good}'"), "quotes stand around all of it"),
            (format!("{GOOD}{base64}"), "Signature is in base64; write it in hex"),
            (format!("{GOOD}{}", base64.trim_end_matches('=')), "Signature is in base64; write it in hex"),
            (format!("{GOOD}{}", "0a".repeat(22)), "44 characters, so it may be cut short"),
            (
                good.replace("x-candor-date", "x-amz-date"),
                "x-amz-date is there, which belongs to AWS4-HMAC-SHA256",
            ),
            (
                good.replace(";x-candor-date", ""),
                "The header x-candor-date must be signed. List it in SignedHeaders.",
            ),
            (good.replace(", SignedHeaders", ", x, SignedHeaders"), "a part has no \"=\""),
            (good.replace('=', " = "), "of the form Name=value, without spaces"),
            (good.replace('=', "= "), "of the form Name=value, without spaces"),
            (good.replace('=', ": ").replacen(": ", "=", 1), "of the form Name=value, without spaces"),
            (good.replace("SignedHeaders", "Signed Headers"), "of the form Name=value, without spaces"),
            (good.replace("Signature=", "Signature "), "of the form Name=value, without spaces"),
            (format!("{good}, {good}"), "authorization came twice"),
            (format!("{good}, Bearer abc"), "authorization came twice"),
            (good.replace("host;x", "host x"), "separated by semicolons"),
            (good.replace("host;x", "host+x"), "separated by semicolons"),
            (good.replace("host;x", "host|x"), "separated by semicolons"),
            (good.replace("host;x", "host:x"), "separated by semicolons"),
            (
                good.replace("host;x-candor-date", ""),
                "SignedHeaders is empty; it lists host and x-candor-date",
            ),
            (good.replace("host;x", "host;;x"), "a semicolon too many"),
            (good.replace("20260301", "2026-03-01"), "the form YYYYMMDD"),
            (good.replace("20260301", "20260301T120000Z"), "the form YYYYMMDD"),
            (good.replace("20260301", "0301"), "the form YYYYMMDD"),
            (good.replace("Signature=", ""), "write Signature=…"),
            (format!("{}{base64}", GOOD.replace("Signature=", "")), "write Signature=…"),
            (format!("{}{}", GOOD.replace("Signature=", ""), "0a".repeat(20)), "write Signature=…"),
            (format!("{GOOD}{}", base64.replace('+', "-").trim_end_matches('=')), "Signature is in base64"),
            (format!("{GOOD}{}", base64.replace('+', "_")), "Signature is in base64"),
            (format!("{GOOD}{}t", &base64[..42]), "Signature is in base64"),
            (format!("{GOOD}{}a", "0a".repeat(21)), "43 characters, so it may be cut short"),
        ] {
            let wrong = wrong(&authorization);
            assert!(wrong.contains(expected), "{authorization}: {wrong}");
        }
        assert!(!wrong(&good.replace("host;x-candor-date", "host")).contains("is there"));
    }
}

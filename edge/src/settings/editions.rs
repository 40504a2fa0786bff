//! The keys that sign documents, parsed from the secret `CANDOR_EDITION_KEY`, and the mirrors. No error text contains any part of a
//! secret.

use std::collections::BTreeSet;
use std::fmt;

use base64ct::{Base64UrlUnpadded, Encoding};
use candor_shared::text::{Id, Url};
use candor_shared::time::Time;
use ed25519_dalek::{Signature, Signer, SigningKey};
use serde::Deserialize;

use super::address::base_fault;
use super::array::Entries;
use super::key::{A_TIME, AN_ID, decoded, half};

/// What documents are signed with, and where copies of them are.
#[derive(Debug, Default)]
pub struct Editions {
    /// The keys. The first one that has not expired signs.
    pub keys: Vec<EditionKey>,
    /// The addresses of the mirrors.
    pub mirrors: Vec<Url>,
}

impl Editions {
    /// The keys that have not expired at `now`.
    pub fn valid(&self, now: Time) -> impl Iterator<Item = &EditionKey> {
        self.keys.iter().filter(move |key| key.not_after.is_none_or(|end| now < end))
    }

    /// Whether documents are signed, in a word for `/healthz`.
    pub fn word(&self, now: Time) -> &'static str {
        match self.valid(now).next() {
            Some(_) => "signed",
            None if self.keys.is_empty() => "unsigned",
            None => "expired",
        }
    }
}

/// An Ed25519 key that signs documents.
pub struct EditionKey {
    /// The id, which signatures name.
    pub id: Id,
    key: SigningKey,
    /// The time from which it signs nothing; none if it does not expire.
    pub not_after: Option<Time>,
}

/// Shows the id and nothing else.
impl fmt::Debug for EditionKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EditionKey").field("id", &self.id).finish_non_exhaustive()
    }
}

impl EditionKey {
    /// The signature of a text, in base64url.
    pub fn sign(&self, text: &str) -> String {
        Base64UrlUnpadded::encode_string(&self.key.sign(text.as_bytes()).to_bytes())
    }

    /// Whether a signature of a text is this key's.
    pub fn has_signed(&self, text: &str, signature: &str) -> bool {
        let bytes = Base64UrlUnpadded::decode_vec(signature).ok();
        let signature = bytes.and_then(|bytes| Signature::from_slice(&bytes).ok());
        signature.is_some_and(|signature| {
            self.key.verifying_key().verify_strict(text.as_bytes(), &signature).is_ok()
        })
    }

    /// The public key, in base64url.
    pub fn public(&self) -> String {
        Base64UrlUnpadded::encode_string(self.key.verifying_key().as_bytes())
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct KeyEntry {
    id: Id,
    secret: String,
    not_after: Option<Time>,
}

const ENTRIES: Entries = Entries {
    noun: "key",
    each: "an object, {\"id\", \"secret\", …}",
    named_by: "id",
    fields: &[("id", AN_ID), ("secret", "a text, \"whsk_…\""), ("not_after", A_TIME)],
};

const MIRRORS: Entries = Entries {
    noun: "mirror",
    each: "an address, such as \"https://mirror.example.net\"",
    named_by: "",
    fields: &[],
};

/// Parses `CANDOR_EDITION_KEY`: a JSON array of objects with `id` and `secret`.
///
/// # Errors
/// A text that says what is wrong and contains no part of any secret.
pub fn parse_edition_keys(json: &str) -> Result<Vec<EditionKey>, String> {
    let entries: Vec<KeyEntry> = ENTRIES.read(json)?;
    if entries.is_empty() {
        return Err(
            "the array holds no key; add one, such as {\"id\":\"2027\",\"secret\":\"whsk_…\"}, or remove the setting"
                .to_owned(),
        );
    }
    let (mut ids, mut publics) = (BTreeSet::new(), BTreeSet::new());
    entries
        .into_iter()
        .map(|KeyEntry { id, secret, not_after }| {
            let key = key(&secret).map_err(|problem| format!("key {id}: {problem}"))?;
            // A signature must identify one key, and the id must name it.
            if !publics.insert(key.verifying_key().to_bytes()) {
                return Err(format!("key {id}: another key has the same secret"));
            }
            if !ids.insert(id.clone()) {
                return Err(format!("two keys have the id {id}"));
            }
            Ok(EditionKey { id, key, not_after })
        })
        .collect()
}

fn key(secret: &str) -> Result<SigningKey, String> {
    if secret.starts_with("whpk_") {
        return Err("the secret is a public key (whpk_); the private one is needed here, whsk_…".to_owned());
    }
    if secret.starts_with("whsec_") {
        return Err(
            "the secret is a shared one (whsec_), and nobody could check its signatures; make an Ed25519 key, whsk_…"
                .to_owned(),
        );
    }
    Ok(SigningKey::from_bytes(&half("secret", decoded("secret", "whsk_", secret)?)?))
}

/// Parses `CANDOR_MIRRORS`: a JSON array of `https:` addresses. On this machine `http:` will do.
///
/// # Errors
/// A text that says what is wrong.
pub(super) fn parse_mirrors(json: &str) -> Result<Vec<Url>, String> {
    let mirrors: Vec<Url> = MIRRORS.read(json)?;
    // A path is added to the address. It must lead to the same place for everybody.
    let begins = ["https://", "http://127.0.0.1:", "http://localhost:"];
    let is_base =
        |url: &Url| begins.iter().any(|begin| url.as_str().starts_with(begin)) && base_fault(url).is_none();
    match mirrors.iter().position(|url| !is_base(url)) {
        None => Ok(mirrors),
        Some(index) => Err(format!(
            "mirror number {} is not an https: address without query, fragment and user",
            index.saturating_add(1)
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The private and the public key of RFC 8037, appendix A.
    const SECRET: &str = "whsk_nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A=";
    const PUBLIC: &str = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";

    fn wrong(json: &str) -> String {
        parse_edition_keys(json).unwrap_err()
    }

    #[test]
    fn a_key_signs_as_the_standard_says() {
        let keys = parse_edition_keys(&format!(r#"[{{"id":"2027","secret":"{SECRET}"}}]"#)).unwrap();
        assert_eq!(keys[0].public(), PUBLIC);
        assert_eq!(
            keys[0].sign("eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc"),
            "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg"
        );
        assert_eq!(format!("{:?}", keys[0]), "EditionKey { id: Id(\"2027\"), .. }");
    }

    #[test]
    fn the_first_key_that_has_not_expired_signs() {
        let other = format!("whsk_{}", "A".repeat(43));
        let keys = format!(
            r#"[{{"id":"old","secret":"{SECRET}","not_after":"2030-01-01T00:00:00Z"}},{{"id":"new","secret":"{other}","not_after":"2031-01-01T00:00:00Z"}}]"#
        );
        let editions = Editions { keys: parse_edition_keys(&keys).unwrap(), mirrors: Vec::new() };
        let at = |time: &str| {
            let now = time.parse().unwrap();
            (editions.valid(now).map(|key| key.id.as_str()).collect::<Vec<_>>(), editions.word(now))
        };
        assert_eq!(at("2029-12-31T23:59:59Z"), (vec!["old", "new"], "signed"));
        assert_eq!(at("2030-01-01T00:00:00Z"), (vec!["new"], "signed"));
        assert_eq!(at("2031-01-01T00:00:00Z"), (vec![], "expired"));
        assert_eq!(Editions::default().word(Time::EPOCH), "unsigned");
    }

    #[test]
    fn an_error_names_the_problem_and_no_secret() {
        let one = |fields: &str| format!(r#"[{{"id":"a",{fields}}}]"#);
        for (json, expected) in [
            ("{", "not a JSON array, each entry an object, {\"id\", \"secret\", …} (line 1"),
            ("[]", "holds no key"),
            ("CANDOR_EDITION_KEY=[]", "name of the setting"),
            ("'[{\"id\":\"hunter2\"}]'", "Single quotes"),
            (r#"{"id":"a","secret":"whsk_hunter2"}"#, "put it into an array"),
            (&one(r#""secret":"hunter2""#), "key a: the secret does not begin with whsk_"),
            (&one(r#""secret":"whsk_hunter2!""#), "not base64"),
            (&one(r#""secret":"whsk_aHVudGVyMg==""#), "not 32 bytes"),
            (&one(r#""secret":"whsec_hunter2""#), "shared one"),
            (&one(r#""secret":"whpk_hunter2""#), "public key"),
            (
                &one(r#""secret":"whsk_hunter2","role":"operator""#),
                "key a: a field is none of \"id\", \"secret\", \"not_after\"",
            ),
            (
                &one(r#""secret":"whsk_hunter2","not_after":"2028""#),
                "key a: the field \"not_after\" is not a time",
            ),
            (r#"[{"id":"A","secret":"hunter2"}]"#, "key number 1: the field \"id\" is not"),
        ] {
            let message = wrong(json);
            assert!(message.contains(expected), "{message}");
            assert!(!message.contains("hunter2") && !message.contains("aHVu"), "{message}");
        }
        let two = |a: &str, b: &str, other: &str| {
            format!(r#"[{{"id":"{a}","secret":"{SECRET}"}},{{"id":"{b}","secret":"{other}"}}]"#)
        };
        assert_eq!(wrong(&two("a", "b", SECRET)), "key b: another key has the same secret");
        let other = format!("whsk_{}", "A".repeat(43));
        assert_eq!(wrong(&two("a", "a", &other)), "two keys have the id a");
    }

    #[test]
    fn mirrors_are_addresses() {
        let mirrors = parse_mirrors(r#"["https://mirror.example.net","https://a.example/status/"]"#).unwrap();
        assert_eq!(mirrors.len(), 2);
        for (wrong, expected) in [
            ("[null]", "mirror number 1: it is not an address"),
            (r#"["https://a.example","hunter2"]"#, "mirror number 2: it is not an address"),
            (r#"["https://a.example",{"url":"hunter2"}]"#, "mirror number 2: it is not an address"),
            (r#"["https://a.example","http://hunter2.example"]"#, "mirror number 2 is not an https: address"),
            (r#""https://hunter2.example""#, "not a JSON array, each entry an address"),
        ] {
            let message = parse_mirrors(wrong).unwrap_err();
            assert!(message.contains(expected) && !message.contains("hunter2"), "{message}");
        }
        for wrong in [
            "https://mirror.example.net",
            r#"["http://mirror.example.net"]"#,
            r#"["https://mirror.example.net/?a=b"]"#,
            r#"["https://user@mirror.example.net"]"#,
            r#"["javascript:alert(1)"]"#,
        ] {
            assert!(parse_mirrors(wrong).is_err(), "{wrong}");
        }
    }

    proptest::proptest! {
        /// No text makes the parser panic, and no error contains a secret.
        #[test]
        fn no_text_panics_and_no_secret_is_quoted(text in "[\\[\\]{}:,\"a-z_+/= ]{0,120}", secret in "[A-Za-z0-9+/]{8,60}") {
            let _ = (parse_edition_keys(&text), parse_mirrors(&text));
            for prefix in ["", "whsk_", "whsec_"] {
                if let Err(message) = parse_edition_keys(&format!(r#"[{{"id":"a","secret":"{prefix}{secret}"}}]"#)) {
                    proptest::prop_assert!(!message.contains(&secret));
                }
            }
        }
    }
}

//! The keys that may write, parsed from the secret `CANDOR_KEYS`. No error text contains any part of a secret.

use std::collections::BTreeSet;
use std::fmt;

use base64ct::{Base64Unpadded, Encoding};
use candor_shared::rules::Role;
use candor_shared::text::Id;
use candor_shared::time::Time;
use ed25519_dalek::VerifyingKey;
use serde::Deserialize;

use super::array::Entries;

/// The id that the audit log names for changes that the clock makes. No key may have it.
pub const CLOCK: &str = "clock";

/// The least length of a secret, in bytes: 24, as Standard Webhooks requires.
const MIN_SECRET_BYTES: usize = 24;

/// A key that may sign requests.
#[derive(Clone)]
pub struct Key {
    /// The id, which requests and the audit log name.
    pub id: Id,
    /// What a signature is checked with.
    pub material: Material,
    /// What the key may do.
    pub role: Role,
    /// The time from which the key is refused; none if it does not expire.
    pub not_after: Option<Time>,
}

/// What a signature is checked with.
#[derive(Clone)]
pub enum Material {
    /// A secret that the sender and the worker share.
    Secret {
        /// The secret as text, `whsec_…`: the secret of SigV4.
        text: String,
        /// The bytes that the text encodes in base64: the secret of Standard Webhooks `v1`.
        bytes: Vec<u8>,
    },
    /// An Ed25519 public key (`whpk_…`), for Standard Webhooks `v1a`. The worker holds nothing that could sign.
    Public(VerifyingKey),
}

/// Shows the id and nothing else.
impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Key").field("id", &self.id).finish_non_exhaustive()
    }
}

impl Key {
    /// Whether the key is refused at `now`.
    pub fn is_expired(&self, now: Time) -> bool {
        self.not_after.is_some_and(|end| now >= end)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct KeyEntry {
    id: Id,
    secret: Option<String>,
    public_key: Option<String>,
    role: RoleName,
    components: Option<BTreeSet<Id>>,
    not_after: Option<Time>,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum RoleName {
    Operator,
    Monitor,
}

/// What an id is. The rule itself is that of [`Id`].
pub(super) const AN_ID: &str = "1 to 64 characters of a-z, 0-9 and '-', such as \"ops-2\"";
/// What a time is. The rule itself is that of [`Time`].
pub(super) const A_TIME: &str = "a time with its zone, such as \"2027-01-01T00:00:00Z\"";

const ENTRIES: Entries = Entries {
    noun: "key",
    each: "an object, {\"id\", \"secret\" or \"public_key\", \"role\", …}",
    named_by: "id",
    fields: &[
        ("id", AN_ID),
        ("secret", "a text, \"whsec_…\""),
        ("public_key", "a text, \"whpk_…\""),
        ("role", "\"operator\" or \"monitor\", in lower case"),
        ("components", "an array of ids of components, such as [\"checkins\"]"),
        ("not_after", A_TIME),
    ],
};

/// Parses `CANDOR_KEYS`: a JSON array of objects with `id`, `role`, and `secret` or `public_key`.
///
/// # Errors
/// A text that says what is wrong and contains no part of any secret.
pub fn parse_keys(json: &str) -> Result<Vec<Key>, String> {
    let entries: Vec<KeyEntry> = ENTRIES.read(json)?;
    let mut ids = BTreeSet::new();
    let mut materials = BTreeSet::new();
    entries
        .into_iter()
        .map(|entry| {
            let id = entry.id.clone();
            if id.as_str() == CLOCK {
                return Err(format!(
                    "the id {CLOCK} is reserved for changes that the clock makes; choose another id"
                ));
            }
            // A signature must identify one key.
            let material = entry.secret.as_ref().or(entry.public_key.as_ref());
            if !materials.insert(material.map(|text| text.trim_end_matches('=').to_owned())) {
                return Err(format!("key {id}: another key has the same secret or public key"));
            }
            if !ids.insert(id.clone()) {
                return Err(format!("two keys have the id {id}"));
            }
            key(entry).map_err(|problem| format!("key {id}: {problem}"))
        })
        .collect()
}

/// The bytes that a text encodes in base64 (the standard alphabet), with or without padding.
pub fn base64_bytes(text: &str) -> Option<Vec<u8>> {
    Base64Unpadded::decode_vec(text.trim_end_matches('=')).ok()
}

/// The bytes of a key, `what` it is, that is written in base64 after a prefix.
pub(super) fn decoded(what: &str, prefix: &str, text: &str) -> Result<Vec<u8>, String> {
    let encoded = text.strip_prefix(prefix).ok_or_else(|| {
        let why = if text.contains("-----BEGIN") {
            match prefix {
                "whpk_" => " but is in PEM: write whpk_ and, in base64, the last 32 bytes of its DER".to_owned(),
                _ => " but is a key in PEM: a secret is whsec_ with random bytes in base64, and the public half of a key pair is a \"public_key\" (whpk_)".to_owned(),
            }
        } else if text.starts_with("whsk_") {
            "; it is the private half of a key pair (whsk_), which signs and is not needed here".to_owned()
        } else if let Some(other) = ["whpk_", "whsec_"].into_iter().find(|other| text.starts_with(other)) {
            format!(" but with {other}, which another kind of key has")
        } else {
            String::new()
        };
        format!("the {what} does not begin with {prefix}{why}")
    })?;
    base64_bytes(encoded).ok_or_else(|| {
        let why = if encoded.contains(char::is_whitespace) {
            ": a space or a line end stands in it; leave it out"
        } else if encoded.contains(['-', '_']) && !encoded.contains(['+', '/']) {
            ": it is in the URL-safe alphabet; write + for - and / for _"
        } else {
            ""
        };
        format!("the {what} is not base64 after {prefix}{why}")
    })
}

/// The 32 bytes of a half of an Ed25519 key.
pub(super) fn half(what: &str, bytes: Vec<u8>) -> Result<[u8; 32], String> {
    // RFC 8410: the identifier of Ed25519 stands before the key.
    let is_der = bytes.len() > 32 && bytes.windows(5).any(|part| part == [0x06, 0x03, 0x2B, 0x65, 0x70]);
    let why = if is_der { ": it is in DER; take the last 32 bytes of it" } else { "" };
    bytes.try_into().map_err(|_| format!("the {what} is not 32 bytes (Ed25519){why}"))
}

fn key(entry: KeyEntry) -> Result<Key, String> {
    let material = match (entry.secret, entry.public_key) {
        (Some(text), None) => {
            let bytes = decoded("secret", "whsec_", &text)?;
            if bytes.len() < MIN_SECRET_BYTES {
                return Err("the secret is shorter than 24 bytes".to_owned());
            }
            Material::Secret { text, bytes }
        }
        (None, Some(text)) => {
            let bytes = half("public key", decoded("public key", "whpk_", &text)?)?;
            let key = VerifyingKey::from_bytes(&bytes).map_err(|_| "the public key is not an Ed25519 key")?;
            if key.is_weak() {
                let weak = "the public key is weak: it accepts forged signatures; generate another key pair";
                return Err(weak.to_owned());
            }
            Material::Public(key)
        }
        _ => return Err("it needs either \"secret\" or \"public_key\", not both".to_owned()),
    };
    let role = match (entry.role, entry.components) {
        (RoleName::Operator, None) => Role::Operator,
        (RoleName::Operator, Some(_)) => {
            return Err("an operator's key must not have \"components\"".to_owned());
        }
        (RoleName::Monitor, Some(components)) if !components.is_empty() => Role::Monitor(components),
        (RoleName::Monitor, _) => {
            return Err("a monitor's key must have \"components\", such as [\"checkins\"]".to_owned());
        }
    };
    Ok(Key { id: entry.id, material, role, not_after: entry.not_after })
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";

    fn wrong(json: &str) -> String {
        parse_keys(json).unwrap_err()
    }

    #[test]
    fn a_key_has_a_secret_or_a_public_key_and_may_expire() {
        let keys = parse_keys(&format!(
            r#"[{{"id":"ops","secret":"{SECRET}","role":"operator","not_after":"2030-01-01T00:00:00Z"}},
                {{"id":"probe","public_key":"whpk_11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=","role":"monitor","components":["api"]}}]"#
        ))
        .unwrap();
        assert_eq!(keys.len(), 2);
        assert!(keys[0].is_expired("2030-01-01T00:00:00Z".parse().unwrap()));
        assert!(!keys[0].is_expired("2029-12-31T23:59:59Z".parse().unwrap()));
        assert_eq!(format!("{:?}", keys[0]), "Key { id: Id(\"ops\"), .. }");
    }

    #[test]
    fn an_error_names_the_problem_and_no_secret() {
        let one = |fields: &str| format!(r#"[{{"id":"ops",{fields}}}]"#);
        for (json, expected) in [
            ("{", "not a JSON array"),
            (r#"[{\"id\":\"hunter2\"}]"#, "backslash"),
            (r#"'[{"id":"hunter2"}]'"#, "Single quotes"),
            ("[{id:ops,secret:hunter2}]", "shell removed"),
            (r#"{"id":"ops","secret":"hunter2"}"#, "put it into an array"),
            (&one(r#""role":"operator""#), "either"),
            (&one(r#""role":"operator","secret":"hunter2""#), "begin with whsec_"),
            (&one(r#""role":"operator","secret":"whsec_hunter2""#), "not base64"),
            (&one(r#""role":"operator","secret":"whsec_aHVudGVyMg==""#), "shorter than 24"),
            (
                &one(r#""role":"hunter2","secret":"x""#),
                "key ops: the field \"role\" is not \"operator\" or \"monitor\"",
            ),
            (
                &one(r#""role":"monitor","secret":"whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD""#),
                "must have \"components\"",
            ),
            (&one(r#""role":"operator","public_key":"whpk_AQ==""#), "32 bytes"),
            (&one(r#""role":"operator","secret":"whsec_hunter2hunter2\n""#), "a line end stands in it"),
            (&one(r#""role":"operator","secret":"whsec_hunter2 hunter2""#), "a space or a line end"),
            (&one(r#""role":"operator","secret":"whsec_hunter2-hunter2_""#), "URL-safe"),
            (&one(r#""role":"operator","secret":"whpk_hunter2""#), "with whpk_, which another kind"),
            (&one(r#""role":"operator","public_key":"whsk_hunter2""#), "the private half"),
            (
                &one(r#""role":"operator","public_key":"-----BEGIN PUBLIC KEY-----\nhunter2\n""#),
                "is in PEM: write whpk_ and, in base64, the last 32 bytes of its DER",
            ),
            (
                &one(
                    r#""role":"operator","public_key":"whpk_MCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=""#,
                ),
                "it is in DER; take the last 32 bytes",
            ),
            (
                &one(r#""role":"operator","public_key":"whpk_AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=""#),
                "weak",
            ),
        ] {
            let message = wrong(json);
            assert!(message.contains(expected), "{message}");
            assert!(!message.contains("hunter2") && !message.contains("C2FV"), "{message}");
        }
        let two = format!(
            r#"[{{"id":"a","secret":"{SECRET}","role":"operator"}},{{"id":"a","secret":"{SECRET}","role":"operator"}}]"#
        );
        assert_eq!(wrong(&two), "key a: another key has the same secret or public key");
        let unpadded = r#"[{"id":"a","secret":"whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA==","role":"operator"},
            {"id":"b","secret":"whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA","role":"operator"}]"#;
        assert_eq!(wrong(unpadded), "key b: another key has the same secret or public key");
        let clock = format!(r#"[{{"id":"clock","secret":"{SECRET}","role":"operator"}}]"#);
        assert!(wrong(&clock).contains("choose another"));
        let other = SECRET.replace("C2FV", "D2FV");
        let two = format!(
            r#"[{{"id":"a","secret":"{SECRET}","role":"operator"}},{{"id":"a","secret":"{other}","role":"operator"}}]"#
        );
        assert_eq!(wrong(&two), "two keys have the id a");
    }

    #[test]
    fn the_field_and_the_key_are_named() {
        let second = |entry: &str| format!(r#"[{{"id":"a","secret":"{SECRET}","role":"operator"}},{entry}]"#);
        let b = |fields: &str| second(&format!(r#"{{"id":"b","secret":"whsec_hunter2hunter2",{fields}}}"#));
        for (json, expected) in [
            (
                second(r#"{"id":"hunter2/b","role":"operator"}"#),
                "key number 2: the field \"id\" is not 1 to 64 characters",
            ),
            (second(r#"{"id":"Hunter2","role":"operator"}"#), "key number 2: the field \"id\" is not"),
            (second(r#"{"id":2,"secret":"hunter2"}"#), "key number 2: the field \"id\" is not"),
            (second(r#"{"secret":"hunter2"}"#), "key number 2: the field \"id\" is missing"),
            (second("null"), "key number 2: it is not an object, {\"id\""),
            (second("\"hunter2\""), "key number 2: it is not an object"),
            (second("[\"hunter2\"]"), "key number 2: it is not an object"),
            (
                b(r#""role":"Operator""#),
                "key b: the field \"role\" is not \"operator\" or \"monitor\", in lower case (line 1, column ",
            ),
            (b(r#""role":["operator"]"#), "key b: the field \"role\" is not"),
            (b(r#""role":null"#), "key b: the field \"role\" is not"),
            (b(r#""role":{"hunter2":1}"#), "key b: the field \"role\" is not"),
            (b(r#""components":["api"]"#), "key b: the field \"role\" is missing"),
            (b(r#""role":"operator","role":"monitor""#), "key b: the field \"role\" is there twice"),
            (b(r#""role":"operator","secret":"hunter2""#), "key b: the field \"secret\" is there twice"),
            (
                b(r#""role":"operator","not_after":"2027-01-01""#),
                "key b: the field \"not_after\" is not a time with its zone",
            ),
            (
                b(r#""role":"operator","not_after":1798761600"#),
                "key b: the field \"not_after\" is not a time",
            ),
            (
                b(r#""role":"monitor","components":"hunter2""#),
                "key b: the field \"components\" is not an array",
            ),
            (
                b(r#""role":"monitor","components":["Hunter2"]"#),
                "key b: the field \"components\" is not an array",
            ),
            (
                b(r#""Role":"operator""#),
                "key b: a field is none of \"id\", \"secret\", \"public_key\", \"role\", \"components\", \"not_after\"; \"role\" may be meant",
            ),
            (b(r#""role":"operator","notAfter":"2027""#), "\"not_after\" may be meant"),
            (b(r#""role":"operator","hunter2":1"#), "\"not_after\" (line 1, column "),
            (r#"{"id":"b"}"#.to_owned(), "it is one object"),
            ("whsec_aHVudGVyMmh1bnRlcjJodW50ZXIyaHVu=".to_owned(), "[{\"id\":…,\"secret\":…}]"),
            ("ops:whsec_aHVudGVyMmh1bnRlcjJodW50ZXIyaHVu".to_owned(), "A key stands there alone"),
            ("ops whsec_aHVudGVyMmh1bnRlcjJodW50ZXIyaHVu".to_owned(), "begins with a word"),
            ("- id: ops\n  secret: whsec_aHVudGVyMmh1".to_owned(), "begins like YAML"),
            (r#"[{"id":"b"}][{"id":"hunter2"}]"#.to_owned(), "put everything into one array"),
            (r#""[{\"id\":\"hunter2\"}]""#.to_owned(), "encoded twice"),
            ("null".to_owned(), "not a JSON array, each entry an object"),
            ("7".to_owned(), "not a JSON array"),
            ("[null]".to_owned(), "key number 1: it is not an object"),
            (b(r#""role":"operator","#), "column 141): trailing comma"),
            (b(r#""role":"operator"} hunter2"#), "(line 1, column "),
        ] {
            let message = wrong(&json);
            assert!(message.contains(expected), "{json}: {message}");
            assert!(!message.to_lowercase().contains("hunter"), "{message}");
        }
    }

    proptest::proptest! {
        /// No text makes the parser panic, and no error contains a secret.
        #[test]
        fn no_text_panics_and_no_secret_is_quoted(text in "[\\[\\]{}:,\"a-z_+/= ]{0,120}", secret in "[A-Za-z0-9+/]{12,60}") {
            let _ = parse_keys(&text);
            // Also where something else belongs.
            for json in [
                format!(r#"[{{"id":"ops","secret":"{secret}","role":"operator"}}]"#),
                format!(r#"[{{"id":"ops","secret":"x","role":"{secret}"}}]"#),
                format!(r#"[{{"id":"ops","secret":"x","role":"operator","{secret}":1}}]"#),
                format!(r#"[{{"id":"ops","{secret}":1,"{secret}":2}}]"#),
                format!(r#"[{{"id":"ops","secret":"x","role":"operator","not_after":"{secret}"}}]"#),
                format!(r#"[{{"id":"ops","secret":"x","role":"monitor","components":["{secret}="]}}]"#),
                format!(r#"[{{"id":"ops","secret":{secret}"}}]"#),
                format!(r#"[{{"id":"ops","secret":"{secret}""#),
                format!(r#"["{secret}"]"#),
                secret.clone(),
            ] {
                if let Err(message) = parse_keys(&json) {
                    proptest::prop_assert!(!message.contains(&secret), "{}", message);
                }
            }
        }
    }
}

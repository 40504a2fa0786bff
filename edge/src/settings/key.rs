//! The keys that may write, from the secret `CANDOR_KEYS`.

use std::collections::BTreeSet;
use std::fmt;

use base64ct::{Base64, Encoding};
use candor_shared::rules::Role;
use candor_shared::text::Id;
use candor_shared::time::Time;
use ed25519_dalek::VerifyingKey;
use serde::Deserialize;

/// Who is named in the log for what the clock did: no key may have this id.
pub const CLOCK: &str = "clock";

/// The shortest secret: 24 bytes, as Standard Webhooks asks for.
const SECRET_BYTES: usize = 24;

/// One key.
#[derive(Clone)]
pub struct Key {
    /// Its id; the log names it.
    pub id: Id,
    /// What it is checked with.
    pub material: Material,
    /// What it may do.
    pub role: Role,
    /// From when on it is refused.
    pub not_after: Option<Time>,
}

/// What a signature is checked with.
#[derive(Clone)]
pub enum Material {
    /// A secret that both sides know.
    Secret {
        /// As it is written, `whsec_…`: the secret of SigV4.
        text: String,
        /// The bytes that it stands for: the secret of Standard Webhooks `v1`.
        bytes: Vec<u8>,
    },
    /// A public key (`whpk_…`): the edge holds nothing that could sign. Standard Webhooks `v1a`.
    Public(VerifyingKey),
}

/// Shows the id and nothing else.
impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Key").field("id", &self.id).finish_non_exhaustive()
    }
}

impl Key {
    /// Whether it has ended by `now`.
    pub fn is_expired(&self, now: Time) -> bool {
        self.not_after.is_some_and(|end| now >= end)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wire {
    id: Id,
    secret: Option<String>,
    public_key: Option<String>,
    role: WireRole,
    components: Option<BTreeSet<Id>>,
    not_after: Option<Time>,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum WireRole {
    Operator,
    Monitor,
}

/// Reads `CANDOR_KEYS`.
///
/// # Errors
/// What is wrong, without a character of any secret.
pub fn parse_keys(json: &str) -> Result<Vec<Key>, String> {
    // serde_json quotes a wrong value in its message, and here that may be a secret: keep the place only.
    let wire: Vec<Wire> = serde_json::from_str(json).map_err(|error| {
        format!(
            "not a JSON array of {{\"id\", \"secret\" or \"public_key\", \"role\", …}} (line {}, column {})",
            error.line(),
            error.column()
        )
    })?;
    let mut seen = BTreeSet::new();
    let mut materials = BTreeSet::new();
    wire.into_iter()
        .map(|wire| {
            let id = wire.id.clone();
            if id.as_str() == CLOCK {
                return Err(format!("the id {CLOCK} stands in the log for what time does; choose another"));
            }
            // Whose signature it is has to be certain.
            if !materials.insert(wire.secret.clone().or_else(|| wire.public_key.clone())) {
                return Err(format!("key {id}: another key has the same secret or public key"));
            }
            if !seen.insert(id.clone()) {
                return Err(format!("two keys have the id {id}"));
            }
            key(wire).map_err(|what| format!("key {id}: {what}"))
        })
        .collect()
}

fn key(wire: Wire) -> Result<Key, &'static str> {
    let material = match (wire.secret, wire.public_key) {
        (Some(text), None) => {
            let encoded = text.strip_prefix("whsec_").ok_or("the secret does not begin with whsec_")?;
            let bytes = Base64::decode_vec(encoded).map_err(|_| "the secret is not base64 after whsec_")?;
            if bytes.len() < SECRET_BYTES {
                return Err("the secret is shorter than 24 bytes");
            }
            Material::Secret { text, bytes }
        }
        (None, Some(text)) => {
            let encoded = text.strip_prefix("whpk_").ok_or("the public key does not begin with whpk_")?;
            let bytes =
                Base64::decode_vec(encoded).map_err(|_| "the public key is not base64 after whpk_")?;
            let bytes: [u8; 32] = bytes.try_into().map_err(|_| "the public key is not 32 bytes (Ed25519)")?;
            let key = VerifyingKey::from_bytes(&bytes).map_err(|_| "the public key is no Ed25519 key")?;
            if key.is_weak() {
                return Err("the public key is weak: any signature would fit it");
            }
            Material::Public(key)
        }
        _ => return Err("give either \"secret\" or \"public_key\""),
    };
    let role = match (wire.role, wire.components) {
        (WireRole::Operator, None) => Role::Operator,
        (WireRole::Operator, Some(_)) => return Err("an operator's key is not limited to components"),
        (WireRole::Monitor, Some(components)) if !components.is_empty() => Role::Monitor(components),
        (WireRole::Monitor, _) => return Err("a monitor's key lists its components"),
    };
    Ok(Key { id: wire.id, material, role, not_after: wire.not_after })
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";

    fn wrong(json: &str) -> String {
        parse_keys(json).unwrap_err()
    }

    #[test]
    fn keys_are_read() {
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
    fn a_wrong_setting_is_named_and_no_secret_is() {
        let one = |fields: &str| format!(r#"[{{"id":"ops",{fields}}}]"#);
        for (json, says) in [
            ("{", "not a JSON array"),
            (&one(r#""role":"operator""#), "either"),
            (&one(r#""role":"operator","secret":"hunter2""#), "begin with whsec_"),
            (&one(r#""role":"operator","secret":"whsec_hunter2""#), "not base64"),
            (&one(r#""role":"operator","secret":"whsec_aHVudGVyMg==""#), "shorter than 24"),
            (&one(r#""role":"hunter2","secret":"x""#), "not a JSON array"),
            (
                &one(r#""role":"monitor","secret":"whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD""#),
                "lists its components",
            ),
            (&one(r#""role":"operator","public_key":"whpk_AQ==""#), "32 bytes"),
            (
                &one(r#""role":"operator","public_key":"whpk_AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=""#),
                "weak",
            ),
        ] {
            let message = wrong(json);
            assert!(message.contains(says), "{message}");
            assert!(!message.contains("hunter2") && !message.contains("C2FV"), "{message}");
        }
        let two = format!(
            r#"[{{"id":"a","secret":"{SECRET}","role":"operator"}},{{"id":"a","secret":"{SECRET}","role":"operator"}}]"#
        );
        assert_eq!(wrong(&two), "key a: another key has the same secret or public key");
        let clock = format!(r#"[{{"id":"clock","secret":"{SECRET}","role":"operator"}}]"#);
        assert!(wrong(&clock).contains("choose another"));
        let other = SECRET.replace("C2FV", "D2FV");
        let two = format!(
            r#"[{{"id":"a","secret":"{SECRET}","role":"operator"}},{{"id":"a","secret":"{other}","role":"operator"}}]"#
        );
        assert_eq!(wrong(&two), "two keys have the id a");
    }

    proptest::proptest! {
        /// Whatever the setting holds, the error names no part of it.
        #[test]
        fn no_text_panics_or_is_quoted(text in "[\\[\\]{}:,\"a-z_+/= ]{0,120}", secret in "[A-Za-z0-9+/]{8,60}") {
            let _ = parse_keys(&text);
            let json = format!(r#"[{{"id":"ops","secret":"{secret}","role":"operator"}}]"#);
            if let Err(message) = parse_keys(&json) {
                proptest::prop_assert!(!message.contains(&secret));
            }
        }
    }
}

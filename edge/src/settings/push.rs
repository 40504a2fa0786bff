//! The buckets to which each edition is put, parsed from the secret `CANDOR_PUSH`. No error text contains any part of a secret.

use std::collections::BTreeSet;
use std::fmt;

use candor_shared::rules::names_somebody;
use candor_shared::text::{Id, Url};
use serde::Deserialize;

use super::array::Entries;
use super::key::AN_ID;

/// The most buckets. The platform lets one invocation wait for six answers at a time: with more, a dead one would hold up others.
const MAX_BUCKETS: usize = 5;
/// The most characters of a prefix.
const MAX_PREFIX: usize = 200;

/// An S3-compatible bucket that holds a mirror of the page.
pub struct Bucket {
    /// The name, for `/healthz` and the log.
    pub name: Id,
    /// `https://`, or `http://` on this machine.
    pub scheme: &'static str,
    /// The host, with its port if it is not the default one.
    pub host: String,
    /// What stands before the name of an object in the path: begins and ends with a slash.
    pub folder: String,
    /// The region that signatures name.
    pub region: String,
    /// The id of the access key.
    pub key_id: String,
    /// The secret of the access key.
    pub secret: String,
}

/// Shows the name and nothing else.
impl fmt::Debug for Bucket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Bucket").field("name", &self.name).finish_non_exhaustive()
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    name: Id,
    endpoint: Url,
    bucket: String,
    #[serde(default)]
    prefix: String,
    #[serde(default = "auto")]
    region: String,
    #[serde(default)]
    style: Style,
    key_id: String,
    secret: String,
}

/// Where the name of the bucket stands.
#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Style {
    /// In the path.
    #[default]
    Path,
    /// Before the host.
    Virtual,
}

/// What providers without regions take.
fn auto() -> String {
    "auto".to_owned()
}

const ENTRIES: Entries = Entries {
    noun: "bucket",
    each: "an object, {\"name\", \"endpoint\", \"bucket\", \"key_id\", \"secret\", and perhaps \"region\", \"style\", \"prefix\"}",
    named_by: "name",
    fields: &[
        ("name", AN_ID),
        ("endpoint", "an address, such as \"https://s3.example.net\""),
        ("bucket", "a text"),
        ("prefix", "a text, such as \"status/eu\""),
        ("region", "a text, such as \"eu-1\""),
        ("style", "\"path\" or \"virtual\", in lower case"),
        ("key_id", "a text"),
        ("secret", "a text"),
    ],
};

/// Parses `CANDOR_PUSH`: a JSON array of objects.
///
/// # Errors
/// A text that says what is wrong and contains no part of any secret.
pub fn parse_push(json: &str) -> Result<Vec<Bucket>, String> {
    let entries: Vec<Entry> = ENTRIES.read(json)?;
    if entries.len() > MAX_BUCKETS {
        return Err(format!("it has more than {MAX_BUCKETS} buckets"));
    }
    let (mut names, mut places) = (BTreeSet::new(), BTreeSet::new());
    entries
        .into_iter()
        .map(|entry| {
            let name = entry.name.clone();
            let bucket = bucket(entry).map_err(|problem| format!("bucket {name}: {problem}"))?;
            if !places.insert((bucket.host.clone(), bucket.folder.clone())) {
                return Err(format!("bucket {name}: another one is the same place"));
            }
            if !names.insert(name.clone()) {
                return Err(format!("two buckets have the name {name}"));
            }
            Ok(bucket)
        })
        .collect()
}

fn bucket(entry: Entry) -> Result<Bucket, &'static str> {
    let Entry { name, endpoint, bucket, prefix, region, style, key_id, secret } = entry;
    if names_somebody(&endpoint) {
        return Err("the endpoint has a user name or a password in it");
    }
    let endpoint = endpoint.as_str().trim_end_matches('/');
    let (scheme, rest) = match (endpoint.strip_prefix("https://"), endpoint.strip_prefix("http://")) {
        (Some(rest), _) => ("https://", rest),
        (_, Some(rest)) if ["127.0.0.1:", "localhost:"].iter().any(|host| rest.starts_with(host)) => {
            ("http://", rest)
        }
        _ => return Err("the endpoint does not begin with https://"),
    };
    let (host, path) = rest.split_at_checked(rest.find('/').unwrap_or(rest.len())).unwrap_or((rest, ""));
    let host = host.to_ascii_lowercase();
    let host = if scheme == "https://" { host.trim_end_matches(":443") } else { &host };
    if !host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-.:[]".contains(&byte))
        || !path.bytes().all(|byte| is_plain(byte) || byte == b'/')
    {
        return Err("the endpoint is more than a host and a path of plain letters");
    }
    let is_name = (3..=63).contains(&bucket.len())
        && bucket.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"-._".contains(&b))
        && !bucket.contains("..")
        && bucket.starts_with(|c: char| c.is_ascii_alphanumeric());
    if !is_name {
        return Err("the bucket is not a name of 3 to 63 lower-case letters, digits, hyphens and points");
    }
    let prefix = prefix.trim_matches('/');
    let is_segment = |part: &str| !matches!(part, "" | "." | "..") && part.bytes().all(is_plain);
    if prefix.len() > MAX_PREFIX || !(prefix.is_empty() || prefix.split('/').all(is_segment)) {
        return Err("the prefix is not a path of plain letters, such as status/eu");
    }
    let is_word = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_graphic());
    if !is_word(&region) || region.contains(['/', ',']) {
        return Err("the region is empty or has a character that no region has");
    }
    if !is_word(&key_id) || key_id.contains(['/', ',']) {
        return Err("the key_id is empty or has a character that no id has");
    }
    if !is_word(&secret) {
        return Err("the secret is empty or has a space, a line end or a letter outside ASCII in it");
    }
    let (host, mut folder) = match style {
        Style::Path => (host.to_owned(), format!("{path}/{bucket}/")),
        Style::Virtual => (format!("{bucket}.{host}"), format!("{path}/")),
    };
    if !prefix.is_empty() {
        folder.push_str(prefix);
        folder.push('/');
    }
    Ok(Bucket { name, scheme, host, folder, region, key_id, secret })
}

/// Whether a path has this byte as it is (RFC 3986, section 2.3).
fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~".contains(&byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(fields: &str) -> String {
        format!(r#"[{{"name":"one","key_id":"hunter2","secret":"hunter3",{fields}}}]"#)
    }

    #[test]
    fn a_bucket_is_in_the_path_or_before_the_host() {
        let place = |fields: &str| {
            let buckets = parse_push(&one(fields)).unwrap();
            format!("{}{}{} {}", buckets[0].scheme, buckets[0].host, buckets[0].folder, buckets[0].region)
        };
        let at = r#""endpoint":"https://S3.eu-1.example.net:443/","bucket":"my-status""#;
        assert_eq!(place(at), "https://s3.eu-1.example.net/my-status/ auto");
        assert_eq!(
            place(&format!(r#"{at},"style":"virtual","region":"eu-1","prefix":"/a/b/""#)),
            "https://my-status.s3.eu-1.example.net/a/b/ eu-1"
        );
        assert_eq!(
            place(r#""endpoint":"http://127.0.0.1:9000/v1/s3","bucket":"abc""#),
            "http://127.0.0.1:9000/v1/s3/abc/ auto"
        );
        assert_eq!(format!("{:?}", parse_push(&one(at)).unwrap()), "[Bucket { name: Id(\"one\"), .. }]");
    }

    #[test]
    fn an_error_names_the_problem_and_no_secret() {
        let with = |more: &str| one(&format!(r#""endpoint":"https://a.example","bucket":"abc"{more}"#));
        for (json, expected) in [
            ("{".to_owned(), "not a JSON array"),
            (one(r#""bucket":"abc""#), "bucket one: the field \"endpoint\" is missing"),
            (
                one(r#""endpoint":"hunter2","bucket":"abc""#),
                "bucket one: the field \"endpoint\" is not an address",
            ),
            (one(r#""endpoint":"http://a.example","bucket":"abc""#), "begin with https://"),
            (one(r#""endpoint":"https://hunter2@a.example","bucket":"abc""#), "a user name or a password"),
            (one(r#""endpoint":"https://a.example/?x","bucket":"abc""#), "more than a host"),
            (one(r#""endpoint":"https://a.example","bucket":"Hunter2/x""#), "not a name"),
            (with(r#","prefix":"a/../hunter2""#), "the prefix"),
            (with(r#","region":"""#), "the region"),
            (with(r#","style":"hunter2""#), "bucket one: the field \"style\" is not \"path\" or \"virtual\""),
            (with(r#","keyId":"hunter2""#), "\"key_id\" may be meant"),
            (with("").replace("\"one\"", "\"Hunter2\""), "bucket number 1: the field \"name\" is not"),
            (with(r#","secret":"hunter2""#), "bucket one: the field \"secret\" is there twice"),
            (with("").replace("hunter3", ""), "the secret is empty"),
            (with("").replace("hunter2", "hunter 2"), "the key_id"),
        ] {
            let message = parse_push(&json).unwrap_err();
            assert!(message.contains(expected), "{message}");
            assert!(!message.to_lowercase().contains("hunter"), "{message}");
        }
        let entry = |name: &str, bucket: &str| {
            format!(
                r#"{{"name":"{name}","endpoint":"https://a.example","bucket":"{bucket}","key_id":"k","secret":"s"}}"#
            )
        };
        let all = |entries: &[String]| parse_push(&format!("[{}]", entries.join(","))).unwrap_err();
        assert!(all(&[entry("a", "abc"), entry("a", "abd")]).contains("two buckets have the name a"));
        assert!(all(&[entry("a", "abc"), entry("b", "abc")]).contains("the same place"));
        let six: Vec<String> = (0..6).map(|n| entry(&format!("b{n}"), &format!("abc{n}"))).collect();
        assert!(all(&six).contains("more than 5"));
    }
}

//! From bytes to updates. What does not fit is named: line and column, or a JSON pointer.

use std::fmt;

use serde::de::{self, DeserializeOwned, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Number, Value};

use crate::{PostmortemPublish, PostmortemText, Update, limits};

/// Why a request body holds no updates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InputError {
    /// Not JSON (RFC 8259), or nested too deeply, or an object names a member twice.
    NotJson {
        /// Where: from 1.
        line: usize,
        /// Where: from 1.
        column: usize,
        /// What is wrong.
        detail: String,
    },
    /// JSON, but not an update.
    Invalid {
        /// Where: a JSON pointer (RFC 6901) into the body.
        pointer: String,
        /// What is wrong.
        detail: String,
    },
}

impl fmt::Display for InputError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotJson { line, column, detail } => {
                write!(f, "not JSON at line {line}, column {column}: {detail}")
            }
            Self::Invalid { pointer, detail } if pointer.is_empty() => f.write_str(detail),
            Self::Invalid { pointer, detail } => write!(f, "{pointer}: {detail}"),
        }
    }
}

impl std::error::Error for InputError {}

fn invalid(pointer: impl Into<String>, detail: impl Into<String>) -> InputError {
    InputError::Invalid { pointer: pointer.into(), detail: detail.into() }
}

/// Reads a request body: one update, or an array of 1 to 100.
///
/// # Errors
/// [`InputError`]: where it is wrong, and how.
pub fn parse(body: &[u8]) -> Result<Vec<Update>, InputError> {
    let Strict(value) = serde_json::from_slice(body).map_err(|error| InputError::NotJson {
        line: error.line(),
        column: error.column(),
        detail: format!("{}{}", without_position(&error.to_string()), hint(body)),
    })?;
    parse_value(value)
}

/// Reads JSON that has been parsed already; see [`parse`].
///
/// # Errors
/// [`InputError::Invalid`]: where it is wrong, and how.
pub fn parse_value(value: Value) -> Result<Vec<Update>, InputError> {
    match value {
        Value::Array(updates) => {
            let limit = limits::UPDATES_PER_REQUEST;
            if updates.is_empty() || updates.len() > limit {
                let got = updates.len();
                return Err(invalid(
                    "",
                    format!("An array holds 1 to {limit} updates; this one holds {got}."),
                ));
            }
            let numbered = updates.into_iter().enumerate();
            numbered.map(|(index, value)| one(value, &format!("/{index}"))).collect()
        }
        value => Ok(vec![one(value, "")?]),
    }
}

fn one(value: Value, base: &str) -> Result<Update, InputError> {
    let Value::Object(mut object) = value else {
        return Err(invalid(base, "An update is a JSON object with a \"type\"."));
    };
    let at_type = format!("{base}/type");
    let name = match object.remove("type") {
        Some(Value::String(name)) => name,
        Some(_) => return Err(invalid(at_type, "\"type\" is a string, such as \"incident.open\".")),
        None => return Err(invalid(at_type, format!("\"type\" is missing. {KNOWN}"))),
    };
    let value = Value::Object(object);
    Ok(match name.as_str() {
        "page.set" => Update::PageSet(typed(value, base)?),
        "component.set" => Update::ComponentSet(typed(value, base)?),
        "component.remove" => Update::ComponentRemove(typed(value, base)?),
        "incident.open" => Update::IncidentOpen(typed(value, base)?),
        "incident.update" => Update::IncidentUpdate(typed(value, base)?),
        "incident.amend" => Update::IncidentAmend(typed(value, base)?),
        "maintenance.schedule" => Update::MaintenanceSchedule(typed(value, base)?),
        "maintenance.update" => Update::MaintenanceUpdate(typed(value, base)?),
        "notice.post" => Update::NoticePost(typed(value, base)?),
        "notice.clear" => Update::NoticeClear(typed(value, base)?),
        "template.set" => Update::TemplateSet(typed(value, base)?),
        "template.remove" => Update::TemplateRemove(typed(value, base)?),
        "postmortem.publish" => Update::PostmortemPublish(Box::new(postmortem(value, base)?)),
        "followup.set" => Update::FollowupSet(typed(value, base)?),
        _ => return Err(invalid(at_type, format!("There is no such update. {KNOWN}"))),
    })
}

const KNOWN: &str = "Known: page.set, component.set, component.remove, incident.open, \
    incident.update, incident.amend, maintenance.schedule, maintenance.update, notice.post, notice.clear, \
    template.set, template.remove, postmortem.publish, followup.set.";

/// The text's fields stand beside `incident` and `at`.
fn postmortem(mut value: Value, base: &str) -> Result<PostmortemPublish, InputError> {
    let mut take = |field: &str| value.as_object_mut().and_then(|object| object.remove(field));
    let (incident, at) = (take("incident"), take("at"));
    let Some(incident) = incident else { return Err(invalid(base, "missing field `incident`")) };
    let text: PostmortemText = typed(value, base)?;
    let too_many = |field: &str, limit: usize, got: usize| {
        (got > limit)
            .then(|| invalid(format!("{base}/{field}"), format!("has {got} items; the limit is {limit}")))
    };
    let list = limits::POSTMORTEM_LIST;
    let error = [
        too_many("timeline", limits::TIMELINE, text.timeline.len()),
        too_many("five_whys", limits::WHYS, text.five_whys.len()),
        too_many("causes", list, text.causes.len()),
        too_many("technologies", list, text.technologies.len()),
        too_many("lessons/technical", list, text.lessons.technical.len()),
        too_many("lessons/process", list, text.lessons.process.len()),
    ];
    match error.into_iter().flatten().next() {
        Some(error) => Err(error),
        None => Ok(PostmortemPublish {
            incident: typed(incident, &format!("{base}/incident"))?,
            at: at.map(|at| typed(at, &format!("{base}/at"))).transpose()?,
            text,
        }),
    }
}

fn typed<T: DeserializeOwned>(value: Value, base: &str) -> Result<T, InputError> {
    serde_path_to_error::deserialize(value).map_err(|error| {
        let mut pointer = base.to_owned();
        for segment in error.path() {
            use serde_path_to_error::Segment;
            let name = match segment {
                Segment::Map { key } => key.clone(),
                Segment::Enum { variant } => variant.clone(),
                Segment::Seq { index } => index.to_string(),
                Segment::Unknown => continue,
            };
            pointer.push('/');
            pointer.push_str(&name.replace('~', "~0").replace('/', "~1"));
        }
        invalid(pointer, error.inner().to_string())
    })
}

/// What most often is the matter.
fn hint(body: &[u8]) -> &'static str {
    match body {
        [] => ". The body is empty; if it is to come from @FILE, that file was not found",
        [0xEF, 0xBB, 0xBF, ..] => ". The file begins with a byte order mark; save it as UTF-8 without one",
        [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] => ". The file is UTF-16; save it as UTF-8",
        _ if ["\u{201C}", "\u{201D}"]
            .iter()
            .any(|quote| body.windows(3).any(|part| part == quote.as_bytes())) =>
        {
            ". There are curly quotes in it; JSON has straight ones"
        }
        [b'\'', ..] | [b'{', b'a'..=b'z', ..] => {
            ". The shell took the quotes; put single quotes around the whole, or use @FILE"
        }
        _ => "",
    }
}

/// serde_json ends its messages with the position, which has fields of its own.
fn without_position(message: &str) -> String {
    message.split(" at line ").next().unwrap_or(message).to_owned()
}

/// A JSON value in which no object names a member twice. RFC 8259 section 4 leaves it open what
/// such an object means; what is signed must mean one thing.
struct Strict(Value);

impl<'de> Deserialize<'de> for Strict {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(StrictVisitor).map(Strict)
    }
}

struct StrictVisitor;

impl<'de> Visitor<'de> for StrictVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Value, E> {
        Number::from_f64(value).map(Value::Number).ok_or_else(|| E::custom("not a number"))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        let mut values = Vec::new();
        while let Some(Strict(value)) = seq.next_element()? {
            values.push(value);
        }
        Ok(Value::Array(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some(key) = map.next_key::<String>()? {
            if object.contains_key(&key) {
                return Err(de::Error::custom(format!("the member \"{key}\" stands twice in one object")));
            }
            let Strict(value) = map.next_value()?;
            object.insert(key, value);
        }
        Ok(Value::Object(object))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn error(body: &str) -> String {
        parse(body.as_bytes()).unwrap_err().to_string()
    }

    #[test]
    fn errors_say_where_and_what() {
        insta::assert_snapshot!(error(r#"{"type":"incident.open","#), @"not JSON at line 1, column 24: EOF while parsing a value");
        insta::assert_snapshot!(error("{\"type\":\n\"x\",\"type\":1}"), @r#"not JSON at line 2, column 10: the member "type" stands twice in one object"#);
        insta::assert_snapshot!(error("[]"), @"An array holds 1 to 100 updates; this one holds 0.");
        insta::assert_snapshot!(error("[1]"), @r#"/0: An update is a JSON object with a "type"."#);
        insta::assert_snapshot!(error(r#"{"type":"page.st"}"#), @"/type: There is no such update. Known: page.set, component.set, component.remove, incident.open, incident.update, incident.amend, maintenance.schedule, maintenance.update, notice.post, notice.clear, template.set, template.remove, postmortem.publish, followup.set.");
        insta::assert_snapshot!(error(r#"[{"type":"page.set"},{"type":"page.set","nam":"x"}]"#), @"/1/nam: unknown field `nam`, expected one of `name`, `url`, `time_zone`, `language`, `support`, `brand`, `logo`, `at`");
        insta::assert_snapshot!(error(r#"{"type":"component.set","id":"A b"}"#), @"/id: is not an id: 1 to 64 of a-z, 0-9 and '-'");
        insta::assert_snapshot!(error(r#"{"type":"incident.open","name":"x","impact":"huge","body":"y"}"#), @"/impact: unknown variant `huge`, expected one of `none`, `minor`, `major`, `critical`");
        insta::assert_snapshot!(error(r#"{"type":"incident.open","name":"x","impact":"none","body":"y","components":{"a/b":"operational"}}"#), @"/components/a~1b: is not an id: 1 to 64 of a-z, 0-9 and '-'");
        insta::assert_snapshot!(error(r#"{"type":"incident.open","name":"x","body":"y"}"#), @"missing field `impact`");
        insta::assert_snapshot!(error(r#"{"type":"incident.open","name":"x","impact":"none","body":"y","next_update_in":"soon"}"#), @"/next_update_in: not a span of at most 30 days; write it like 30m, 2h or 1h30m");
    }

    #[test]
    fn what_is_often_the_matter_is_said() {
        for (body, says) in [
            (&b""[..], "not found"),
            (b"\xEF\xBB\xBF{}", "byte order mark"),
            (b"\xFF\xFE{\0}\0", "UTF-16"),
            ("{\u{201C}type\u{201D}:1}".as_bytes(), "curly quotes"),
            (b"{type:page.set}", "single quotes"),
        ] {
            let error = parse(body).unwrap_err().to_string();
            assert!(error.contains(says), "{error}");
        }
    }

    #[test]
    fn deep_nesting_is_refused_not_followed() {
        let deep = format!("{}{}", "[".repeat(5_000), "]".repeat(5_000));
        assert!(error(&deep).contains("recursion limit"), "{}", error(&deep));
    }

    #[test]
    fn null_takes_away_and_absent_leaves() {
        let one = |body: &str| parse(body.as_bytes()).unwrap().remove(0);
        let Update::ComponentSet(set) = one(r#"{"type":"component.set","id":"a","group":null}"#) else {
            panic!("not a component.set");
        };
        assert_eq!((set.group, set.description), (Some(None), None));
    }

    proptest! {
        #[test]
        fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = parse(&bytes);
        }

        #[test]
        fn no_json_like_text_panics(text in r#"[\[\]{}:,"a-z0-9. \\eE+-]{0,120}"#) {
            let _ = parse(text.as_bytes());
        }
    }
}

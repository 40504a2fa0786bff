//! From bytes to updates. Every error gives its place: a line and column, or a JSON pointer.

use serde_json::Value;

use super::address::check_addresses;
use super::error::{InputError, invalid, member};
use super::kinds::Update;
use super::strict::Strict;
use crate::limits;
use crate::text::{TextError, json, shows_nothing};

/// Parses a request body: one update, or an array of 1 to 100.
///
/// # Errors
/// [`InputError`]: the place of the first error, and what is wrong.
pub fn parse(body: &[u8]) -> Result<Vec<Update>, InputError> {
    let Strict(value) = serde_json::from_slice(body).map_err(|error| InputError::NotJson {
        line: error.line(),
        column: error.column(),
        detail: json::fault(body, &error),
    })?;
    parse_value(value)
}

/// Converts parsed JSON into updates; see [`parse`].
///
/// # Errors
/// [`InputError::Invalid`]: the place of the first error, and what is wrong.
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
            numbered.map(|(index, value)| parse_one(value, &format!("/{index}"))).collect()
        }
        value => Ok(vec![parse_one(value, "")?]),
    }
}

fn parse_one(value: Value, base: &str) -> Result<Update, InputError> {
    let Value::Object(mut object) = value else {
        let twice = if value.is_string() { format!(" {}.", json::ENCODED_TWICE) } else { String::new() };
        return Err(invalid(
            base,
            format!(
                "An update is a JSON object with a \"type\", such as {{\"type\": \"notice.clear\"}}.{twice}"
            ),
        ));
    };
    let at_type = format!("{base}/type");
    let name = match object.remove("type") {
        Some(Value::String(name)) => name,
        Some(_) => return Err(invalid(at_type, "\"type\" is a string, such as \"incident.open\".")),
        None => return Err(invalid(at_type, format!("\"type\" is missing. {}", known_types()))),
    };
    let fields = Value::Object(object);
    check_shown(&fields, base)?;
    let update = Update::read(&name, fields, base).unwrap_or_else(|| {
        Err(invalid(at_type, format!("There is no update of this type. {}", known_types())))
    });
    check_addresses(update?, base)
}

/// Refuses a text of characters that nobody sees. It is no rule of the types: what was accepted before still loads. Whether a text may
/// be empty or white space, its type says.
fn check_shown(value: &Value, pointer: &str) -> Result<(), InputError> {
    match value {
        Value::String(text) if shows_nothing(text) => Err(invalid(pointer, TextError::Blank.to_string())),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .try_for_each(|(index, item)| check_shown(item, &format!("{pointer}/{index}"))),
        Value::Object(members) => {
            members.iter().try_for_each(|(name, value)| check_shown(value, &member(pointer, name)))
        }
        _ => Ok(()),
    }
}

fn known_types() -> String {
    format!("Known types: {}.", Update::NAMES.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn error(body: &str) -> String {
        parse(body.as_bytes()).unwrap_err().to_string()
    }

    #[test]
    fn errors_give_place_and_cause() {
        insta::assert_snapshot!(error(r#"{"type":"incident.open","#), @"not JSON at line 1, column 24: EOF while parsing a value. The text ends before the JSON does: it may be cut short, as a single quote in it does between the single quotes of a shell");
        insta::assert_snapshot!(error("{\"type\":\n\"x\",\"type\":1}"), @r#"not JSON at line 2, column 10: the member "type" appears twice in one object"#);
        insta::assert_snapshot!(error("[]"), @"An array holds 1 to 100 updates; this one holds 0.");
        insta::assert_snapshot!(error("[1]"), @r#"/0: An update is a JSON object with a "type", such as {"type": "notice.clear"}."#);
        insta::assert_snapshot!(error(r#"{"type":"page.st"}"#), @"/type: There is no update of this type. Known types: page.set, component.set, component.remove, incident.open, incident.update, incident.amend, maintenance.schedule, maintenance.update, notice.post, notice.clear, template.set, template.remove, postmortem.publish, followup.set.");
        insta::assert_snapshot!(error(r#"[{"type":"page.set"},{"type":"page.set","nam":"x"}]"#), @"/1/nam: unknown field `nam`, expected one of `name`, `url`, `time_zone`, `language`, `support`, `brand`, `logo`, `checks`, `at`");
        insta::assert_snapshot!(error(r#"{"type":"component.set","id":"A b"}"#), @"/id: is not an id; use 1 to 64 characters of a-z, 0-9 and '-', such as check-ins");
        insta::assert_snapshot!(error(r#"{"type":"incident.open","name":"x","impact":"huge","body":"y"}"#), @"/impact: unknown variant `huge`, expected one of `none`, `minor`, `major`, `critical`");
        insta::assert_snapshot!(error(r#"{"type":"incident.open","name":"x","impact":"none","body":"y","components":{"a/b":"operational"}}"#), @"/components/a~1b: is not an id; use 1 to 64 characters of a-z, 0-9 and '-', such as check-ins");
        insta::assert_snapshot!(error(r#"{"type":"incident.open","name":"x","body":"y"}"#), @"missing field `impact`");
        insta::assert_snapshot!(error(r#"{"type":"incident.open","name":"x","impact":"none","body":"y","next_update_in":"soon"}"#), @"/next_update_in: not a span of at most 30 days; write it like 30m, 2h or 1h30m (days as hours: 48h)");
    }

    #[test]
    fn lessons_are_an_object() {
        let lessons = |lessons: &str| {
            let body = r#"{"type":"postmortem.publish","incident":"a","summary":"We broke it.","lessons":"#;
            parse(format!("{body}{lessons}}}").as_bytes()).map_err(|error| error.to_string())
        };
        for wrong in [r#"["x"]"#, r#"[["x"],["y"]]"#, r#""x""#] {
            let error = lessons(wrong).unwrap_err();
            assert!(
                error.starts_with("/lessons: ") && error.contains("an object with \"technical\""),
                "{error}"
            );
        }
        assert!(lessons(r#"{"technical":["x"]}"#).is_ok());
        assert!(lessons(r#"{"technical":[1]}"#).unwrap_err().starts_with("/lessons/technical/0: "));
    }

    #[test]
    fn no_name_of_a_type_of_this_program_is_in_an_error() {
        for (position, given) in [
            ("1.0", "floating point `1.0`"),
            ("-1", "integer `-1`"),
            ("4294967296", "integer `4294967296`"),
            ("\"1\"", "string \"1\""),
        ] {
            let error = error(&format!(r#"{{"type":"component.set","id":"a","position":{position}}}"#));
            assert!(error.contains(given) && error.contains("a whole number from 0"), "{error}");
            assert!(!error.contains("u32"), "{error}");
        }
        for field in ["body", "at", "notice"] {
            let error = error(&format!(r#"{{"type":"notice.clear","{field}":"x"}}"#));
            let expected =
                format!("/{field}: unknown field `{field}`; this update has no field but \"type\"");
            assert_eq!(error, expected);
        }
    }

    #[test]
    fn the_cause_is_named_in_bodies_and_in_arrays() {
        for (body, expected) in [
            (&b""[..], "not found"),
            (b"{type:page.set}", "single quotes"),
            ("{\"type\":\"notice.post\",\"body\":\"x\u{FFFD}\",}".as_bytes(), "column 37: trailing comma"),
            (b"\"{\\\"type\\\":\\\"notice.clear\\\"}\"", "encoded twice"),
            (b"[\"{\\\"type\\\":\\\"notice.clear\\\"}\"]", "/0: An update is a JSON object"),
            (b"[\"{}\"]", "encoded twice"),
        ] {
            let error = parse(body).unwrap_err().to_string();
            assert!(error.contains(expected), "{error}");
        }
        assert!(!error("[1]").contains("twice"));
        // A member's name may look like the end of the parser's messages.
        assert!(error(r#"{"a at line b":1,"a at line b":2}"#).contains(r#""a at line b" appears twice"#));
    }

    #[test]
    fn a_text_that_shows_nothing_is_refused() {
        for nothing in crate::text::UNSEEN {
            for (update, pointer) in [
                (r#"{"type":"page.set","name":"@"}"#, "/name"),
                (
                    r#"[{"type":"notice.clear"},{"type":"component.set","id":"a","name":"x","description":"@"}]"#,
                    "/1/description",
                ),
                (
                    r#"{"type":"incident.open","name":{"en":"x","de":"@"},"impact":"none","body":"y"}"#,
                    "/name/de",
                ),
                (
                    r#"{"type":"page.set","checks":[{"name":"@","url":"https://a.example"}]}"#,
                    "/checks/0/name",
                ),
            ] {
                let detail = error(&update.replace('@', nothing));
                assert_eq!(
                    detail,
                    format!("{pointer}: is blank; write a text that is not only white space"),
                    "{nothing:?}"
                );
            }
        }
        assert!(parse("{\"type\":\"page.set\",\"name\":\"\u{2066}x\u{2069}\"}".as_bytes()).is_ok());
    }

    #[test]
    fn an_address_that_no_client_can_open_is_refused() {
        for address in ["https://a.example:99999", "https://a.example/%zz", "https://a..example"] {
            for (update, pointer) in [
                (r#"{"type":"page.set","url":"@"}"#, "/url"),
                (r#"[{"type":"page.set","support":"@"}]"#, "/0/support"),
                (r#"{"type":"page.set","checks":[{"name":"x","url":"@"}]}"#, "/checks/0/url"),
                (r#"{"type":"notice.post","body":"x","url":"@"}"#, "/url"),
            ] {
                let detail = error(&update.replace('@', address));
                assert!(detail.starts_with(&format!("{pointer}: The address has a ")), "{detail}");
            }
        }
    }

    #[test]
    fn deep_nesting_is_refused() {
        let deep = format!("{}{}", "[".repeat(5_000), "]".repeat(5_000));
        assert!(error(&deep).contains("recursion limit"), "{}", error(&deep));
    }

    #[test]
    fn null_removes_and_absent_leaves_unchanged() {
        let one = |body: &str| parse(body.as_bytes()).unwrap().remove(0);
        let Update::ComponentSet(set) = one(r#"{"type":"component.set","id":"a","group":null}"#) else {
            panic!("not a component.set");
        };
        assert_eq!((set.group, set.description), (Some(None), None));
    }

    proptest! {
        #[test]
        fn parsing_any_bytes_never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = parse(&bytes);
        }

        #[test]
        fn parsing_json_like_text_never_panics(text in r#"[\[\]{}:,"a-z0-9. \\eE+-]{0,120}"#) {
            let _ = parse(text.as_bytes());
        }
    }
}

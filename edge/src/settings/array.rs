//! Settings that are a JSON array: their entries, or what is wrong with which field of which entry.
//!
//! No error quotes anything of a setting, because it may be a secret, also where it is the name of a field: an error has words of this
//! program, the number of an entry, its id if that is a valid one, and a line and a column.

use candor_shared::text::{Id, json};
use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_path_to_error::Segment;

/// What the entries of a setting are.
pub(super) struct Entries {
    /// One of them in a word, such as `key`.
    pub noun: &'static str,
    /// What each of them must be.
    pub each: &'static str,
    /// The field that names an entry. Its value is an [`Id`].
    pub named_by: &'static str,
    /// The fields with what each must be. Empty if the entries are no objects.
    pub fields: &'static [(&'static str, &'static str)],
}

impl Entries {
    /// Reads the setting.
    ///
    /// # Errors
    /// A text that says what is wrong and quotes nothing of the setting but valid ids.
    pub fn read<T: DeserializeOwned>(&self, text: &str) -> Result<Vec<T>, String> {
        // Whatever is no JSON is found first, so that an error below is about a value, also where the parser calls it one of syntax.
        let json: Value = serde_json::from_str(text).map_err(|error| {
            let (line, column) = (error.line(), error.column());
            format!(
                "{} (line {line}, column {column}): {}",
                self.no_array(),
                json::fault(text.as_bytes(), &error)
            )
        })?;
        serde_path_to_error::deserialize(&mut serde_json::Deserializer::from_str(text)).map_err(|error| {
            let path: Vec<&Segment> = error.path().iter().collect();
            let error = error.inner();
            match path.as_slice() {
                [Segment::Seq { index }, rest @ ..] => {
                    let wrong = self.wrong(&error.to_string(), rest.first().copied());
                    let (line, column) = (error.line(), error.column());
                    format!("{}: {wrong} (line {line}, column {column})", self.entry(&json, *index))
                }
                _ => format!("{}{}", self.no_array(), other_than_an_array(&json)),
            }
        })
    }

    fn no_array(&self) -> String {
        format!("not a JSON array, each entry {}", self.each)
    }

    /// How an entry is called: by its id, or by its place if it has no valid one.
    fn entry(&self, json: &Value, index: usize) -> String {
        let id = json.get(index).and_then(|entry| entry.get(self.named_by)?.as_str());
        let id = id.and_then(|id| Id::try_from(id.to_owned()).ok());
        let number = index.saturating_add(1);
        id.map_or_else(|| format!("{} number {number}", self.noun), |id| format!("{} {id}", self.noun))
    }

    /// What is wrong with an entry, as the parser says it and with the path to it. The parser's own words may quote a value: they are
    /// compared, and never given.
    fn wrong(&self, message: &str, field: Option<&Segment>) -> String {
        let says = |what: &str, name: &str| message.starts_with(&format!("{what} field `{name}`"));
        for (name, _) in self.fields {
            if says("missing", name) {
                return format!("the field \"{name}\" is missing");
            }
            if says("duplicate", name) {
                return format!("the field \"{name}\" is there twice");
            }
        }
        let given = match field {
            Some(Segment::Map { key }) => key.as_str(),
            _ => return format!("it is not {}", self.each),
        };
        match self.fields.iter().find(|(name, _)| *name == given) {
            Some((name, rule)) => format!("the field \"{name}\" is not {rule}"),
            None => {
                let names: Vec<String> = self.fields.iter().map(|(name, _)| format!("\"{name}\"")).collect();
                let meant = self.fields.iter().find(|(name, _)| resembles(given, name));
                let meant = meant.map(|(name, _)| format!("; \"{name}\" may be meant")).unwrap_or_default();
                format!("a field is none of {}{meant}", names.join(", "))
            }
        }
    }
}

/// Whether a name is another one but for its case, what separates its words, or its end.
fn resembles(given: &str, name: &str) -> bool {
    let plain = |text: &str| -> String {
        text.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
    };
    let (given, name) = (plain(given), plain(name));
    given.len() > 1 && (given.starts_with(&name) || name.starts_with(&given))
}

/// What valid JSON is that is no array.
fn other_than_an_array(json: &Value) -> String {
    match json {
        Value::Object(_) => ": it is one object; put it into an array, [{…}]".to_owned(),
        Value::String(_) => format!(". {}", json::ENCODED_TWICE),
        _ => String::new(),
    }
}

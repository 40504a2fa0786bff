//! What JavaScript has parsed: a `bulletin.json`, and for `mount` parts of one. With the browser's own JSON and dates: serde_json,
//! the derived readers and jiff were a third of a module. What has an unknown shape is refused as a whole; unknown fields are
//! ignored. The fields are those of [`Bulletin`]; a test holds the two readers against each other.

use candor_shared::bulletin::{Ailing, Bulletin, Level, Line, LocalizedText, PageLink, Phrases};
use candor_shared::state::ComponentState;
use candor_shared::text::{Block, Id, Piece};
use candor_shared::time::Time;
use js_sys::{Array, Date, Function, JSON, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};

use crate::level::{LEVELS, class};

/// The schema that this widget knows.
pub(crate) const SCHEMA: u32 = 1;

/// A document of this schema as JavaScript parses it, or nothing.
pub(crate) fn parsed(text: &str) -> Option<Json> {
    let root = Json(JSON::parse(text).ok()?);
    (root.field("schema", whole)? == u64::from(SCHEMA)).then_some(root)
}

/// A bulletin, or nothing.
pub(crate) fn read(text: &str) -> Option<Bulletin> {
    let root = parsed(text)?;
    Some(Bulletin {
        schema: SCHEMA,
        version: root.field("version", whole)?,
        published_at: root.field("published_at", time)?,
        language: root.field("language", text_of)?,
        direction: root.field("direction", text_of)?,
        level: root.field("level", level)?,
        summary: root.field("summary", text_of)?,
        unknown: root.field("unknown", text_of)?,
        label: root.field("label", text_of)?,
        page: root.field("page", page)?,
        lines: root.list("lines", line)?,
        components: root.list("components", ailing)?,
        phrases: root.option("phrases", phrases)?,
        missing: root.list("missing", id)?,
        // Only the loader turns to mirrors.
        mirrors: None,
        styles: root.option("styles", text_of)?,
        unconfirmed_since: root.option("unconfirmed_since", time)?,
    })
}

/// One line of a bulletin.
pub(crate) fn line(json: &Json) -> Option<Line> {
    Some(Line {
        key: json.field("key", text_of)?,
        level: json.field("level", level)?,
        label: json.field("label", text_of)?,
        name: json.option("name", localized)?,
        body: json.option("body", localized)?,
        note: json.option("note", localized)?,
        facts: json.list("facts", pieces)?,
        components: json.list("components", id)?,
        url: json.option("url", text_of)?,
        // There only if it is true.
        elsewhere: json.get("elsewhere").is_some(),
    })
}

/// One component of a bulletin.
pub(crate) fn ailing(json: &Json) -> Option<Ailing> {
    Some(Ailing {
        id: json.field("id", id)?,
        group: json.option("group", id)?,
        name: json.field("name", localized)?,
        status: json.field("status", |json| one_of(json, ComponentState::ALL, ComponentState::as_str))?,
        level: json.field("level", level)?,
        label: json.field("label", text_of)?,
    })
}

/// A list, each of which is read; nothing if one of them cannot be.
pub(crate) fn list<T>(json: &Json, read: impl Fn(&Json) -> Option<T>) -> Option<Vec<T>> {
    let all = Array::is_array(&json.0).then(|| Array::from(&json.0))?;
    all.iter().map(|entry| read(&Json(entry))).collect()
}

/// A text.
pub(crate) fn text_of(json: &Json) -> Option<String> {
    json.0.as_string()
}

/// A function.
pub(crate) fn function(json: &Json) -> Option<Function> {
    json.0.is_function().then(|| json.0.clone().unchecked_into())
}

pub(crate) fn page(json: &Json) -> Option<PageLink> {
    Some(PageLink { name: json.field("name", localized)?, url: json.option("url", text_of)? })
}

fn phrases(json: &Json) -> Option<Phrases> {
    let phrase = |key| json.field(key, text_of);
    let forms = |json: &Json| {
        let all = Object::entries(json.0.is_object().then(|| Object::from(json.0.clone())).as_ref()?);
        let form = |entry: JsValue| {
            let entry = Array::from(&entry);
            Some((entry.get(0).as_string()?, entry.get(1).as_string()?))
        };
        all.iter().map(form).collect()
    };
    Some(Phrases {
        well: phrase("well").unwrap_or_default(),
        dismiss: phrase("dismiss")?,
        details: phrase("details")?,
        show: phrase("show")?,
        close: phrase("close")?,
        not_confirmed: phrase("not_confirmed")?,
        offline: phrase("offline")?,
        more: json.field("more", forms)?,
    })
}

pub(crate) fn localized(json: &Json) -> Option<LocalizedText> {
    Some(LocalizedText { text: json.field("text", pieces)?, language: json.option("language", text_of)? })
}

pub(crate) fn pieces(json: &Json) -> Option<Vec<Piece>> {
    list(json, piece)
}

fn piece(json: &Json) -> Option<Piece> {
    if let Some(text) = text_of(json) {
        return Some(Piece::Text(text));
    }
    let named = |key| json.field(key, text_of);
    if let Some(link) = named("link") {
        return Some(Piece::Link { link, to: json.field("to", address)? });
    }
    if let Some(strong) = named("strong") {
        return Some(Piece::Strong { strong });
    }
    if let Some(emphasis) = named("emphasis") {
        return Some(Piece::Emphasis { emphasis });
    }
    if let Some(code) = named("code") {
        return Some(Piece::Code { code });
    }
    match named("begin").as_deref() {
        Some("line") => Some(Piece::Begin { begin: Block::Line }),
        Some("paragraph") => Some(Piece::Begin { begin: Block::Paragraph }),
        Some("item") => Some(Piece::Begin { begin: Block::Item }),
        Some(_) => None,
        None => Some(Piece::Time { time: json.field("time", time)?, until: json.option("until", time)? }),
    }
}

/// An address of the web or of mail. The edge writes no other; another one could be a script.
fn address(json: &Json) -> Option<String> {
    let text = text_of(json)?;
    let scheme = text.split_once(':')?.0;
    let is_known = ["https", "http", "mailto"].iter().any(|known| scheme.eq_ignore_ascii_case(known));
    is_known.then_some(text)
}

pub(crate) fn level(json: &Json) -> Option<Level> {
    one_of(json, &LEVELS, class)
}

fn one_of<T: Copy>(json: &Json, all: &[T], text: fn(T) -> &'static str) -> Option<T> {
    let term = text_of(json)?;
    all.iter().copied().find(|&its| text(its) == term)
}

pub(crate) fn id(json: &Json) -> Option<Id> {
    Id::try_from(text_of(json)?).ok()
}

// A version is far below 2^53.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
pub(crate) fn whole(json: &Json) -> Option<u64> {
    json.0.as_f64().map(|number| number as u64)
}

/// An instant in the wire format.
pub(crate) fn time(json: &Json) -> Option<Time> {
    instant(&text_of(json)?)
}

/// An instant as a browser reads it.
pub(crate) fn instant(text: &str) -> Option<Time> {
    let millis = Date::parse(text);
    // Whole milliseconds far below 2^53.
    #[expect(clippy::cast_possible_truncation)]
    if millis.is_nan() { None } else { Time::from_millis(millis as i64) }
}

/// A value of JavaScript, whatever it may be.
pub(crate) struct Json(JsValue);

impl From<JsValue> for Json {
    fn from(value: JsValue) -> Self {
        Self(value)
    }
}

impl Json {
    fn get(&self, key: &str) -> Option<Self> {
        let value = Reflect::get(&self.0, &JsValue::from_str(key)).ok()?;
        (!value.is_undefined() && !value.is_null()).then_some(Self(value))
    }

    /// A field that has to be there.
    pub(crate) fn field<T>(&self, key: &str, read: impl Fn(&Self) -> Option<T>) -> Option<T> {
        read(&self.get(key)?)
    }

    /// A field that may be absent; nothing if it is there and cannot be read.
    pub(crate) fn option<T>(&self, key: &str, read: fn(&Self) -> Option<T>) -> Option<Option<T>> {
        match self.get(key) {
            Some(value) => read(&value).map(Some),
            None => Some(None),
        }
    }

    /// A list; empty if it is absent, nothing if one of its entries cannot be read.
    pub(crate) fn list<T>(&self, key: &str, read: fn(&Self) -> Option<T>) -> Option<Vec<T>> {
        self.get(key).map_or_else(|| Some(Vec::new()), |value| list(&value, read))
    }
}

#[cfg(all(test, target_arch = "wasm32"))]
mod tests {
    use super::*;
    use crate::sample;
    use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

    wasm_bindgen_test_configure!(run_in_browser);

    fn sample() -> (Bulletin, String) {
        let bulletin = sample::bulletin("de");
        let text = serde_json::to_string(&bulletin).unwrap_or_default();
        (bulletin, text)
    }

    #[wasm_bindgen_test]
    fn it_reads_what_serde_writes() {
        let (bulletin, text) = sample();
        assert_eq!(read(&text), Some(bulletin));
        let more = text.replacen('{', r#"{"new":{"a":1},"#, 1);
        assert!(read(&more).is_some(), "unknown fields are ignored");
    }

    #[wasm_bindgen_test]
    fn what_is_no_bulletin_is_nothing() {
        let (_, text) = sample();
        for bad in [
            "",
            "null",
            "[]",
            "<!doctype html><h1>502</h1>",
            r#"{"schema":1}"#,
            text.split_at(text.len() / 2).0,
            &text.replace(r#""schema":1"#, r#""schema":2"#),
            &text.replace(r#""level":"major""#, r#""level":"bad""#),
            &text.replace(r#""begin":"#, r#""began":"#),
            &text.replace(r#""time":"2026"#, r#""time":"soon"#),
            &text.replace(r#""to":"https:"#, r#""to":"javascript:"#),
            &text.replace(r#""lines":["#, r#""lines":{},"rest":["#),
        ] {
            assert_ne!(bad, text);
            assert_eq!(read(bad), None, "{bad}");
        }
    }
}

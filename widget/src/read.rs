//! What JavaScript has parsed: a status.json, and for `mount` what it is given. With the browser's own JSON
//! and dates: serde_json, the derived readers and jiff were a third of a module. The fields are those of
//! [`StatusDocument`]; a test holds the two readers against each other.

use candor_shared::published::{
    ComponentStatus, IncidentStatusEntry, MaintenanceStatusEntry, NoticeEntry, PageEntry, ResolvedEntry,
    StatusDocument, Translations,
};
use candor_shared::state::{
    Affected, ComponentState, Impact, IncidentStatus, Indicator, MaintenanceStatus, Share,
};
use candor_shared::text::{Id, Name};
use candor_shared::time::Time;
use js_sys::{Array, Date, JSON, Reflect};
use wasm_bindgen::JsValue;

/// A document of the schema that this widget knows, or nothing.
pub(crate) fn read(text: &str) -> Option<StatusDocument> {
    let root = Object(JSON::parse(text).ok()?);
    if root.whole("schema")? != u64::from(StatusDocument::SCHEMA) {
        return None;
    }
    let page = root.object("page")?;
    let description = root.text("description").unwrap_or_default();
    Some(StatusDocument {
        schema: StatusDocument::SCHEMA,
        page: PageEntry { name: page.text("name")?, url: page.text("url"), language: page.text("language") },
        version: root.whole("version")?,
        published_at: root.time("published_at")?,
        indicator: root.term("indicator", Indicator::ALL, Indicator::as_str)?,
        description,
        components: root.list("components", component)?,
        incidents: root.list("incidents", incident)?,
        maintenances: root.list("maintenances", maintenance)?,
        resolved: root.list("resolved", resolved)?,
        notice: match root.object("notice") {
            Some(entry) => Some(notice(&entry)?),
            None => None,
        },
        unconfirmed_since: root.time("unconfirmed_since"),
    })
}

/// An instant in the wire format.
pub(crate) fn time(text: &str) -> Option<Time> {
    let millis = Date::parse(text);
    // Whole milliseconds far below 2^53.
    #[expect(clippy::cast_possible_truncation)]
    if millis.is_nan() { None } else { Time::from_millis(millis as i64) }
}

fn component(entry: &Object) -> Option<ComponentStatus> {
    Some(ComponentStatus {
        id: entry.id("id")?,
        name: entry.text("name")?,
        status: entry.term("status", ComponentState::ALL, ComponentState::as_str)?,
        since: entry.time("since")?,
    })
}

fn incident(entry: &Object) -> Option<IncidentStatusEntry> {
    Some(IncidentStatusEntry {
        id: entry.id("id")?,
        name: entry.text("name")?,
        status: entry.term("status", IncidentStatus::ALL, IncidentStatus::as_str)?,
        impact: entry.term("impact", Impact::ALL, Impact::as_str)?,
        started_at: entry.time("started_at")?,
        updated_at: entry.time("updated_at")?,
        reopened_at: entry.time("reopened_at"),
        body: entry.text("body")?,
        next_update_at: entry.time("next_update_at"),
        overdue: entry.flag("overdue"),
        overdue_since: entry.time("overdue_since"),
        impact_note: entry.text("impact_note"),
        affected: match entry.object("affected") {
            Some(entry) => Some(affected(&entry)?),
            None => None,
        },
        components: entry.ids("components")?,
        url: entry.text("url"),
        translations: Translations::new(),
    })
}

fn affected(entry: &Object) -> Option<Affected> {
    Some(Affected {
        share: Share::try_from(entry.get("share")?.as_f64()?).ok()?,
        basis: Name::try_from(entry.text("basis")?).ok()?,
    })
}

fn maintenance(entry: &Object) -> Option<MaintenanceStatusEntry> {
    Some(MaintenanceStatusEntry {
        id: entry.id("id")?,
        name: entry.text("name")?,
        status: entry.term("status", MaintenanceStatus::ALL, MaintenanceStatus::as_str)?,
        scheduled_for: entry.time("scheduled_for")?,
        scheduled_until: entry.time("scheduled_until")?,
        updated_at: entry.time("updated_at")?,
        body: entry.text("body")?,
        components: entry.ids("components")?,
        url: entry.text("url"),
        translations: Translations::new(),
    })
}

fn resolved(entry: &Object) -> Option<ResolvedEntry> {
    Some(ResolvedEntry {
        id: entry.id("id")?,
        name: entry.text("name")?,
        impact: entry.term("impact", Impact::ALL, Impact::as_str)?,
        resolved_at: entry.time("resolved_at")?,
        body: entry.text("body")?,
        url: entry.text("url"),
        translations: Translations::new(),
    })
}

fn notice(entry: &Object) -> Option<NoticeEntry> {
    Some(NoticeEntry {
        title: entry.text("title"),
        body: entry.text("body")?,
        updated_at: entry.time("updated_at")?,
        url: entry.text("url"),
        translations: Translations::new(),
    })
}

/// A list, each of which is read; nothing when one of them cannot be.
pub(crate) fn list<T>(list: &JsValue, read: impl Fn(&Object) -> Option<T>) -> Option<Vec<T>> {
    Array::from(list).iter().map(|entry| read(&Object(entry))).collect()
}

/// An object of JavaScript, whatever it may hold.
pub(crate) struct Object(JsValue);

impl Object {
    fn get(&self, key: &str) -> Option<JsValue> {
        Reflect::get(&self.0, &JsValue::from_str(key))
            .ok()
            .filter(|value| !value.is_undefined() && !value.is_null())
    }

    fn object(&self, key: &str) -> Option<Self> {
        self.get(key).filter(JsValue::is_object).map(Self)
    }

    pub(crate) fn text(&self, key: &str) -> Option<String> {
        self.get(key)?.as_string()
    }

    pub(crate) fn flag(&self, key: &str) -> bool {
        self.get(key).is_some_and(|value| value.is_truthy())
    }

    fn id(&self, key: &str) -> Option<Id> {
        Id::try_from(self.text(key)?).ok()
    }

    // A version is far below 2^53.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    fn whole(&self, key: &str) -> Option<u64> {
        self.get(key)?.as_f64().map(|number| number as u64)
    }

    pub(crate) fn time(&self, key: &str) -> Option<Time> {
        time(&self.text(key)?)
    }

    pub(crate) fn term<T: Copy>(&self, key: &str, all: &[T], text: fn(T) -> &'static str) -> Option<T> {
        let term = self.text(key)?;
        all.iter().copied().find(|&its| text(its) == term)
    }

    /// Empty when there is none; nothing when one of them cannot be read.
    fn list<T>(&self, key: &str, read: fn(&Object) -> Option<T>) -> Option<Vec<T>> {
        self.get(key).map_or_else(|| Some(Vec::new()), |all| list(&all, read))
    }

    fn ids(&self, key: &str) -> Option<Vec<Id>> {
        let Some(list) = self.get(key) else { return Some(Vec::new()) };
        Array::from(&list).iter().map(|id| Id::try_from(id.as_string()?).ok()).collect()
    }
}

#[cfg(all(test, target_arch = "wasm32"))]
mod tests {
    use super::*;
    use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

    wasm_bindgen_test_configure!(run_in_browser);

    #[wasm_bindgen_test]
    fn it_reads_what_serde_reads() {
        let text = include_str!("../tests/status.json");
        let document = read(text);
        assert!(document.is_some());
        assert_eq!(document, serde_json::from_str(text).ok());
    }

    #[wasm_bindgen_test]
    fn what_is_no_status_document_is_nothing() {
        let text = include_str!("../tests/status.json");
        for bad in [
            "",
            "null",
            "<!doctype html><h1>502</h1>",
            r#"{"schema":1}"#,
            text.split_at(text.len() / 2).0,
            &text.replace(r#""schema": 1"#, r#""schema": 2"#),
            &text.replace("investigating", "perplexed"),
        ] {
            assert_eq!(read(bad), None, "{bad}");
        }
    }
}

//! What JavaScript has parsed: a `panel.json`, as [`crate::read`] reads a bulletin.

use std::cell::Cell;

use candor_shared::bulletin::{Level, LocalizedText};
use candor_shared::panel::{
    CheckedAddress, DeviceCheck, Group, Imperfect, LanguageChoice, ListedComponent, Panel, PanelLink,
    Section, Story, StoryUpdate, Uptimes,
};

use crate::read::{Json, SCHEMA, id, level, localized, page, parsed, pieces, text_of, time, whole};

/// The fields of an object. What cannot be read has its default, and is remembered: checking once at the end is half the code of
/// leaving at each field.
struct Fields<'a> {
    json: &'a Json,
    is_good: Cell<bool>,
}

impl<'a> Fields<'a> {
    fn of(json: &'a Json) -> Self {
        Self { json, is_good: Cell::new(true) }
    }

    fn need<T: Default>(&self, value: Option<T>) -> T {
        value.unwrap_or_else(|| {
            self.is_good.set(false);
            T::default()
        })
    }

    #[inline(never)]
    fn text(&self, key: &str) -> String {
        self.need(self.json.field(key, text_of))
    }

    fn level(&self) -> Level {
        self.json.field("level", level).unwrap_or_else(|| {
            self.is_good.set(false);
            Level::None
        })
    }

    fn localized(&self, key: &str) -> LocalizedText {
        self.json.field(key, localized).unwrap_or_else(|| {
            self.is_good.set(false);
            LocalizedText { text: Vec::new(), language: None }
        })
    }

    fn number(&self, key: &str) -> usize {
        self.need(self.json.field(key, |json| usize::try_from(whole(json)?).ok()))
    }

    fn option<T>(&self, key: &str, read: fn(&Json) -> Option<T>) -> Option<T> {
        self.need(self.json.option(key, read))
    }

    fn list<T>(&self, key: &str, read: fn(&Json) -> Option<T>) -> Vec<T> {
        self.need(self.json.list(key, read))
    }

    /// What was read, if all of it could be.
    fn all<T>(&self, value: T) -> Option<T> {
        self.is_good.get().then_some(value)
    }
}

/// A panel, or nothing.
pub(crate) fn read(text: &str) -> Option<Panel> {
    let root = parsed(text)?;
    let of = Fields::of(&root);
    of.all(Panel {
        schema: SCHEMA,
        version: root.field("version", whole)?,
        published_at: root.field("published_at", time)?,
        language: of.text("language"),
        direction: of.text("direction"),
        title: of.text("title"),
        level: of.level(),
        summary: of.text("summary"),
        unknown: of.text("unknown"),
        page: root.field("page", page)?,
        sections: of.list("sections", section),
        uptime: of.option("uptime", uptimes),
        check: of.option("check", check),
        links: of.list("links", link),
        languages: of.list("languages", choice),
        language_label: of.text("language_label"),
        close: of.text("close"),
        not_confirmed: of.text("not_confirmed"),
        offline: of.text("offline"),
        unconfirmed_since: of.option("unconfirmed_since", time),
    })
}

fn section(json: &Json) -> Option<Section> {
    let of = Fields::of(json);
    of.all(Section { title: of.text("title"), stories: of.list("stories", story) })
}

fn story(json: &Json) -> Option<Story> {
    let of = Fields::of(json);
    of.all(Story {
        key: of.text("key"),
        level: of.level(),
        label: of.text("label"),
        name: of.option("name", localized),
        note: of.option("note", localized),
        facts: of.list("facts", pieces),
        links: of.list("links", link),
        updates: of.list("updates", update),
    })
}

fn update(json: &Json) -> Option<StoryUpdate> {
    let of = Fields::of(json);
    of.all(StoryUpdate {
        label: of.option("label", text_of),
        body: of.localized("body"),
        facts: of.list("facts", pieces),
    })
}

fn uptimes(json: &Json) -> Option<Uptimes> {
    let of = Fields::of(json);
    of.all(Uptimes {
        title: of.text("title"),
        days: of.list("days", text_of),
        no_data: of.text("no_data"),
        whole: of.text("whole"),
        today: of.text("today"),
        groups: of.list("groups", group),
    })
}

fn group(json: &Json) -> Option<Group> {
    let of = Fields::of(json);
    of.all(Group { name: of.option("name", localized), components: of.list("components", component) })
}

fn component(json: &Json) -> Option<ListedComponent> {
    let of = Fields::of(json);
    let id = json.field("id", id)?;
    of.all(ListedComponent {
        id,
        name: of.localized("name"),
        level: of.level(),
        label: of.text("label"),
        description: of.text("description"),
        share: of.text("share"),
        span: of.text("span"),
        known: of.number("known"),
        imperfect: of.list("imperfect", imperfect),
    })
}

fn imperfect(json: &Json) -> Option<Imperfect> {
    let of = Fields::of(json);
    of.all(Imperfect { day: of.number("day"), level: of.level(), share: of.text("share") })
}

fn check(json: &Json) -> Option<DeviceCheck> {
    let of = Fields::of(json);
    of.all(DeviceCheck {
        title: of.text("title"),
        about: of.text("about"),
        start: of.text("start"),
        checking: of.text("checking"),
        answers: of.text("answers"),
        silent: of.text("silent"),
        untried: of.text("untried"),
        all_answer: of.text("all_answer"),
        all_silent: of.text("all_silent"),
        known: of.text("known"),
        not_known: of.text("not_known"),
        help: of.option("help", link),
        addresses: of.list("addresses", address),
    })
}

fn address(json: &Json) -> Option<CheckedAddress> {
    let of = Fields::of(json);
    of.all(CheckedAddress {
        name: of.localized("name"),
        url: of.text("url"),
        level: of.level(),
        label: of.text("label"),
    })
}

fn link(json: &Json) -> Option<PanelLink> {
    let of = Fields::of(json);
    of.all(PanelLink { label: of.text("label"), url: of.text("url") })
}

fn choice(json: &Json) -> Option<LanguageChoice> {
    let of = Fields::of(json);
    of.all(LanguageChoice { language: of.text("language"), name: of.text("name") })
}

#[cfg(all(test, target_arch = "wasm32"))]
mod tests {
    use super::*;
    use crate::sample_panel::{PANEL, panel};
    use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

    wasm_bindgen_test_configure!(run_in_browser);

    #[wasm_bindgen_test]
    fn it_reads_what_serde_reads() {
        assert_eq!(read(PANEL), Some(panel()));
        let more = PANEL.replacen('{', r#"{"new":{"a":1},"#, 1);
        assert!(read(&more).is_some(), "unknown fields are ignored");
    }

    #[wasm_bindgen_test]
    fn what_is_no_panel_is_nothing() {
        for bad in [
            "",
            "null",
            "<!doctype html><h1>502</h1>",
            r#"{"schema":1}"#,
            PANEL.split_at(PANEL.len() / 2).0,
            &PANEL.replace(r#""schema":1"#, r#""schema":2"#),
            &PANEL.replace(r#""level":"none""#, r#""level":"bad""#),
            &PANEL.replace(r#""day":2"#, r#""day":"x""#),
            &PANEL.replace(r#""share":"96%""#, r#""share":96"#),
            &PANEL.replace(r#""updates":["#, r#""updates":{},"rest":["#),
            &PANEL.replace(r#""time":"2026"#, r#""time":"soon"#),
        ] {
            assert_ne!(bad, PANEL);
            assert_eq!(read(bad), None, "{bad}");
        }
    }
}

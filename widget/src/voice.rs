//! How things are said: in which language, and whether relative times can be trusted.

use candor_shared::Time;
use yew::Html;
use yew::prelude::*;

use crate::clock;
use crate::words::Words;

/// How things are said. English, with the visitor's own way of writing times, unless told otherwise.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Voice {
    /// The words.
    pub words: Words,
    /// How times are written, a BCP 47 tag; empty: as the visitor's system does.
    pub locale: String,
    /// Whether the visitor's clock cannot be trusted: times are absolute then.
    pub is_absolute: bool,
    /// The language of operators' texts, if it is known.
    pub language: String,
    /// The language of a text, where it is another one: `body `, `name ` or `note `, the id of what it is about (a
    /// notice has none), and the language.
    pub languages: Vec<(String, String)>,
}

impl Voice {
    /// The language of a text, `body`, `name` or `note`, about an id.
    pub(crate) fn language_of(&self, text: &str, id: &str) -> Option<String> {
        let wanted = [text, " ", id].concat();
        let own = self.languages.iter().find(|(its, _)| *its == wanted).map(|(_, language)| language);
        Some(own.unwrap_or(&self.language).clone()).filter(|language| !language.is_empty())
    }

    pub(crate) fn clock(&self, time: Time, now: Time) -> String {
        clock::clock(time, now, &self.locale)
    }

    /// An instant, at its clock time.
    pub(crate) fn at(&self, time: Time, now: Time) -> Html {
        html! { <time datetime={clock::iso(time)}>{ self.clock(time, now) }</time> }
    }

    /// An instant, as long ago as it is.
    pub(crate) fn ago(&self, time: Time, now: Time) -> Html {
        let clock = self.clock(time, now);
        let text = if self.is_absolute {
            clock.clone()
        } else {
            clock::ago(time, now, &self.locale, self.words.get("just_now"))
        };
        html! { <time datetime={clock::iso(time)} title={clock}>{ text }</time> }
    }

    /// "3 more".
    pub(crate) fn more(&self, count: usize) -> String {
        let (category, number) = clock::plural(count, &self.locale);
        self.words.of("more", &category).replace("{count}", &number)
    }
}

//! How things are said: in which language, and whether relative times can be trusted.

use candor_shared::time::Time;
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
}

impl Voice {
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
        // English may stand in for a language that has other forms.
        let form = self.words.get(&["more.", category.as_str()].concat());
        let form = if form.is_empty() { self.words.get("more.other") } else { form };
        form.replace("{count}", &number)
    }
}

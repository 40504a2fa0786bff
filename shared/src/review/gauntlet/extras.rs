//! The extras: technologies, the five whys, human elements, what others can learn.

use super::finding::Finding;
use crate::review::words::different_words;
use crate::state::{PostmortemText, Verdict};
use crate::text::{Body, Name};

/// With fewer answers, the criterion is met only in part.
const WHYS: usize = 3;
/// With fewer different words, a text on what went wrong or on people meets the criterion only in part.
pub(super) const SUBSTANCE_WORDS: usize = 12;

pub(super) fn technologies(text: &PostmortemText) -> Finding {
    let names: Vec<&str> = text.technologies.iter().map(Name::as_str).collect();
    if names.is_empty() {
        return Finding::new(
            Verdict::Missing,
            "none is named",
            "",
            "Name the technologies that were involved, with versions: others run them too.",
        );
    }
    Finding::met("they are named", &names.join(", "))
}

pub(super) fn five_whys(text: &PostmortemText) -> Finding {
    let advice = "Ask why, and ask it again of each answer, three to seven times.";
    match text.five_whys.as_slice() {
        [] => Finding::new(Verdict::Missing, "nobody asked why", "", advice),
        [.., last] if text.five_whys.len() >= WHYS => {
            Finding::met(format!("it asks {} times", text.five_whys.len()), last.as_str())
        }
        [.., last] => Finding::new(Verdict::Partial, "it stops near the surface", last.as_str(), advice),
    }
}

pub(super) fn prose(body: &Option<Body>, what: &str, advice: &str) -> Finding {
    match body {
        Some(body) if different_words(std::iter::once(body.as_str())) >= SUBSTANCE_WORDS => {
            Finding::met(format!("there is a text on {what}"), body.as_str())
        }
        Some(body) => Finding::new(
            Verdict::Partial,
            format!("the text on {what} has fewer than {SUBSTANCE_WORDS} different words"),
            body.as_str(),
            advice,
        ),
        None => Finding::new(Verdict::Missing, format!("it does not say {what}"), "", advice),
    }
}

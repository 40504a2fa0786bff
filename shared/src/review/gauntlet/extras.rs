//! The extras: technologies, the five whys, human elements, what others can learn.

use std::collections::BTreeSet;

use super::finding::{ASK_A_PERSON, Finding};
use crate::review::placeholder::said;
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
    let all = names.join(", ");
    // A name with a version behind it is one in every language.
    let is_version =
        |word: &str| word.trim_start_matches(['v', 'V']).starts_with(|c: char| c.is_ascii_digit());
    if names.iter().any(|name| name.split_whitespace().skip(1).any(is_version)) {
        return Finding::met("they are named, one with a version", &all);
    }
    Finding::unjudged(
        "there are names, none with a version, by which a rule could tell that they are of technologies",
        &all,
        "Add the versions: others run them too. Or have somebody who was there read it, and add \"attested_by\".",
        text.attested_by.as_ref(),
    )
}

pub(super) fn five_whys(text: &PostmortemText) -> Finding {
    let advice = "Ask why, and ask it again of each answer, three to seven times.";
    let answers: BTreeSet<String> = text.five_whys.iter().map(|why| said(why.as_str())).collect();
    match text.five_whys.as_slice() {
        [] => Finding::new(Verdict::Missing, "nobody asked why", "", advice),
        [.., last] if answers.len() >= WHYS => {
            Finding::met(format!("it asks, and gives {} different answers", answers.len()), last.as_str())
        }
        [.., last] => Finding::new(Verdict::Partial, "it stops near the surface", last.as_str(), advice),
    }
}

pub(super) fn prose(body: &Option<Body>, what: &str, advice: &str, judge: Option<&Name>) -> Finding {
    match body {
        Some(body) if different_words(std::iter::once(body.as_str())) >= SUBSTANCE_WORDS => {
            Finding::unjudged(
                &format!("there is a text, and no rule can tell whether it says {what}"),
                body.as_str(),
                ASK_A_PERSON,
                judge,
            )
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

//! The extras: technologies, the five whys, human elements, what others can learn.

use std::collections::BTreeSet;

use super::finding::{ASK_A_PERSON, Finding};
use crate::review::placeholder::said;
use crate::state::{PostmortemText, Verdict};
use crate::text::{Body, Name};

/// With fewer answers, the criterion is met only in part.
const WHYS: usize = 3;
/// With fewer different words, an account of what went wrong meets the criterion only in part.
pub(super) const SUBSTANCE_WORDS: usize = 12;

pub(super) fn technologies(text: &PostmortemText) -> Finding {
    let names: Vec<&str> = text.technologies.iter().map(Name::as_str).collect();
    if names.is_empty() {
        let advice = "Name the technologies that were involved, with versions: others run them too.";
        return Finding::absent(text, "technologies", advice);
    }
    Finding::unjudged(
        "names are given, and no rule can tell whether they are those of what was involved",
        &names.join(", "),
        "Add the versions: others run them too. Or have somebody who was there read it, and add \"attested_by\".",
        text.attested_by.as_ref(),
    )
}

pub(super) fn five_whys(text: &PostmortemText) -> Finding {
    let advice = "Ask why, and ask it again of each answer, three to seven times.";
    let answers: BTreeSet<String> = text.five_whys.iter().map(|why| said(why.as_str())).collect();
    match text.five_whys.as_slice() {
        [] => Finding::absent(text, "five_whys", advice),
        [.., last] if answers.len() >= WHYS => Finding::unjudged(
            &format!(
                "it gives {} different answers, and no rule can tell whether they answer why",
                answers.len()
            ),
            last.as_str(),
            ASK_A_PERSON,
            text.attested_by.as_ref(),
        ),
        [.., last] => {
            let reason = match answers.len() {
                1 => "it gives one answer".to_owned(),
                count => format!("it gives {count} different answers"),
            };
            Finding::new(Verdict::Partial, reason, last.as_str(), advice)
        }
    }
}

/// Of a field with a text on something.
pub(super) fn prose(
    text: &PostmortemText,
    (field, body): (&str, Option<&Body>),
    what: &str,
    advice: &str,
) -> Finding {
    let Some(body) = body else { return Finding::absent(text, field, advice) };
    let reason = format!("there is a text, and no rule can tell whether it says {what}");
    Finding::unjudged(&reason, body.as_str(), ASK_A_PERSON, text.attested_by.as_ref())
}

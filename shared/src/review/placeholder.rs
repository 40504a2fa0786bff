//! Fields that are filled with nothing: "n/a", "tbd", a dash, or a question of the template.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use super::words::{has, sentence_ranges, words};
use crate::state::TEMPLATE_JSON;
use crate::time::Time;

/// What people write where they have nothing to say yet, in one word or in several.
const TO_FILL: &str = "n/a n.a na tbd tba tbc todo fixme xxx unknown null nil pending";
/// What they write where there is nothing to say. It answers who was affected, and no other question.
const NOTHING: &str = "none nobody nothing";
const NO_ONE: [&str; 2] = ["no one", "none at the time"];
/// The same two in other languages.
const TO_FILL_ELSEWHERE: &str =
    "entfällt unbekannt offen inconnu nvt n.v.t 未定 暂无 未知 미정 अज्ञात k.a s/o s.o";
const NOTHING_ELSEWHERE: &str = "keine keiner keines kein nichts aucun aucune néant rien ninguno ninguna nada ningún nenhum nenhuma geen niets brak nic \
żaden nessuna niente inga inget ingenting intet ikke mitään žádný žádné niciunul niciuna nimic nincs semmi καμία τίποτα \
нет ничего немає нічого yok hiçbiri なし 無し 無 无 没有 없음 אין כלום ללא لا لايوجد ไม่มี không";
/// Nobody, in other languages.
const NOBODY_ELSEWHERE: &str =
    "niemand personne nadie ninguém nikt nessuno ingen kukaan nikdo nimeni senki κανένας никто ніхто kimse";
const PHRASES: [&str; 22] = [
    "not applicable",
    "not available",
    "to be determined",
    "to be announced",
    "to be confirmed",
    "to be defined",
    "to be done",
    "to do",
    "not known",
    "not yet known",
    "lorem ipsum",
    "k a",
    "s o",
    "n v t",
    "sans objet",
    "nicht zutreffend",
    "no aplica",
    "não se aplica",
    "niet van toepassing",
    "nie dotyczy",
    "لا يوجد",
    "tidak ada",
];
/// What answers whether somebody attests it, or hides who does.
const NO_NAME: &str =
    "no yes nein ja non oui si sí não sim nee nej tak nie true false x someone somebody anyone anonymous";
/// Who has one of these words beside a name has not attested anything yet.
const TO_COME: &str =
    "nobody pending awaiting waiting todo fixme tbd tbc tba draft unattested unconfirmed unverified";
/// The same of several words.
const PHRASES_TO_COME: [&str; 12] = [
    "will be",
    "will follow",
    "in review",
    "under review",
    "in progress",
    "review by",
    "coming soon",
    "later",
    "your name",
    "role or initials",
    "en cours",
    "no one",
];
/// The same anywhere in a name, in several languages.
const TO_COME_ELSEWHERE: &str = "follow outstanding unsigned not ausstehend folgt attente 後日 nachgereicht ergänzt confirmer compléter pendiente pendente confirmar confermare completare \
bevestigen potwierdzenia uzupełnienia 待确认 待定 確認中";

/// The sentences of the template that `GET /postmortems/template.json` serves, as words.
static TEMPLATE: LazyLock<BTreeSet<String>> = LazyLock::new(|| {
    let mut texts = BTreeSet::new();
    if let Ok(template) = serde_json::from_str(TEMPLATE_JSON) {
        collect(&template, &mut texts);
    }
    texts
});

/// The times of the template.
static TIMES: LazyLock<Option<(Time, Time)>> = LazyLock::new(|| {
    let template: serde_json::Value = serde_json::from_str(TEMPLATE_JSON).ok()?;
    let time = |field: &str| serde_json::from_value::<Time>(template.get(field)?.clone()).ok();
    Some((time("started_at")?, time("ended_at")?))
});

/// Whether these are the times that the template has for an example.
pub(super) fn are_template_times(started_at: Option<Time>, ended_at: Option<Time>) -> bool {
    started_at.zip(ended_at).is_some_and(|times| Some(times) == *TIMES)
}

fn collect(value: &serde_json::Value, texts: &mut BTreeSet<String>) {
    match value {
        // Shorter ones are the names of kinds and the like.
        serde_json::Value::String(text) => {
            texts.extend(sentences(text).filter(|sentence| sentence.split(' ').count() > 2));
        }
        serde_json::Value::Array(values) => values.iter().for_each(|value| collect(value, texts)),
        serde_json::Value::Object(fields) => fields.values().for_each(|value| collect(value, texts)),
        _ => {}
    }
}

fn sentences(text: &str) -> impl Iterator<Item = String> {
    sentence_ranges(text)
        .map(|range| said(text.get(range).unwrap_or_default()))
        .filter(|said| !said.is_empty())
}

/// The words of a text, with a space between them.
pub(super) fn said(text: &str) -> String {
    words(text).collect::<Vec<_>>().join(" ")
}

/// Whether a field says nothing: it has no letter and no digit, or a word such as "none" or "tbd", or is as the template has it.
pub(super) fn is_placeholder(text: &str) -> bool {
    let all = said(text);
    // In capitals it may be an abbreviation.
    let is_elsewhere = || {
        let is_lower = text.chars().any(char::is_lowercase) || !text.chars().any(char::is_uppercase);
        is_lower && (has(NOTHING_ELSEWHERE, &all) || has(NOBODY_ELSEWHERE, &all))
    };
    let is_word = !all.contains(' ') && (has(NOTHING, &all) || is_elsewhere());
    is_word || NO_ONE.contains(&all.as_str()) || is_unfilled(text)
}

/// Whether a field is not filled yet. "Nobody" fills the one that asks who was affected, in every language.
pub(super) fn is_unfilled(text: &str) -> bool {
    let all = said(text);
    let mut sentences = sentences(text);
    all.is_empty()
        || (!all.contains(' ') && (has(TO_FILL, &all) || has(TO_FILL_ELSEWHERE, &all)))
        || PHRASES.contains(&all.as_str())
        || all == "n a"
        || sentences.all(|sentence| TEMPLATE.contains(&sentence))
}

/// Whether this is the name or the role of somebody, and says neither that it is nobody nor that it is somebody to come, as in "pending
/// review". A name may be a word of some language for "nothing", as Nada is.
pub(super) fn is_somebody(name: &str) -> bool {
    let all = said(name);
    let is_word = |list: &str| !all.contains(' ') && has(list, &all);
    let begins = |phrase: &str| all == phrase || all.starts_with(&format!("{phrase} "));
    let is_to_come = words(name).any(|word| has(TO_COME, &word) || has(TO_COME_ELSEWHERE, &word))
        || PHRASES_TO_COME.iter().any(|phrase| begins(phrase))
        // A form that nobody filled in.
        || name.trim_start().starts_with(['<', '[', '{'])
        || all.contains(" will ")
        || all.contains("to be ");
    let is_nothing = all.is_empty()
        || is_word(NO_NAME)
        || is_word(NOTHING)
        || is_word(TO_FILL)
        || matches!(all.as_str(), "not applicable" | "no one" | "n a");
    let is_nobody = is_nothing || is_word(NOBODY_ELSEWHERE) || is_to_come || TEMPLATE.contains(&all);
    !is_nobody
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_says_nothing_is_a_placeholder() {
        for text in [
            "none",
            "None.",
            "N/A",
            "n/a.",
            "n.a.",
            "N / A",
            "**TBD**",
            "To be determined",
            "Keine",
            "n.v.t.",
            "Sans objet",
            "なし",
            "k. A.",
            "s/o",
            "None at the time.",
            "-",
            "?",
            "…",
            "---",
            " . ",
            "Why did it fail?",
            "What happened, in a paragraph. Begin with what you broke, for whom and for how long; say \"we\".",
            "The role or initials of somebody who was there and confirms this account",
        ] {
            assert!(is_placeholder(text), "{text}");
        }
        for name in [
            "pending review",
            "MK, pending review",
            "MK (tbc)",
            "MK – TBD",
            "SRE lead, draft",
            "unattested",
            "no",
            "Yes.",
            "anonymous",
            "to be reviewed by legal",
            "not yet",
            "Nobody so far",
            "to be confirmed by CTO",
            "Will be added",
            "in review",
            "to follow",
            "Anna, to follow",
            "TODO: Anna",
            "<name>",
            "coming soon",
            "role or initials",
            "Under review",
            "Draft",
            "Approval outstanding",
            "review by CTO on Monday",
            "The CTO will sign next week",
            "Bestätigung folgt",
            "AB, who was not there",
            "à confirmer par le CTO",
            "wird nachgereicht",
            "待确认",
            "niemand",
            "n/a",
            "tbd",
            "-",
        ] {
            assert!(!is_somebody(name), "{name}");
        }
        for name in [
            "on-call lead",
            "A. K.",
            "K. A.",
            "S.O.",
            "当番",
            "Inga",
            "Nada",
            "Head of Open Source",
            "Code review lead",
            "Engineer no. 2",
            "Lee Soon",
        ] {
            assert!(is_somebody(name), "{name}");
        }
        for text in ["No.", "A disk", "決済", "Why did it fail? A disk was full.", "None of the shops.", "7"]
        {
            assert!(!is_placeholder(text), "{text}");
        }
    }
}

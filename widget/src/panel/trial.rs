//! "Is it just me?": tries addresses from this device, when asked to, and says what the outcome means.

use candor_shared::bulletin::Level;
use candor_shared::panel::{CheckedAddress, DeviceCheck};
use yew::prelude::*;

use super::contents::{Acts, Moved};
use super::story::links;
use super::uptime::doubted;
use crate::clock::{self, Clock};
use crate::level::class;
use crate::node::{filled, node, text};
use crate::report::state;

/// What became of one address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// It answered, after so many milliseconds.
    Answered(u32),
    /// It did not answer in time, or with an error of the server's.
    Silent,
    /// The page around does not let it be tried (its Content-Security-Policy).
    Untried,
}

/// What the outcomes mean together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    AllAnswer,
    AllSilent,
    Known,
    NotKnown,
}

/// Nothing if nothing could be tried. Silence is known where the page says that it is not well. That all of several addresses are
/// silent, and not all are known to be, points at the connection; that one is, at nothing.
fn verdict(check: &DeviceCheck, outcomes: &[Outcome]) -> Option<Verdict> {
    let tried = || {
        let all = check.addresses.iter().zip(outcomes);
        all.filter(|(_, outcome)| **outcome != Outcome::Untried)
    };
    let silent = || tried().filter(|(_, outcome)| **outcome == Outcome::Silent).map(|(address, _)| address);
    let (asked, missing) = (tried().count(), silent().count());
    // Below that the page says that it is well, or that it does not know.
    let is_known = |address: &CheckedAddress| address.level >= Level::Maintenance;
    match (asked, missing) {
        (0, _) => None,
        (_, 0) => Some(Verdict::AllAnswer),
        _ if silent().all(is_known) => Some(Verdict::Known),
        (2.., _) if asked == missing => Some(Verdict::AllSilent),
        _ => Some(Verdict::NotKnown),
    }
}

/// What became of each address so far; empty until somebody asks for it.
pub(crate) type Progress = Vec<Option<Outcome>>;

/// The addresses, a button that tries them, and afterwards what it means. `well`: what is said of one that was well, if that is in
/// doubt.
pub(super) fn trial(
    check: &DeviceCheck,
    well: Option<&str>,
    progress: &Progress,
    acts: &Acts,
    language: &str,
    clock: &Clock,
) -> Html {
    let is_trying = progress.contains(&None);
    let outcomes: Vec<Outcome> = progress.iter().copied().flatten().collect();
    let means = verdict(check, &outcomes);
    let advice = match means {
        _ if is_trying => Some(&check.checking),
        Some(Verdict::AllAnswer) => Some(&check.all_answer),
        Some(Verdict::AllSilent) => Some(&check.all_silent),
        Some(Verdict::Known) => Some(&check.known),
        Some(Verdict::NotKnown) => Some(&check.not_known),
        None => None,
    };
    let help = (means == Some(Verdict::NotKnown)).then_some(&check.help).and_then(Option::as_ref);
    let mut items = Vec::new();
    for (at, address) in check.addresses.iter().enumerate() {
        let (level, label) = doubted(address.level, &address.label, well);
        let mut parts = state(&address.name, label, clock);
        if let Some(Some(outcome)) = progress.get(at) {
            let found = found(*outcome, check, language);
            parts.push(node("span", "found", &["class"], &["found"], vec![text(&found)]));
        }
        items.push(node("li", "", &["class"], &[class(level)], parts));
    }
    let mut result = vec![links("span", help.map(std::slice::from_ref).unwrap_or_default())];
    if let Some(advice) = advice {
        result.insert(0, node("strong", "advice", &[], &[], vec![text(advice)]));
    }
    let urls: Vec<String> = check.addresses.iter().map(|address| address.url.clone()).collect();
    let onclick = acts.0.reform(move |_: MouseEvent| Moved::Try(urls.clone()));
    let start = check.start.clone();
    let all = vec![
        node("h3", "", &[], &[], vec![text(&check.title)]),
        node("p", "", &[], &[], vec![text(&check.about)]),
        node("ul", "", &[], &[], items),
        node("p", "", &["role"], &["status"], result),
        html! { <button type="button" class="start" disabled={is_trying} {onclick}>{ start }</button> },
    ];
    node("section", "check", &["class"], &["trial"], all)
}

/// What became of an address, in words.
fn found(outcome: Outcome, check: &DeviceCheck, language: &str) -> String {
    match outcome {
        Outcome::Answered(millis) => filled(&check.answers, &clock::milliseconds(millis, language)),
        Outcome::Silent => check.silent.clone(),
        Outcome::Untried => check.untried.clone(),
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;
    use candor_shared::bulletin::LocalizedText;
    use candor_shared::text::Piece;

    fn check(levels: &[Level]) -> DeviceCheck {
        let text = |name: &str| LocalizedText { text: vec![Piece::text(name)], language: None };
        let address = |level: &Level| CheckedAddress {
            name: text("API"),
            url: "https://api.example.com/".to_owned(),
            level: *level,
            label: String::new(),
        };
        DeviceCheck {
            title: String::new(),
            about: String::new(),
            start: String::new(),
            checking: String::new(),
            answers: String::new(),
            silent: String::new(),
            untried: String::new(),
            all_answer: String::new(),
            all_silent: String::new(),
            known: String::new(),
            not_known: String::new(),
            help: None,
            addresses: levels.iter().map(address).collect(),
        }
    }

    #[test]
    fn each_combination_has_its_advice() {
        use Level::{Critical, Major, None as Well};
        use Outcome::{Answered, Silent, Untried};
        for (levels, outcomes, expected) in [
            (vec![Well], vec![Answered(9)], Some(Verdict::AllAnswer)),
            (vec![Major], vec![Answered(9)], Some(Verdict::AllAnswer)),
            (vec![Well], vec![Silent], Some(Verdict::NotKnown)),
            (vec![Major], vec![Silent], Some(Verdict::Known)),
            (vec![Well, Well], vec![Silent, Silent], Some(Verdict::AllSilent)),
            (vec![Critical, Well], vec![Silent, Silent], Some(Verdict::AllSilent)),
            (vec![Critical, Critical], vec![Silent, Silent], Some(Verdict::Known)),
            (vec![Critical, Well], vec![Silent, Answered(9)], Some(Verdict::Known)),
            (vec![Critical, Well], vec![Answered(9), Silent], Some(Verdict::NotKnown)),
            (vec![Level::Notice, Well], vec![Silent, Answered(9)], Some(Verdict::NotKnown)),
            (vec![Level::Maintenance, Well], vec![Silent, Answered(9)], Some(Verdict::Known)),
            (vec![Well, Well], vec![Untried, Untried], None),
            (vec![Well, Well], vec![Untried, Answered(9)], Some(Verdict::AllAnswer)),
            (vec![Well, Well], vec![Untried, Silent], Some(Verdict::NotKnown)),
        ] {
            assert_eq!(verdict(&check(&levels), &outcomes), expected, "{levels:?} {outcomes:?}");
        }
    }
}

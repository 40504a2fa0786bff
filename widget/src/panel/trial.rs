//! "Is it just me?": tries addresses from this device, when asked to, and says what the outcome means.

use std::rc::Rc;

use candor_shared::bulletin::Level;
use candor_shared::panel::{CheckedAddress, DeviceCheck};
use yew::prelude::*;

use super::story::links;
use crate::clock;
use crate::level::class;
use crate::pieces::said;

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
    let is_known = |address: &CheckedAddress| !matches!(address.level, Level::None | Level::Resolved);
    match (asked, missing) {
        (0, _) => None,
        (_, 0) => Some(Verdict::AllAnswer),
        _ if silent().all(is_known) => Some(Verdict::Known),
        (2.., _) if asked == missing => Some(Verdict::AllSilent),
        _ => Some(Verdict::NotKnown),
    }
}

/// How far it has come.
#[derive(Clone, PartialEq)]
enum Progress {
    Idle,
    Trying,
    Done(Rc<Vec<Outcome>>),
}

#[derive(Clone, PartialEq, Properties)]
pub(super) struct TrialProps {
    pub(super) check: Rc<DeviceCheck>,
    /// A BCP 47 tag, for durations.
    pub(super) language: String,
}

/// The addresses, a button that tries them, and afterwards what it means.
#[component]
pub(super) fn Trial(props: &TrialProps) -> Html {
    let progress = use_state(|| Progress::Idle);
    let check = &props.check;
    let onclick = {
        let (check, progress) = (Rc::clone(check), progress.setter());
        move |_: MouseEvent| begin(&check, &progress)
    };
    let is_trying = *progress == Progress::Trying;
    let outcomes = match &*progress {
        Progress::Done(outcomes) => Some(Rc::clone(outcomes)),
        Progress::Idle | Progress::Trying => None,
    };
    let outcome = |at: usize| outcomes.as_ref().and_then(|all| all.get(at).copied());
    let advice = outcomes.as_ref().and_then(|outcomes| verdict(check, outcomes));
    let text = match advice {
        _ if is_trying => Some(&check.checking),
        Some(Verdict::AllAnswer) => Some(&check.all_answer),
        Some(Verdict::AllSilent) => Some(&check.all_silent),
        Some(Verdict::Known) => Some(&check.known),
        Some(Verdict::NotKnown) => Some(&check.not_known),
        None => None,
    };
    let help = (advice == Some(Verdict::NotKnown)).then_some(&check.help).and_then(Option::as_ref);
    let item = |(at, address): (usize, &CheckedAddress)| {
        let found = outcome(at).map(|outcome| found(outcome, check, &props.language));
        let clock = clock::clock(&props.language);
        html! {
            <li class={class(address.level)}>
                <i class="dot" part="dot"></i>
                { said("span", "name", &address.name, &clock) }
                { " " }
                <span class="state">{ address.label.clone() }</span>
                if let Some(found) = found { { " " }<span class="found">{ found }</span> }
            </li>
        }
    };
    html! {
        <section class="trial">
            <h3>{ check.title.clone() }</h3>
            <p>{ check.about.clone() }</p>
            <ul>{ for check.addresses.iter().enumerate().map(item) }</ul>
            <p role="status">
                if let Some(text) = text { <strong>{ text.clone() }</strong> }
                { links("span", help.map(std::slice::from_ref).unwrap_or_default()) }
            </p>
            <button type="button" class="start" disabled={is_trying} {onclick}>{ check.start.clone() }</button>
        </section>
    }
}

/// What became of an address, in words.
fn found(outcome: Outcome, check: &DeviceCheck, language: &str) -> String {
    match outcome {
        Outcome::Answered(millis) => {
            check.answers.replace("{time}", &clock::milliseconds(millis, language))
        }
        Outcome::Silent => check.silent.clone(),
        Outcome::Untried => check.untried.clone(),
    }
}

#[cfg(not(all(feature = "csr", target_arch = "wasm32")))]
fn begin(_: &Rc<DeviceCheck>, _: &UseStateSetter<Progress>) {}

#[cfg(all(feature = "csr", target_arch = "wasm32"))]
fn begin(check: &Rc<DeviceCheck>, progress: &UseStateSetter<Progress>) {
    progress.set(Progress::Trying);
    let (check, progress) = (Rc::clone(check), progress.clone());
    wasm_bindgen_futures::spawn_local(async move {
        let urls = check.addresses.iter().map(|address| address.url.clone()).collect();
        progress.set(Progress::Done(Rc::new(crate::try_out::try_all(urls).await)));
    });
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;
    use candor_shared::bulletin::Said;
    use candor_shared::text::Piece;

    fn check(levels: &[Level]) -> DeviceCheck {
        let text = |name: &str| Said { text: vec![Piece::text(name)], language: None };
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
            (vec![Well, Well], vec![Untried, Untried], None),
            (vec![Well, Well], vec![Untried, Answered(9)], Some(Verdict::AllAnswer)),
            (vec![Well, Well], vec![Untried, Silent], Some(Verdict::NotKnown)),
        ] {
            assert_eq!(verdict(&check(&levels), &outcomes), expected, "{levels:?} {outcomes:?}");
        }
    }
}

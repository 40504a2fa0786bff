//! Components, each with its days: one can point at them, and walk through them by keyboard.

use candor_shared::bulletin::Level;
use candor_shared::panel::{ListedComponent, Uptimes};
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::contents::{Acts, Moved};
use crate::clock::Clock;
use crate::level::class;
use crate::node::{digits, node, text};
use crate::pieces::localized;
use crate::report::state;

/// The components by group, under a heading. `well`: what a component is called that was well, if that is in doubt. `chosen`: the
/// component and the day that are pointed at.
pub(super) fn uptime(
    of: &Uptimes,
    well: Option<&str>,
    chosen: Option<(usize, usize)>,
    acts: &Acts,
    clock: &Clock,
) -> Html {
    let mut all = vec![node("h3", "", &[], &[], vec![text(&of.title)])];
    let mut number = 0_usize;
    for group in &of.groups {
        if let Some(name) = &group.name {
            all.push(node("h4", "", &[], &[], vec![localized("span", "group", name, clock)]));
        }
        let mut items = Vec::new();
        for its in &group.components {
            let (level, label) = doubted(its.level, &its.label, well);
            let mut parts = state(&its.name, label, clock);
            let day = chosen.filter(|(component, _)| *component == number).map(|(_, day)| day);
            parts.push(days(its, of, number, day, acts));
            items.push(node("li", its.id.as_str(), &["class"], &[class(level)], parts));
            number = number.saturating_add(1);
        }
        all.push(node("ul", "", &[], &[], items));
    }
    node("section", "uptime", &[], &[], all)
}

/// What is well is called `well` while that is in doubt.
pub(super) fn doubted<'a>(level: Level, label: &'a str, well: Option<&'a str>) -> (Level, &'a str) {
    match well.filter(|_| level == Level::None) {
        Some(well) => (Level::Notice, well),
        None => (level, label),
    }
}

/// The days of a component as a bar. Over it lies a slider: what a pointer, a finger and the arrow keys move, and what a screen
/// reader reads. It says what was on the day that it stands at.
fn days(of: &ListedComponent, all: &Uptimes, number: usize, chosen: Option<usize>, acts: &Acts) -> Html {
    let count = all.days.len();
    let Some(last) = count.checked_sub(1) else { return Html::default() };
    let at = chosen.unwrap_or(last).min(last);
    let on_day = AttrValue::from(day(of, all, at));
    let point = acts.0.reform(move |day: Option<usize>| Moved::Day(day.map(|day| (number, day))));
    let (oninput, onmousemove, onmouseleave) = (point.clone(), point.clone(), point.clone());
    let oninput = move |event: InputEvent| {
        let slider = event.target_dyn_into::<HtmlInputElement>();
        oninput.emit(slider.and_then(|slider| slider.value().parse().ok()));
    };
    let onmousemove = move |event: MouseEvent| {
        let slider = event.target_dyn_into::<HtmlInputElement>();
        onmousemove.emit(slider.and_then(|slider| pointed_at(&event, &slider, count)));
    };
    let onmouseleave = move |_: MouseEvent| onmouseleave.emit(None);
    let onblur = move |_: FocusEvent| point.emit(None);
    let ends = match chosen {
        Some(_) => vec![&*on_day],
        None => vec![&*of.span, &*of.share, &*all.today],
    };
    let ends = ends.iter().map(|end| node("span", "", &[], &[], vec![text(end)])).collect();
    let ends = node("p", "", &["class", "aria-hidden"], &["ends", "true"], ends);
    let slider = html! {
        <input type="range" min="0" max={digits(last)} value={digits(at)} aria-label={of.description.clone()}
            aria-valuetext={on_day} {oninput} {onmousemove} {onmouseleave} {onblur} />
    };
    node("div", "days", &["class"], &["days"], vec![bar(of, count, chosen), slider, ends])
}

/// Which day the pointer is at.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "a day of 90"
)]
fn pointed_at(event: &MouseEvent, slider: &HtmlInputElement, count: usize) -> Option<usize> {
    let width = f64::from(slider.offset_width());
    let share = (f64::from(event.offset_x()) / width).clamp(0.0, 0.999);
    let is_rtl = slider.closest("[dir=rtl]").is_ok_and(|around| around.is_some());
    let share = if is_rtl { 0.999 - share } else { share };
    (width > 0.0).then_some((share * count as f64) as usize)
}

/// What was on a day: its date, and how much of it there was no outage.
fn day(of: &ListedComponent, all: &Uptimes, day: usize) -> String {
    let date = all.days.get(day).map_or("", String::as_str);
    let first = all.days.len().saturating_sub(of.known);
    let share = match of.imperfect.iter().find(|its| its.day == day) {
        Some(its) => &its.share,
        None if day < first => &all.no_data,
        None => &all.whole,
    };
    [date, ": ", share].concat()
}

/// All days without an outage are one rectangle, those with one are on top of it; the style sheet draws the gaps between days.
fn bar(of: &ListedComponent, count: usize, chosen: Option<usize>) -> Html {
    let known = of.known.min(count);
    let unknown = count.saturating_sub(known);
    let rect = |class: &str, from: usize, width: usize| {
        let (from, width) = (digits(from), digits(width));
        node("rect", "", &["class", "x", "width", "height"], &[class, &from, &width, "10"], Vec::new())
    };
    let mut all = vec![rect("no", 0, unknown), rect("ok", unknown, known)];
    all.extend(of.imperfect.iter().map(|its| rect(class(its.level), its.day, 1)));
    all.extend(chosen.map(|day| rect("at", day, 1)));
    let size = ["0 0 ", &digits(count), " 10"].concat();
    node("svg", "bar", &["viewBox", "preserveAspectRatio", "aria-hidden"], &[&size, "none", "true"], all)
}

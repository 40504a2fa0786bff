//! Components, each with its days: one can point at them, and walk through them by keyboard.

use std::rc::Rc;

use candor_shared::panel::{Group, ListedComponent, Uptimes};
use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::clock::Clock;
use crate::level::class;
use crate::pieces::said;

/// The components by group, under a heading.
pub(super) fn section(of: &Rc<Uptimes>, clock: &Clock) -> Html {
    html! {
        <section key="uptime">
            <h3>{ of.title.clone() }</h3>
            { for of.groups.iter().map(|its| group(its, of, clock)) }
        </section>
    }
}

fn group(of: &Group, all: &Rc<Uptimes>, clock: &Clock) -> Html {
    let name = of.name.as_ref().map(|name| said("h4", "group", name, clock));
    let item = |its: &ListedComponent| {
        html! {
            <li key={its.id.as_str()} class={class(its.level)}>
                <i class="dot" part="dot"></i>
                { said("span", "name", &its.name, clock) }
                { " " }
                <span class="state">{ its.label.clone() }</span>
                <Days of={Rc::new(its.clone())} all={Rc::clone(all)} />
            </li>
        }
    };
    html! { <>{ for name }<ul>{ for of.components.iter().map(item) }</ul></> }
}

#[derive(Clone, PartialEq, Properties)]
struct DaysProps {
    of: Rc<ListedComponent>,
    all: Rc<Uptimes>,
}

/// The days of a component as a bar. Over it lies a slider: what a pointer, a finger and the arrow keys move, and what a screen
/// reader reads. It says what was on the day that it stands at.
#[component]
fn Days(props: &DaysProps) -> Html {
    let chosen = use_state(|| None::<usize>);
    let DaysProps { of, all } = props;
    let count = all.days.len();
    let Some(last) = count.checked_sub(1) else { return Html::default() };
    let at = chosen.unwrap_or(last).min(last);
    let text = day(of, all, at);
    let oninput = {
        let chosen = chosen.setter();
        move |event: InputEvent| {
            let day = event.target_dyn_into::<HtmlInputElement>().and_then(|input| input.value().parse().ok());
            chosen.set(day);
        }
    };
    let onmousemove = {
        let chosen = chosen.setter();
        move |event: MouseEvent| {
            if let Some(slider) = event.target_dyn_into::<HtmlInputElement>() {
                chosen.set(pointed_at(&event, &slider, count));
            }
        }
    };
    let leave = {
        let chosen = chosen.setter();
        move || chosen.set(None)
    };
    let onmouseleave = {
        let leave = leave.clone();
        move |_: MouseEvent| leave()
    };
    let onblur = move |_: FocusEvent| leave();
    let (start, end) = match *chosen {
        Some(_) => (text.clone(), None),
        None => (of.span.clone(), Some(all.today.clone())),
    };
    html! {
        <div class="days">
            { bar(of, count, *chosen) }
            <input type="range" min="0" max={last.to_string()} value={at.to_string()} aria-label={of.description.clone()}
                aria-valuetext={text} {oninput} {onmousemove} {onmouseleave} {onblur} />
            <p class="ends" aria-hidden="true">
                <span>{ start }</span>{ " " }
                if let Some(end) = end { <span>{ of.share.clone() }</span>{ " " }<span>{ end }</span> }
            </p>
        </div>
    }
}

/// Which day the pointer is at.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "a day of 90")]
#[expect(clippy::float_arithmetic, reason = "a share of a width")]
fn pointed_at(event: &MouseEvent, slider: &HtmlInputElement, count: usize) -> Option<usize> {
    let width = f64::from(slider.offset_width());
    let share = (f64::from(event.offset_x()) / width).clamp(0.0, 0.999);
    let is_rtl = slider.closest("[dir=rtl]").is_ok_and(|around| around.is_some());
    let share = if is_rtl { 0.999 - share } else { share };
    (width > 0.0).then(|| (share * count as f64) as usize)
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
    let bad = of.imperfect.iter().map(|its| {
        html! { <rect class={class(its.level)} x={its.day.to_string()} width="1" height="10" /> }
    });
    let mark = chosen.map(|day| html! { <rect class="at" x={day.to_string()} width="1" height="10" /> });
    html! {
        <svg viewBox={["0 0 ", &count.to_string(), " 10"].concat()} preserveAspectRatio="none" aria-hidden="true">
            if unknown > 0 { <rect class="no" width={unknown.to_string()} height="10" /> }
            <rect class="ok" x={unknown.to_string()} width={known.to_string()} height="10" />
            { for bad }
            { for mark }
        </svg>
    }
}

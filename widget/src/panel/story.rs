//! Incidents and maintenance with all that was said of them.

use candor_shared::panel::{PanelLink, Section, Story, StoryUpdate};
use yew::prelude::*;

use crate::banner::{is_web, small};
use crate::clock::Clock;
use crate::level::class;
use crate::pieces::{painted, said};

/// Stories under a heading.
pub(super) fn section(of: &Section, clock: &Clock) -> Html {
    html! {
        <section key={of.title.clone()}>
            <h3>{ of.title.clone() }</h3>
            { for of.stories.iter().map(|its| story(its, clock)) }
        </section>
    }
}

fn story(of: &Story, clock: &Clock) -> Html {
    let facts = of.facts.iter().map(|fact| painted(fact, clock)).collect();
    let note = of.note.as_ref().map(|note| said("p", "note", note, clock));
    let updates = (!of.updates.is_empty()).then(|| {
        html! { <ol key="updates">{ for of.updates.iter().map(|its| update(its, clock)) }</ol> }
    });
    html! {
        <article key={of.key.clone()} class={class(of.level)} part="item">
            <h4 key="name"><b>{ of.label.clone() }</b>{ " " }{ said("strong", "strong", &of.name, clock) }</h4>
            { for note }
            { small(facts, None, "") }
            { for updates }
            { links("p", &of.links) }
        </article>
    }
}

fn update(of: &StoryUpdate, clock: &Clock) -> Html {
    let facts = of.facts.iter().map(|fact| painted(fact, clock)).collect();
    html! {
        <li>
            <p key="where"><strong>{ of.label.clone() }</strong>{ " " }{ small(facts, None, "") }</p>
            { said("p", "body", &of.body, clock) }
        </li>
    }
}

/// Addresses in one element; nothing if there are none. Only addresses of the web and of mail become links.
pub(super) fn links(tag: &'static str, of: &[PanelLink]) -> Html {
    let all = of.iter().filter(|link| is_web(&link.url) || link.url.starts_with("mailto:"));
    let all: Vec<Html> =
        all.map(|its| html! { <a href={its.url.clone()}>{ its.label.clone() }</a> }).collect();
    if all.is_empty() {
        return Html::default();
    }
    html! { <@{tag} key="links" class="links">{ for all }</@> }
}

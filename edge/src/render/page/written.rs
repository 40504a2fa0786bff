//! What an operator wrote, in the direction of its script and marked with its language.

use candor_shared::text::Language;
use yew::prelude::*;

/// The language that operators write in, for everything on a page: none on an English page, whose own words are in the
/// same language.
#[derive(Clone, PartialEq)]
pub struct WrittenIn(pub Option<AttrValue>);

impl WrittenIn {
    /// The language as it is marked.
    pub fn new(language: &Language) -> Self {
        Self((!language.is_english()).then(|| language.to_string().into()))
    }
}

/// A text, and the element that it stands in.
#[derive(Clone, PartialEq, Properties)]
pub struct WrittenProps {
    /// The element's name.
    #[prop_or("span")]
    pub tag: &'static str,
    /// The element's classes.
    #[prop_or_default]
    pub class: Option<&'static str>,
    /// The text.
    pub children: Html,
}

/// An element with an operator's text in it.
#[component]
pub fn Written(props: &WrittenProps) -> Html {
    let lang = use_context::<WrittenIn>().and_then(|WrittenIn(language)| language);
    html! { <@{props.tag} class={props.class} dir="auto" {lang}>{ props.children.clone() }</@> }
}

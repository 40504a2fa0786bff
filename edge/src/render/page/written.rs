//! An operator's text as an element with the language and the direction of the text (`lang`, `dir="auto"`).

use candor_shared::text::Language;
use yew::prelude::*;

/// The language in which operators write, as a yew context for a whole page. None if it is English, the language of the
/// page itself.
#[derive(Clone, PartialEq)]
pub struct WrittenIn(pub Option<AttrValue>);

impl WrittenIn {
    /// The context for a language.
    pub fn new(language: &Language) -> Self {
        Self((!language.is_english()).then(|| language.to_string().into()))
    }
}

/// The properties of [`Written`].
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

/// An element that contains an operator's text.
#[component]
pub fn Written(props: &WrittenProps) -> Html {
    let lang = use_context::<WrittenIn>().and_then(|WrittenIn(language)| language);
    html! { <@{props.tag} class={props.class} dir="auto" {lang}>{ props.children.clone() }</@> }
}

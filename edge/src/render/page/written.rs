//! An operator's text as an element with the language and the direction of the text (`lang`, `dir="auto"`).

use candor_shared::text::Language;
use candor_shared::words::{Words, offered};
use yew::prelude::*;

/// The language in which operators write, as a yew context for a whole page. None if it is the language of the page itself.
#[derive(Clone, PartialEq)]
pub struct WrittenIn(pub Option<AttrValue>);

impl WrittenIn {
    /// The context for operators who write in a language, on a page with these words.
    pub fn new(language: &Language, words: &Words) -> Self {
        Self(other_than(words, language.as_str()))
    }
}

/// The language, if it is another one than that of the words.
pub(super) fn other_than(words: &Words, language: &str) -> Option<AttrValue> {
    (offered(language) != Some(words.tag())).then(|| language.to_owned().into())
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
    /// The language of the text: none for the one in which operators write, an empty one for that of the page.
    #[prop_or_default]
    pub language: Option<AttrValue>,
    /// The text.
    pub children: Html,
}

/// An element that contains an operator's text.
#[component]
pub fn Written(props: &WrittenProps) -> Html {
    let own = use_context::<WrittenIn>().and_then(|WrittenIn(language)| language);
    let lang = props.language.clone().map_or(own, |language| (!language.is_empty()).then_some(language));
    html! { <@{props.tag} class={props.class} dir="auto" {lang}>{ props.children.clone() }</@> }
}

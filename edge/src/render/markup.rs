//! yew's elements as text. yew escapes what an operator wrote, in texts and in attributes.

use futures_util::FutureExt;
use yew::prelude::*;

#[derive(Clone, PartialEq, Properties)]
struct WholeProps {
    content: Html,
}

#[component]
fn Whole(props: &WholeProps) -> Html {
    props.content.clone()
}

/// The text of elements. Nothing in a page waits for anything, so it is whole at once.
pub fn markup(content: Html) -> String {
    let renderer = yew::LocalServerRenderer::<Whole>::with_props(WholeProps { content });
    renderer.hydratable(false).render().now_or_never().unwrap_or_default()
}

//! Renders yew elements to a string. yew escapes an operator's text in elements and in attributes.

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

/// The markup of `content`. Rendering ends at once, because no component in a page awaits anything.
pub(super) fn markup(content: Html) -> String {
    let renderer = yew::LocalServerRenderer::<Whole>::with_props(WholeProps { content });
    renderer.hydratable(false).render().now_or_never().unwrap_or_default()
}

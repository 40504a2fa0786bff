//! Elements as HTML, as a server renders them.

use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use yew::prelude::*;

#[derive(Clone, PartialEq, Properties)]
struct Shown {
    html: Html,
}

#[component]
fn Show(props: &Shown) -> Html {
    props.html.clone()
}

/// The HTML of these elements.
pub fn drawn(html: Html) -> String {
    let renderer = yew::LocalServerRenderer::<Show>::with_props(Shown { html }).hydratable(false);
    let mut render = pin!(renderer.render());
    let mut context = Context::from_waker(Waker::noop());
    loop {
        if let Poll::Ready(text) = render.as_mut().poll(&mut context) {
            return text;
        }
    }
}

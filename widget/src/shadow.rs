//! A closed shadow root, which neither takes styles from the page around nor gives it any.

use web_sys::{Element, HtmlElement, ShadowRoot, ShadowRootInit, ShadowRootMode};
use yew::prelude::*;

/// Gives an element a shadow root, and returns that with the element inside that is rendered into.
pub(crate) fn shadow_of(host: &HtmlElement) -> Option<(ShadowRoot, Element)> {
    let shadow = host.attach_shadow(&ShadowRootInit::new(ShadowRootMode::Closed)).ok()?;
    let root = host.owner_document()?.create_element("div").ok()?;
    shadow.append_child(&root).ok()?;
    Some((shadow, root))
}

/// The same for an element that a component renders, once it is there.
#[hook]
pub(crate) fn use_shadow(host: &NodeRef) -> Option<(ShadowRoot, Element)> {
    let inside = use_state(|| None::<(ShadowRoot, Element)>);
    let (host, set) = (host.clone(), inside.setter());
    use_effect_with((), move |()| {
        if let Some(inside) = host.cast::<HtmlElement>().and_then(|host| shadow_of(&host)) {
            set.set(Some(inside));
        }
    });
    (*inside).clone()
}

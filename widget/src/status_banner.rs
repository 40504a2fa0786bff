//! For Rust applications.

use std::rc::Rc;

use web_sys::{Element, HtmlElement, ShadowRoot, ShadowRootInit, ShadowRootMode};
use yew::prelude::*;

use crate::live::Live;
use crate::style::{adopt_all, adopt_scheme};
use crate::voice::Voice;

/// What a [`StatusBanner`] can be told.
#[derive(Clone, PartialEq, Properties)]
pub struct StatusBannerProps {
    /// The address of status.json.
    pub url: AttrValue,
    /// Seconds between checks; at least 10, at most 300.
    #[prop_or(30)]
    pub refresh: u32,
    /// `light` or `dark`; else what the visitor prefers.
    #[prop_or_default]
    pub theme: AttrValue,
    /// Whether there is a close button.
    #[prop_or(true)]
    pub dismissible: bool,
    /// In which language, and how times are written.
    #[prop_or_default]
    pub voice: Rc<Voice>,
}

/// The whole banner, wherever an application puts it: in a closed shadow root, which neither takes styles
/// from the application nor gives it any. Renders nothing while there is nothing to tell.
#[component]
pub fn StatusBanner(props: &StatusBannerProps) -> Html {
    let host = use_node_ref();
    let inside = use_state(|| None::<(ShadowRoot, Element)>);
    {
        let (host, inside) = (host.clone(), inside.setter());
        use_effect_with((), move |()| {
            let Some(host) = host.cast::<HtmlElement>() else { return };
            let Ok(shadow) = host.attach_shadow(&ShadowRootInit::new(ShadowRootMode::Closed)) else { return };
            adopt_all(&shadow);
            let root = host.owner_document().and_then(|document| document.create_element("div").ok());
            if let Some(root) = root.filter(|root| shadow.append_child(root).is_ok()) {
                inside.set(Some((shadow, root)));
            }
        });
    }
    {
        let shadow = inside.as_ref().map(|(shadow, _)| shadow.clone());
        use_effect_with((props.theme.clone(), shadow), |(theme, shadow)| {
            if let Some(shadow) = shadow {
                adopt_scheme(
                    shadow,
                    match &**theme {
                        "light" => "light",
                        "dark" => "dark",
                        _ => "light dark",
                    },
                );
            }
        });
    }
    let live = inside.as_ref().map(|(_, root)| {
        // Of another address nothing is known or closed.
        let live = html! {
            <Live key={&*props.url} url={props.url.clone()} refresh={props.refresh} dismissible={props.dismissible}
                voice={Rc::clone(&props.voice)} />
        };
        create_portal(live, root.clone())
    });
    html! { <candor-status ref={host}>{ live }</candor-status> }
}

//! For Rust applications.

use yew::prelude::*;

use crate::live::Live;
use crate::shadow::use_shadow;

/// The properties of a [`StatusBanner`].
#[derive(Clone, PartialEq, Properties)]
pub struct StatusBannerProps {
    /// The address of the status page, or of its `bulletin.json` or `status.json`.
    pub url: AttrValue,
    /// The language, as a BCP 47 tag. If it is empty, the document's, or else the visitor's.
    #[prop_or_default]
    pub lang: AttrValue,
    /// Seconds between checks; at least 10, at most 300.
    #[prop_or(30)]
    pub refresh: u32,
    /// `light` or `dark`; else what the visitor prefers.
    #[prop_or_default]
    pub theme: AttrValue,
    /// Whether there is a close button.
    #[prop_or(true)]
    pub dismissible: bool,
    /// Called when the visitor follows a link of the banner to the status page, in place of the link: for an application that opens a
    /// [`StatusPanel`](crate::StatusPanel). Without it, the link leads to the page.
    #[prop_or_default]
    pub on_details: Option<Callback<()>>,
}

/// The whole banner, wherever an application puts it: in a closed shadow root, which neither takes styles from the application
/// nor gives it any. Renders nothing while there is nothing to say.
#[component]
pub fn StatusBanner(props: &StatusBannerProps) -> Html {
    let host = use_node_ref();
    let inside = use_shadow(&host);
    let live = inside.as_ref().map(|(shadow, root)| {
        // The key: another address starts anew, with nothing known and nothing closed.
        let live = html! {
            <Live key={&*props.url} url={props.url.clone()} lang={props.lang.clone()} refresh={props.refresh}
                theme={props.theme.clone()} dismissible={props.dismissible} on_details={props.on_details.clone()}
                shadow={shadow.clone()} />
        };
        create_portal(live, root.clone())
    });
    html! { <candor-status ref={host}>{ live }</candor-status> }
}

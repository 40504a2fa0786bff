//! A shop in yew that shows the state of its service: a banner on top while something is wrong, a line of text in the footer, and a
//! panel with everything, which "Details" in the banner and a button of the shop's own open.

mod settings;
mod shop;

use candor_widget::{Status, StatusBanner, StatusPanel, use_status};
use shop::Shop;
use yew::prelude::*;

#[derive(PartialEq, Properties)]
struct AppProps {
    /// The address of the status page.
    status_page: AttrValue,
}

#[component]
fn App(props: &AppProps) -> Html {
    let is_open = use_state(|| false);
    let show = |open: bool| {
        let is_open = is_open.setter();
        Callback::from(move |()| is_open.set(open))
    };
    html! {
        <>
            // First in the body: it stays in sight while the page scrolls, and takes no space while there is nothing to say.
            <StatusBanner url={props.status_page.clone()} on_details={show(true)} />
            <Shop />
            <Footer status_page={props.status_page.clone()} on_open={show(true)} />
            if *is_open {
                <StatusPanel url={props.status_page.clone()} on_close={show(false)} />
            }
        </>
    }
}

#[derive(PartialEq, Properties)]
struct FooterProps {
    status_page: AttrValue,
    on_open: Callback<()>,
}

#[component]
fn Footer(props: &FooterProps) -> Html {
    // The same address, language and interval as the banner's: they share one poll.
    let status = use_status(&props.status_page, "", 30);
    html! {
        <footer class="wrap">
            <p>{ "Pekoe is an imaginary shop." }</p>
            <p class="state">{ sentence(&status) }</p>
            <button type="button" class="quiet" onclick={props.on_open.reform(|_| ())}>{ "Service status" }</button>
        </footer>
    }
}

/// The state of the service in a sentence, in the status page's words. Where nothing can be read, that is what it says.
fn sentence(status: &Status) -> AttrValue {
    match (status.summary(), &status.failure) {
        (Some(summary), _) => summary.to_owned().into(),
        (None, Some(_)) => "Status unknown".into(),
        (None, None) => AttrValue::default(),
    }
}

fn main() {
    let status_page = settings::status_page().into();
    yew::Renderer::<App>::with_props(AppProps { status_page }).render();
}

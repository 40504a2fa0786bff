//! The shop itself, which knows nothing of the status page.

use yew::prelude::*;

struct Tea {
    name: &'static str,
    origin: &'static str,
    taste: &'static str,
    /// In cents, for 100 g.
    price: u32,
    /// The colour of the cup: a class of the style sheet.
    cup: &'static str,
}

const TEAS: [Tea; 4] = [
    Tea {
        name: "First Flush",
        origin: "Darjeeling, India",
        taste: "Picked in March. Light, with something of muscat.",
        price: 1_450,
        cup: "amber",
    },
    Tea {
        name: "Gyokuro",
        origin: "Uji, Japan",
        taste: "Three weeks in the shade before the harvest. Sweet and deep.",
        price: 2_900,
        cup: "green",
    },
    Tea {
        name: "Iron Goddess",
        origin: "Anxi, China",
        taste: "A rolled oolong that opens for six cups. Orchids, then butter.",
        price: 1_800,
        cup: "gold",
    },
    Tea {
        name: "Honeybush",
        origin: "Langkloof, South Africa",
        taste: "No caffeine: for the last pot of the day.",
        price: 850,
        cup: "red",
    },
];

#[component]
pub fn Shop() -> Html {
    // The prices of what is in the basket.
    let basket = use_state(Vec::<u32>::new);
    let teas = TEAS.iter().map(|tea| {
        let basket = basket.clone();
        let onclick = move |_: MouseEvent| basket.set([&basket[..], &[tea.price]].concat());
        html! {
            <li key={tea.name}>
                <svg viewBox="0 0 64 48" aria-hidden="true" class={tea.cup}>
                    <path class="handle" d="M48 16h4a7 7 0 0 1 0 14h-5" />
                    <path class="cup" d="M10 10h40v12a18 18 0 0 1-18 18h-4a18 18 0 0 1-18-18Z" />
                    <path class="tea" d="M14 14h32v5H14Z" />
                </svg>
                <h3>{ tea.name }</h3>
                <p class="origin">{ tea.origin }</p>
                <p>{ tea.taste }</p>
                <p class="buy">
                    <b>{ euros(tea.price) }</b>
                    <button type="button" {onclick} aria-label={format!("Add {} to the basket", tea.name)}>{ "Add" }</button>
                </p>
            </li>
        }
    });
    html! {
        <>
            <header class="wrap">
                <strong class="brand">{ "Pekoe" }</strong>
                <output class="basket">{ summary(&basket) }</output>
            </header>
            <main class="wrap">
                <h1>{ "Tea by post, a hundred grams at a time." }</h1>
                <p class="lead">{ "Four teas, each from one garden. Ordered before noon, they are on their way the same day." }</p>
                <ul class="teas">{ for teas }</ul>
            </main>
        </>
    }
}

fn summary(basket: &[u32]) -> String {
    match basket.len() {
        0 => "Your basket is empty".to_owned(),
        count => format!("{count} × 100 g: {}", euros(basket.iter().copied().fold(0, u32::saturating_add))),
    }
}

fn euros(cents: u32) -> String {
    format!("€{}.{:02}", cents / 100, cents % 100)
}

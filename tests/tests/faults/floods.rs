//! Floods of names that do not exist, while the object hangs.

use crate::harness::{Faulty, is_labelled};

/// Requests so many names that nobody has published, all at once, and does not wait for the answers before it does `meanwhile`.
fn flood(faulty: &Faulty, names: usize, meanwhile: impl FnOnce()) {
    std::thread::scope(|scope| {
        let one = |number| move || faulty.edge.get(&format!("/incidents/x{number}")).expect(503);
        let all: Vec<_> = (0..names).map(|number| scope.spawn(one(number))).collect();
        meanwhile();
        all.into_iter().for_each(|one| drop(one.join().unwrap()));
    });
}

#[test]
fn a_flood_of_names_takes_no_copy_away_while_the_object_hangs() {
    let names = ["/embed", "/badge.svg"];
    for caches in ["&cache=none", ""] {
        let faulty = Faulty::with_old_copies(&names);
        let labelled = || {
            for name in names {
                assert!(is_labelled(&faulty.edge.get(name)), "{caches} {name}");
            }
        };
        faulty.faults(&format!("object=hang&kv=throw{caches}"));
        flood(&faulty, 100, labelled);
        labelled();
    }
}

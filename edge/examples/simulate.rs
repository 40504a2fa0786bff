//! What `cargo xtask simulate` runs: how many pages are open, and at which hour of UTC.
#![expect(clippy::print_stderr, reason = "it is a program")]

use std::process::ExitCode;

use candor_edge::simulation::{Plan, print};

fn main() -> ExitCode {
    let mut numbers = std::env::args().skip(1).map(|text| text.parse::<f64>());
    match (numbers.next(), numbers.next()) {
        (Some(Ok(pages)), Some(Ok(hour))) if pages >= 1.0 && (0.0..24.0).contains(&hour) => {
            #[expect(clippy::cast_possible_truncation, reason = "below 24")]
            print(&Plan { pages, hour: hour as i32 });
            ExitCode::SUCCESS
        }
        _ => {
            eprintln!("usage: simulate PAGES HOUR");
            ExitCode::FAILURE
        }
    }
}

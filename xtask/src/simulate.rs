//! `simulate [PAGES [HOUR]]`: what so many open pages cost and see. The simulation is in `edge/src/simulation/`, because it runs the
//! worker's own state machines; it has a profile of its own kind, for speed.

use crate::tools;
use anyhow::{Context, Result, bail};
use xtask::group::Group;

/// The numbers of `docs/scale.md`.
const PAGES: [u32; 4] = [100_000, 1_000_000, 10_000_000, 100_000_000];
/// When most readers are awake, by UTC.
const HOUR: u32 = 15;

pub(crate) fn run(mut args: lexopt::Parser) -> Result<()> {
    let mut numbers = Vec::new();
    while let Some(arg) = args.next()? {
        match arg {
            lexopt::Arg::Value(value) => {
                let text = value.to_string_lossy();
                numbers.push(text.parse::<u32>().with_context(|| format!("{text} is not a whole number"))?);
            }
            other => return Err(other.unexpected().into()),
        }
    }
    let (pages, hour) = match numbers[..] {
        [] => (PAGES.to_vec(), HOUR),
        [pages] => (vec![pages], HOUR),
        [pages, hour] if hour < 24 => (vec![pages], hour),
        _ => bail!("usage: cargo xtask simulate [PAGES [HOUR]], the hour from 0 to 23"),
    };
    for pages in pages {
        let mut cargo = tools::cargo();
        cargo
            .args(["run", "--quiet", "--profile", "quick", "--package", "candor-edge"])
            .args(["--features", "simulation", "--example", "simulate", "--"])
            .args([pages.to_string(), hour.to_string()]);
        if !Group::spawn(&mut cargo)?.wait()?.success() {
            bail!("the simulation failed: its output is above");
        }
    }
    Ok(())
}

//! `size`: compares the sizes of downloads and of the worker with their budgets. Also checks which WebAssembly features
//! the module uses, and that the home page fetches nothing from another origin.

use crate::build::widget;
use crate::home;
use anyhow::{Context, Result, bail};
use std::fs;
use std::path::Path;
use xtask::paths;
use xtask::weight::{brotli, gzip};

/// The budget of a healthy page: the loader, the bulletin, and `windows.js`, which a page that stays open loads to share
/// its polls with other windows.
const HEALTHY: usize = 3_072;

struct Row {
    what: &'static str,
    bytes: usize,
    budget: usize,
    note: String,
}

pub(crate) fn run() -> Result<()> {
    let served = widget::served()?;
    let weigh = |wanted: &str| {
        let file = served.iter().find(|(name, _)| name == wanted);
        let (_, file) = file.with_context(|| format!("no {wanted}: run `cargo xtask build`"))?;
        Ok::<_, anyhow::Error>(brotli(&read(file)?))
    };
    let module = served.iter().find(|(name, _)| name == "widget.wasm");
    widget::check_features(&module.with_context(|| "no widget.wasm: run `cargo xtask build`")?.1)?;
    let (loader_size, painter_size) = (weigh("loader")?, weigh("paint.js")?);
    let (element_size, windows_size, take_size) =
        (weigh("element.js")?, weigh("windows.js")?, weigh("take.js")?);
    let (mirror_size, live_size) = (weigh("mirror.js")?, weigh("live.js")?);
    let (glue_size, module_size) = (weigh("widget.js")?, weigh("widget.wasm")?);
    let script =
        [loader_size, painter_size, element_size, windows_size].into_iter().fold(0, usize::saturating_add);
    let incident = read(&example("status.json"))?;
    let healthy = read(&example("bulletin-healthy.json"))?;
    let bulletin = read(&example("bulletin.json"))?;
    let edge = paths::candor().join("edge");
    let (worker, entry) = (read(&edge.join("candor_edge_bg.wasm"))?, read(&edge.join("entry.js"))?);
    let worker_glue = read(&edge.join("candor_edge.js"))?;

    let home = home::page()?;
    let foreign = home::foreign(&home);
    if !foreign.is_empty() {
        bail!("/ fetches from another origin: {}", foreign.join(", "));
    }

    let healthy_size = brotli(&healthy);
    let rows = [
        Row { what: "loader", bytes: loader_size, budget: 2_112, note: "brotli".to_owned() },
        Row {
            what: "healthy page",
            bytes: loader_size.saturating_add(healthy_size).saturating_add(windows_size),
            budget: HEALTHY,
            note: format!("brotli: loader, bulletin {healthy_size}, windows.js {windows_size}"),
        },
        Row {
            what: "status.json",
            bytes: brotli(&incident),
            budget: 1_024,
            note: format!("brotli, with one incident; {} plain", incident.len()),
        },
        Row {
            what: "bulletin",
            bytes: healthy_size,
            budget: 400,
            note: "brotli, healthy, in Greek".to_owned(),
        },
        Row {
            what: "bulletin",
            bytes: brotli(&bulletin),
            budget: 1_536,
            note: format!("brotli, with one incident, in Greek; {} plain", bulletin.len()),
        },
        Row {
            what: "mirror.js",
            bytes: mirror_size,
            budget: 1_024,
            note: "brotli, on pages with mirrors".to_owned(),
        },
        Row {
            what: "JavaScript",
            bytes: script,
            budget: 6_848,
            // The element imports the loader's text, as `loader.js`. A page that has a script tag, too, loads that text twice.
            note: format!(
                "brotli, of every variant: loader, painter {painter_size}, element {element_size}, windows.js {windows_size}; goal 6144"
            ),
        },
        Row {
            what: "more of it",
            bytes: take_size.saturating_add(live_size),
            budget: 1_136,
            note: format!(
                "brotli, beside a banner: take.js {take_size} for the widget, live.js {live_size} for /events"
            ),
        },
        Row {
            what: "widget",
            bytes: module_size.saturating_add(glue_size),
            budget: 65_536,
            note: format!("brotli: wasm {module_size}, glue {glue_size}; goal 51200"),
        },
        Row {
            what: "status page",
            bytes: brotli(home.as_bytes()),
            budget: 14 * 1024,
            note: format!("brotli, one TCP window; {} plain", home.len()),
        },
        Row {
            what: "worker",
            bytes: gzip(&worker).saturating_add(gzip(&worker_glue)).saturating_add(gzip(&entry)),
            budget: 1408 * 1024,
            note: format!("gzip; wasm {} plain", worker.len()),
        },
    ];
    println!("{:<13} {:>9} {:>9} {:>6}", "", "bytes", "budget", "");
    for row in &rows {
        let percent = row.bytes.saturating_mul(100).checked_div(row.budget).unwrap_or_default();
        println!("{:<13} {:>9} {:>9} {percent:>5}%  {}", row.what, row.bytes, row.budget, row.note);
    }
    let over: Vec<&str> = rows.iter().filter(|row| row.bytes > row.budget).map(|row| row.what).collect();
    if !over.is_empty() {
        bail!("over budget: {}", over.join(", "));
    }
    Ok(())
}

/// A document that the tests of `shared` pin.
fn example(name: &str) -> std::path::PathBuf {
    paths::root().join("shared/tests/snapshots").join(name)
}

fn read(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).with_context(|| format!("{} is missing: run `cargo xtask build`", path.display()))
}

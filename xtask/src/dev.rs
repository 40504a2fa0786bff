//! `dev`: builds everything and runs it on this machine.

use crate::keys::{self, Key};
use crate::send::Sender;
use crate::{build, npm};
use anyhow::{Context, Result, bail};
use serde_json::Value;
use std::fs;
use std::net::{Ipv4Addr, TcpListener};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::time::Duration;
use xtask::paths;
use xtask::runtime::{self, Runtime};

pub(crate) struct Options {
    port: u16,
    fresh: bool,
    demo: bool,
}

impl Options {
    pub(crate) fn parse(mut args: lexopt::Parser) -> Result<Self> {
        use lexopt::prelude::{Long, ValueExt};
        let mut options = Self { port: 8787, fresh: false, demo: true };
        while let Some(arg) = args.next()? {
            match arg {
                Long("port") => options.port = args.value()?.parse()?,
                Long("fresh") => options.fresh = true,
                Long("no-demo") => options.demo = false,
                other => return Err(other.unexpected().into()),
            }
        }
        Ok(options)
    }
}

pub(crate) fn run(options: Options) -> Result<()> {
    let port = options.port;
    npm::check()?;
    // Checked before the build, which may take minutes.
    if TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_err() {
        bail!(
            "port {port} is taken: stop the program that listens there, or use another port: cargo xtask dev --port {}",
            free_near(port)
        );
    }
    let (worker, assets) = build::run_dev()?;

    let folder = paths::local();
    if options.fresh {
        let _ = fs::remove_dir_all(folder.join("state"));
    }
    let key = keys::prepare(&folder)?;

    // From here on, SIGINT and SIGTERM end the runtime first, then this program.
    let (send, stop) = mpsc::channel();
    ctrlc::set_handler(move || {
        let _ = send.send(());
    })?;
    let mut runtime = Runtime::start(&runtime::Options {
        worker: Some(worker),
        assets,
        ..runtime::Options::in_folder(&folder, port)
    })?;
    let result = serve(&mut runtime, &stop, &options, &key);
    let clean = runtime.end();
    result?;
    if !clean {
        bail!("could not end every process of the local runtime: look for workerd with `ps`");
    }
    println!("stopped");
    Ok(())
}

fn serve(runtime: &mut Runtime, stop: &Receiver<()>, options: &Options, key: &Key) -> Result<()> {
    let url = format!("http://127.0.0.1:{}", options.port);
    let stopped = std::cell::Cell::new(false);
    let answer = runtime.wait(Duration::from_secs(90), || {
        stopped.set(stop.try_recv().is_ok());
        stopped.get()
    });
    if stopped.get() {
        return Ok(());
    }
    match answer? {
        (200, _) => {}
        (status, body) => bail!("the worker is not healthy: /healthz answers {status}: {body}"),
    }
    if options.demo && is_empty(options.port) {
        load_demo(&url, key)?;
    }
    greet(&url, key, options.demo);
    loop {
        match stop.recv_timeout(Duration::from_millis(500)) {
            Ok(()) | Err(RecvTimeoutError::Disconnected) => return Ok(()),
            Err(RecvTimeoutError::Timeout) => {}
        }
        if let Some(status) = runtime.ended() {
            bail!("the local runtime exited ({status}); the end of its log:\n{}", runtime.log_tail(25));
        }
    }
}

/// The address of the demo page in `demo.json`.
const DEMO_ADDRESS: &str = "https://status.trailmark.example";

/// Whether nothing has been published yet.
fn is_empty(port: u16) -> bool {
    runtime::get(port, "/status.json").is_some_and(|(status, _)| status == 404)
}

/// Posts each entry of `demo.json` as one request.
pub(crate) fn load_demo(url: &str, key: &Key) -> Result<()> {
    let requests: Vec<Value> = serde_json::from_str(include_str!("demo.json"))?;
    let mut sender = Sender::new(url, key.clone())?;
    for (index, update) in requests.iter().enumerate() {
        // Links have to lead to this machine.
        let update = &serde_json::from_str(&update.to_string().replace(DEMO_ADDRESS, url))?;
        sender
            .post(&format!("demo-{}", index.saturating_add(1)), update)
            .context("could not load the demo page")?;
    }
    println!("loaded a demo page: {} signed requests", requests.len());
    Ok(())
}

fn greet(url: &str, key: &Key, demo: bool) {
    println!("ready {url}");
    println!();
    println!("  status page   {url}/");
    println!("  status        {url}/status.json");
    println!("  signed        {url}/signed/status.json");
    println!("  host page     {url}/demo/");
    println!("  widget        <script async src=\"{url}/widget.js\"></script>");
    println!("  log           {}", paths::local().join("wrangler.log").display());
    println!();
    let components = if demo { r#""components":{"checkins":"major_outage"},"# } else { "" };
    let open = format!(
        r#"{{"type":"incident.open","name":"Check-ins are failing","impact":"major",{components}"body":"We broke check-ins. We are on it.","next_update_in":"30m"}}"#
    );
    let resolve =
        r#"{"type":"incident.update","status":"resolved","body":"Check-ins work again. Nothing was lost."}"#;
    for (title, update) in [("open an incident", open.as_str()), ("resolve it", resolve)] {
        println!("  # {title}");
        println!(
            "  curl --aws-sigv4 \"candor:candor\" --user \"{}:{}\" --json '{update}' {url}/v1/updates",
            key.id, key.secret
        );
        println!();
    }
    println!("Press Ctrl-C to stop.");
}

fn free_near(port: u16) -> u16 {
    (1..100)
        .filter_map(|step| port.checked_add(step))
        .find(|port| TcpListener::bind((Ipv4Addr::LOCALHOST, *port)).is_ok())
        .unwrap_or(0)
}

//! `cargo xtask VERB`: Candor's only build tool. One file per verb.

mod bench;
mod build;
mod dev;
mod engines;
mod fuzz;
mod home;
mod keys;
mod npm;
mod process;
mod python;
mod send;
mod simulate;
mod size;
mod stamp;
mod story;
mod test;
mod tools;

use anyhow::{Result, bail};
use std::process::ExitCode;

const USAGE: &str = "\
cargo xtask VERB

  dev [--port 8787] [--fresh] [--no-demo]
        build everything, run it on 127.0.0.1, load a demo page
  test  run all checks: format, lints, licences, tests, sizes
  test [--quick] NAME [FILTER…]
        run the black-box tests in tests/tests/NAME, or those with FILTER in their name;
        --quick: with a worker that is built for build time, not for size
  build compile the worker and the widget into target/candor
  size  compare the download sizes with their budgets
  bench measure reads and writes, as ratios; or one part: reads, writes, year, live, browser
  simulate [PAGES [HOUR]]
        what a million open pages cost and see, and ten and a hundred times as many; or so many, at an hour of UTC
  fuzz [SECONDS]
        try random bytes on everything that reads what strangers send, 60 seconds for each target
  story NAME --url URL [--live] [--speed N] [--key id:secret]
        replay examples/stories/NAME, as history or live
";

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<()> {
    let mut args = lexopt::Parser::from_env();
    let verb = match args.next()? {
        Some(lexopt::Arg::Value(verb)) => verb.to_string_lossy().into_owned(),
        Some(lexopt::Arg::Long("help") | lexopt::Arg::Short('h')) | None => {
            print!("{USAGE}");
            return Ok(());
        }
        Some(other) => return Err(other.unexpected().into()),
    };
    match verb.as_str() {
        "dev" => dev::run(dev::Options::parse(args)?),
        "test" => test::run(args),
        "build" => no_more(args).and_then(|()| build::run()),
        "size" => no_more(args).and_then(|()| size::run()),
        "bench" => bench::run(args),
        "fuzz" => fuzz::run(args),
        "simulate" => simulate::run(args),
        "story" => story::run(story::Options::parse(args)?),
        other => bail!("unknown verb: {other}\n\n{USAGE}"),
    }
}

fn no_more(mut args: lexopt::Parser) -> Result<()> {
    match args.next()? {
        Some(arg) => Err(arg.unexpected().into()),
        None => Ok(()),
    }
}

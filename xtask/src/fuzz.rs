//! `fuzz [SECONDS]`: libFuzzer on every target of `fuzz/`. The pinned stable toolchain is enough, with a C++ compiler for libFuzzer.

use crate::{process, tools};
use anyhow::{Context, Result, bail};
use std::fs;
use std::process::Command;
use xtask::paths;

/// What makes the compiler count which branches ran, for libFuzzer. No sanitizer of memory, which is not in stable Rust: the crates deny
/// `unsafe`.
const FLAGS: &str = "--cfg fuzzing -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
    -Cllvm-args=-sanitizer-coverage-trace-compares -Ccodegen-units=1";
/// The longest input, in bytes.
const MAX_LEN: u32 = 4096;

pub(crate) fn run(mut args: lexopt::Parser) -> Result<()> {
    let mut seconds = 60_u32;
    while let Some(arg) = args.next()? {
        match arg {
            lexopt::Arg::Value(value) => {
                seconds = value.to_string_lossy().parse().context("SECONDS is a number, such as 60")?;
            }
            other => return Err(other.unexpected().into()),
        }
    }
    let (root, work) = (paths::root().join("fuzz"), paths::candor().join("fuzz"));
    let host = host()?;
    let build = work.join("build");
    let mut command = tools::cargo();
    // A target that is named keeps the flags away from build scripts.
    command
        .args(["build", "--release", "--locked", "--target", &host, "--manifest-path"])
        .arg(root.join("Cargo.toml"))
        .env("CARGO_TARGET_DIR", &build)
        .env("RUSTFLAGS", FLAGS);
    process::step("building the fuzzer (needs a C++ compiler, such as g++)", &mut command)?;
    let mut failed = Vec::new();
    for name in targets()? {
        let found = work.join("found").join(&name);
        let new = work.join("corpus").join(&name);
        fs::create_dir_all(&found)?;
        fs::create_dir_all(&new)?;
        let mut target = Command::new(build.join(&host).join("release").join(&name));
        target
            .arg(&new)
            .arg(root.join("corpus").join(&name))
            .arg(format!("-max_total_time={seconds}"))
            .arg(format!("-max_len={MAX_LEN}"))
            .args(["-timeout=10", "-rss_limit_mb=2048", "-print_final_stats=1"])
            .arg(format!("-artifact_prefix={}/", found.display()));
        if let Err(error) = process::step(&format!("fuzz {name}"), &mut target) {
            eprintln!("error: {error:#}");
            failed.push(format!("{name} (the input is in {})", found.display()));
        }
    }
    if !failed.is_empty() {
        bail!(
            "failed: {}. Add the input to fuzz/corpus/, so that `cargo test` replays it",
            failed.join(", ")
        );
    }
    Ok(())
}

/// The names of the targets: those of the folders with corpora.
fn targets() -> Result<Vec<String>> {
    let mut names = Vec::new();
    for folder in fs::read_dir(paths::root().join("fuzz/corpus"))? {
        names.push(folder?.file_name().to_string_lossy().into_owned());
    }
    names.sort();
    Ok(names)
}

/// The target triple of this machine.
fn host() -> Result<String> {
    let output = Command::new("rustc").arg("-vV").output().context("cannot run rustc")?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let host = text.lines().find_map(|line| line.strip_prefix("host: "));
    Ok(host.context("rustc does not name its host")?.to_owned())
}

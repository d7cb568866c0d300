//! Puts into the binary what `--version` says of it: from the environment where a release sets
//! it (VERSION, GIT_COMMIT, BUILD_DATE), else from git. The date is never that of the clock, so
//! that the same sources give the same bytes.

use std::env;
use std::path::Path;
use std::process::Command;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let git = Git::of_this_package();
    if git.is_some() {
        watch_git();
    }
    let commit = given("GIT_COMMIT").or_else(|| git.as_ref().map(|git| git.commit.clone()));
    let date = given("BUILD_DATE")
        .or_else(|| given("SOURCE_DATE_EPOCH").and_then(|seconds| utc(seconds.parse().ok()?)))
        .or_else(|| git.as_ref().and_then(|git| utc(git.time)));
    let release = format!("v{}", env::var("CARGO_PKG_VERSION").unwrap_or_default());
    let version = given("VERSION").unwrap_or_else(|| match &git {
        // Away from the release's own tag, what is built is not the release.
        Some(git) if !git.tags.contains(&release) => format!("{release}-dev.{}", git.commit),
        _ => release,
    });
    let unknown = || "unknown".to_owned();
    set("VERSION", &version);
    set("GIT_COMMIT", &commit.unwrap_or_else(unknown));
    set("BUILD_DATE", &date.unwrap_or_else(unknown));
    set("RUSTC", &rustc_version().unwrap_or_else(unknown));
}

fn set(name: &str, value: &str) {
    println!("cargo::rustc-env=ACCESS_LOG_GENERATOR_{name}={value}");
}

/// A variable of the environment, if it says anything.
fn given(name: &str) -> Option<String> {
    println!("cargo::rerun-if-env-changed={name}");
    env::var(name).ok().filter(|value| !value.trim().is_empty() && !value.contains('\n'))
}

/// What git knows of the sources.
struct Git {
    commit: String,
    time: i64,
    tags: Vec<String>,
}

impl Git {
    /// `None` where the sources are not at the top of a repository of their own: unpacked from an
    /// archive, they may lie within somebody else's.
    fn of_this_package() -> Option<Self> {
        if !run("git", &["rev-parse", "--show-prefix"])?.is_empty() {
            return None;
        }
        Some(Self {
            commit: run("git", &["rev-parse", "--short", "HEAD"])?,
            time: run("git", &["show", "--no-patch", "--format=%ct", "HEAD"])?.parse().ok()?,
            tags: run("git", &["tag", "--points-at", "HEAD"])?.lines().map(str::to_owned).collect(),
        })
    }
}

/// Runs again when HEAD is another commit, or tagged: its file, the branch's, and the files that
/// git packs branches and tags into. Cargo takes a file that does not exist for a changed one.
fn watch_git() {
    let branch = run("git", &["symbolic-ref", "--quiet", "HEAD"]);
    let names = ["HEAD", "logs/HEAD", "packed-refs", "refs/tags"];
    for name in names.into_iter().chain(branch.as_deref()) {
        if let Some(path) = run("git", &["rev-parse", "--git-path", name])
            && Path::new(&path).exists()
        {
            println!("cargo::rerun-if-changed={path}");
        }
    }
}

/// The number in `rustc 1.95.0 (…)`.
fn rustc_version() -> Option<String> {
    let line = run(&env::var("RUSTC").ok()?, &["--version"])?;
    line.split(' ').nth(1).map(str::to_owned)
}

/// What a program prints, trimmed; `None` if it cannot be run or fails.
fn run(program: &str, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program).args(arguments).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| text.trim().to_owned())
}

/// Seconds since 1970 as `2025-10-11T17:24:57Z`; `None` before 1970.
fn utc(seconds: i64) -> Option<String> {
    let seconds = u64::try_from(seconds).ok()?;
    let (mut day, second) = (seconds / 86_400, seconds % 86_400);
    let is_leap = |year: u64| {
        year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
    };
    let mut year = 1970;
    while day >= 365 + u64::from(is_leap(year)) {
        day -= 365 + u64::from(is_leap(year));
        year += 1;
    }
    let mut month = 1;
    for length in [31, 28 + u64::from(is_leap(year)), 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] {
        if day < length {
            break;
        }
        day -= length;
        month += 1;
    }
    let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
    Some(format!("{year:04}-{month:02}-{:02}T{hour:02}:{minute:02}:{second:02}Z", day + 1))
}

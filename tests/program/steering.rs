//! A run that is steered while it goes on: by signals, and over the socket in its directory.

use std::fs;
use std::os::unix::fs::{FileTypeExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use access_log_generator::inside::run_record::file::read;
use jiff::{SignedDuration, Timestamp};
use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

/// The program in a directory, with nothing of the environment's.
fn command(directory: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_access-log-generator"));
    command.current_dir(directory).env_clear();
    command
}

const SOCKET: &str = ".access-log-generator.sock";

/// A live run of a configuration file, with what it says in a file.
struct Steered {
    root: TempDir,
    process: Child,
}

impl Steered {
    fn start(yaml: &str) -> Self {
        let root = tempfile::tempdir().unwrap();
        let config = root.path().join("site.yaml");
        fs::write(&config, yaml).unwrap();
        let said = fs::File::create(root.path().join("said")).unwrap();
        let mut command = command(root.path());
        command.arg(&config).stdin(Stdio::null()).stdout(Stdio::null()).stderr(said);
        let run = Self { process: command.spawn().unwrap(), root };
        wait_until(|| run.path(SOCKET).exists() && run.path("run.json").exists());
        run
    }

    fn path(&self, name: &str) -> PathBuf {
        self.root.path().join("logs").join(name)
    }

    fn said(&self) -> String {
        fs::read_to_string(self.root.path().join("said")).unwrap()
    }

    fn configure(&self, yaml: &str) {
        fs::write(self.root.path().join("site.yaml"), yaml).unwrap();
    }

    /// Asks, and returns whether it was done, and what was said.
    fn ctl(&self, request: &str) -> (bool, String) {
        let mut command = command(self.root.path());
        let answered = command.args(["ctl", "logs"]).args(request.split(' ')).output().unwrap();
        let said = if answered.status.success() { answered.stdout } else { answered.stderr };
        (answered.status.success(), String::from_utf8(said).unwrap())
    }

    fn does(&self, request: &str) -> String {
        let (done, said) = self.ctl(request);
        assert!(done, "{request}: {said}\n{}", self.said());
        said
    }

    fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.process), signal).unwrap();
    }

    fn end(&mut self) {
        self.signal(Signal::TERM);
        assert!(self.process.wait().unwrap().success(), "{}", self.said());
    }

    /// The bytes of a log with its rotated files, the oldest first.
    fn log(&self, directory: &str, log: &str) -> Vec<u8> {
        let directory = self.root.path().join(directory);
        let entries = fs::read_dir(&directory).unwrap().map(|entry| entry.unwrap().path());
        let name = |path: &Path| path.file_name().unwrap().to_string_lossy().into_owned();
        let mut files: Vec<PathBuf> = entries.filter(|path| name(path).starts_with(log)).collect();
        // The active file has the shortest name, and comes last.
        files.sort_by_key(|path| (name(path) == log, name(path)));
        files.iter().flat_map(|path| fs::read(path).unwrap()).collect()
    }

    /// All lines are there by the record, and the record makes the same bytes again.
    fn holds(&self) {
        let all = self.root.path().join("all.log");
        fs::write(&all, self.log("logs", "access.log")).unwrap();
        let mut verify = command(self.root.path());
        let verdict = verify.args(["verify", "--run", "logs/run.json"]).arg(&all).output().unwrap();
        assert!(verdict.status.success(), "{}", String::from_utf8_lossy(&verdict.stdout));
        let mut repeat = command(self.root.path());
        repeat.args(["--quiet", "--repeat", "logs/run.json", "--log-dir-override", "again"]);
        assert!(repeat.status().unwrap().success());
        for log in ["access.log", "error.log"] {
            assert!(self.log("logs", log) == self.log("again", log), "{log} {}", self.said());
        }
        let record = |directory: &str| read(&self.root.path().join(directory).join("run.json"));
        let told = |directory: &str| format!("{:?}", record(directory).unwrap().acts);
        assert_eq!(told("logs"), told("again"));
    }
}

fn wait_until(mut done: impl FnMut() -> bool) {
    for _ in 0..2_000 {
        if done() {
            return;
        }
        thread::sleep(Duration::from_millis(5));
    }
    panic!("what was waited for has not come");
}

/// A site as busy at any hour of the day.
const SITE: &str = "profile: shop\ntraffic_patterns: []\n\
                    output: {rate: 2000, seed: 7, health_check: {enabled: false}}\nscenario:\n\
                    - {kind: nikto, name: scan, at: on demand, for: 1m, rate: 300}\n\
                    - {kind: server_errors, name: errors, at: on demand, for: 1m, share: 0.5}\n";

#[test]
fn a_run_goes_on_as_it_is_told_and_what_it_wrote_can_be_verified_and_repeated() {
    let mut run = Steered::start(SITE);
    let socket = fs::symlink_metadata(run.path(SOCKET)).unwrap();
    assert!(socket.file_type().is_socket());
    assert_eq!(socket.permissions().mode() & 0o777, 0o600, "only its owner may steer a run");
    assert!(run.does("status").contains("\"rate\": 2000,"));
    assert!(run.does("start scan").starts_with("The event scan starts at "));
    assert!(run.does("rate 5000").contains("output.rate is 5000"));
    assert!(run.does("status").contains("\"rate\": 5000,"));
    run.does("rotate");
    run.configure(&SITE.replace("rate: 2000", "rate: 800").replace("share: 0.5", "share: 0.9"));
    assert!(run.does("reload").contains("sessions go on"));
    run.does("start errors");
    run.does("stop scan");
    run.does("pause");
    assert!(run.does("status").contains("\"paused\": true"));
    run.does("resume");
    // Another site is another epoch. What is told before it begins, it would take back.
    run.configure(&SITE.replace("shop", "content").replace("rate: 2000", "rate: 1500"));
    run.signal(Signal::HUP);
    wait_until(|| {
        let (done, said) = run.ctl("rate 4000");
        assert!(done || said.contains("ask again in a second"), "{said}");
        run.does("status").contains("\"epochs\": 2,")
    });
    run.does("rate 3000");
    wait_until(|| read(&run.path("run.json")).unwrap().lines > 2_000);
    run.end();
    assert!(!run.path(SOCKET).exists(), "a run takes its socket away");
    run.holds();
}

#[test]
fn how_long_answers_took_stays_as_it_was_written_whatever_events_a_reload_adds() {
    let site = SITE.replace("seed: 7,", "seed: 7, format: '%h %l %u %t \"%r\" %>s %b %D',")
        + "- {kind: slow_responses, name: slow, at: on demand, for: 1m, factor: 20}\n";
    let mut run = Steered::start(&site);
    run.does("start slow");
    let lines = || read(&run.path("run.json")).unwrap().lines;
    wait_until(|| lines() > 4_000);
    run.configure(&(site.clone() + "- {kind: surge, at: +1h, for: 1h, multiplier: 9}\n"));
    assert!(run.does("reload").contains("sessions go on"));
    wait_until(|| lines() > 8_000);
    run.end();
    run.holds();
}

#[test]
fn what_is_wrong_is_refused_and_the_run_goes_on() {
    let mut run = Steered::start(SITE);
    for (request, why) in [
        ("rate 0", "0 is no rate"),
        ("start scam", "the scenario has no event scam; did you mean scan?"),
        ("resume", "it is not paused"),
    ] {
        let (done, said) = run.ctl(request);
        assert!(!done && said.contains(why), "{request}: {said}");
    }
    run.configure("output: {rate: fast}");
    let (done, said) = run.ctl("reload");
    assert!(!done && said.contains("site.yaml:1:16: output.rate: found \"fast\""), "{said}");
    let config = run.root.path().join("site.yaml");
    fs::remove_file(&config).unwrap();
    assert!(Command::new("mkfifo").arg(&config).status().unwrap().success());
    let (done, said) = run.ctl("reload");
    assert!(!done && said.contains("is no regular file"), "{said}");
    assert!(run.does("status").contains("\"rate\": 2000,"));
    run.end();
    run.holds();
    let (done, said) = run.ctl("status");
    assert!(!done && said.contains("no run that waits for the clock listens there"), "{said}");
}

#[test]
fn a_run_whose_directory_was_removed_can_be_steered_again() {
    let mut run = Steered::start(SITE);
    fs::remove_dir_all(run.root.path().join("logs")).unwrap();
    wait_until(|| run.path(SOCKET).exists());
    assert!(run.does("status").contains("\"rate\": 2000,"));
    let mode = fs::symlink_metadata(run.path(SOCKET)).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600, "only its owner may steer a run");
    assert!(run.said().contains("WARNING - The socket for `ctl` was gone: it is at "));
    run.end();
    assert!(!run.path(SOCKET).exists(), "a run takes its socket away");
}

#[test]
fn an_act_comes_into_force_at_the_next_second_however_many_came_before_it() {
    let mut run = Steered::start(SITE);
    let before = Timestamp::now();
    let mut last = String::new();
    for rate in 1_000..1_020 {
        last = run.does(&format!("rate {rate}"));
    }
    let passed = Timestamp::now().duration_since(before);
    let at: Timestamp = last.split(' ').nth(1).unwrap().parse().unwrap();
    assert!(at.duration_since(before) <= passed + SignedDuration::from_secs(2), "{last}");
    wait_until(|| Timestamp::now() > at + SignedDuration::from_millis(200));
    run.end();
    run.holds();
}

#[test]
fn a_hangup_has_the_configuration_read_again() {
    let mut run = Steered::start(SITE);
    run.configure(&SITE.replace("rate: 2000", "rate: 700"));
    run.signal(Signal::HUP);
    wait_until(|| run.said().contains("The configuration was read again, and is in force from "));
    assert!(run.does("status").contains("\"rate\": 700,"));
    run.configure("output: {rate: fast}");
    run.signal(Signal::HUP);
    wait_until(|| run.said().contains("is wrong, so the run goes on with the one it has"));
    run.configure(&SITE.replace("rate: 2000", "rate: 700, debug: true"));
    run.signal(Signal::HUP);
    wait_until(|| run.said().contains("output.debug cannot change while the process runs"));
    run.end();
    run.holds();
}

#[test]
fn what_a_killed_run_was_told_is_in_its_record() {
    let mut run = Steered::start(SITE);
    run.does("start scan");
    run.does("rate 4000");
    wait_until(|| run.does("status").contains("\"acts\": 2"));
    wait_until(|| read(&run.path("run.json")).unwrap().lines > 6_000);
    run.signal(Signal::KILL);
    run.process.wait().unwrap();
    let mut verify = command(run.root.path());
    let verdict =
        verify.args(["verify", "--run", "logs/run.json", "logs/access.log"]).output().unwrap();
    assert!(verdict.status.success(), "{}", String::from_utf8_lossy(&verdict.stdout));
    assert!(run.path(SOCKET).exists());
    // The next run takes the place of its socket.
    let config = run.root.path().join("site.yaml");
    let mut again = command(run.root.path());
    run.process = again.arg(config).stdin(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    wait_until(|| run.ctl("status").0);
    run.end();
}

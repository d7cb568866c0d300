//! What each signal does to a run.

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStderr, Command, Stdio};

use access_log_generator::inside::os::ignores;
use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

use crate::binary::generator;

/// A live run, and what it says on standard error.
struct Run {
    root: TempDir,
    process: Child,
    stderr: BufReader<ChildStderr>,
    said: Vec<String>,
}

impl Run {
    /// Started from a shell behind this script, and ready: its handlers are there.
    fn start(script: &str, arguments: &[&str]) -> Self {
        let root = tempfile::tempdir().unwrap();
        let program = generator(root.path(), "rate: 10000, seed: 7");
        let mut command = Command::new("bash");
        command.args(["-c", &format!("{script} exec \"$0\" \"$@\"")]).arg(program.get_program());
        command
            .env_clear()
            .envs(program.get_envs().filter_map(|(name, value)| Some((name, value?))));
        command.current_dir(root.path()).args(arguments);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
        let mut process = command.spawn().unwrap();
        let stderr = BufReader::new(process.stderr.take().unwrap());
        let mut run = Self { root, process, stderr, said: Vec::new() };
        run.wait_for("Starting log generation");
        run
    }

    fn path(&self, name: &str) -> PathBuf {
        self.root.path().join("logs").join(name)
    }

    fn send(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.process), signal).unwrap();
    }

    /// Reads on up to the next message with this text.
    fn wait_for(&mut self, text: &str) {
        loop {
            let mut line = String::new();
            let length = self.stderr.read_line(&mut line).unwrap();
            assert!(length > 0, "it has ended without {text:?}: {:#?}", self.said);
            self.said.push(line);
            if self.said[self.said.len() - 1].contains(text) {
                return;
            }
        }
    }

    /// Waits for the end and returns the exit status.
    fn end(&mut self) -> i32 {
        self.said.extend(self.stderr.by_ref().lines().map(Result::unwrap));
        let status = self.process.wait().unwrap();
        status.code().unwrap_or_else(|| panic!("killed by signal {:?}", status.signal()))
    }

    fn said(&self, text: &str) -> usize {
        self.said.iter().filter(|line| line.contains(text)).count()
    }
}

fn lines(path: &Path) -> usize {
    fs::read_to_string(path).unwrap().lines().count()
}

#[test]
fn sigusr1_reopens_the_files_and_no_line_is_lost_torn_or_doubled() {
    const TIMES: usize = 5;
    let mut run = Run::start("", &["--lines", "20000"]);
    for number in 1..=TIMES {
        // As logrotate does with `nocreate`: it is the generator that makes the new files.
        for name in ["access.log", "error.log", "system.log"] {
            fs::rename(run.path(name), run.path(&format!("{name}.{number}"))).unwrap();
        }
        run.send(Signal::USR1);
        run.wait_for("SIGUSR1: the log files are reopened");
        // The acknowledgement says that they are there.
        for name in ["access.log", "error.log", "system.log"] {
            assert!(run.path(name).exists(), "{name}");
        }
    }
    assert_eq!(run.end(), 0);
    let files: Vec<PathBuf> = (1..=TIMES)
        .map(|number| run.path(&format!("access.log.{number}")))
        .chain([run.path("access.log")])
        .collect();
    assert_eq!(files.iter().map(|path| lines(path)).sum::<usize>(), 20_000);
    let mut verify = Command::new(env!("CARGO_BIN_EXE_access-log-generator"));
    let verdict = verify.args(["verify", "--run"]).arg(run.path("run.json")).args(&files).output();
    let verdict = verdict.unwrap();
    assert!(verdict.status.success(), "{}", String::from_utf8_lossy(&verdict.stdout));
    assert!(fs::read_to_string(run.path("system.log")).unwrap().contains("SIGUSR1: "));
}

#[test]
fn sigusr2_is_ignored_with_a_message() {
    let mut run = Run::start("", &[]);
    run.send(Signal::USR2);
    run.wait_for(" - INFO - SIGUSR2 ignored: ");
    run.send(Signal::USR2);
    run.wait_for(" - INFO - SIGUSR2 ignored: ");
    run.send(Signal::TERM);
    assert_eq!(run.end(), 0);
}

#[test]
fn a_stop_says_which_signal_asked_for_it() {
    for (signal, name) in [(Signal::INT, "SIGINT"), (Signal::TERM, "SIGTERM")] {
        // What started the tests may have set it to be ignored, as nohup does.
        if ignores(signal.as_raw()) {
            continue;
        }
        let mut run = Run::start("", &[]);
        run.send(signal);
        assert_eq!(run.end(), 0, "{name}");
        assert_eq!(run.said(&format!(" - INFO - {name}: stopping")), 1, "{name}: {:#?}", run.said);
        let last = run.said.last().unwrap();
        assert!(last.contains("Stopped: "), "{last}");
    }
}

#[test]
fn a_hangup_that_is_ignored_at_the_start_stays_ignored() {
    let mut run = Run::start("trap '' HUP;", &[]);
    run.send(Signal::HUP);
    // When this is answered, the hangup has been delivered.
    run.send(Signal::USR2);
    run.wait_for("SIGUSR2 ignored");
    run.send(Signal::TERM);
    assert_eq!(run.end(), 0);
    assert_eq!((run.said("SIGHUP"), run.said("SIGTERM: stopping")), (0, 1), "{:#?}", run.said);
}

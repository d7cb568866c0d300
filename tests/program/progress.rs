//! What a terminal shows of long work, and what it keeps of it: a bar while it goes on, all messages
//! as whole lines, and in the end nothing else.

use std::fs::{self, File};
use std::io::Read;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use rustix::fs::{Mode, OFlags};
use rustix::process::{Pid, Signal};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{Winsize, tcsetwinsize};
use tempfile::TempDir;

const COLUMNS: usize = 80;

/// A generator that never waits and never ends, whose standard error is a terminal.
struct OnTerminal {
    process: Child,
    terminal: File,
    /// All that came out of it.
    shown: String,
    directory: TempDir,
}

impl OnTerminal {
    fn run(arguments: &[&str], environment: &[(&str, &str)]) -> Self {
        let directory = tempfile::tempdir().unwrap();
        fs::create_dir(directory.path().join("logs")).unwrap();
        symlink("/dev/null", directory.path().join("logs/access.log")).unwrap();
        let terminal = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
        grantpt(&terminal).unwrap();
        unlockpt(&terminal).unwrap();
        let size = Winsize { ws_row: 24, ws_col: COLUMNS as u16, ws_xpixel: 0, ws_ypixel: 0 };
        tcsetwinsize(&terminal, size).unwrap();
        let name = ptsname(&terminal, Vec::new()).unwrap();
        let other_end = rustix::fs::open(name, OFlags::RDWR | OFlags::NOCTTY, Mode::empty());
        let process = Command::new(env!("CARGO_BIN_EXE_access-log-generator"))
            .current_dir(directory.path())
            .env_clear()
            .env("LOG_GENERATOR_CONFIG_YAML", "output: {directory: logs, rate: 1000}")
            .env("TERM", "xterm")
            .envs(environment.iter().copied())
            .args([
                "--no-wait",
                "--from",
                "2026-03-01T00:00:00Z",
                "--until",
                "2400-01-01T00:00:00Z",
            ])
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::from(other_end.unwrap()))
            .spawn()
            .unwrap();
        let terminal = File::from(terminal);
        Self { process, terminal, shown: String::new(), directory }
    }

    fn file(&self, name: &str) -> PathBuf {
        self.directory.path().join("logs").join(name)
    }

    /// Reads on; false once the other end is closed.
    fn read(&mut self) -> bool {
        let mut bytes = [0; 4096];
        // A terminal that nobody else has open is an error to read from (EIO).
        let Ok(read @ 1..) = self.terminal.read(&mut bytes) else { return false };
        self.shown += std::str::from_utf8(&bytes[..read]).unwrap();
        true
    }

    /// Reads on until this comes, behind all that came before.
    fn wait_for(&mut self, text: &str) {
        let known = self.shown.len();
        while !self.shown[known..].contains(text) {
            assert!(self.read(), "{text} never came: {}", self.shown);
        }
    }

    /// Stops it, and says what is then on the screen.
    fn stop(mut self) -> (String, Vec<String>) {
        rustix::process::kill_process(Pid::from_child(&self.process), Signal::TERM).unwrap();
        while self.read() {}
        assert_eq!(self.process.wait().unwrap().code(), Some(0), "{}", self.shown);
        let screen = screen(&self.shown);
        (std::mem::take(&mut self.shown), screen)
    }
}

impl Drop for OnTerminal {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The lines on an endless screen after this was written to it, without blanks at their ends.
fn screen(shown: &str) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut column = 0;
    let mut rest = shown.chars();
    while let Some(character) = rest.next() {
        let line = lines.last_mut().unwrap();
        match character {
            '\r' => column = 0,
            '\n' => lines.push(String::new()),
            '\u{1b}' => {
                let sequence: String = rest.by_ref().take(3).collect();
                assert_eq!(sequence, "[2K", "the screen knows no other sequence");
                line.clear();
            }
            character => {
                let mut cells: Vec<char> = line.chars().collect();
                cells.resize(cells.len().max(column + 1), ' ');
                cells[column] = character;
                *line = cells.into_iter().collect();
                column += 1;
            }
        }
    }
    lines.iter().map(|line| line.trim_end().to_owned()).collect()
}

/// Whether it begins as each message does: `2026-03-01 00:00:00 - `.
fn is_message(line: &str) -> bool {
    let form = "0000-00-00 00:00:00 - ";
    line.len() > form.len()
        && line.bytes().zip(form.bytes()).all(|(byte, form)| match form {
            b'0' => byte.is_ascii_digit(),
            _ => byte == form,
        })
}

#[test]
fn a_bar_makes_room_for_messages_and_is_gone_in_the_end() {
    let mut run = OnTerminal::run(&[], &[]);
    run.wait_for(" MB/s, ");
    fs::remove_file(run.file("error.log")).unwrap();
    run.wait_for("error.log was taken away");
    run.wait_for("left");
    // It fits on a line, so that drawing over it leaves no pieces.
    let bar = screen(&run.shown).pop().unwrap();
    assert!(bar.starts_with('[') && bar.contains("] ") && bar.contains(" lines, 0 %, "), "{bar}");
    assert!(bar.len() < COLUMNS, "{bar}");

    let system_log = run.file("system.log");
    let keep = fs::File::open(&system_log).unwrap();
    let (shown, screen) = run.stop();
    assert!(!shown.contains("Progress: "), "{shown}");
    assert_eq!(screen.last().unwrap(), "");
    let messages = &screen[..screen.len() - 1];
    assert!(messages.iter().all(|line| is_message(line)), "{screen:#?}");
    assert!(messages.last().unwrap().contains(" - INFO - Stopped: "), "{screen:#?}");
    // Each message is on the screen as it is in the file.
    let system = std::io::read_to_string(keep).unwrap();
    assert_eq!(system.lines().collect::<Vec<_>>(), messages);
}

#[test]
fn where_no_line_can_be_drawn_over_there_are_messages() {
    let environments = [("TERM", "dumb"), ("TERM", ""), ("NO_COLOR", "1")];
    let runs = environments.map(|variable| OnTerminal::run(&[], &[variable]));
    for mut run in runs {
        run.wait_for(" - INFO - Progress: ");
        let (shown, screen) = run.stop();
        assert!(!shown.contains('\u{1b}'), "{shown}");
        assert!(screen.iter().all(|line| line.is_empty() || is_message(line)), "{screen:#?}");
    }
}

#[test]
fn quiet_is_quiet() {
    let run = OnTerminal::run(&["-q"], &[]);
    // The record is made anew twice a second: by the fifth time there would have been a bar.
    let mut before = String::new();
    let mut changes = 0;
    while changes < 5 {
        let now = updated(&run.file("run.json"));
        changes += usize::from(now != before);
        before = now;
        std::thread::yield_now();
    }
    let (shown, _) = run.stop();
    assert_eq!(shown, "");
}

/// When a record of a run was written.
fn updated(path: &Path) -> String {
    let record = fs::read_to_string(path).unwrap_or_default();
    record.split("\"updated\"").nth(1).and_then(|rest| rest.split('"').nth(1)).unwrap_or("").into()
}

#[test]
fn the_screen_of_these_tests_shows_pieces_that_remain() {
    assert_eq!(screen("[==> ] 10\ra message\r\n"), ["a message", ""]);
    assert_eq!(screen("[==> ] 10\rshort\r\n"), ["short] 10", ""]);
    assert_eq!(screen("[==> ] 10\r\u{1b}[2Kshort\r\n[=="), ["short", "[=="]);
    assert!(!is_message("short] 10") && is_message("2026-03-01 00:00:00 - INFO - x"));
}

//! Whatever is written, fails, dies and is restarted, and whatever other programs do with the files: the
//! files of the series, in order, hold each line once, whole and in its place. Only the current batch
//! may be missing after a crash.

use std::io::ErrorKind;
use std::path::PathBuf;

use proptest::collection::vec;
use proptest::prelude::*;

use super::super::faulty::{Fault, Faulty};
use super::tests::{START, rotation};
use super::*;
use crate::config::{RotationPeriod, RotationUnit};
use crate::format::Mark;
use crate::log_format::FileHeader;
use crate::time::{SECOND, Time, timestamp};

const DIRECTORY: &str = "/logs";
const PATH: &str = "/logs/access.log";
/// The directory that files are moved to.
const AWAY: &str = "/away";

#[derive(Clone, Debug)]
enum Event {
    /// Append a batch. For each line: the seconds since the one before, and its length beyond the shortest.
    Append(Vec<(u64, usize)>),
    /// The writer checks its file.
    Check,
    /// The user asks for the file to be reopened.
    Reopen,
    /// The process stops in good order and starts again.
    Restart,
    /// Another program renames the active file, and may put an empty one in its place.
    MoveAway { create: bool },
    /// Another program copies the active file and truncates it.
    CopyAndTruncate,
    /// Another program moves the whole directory away.
    MoveDirectory,
}

/// One run, over all lives of its process.
struct Run {
    storage: Faulty,
    rotation: Rotation,
    content: FileContent,
    log: LogFile<Faulty>,
    time: Time,
    lines: usize,
    /// The lines of each batch, and whether the process survived the batch.
    batches: Vec<(Vec<String>, bool)>,
    /// How often files were taken away; each time, they go to a directory of their own.
    taken: usize,
    /// The copies of truncated files. A copy may end within a line that the truncated file later holds whole.
    copies: Vec<PathBuf>,
    /// What other programs do after a call has failed: in the middle of a batch, a line or a rotation.
    meanwhile: Vec<Event>,
    /// The most errors that can come.
    faults: usize,
}

impl Run {
    fn start(
        rotation: Rotation,
        header: &str,
        faults: &[(usize, Fault)],
        meanwhile: Vec<Event>,
    ) -> Self {
        let storage = Faulty::default();
        let header = FileHeader::of(header);
        let content = FileContent { header, ..FileContent::default() };
        let opened = LogFile::open(&storage, PATH.into(), rotation.clone(), content.clone());
        let log = opened.unwrap().0;
        let mut at = 0;
        for (calls, fault) in faults {
            at += calls;
            storage.plan_after(at, *fault);
        }
        let faults = faults.len();
        Self {
            storage,
            rotation,
            content,
            log,
            time: START,
            lines: 0,
            batches: Vec::new(),
            taken: 0,
            copies: Vec::new(),
            meanwhile,
            faults,
        }
    }

    fn meet(&mut self, event: &Event) {
        match event {
            Event::Append(lines) => self.append(lines),
            Event::Check => {
                self.insist(LogFile::check);
            }
            Event::Reopen => {
                self.insist(LogFile::reopen);
            }
            Event::Restart => self.restart(),
            Event::MoveAway { create } => {
                if self.take(|storage, to| storage.move_away(PATH, to)) && *create {
                    self.storage.put(PATH, b"");
                }
            }
            Event::CopyAndTruncate => {
                if self.take(|storage, to| storage.put(to, &storage.content(PATH))) {
                    self.storage.empty(PATH);
                    self.copies.push(PathBuf::from(format!("{AWAY}/{}/access.log", self.taken)));
                }
            }
            Event::MoveDirectory => {
                self.taken += 1;
                let to = PathBuf::from(format!("{AWAY}/{}", self.taken));
                for path in self.series() {
                    self.storage.move_away(&path, to.join(path.file_name().unwrap()));
                }
                self.storage.take_away(DIRECTORY);
            }
        }
    }

    /// Appends a batch of numbered lines with timestamps, until it is written or kills the process.
    fn append(&mut self, lines: &[(u64, usize)]) {
        let (mut text, mut marks, mut batch) = (String::new(), Vec::new(), Vec::new());
        for (seconds, length) in lines {
            self.time += seconds * SECOND;
            let stamp = timestamp(self.time).strftime("%d/%b/%Y:%H:%M:%S +0000");
            let line = format!("{} [{stamp}] {}\n", self.lines, "x".repeat(*length));
            if *seconds > 0 || marks.is_empty() {
                marks.push(Mark { offset: text.len(), time: self.time });
            }
            self.lines += 1;
            text += &line;
            batch.push(line);
        }
        let lines = Lines::plain(text.as_bytes(), &marks);
        let lived = self.insist(|log| log.append(lines));
        self.batches.push((batch, lived));
    }

    /// Retries until the operation succeeds or the process dies. In the latter case the process
    /// restarts, and the current batch is lost. Returns whether the process survived.
    fn insist(&mut self, mut act: impl FnMut(&mut LogFile<Faulty>) -> Result<()>) -> bool {
        for _ in 0..=self.faults {
            if act(&mut self.log).is_ok() {
                return true;
            }
            if self.storage.has_crashed() {
                self.restart();
                return false;
            }
            if let Some(event) = self.meanwhile.pop() {
                self.meet(&event);
            }
        }
        panic!("more errors than were planned");
    }

    fn restart(&mut self) {
        for _ in 0..=self.faults {
            self.storage.restart();
            let (rotation, content) = (self.rotation.clone(), self.content.clone());
            if let Ok((log, _)) = LogFile::open(&self.storage, PATH.into(), rotation, content) {
                self.log = log;
                return;
            }
        }
        panic!("more errors than were planned");
    }

    /// Takes the active file away, if it is there. The rotated files go too, so that what was taken
    /// stays in order.
    fn take(&mut self, active: impl FnOnce(&Faulty, PathBuf)) -> bool {
        let series = self.series();
        if series.last().is_none_or(|last| last != Path::new(PATH)) {
            return false;
        }
        self.taken += 1;
        let to = PathBuf::from(format!("{AWAY}/{}", self.taken));
        for path in &series[..series.len() - 1] {
            self.storage.move_away(path, to.join(path.file_name().unwrap()));
        }
        active(&self.storage, to.join("access.log"));
        true
    }

    /// The files of the series in the directory, in order. The active file comes last, if there is one.
    fn series(&self) -> Vec<PathBuf> {
        let here = |path: &PathBuf| path.parent() == Some(DIRECTORY.as_ref());
        in_order(self.storage.paths().into_iter().filter(here).collect())
    }

    /// All files that ever existed, in the order of their lines.
    fn files(&self) -> Vec<PathBuf> {
        let mut files = Vec::new();
        for taken in 1..=self.taken {
            let directory = PathBuf::from(format!("{AWAY}/{taken}"));
            let here = |path: &PathBuf| path.parent() == Some(&directory);
            files.extend(in_order(self.storage.paths().into_iter().filter(here).collect()));
        }
        files.extend(self.series());
        files
    }

    /// The lines in a file, without those of headers. The last one may be torn where nothing could mend it: in a copy, and
    /// in a file that was taken away when the process died.
    fn lines(&self, path: &PathBuf) -> Vec<String> {
        let text = String::from_utf8(self.storage.content(path)).unwrap();
        let died = path.starts_with(AWAY) && self.batches.iter().any(|(_, lived)| !lived);
        let end = if died || self.copies.contains(path) {
            text.rfind('\n').map_or(0, |newline| newline + 1)
        } else {
            text.len()
        };
        let lines = text[..end].split_inclusive('\n').map(str::to_owned);
        lines.filter(|line| self.content.header.is_none() || !line.starts_with('#')).collect()
    }

    /// The header that a file with this first line has.
    fn header(&self, first: &str) -> String {
        let header = self.content.header.as_ref().map(|header| header.show(time_of(first)));
        String::from_utf8(header.unwrap_or_default()).unwrap()
    }

    /// Checks that each line is there once, whole and in its place; of a batch that killed the process,
    /// the first lines.
    fn check_lines(&self, found: &[String]) -> std::result::Result<(), TestCaseError> {
        let mut rest = found;
        for (batch, lived) in &self.batches {
            let count = batch.iter().zip(rest).take_while(|(line, found)| line == found).count();
            prop_assert!(!lived || count == batch.len(), "{:?} is missing", &batch[count..]);
            rest = &rest[count..];
        }
        prop_assert!(rest.is_empty(), "{:?} should not be there", rest);
        Ok(())
    }
}

/// Sorted by age; the active file is the last.
fn in_order(mut paths: Vec<PathBuf>) -> Vec<PathBuf> {
    paths.sort_by_key(|path| {
        let name = path.file_name().unwrap().to_str().unwrap();
        let rotated = RotatedName::parse("access.log", name);
        assert!(rotated.is_some() || name == "access.log", "{name}");
        (rotated.is_none(), rotated)
    });
    paths
}

/// The time in the stamp of a line.
fn time_of(line: &str) -> Time {
    crate::log_format::stamp::read_any(line.as_bytes(), &jiff::tz::TimeZone::UTC).unwrap()
}

/// Checks that each file begins with its header and holds no other, holds no more than it may, is named after its first
/// line, and was not rotated too early.
fn check_files(
    run: &Run,
    files: &[(PathBuf, Vec<String>)],
    max_bytes: Option<u64>,
) -> std::result::Result<(), TestCaseError> {
    for (path, lines) in files {
        let text = String::from_utf8(run.storage.content(path)).unwrap();
        let Some(first) = lines.first() else {
            let died = run.batches.iter().any(|(_, lived)| !lived);
            prop_assert!(died || text.is_empty(), "{path:?} holds a header alone: {text}");
            continue;
        };
        prop_assert_eq!(&text, &(run.header(first) + &lines.concat()), "{:?}", path);
        let size = text.len();
        let fits = max_bytes.is_none_or(|max_bytes| size as u64 <= max_bytes);
        prop_assert!(fits || lines.len() == 1, "{path:?} is too large: {lines:?}");
        let end = run.rotation.end_of_period(time_of(first));
        let last = time_of(&lines[lines.len() - 1]);
        prop_assert!(last < end, "{path:?} spans a rotation: {lines:?}");
        let name = path.file_name().unwrap().to_str().unwrap();
        if let Some(name) = RotatedName::parse("access.log", name) {
            prop_assert_eq!(name.stamp, run.rotation.stamp(time_of(first)));
        }
    }
    if run.batches.iter().all(|(_, lived)| *lived) {
        for pair in files.windows(2) {
            let [(path, lines), (_, next)] = pair else { unreachable!("windows of two") };
            let Some(next) = next.first() else { continue };
            prop_assert!(!lines.is_empty(), "{path:?} was rotated while empty");
            let size = run.header(&lines[0]).len() + lines.iter().map(String::len).sum::<usize>();
            let full = max_bytes.is_some_and(|max_bytes| (size + next.len()) as u64 > max_bytes);
            let over = time_of(next) >= run.rotation.end_of_period(time_of(&lines[0]));
            prop_assert!(full || over, "{path:?} was rotated too early");
        }
    }
    Ok(())
}

/// Most logs have no header.
fn header() -> impl Strategy<Value = &'static str> {
    prop_oneof![2 => Just(""), 1 => Just("#Date: ${utc:%F %T}\n#Fields: number time length\n")]
}

fn fault() -> impl Strategy<Value = Fault> {
    prop_oneof![
        4 => (0usize..60).prop_map(Fault::Short),
        1 => Just(Fault::Error(ErrorKind::Interrupted)),
        2 => Just(Fault::Error(ErrorKind::StorageFull)),
        1 => Just(Fault::Error(ErrorKind::Other)),
        1 => Just(Fault::Error(ErrorKind::PermissionDenied)),
        2 => (0usize..60).prop_map(Fault::Crash),
    ]
}

fn own_event() -> impl Strategy<Value = Event> {
    let seconds = prop_oneof![3 => Just(0u64), 2 => 1u64..4, 1 => 4u64..100];
    prop_oneof![
        8 => vec((seconds, 0usize..60), 0..6).prop_map(Event::Append),
        2 => Just(Event::Check),
        2 => Just(Event::Reopen),
        1 => Just(Event::Restart),
    ]
}

fn foreign_event() -> impl Strategy<Value = Event> {
    prop_oneof![
        2 => any::<bool>().prop_map(|create| Event::MoveAway { create }),
        1 => Just(Event::CopyAndTruncate),
        1 => Just(Event::MoveDirectory),
    ]
}

fn period() -> impl Strategy<Value = Option<RotationPeriod>> {
    let units = [RotationUnit::Second, RotationUnit::Minute];
    prop::option::of(
        (prop::sample::select(units.to_vec()), 1u32..8)
            .prop_map(|(when, interval)| RotationPeriod { when, interval }),
    )
}

proptest! {
    #[test]
    fn the_series_holds_each_line_once_whatever_fails(
        events in vec(own_event(), 1..16),
        faults in vec((0usize..12, fault()), 0..16),
        max_bytes in prop::option::of(20u64..400),
        every in period(),
        header in header(),
    ) {
        let mut run = Run::start(rotation(max_bytes, every), header, &faults, Vec::new());
        for event in &events {
            run.meet(event);
        }
        let files: Vec<_> =
            run.series().into_iter().map(|path| (path.clone(), run.lines(&path))).collect();
        let found: Vec<_> = files.iter().flat_map(|(_, lines)| lines.clone()).collect();
        run.check_lines(&found)?;
        check_files(&run, &files, max_bytes)?;
    }

    #[test]
    fn what_others_do_with_the_files_costs_no_line_either(
        events in vec(prop_oneof![3 => own_event(), 1 => foreign_event()], 1..16),
        meanwhile in vec(foreign_event(), 0..8),
        faults in vec((0usize..12, fault()), 0..16),
        max_bytes in prop::option::of(20u64..400),
        every in period(),
        header in header(),
    ) {
        let mut run = Run::start(rotation(max_bytes, every), header, &faults, meanwhile);
        for event in &events {
            run.meet(event);
        }
        let found: Vec<_> = run.files().iter().flat_map(|path| run.lines(path)).collect();
        run.check_lines(&found)?;
    }
}

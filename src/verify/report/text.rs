//! Writes a report as text.

use std::fmt;

use indicatif::HumanCount;

use super::{
    Fault, FaultReport, RunReport, ShownFinding, SpoiltReport, UnreadableFile, UnwrittenReport,
    VerifyReport,
};
use crate::log_id::ACCESS_LOG;

impl fmt::Display for VerifyReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.verdict())?;
        for run in &self.runs {
            write!(f, "{run}")?;
        }
        if self.outside > 0 {
            let outside = HumanCount(self.outside);
            writeln!(f, "{outside} lines received are of another time and were not judged.")?;
        }
        for UnreadableFile { file, error } in &self.unreadable {
            writeln!(f, "Cannot read all of {file}: {error}. What could be read was judged.")?;
        }
        if self.foreign.lines > 0 {
            writeln!(f, "Lines of no run")?;
            kind(f, "foreign", &self.foreign, "at")?;
        }
        for hint in &self.hints {
            writeln!(f, "{hint}")?;
        }
        Ok(())
    }
}

impl VerifyReport {
    /// The verdict, with the number of lines of each kind:
    /// `Not all is there: 10 lines expected, 9 received, 1 missing, 0 doubled ...`
    fn verdict(&self) -> String {
        let of = |fault| self.lines_of(fault);
        let lost = of(Fault::Missing) + of(Fault::Altered) > 0 || !self.was_read;
        let verdict = if self.all_there {
            "All is there"
        } else if lost {
            "Not all is there"
        } else if of(Fault::Doubled) + of(Fault::Foreign) > 0 {
            "All is there, and more"
        } else {
            "All is there, but not in order"
        };
        let of_log = match &*self.log {
            ACCESS_LOG => String::new(),
            log => format!("Of {log}: "),
        };
        let expected = self.found().map(|found| found.expected).sum();
        let mut parts = vec![
            format!("{} lines expected", HumanCount(expected)),
            format!("{} received", HumanCount(self.received)),
        ];
        parts
            .extend(Fault::ALL.map(|fault| format!("{} {}", HumanCount(of(fault)), fault.words())));
        match self.unreadable.len() {
            0 => {}
            1 => parts.push("1 file not read to its end".to_owned()),
            files => parts.push(format!("{files} files not read to their end")),
        }
        let mut verdict = format!("{of_log}{verdict}: {}.", parts.join(", "));
        if !self.ignored.is_empty() {
            let ignored: Vec<_> = self.ignored.iter().map(|fault| fault.words()).collect();
            verdict += &format!(" Ignored: {}.", ignored.join(", "));
        }
        verdict
    }
}

impl fmt::Display for RunReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let recorded = HumanCount(self.recorded);
        let end = if self.ended {
            format!("ended after {recorded} lines")
        } else {
            format!("did not end, {recorded} lines or more")
        };
        let shard = self.shard;
        let shard = if shard.is_part() { format!(", shard {shard},") } else { String::new() };
        writeln!(f, "Run of seed {}{shard} from {}, {end}", self.seed, self.start)?;
        let Some(found) = &self.found else {
            return writeln!(f, "  no line of it was received, and it was not judged");
        };
        writeln!(f, "  {:<12} {:>15}", "expected", HumanCount(found.expected).to_string())?;
        writeln!(f, "  {:<12} {:>15}", "received", HumanCount(found.received).to_string())?;
        let nothing = found.received == 0;
        let spoilt = |of: fn(&SpoiltReport) -> u64| on_purpose(&found.spoilt, of);
        if let Some(all) = spoilt(|spoilt| spoilt.lines) {
            writeln!(f, "    spoilt on purpose: {all}")?;
        }
        kind(f, "missing", &found.missing, if nothing { NOTHING } else { "behind" })?;
        if let Some(missing) = spoilt(|spoilt| spoilt.missing) {
            writeln!(f, "    of these spoilt on purpose: {missing}")?;
        }
        kind(f, "doubled", &found.doubled, "at")?;
        kind(f, "out of order", &found.out_of_order, "at")?;
        kind(f, "altered", &found.altered, "at")?;
        if let Some(altered) = spoilt(|spoilt| spoilt.altered) {
            writeln!(f, "    of these spoilt on purpose: {altered}")?;
        }
        if let Some(unwritten) = &found.unwritten {
            write!(f, "{unwritten}")?;
        }
        Ok(())
    }
}

impl fmt::Display for UnwrittenReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (number, from) = (HumanCount(self.number), &self.from);
        let lines = HumanCount(self.lines);
        let at_least = if self.at_least { "at least " } else { "" };
        let shown = if self.lines > 0 { lines.to_string() } else { "unknown".to_owned() };
        writeln!(f, "  {:<12} {shown:>15}", "unwritten")?;
        match &self.until {
            Some(until) => writeln!(
                f,
                "    It was killed: its run.json has no end. {at_least}{lines} more lines were due before the \
                 next run\n    began, from line {number} of {from} up to {until}.",
            )?,
            None if self.lines == 0 => writeln!(
                f,
                "    It was killed, and it did not wait for the clock. How many lines it had still to \
                 write\n    from line {number} of {from} on is not known.",
            )?,
            None => writeln!(
                f,
                "    It did not end, and did not write line {number} of {from} to its end."
            )?,
        }
        if let (Some(file), Some(line)) = (&self.file, self.line) {
            writeln!(f, "    The beginning of line {number} is the end of {file}:{line}.")?;
        }
        Ok(())
    }
}

/// `12 torn, 3 interleaved`; `None` if there are none.
fn on_purpose(spoilt: &[SpoiltReport], of: fn(&SpoiltReport) -> u64) -> Option<String> {
    let mut parts: Vec<(&str, u64)> = Vec::new();
    for report in spoilt {
        let words = report.kind.spoilt();
        match parts.iter_mut().find(|(other, _)| *other == words) {
            Some((_, lines)) => *lines += of(report),
            None => parts.push((words, of(report))),
        }
    }
    parts.retain(|(_, lines)| *lines > 0);
    let part = |(words, lines): &(&str, u64)| format!("{} {words}", HumanCount(*lines));
    let parts: Vec<String> = parts.iter().map(part).collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

/// Stands in for a place if there is none.
const NOTHING: &str = "nothing of this run was received";

/// Writes a line for a kind of fault, and the findings that are shown. `at` says what their place means.
fn kind(f: &mut fmt::Formatter<'_>, name: &str, kind: &FaultReport, at: &str) -> fmt::Result {
    writeln!(f, "  {name:<12} {:>15}", HumanCount(kind.lines).to_string())?;
    for shown in &kind.first {
        writeln!(f, "    {}", heading(shown, at))?;
        match (&shown.expected, &shown.received) {
            (Some(expected), Some(received)) => {
                writeln!(f, "      - {}", printable(expected))?;
                writeln!(f, "      + {}", printable(received))?;
            }
            (Some(text), None) | (None, Some(text)) => writeln!(f, "      {}", printable(text))?,
            (None, None) => {}
        }
    }
    let shown: u64 = kind.first.iter().map(|shown| shown.lines).sum();
    if shown < kind.lines && shown > 0 {
        writeln!(f, "    and {} more", HumanCount(kind.lines - shown))?;
    }
    Ok(())
}

/// `lines 501 to 503 (3 lines), 2026-11-01T10:00:01Z to 2026-11-01T10:00:02Z, behind access.log:500`
fn heading(shown: &ShownFinding, at: &str) -> String {
    let mut parts = Vec::new();
    let several = shown.lines > 1;
    let last = |first: u64| HumanCount(first + shown.lines - 1);
    let lines = HumanCount(shown.lines);
    match shown.number {
        Some(first) if several => {
            parts.push(format!("lines {} to {} ({lines} lines)", HumanCount(first), last(first)));
        }
        Some(first) => parts.push(format!("line {}", HumanCount(first))),
        None if several => parts.push(format!("{lines} lines")),
        None => parts.push("a line".to_owned()),
    }
    match (&shown.from, &shown.until) {
        (Some(from), Some(until)) if from != until => parts.push(format!("{from} to {until}")),
        (Some(from), _) => parts.push(from.clone()),
        (None, _) => {}
    }
    if let (Some(file), Some(line)) = (&shown.file, shown.line) {
        parts.push(format!("{at} {file}:{line}"));
    } else if at == NOTHING {
        parts.push(NOTHING.to_owned());
    } else if at == "behind" {
        parts.push("before the first line received".to_owned());
    }
    parts.join(", ")
}

/// Roughly how many bytes of a line are shown.
const WIDEST: usize = 600;

/// Text that a terminal shows as it is: control characters are escaped, and long text is cut off.
fn printable(text: &str) -> String {
    let mut printable = String::with_capacity(text.len().min(WIDEST));
    for character in text.chars() {
        if printable.len() >= WIDEST {
            return printable + "...";
        }
        if character.is_control() {
            printable.extend(character.escape_default());
        } else {
            printable.push(character);
        }
    }
    printable
}

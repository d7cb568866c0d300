//! Spoils lines of access.log, where the events of a scenario have marked their hits. All other lines are as they would be without
//! these events, and so are the lines of all other logs.

use jiff::tz::TimeZone;

use super::buffer::Buffer;
use super::clock::{Second, SecondClock, SecondText};
use super::compiler::Compiler;
use super::dictionary::Dictionary;
use super::left_out::without_a_field;
use super::program::Program;
use super::spoilt_bytes::{blank, double, interleave, lengthen, tear, write_in_latin1};
use crate::config::event_kind::EventKind;
use crate::config::{Config, ScenarioEvent};
use crate::stream::random::mix;
use crate::stream::scenario::spoils::fingerprint;
use crate::stream::site::Outcome;
use crate::stream::{Hit, SECOND, Time};

/// What spoils the lines of a log.
#[derive(Debug)]
pub struct Spoiler {
    /// What each entry of the scenario does, by its place.
    ways: Box<[Option<SpoilWay>]>,
    /// Whether each hit that is rendered has one line: a caller counts the lines itself.
    in_single_lines: bool,
    /// The bytes that long lines add to a line in the mean, at the most.
    added: f64,
}

/// What an event does to a line.
#[derive(Debug)]
enum SpoilWay {
    Drop,
    Double,
    Tear,
    Interleave,
    /// The stamp is up to so many seconds earlier.
    Late(u64),
    Latin1,
    Nuls,
    Lengthen(usize),
    /// The line has other elements.
    Other(Box<Program>),
    /// The stamp is off by so many seconds.
    Skew(i64),
}

/// The texts of spoilt lines that depend on the second. Each thread needs its own.
#[derive(Debug)]
pub struct SpoiltTexts {
    clock: SecondClock,
    /// Those of lines with another time.
    skewed: Box<[SecondText]>,
    /// Those of lines with other elements, by the place of the event.
    others: Box<[Box<[SecondText]>]>,
}

/// A line that is to be spoilt: its hit, and what renders it.
#[derive(Clone, Copy, Debug)]
pub struct SpoiltLine<'a> {
    /// The texts of all logs.
    pub dictionary: &'a Dictionary,
    /// The log's own lines.
    pub program: &'a Program,
    /// The second of the hit.
    pub second: &'a Second,
    /// The log's texts of that second.
    pub seconds: &'a [SecondText],
    /// The hit.
    pub hit: &'a Hit,
}

impl Spoiler {
    /// What spoils the lines of access.log in a configuration; `None` if nothing does.
    pub fn new(
        config: &Config,
        compiler: &mut Compiler<'_>,
        in_single_lines: bool,
    ) -> Option<Self> {
        let ways: Box<[_]> =
            config.scenario.iter().map(|event| way(event, config, compiler)).collect();
        let added = |event: &ScenarioEvent| match event.kind {
            EventKind::LongLines => event.share_of_lines() * f64::from(event.line_length()),
            _ => 0.0,
        };
        let added = config.scenario.iter().map(added).fold(0.0, f64::max);
        let spoils = ways.iter().any(Option::is_some);
        spoils.then_some(Self { ways, in_single_lines, added })
    }

    /// The bytes that it adds to a line in the mean, at the most.
    pub fn added(&self) -> f64 {
        self.added
    }

    /// How many lines a hit has in the log.
    pub fn lines_of(&self, hit: &Hit) -> usize {
        match self.way(hit) {
            Some(SpoilWay::Drop) => 0,
            Some(SpoilWay::Double) => 2,
            _ => 1,
        }
    }

    /// Whether a hit can have no line or two.
    pub fn changes_count(&self) -> bool {
        let changes = |way: &SpoilWay| matches!(way, SpoilWay::Drop | SpoilWay::Double);
        self.ways.iter().flatten().any(changes)
    }

    /// The texts that a thread needs to spoil lines of `program`.
    pub fn texts(&self, program: &Program, zone: &TimeZone) -> SpoiltTexts {
        let of_way = |way: &Option<SpoilWay>| match way {
            Some(SpoilWay::Other(program)) => program.seconds().into(),
            _ => Box::default(),
        };
        SpoiltTexts {
            clock: SecondClock::new(zone.clone()),
            skewed: program.seconds().into(),
            others: self.ways.iter().map(of_way).collect(),
        }
    }

    #[inline]
    fn way(&self, hit: &Hit) -> Option<&SpoilWay> {
        self.ways.get(hit.spoilt_by()?)?.as_ref()
    }

    /// Appends the line of a hit as the event leaves it that has marked the hit.
    pub fn append(&self, line: SpoiltLine<'_>, texts: &mut SpoiltTexts, lines: &mut Buffer) {
        let SpoiltLine { program, second, seconds, hit, .. } = line;
        let Some(way) = self.way(hit) else { return put(line, program, seconds, lines) };
        let (start, bits) = (lines.len(), mix(fingerprint(hit)));
        match way {
            SpoilWay::Drop if !self.in_single_lines => {}
            SpoilWay::Other(other) => {
                let own = &mut texts.others[hit.spoilt_by().unwrap_or_default()];
                own.iter_mut().for_each(|text| text.show(second));
                put(line, other, own, lines);
            }
            SpoilWay::Late(most) => {
                let offset = -((1 + bits % most) as i64);
                put(line, program, texts.at(shifted(hit.time, offset)), lines);
            }
            SpoilWay::Skew(offset) => {
                put(line, program, texts.at(shifted(hit.time, *offset)), lines);
            }
            _ => put(line, program, seconds, lines),
        }
        match way {
            SpoilWay::Double if !self.in_single_lines => double(lines, start),
            SpoilWay::Tear => tear(lines, start, bits),
            SpoilWay::Interleave => interleave(lines, start, bits),
            SpoilWay::Latin1 => write_in_latin1(lines, start, bits),
            SpoilWay::Nuls => blank(lines, start, bits),
            SpoilWay::Lengthen(length) => lengthen(lines, start, *length),
            _ => {}
        }
    }
}

impl SpoiltTexts {
    /// The texts of the second of a time.
    fn at(&mut self, time: Time) -> &[SecondText] {
        let second = self.clock.second_of(time);
        self.skewed.iter_mut().for_each(|text| text.show(&second));
        &self.skewed
    }
}

/// What an event does to the lines of access.log.
fn way(event: &ScenarioEvent, config: &Config, compiler: &mut Compiler<'_>) -> Option<SpoilWay> {
    let own = &config.output.format;
    Some(match event.kind {
        EventKind::LinesDropped => SpoilWay::Drop,
        EventKind::LinesDoubled => SpoilWay::Double,
        EventKind::LinesTorn => SpoilWay::Tear,
        EventKind::LinesInterleaved => SpoilWay::Interleave,
        EventKind::LinesOutOfOrder => SpoilWay::Late(event.offset().unsigned_abs().into()),
        EventKind::LinesInLatin1 => SpoilWay::Latin1,
        EventKind::NulBytes => SpoilWay::Nuls,
        EventKind::LongLines => SpoilWay::Lengthen(event.line_length() as usize),
        EventKind::FieldMissing => {
            let elements = without_a_field(own.elements());
            SpoilWay::Other(compiler.compile(&elements, &Outcome::ALL).into())
        }
        EventKind::FormatChange => {
            let other = event.format_beside(own);
            SpoilWay::Other(compiler.compile(other.elements(), &Outcome::ALL).into())
        }
        EventKind::ClockSkew => SpoilWay::Skew(event.offset().into()),
        _ => return None,
    })
}

fn put(line: SpoiltLine<'_>, program: &Program, seconds: &[SecondText], lines: &mut Buffer) {
    let room = lines.line(program.longest());
    let left = program.append((line.dictionary, None), seconds, line.hit, room).left();
    lines.add(left);
}

/// A time so many seconds later.
fn shifted(time: Time, seconds: i64) -> Time {
    let by = seconds.unsigned_abs() * SECOND;
    if seconds < 0 { time.saturating_sub(by) } else { time.saturating_add(by) }
}

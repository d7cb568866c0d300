//! Random formats and their inverse: a parser that knows the format's elements alone reads each part of a line back.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeSet, HashMap};

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::TestRunner;

use super::*;
use crate::log_format::FieldKind::{Decimal, Integer, Text, Word};
use crate::log_format::time_form::{TimeForm, TimePart};
use crate::log_format::{Element, Escape, Field, LogFormat};

/// How many formats are tried, and the lines of how many hits are read back in each.
const FORMATS: u32 = 300;
const HITS: usize = 4;
/// The largest share of lines that may have several readings, because nothing tells two neighbours apart.
const MOST_AMBIGUOUS: f64 = 0.25;

/// A part of a format as the user writes it, and what it is in each line if it is only text.
#[derive(Clone, Debug)]
struct FormatPart {
    written: String,
    text: Option<&'static str>,
}

/// How a format is written around its parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Around {
    Apache,
    Nginx,
    /// The directive of nginx's configuration, with this escape.
    Pasted(&'static str),
}

impl Around {
    fn format(self, parts: &str) -> String {
        match self {
            Self::Apache | Self::Nginx => parts.to_owned(),
            Self::Pasted(escape) => format!("log_format x escape={escape} '{parts}';"),
        }
    }
}

/// Text between two fields: as it is written, and as it is shown. Most of it ends a field in quotes.
fn text(around: Around) -> impl Strategy<Value = FormatPart> {
    let mut texts = vec![
        ("\" \"", "\" \""),
        ("\" \"", "\" \""),
        ("\" \"", "\" \""),
        ("\",\"a\":\"", "\",\"a\":\""),
        ("\"|\"", "\"|\""),
        (" ", " "),
        ("] [", "] ["),
        ("é", "é"),
        ("", ""),
    ];
    match around {
        Around::Apache => {
            texts.extend([("\\\"\\t\\\"", "\"\t\""), ("\\\\\"", "\\\""), ("\"%%\"", "\"%\"")]);
        }
        Around::Nginx => texts.extend([("\\\"\\t\\\"", "\"\t\""), ("\\'\\\"", "'\"")]),
        Around::Pasted(_) => {}
    }
    let part =
        |(written, text): (&str, _)| FormatPart { written: written.into(), text: Some(text) };
    select(texts).prop_map(part)
}

/// Any directive or variable, and of Apache with anything that can stand before its letter.
fn field(around: Around) -> BoxedStrategy<FormatPart> {
    let part = |written| FormatPart { written, text: None };
    if around != Around::Apache {
        let names: Vec<_> = VARIABLES.iter().map(|row| format!("${{{}}}", row.name)).collect();
        return select(names).prop_map(part).boxed();
    }
    let rows = DIRECTIVES.iter().filter(|row| row.text != "%%");
    let mut directives: Vec<_> = rows.map(|row| row.text.replace("NAME", "X-Other")).collect();
    let times = ["%{%d/%b/%Y %T}t", "%{begin:%c}t", "%{%F}t", "%{%Z %s}t", "%{end-%e}t"];
    directives.extend(times.map(str::to_owned));
    let before = select(vec!["", "", ">", "!<200,304"]);
    (select(directives), before)
        .prop_map(move |(directive, before)| part(format!("%{before}{}", &directive[1..])))
        .boxed()
}

/// The parts of a format, in which text and fields alternate.
fn parts() -> impl Strategy<Value = (Around, Vec<FormatPart>)> {
    let around = vec![
        Around::Apache,
        Around::Apache,
        Around::Nginx,
        Around::Pasted("json"),
        Around::Pasted("none"),
    ];
    select(around).prop_flat_map(|around| {
        let pairs = vec((text(around), field(around)), 1..8);
        (Just(around), pairs, text(around)).prop_map(|(around, pairs, last)| {
            let pairs = pairs.into_iter().flat_map(|(text, field)| [text, field]);
            (around, pairs.chain([last]).collect())
        })
    })
}

/// The places in a line at which something that begins at one of some places may end.
type Ends = BTreeSet<usize>;

/// Where these elements may end that begin at `at`.
fn ends(elements: &[Element], line: &[u8], at: usize) -> Ends {
    let mut places = Ends::from([at]);
    for element in elements {
        places = places.into_iter().flat_map(|at| ends_of_one(element, line, at)).collect();
    }
    places
}

fn ends_of_one(element: &Element, line: &[u8], at: usize) -> Ends {
    let exactly = |text: &str| line[at..].starts_with(text.as_bytes()).then(|| at + text.len());
    match element {
        Element::Literal(text) => exactly(text).into_iter().collect(),
        Element::Time(form) => {
            end_of_time(form, &line[at..]).map(|len| at + len).into_iter().collect()
        }
        Element::Choice { then, otherwise, .. } => {
            ends(then, line, at).into_iter().chain(ends(otherwise, line, at)).collect()
        }
        Element::Field { field, escape, missing } => {
            let mut ends: Ends = exactly(missing).into_iter().collect();
            let mut end = at;
            while let Some(len) = length_of_next(*field, *escape, &line[end..]) {
                end += len;
                ends.insert(end);
            }
            ends
        }
    }
}

/// How many bytes the next character of a field's text takes; `None` if the field cannot hold what comes next.
fn length_of_next(field: Field, escape: Escape, rest: &[u8]) -> Option<usize> {
    let kind = field.info().kind;
    let (first, behind) = rest.split_first()?;
    // These are parts of URLs, and a URL has no space.
    let is_url = matches!(field, Field::Target | Field::Path | Field::Query | Field::QueryString)
        || field == Field::Referrer;
    let is_in_field = match kind {
        Integer => first.is_ascii_digit(),
        Decimal => first.is_ascii_digit() || *first == b'.',
        Word if field == Field::ForwardedFor => *first >= b' ' && !b"\"\\".contains(first),
        Word => first.is_ascii_graphic() && !b"\"\\".contains(first),
        Text => *first >= b' ' && !(is_url && *first == b' '),
    };
    let is_special = kind == Text && b"\"\\".contains(first);
    match (is_in_field, is_special, escape) {
        (false, ..) => None,
        (true, true, Escape::None) | (true, false, _) => Some(1),
        (true, true, _) if *first == b'"' => None,
        (true, true, Escape::Nginx) => hex(behind, b"x", 2),
        (true, true, Escape::Json) => hex(behind, b"u", 4).or_else(|| short(behind, b"\"\\nrtbf")),
        (true, true, _) => hex(behind, b"x", 2).or_else(|| short(behind, b"\"\\nrtbv")),
    }
}

/// The length of an escape of a sign and so many hexadecimal digits behind a backslash, with the backslash.
fn hex(behind: &[u8], sign: &[u8], digits: usize) -> Option<usize> {
    let digits = behind.strip_prefix(sign)?.get(..digits)?;
    digits.iter().all(u8::is_ascii_hexdigit).then_some(2 + digits.len())
}

/// The length of an escape of one of these letters behind a backslash, with the backslash.
fn short(behind: &[u8], letters: &[u8]) -> Option<usize> {
    behind.first().is_some_and(|letter| letters.contains(letter)).then_some(2)
}

/// How many bytes a time takes. Each of its parts ends where its characters do.
fn end_of_time(form: &TimeForm, line: &[u8]) -> Option<usize> {
    let mut at = 0;
    for part in form.parts() {
        let rest = &line[at..];
        let run = |is_part: fn(&u8) -> bool, most: usize| {
            let end = rest.iter().take(most).position(|byte| !is_part(byte));
            Some(end.unwrap_or(rest.len().min(most))).filter(|len| *len > 0)
        };
        at += match part {
            TimePart::Text(text) => rest.starts_with(text.as_bytes()).then_some(text.len()),
            TimePart::Second => run(u8::is_ascii_digit, 2),
            TimePart::Epoch => run(u8::is_ascii_digit, 10),
            TimePart::HexEpoch => run(u8::is_ascii_hexdigit, 8),
            TimePart::Offset { colon } => Some(if *colon { 6 } else { 5 }),
            TimePart::Zone => run(u8::is_ascii_alphanumeric, 8),
            TimePart::Directive('a' | 'b' | 'h') => run(u8::is_ascii_alphabetic, 3),
            TimePart::Directive('A' | 'B' | 'p' | 'P') => run(u8::is_ascii_alphabetic, 9),
            TimePart::Directive('Y' | 'G') => run(u8::is_ascii_digit, 4),
            TimePart::Directive('j') => run(u8::is_ascii_digit, 3),
            TimePart::Directive('u' | 'w') => run(u8::is_ascii_digit, 1),
            TimePart::Directive(_) => run(|byte| byte.is_ascii_digit() || *byte == b' ', 2),
        }?;
    }
    (at <= line.len()).then_some(at)
}

/// How many readings a line has as these parts, up to two, and where the parts of the first one end.
fn readings(parts: &[Vec<Element>], line: &[u8]) -> (u8, Vec<usize>) {
    // For each part, from the last to the first: from which places on the rest of the line can be read, in how many ways, and
    // where the part ends in one of them.
    let mut behind = HashMap::from([(line.len(), (1, line.len()))]);
    let mut begins = vec![Ends::from([0])];
    for part in parts {
        let last = begins.last().expect("there is one at least");
        begins.push(last.iter().flat_map(|at| ends(part, line, *at)).collect());
    }
    let mut found = Vec::new();
    for (part, places) in parts.iter().zip(&begins).rev() {
        let mut here = HashMap::new();
        for at in places {
            let readable = ends(part, line, *at)
                .into_iter()
                .filter_map(|end| Some((end, behind.get(&end)?.0)));
            let readable: Vec<(usize, u8)> = readable.collect();
            if let Some((end, _)) = readable.first() {
                let ways = readable.iter().map(|(_, ways)| ways).sum::<u8>().min(2);
                here.insert(*at, (ways, *end));
            }
        }
        found.push(here.clone());
        behind = here;
    }
    let mut at = 0;
    let found = found.into_iter().rev();
    let ends =
        found.map_while(|places| places.get(&at).map(|(_, end)| at = *end).map(|()| at)).collect();
    (behind.get(&0).map_or(0, |(ways, _)| *ways), ends)
}

/// What each part shows in the lines of all hits, alone. A part comes often, so it is kept.
struct Alone<'a> {
    config: &'a Config,
    site: &'a Site,
    hits: &'a [Hit],
    shown: RefCell<HashMap<String, Vec<String>>>,
}

impl Alone<'_> {
    fn lines(&self, format: &str, hits: &[Hit]) -> Vec<String> {
        lines_in(format, self.config, self.site, hits).lines().map(str::to_owned).collect()
    }

    /// What a part shows in the line of this hit.
    fn show(&self, around: Around, part: &FormatPart, hit: usize) -> String {
        if let Some(text) = part.text {
            return text.to_owned();
        }
        let mut shown = self.shown.borrow_mut();
        let format = around.format(&part.written);
        shown.entry(format).or_insert_with_key(|format| self.lines(format, self.hits))[hit].clone()
    }
}

fn elements_of(around: Around, part: &FormatPart) -> Vec<Element> {
    match part.text {
        Some(text) => vec![text.into()],
        None => LogFormat::parse(&around.format(&part.written)).unwrap().elements().to_vec(),
    }
}

#[test]
fn the_inverse_of_any_format_reads_from_each_line_what_each_part_shows_alone() {
    let config = config(|config| {
        config.user_agents.desktop = vec!["Odd/1.0 (\"a\" \\ b; é\t)".into(), "Plain/1.0".into()];
        config.output.timezone = jiff::tz::TimeZone::get("America/St_Johns").unwrap();
    });
    let site = Site::new(&config);
    let hits = hits_of_all_kinds(&site);
    let alone = Alone { config: &config, site: &site, hits: &hits, shown: RefCell::default() };
    let (all, ambiguous) = (Cell::new(0_u32), Cell::new(0_u32));
    let mut runner = TestRunner::new(ProptestConfig {
        cases: FORMATS,
        source_file: Some(file!()),
        ..ProptestConfig::default()
    });
    let cases = (parts(), 0..hits.len() - HITS);
    let result = runner.run(&cases, |((around, parts), from)| {
        let written: String = parts.iter().map(|part| &*part.written).collect();
        let format = around.format(&written);
        let elements: Vec<_> = parts.iter().map(|part| elements_of(around, part)).collect();
        let chosen = from..from + HITS;
        for (hit, line) in chosen.clone().zip(alone.lines(&format, &hits[chosen])) {
            let expected: Vec<_> = parts.iter().map(|part| alone.show(around, part, hit)).collect();
            let (ways, ends) = readings(&elements, line.as_bytes());
            prop_assert!(ways > 0, "{} cannot be read from {:?}", format, line);
            all.set(all.get() + 1);
            if ways == 1 {
                let begins = [0].into_iter().chain(ends.iter().copied());
                let read: Vec<_> = begins.zip(&ends).map(|(at, end)| &line[at..*end]).collect();
                prop_assert_eq!(read, expected, "{}", format);
            } else {
                ambiguous.set(ambiguous.get() + 1);
                prop_assert_eq!(&line, &expected.concat(), "{}", format);
            }
        }
        Ok(())
    });
    result.unwrap_or_else(|error| panic!("{error}"));
    let (all, ambiguous) = (all.get(), ambiguous.get());
    assert!(all >= FORMATS * HITS as u32, "{all}");
    let share = f64::from(ambiguous) / f64::from(all);
    assert!(share <= MOST_AMBIGUOUS, "{ambiguous} of {all} lines have several readings");
}

#[test]
fn a_line_has_no_reading_where_a_part_is_broken_and_two_where_nothing_tells_parts_apart() {
    let elements = |parts: &[&str]| -> Vec<Vec<Element>> {
        let of = |part: &&str| {
            LogFormat::parse(part).map_or(vec![(*part).into()], |format| format.elements().to_vec())
        };
        parts.iter().map(of).collect()
    };
    let quoted = elements(&["\"", "%{User-Agent}i", "\" ", "%>s"]);
    assert_eq!(readings(&quoted, br#""a \" b\xc3" 200"#), (1, vec![1, 11, 13, 16]));
    for broken in
        [r#""a " b" 200"#, r#""a \" 200"#, r#""a \xc" 200"#, r#""a" 2x0"#, r#""a" 200 "#, ""]
    {
        assert_eq!(readings(&quoted, broken.as_bytes()).0, 0, "{broken}");
    }
    assert_eq!(readings(&elements(&["%>s", "%D"]), b"20012").0, 2);
    assert_eq!(readings(&elements(&["%{User-Agent}i", " ", "%U"]), b"a b c").0, 2);
    assert_eq!(
        readings(&elements(&["%{%d/%b %T}t", "%>s"]), b"08/Nov 07:05:09200"),
        (1, vec![15, 18])
    );
}

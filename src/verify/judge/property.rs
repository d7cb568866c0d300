//! The judge finds each of many random faults exactly, and nothing else. The test knows what it did to a
//! log, so it knows what the judge must find.

use std::collections::BTreeSet;
use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use proptest::prelude::*;

use super::test_run::{TestRun, file, judge_with, settings};
use super::*;
use crate::verify::findings::LineFinding;

/// How many lines a fault has to itself, so that there is no doubt about what must be found.
const CELL: usize = 20;
/// The position of a fault within its cell.
const PLACES: std::ops::Range<usize> = 6..16;
/// The position within a cell at which a line from elsewhere is inserted.
const INSERTED: usize = 3;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Dropped,
    DoubledBehind,
    DoubledFar,
    SwappedNeighbours,
    SwappedFar,
    Altered,
    Foreign,
}

const KINDS: [Kind; 7] = [
    Kind::Dropped,
    Kind::DoubledBehind,
    Kind::DoubledFar,
    Kind::SwappedNeighbours,
    Kind::SwappedFar,
    Kind::Altered,
    Kind::Foreign,
];

/// A way to damage a log.
#[derive(Clone, Debug)]
struct Case {
    seed: u64,
    rate: f64,
    cells: usize,
    /// The window, in cells.
    window: usize,
    /// The most faults that are made.
    most: usize,
    /// Random numbers for each fault: which kind, which cell, where in it, where else, and how.
    faults: Vec<(usize, usize, usize, usize, usize)>,
    /// Where the log is split into files, in cells.
    cuts: BTreeSet<usize>,
    /// Files that are lost, repeated, or have their last line torn, if they exist.
    missing: Option<usize>,
    twice: Option<usize>,
    torn: Option<(usize, usize)>,
    /// The order in which the files are named on the command line.
    order: Vec<usize>,
    /// Files that are packed as archives.
    archives: Vec<bool>,
}

/// A finding, actual or expected: the number of a line, and where it came, as file and line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Fault {
    Missing(u64),
    Doubled(u64, (usize, u64)),
    OutOfOrder(u64, (usize, u64)),
    Altered(u64, (usize, u64)),
    Foreign((usize, u64)),
}

/// A received line: its text, and what the judge must take it for.
#[derive(Clone, Debug)]
struct Item {
    text: Vec<u8>,
    is: Is,
}

#[derive(Clone, Copy, Debug)]
enum Is {
    InPlace(u64),
    Doubled(u64),
    OutOfOrder(u64),
    Altered(u64),
    Foreign,
}

/// The damage to the log, before it is split into files.
struct Bench<'a> {
    lines: &'a [Vec<u8>],
    foreign: &'a [Vec<u8>],
    /// For each line, the lines that are received in its place.
    received: Vec<Vec<Item>>,
    /// Cells that contain a fault, and those into which something was inserted.
    faulty: BTreeSet<usize>,
    entered: BTreeSet<usize>,
    /// Cells of files that must stay undamaged.
    clean: BTreeSet<usize>,
    equal: BTreeSet<&'a [u8]>,
}

impl Bench<'_> {
    /// Makes a fault unless the cells are taken, and returns whether it did. `from` and `to` are cells,
    /// `place` is a position in them.
    fn fault(&mut self, kind: Kind, from: usize, to: usize, place: usize, how: usize) -> bool {
        let line = from * CELL + place;
        let other = to * CELL + place;
        let far = matches!(kind, Kind::DoubledFar | Kind::SwappedFar);
        let taken = self.faulty.contains(&from) || self.clean.contains(&from);
        let other_taken = match kind {
            Kind::SwappedFar => self.faulty.contains(&to),
            Kind::DoubledFar => self.entered.contains(&to),
            _ => false,
        };
        if taken || (far && (from == to || other_taken || self.clean.contains(&to))) {
            return false;
        }
        // Of two equal lines, the judge cannot tell which is missing.
        if [line, line + 1, other].iter().any(|at| self.equal.contains(&self.lines[*at][..])) {
            return false;
        }
        let item = |at: usize, is: fn(u64) -> Is| Item {
            text: self.lines[at].clone(),
            is: is(at as u64 + 1),
        };
        match kind {
            Kind::Dropped => self.received[line].clear(),
            Kind::DoubledBehind => self.received[line].push(item(line, Is::Doubled)),
            Kind::DoubledFar => {
                let double = item(line, Is::Doubled);
                self.received[to * CELL + INSERTED].insert(0, double);
                self.entered.insert(to);
            }
            Kind::SwappedNeighbours => {
                self.received[line] = vec![item(line + 1, Is::InPlace)];
                self.received[line + 1] = vec![item(line, Is::OutOfOrder)];
            }
            Kind::SwappedFar => {
                let there = item(line, Is::OutOfOrder);
                self.received[line] = vec![item(other, Is::OutOfOrder)];
                self.received[other] = vec![there];
                self.faulty.insert(to);
            }
            Kind::Altered => {
                let mut altered = item(line, Is::Altered);
                let at = how % altered.text.len();
                altered.text[at] = if altered.text[at] == b'#' { b'%' } else { b'#' };
                self.received[line] = vec![altered];
            }
            Kind::Foreign => {
                let text = self.foreign[how % self.foreign.len()].clone();
                self.received[line].push(Item { text, is: Is::Foreign });
            }
        }
        self.faulty.insert(from);
        true
    }

    /// Makes the faults of a case as far as possible, and returns how many.
    fn make_faults(&mut self, case: &Case) -> usize {
        let mut made = 0;
        for &(kind, from, place, away, how) in &case.faults {
            if made == case.most {
                break;
            }
            let from = from % case.cells;
            // A displaced line must be found within a quarter of the window.
            let reach = (case.window / 4).min(case.cells - 1).max(1);
            let to = (from + 2 * case.cells + away % (2 * reach + 1) - reach) % case.cells;
            let to = if to.abs_diff(from) > reach { from } else { to };
            let place = PLACES.start + place % (PLACES.end - PLACES.start);
            made += usize::from(self.fault(KINDS[kind % KINDS.len()], from, to, place, how));
        }
        made
    }
}

/// The log of a case split into files, the findings expected in them, and the number of faults.
fn prepare(case: &Case) -> (TestRun, Vec<Vec<u8>>, BTreeSet<Fault>, usize) {
    let count = case.cells * CELL;
    let mut run = TestRun::ended(case.seed, count as u64);
    run.config.output.rate = case.rate;
    run.facts.reached = Time::MAX / 2;
    let lines = run.lines(count as u64);
    let foreign = TestRun { seed: case.seed + 1, ..run.clone() }.lines(1_000);
    let mut seen = BTreeSet::new();
    let equal = lines.iter().map(Vec::as_slice).filter(|line| !seen.insert(*line)).collect();
    let mut bounds: Vec<_> = case.cuts.iter().copied().filter(|cut| *cut < case.cells).collect();
    bounds.insert(0, 0);
    bounds.push(case.cells);
    bounds.dedup();
    let files: Vec<_> = bounds.windows(2).map(|pair| pair[0]..pair[1]).collect();
    let chosen = |file: usize| file % files.len();
    let missing = case.missing.map(chosen);
    let twice = case.twice.map(chosen).filter(|file| Some(*file) != missing);
    let clean = missing.into_iter().chain(twice).flat_map(|file| files[file].clone()).collect();
    let received = lines
        .iter()
        .zip(1..)
        .map(|(text, number)| vec![Item { text: text.clone(), is: Is::InPlace(number) }])
        .collect();
    let mut bench = Bench {
        lines: &lines,
        foreign: &foreign,
        received,
        faulty: BTreeSet::new(),
        entered: BTreeSet::new(),
        clean,
        equal,
    };
    let made = bench.make_faults(case);
    let mut contents: Vec<Vec<Item>> = files
        .iter()
        .map(|cells| bench.received[cells.start * CELL..cells.end * CELL].concat())
        .collect();
    let torn = case.torn.map(|(file, cut)| (chosen(file), cut));
    let torn = torn.filter(|(file, _)| Some(*file) != missing && Some(*file) != twice);
    if let Some((file, cut)) = torn {
        let last = contents[file].last_mut().unwrap();
        if let Is::InPlace(number) = last.is {
            last.text.truncate(1 + cut % (last.text.len() - 1));
            last.is = Is::Altered(number);
        }
    }
    let (named, order) = named_in_order(case, contents, missing, twice);
    let faults = faults_in(&named, count as u64);
    let torn_file = torn.and_then(|(file, _)| order.iter().position(|other| *other == file));
    let files = named
        .iter()
        .enumerate()
        .map(|(number, items)| {
            let mut bytes = file(items.iter().map(|item| &item.text));
            if torn_file == Some(number) {
                bytes.pop();
            }
            if case.archives.get(number).copied().unwrap_or(false) { gzip(&bytes) } else { bytes }
        })
        .collect();
    (run, files, faults, made)
}

/// The files in the order in which they are named, with an empty one and a repeated one; and that order.
fn named_in_order(
    case: &Case,
    mut contents: Vec<Vec<Item>>,
    missing: Option<usize>,
    twice: Option<usize>,
) -> (Vec<Vec<Item>>, Vec<usize>) {
    let second = twice.map(|file| contents[file].clone());
    if let Some(file) = missing {
        contents[file].clear();
    }
    // The copy that is named last counts as the second.
    let mut order: Vec<_> = (0..contents.len()).collect();
    order.sort_by_key(|file| (case.order.get(*file).copied().unwrap_or(0), *file));
    let mut named: Vec<Vec<Item>> =
        order.iter().map(|file| std::mem::take(&mut contents[*file])).collect();
    named.extend(second.map(|mut items| {
        for item in &mut items {
            if let Is::InPlace(number) = item.is {
                item.is = Is::Doubled(number);
            }
        }
        items
    }));
    (named, order)
}

/// The findings expected in the files of a run with this many lines.
fn faults_in(named: &[Vec<Item>], count: u64) -> BTreeSet<Fault> {
    let mut missing: BTreeSet<u64> = (1..=count).collect();
    let mut faults = BTreeSet::new();
    for (file, items) in named.iter().enumerate() {
        for (item, line) in items.iter().zip(1..) {
            let place = (file, line);
            if let Is::InPlace(number) | Is::OutOfOrder(number) | Is::Altered(number) = item.is {
                missing.remove(&number);
            }
            faults.extend(match item.is {
                Is::InPlace(_) => None,
                Is::Doubled(number) => Some(Fault::Doubled(number, place)),
                Is::OutOfOrder(number) => Some(Fault::OutOfOrder(number, place)),
                Is::Altered(number) => Some(Fault::Altered(number, place)),
                Is::Foreign => Some(Fault::Foreign(place)),
            });
        }
    }
    faults.extend(missing.into_iter().map(Fault::Missing));
    faults
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// The actual findings, line by line.
fn found(outcome: &Judgement) -> BTreeSet<Fault> {
    let run = outcome.runs[0].as_ref().unwrap();
    let mut faults = BTreeSet::new();
    let mut add = |findings: &Findings, fault: fn(u64, (usize, u64)) -> Fault| {
        for LineFinding { number, lines, place, .. } in &findings.first {
            let (file, line) = place.map_or((0, 0), |place| (place.file, place.line));
            let number = number.unwrap_or(0);
            faults.extend((0..*lines).map(|at| fault(number + at, (file, line + at))));
        }
    };
    add(&run.missing, |number, _| Fault::Missing(number));
    add(&run.doubled, Fault::Doubled);
    add(&run.out_of_order, Fault::OutOfOrder);
    add(&run.altered, Fault::Altered);
    add(&outcome.foreign, |_, place| Fault::Foreign(place));
    faults
}

fn holds(case: &Case) -> Result<(usize, usize), TestCaseError> {
    let (run, files, faults, made) = prepare(case);
    let outcome = judge_with(&settings((case.window * CELL) as u64), &[run], files);
    let found = found(&outcome);
    // Only differences are shown, because a log has thousands of lines.
    let unfounded: Vec<_> = found.difference(&faults).collect();
    let not_found: Vec<_> = faults.difference(&found).collect();
    prop_assert!(found == faults, "unfounded: {unfounded:?}, not found: {not_found:?}");
    Ok((faults.len(), made))
}

/// Cases with up to this many cells and faults.
fn cases(
    cells: std::ops::Range<usize>,
    faults: std::ops::Range<usize>,
) -> impl Strategy<Value = Case> {
    let number = any::<usize>;
    let log = (any::<u32>(), prop_oneof![Just(1.0), Just(30.0), Just(1_000.0), Just(100_000.0)]);
    let sizes = (cells, prop_oneof![100_usize..200, 1_000_usize..2_000]);
    let fault = (number(), number(), number(), number(), number());
    let files = (
        prop::collection::btree_set(2_usize..1_000, 0..8),
        prop::option::weighted(0.3, number()),
        prop::option::weighted(0.3, number()),
        prop::option::weighted(0.3, (number(), number())),
        prop::collection::vec(number(), 9),
        prop::collection::vec(prop::bool::weighted(0.3), 10),
    );
    (log, sizes, prop::collection::vec(fault, faults), files).prop_map(
        |(log, sizes, faults, files)| Case {
            seed: log.0.into(),
            rate: log.1,
            cells: sizes.0,
            // Files are distinguished by their seconds, so the window must hold more than one second.
            window: if log.1 > 100.0 { sizes.1.max(sizes.0) } else { sizes.1 },
            most: usize::MAX,
            faults,
            cuts: files.0,
            missing: files.1,
            twice: files.2,
            torn: files.3,
            order: files.4,
            archives: files.5,
        },
    )
}

proptest! {
    // One case for 128 of the usual number, because each is a whole log. PROPTEST_CASES raises the number.
    #![proptest_config(ProptestConfig {
        cases: ProptestConfig::default().cases / 128,
        max_shrink_iters: 200,
        ..ProptestConfig::default()
    })]

    #[test]
    fn each_of_many_random_faults_is_found_exactly_and_nothing_else(case in cases(20..1_000, 0..1_000)) {
        holds(&case)?;
    }
}

/// The large test, for `make property`; it takes a minute.
#[test]
#[ignore = "takes a minute; `make property` runs it"]
fn a_thousand_faults_in_a_million_lines_are_found_exactly() {
    let numbers = (0..).map(|number: usize| number.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 20);
    let numbers: Vec<_> = numbers.take(7_500).collect();
    let faults = numbers.chunks(5).map(|n| (n[0], n[1], n[2], n[3], n[4])).collect();
    let case = Case {
        seed: 7,
        rate: 1_000.0,
        cells: 50_000,
        window: 50_000,
        most: 1_000,
        faults,
        cuts: [12_000, 25_000, 40_000].into(),
        missing: None,
        twice: None,
        torn: None,
        order: vec![2, 0, 3, 1],
        archives: vec![true, false, true],
    };
    // Two lines swapped over a distance are one fault, but two lines out of order.
    let (found, made) = holds(&case).unwrap();
    assert!(made == 1_000 && found > 1_000, "{found} of {made}");
}

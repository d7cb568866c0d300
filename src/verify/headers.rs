//! The lines of headers in a received file, such as `#Fields: ...`. They are no hits, so nothing is compared with them; but the
//! places of findings count them.

use super::findings::{Findings, Place};
use super::judge::Judgement;

/// Where a file has lines of headers. Files may be glued together, so they can stand anywhere.
#[derive(Clone, Debug, Default)]
pub struct HeaderLines {
    /// Behind how many other lines some stand, and how many there are up to there.
    stretches: Vec<(u64, u64)>,
}

impl HeaderLines {
    /// Notes a line of a header behind so many other lines. They come in their order.
    pub fn note(&mut self, others: u64) {
        match self.stretches.last_mut() {
            Some((behind, lines)) if *behind == others => *lines += 1,
            last => {
                let before = last.map_or(0, |(_, lines)| *lines);
                self.stretches.push((others, before + 1));
            }
        }
    }

    /// The number in the file of the line that has this number among the others. Both count from 1.
    fn in_file(&self, line: u64) -> u64 {
        let before = self.stretches.partition_point(|(behind, _)| *behind < line);
        line + before.checked_sub(1).map_or(0, |last| self.stretches[last].1)
    }
}

/// Gives the findings the numbers that lines have in their files. `files` has the headers of each file.
pub fn count_headers(judgement: &mut Judgement, files: &[HeaderLines]) {
    let count = |place: &mut Option<Place>| {
        if let Some(place) = place {
            place.line = files.get(place.file).map_or(place.line, |file| file.in_file(place.line));
        }
    };
    let all = |findings: &mut Findings| {
        findings.first.iter_mut().for_each(|finding| count(&mut finding.place));
    };
    for run in judgement.runs.iter_mut().flatten() {
        let kinds = [&mut run.missing, &mut run.doubled, &mut run.out_of_order, &mut run.altered];
        kinds.into_iter().for_each(all);
        if let Some(unwritten) = &mut run.unwritten {
            count(&mut unwritten.begun);
        }
    }
    all(&mut judgement.foreign);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_the_number_that_it_has_in_its_file() {
        let mut headers = HeaderLines::default();
        assert_eq!(headers.in_file(7), 7);
        // Two lines of a header, three others, one of a header, one other.
        for others in [0, 0, 3] {
            headers.note(others);
        }
        assert_eq!([1, 2, 3, 4].map(|line| headers.in_file(line)), [3, 4, 5, 7]);
    }
}

//! Which lines are altered forms of other lines: with a few bytes changed, cut off, or glued to another line.

/// How many bytes two lines have in common, if one can be the altered form of the other; `None` if not.
/// At least three quarters of the longer line must match at its beginning and its end together, or the
/// whole of the shorter line at either end. Lines of two visitors share less, even with the same
/// browser.
pub fn resemblance(one: &[u8], other: &[u8]) -> Option<usize> {
    let (short, long) = if one.len() < other.len() { (one, other) } else { (other, one) };
    let same = |pair: &(&u8, &u8)| pair.0 == pair.1;
    let front = short.iter().zip(long).take_while(same).count();
    let back = short.iter().rev().zip(long.iter().rev()).take_while(same).count();
    let both = (front + back).min(short.len());
    let whole = !short.is_empty() && (front == short.len() || back == short.len());
    (whole || (both > 0 && 4 * both >= 3 * long.len())).then_some(both)
}

/// How far apart, in positions, two lines may be to be compared.
const REACH: usize = 16;
/// How many strangers have their candidates rendered together.
const TOGETHER: usize = 64;

/// Pairs `strangers` with the `candidates` that they once were, the best pairs first, each line at most
/// once: (stranger, candidate). Both are in order. Only lines at roughly the same position are compared,
/// counted from either end, so that the work grows linearly.
pub fn pair(
    strangers: &[&[u8]],
    candidates: usize,
    mut render: impl FnMut(usize) -> Vec<u8>,
) -> Vec<(usize, usize)> {
    let mut alike: Vec<(usize, usize, usize)> = Vec::new();
    let further = candidates as isize - strangers.len() as isize;
    for (chunk, some) in strangers.chunks(TOGETHER).enumerate() {
        let from = chunk * TOGETHER;
        let around = |shift: isize| {
            let at = |place: usize, reach: isize| {
                (place as isize + shift + reach).clamp(0, candidates as isize) as usize
            };
            at(from, -(REACH as isize))..at(from + some.len(), REACH as isize)
        };
        let (front, back) = (around(0), around(further));
        // Where the two ranges meet, no candidate is compared twice.
        let back = if further >= 0 {
            back.start.max(front.end)..back.end.max(front.end)
        } else {
            back.start..back.end.min(front.start).max(back.start)
        };
        for candidate in front.chain(back) {
            let text = render(candidate);
            for (at, stranger) in some.iter().enumerate() {
                if let Some(same) = resemblance(stranger, &text) {
                    alike.push((same, from + at, candidate));
                }
            }
        }
    }
    alike.sort_unstable_by_key(|&(same, stranger, candidate)| {
        (usize::MAX - same, stranger, candidate)
    });
    let mut paired = (vec![false; strangers.len()], vec![false; candidates]);
    alike.retain(|&(_, stranger, candidate)| {
        let free = !paired.0[stranger] && !paired.1[candidate];
        if free {
            (paired.0[stranger], paired.1[candidate]) = (true, true);
        }
        free
    });
    let mut pairs: Vec<_> =
        alike.into_iter().map(|(_, stranger, candidate)| (stranger, candidate)).collect();
    pairs.sort_unstable();
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: &str = "10.1.2.3 - - [10/Oct/2024:13:55:36 +0000] \"GET / HTTP/1.1\" 200 2847 \"-\" \"Mozilla/5.0 (X11)\"";
    const TWO: &str = "10.9.8.7 - jo [10/Oct/2024:13:55:37 +0000] \"GET /cart HTTP/1.1\" 200 93 \"-\" \"Mozilla/5.0 (X11)\"";

    fn alike(one: &str, other: &str) -> bool {
        resemblance(one.as_bytes(), other.as_bytes()).is_some()
    }

    #[test]
    fn a_changed_byte_or_stamp_and_a_line_cut_off_or_glued_resemble_the_line() {
        assert!(alike(ONE, &ONE.replace("2847", "2848")));
        assert!(alike(ONE, &ONE.replace("13:55:36", "00:00:00")));
        assert!(alike(ONE, &format!("{ONE}\r")));
        assert!(alike(ONE, &ONE[..1]));
        assert!(alike(ONE, &ONE[ONE.len() - 1..]));
        assert!(alike(ONE, &format!("{ONE}{TWO}")) && alike(TWO, &format!("{ONE}{TWO}")));
    }

    #[test]
    fn two_visitors_lines_do_not_resemble_each_other_and_nothing_resembles_nothing() {
        assert!(!alike(ONE, TWO));
        assert!(!alike(ONE, "") && !alike("", ""));
        assert!(!alike(ONE, "1x"));
    }

    fn pairs(strangers: &[&str], candidates: &[&str]) -> Vec<(usize, usize)> {
        let strangers: Vec<_> = strangers.iter().map(|text| text.as_bytes()).collect();
        pair(&strangers, candidates.len(), |at| candidates[at].as_bytes().to_vec())
    }

    #[test]
    fn each_line_has_one_pair_the_best() {
        let torn = &ONE[..40];
        let changed = ONE.replace("2847", "2848");
        assert_eq!(pairs(&[torn, &changed], &[ONE]), [(1, 0)]);
        assert_eq!(pairs(&[torn, &changed, TWO], &[TWO, ONE]), [(1, 1), (2, 0)]);
        assert_eq!(pairs(&[&format!("{ONE}{TWO}")], &[ONE, TWO]), [(0, 1)]);
        assert_eq!(pairs(&["x"], &[ONE, TWO]), []);
        assert_eq!(pairs(&["x"], &[]), []);
    }

    #[test]
    fn among_thousands_each_finds_its_own_from_either_end() {
        let lines: Vec<String> = (0..3_000).map(|number| format!("{ONE} {number:05}")).collect();
        let changed: Vec<String> = lines.iter().map(|line| line.replace("GET", "PUT")).collect();
        let refer = |lines: &[String]| {
            lines.iter().map(|line| line.clone().into_bytes()).collect::<Vec<_>>()
        };
        let lines = refer(&lines);
        for range in [0..3_000, 0..1_000, 2_000..3_000] {
            let some = refer(&changed[range.clone()]);
            let some: Vec<_> = some.iter().map(Vec::as_slice).collect();
            let expected: Vec<_> = range.enumerate().collect();
            assert_eq!(pair(&some, lines.len(), |at| lines[at].clone()), expected);
        }
    }
}

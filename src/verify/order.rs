//! Which lines of a file are out of order: the fewest that would have to be moved. The others are the
//! longest increasing subsequence, or the heaviest one if lines come in runs.

use std::collections::BTreeMap;

/// For each of `runs`, whether it stays where it is. A run is (first, length) of expected lines; runs
/// come in the order in which they were received, and no line is in two of them. A run that begins
/// before `front` never stays. Of two equally good solutions, the one received first wins.
pub fn stay(runs: &[(u64, u64)], front: u64) -> Vec<bool> {
    let in_order = runs.first().is_none_or(|run| run.0 >= front)
        && runs.windows(2).all(|pair| pair[0].0 < pair[1].0);
    if in_order {
        return vec![true; runs.len()];
    }
    // Keyed by where a chain's last run begins: how many lines the chain has, and its last run. Later
    // keys never have shorter chains.
    let mut chains: BTreeMap<u64, (u64, usize)> = BTreeMap::new();
    let mut before: Vec<Option<usize>> = vec![None; runs.len()];
    for (number, &(first, length)) in runs.iter().enumerate().filter(|(_, run)| run.0 >= front) {
        let longest = chains.range(..first).next_back().map(|(_, chain)| *chain);
        let lines = longest.map_or(0, |chain| chain.0) + length;
        before[number] = longest.map(|chain| chain.1);
        while let Some((&further, chain)) = chains.range(first..).next()
            && chain.0 < lines
        {
            chains.remove(&further);
        }
        chains.insert(first, (lines, number));
    }
    let mut stay = vec![false; runs.len()];
    let mut last = chains.last_key_value().map(|(_, chain)| chain.1);
    while let Some(number) = last {
        stay[number] = true;
        last = before[number];
    }
    stay
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn lines(lines: &[u64]) -> Vec<u64> {
        let runs: Vec<_> = lines.iter().map(|line| (*line, 1)).collect();
        let stays = stay(&runs, 0);
        lines.iter().zip(stays).filter_map(|(line, stays)| (!stays).then_some(*line)).collect()
    }

    #[test]
    fn of_two_swapped_neighbours_the_late_one_is_out_of_order() {
        assert_eq!(lines(&[1, 2, 4, 3, 5]), [3]);
    }

    #[test]
    fn two_lines_swapped_far_apart_are_two_lines_out_of_order() {
        assert_eq!(lines(&[1, 6, 3, 4, 5, 2, 7]), [6, 2]);
    }

    #[test]
    fn of_a_moved_block_and_what_it_was_moved_over_the_shorter_one_moved() {
        assert_eq!(stay(&[(0, 100), (110, 50), (100, 10), (160, 9)], 0), [true, true, false, true]);
        assert_eq!(stay(&[(0, 100), (150, 10), (100, 50), (160, 9)], 0), [true, false, true, true]);
    }

    #[test]
    fn nothing_before_the_front_stays() {
        assert_eq!(stay(&[(5, 5), (10, 1), (12, 3)], 10), [false, true, true]);
    }

    proptest! {
        #[test]
        fn as_many_stay_as_the_textbook_says(order in Just((0..40_u64).collect::<Vec<_>>()).prop_shuffle()) {
            let mut best = vec![1; order.len()];
            for i in 0..order.len() {
                for j in 0..i {
                    if order[j] < order[i] {
                        best[i] = best[i].max(best[j] + 1);
                    }
                }
            }
            let moved = lines(&order);
            prop_assert_eq!(order.len() - moved.len(), best.into_iter().max().unwrap());
            let kept: Vec<_> = order.iter().filter(|line| !moved.contains(line)).collect();
            prop_assert!(kept.is_sorted());
        }
    }
}

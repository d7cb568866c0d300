//! One log with two destinations, in step: the first takes a batch whole before the second gets it.

use std::path::Path;

use super::change::Change;
use super::lines::Lines;
use super::sink::Sink;
use crate::error::Result;

/// Two sinks for the lines of one log.
#[derive(Debug)]
pub struct Both<A, B> {
    first: A,
    second: B,
    /// The first sink has taken the whole of the current batch, so many bytes, and must not get it again.
    taken: Option<usize>,
}

impl<A, B> Both<A, B> {
    /// Each batch goes to `first`, and then to `second`.
    pub fn new(first: A, second: B) -> Self {
        Self { first, second, taken: None }
    }
}

impl<F, A: Sink<F>, B: Sink<F>> Sink<F> for Both<A, B> {
    fn append(&mut self, lines: Lines<'_>) -> Result<()> {
        if self.taken.is_none() {
            self.first.append(lines)?;
            self.taken = Some(lines.bytes.len());
        }
        self.second.append(lines)?;
        self.taken = None;
        Ok(())
    }

    fn is_taken(&mut self) -> Result<bool> {
        Ok(self.first.is_taken()? | self.second.is_taken()?)
    }

    fn check(&mut self) -> Result<()> {
        self.first.check().and(self.second.check())
    }

    fn reopen(&mut self) -> Result<()> {
        self.first.reopen().and(self.second.reopen())
    }

    fn rotate(&mut self) -> Result<()> {
        self.first.rotate().and(self.second.rotate())
    }

    /// Returns what the first sink has; the second may have less.
    fn give_up(&mut self) -> Result<usize> {
        let (first, second) = (self.first.give_up(), self.second.give_up());
        let first = first?;
        second?;
        Ok(self.taken.unwrap_or(first))
    }

    fn sync(&mut self) -> Result<()> {
        self.first.sync().and(self.second.sync())
    }

    fn changes(&mut self) -> Vec<Change<F>> {
        let mut changes = self.first.changes();
        changes.extend(self.second.changes());
        changes
    }

    fn never_rotated(&self) -> Option<&Path> {
        self.first.never_rotated().or(self.second.never_rotated())
    }

    fn leads_to_a_stream(&self) -> bool {
        self.first.leads_to_a_stream() || self.second.leads_to_a_stream()
    }

    fn is_over(&self) -> bool {
        self.first.is_over() || self.second.is_over()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;
    use std::io::{Error as IoError, ErrorKind};

    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;
    use crate::error::Error;
    use crate::files::lines::Unit;

    /// A sink that takes so many bytes of a batch and then fails, as often as planned.
    #[derive(Debug, Default)]
    struct FailingSink {
        plan: VecDeque<Option<usize>>,
        content: Vec<u8>,
        written: usize,
        is_over: bool,
    }

    impl FailingSink {
        fn new(plan: &[Option<usize>]) -> Self {
            Self { plan: plan.iter().copied().collect(), ..Self::default() }
        }
    }

    impl Sink<()> for FailingSink {
        fn append(&mut self, lines: Lines<'_>) -> Result<()> {
            let rest = &lines.bytes[self.written..];
            let fault = self.plan.pop_front().flatten();
            let count = fault.map_or(rest.len(), |most| most.min(rest.len()));
            self.content.extend_from_slice(&rest[..count]);
            self.written += count;
            match fault {
                Some(_) => {
                    let full = IoError::from(ErrorKind::StorageFull);
                    Err(Error::io("write to", Path::new("x"))(full))
                }
                None => {
                    self.written = 0;
                    Ok(())
                }
            }
        }

        fn is_taken(&mut self) -> Result<bool> {
            Ok(false)
        }

        fn check(&mut self) -> Result<()> {
            Ok(())
        }

        fn reopen(&mut self) -> Result<()> {
            Ok(())
        }

        fn give_up(&mut self) -> Result<usize> {
            Ok(self.written)
        }

        fn sync(&mut self) -> Result<()> {
            Ok(())
        }

        fn changes(&mut self) -> Vec<Change<()>> {
            Vec::new()
        }

        fn never_rotated(&self) -> Option<&Path> {
            None
        }

        fn leads_to_a_stream(&self) -> bool {
            false
        }

        fn is_over(&self) -> bool {
            self.is_over
        }
    }

    fn lines(bytes: &[u8]) -> Lines<'_> {
        Lines { bytes, marks: &[], unit: Unit::Line }
    }

    proptest! {
        #[test]
        fn both_have_each_byte_once_and_in_order_whatever_fails(
            batches in vec(vec(any::<u8>(), 0..20), 1..12),
            one in vec(prop::option::of(0usize..24), 0..12),
            other in vec(prop::option::of(0usize..24), 0..12),
        ) {
            let mut both = Both::new(FailingSink::new(&one), FailingSink::new(&other));
            for batch in &batches {
                while both.append(lines(batch)).is_err() {
                    // In step: the second never has a byte that the first has not.
                    prop_assert!(both.first.content.starts_with(&both.second.content));
                }
            }
            let all = batches.concat();
            prop_assert_eq!(&both.first.content, &all);
            prop_assert_eq!(&both.second.content, &all);
        }
    }

    #[test]
    fn what_is_given_up_counts_as_far_as_the_first_has_it() {
        let mut both = Both::new(FailingSink::new(&[Some(2)]), FailingSink::default());
        both.append(lines(b"a\nb\n")).unwrap_err();
        assert_eq!(both.give_up().unwrap(), 2);
        let mut both = Both::new(FailingSink::default(), FailingSink::new(&[Some(2)]));
        both.append(lines(b"a\nb\n")).unwrap_err();
        assert_eq!([both.give_up().unwrap(), both.give_up().unwrap()], [4, 4]);
    }

    #[test]
    fn the_run_is_over_when_either_has_lost_its_reader() {
        let over = |is_over| FailingSink { is_over, ..FailingSink::default() };
        for (first, second) in [(false, false), (true, false), (false, true)] {
            assert_eq!(Both::new(over(first), over(second)).is_over(), first || second);
        }
    }
}

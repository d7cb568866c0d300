//! The states of `state_transitions` for people: where the configuration has tables, a visit goes by them, and not by the number
//! of pages that `actors.people` says. They know neither pages nor times.

use super::visit::Visit;
use crate::config::{Config, Distribution, State};
use crate::stream::quantiles::Quantiles;
use crate::stream::random::{Chance, Choice, Random};
use crate::stream::session::transitions;

/// The tables of a configuration that has some.
#[derive(Debug)]
pub struct States {
    start: Choice<State>,
    login: Choice<State>,
    direct_access: Choice<State>,
    browsing: Choice<State>,
    /// The length of a spell of page views, in parts.
    spell: Quantiles,
    /// How many parts a second has.
    parts: f64,
    fills_cart: Chance,
}

/// What a visitor does next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Move {
    /// Looks at another page.
    View,
    /// Comes by an entry page.
    Enter,
    /// Goes to the log-in form.
    LogIn,
    /// Logs out.
    LogOut,
    /// Looks into the cart.
    Cart,
    /// Asks for a page that fails.
    Fail,
    /// Leaves.
    Leave,
}

/// The state in which a visit is, as [`Visit::state`] has it: its number and the mark of a visitor who is logged in.
const LOGGED_IN: u8 = 0x80;
/// How many parts the longest spell has: they fit into [`Visit::left`].
const MOST_PARTS: f64 = 60_000.0;

impl States {
    /// The tables of a configuration; `None` without any.
    pub fn new(config: &Config) -> Option<Self> {
        let tables = &config.state_transitions;
        if tables.is_empty() {
            return None;
        }
        let (shortest, longest) =
            (config.session.min_browsing_duration, config.session.max_browsing_duration);
        let parts = if longest > 0.0 { MOST_PARTS / longest } else { 1.0 };
        Some(Self {
            start: transitions(&tables.start),
            login: transitions(&tables.login),
            direct_access: transitions(&tables.direct_access),
            browsing: transitions(&tables.browsing),
            spell: Quantiles::new(
                &Distribution::Range(shortest * parts, longest * parts),
                MOST_PARTS,
            ),
            parts,
            fills_cart: Chance::new(config.error_rates.cart_abandonment_rate),
        })
    }

    /// The first move of a visit, which makes a hit.
    pub fn start(&self, visit: &mut Visit, random: &mut Random) -> Move {
        loop {
            let state = self.start.draw(random);
            match self.enter(visit, state, random) {
                Move::Leave => {}
                first => return first,
            }
        }
    }

    /// The next move, after a think time of `wait` seconds.
    pub fn next(&self, visit: &mut Visit, wait: f64, random: &mut Random) -> Move {
        let table = match State::ALL[usize::from(visit.state & !LOGGED_IN)] {
            State::Login => &self.login,
            State::DirectAccess => &self.direct_access,
            State::Browsing => {
                let after = f64::from(visit.left) - wait * self.parts;
                if after >= 0.0 {
                    visit.left = after as u16;
                    return Move::View;
                }
                &self.browsing
            }
            _ => return Move::Leave,
        };
        let state = table.draw(random);
        self.enter(visit, state, random)
    }

    fn enter(&self, visit: &mut Visit, state: State, random: &mut Random) -> Move {
        let is_logged_in = visit.state & LOGGED_IN != 0;
        visit.state = state as u8 | visit.state & LOGGED_IN;
        match state {
            State::Login => {
                visit.state |= LOGGED_IN;
                Move::LogIn
            }
            State::DirectAccess => Move::Enter,
            State::Browsing => {
                visit.left = self.spell.draw(random) as u16;
                Move::View
            }
            State::Logout if is_logged_in => Move::LogOut,
            State::Abandon if random.happens(self.fills_cart) => Move::Cart,
            State::Error => Move::Fail,
            State::Start | State::Logout | State::Abandon | State::Leave | State::End => {
                Move::Leave
            }
        }
    }
}

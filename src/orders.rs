//! What a run is asked to do while it goes on, and what it answers. Those who ask are in other threads; the scheduler obeys.

use crossbeam_channel::{Receiver, Sender, bounded};

use crate::config::Config;
use crate::config::steering::Act;
use crate::epoch::{ComingEpoch, Prepared};
use crate::stop::Stop;
use crate::time::Time;

/// How many orders may wait.
const WAITING: usize = 16;

/// Something that the scheduler is asked to do.
#[derive(Debug)]
pub enum Order {
    /// An act on the stream.
    Act(Act),
    /// To go on with another configuration.
    Reload(Box<Config>),
    /// To begin another epoch, of another site or with other visitors.
    Begin(Box<Prepared>),
    /// To write nothing until it is told to go on. What would have been due meanwhile is left out.
    Pause,
    /// To go on after a pause.
    Resume,
}

/// What became of an order.
#[derive(Debug)]
pub enum Obeyed {
    /// It is carried out, in words.
    Done(String),
    /// It is not, for this reason; all goes on as before.
    Refused(String),
    /// It cannot be carried out before the epoch has begun that is to come: to be asked again in a moment.
    Busy,
    /// It needs another site or other visitors: to be [prepared](Prepared), and then [begun](Order::Begin).
    NeedsAnotherSite(Box<Config>),
}

/// An order with the place for its answer.
#[derive(Debug)]
pub struct GivenOrder {
    /// The order.
    pub order: Order,
    /// Takes the answer.
    pub answer: Sender<Obeyed>,
}

/// Gives orders to the scheduler of a run; clones give them to the same.
#[derive(Clone, Debug)]
pub struct Orders {
    given: Sender<GivenOrder>,
    stop: Stop,
}

impl Orders {
    /// Where orders are given, and where they come out. The stop wakes the scheduler for each.
    pub fn new(stop: &Stop) -> (Self, Receiver<GivenOrder>) {
        let (given, taken) = bounded(WAITING);
        (Self { given, stop: stop.clone() }, taken)
    }

    /// Gives an order, and waits for the answer.
    pub fn give(&self, order: Order) -> Obeyed {
        let (answer, answered) = bounded(1);
        let gone = || Obeyed::Refused("the run is ending".to_owned());
        if self.given.send(GivenOrder { order, answer }).is_err() {
            return gone();
        }
        self.stop.wake();
        answered.recv().unwrap_or_else(|_| gone())
    }
}

/// Where the scheduler keeps the orders that it takes, and what is still to come of them.
#[derive(Debug)]
pub struct OrderBook {
    /// The orders that are given.
    pub given: Receiver<GivenOrder>,
    /// Whether the run was asked to pause.
    pub held: bool,
    /// When the last act on the stream is, or was; 0 before the first of an epoch.
    pub last_turn: Time,
    /// Whether the site of the next epoch is being made.
    pub is_preparing: bool,
    /// The epoch that is to begin next, if that has been decided.
    pub coming: Option<ComingEpoch>,
}

impl Obeyed {
    /// What is said of an order that has to wait.
    pub const BUSY: &'static str = "another epoch of the run is about to begin, and would take this back; ask again in a second";
}

impl OrderBook {
    /// Orders that come from there; none has been taken.
    pub fn new(given: Receiver<GivenOrder>) -> Self {
        Self { given, held: false, last_turn: 0, is_preparing: false, coming: None }
    }
}

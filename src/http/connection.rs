//! One client, from accept to close: a state machine that knows neither socket nor clock.
//!
//! ```text
//! reading ──whole head──► answering ──all sent──► draining
//!    └── late, too long, malformed: a refusal ──▲
//! ```
//! Every state has a deadline, and none can put it off: a client that sends a byte a second gets
//! no further than a silent one.

use std::time::{Duration, Instant};

use super::answer::Answer;
use super::head::{Head, RequestLine};
use super::message::message;

/// What a client may cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClientLimits {
    /// Connections at once. When there are more, the one waiting longest is let go.
    pub connections: usize,
    /// How long a connection may wait, for its request or its end, without being let go.
    pub grace: Duration,
    /// Bytes of a request's head.
    pub head_bytes: usize,
    /// From accept to the end of the head.
    pub head_time: Duration,
    /// For the client to take the answer.
    pub send_time: Duration,
    /// For the client to close after its answer. Closing at once, with input unread, would reset
    /// the connection and could destroy the answer on its way.
    pub drain_time: Duration,
}

impl Default for ClientLimits {
    fn default() -> Self {
        Self {
            connections: 256,
            grace: Duration::from_millis(20),
            head_bytes: 8 << 10,
            head_time: Duration::from_secs(5),
            send_time: Duration::from_secs(5),
            drain_time: Duration::from_secs(1),
        }
    }
}

/// A client's connection.
#[derive(Debug)]
pub struct Connection {
    limits: ClientLimits,
    /// When it came, or when its answer had been sent.
    since: Instant,
    deadline: Instant,
    /// Where the request is for /health: when it was answered.
    health_asked: Option<Instant>,
    phase: Phase,
}

#[derive(Debug)]
enum Phase {
    Reading(Head),
    Answering { message: Vec<u8>, sent: usize },
    Draining,
    Closed,
}

impl Connection {
    /// A connection accepted at `now`.
    pub fn new(limits: ClientLimits, now: Instant) -> Self {
        Self {
            limits,
            since: now,
            deadline: now + limits.head_time,
            health_asked: None,
            phase: Phase::Reading(Head::new(limits.head_bytes)),
        }
    }

    /// When [`Connection::expire`] is due.
    pub fn deadline(&self) -> Instant {
        self.deadline
    }

    /// Whether its client is owed an answer: then it waits for room to write, and else for bytes to read.
    pub fn is_answering(&self) -> bool {
        matches!(self.phase, Phase::Answering { .. })
    }

    /// From when on it may be let go to make room; `None` if its client is owed an answer.
    pub fn dispensable_from(&self) -> Option<Instant> {
        (!self.is_answering()).then(|| self.since + self.limits.grace)
    }

    /// Whether the answer has been sent, and the client should hear that nothing follows.
    pub fn is_draining(&self) -> bool {
        matches!(self.phase, Phase::Draining)
    }

    /// Whether it is over.
    pub fn is_closed(&self) -> bool {
        matches!(self.phase, Phase::Closed)
    }

    /// When /health was answered, if that is what was asked.
    pub fn health_asked(&self) -> Option<Instant> {
        self.health_asked
    }

    /// The client sent `input`; a request that is whole with it gets its `answer`. What follows the head is
    /// read and forgotten.
    pub fn received(
        &mut self,
        input: &[u8],
        now: Instant,
        answer: impl FnOnce(&RequestLine) -> Answer,
    ) {
        let Phase::Reading(head) = &mut self.phase else { return };
        match head.push(input) {
            None => {}
            Some(Ok(request)) => {
                self.health_asked = request.asks_health().then_some(now);
                self.send(message(answer(&request), Some(&request)), now);
            }
            Some(Err(refusal)) => self.refuse(refusal, now),
        }
    }

    /// The client will send no more.
    pub fn input_ended(&mut self, now: Instant) {
        match &self.phase {
            Phase::Reading(head) if !head.is_empty() => {
                self.refuse(Answer::error(400, "the request ended within its head"), now);
            }
            Phase::Reading(_) | Phase::Draining => self.close(),
            Phase::Answering { .. } | Phase::Closed => {}
        }
    }

    /// What is still to be sent to the client.
    pub fn unsent(&self) -> &[u8] {
        match &self.phase {
            Phase::Answering { message, sent } => &message[*sent..],
            _ => &[],
        }
    }

    /// The client took `count` bytes of [`Connection::unsent`].
    pub fn sent(&mut self, count: usize, now: Instant) {
        let Phase::Answering { message, sent } = &mut self.phase else { return };
        *sent += count;
        if *sent >= message.len() {
            self.since = now;
            self.deadline = now + self.limits.drain_time;
            self.phase = Phase::Draining;
        }
    }

    /// Does what is due when [`Connection::deadline`] has passed.
    pub fn expire(&mut self, now: Instant) {
        match &self.phase {
            Phase::Reading(head) if !head.is_empty() => {
                let seconds = self.limits.head_time.as_secs_f64();
                let message = format!("the head was not whole within {seconds} seconds");
                self.refuse(Answer::error(408, message), now);
            }
            // A connection opened in advance that never asked anything needs no answer.
            Phase::Reading(_) | Phase::Answering { .. } | Phase::Draining | Phase::Closed => {
                self.close();
            }
        }
    }

    /// Gives the connection up.
    pub fn close(&mut self) {
        self.phase = Phase::Closed;
    }

    fn refuse(&mut self, refusal: Answer, now: Instant) {
        self.send(message(refusal, None), now);
    }

    fn send(&mut self, message: Vec<u8>, now: Instant) {
        self.deadline = now + self.limits.send_time;
        self.phase = Phase::Answering { message, sent: 0 };
    }
}

#[cfg(test)]
mod tests;

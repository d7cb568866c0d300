//! One client, from accept to close: a state machine that knows neither a socket nor a clock.
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

/// Limits on what a client may cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClientLimits {
    /// The most connections at once. If there are more, the one that has waited longest is closed.
    pub connections: usize,
    /// How long a connection may wait, for its request or its end, before it may be closed to make room.
    pub grace: Duration,
    /// The longest head of a request, bytes.
    pub head_bytes: usize,
    /// The time from accept to the end of the head.
    pub head_time: Duration,
    /// The time for the client to take the answer.
    pub send_time: Duration,
    /// The time for the client to close after its answer. To close at once, with input unread, would
    /// reset the connection and could destroy the answer on its way.
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
    /// When the client connected, or when its answer had been sent.
    since: Instant,
    deadline: Instant,
    /// If the request is for /health: when it was answered.
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

    /// When to call [`Connection::expire`].
    pub fn deadline(&self) -> Instant {
        self.deadline
    }

    /// Whether the client is owed an answer. If so, the connection waits for room to write, and
    /// otherwise for bytes to read.
    pub fn is_answering(&self) -> bool {
        matches!(self.phase, Phase::Answering { .. })
    }

    /// From when on the connection may be closed to make room; `None` if the client is owed an answer.
    pub fn dispensable_from(&self) -> Option<Instant> {
        (!self.is_answering()).then(|| self.since + self.limits.grace)
    }

    /// Whether the answer has been sent, and the client should be told that nothing follows.
    pub fn is_draining(&self) -> bool {
        matches!(self.phase, Phase::Draining)
    }

    /// Whether the connection is closed.
    pub fn is_closed(&self) -> bool {
        matches!(self.phase, Phase::Closed)
    }

    /// When /health was answered, if the client asked for it.
    pub fn health_asked(&self) -> Option<Instant> {
        self.health_asked
    }

    /// Takes `input` from the client. If it completes a request, `answer` answers that. Bytes after the
    /// head are read and dropped.
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

    /// Notes that the client will send no more.
    pub fn input_ended(&mut self, now: Instant) {
        match &self.phase {
            Phase::Reading(head) if !head.is_empty() => {
                self.refuse(Answer::error(400, "the request ended within its head"), now);
            }
            Phase::Reading(_) | Phase::Draining => self.close(),
            Phase::Answering { .. } | Phase::Closed => {}
        }
    }

    /// What has not been sent to the client yet.
    pub fn unsent(&self) -> &[u8] {
        match &self.phase {
            Phase::Answering { message, sent } => &message[*sent..],
            _ => &[],
        }
    }

    /// Notes that the client took `count` bytes of [`Connection::unsent`].
    pub fn sent(&mut self, count: usize, now: Instant) {
        let Phase::Answering { message, sent } = &mut self.phase else { return };
        *sent += count;
        if *sent >= message.len() {
            self.since = now;
            self.deadline = now + self.limits.drain_time;
            self.phase = Phase::Draining;
        }
    }

    /// Applies the deadline once [`Connection::deadline`] has passed.
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

    /// Closes the connection without waiting for anything.
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

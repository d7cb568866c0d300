//! One client, from accept to close: a state machine that knows neither socket nor clock.
//!
//! ```text
//! reading ──whole head──► waiting ──question──► asking ──whole answer──► answering ──► draining
//!    └──────── late, too long, malformed: a refusal of our own ─────────────▲
//! ```
//! Every state has a deadline, and none can put it off: a client that sends a byte a second gets
//! no further than a silent one.

use std::mem;
use std::time::{Duration, Instant};

use super::answer::{Answer, with_connection_close};
use super::head::{Head, RequestLine};

/// An answer that grows beyond this is not ours.
const LONGEST_ANSWER: usize = 4 << 20;

/// What a client may cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Connections at once. When there are more, the one waiting longest is let go.
    pub connections: usize,
    /// How long a connection may wait, for its request or its end, without being let go.
    pub grace: Duration,
    /// Bytes of a request's head.
    pub head_bytes: usize,
    /// From accept to the end of the head.
    pub head_time: Duration,
    /// From the head to the answer of tiny_http.
    pub answer_time: Duration,
    /// For the client to take the answer.
    pub send_time: Duration,
    /// For the client to close after its answer. Closing at once, with input unread, would reset
    /// the connection and could destroy the answer on its way.
    pub drain_time: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 256,
            grace: Duration::from_millis(20),
            head_bytes: 8 << 10,
            head_time: Duration::from_secs(5),
            answer_time: Duration::from_secs(2),
            send_time: Duration::from_secs(5),
            drain_time: Duration::from_secs(1),
        }
    }
}

/// What a connection waits for from its client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Waits {
    /// Bytes to read.
    Input,
    /// Room to write.
    Output,
    /// Nothing: the answer comes from inside.
    Inside,
}

/// A client's connection.
#[derive(Debug)]
pub struct Connection {
    limits: Limits,
    /// When it came, or when its answer had been sent.
    since: Instant,
    deadline: Instant,
    head_only: bool,
    /// Where the question is for /health: when it was asked.
    health_asked: Option<Instant>,
    phase: Phase,
}

#[derive(Debug)]
enum Phase {
    Reading(Head),
    Waiting(RequestLine),
    Asking(Vec<u8>),
    Answering { message: Vec<u8>, sent: usize },
    Draining,
    Closed,
}

impl Connection {
    /// A connection accepted at `now`.
    pub fn new(limits: Limits, now: Instant) -> Self {
        Self {
            limits,
            since: now,
            deadline: now + limits.head_time,
            head_only: false,
            health_asked: None,
            phase: Phase::Reading(Head::new(limits.head_bytes)),
        }
    }

    /// What it waits for from its client.
    pub fn waits(&self) -> Waits {
        match self.phase {
            Phase::Reading(_) | Phase::Draining => Waits::Input,
            Phase::Answering { .. } => Waits::Output,
            Phase::Waiting(_) | Phase::Asking(_) | Phase::Closed => Waits::Inside,
        }
    }

    /// When [`Connection::expire`] is due.
    pub fn deadline(&self) -> Instant {
        self.deadline
    }

    /// Whether its client is owed an answer.
    pub fn is_busy(&self) -> bool {
        matches!(self.phase, Phase::Waiting(_) | Phase::Asking(_) | Phase::Answering { .. })
    }

    /// From when on it may be let go to make room; `None` if its client is owed an answer.
    pub fn dispensable_from(&self) -> Option<Instant> {
        (!self.is_busy()).then(|| self.since + self.limits.grace)
    }

    /// Whether a question to tiny_http is open.
    pub fn is_asking(&self) -> bool {
        matches!(self.phase, Phase::Asking(_))
    }

    /// Whether the answer has been sent, and the client should hear that nothing follows.
    pub fn is_draining(&self) -> bool {
        matches!(self.phase, Phase::Draining)
    }

    /// Whether it is over.
    pub fn is_closed(&self) -> bool {
        matches!(self.phase, Phase::Closed)
    }

    /// When /health was asked, if that is what was asked.
    pub fn health_asked(&self) -> Option<Instant> {
        self.health_asked
    }

    /// The client sent `input`. What follows the head is read and forgotten.
    pub fn received(&mut self, input: &[u8], now: Instant) {
        let Phase::Reading(head) = &mut self.phase else { return };
        match head.push(input) {
            None => {}
            Some(Ok(request)) => {
                self.head_only = request.method == "HEAD";
                self.deadline = now + self.limits.answer_time;
                self.phase = Phase::Waiting(request);
            }
            Some(Err(refusal)) => self.refuse(&refusal, now),
        }
    }

    /// The client will send no more.
    pub fn input_ended(&mut self, now: Instant) {
        match &self.phase {
            Phase::Reading(head) if !head.is_empty() => {
                self.refuse(&Answer::error(400, "the request ended within its head"), now);
            }
            Phase::Reading(_) | Phase::Draining => self.close(),
            _ => {}
        }
    }

    /// The question for tiny_http, once there is one; asked at `now`.
    pub fn question(&mut self, now: Instant) -> Option<Vec<u8>> {
        let Phase::Waiting(request) = &self.phase else { return None };
        let question = request.to_head();
        self.health_asked = request.asks_health().then_some(now);
        self.phase = Phase::Asking(Vec::new());
        Some(question)
    }

    /// tiny_http sent a part of the answer.
    pub fn answered(&mut self, part: &[u8], now: Instant) {
        let Phase::Asking(answer) = &mut self.phase else { return };
        answer.extend_from_slice(part);
        if answer.len() > LONGEST_ANSWER {
            self.answer_failed(now);
        }
    }

    /// tiny_http closed its side: the answer is whole, if there is one.
    pub fn answer_ended(&mut self, now: Instant) {
        match &mut self.phase {
            Phase::Asking(answer) if !answer.is_empty() => {
                let message = with_connection_close(mem::take(answer));
                self.send(message, now);
            }
            _ => self.answer_failed(now),
        }
    }

    /// tiny_http cannot be asked or does not answer.
    pub fn answer_failed(&mut self, now: Instant) {
        self.health_asked = None;
        self.refuse(&Answer::error(503, "the HTTP server of this process does not answer"), now);
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
            // A connection opened in advance that never asked anything needs no answer.
            Phase::Reading(head) if head.is_empty() => self.close(),
            Phase::Reading(_) => {
                let seconds = self.limits.head_time.as_secs_f64();
                let message = format!("the head was not whole within {seconds} seconds");
                self.refuse(&Answer::error(408, message), now);
            }
            Phase::Waiting(_) | Phase::Asking(_) => self.answer_failed(now),
            Phase::Answering { .. } | Phase::Draining | Phase::Closed => self.close(),
        }
    }

    /// Gives the connection up.
    pub fn close(&mut self) {
        self.phase = Phase::Closed;
    }

    fn refuse(&mut self, refusal: &Answer, now: Instant) {
        self.send(refusal.to_bytes(self.head_only), now);
    }

    fn send(&mut self, message: Vec<u8>, now: Instant) {
        self.deadline = now + self.limits.send_time;
        self.phase = Phase::Answering { message, sent: 0 };
    }
}

#[cfg(test)]
mod tests;

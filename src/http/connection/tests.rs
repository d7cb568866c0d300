//! The rules of a connection, with its time driven by hand.

use super::*;

const REQUEST: &[u8] = b"GET /health HTTP/1.1\r\n\r\n";

fn accepted() -> (Connection, Instant) {
    let now = Instant::now();
    (Connection::new(Limits::default(), now), now)
}

/// Sends all there is and returns it.
fn take(connection: &mut Connection, now: Instant) -> String {
    let message = connection.unsent().to_vec();
    connection.sent(message.len(), now);
    String::from_utf8(message).unwrap()
}

#[test]
fn a_request_goes_from_reading_to_draining() {
    let (mut connection, now) = accepted();
    assert_eq!((connection.waits(), connection.is_busy()), (Waits::Input, false));
    assert_eq!(connection.question(now), None);

    connection.received(REQUEST, now);
    assert_eq!((connection.waits(), connection.is_busy()), (Waits::Inside, true));
    let question = connection.question(now).unwrap();
    assert!(question.starts_with(b"GET /health HTTP/1.1\r\nConnection: close"));
    assert!(connection.is_asking() && connection.health_asked() == Some(now));
    assert_eq!(connection.question(now), None, "a question is asked once");

    connection.answered(b"HTTP/1.1 200 OK\r\nContent-", now);
    connection.answered(b"Length: 1\r\n\r\n!", now);
    assert_eq!(connection.unsent(), b"", "a part of an answer is not an answer");
    connection.answer_ended(now);
    assert_eq!(connection.waits(), Waits::Output);

    connection.sent(10, now);
    assert!(!connection.is_draining());
    let rest = take(&mut connection, now);
    assert_eq!(rest, "00 OK\r\nConnection: close\r\nContent-Length: 1\r\n\r\n!");
    assert!(connection.is_draining() && connection.waits() == Waits::Input);
    connection.input_ended(now);
    assert!(connection.is_closed());
}

#[test]
fn bytes_that_trickle_in_do_not_put_the_deadline_off() {
    let (mut connection, accepted_at) = accepted();
    let deadline = connection.deadline();
    assert_eq!(deadline, accepted_at + Duration::from_secs(5));
    for second in 0..5 {
        connection.received(b"G", accepted_at + Duration::from_secs(second));
    }
    assert_eq!(connection.deadline(), deadline);
    connection.expire(deadline);
    let answer = take(&mut connection, deadline);
    assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
    assert!(answer.contains("not whole within 5 seconds"), "{answer}");
}

#[test]
fn a_client_that_said_nothing_is_told_nothing() {
    let (mut connection, _) = accepted();
    connection.expire(connection.deadline());
    assert!(connection.is_closed());
    let (mut connection, now) = accepted();
    connection.input_ended(now);
    assert!(connection.is_closed());
}

#[test]
fn a_request_that_ends_early_is_told_so() {
    let (mut connection, now) = accepted();
    connection.received(b"GET /hea", now);
    connection.input_ended(now);
    assert!(take(&mut connection, now).starts_with("HTTP/1.1 400 "));
}

#[test]
fn closing_ones_own_side_after_the_request_loses_nothing() {
    let (mut connection, now) = accepted();
    connection.received(REQUEST, now);
    connection.input_ended(now);
    assert!(connection.is_busy());
}

#[test]
fn a_server_that_does_not_answer_in_time_is_answered_for() {
    let (mut connection, now) = accepted();
    connection.received(REQUEST, now);
    assert_eq!(connection.deadline(), now + Duration::from_secs(2));
    connection.question(now);
    connection.expire(connection.deadline());
    assert!(take(&mut connection, now).starts_with("HTTP/1.1 503 "));
    assert_eq!(connection.health_asked(), None, "it was not /health that was answered");
}

#[test]
fn a_server_that_closes_without_a_word_or_never_ends_is_answered_for() {
    let (mut connection, now) = accepted();
    connection.received(b"HEAD / HTTP/1.1\r\n\r\n", now);
    connection.question(now);
    connection.answer_ended(now);
    let answer = take(&mut connection, now);
    assert!(answer.starts_with("HTTP/1.1 503 ") && answer.ends_with("\r\n\r\n"), "{answer}");

    let (mut connection, now) = accepted();
    connection.received(REQUEST, now);
    connection.question(now);
    connection.answered(&vec![b'x'; LONGEST_ANSWER + 1], now);
    assert!(!connection.is_asking());
    assert!(take(&mut connection, now).starts_with("HTTP/1.1 503 "));
}

#[test]
fn a_body_or_a_second_request_is_read_and_forgotten() {
    let (mut connection, now) = accepted();
    connection.received(&[REQUEST, REQUEST].concat(), now);
    connection.question(now);
    connection.answered(b"HTTP/1.1 200 OK\r\n\r\n", now);
    connection.answer_ended(now);
    take(&mut connection, now);
    connection.received(REQUEST, now);
    assert!(connection.is_draining() && connection.question(now).is_none());
}

#[test]
fn a_client_that_takes_no_answer_or_never_closes_is_let_go() {
    let (mut connection, now) = accepted();
    connection.received(b"nonsense\n\n", now);
    assert_eq!(connection.deadline(), now + Duration::from_secs(5));
    connection.expire(connection.deadline());
    assert!(connection.is_closed());

    let (mut connection, now) = accepted();
    connection.received(b"nonsense\n\n", now);
    take(&mut connection, now);
    assert_eq!(connection.deadline(), now + Duration::from_secs(1));
    connection.expire(connection.deadline());
    assert!(connection.is_closed());
}

#[test]
fn room_is_made_only_by_those_who_have_waited_and_are_owed_nothing() {
    let (mut connection, now) = accepted();
    let grace = Duration::from_millis(20);
    assert_eq!(connection.dispensable_from(), Some(now + grace));
    connection.received(b"nonsense\n\n", now);
    assert_eq!(connection.dispensable_from(), None);
    let later = now + Duration::from_secs(1);
    take(&mut connection, later);
    assert_eq!(connection.dispensable_from(), Some(later + grace));
}

//! The rules of a connection, with time driven by hand.

use super::*;

const REQUEST: &[u8] = b"GET /health HTTP/1.1\r\n\r\n";

fn accepted() -> (Connection, Instant) {
    let now = Instant::now();
    (Connection::new(ClientLimits::default(), now), now)
}

/// Answers with the target.
fn echo(request: &RequestLine) -> Answer {
    Answer::error(404, &request.target)
}

/// Sends everything unsent, and returns it.
fn take(connection: &mut Connection, now: Instant) -> String {
    let message = connection.unsent().to_vec();
    connection.sent(message.len(), now);
    String::from_utf8(message).unwrap()
}

#[test]
fn a_request_goes_from_reading_to_draining() {
    let (mut connection, now) = accepted();
    connection.received(&REQUEST[..10], now, echo);
    assert!(!connection.is_answering() && connection.unsent().is_empty());

    connection.received(&REQUEST[10..], now, echo);
    assert!(connection.is_answering() && connection.health_asked() == Some(now));
    connection.sent(10, now);
    assert!(connection.is_answering(), "a part of an answer is not an answer");
    let rest = take(&mut connection, now);
    assert!(rest.starts_with("04 Not Found\r\nConnection: close\r\n"), "{rest}");
    assert!(rest.ends_with("\r\n\r\n{\"error\":\"/health\"}\n"), "{rest}");

    assert!(connection.is_draining() && !connection.is_answering());
    connection.input_ended(now);
    assert!(connection.is_closed());
}

#[test]
fn bytes_that_trickle_in_do_not_put_the_deadline_off() {
    let (mut connection, accepted_at) = accepted();
    let deadline = connection.deadline();
    assert_eq!(deadline, accepted_at + Duration::from_secs(5));
    for second in 0..5 {
        connection.received(b"G", accepted_at + Duration::from_secs(second), echo);
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
    connection.received(b"GET /hea", now, echo);
    connection.input_ended(now);
    assert!(take(&mut connection, now).starts_with("HTTP/1.1 400 "));
    assert_eq!(connection.health_asked(), None, "it was not /health that was answered");
}

#[test]
fn closing_ones_own_side_after_the_request_loses_nothing() {
    let (mut connection, now) = accepted();
    connection.received(REQUEST, now, echo);
    connection.input_ended(now);
    assert!(take(&mut connection, now).ends_with("{\"error\":\"/health\"}\n"));
}

#[test]
fn a_body_or_a_second_request_is_read_and_forgotten() {
    let (mut connection, now) = accepted();
    connection.received(&[REQUEST, REQUEST].concat(), now, echo);
    let answer = take(&mut connection, now);
    assert_eq!(answer.matches("HTTP/1.1 404 ").count(), 1, "{answer}");
    connection.received(REQUEST, now, |_| panic!("it was asked a second time"));
    assert!(connection.is_draining());
}

#[test]
fn a_client_that_takes_no_answer_or_never_closes_is_let_go() {
    let (mut connection, now) = accepted();
    connection.received(b"nonsense\n\n", now, echo);
    assert_eq!(connection.deadline(), now + Duration::from_secs(5));
    connection.expire(connection.deadline());
    assert!(connection.is_closed());

    let (mut connection, now) = accepted();
    connection.received(b"nonsense\n\n", now, echo);
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
    connection.received(b"nonsense\n\n", now, echo);
    assert_eq!(connection.dispensable_from(), None);
    let later = now + Duration::from_secs(1);
    take(&mut connection, later);
    assert_eq!(connection.dispensable_from(), Some(later + grace));
}

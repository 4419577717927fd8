//! The program as others run it: processes of their own that are killed, doubled, watched and
//! called from the command line.

mod demos;
mod drill;
mod durable;
mod imports;
mod keys;
mod kill;
mod nowhere;
mod once;
mod operators;
mod place;
mod program;
mod replicas;
mod serving;
mod trace;
mod usage;

use std::num::NonZeroUsize;

use testkit::replay::{BadLine, Line, Pace, Sender, Summary, send_all};
use testkit::{
    delivery::Delivery,
    histories::{History, HistorySpec},
};

use crate::app::SECRET;
use place::Place;

/// A history of some two hundred deliveries.
fn history(seed: u64) -> History {
    let spec = HistorySpec {
        people: 6,
        pull_requests: 24,
        ..HistorySpec::small(seed)
    };
    spec.generate()
}

/// Sends deliveries as `replay` does: what is not answered is sent again.
async fn send(url: &str, deliveries: &[Delivery]) -> Summary {
    let sender = Sender::new(url, &SECRET.to_owned().into()).expect("a sender");
    let lines = deliveries.iter().map(|delivery| {
        let (id, body) = (delivery.delivery.to_string(), delivery.bytes().to_vec());
        Line::new(&delivery.event, &id, body).map_err(|reason| BadLine { number: 0, reason })
    });
    let lines: Vec<_> = lines.collect();
    let pace = Pace {
        concurrency: NonZeroUsize::new(3).expect("not zero"),
        rate: None,
    };
    let tally = send_all(&sender, futures_util::stream::iter(lines), pace, |_| {}).await;
    tally.summary()
}

/// What one undisturbed server makes of a history.
async fn undisturbed(history: &History) -> Vec<String> {
    let place = Place::with_repositories(history).await;
    let program = place.serve(&[]).await;
    let summary = send(&place.url(), &history.deliveries).await;
    assert_eq!(summary.refused, 0, "{summary}");
    place.settled().await;
    assert!(place.count("point_transactions").await > 0);
    let dump = place.dump();
    drop(program);
    place.remove().await;
    dump
}

/// Two dumps must be the same, byte for byte.
fn assert_same(told: &[String], retold: &[String]) {
    let differing = told.iter().zip(retold).find(|(one, other)| one != other);
    assert!(
        differing.is_none() && told.len() == retold.len(),
        "{} and {} lines; first difference: {differing:#?}",
        told.len(),
        retold.len()
    );
}

/// A word to the person who reads the test's output.
#[expect(clippy::print_stdout, reason = "a test's output is for a person")]
fn tell(text: impl std::fmt::Display) {
    println!("{text}");
}

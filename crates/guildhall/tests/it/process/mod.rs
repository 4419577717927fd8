//! The program in separate processes: killed, run several times at once, traced, and called from the command line.

pub(crate) mod demos;
mod doctor;
mod durable;
mod earlier_release;
mod exactly_once;
mod first_run;
mod imports;
mod jobs_and_tables;
mod keys;
mod kill;
mod log_lines;
mod lost_database;
mod memory;
mod memory_watch;
mod missing_folder;
mod moved;
mod operators;
mod organizers;
mod output;
mod packages;
mod people;
mod presence;
pub(crate) mod program;
mod recovery_drill;
mod replica;
mod replicas;
mod rules;
mod sample_data;
pub(crate) mod sandbox;
mod scores;
mod scrapes;
mod serving;
mod settings;
mod signals;
mod telemetry;
mod trace;
mod trials;
pub(crate) mod usage;
mod webhooks;

use std::num::NonZeroUsize;

use testkit::replay::{BadLine, DeliveryLine, Pace, ReplaySummary, Sender, send_all};
use testkit::{
    delivery::Delivery,
    histories::{History, HistorySpec},
};

use crate::app::SECRET;
pub(crate) use sandbox::Sandbox;

/// Returns a history of about two hundred deliveries.
fn history(seed: u64) -> History {
    let spec = HistorySpec { people: 6, pull_requests: 24, ..HistorySpec::small(seed) };
    spec.generate()
}

/// Sends deliveries like `replay`: unanswered ones are sent again.
async fn send(url: &str, deliveries: &[Delivery]) -> ReplaySummary {
    let sender = Sender::new(url, &SECRET.to_owned().into()).expect("a sender");
    let lines = deliveries.iter().map(|delivery| {
        let (id, body) = (delivery.delivery.to_string(), delivery.bytes().to_vec());
        DeliveryLine::new(&delivery.event, &id, body)
            .map_err(|reason| BadLine { number: 0, reason })
    });
    let lines: Vec<_> = lines.collect();
    let pace = Pace { concurrency: NonZeroUsize::new(3).expect("not zero"), rate: None };
    let tally = send_all(&sender, futures_util::stream::iter(lines), pace, |_| {}).await;
    tally.summary()
}

/// Returns the dump of a server that processed a history without interruption.
async fn run_without_kills(history: &History) -> Vec<String> {
    let sandbox = Sandbox::with_repositories(history).await;
    let program = sandbox.serve(&[]).await;
    let summary = send(&sandbox.url(), &history.deliveries).await;
    assert_eq!(summary.refused, 0, "{summary}");
    sandbox.settled().await;
    assert!(sandbox.count("point_transactions").await > 0);
    let dump = sandbox.dump();
    drop(program);
    sandbox.remove().await;
    dump
}

/// Checks that two dumps are identical.
fn assert_same(expected: &[String], actual: &[String]) {
    let differing = expected.iter().zip(actual).find(|(one, other)| one != other);
    assert!(
        differing.is_none() && expected.len() == actual.len(),
        "{} and {} lines; first difference: {differing:#?}",
        expected.len(),
        actual.len()
    );
}

/// Prints a message for the person who reads the test's output.
#[expect(clippy::print_stdout, reason = "a test's output is for a person")]
pub(crate) fn print_line(text: impl std::fmt::Display) {
    println!("{text}");
}

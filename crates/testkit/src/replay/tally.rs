//! Counts results and reports them.

use std::{collections::BTreeMap, fmt, time::Duration};

use serde::Serialize;
use tokio::time::Instant;

use super::{
    answer::{DeliveryOutcome, RefusedDelivery},
    lines::{BadLine, DeliveryLine},
    sender::DeliveryResult,
};

/// The results so far.
#[derive(Debug)]
pub struct ReplayTally {
    began: Instant,
    lasted: Duration,
    /// Responses with 202, including duplicates.
    pub accepted: u64,
    /// Responses with 202 for deliveries that the server already had.
    pub duplicates: u64,
    /// Attempts beyond the first of each delivery.
    pub retried: u64,
    /// Deliveries that were not accepted, by status; `unreachable` and `malformed` have no status.
    pub refusals: BTreeMap<String, Refusals>,
    /// All response times in microseconds. With four bytes each, keeping all is cheaper than an approximation.
    acks: Vec<u32>,
}

/// Refusals with the same status.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Refusals {
    pub count: u64,
    /// The first one: a delivery's ID, or a line number.
    pub first: String,
    pub reason: String,
}

/// The output of `--json`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ReplaySummary {
    /// Responses with 202, including duplicates.
    pub accepted: u64,
    /// Responses with 202 for deliveries that the server already had.
    pub duplicates: u64,
    /// Deliveries that were not accepted, including invalid lines.
    pub refused: u64,
    /// Accepted deliveries per second.
    pub rate: f64,
    /// The median response time of accepted deliveries.
    pub ack_p50_ms: f64,
    /// The 99th percentile of the response times of accepted deliveries.
    pub ack_p99_ms: f64,
    /// The duration from the first to the last.
    pub seconds: f64,
    /// Attempts beyond the first of each delivery.
    pub retried: u64,
    /// Refusals by status.
    pub refusals: BTreeMap<String, Refusals>,
}

impl Default for ReplayTally {
    fn default() -> Self {
        Self {
            began: Instant::now(),
            lasted: Duration::ZERO,
            accepted: 0,
            duplicates: 0,
            retried: 0,
            refusals: BTreeMap::new(),
            acks: Vec::new(),
        }
    }
}

impl ReplayTally {
    pub(super) fn sent(&mut self, line: &DeliveryLine, sent: DeliveryResult) {
        self.retried += sent.retries;
        match sent.outcome {
            DeliveryOutcome::Accepted { duplicate, ack } => {
                self.accepted += 1;
                self.duplicates += u64::from(duplicate);
                self.acks.push(u32::try_from(ack.as_micros()).unwrap_or(u32::MAX));
            }
            DeliveryOutcome::Refused(RefusedDelivery { status, reason }) => {
                let kind = status.map_or("unreachable".to_owned(), |status| status.to_string());
                self.refuse(
                    kind,
                    String::from_utf8_lossy(line.delivery.as_bytes()).into_owned(),
                    reason,
                );
            }
        }
    }

    pub(super) fn malformed(&mut self, bad: &BadLine) {
        self.refuse("malformed".to_owned(), format!("line {}", bad.number), bad.reason.clone());
    }

    pub(super) fn finished(&mut self) {
        self.lasted = self.began.elapsed();
    }

    fn refuse(&mut self, kind: String, first: String, reason: String) {
        self.refusals.entry(kind).or_insert(Refusals { count: 0, first, reason }).count += 1;
    }

    #[must_use]
    pub fn summary(mut self) -> ReplaySummary {
        self.acks.sort_unstable();
        let seconds = self.lasted.as_secs_f64();
        ReplaySummary {
            accepted: self.accepted,
            duplicates: self.duplicates,
            refused: self.refusals.values().map(|refusals| refusals.count).sum(),
            rate: if seconds > 0.0 { self.acks.len() as f64 / seconds } else { 0.0 },
            ack_p50_ms: milliseconds(percentile(&self.acks, 50)),
            ack_p99_ms: milliseconds(percentile(&self.acks, 99)),
            seconds,
            retried: self.retried,
            refusals: self.refusals,
        }
    }
}

/// Returns a percentile by nearest rank: the smallest value that at least `percent` of all values do not exceed; 0 when
/// there are no values.
fn percentile(sorted: &[u32], percent: usize) -> u32 {
    let rank = (sorted.len() * percent).div_ceil(100);
    sorted.get(rank.saturating_sub(1)).copied().unwrap_or(0)
}

fn milliseconds(micros: u32) -> f64 {
    f64::from(micros) / 1000.0
}

impl fmt::Display for ReplaySummary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { accepted, duplicates, refused, rate, seconds, retried, .. } = self;
        writeln!(
            f,
            "{accepted} accepted ({duplicates} of them duplicates), {refused} refused, {retried} retried"
        )?;
        write!(f, "{seconds:.2} s, {rate:.0}/s; ")?;
        write!(
            f,
            "acknowledged within {:.2} ms (median) and {:.2} ms (99th percentile)",
            self.ack_p50_ms, self.ack_p99_ms
        )?;
        for (kind, Refusals { count, first, reason }) in &self.refusals {
            write!(f, "\n  {kind}: {count}, first {first}: {reason}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_nearest_ranks() {
        let hundred: Vec<u32> = (1..=100).collect();
        assert_eq!(percentile(&hundred, 50), 50);
        assert_eq!(percentile(&hundred, 99), 99);
        assert_eq!(percentile(&[7], 50), 7);
        assert_eq!(percentile(&[7], 99), 7);
        assert_eq!(percentile(&[1, 2, 3], 50), 2);
        assert_eq!(percentile(&[], 99), 0);
    }
}

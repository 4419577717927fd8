//! A closed loop that sends many deliveries with limited concurrency and rate, and counts the results.

use std::{num::NonZeroUsize, pin::pin, time::Duration};

use futures_util::{Stream, StreamExt};
use tokio::time::{Instant, sleep_until};

use super::{
    lines::{BadLine, DeliveryLine},
    sender::{DeliveryResult, Sender},
    tally::ReplayTally,
};

/// How far the loop may catch up after a stall. Timers are coarse, so some slack is needed.
const CATCH_UP: Duration = Duration::from_millis(50);

/// The lowest rate, about one delivery per quarter of an hour. A rate of zero would never finish.
const SLOWEST: f64 = 0.001;

/// The limits of the load.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// Maximum number of deliveries in flight.
    pub concurrency: NonZeroUsize,
    /// Maximum number of deliveries per second.
    pub rate: Option<f64>,
}

/// Sends every line and counts the results; `progress` is called after each.
pub async fn send_all(
    sender: &Sender,
    lines: impl Stream<Item = Result<DeliveryLine, BadLine>>,
    pace: Pace,
    mut progress: impl FnMut(&ReplayTally),
) -> ReplayTally {
    let mut tally = ReplayTally::default();
    let mut answers = pin!(
        paced(lines, pace.rate)
            .map(|line| answer(sender, line))
            .buffer_unordered(pace.concurrency.get())
    );
    while let Some(answer) = answers.next().await {
        match answer {
            Ok((line, sent)) => tally.sent(&line, sent),
            Err(bad) => tally.malformed(&bad),
        }
        progress(&tally);
    }
    tally.finished();
    tally
}

async fn answer(
    sender: &Sender,
    line: Result<DeliveryLine, BadLine>,
) -> Result<(DeliveryLine, DeliveryResult), BadLine> {
    let line = line?;
    let sent = sender.send(&line).await;
    Ok((line, sent))
}

fn paced<T>(lines: impl Stream<Item = T>, rate: Option<f64>) -> impl Stream<Item = T> {
    let gap = rate.map(|rate| Duration::from_secs_f64(rate.max(SLOWEST).recip()));
    let mut due = Instant::now();
    lines.then(move |line| {
        let wait_for = gap.map(|gap| {
            let this = due.max(Instant::now() - CATCH_UP);
            due = this + gap;
            this
        });
        async move {
            if let Some(due) = wait_for {
                sleep_until(due).await;
            }
            line
        }
    })
}

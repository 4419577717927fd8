//! Contestants in turns: A, B, C, A, B, C … so that slow phases of the machine affect all equally.

use anyhow::{Context, Result};

use super::{
    Options,
    load::{self, Push, Requests, Seen},
    proc::Meter,
};
use xtask::{postgres::Postgres, process::Daemon};

/// A running server, and the database that works for it.
pub(super) struct Contestant {
    /// Its name in the report.
    pub(super) name: &'static str,
    /// Its process, which ends when this value is dropped.
    _daemon: Daemon,
    port: u16,
    /// Measures the processor time of the server and its database.
    meter: Meter,
}

impl Contestant {
    /// Creates a contestant for the server `daemon` at `port`, with PostgreSQL if it uses one.
    pub(super) fn new(
        name: &'static str,
        daemon: Daemon,
        port: u16,
        postgres: Option<&Postgres>,
    ) -> Self {
        Self { name, meter: Meter::of(&daemon, postgres), _daemon: daemon, port }
    }
}

/// The result of a round, or of several.
#[derive(Clone, Copy)]
pub(super) struct Score {
    /// The server's processor time per request, in microseconds.
    pub(super) server: f64,
    /// The database's processor time per request, in microseconds.
    pub(super) database: f64,
    /// Results as seen by the client.
    pub(super) seen: Seen,
}

impl Score {
    /// Returns the total processor time per request, in microseconds.
    pub(super) fn cpu(&self) -> f64 {
        self.server + self.database
    }
}

/// The size of a contest.
#[derive(Clone, Copy)]
pub(super) struct Course {
    /// Number of concurrent connections.
    pub(super) connections: usize,
    /// Number of requests to each contestant before it is measured.
    pub(super) warm_up: u64,
    /// Number of requests per round.
    pub(super) requests: u64,
    /// Number of rounds.
    pub(super) rounds: usize,
    /// The number of the first request, so that no request is sent twice.
    pub(super) first: u64,
}

impl Course {
    /// Returns the size that the options ask for.
    pub(super) fn of(options: &Options) -> Self {
        Self {
            connections: options.connections,
            warm_up: options.requests / 4,
            requests: options.requests,
            rounds: options.rounds,
            first: 0,
        }
    }

    /// Returns the number of requests that the contest sends to `contestants`.
    pub(super) fn total(self, contestants: usize) -> u64 {
        (self.warm_up + self.rounds as u64 * self.requests) * contestants as u64
    }
}

/// Warms up each contestant, then measures them in turns. Returns the rounds of each.
pub(super) async fn hold(
    contestants: &[Contestant],
    requests: &Requests,
    course: Course,
) -> Result<Vec<Vec<Score>>> {
    let mut rounds = vec![Vec::new(); contestants.len()];
    let mut first = course.first;
    for round in 0..=course.rounds {
        for (index, contestant) in contestants.iter().enumerate() {
            let count = if round == 0 { course.warm_up } else { course.requests };
            let push = Push { connections: course.connections, count, first };
            let score = measure(contestant, push, requests).await;
            let score = score.with_context(|| format!("{} failed", contestant.name))?;
            first += count;
            if round > 0 {
                rounds[index].push(score);
            }
        }
    }
    Ok(rounds)
}

/// Measures one turn of a contestant.
pub(super) async fn measure(
    contestant: &Contestant,
    push: Push,
    requests: &Requests,
) -> Result<Score> {
    let before = contestant.meter.read();
    let seen = load::drive(contestant.port, push, requests).await?;
    let (server, database) = contestant.meter.read().since(before, push.count as f64);
    Ok(Score { server, database, seen })
}

/// Returns the round with the least processor time: other work on the machine only adds to it.
pub(super) fn best(rounds: &[Score]) -> Option<Score> {
    let by_cpu = |one: &&Score, other: &&Score| one.cpu().total_cmp(&other.cpu());
    rounds.iter().min_by(by_cpu).copied()
}

/// Returns the median of each figure.
pub(super) fn median(rounds: &[Score]) -> Score {
    let middle = |value: fn(&Score) -> f64| {
        let mut values: Vec<f64> = rounds.iter().map(value).collect();
        values.sort_by(f64::total_cmp);
        values[values.len() / 2]
    };
    Score {
        server: middle(|score| score.server),
        database: middle(|score| score.database),
        seen: Seen {
            rate: middle(|score| score.seen.rate),
            p50: middle(|score| score.seen.p50),
            p95: middle(|score| score.seen.p95),
            p99: middle(|score| score.seen.p99),
        },
    }
}

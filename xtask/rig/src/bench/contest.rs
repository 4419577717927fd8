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
    /// Its port.
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
        Self {
            name,
            meter: Meter::of(&daemon, postgres),
            _daemon: daemon,
            port,
        }
    }
}

/// The result: medians over the rounds.
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

/// Warms up each contestant, then measures them in turns.
pub(super) async fn hold(
    contestants: &[Contestant],
    requests: &Requests,
    options: &Options,
) -> Result<Vec<Score>> {
    let mut rounds = vec![Vec::new(); contestants.len()];
    let mut first = 0;
    for round in 0..=options.rounds {
        for (index, contestant) in contestants.iter().enumerate() {
            let count = if round == 0 {
                options.requests / 4
            } else {
                options.requests
            };
            let push = Push {
                connections: options.connections,
                count,
                first,
            };
            let score = measure(contestant, push, requests).await;
            let score = score.with_context(|| format!("{} failed", contestant.name))?;
            first += count;
            if round > 0 {
                rounds[index].push(score);
            }
        }
    }
    Ok(rounds.iter().map(|rounds| median(rounds)).collect())
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
    Ok(Score {
        server,
        database,
        seen,
    })
}

fn median(rounds: &[Score]) -> Score {
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
            p99: middle(|score| score.seen.p99),
        },
    }
}

//! (a) A signed delivery of 24 KB, answered after its commit: the server, the baseline and the peers.

use anyhow::Result;

use super::{
    Ground, Options,
    contest::{self, Contestant, Course, Score},
    contestants::{self, REPOSITORY},
    load,
    report::{Bound, Promise, Report},
};
use xtask::postgres::Postgres;

/// Numbers of connections: with few, a commit has few deliveries.
const CONNECTIONS: [usize; 2] = [16, 64];
/// Number of requests before the first measurement, after which Node has compiled what it runs often.
const WARM_UP: u64 = 30_000;

/// Measures on SQLite, then on PostgreSQL.
pub(super) async fn run(ground: &Ground<'_>, options: &Options, report: &mut Report) -> Result<()> {
    on_engine(ground, options, None, report).await?;
    match &ground.postgres {
        Some(postgres) => on_engine(ground, options, Some(postgres), report).await?,
        None => report.leave_out("the inbox on PostgreSQL: PostgreSQL is not available"),
    }
    Ok(())
}

async fn on_engine(
    ground: &Ground<'_>,
    options: &Options,
    postgres: Option<&Postgres>,
    report: &mut Report,
) -> Result<()> {
    let engine = if postgres.is_some() { "PostgreSQL" } else { "SQLite" };
    let mut entrants = vec![
        contestants::installation(ground, postgres).await,
        contestants::floor(ground, postgres).await,
    ];
    entrants.push(contestants::node(ground, None).await);
    if postgres.is_some() {
        entrants.push(contestants::node(ground, postgres).await);
    }
    let mut contestants = Vec::new();
    for entrant in entrants {
        match entrant {
            Ok(contestant) => contestants.push(contestant),
            Err(error) => {
                report.leave_out(format!("a contestant of the inbox on {engine}: {error:#}"));
            }
        }
    }
    let requests = load::deliveries(load::some_bodies(REPOSITORY));
    let mut course = Course { warm_up: WARM_UP, ..Course::of(options) };
    for connections in CONNECTIONS {
        course.connections = connections;
        let rounds = contest::hold(&contestants, &requests, course).await?;
        let scores = rounds.iter().map(|rounds| contest::best(rounds));
        let scores: Vec<_> = contestants.iter().zip(scores.flatten()).collect();
        let title = format!("(a) Inbox on {engine}, {connections} connections");
        report.section(&title, &table(&scores));
        report.promises(&promises(engine, connections, &scores));
        course.first += course.total(contestants.len());
        course.warm_up = options.requests / 4;
    }
    Ok(())
}

type Scores<'a> = [(&'a Contestant, Score)];

fn table(scores: &Scores) -> Vec<String> {
    let mut lines = vec![
        "| who | CPU a request | server | database | requests a second | p50 | p99 |".to_owned(),
        "|---|---|---|---|---|---|---|".to_owned(),
    ];
    lines.extend(scores.iter().map(|(contestant, score)| {
        let (name, all, seen) = (contestant.name, score.cpu(), score.seen);
        format!(
            "| {name} | {all:.1} µs | {:.1} µs | {:.1} µs | {:.0} | {:.2} ms | {:.2} ms |",
            score.server, score.database, seen.rate, seen.p50, seen.p99
        )
    }));
    lines
}

fn promises(engine: &str, connections: usize, scores: &Scores) -> Vec<Promise> {
    let cpu = |name: &str| {
        scores.iter().find(|(contestant, _)| contestant.name == name).map(|(_, score)| score.cpu())
    };
    let Some(installation) = cpu("guildhall") else {
        return Vec::new();
    };
    let against = [
        ("floor", 1.15, "1.15 × the floor"),
        ("Node without a database", 1.0, "Node without a database"),
        ("Node with pg", 1.0 / 3.0, "⅓ of Node with pg"),
    ];
    let promise = |(name, share, of): (&str, f64, &str)| {
        Some(Promise {
            what: format!("a delivery on {engine}, {connections} connections"),
            figure: installation,
            unit: "µs",
            bound: Bound::AtMost(cpu(name)? * share),
            of: of.to_owned(),
        })
    };
    against.into_iter().filter_map(promise).collect()
}

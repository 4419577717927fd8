use std::sync::Arc;

use anyhow::ensure;
use identity::model::{AccountKind, Authority, GithubAccount};
use kernel::{Month, Points, Timestamp, counted};
use platform::{command::say, config::Config};
use recognition::{
    actions::reconcile,
    model::{Entitlement, EntryKind, GLOBAL, Source, month_board},
};
use uuid::Uuid;

use super::{
    demo::{configure, fill},
    place,
    serve::Server,
};
use crate::{App, sample_data};

/// Arguments of `seed`.
#[derive(Clone, Debug, clap::Args)]
#[group(required = true, multiple = false)]
#[command(
    after_help = "Examples:\n  guildhall seed --demo\n  guildhall seed --people 1000000\n\nTo create an empty installation first, run `guildhall migrate up --create`."
)]
pub(super) struct Args {
    /// Create the demo data: projects, people, and months of webhook deliveries
    #[arg(long)]
    demo: bool,
    /// Create N people with points
    #[arg(long, value_name = "N")]
    people: Option<u32>,
    /// Create N people, nearly all with different points
    #[arg(long, value_name = "N")]
    distinct_people: Option<u32>,
}

pub(super) async fn run(mut config: Config, args: Args) -> anyhow::Result<()> {
    if args.demo {
        return season(config).await;
    }
    config.bind.set_port(0);
    let app = place::open(config).await?;
    sample_data::begin(&app.context, &app.config).await?;
    let points: fn(u64) -> Points = if args.people.is_some() {
        skewed
    } else {
        distinct
    };
    people(
        &app,
        args.people.or(args.distinct_people).unwrap_or(0),
        points,
    )
    .await?;
    app.context.db.close().await;
    Ok(())
}

async fn season(mut config: Config) -> anyhow::Result<()> {
    configure(&mut config);
    config.bind = std::net::SocketAddr::from(([127, 0, 0, 1], 0));
    let mut app = place::open(config).await?;
    sample_data::begin(&app.context, &app.config).await?;
    let until = app.context.now();
    for demo in app.modules().demos() {
        (demo.simulate)(&mut app, until).await?;
    }
    let server = Server::start(&app).await?;
    let runner = app.start_jobs();
    let url = format!("http://{}", server.bind);
    let filled = fill(&app, &url, until).await;
    server.stop().await;
    runner.stop().await;
    app.context.db.close().await;
    filled
}

/// People per transaction.
const BATCH: u32 = 2_000;
/// The source kind of these grants.
const SOURCE: &str = "seed";
/// GitHub's IDs start at 1, so negative IDs belong to no account.
const FIRST_ID: i64 = -1;

async fn people(app: &App, count: u32, points: fn(u64) -> Points) -> anyhow::Result<()> {
    ensure!(count > 0, "`--people` must be at least 1");
    let bar = indicatif::ProgressBar::new(count.into()).with_message("people");
    let now = app.context.now();
    for first in (0..count).step_by(BATCH as usize) {
        let batch = first..count.min(first + BATCH);
        grant(app, batch.clone(), points, now).await?;
        bar.set_position(batch.end.into());
    }
    bar.finish_and_clear();
    say(format_args!(
        "Created {} with points from grants labeled '{SOURCE}'.",
        counted(count, "person", "people")
    ));
    Ok(())
}

async fn grant(
    app: &App,
    batch: std::ops::Range<u32>,
    points: fn(u64) -> Points,
    now: Timestamp,
) -> anyhow::Result<()> {
    let context = &app.context;
    let tx = context.begin().await?;
    let accounts = batch.clone().map(|number| account(number, now));
    let known = identity::actions::know_accounts(&tx, context, Authority::Github, accounts).await?;
    let boards: Arc<[String]> = Arc::from([GLOBAL.to_owned(), month_board(Month::of(now))]);
    let (mut scope, mut wanted) = (Vec::new(), Vec::new());
    for number in batch {
        let Some(person) = known.get(&github_id(number)) else {
            continue;
        };
        let source = Source {
            kind: SOURCE,
            id: Uuid::from_u128(number.into()),
        };
        scope.push((source, SOURCE));
        wanted.push(Entitlement {
            user_id: person.user_id,
            identity_id: person.identity_id,
            source,
            reason: SOURCE,
            kind: EntryKind::Award,
            points: points(number.into()),
            occurred_at: now
                - chrono::TimeDelta::seconds((u64::from(number) * 7_919 % 86_400) as i64),
            boards: Arc::clone(&boards),
            explanation: r#"{"seed":"granted to try out large boards"}"#.to_owned(),
        });
    }
    reconcile(&tx, context, &scope, wanted).await?;
    tx.commit().await?;
    Ok(())
}

fn github_id(number: u32) -> i64 {
    FIRST_ID - i64::from(number)
}

fn account(number: u32, seen_at: Timestamp) -> GithubAccount {
    GithubAccount::new(
        github_id(number),
        format!("seed-{number:07}"),
        AccountKind::User,
        seen_at,
    )
}

/// Returns points with a long tail: many people have few points, few people have many.
fn skewed(number: u64) -> Points {
    let hash = number.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 11;
    let share = (hash as f64 + 1.0) / (1_u64 << 53) as f64;
    (10.0 * share.powf(-0.6)).min(1_000_000.0) as Points
}

/// Returns points that are different for almost all people.
fn distinct(number: u64) -> Points {
    (number.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 40) as Points + 1
}

use anyhow::ensure;
use kernel::{Points, counted};
use platform::{Context, command::say, config::Config, presence::Presence};
use recognition::actions::{SAMPLE_SOURCE, grant_sample};

use super::{
    demo::{self, configure, fill},
    place,
    serve::Server,
};
use crate::{App, Migrator, current::Current, sample_data};

/// Arguments of `seed`.
#[derive(Clone, Debug, clap::Args)]
#[group(skip)]
#[command(
    group(clap::ArgGroup::new("data").required(true).args(["demo", "people", "distinct_people", "remove"])),
    after_help = "Examples:\n  guildhall seed --demo\n  guildhall seed --people 1000000\n  guildhall seed --remove --yes\n\nTo create an empty installation first, run `guildhall migrate up --create`."
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
    /// List what a database of sample data contains; with `--yes`, remove everything from it
    #[arg(long)]
    remove: bool,
    /// Remove without asking
    #[arg(long, conflicts_with_all = ["demo", "people", "distinct_people"])]
    yes: bool,
}

pub(super) async fn run(mut config: Config, args: Args) -> anyhow::Result<()> {
    if args.demo {
        return season(config).await;
    }
    if args.remove {
        return remove(config, args.yes).await;
    }
    config.bind.set_port(0);
    let app = place::open(config).await?;
    sample_data::begin(&app.context, &app.config).await?;
    let points: fn(u64) -> Points = if args.people.is_some() { skewed } else { distinct };
    people(&app, args.people.or(args.distinct_people).unwrap_or(0), points).await?;
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
    let current = Current::of(app.clone());
    let server = Server::start(&current, &app.config, None).await?;
    current.run_jobs(|app| app.start_jobs()).await;
    let url = format!("http://{}", server.bind);
    let filled = fill(&app, &url, until).await;
    server.stop().await;
    current.stop().await;
    app.context.db.close().await;
    filled
}

/// People per transaction.
const BATCH: u32 = 2_000;

async fn people(app: &App, count: u32, points: fn(u64) -> Points) -> anyhow::Result<()> {
    ensure!(count > 0, "`--people` must be at least 1");
    let bar = indicatif::ProgressBar::new(count.into()).with_message("people");
    for first in (0..count).step_by(BATCH as usize) {
        let batch = first..count.min(first + BATCH);
        grant_sample(&app.context, batch.clone(), points).await?;
        bar.set_position(batch.end.into());
    }
    bar.finish_and_clear();
    say(format_args!(
        "Created {} with points from grants labeled '{SAMPLE_SOURCE}'.",
        counted(count, "person", "people")
    ));
    Ok(())
}

/// Removes everything from a database of sample data; without `is_sure`, says only what would be removed.
async fn remove(config: Config, is_sure: bool) -> anyhow::Result<()> {
    let _alone = Presence::alone(&config)?;
    let context = place::look(&config).await?;
    let removed = removed(&context, &config, is_sure).await;
    context.db.close().await;
    removed
}

async fn removed(context: &Context, config: &Config, is_sure: bool) -> anyhow::Result<()> {
    let rows = sample_data::rows(context, config).await?;
    let rows = counted(rows, "row", "rows");
    if !is_sure {
        say(format_args!(
            "This database contains only sample data and what was added to it: {rows}. To remove everything, stop all \
             servers and workers, then run `guildhall seed --remove --yes`."
        ));
        return Ok(());
    }
    context.db.start_anew::<Migrator>().await?;
    demo::forget(config)?;
    say(format_args!("Removed {rows}. The database is empty."));
    Ok(())
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

//! (g) CTF teams: a sync of many competitors with a platform whose answers take 50 ms, and the dashboard of a large roster
//! among many solves.

use std::{
    cell::Cell,
    rc::Rc,
    slice,
    time::{Duration, Instant},
};

use anyhow::{Result, ensure};
use serde_json::{Value, json};
use sqlx::AnyPool;

use super::{
    Ground, Options,
    contest::{self, Contestant, Course},
    contestants,
    load::Requests,
    pages::ask,
    proc::{self, Meter},
    report::{Bound, Promise, Report},
};
use crate::{
    fake_github::Github,
    game_platform::{FLAG, GamePlatform},
    installation::{Installation, Serving},
    rosters::{self, AdminPages, Mailbox, last_calls, trigger, until_on},
    undone,
};
use xtask::postgres::Postgres;

/// The competitors of a roster, and their solves.
const IN_ROSTER: u32 = 500;
const SOLVES: u32 = 200;
/// How long the platform takes to answer, and the number of calls at once.
const LATENCY: Duration = Duration::from_millis(50);
const AT_ONCE: f64 = 20.0;
/// The longest sync, as a multiple of the time that its calls need at least.
const OVER_IDEAL: f64 = 1.08;
/// The most processor time per call, in microseconds.
const CALL: f64 = 250.0;
/// The most memory of the server, in MiB.
const MEMORY: f64 = 100.0;
/// The most that 95 of 100 requests of a page may take, in milliseconds.
const PAGE: f64 = 50.0;
const CONNECTIONS: usize = 8;
/// How often the memory is read.
const LOOKS_EVERY: Duration = Duration::from_millis(50);
const REQUESTS: u64 = 400;
const PATIENCE: Duration = Duration::from_secs(3600);

/// Measures on SQLite, then on PostgreSQL.
pub(super) async fn run(ground: &Ground<'_>, options: &Options, report: &mut Report) -> Result<()> {
    on_engine(ground, options, None, report).await?;
    match &ground.postgres {
        Some(postgres) => on_engine(ground, options, Some(postgres), report).await,
        None => {
            report.leave_out("rosters on PostgreSQL: PostgreSQL is not available");
            Ok(())
        }
    }
}

/// Coaches with rosters whose competitors are on a simulated platform.
pub(super) struct Scene<'a> {
    pub(super) installation: Installation,
    pub(super) platform: GamePlatform,
    postgres: Option<&'a Postgres>,
    pool: AnyPool,
    competitors: u32,
    /// The page of a roster, and the session of its coach.
    roster: (String, String),
    _github: Github,
    _mailbox: Mailbox,
}

async fn on_engine(
    ground: &Ground<'_>,
    options: &Options,
    postgres: Option<&Postgres>,
    report: &mut Report,
) -> Result<()> {
    let engine = postgres.map_or("SQLite", |_| "PostgreSQL");
    let (scene, filled) = Scene::open(ground, options.competitors, postgres).await?;
    let competitors = scene.competitors;
    let solves = undone::count(&scene.pool, "game_platform_challenge_solves").await?;
    let title = format!("(g) {competitors} competitors with {solves} solves, on {engine}");
    report.section(&title, &[filled]);
    report.promises(&scene.idle_cycle().await?);
    let serving = scene.installation.serve(&[]).await?;
    let quiet = scene.pages(serving).await?;
    report.promises(&quiet);
    let serving = scene.installation.serve(&[]).await?;
    let during = scene.during_sync(serving).await?;
    report.section("(g) The same pages, while new solves are synced", &[]);
    report.promises(&during);
    scene.pool.close().await;
    Ok(())
}

impl<'a> Scene<'a> {
    /// Creates the rosters as coaches do, and syncs them for the first time. Returns a line about this sync as well.
    pub(super) async fn open(
        ground: &Ground<'_>,
        competitors: u32,
        postgres: Option<&'a Postgres>,
    ) -> Result<(Self, String)> {
        let mut installation = contestants::empty(ground, "rosters", postgres).await?;
        let github = Github::start(&installation).await?;
        installation.github = Some(github.port);
        let mailbox = Mailbox::start(&mut installation)?;
        let platform = GamePlatform::start(&mut installation).await?;
        let everyone = json!({ "knows_everyone": true, "solves_each": SOLVES });
        platform.change("/_switches", &everyone).await?;
        installation.settings.extend(rosters::settings());
        let serving = installation.serve(&[]).await?;
        let admin = AdminPages::open(&installation, (&github, &mailbox), serving.port).await?;
        let measured = admin.coach("coaching-cleo").await?;
        let other = admin.coach("coaching-otto").await?;
        let page = admin.roster(&measured, "Measured", IN_ROSTER).await?;
        for number in 1..competitors.div_ceil(IN_ROSTER) {
            let name = format!("Other {number}");
            admin.roster(&other, &name, IN_ROSTER).await?;
        }
        let pool = AnyPool::connect(&installation.database_url()).await?;
        let scene = Self {
            installation,
            platform,
            postgres,
            pool,
            competitors: competitors.div_ceil(IN_ROSTER) * IN_ROSTER,
            roster: (page, measured),
            _github: github,
            _mailbox: mailbox,
        };
        let filled = scene.fill(&serving).await?;
        Ok((scene, filled))
    }

    /// Turns the platform on, and syncs everyone for the first time.
    async fn fill(&self, serving: &Serving) -> Result<String> {
        self.installation.quietly(&["flags", "set", FLAG, "100"])?;
        let start = Instant::now();
        let (page, coach) = &self.roster;
        until_on(serving.port, (page, coach)).await?;
        trigger(serving.port).await?;
        self.wait().await?;
        let took = start.elapsed();
        let solves = undone::count(&self.pool, "game_platform_challenge_solves").await?;
        let wanted = i64::from(self.competitors) * i64::from(SOLVES);
        ensure!(solves == wanted, "{solves} solves are stored, not {wanted}");
        if self.postgres.is_some() {
            // As it does by itself within minutes, but not in the middle of what is measured.
            for chore in ["VACUUM ANALYZE", "CHECKPOINT"] {
                sqlx::query(chore).execute(&self.pool).await?;
            }
        }
        let calls = last_calls(&self.pool).await?;
        Ok(format!(
            "The first sync took {took:.0?} with {calls} calls of a platform without latency; memory {:.0} MiB.",
            proc::peak(serving.daemon.pid())?
        ))
    }

    /// Waits until all runs have ended, and what they caused is done.
    async fn wait(&self) -> Result<()> {
        let open = "game_platform_sync_runs WHERE state <> 'finished'";
        undone::empty(&self.pool, open, PATIENCE).await?;
        undone::wait(&self.pool, PATIENCE).await
    }

    /// Measures a sync without anything new, by a server that was just started.
    async fn idle_cycle(&self) -> Result<[Promise; 4]> {
        let serving = self.installation.serve(&[]).await?;
        self.delay(LATENCY).await?;
        let meter = Meter::of(&serving.daemon, self.postgres);
        let (used, start) = (meter.read(), Instant::now());
        let highest = Cell::new(0.0);
        let run = tokio::select! {
            run = synced(serving.port) => run?,
            failed = follow(serving.daemon.pid(), &highest) => return failed,
        };
        let took = start.elapsed();
        let calls = last_calls(&self.pool).await?;
        let cpu = meter.read().since(used, calls as f64);
        let memory = (highest.get(), proc::peak(serving.daemon.pid())?);
        self.delay(Duration::ZERO).await?;
        let skipped = &run["summary"]["competitors"]["skipped"];
        ensure!(*skipped == self.competitors, "the sync was not without news: {run}");
        let ideal = calls as f64 * LATENCY.as_secs_f64() / AT_ONCE;
        Ok(promises((calls, ideal, self.competitors), took, cpu, memory))
    }

    async fn delay(&self, latency: Duration) -> Result<()> {
        let latency = json!({ "latency_ms": u64::try_from(latency.as_millis())? });
        self.platform.change("/_switches", &latency).await?;
        Ok(())
    }

    /// Measures the pages of the roster.
    async fn pages(&self, serving: Serving) -> Result<Vec<Promise>> {
        let port = serving.port;
        let server = Contestant::new("guildhall", serving.daemon, port, self.postgres);
        let (page, session) = &self.roster;
        let kinds = [
            ("dashboard, 30 days", format!("{page}?days=30")),
            ("dashboard, 90 days", format!("{page}?days=90")),
            ("CSV, 90 days", format!("{page}/dashboard.csv?days=90")),
        ];
        let mut promises = Vec::new();
        for ((what, path), course) in kinds.iter().flat_map(|kind| COURSES.map(|it| (kind, it))) {
            let request = ask(path, Some(session));
            let requests: Requests =
                Rc::new(move |_, sent| sent.extend_from_slice(request.as_bytes()));
            let rounds = contest::hold(slice::from_ref(&server), &requests, course).await?;
            let score = contest::median(&rounds[0]);
            promises.push(Promise {
                what: format!(
                    "{what}, {} at once: p95 (median {:.1} ms, CPU {:.0} + {:.0} µs)",
                    course.connections, score.seen.p50, score.server, score.database
                ),
                figure: score.seen.p95,
                unit: "ms",
                bound: Bound::AtMost(PAGE),
                of: "fixed".to_owned(),
            });
        }
        Ok(promises)
    }

    /// Returns the IDs of the competitors on the platform.
    pub(super) async fn people(&self) -> Result<Vec<String>> {
        let ids = "SELECT game_platform_id FROM competitors WHERE game_platform_id IS NOT NULL ORDER BY 1";
        Ok(sqlx::query_scalar(ids).fetch_all(&self.pool).await?)
    }

    /// Measures the pages while everyone is synced again, and each competitor of the measured roster has new solves.
    async fn during_sync(&self, serving: Serving) -> Result<Vec<Promise>> {
        for person in self.people().await?.iter().step_by(5) {
            let solves = json!({ "syned_user_id": person, "count": 2 });
            self.platform.change("/_solves", &solves).await?;
        }
        self.delay(LATENCY).await?;
        let sync = tokio::spawn(trigger(serving.port));
        let promises = self.pages(serving).await?;
        drop(sync);
        self.delay(Duration::ZERO).await?;
        Ok(promises)
    }
}

/// One request at a time, and as many as keep both cores busy.
const COURSES: [Course; 2] = [course(1, REQUESTS / 4), course(CONNECTIONS, REQUESTS)];

const fn course(connections: usize, requests: u64) -> Course {
    Course { connections, warm_up: REQUESTS / 4, requests, rounds: 1, first: 0 }
}

/// Notes the most memory of a process without mapped files, until it ends.
async fn follow<T>(process: u32, highest: &Cell<f64>) -> Result<T> {
    loop {
        highest.set(highest.get().max(proc::own(process)?));
        tokio::time::sleep(LOOKS_EVERY).await;
    }
}

/// Syncs everyone, and returns the run's summary.
pub(super) async fn synced(port: u16) -> Result<Value> {
    let answer = trigger(port).await?;
    ensure!(answer.status == 200, "{}", answer.text());
    let run = answer.json()?;
    ensure!(run["outcome"] == "success", "the sync ended with {run}");
    Ok(run)
}

fn promises(
    (calls, ideal, competitors): (u64, f64, u32),
    took: Duration,
    (server, database): (f64, f64),
    (memory, resident): (f64, f64),
) -> [Promise; 4] {
    let at_most = |what: String, figure: f64, unit, bound: f64, of: String| Promise {
        what,
        figure,
        unit,
        bound: Bound::AtMost(bound),
        of,
    };
    [
        at_most(
            "calls of a sync without news".to_owned(),
            calls as f64,
            "calls",
            f64::from(competitors) + 1.0,
            "competitors + 1".to_owned(),
        ),
        at_most(
            format!("its duration ({:.3} × the ideal)", took.as_secs_f64() / ideal),
            took.as_secs_f64(),
            "s",
            OVER_IDEAL * ideal,
            format!("{OVER_IDEAL} × calls × 50 ms ÷ 20"),
        ),
        at_most(
            format!("CPU per call ({server:.0} + {database:.0} µs)"),
            server + database,
            "µs",
            CALL,
            "fixed".to_owned(),
        ),
        at_most(
            format!("memory of the server ({resident:.0} MiB with the files that it maps)"),
            memory,
            "MiB",
            MEMORY,
            "fixed".to_owned(),
        ),
    ]
}

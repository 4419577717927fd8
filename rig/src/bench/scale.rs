//! (f) Pages of a large installation, and the work that reads all of it: badges, verification, the move to PostgreSQL.

use std::{
    fs,
    rc::Rc,
    slice,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, ensure};
use serde_json::json;
use sqlx::AnyPool;

use super::{
    Ground, Options,
    contest::{self, Contestant, Course},
    large::{self, Size},
    load::{Requests, scatter},
    pages::ask,
    report::{Bound, Promise, Report},
};
use crate::{
    fake_github::{Github, SESSION},
    http::request,
    installation::Installation,
    undone,
};

/// Number of connections of people who read pages at the same time.
const CONNECTIONS: usize = 8;
/// Number of requests per page.
const REQUESTS: u64 = 400;
/// The most that 95 of 100 requests may take, in milliseconds.
const PAGE: f64 = 50.0;
/// The most that an evaluation of everyone's badges may take, in seconds.
const BADGES: f64 = 60.0;
/// The most that a check or a move may take, in seconds.
const WHOLE: f64 = 90.0;
/// The project whose maintainer reads the queue.
const SLUG: &str = "bench-1";
const PATIENCE: Duration = Duration::from_secs(3600);

/// Fills an installation and measures it; SQLite first, then PostgreSQL with the same data.
pub(super) async fn run(ground: &Ground<'_>, options: &Options, report: &mut Report) -> Result<()> {
    let size = Size { pulls: options.large };
    let mut installation = large::filled(ground, size, true).await?;
    let pages = pages(&mut installation, size).await?;
    let title = format!(
        "(f) {} pull requests of {} people in {} repositories, on SQLite",
        size.pulls,
        size.people(),
        size.repositories()
    );
    report.section(&title, &[]);
    report.promises(&pages);
    let badges = evaluated(&installation).await?;
    report.promises(&[whole("badges of everyone", BADGES, badges)]);
    report.promises(&[whole("`ledger verify`", WHOLE, verified(&installation)?)]);
    match &ground.postgres {
        Some(_) => moved(ground, &installation, report).await,
        None => {
            report.leave_out("the move: PostgreSQL is not available");
            Ok(())
        }
    }
}

fn whole(what: &str, most: f64, took: Duration) -> Promise {
    Promise {
        what: what.to_owned(),
        figure: took.as_secs_f64(),
        unit: "s",
        bound: Bound::AtMost(most),
        of: "fixed".to_owned(),
    }
}

/// Moves a copy to PostgreSQL, and checks it there.
async fn moved(
    ground: &Ground<'_>,
    installation: &Installation,
    report: &mut Report,
) -> Result<()> {
    let postgres = ground.postgres.as_ref().context("no PostgreSQL")?;
    let mut copy = installation.copied("growth-moved", None).await?;
    let url = postgres.new_database("bench_moved")?;
    let start = Instant::now();
    copy.command(&["move", "--to", &url])?;
    let took = start.elapsed();
    fs::remove_file(copy.data.join("guildhall.db"))?;
    copy.database = Some(url);
    report.section("(f) The same, moved to PostgreSQL", &[]);
    report.promises(&[
        whole("`move`, with its check", WHOLE, took),
        whole("`ledger verify`", WHOLE, verified(&copy)?),
    ]);
    Ok(())
}

fn verified(installation: &Installation) -> Result<Duration> {
    let start = Instant::now();
    installation.command(&["ledger", "verify"])?;
    Ok(start.elapsed())
}

/// Has the badges of everyone evaluated by a worker.
async fn evaluated(installation: &Installation) -> Result<Duration> {
    let pool = AnyPool::connect(&installation.database_url()).await?;
    installation.command(&["badge", "evaluate"])?;
    let start = Instant::now();
    let worker = installation.worker("badges-of-everyone")?;
    // Other wake-ups stay: only this worker runs.
    undone::empty(&pool, "wake_ups WHERE topic = 'badge_changed'", PATIENCE).await?;
    let took = start.elapsed();
    drop(worker);
    // Chance leaves some of the people without a pull request, and so without an account.
    let complete = "badge_evaluations WHERE completed_at IS NOT NULL \
                    AND evaluated >= (SELECT count(DISTINCT author_id) FROM contributions)";
    let complete = undone::count(&pool, complete).await?;
    pool.close().await;
    ensure!(complete == 1, "not everyone was evaluated");
    Ok(took)
}

/// Measures the pages of a maintainer and of contributors who are signed in.
async fn pages(installation: &mut Installation, size: Size) -> Result<Vec<Promise>> {
    let github = Github::start(installation).await?;
    installation.github = Some(github.port);
    // GitHub's simulation does not know the repositories, so that jobs would find them deleted.
    let serving = installation.serve(&["--no-jobs"]).await?;
    let port = serving.port;
    let [admin, maintainer] = &github.people;
    let session = github.sign_in(port, maintainer).await?;
    let admins = github.sign_in(port, admin).await?;
    installation.command(&["user", "grant", admin, "--role", "admin"])?;
    appoint(port, &admins, maintainer).await?;
    let server = Contestant::new("guildhall", serving.daemon, port, None);
    let year = format!("/projects/{SLUG}/analytics?from=2025-01-01&to=2025-12-31");
    let of_a_project = format!("/projects/{SLUG}/analytics");
    let api = format!("/api/v1/projects/{SLUG}/analytics?from=2025-01-01&to=2025-12-31");
    let kinds = [
        ("a maintainer's queue", signed_in("/reviews", &session)),
        ("a contributor's dashboard", profiles(size, &session)),
        ("the home page of a maintainer", signed_in("/", &session)),
        ("analytics of a project, 90 days", signed_in(&of_a_project, &session)),
        ("analytics of a project, a year", signed_in(&year, &session)),
        ("the same from the API", signed_in(&api, &session)),
        (
            "contributors of a project",
            signed_in(&format!("/projects/{SLUG}/contributors"), &session),
        ),
    ];
    let course = Course {
        connections: CONNECTIONS,
        warm_up: REQUESTS / 4,
        requests: REQUESTS,
        rounds: 1,
        first: 0,
    };
    let mut promises = Vec::new();
    for (what, requests) in &kinds {
        let rounds = contest::hold(slice::from_ref(&server), requests, course).await?;
        let score = contest::median(&rounds[0]);
        promises.push(Promise {
            what: format!(
                "{what}: p95 (median {:.1} ms, CPU {:.0} µs)",
                score.seen.p50,
                score.cpu()
            ),
            figure: score.seen.p95,
            unit: "ms",
            bound: Bound::AtMost(PAGE),
            of: "fixed".to_owned(),
        });
    }
    installation.github = None;
    Ok(promises)
}

/// Makes a person a maintainer of the project.
async fn appoint(port: u16, session: &str, login: &str) -> Result<()> {
    let cookie = format!("{SESSION}={session}");
    let headers = [("Cookie", cookie.as_str()), ("Sec-Fetch-Site", "same-origin")];
    let path = format!("/api/v1/projects/{SLUG}/maintainers/{login}");
    let answer = request(port, "PUT", &path, &headers, Some(&json!({}))).await?;
    ensure!((200..300).contains(&answer.status), "{login}: {}", answer.text());
    Ok(())
}

/// Requests a page of a signed-in person, which is never cached.
fn signed_in(path: &str, session: &str) -> Requests {
    let request = ask(path, Some(session));
    Rc::new(move |_, sent| sent.extend_from_slice(request.as_bytes()))
}

/// Requests the profile of one person after another.
fn profiles(size: Size, session: &str) -> Requests {
    let session = session.to_owned();
    Rc::new(move |number, sent| {
        let path = format!("/people/octocat-{}", scatter(number) % size.people());
        sent.extend_from_slice(ask(&path, Some(&session)).as_bytes());
    })
}

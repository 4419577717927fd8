//! (e) Pages from the cache, and pages that must be rendered.

use std::{rc::Rc, slice};

use anyhow::{Context as _, Result};

use super::{
    Ground, Options,
    contest::{self, Contestant, Course},
    contestants,
    live::{RATE, Stream},
    load::Requests,
    numbers::disguised,
    report::{Bound, Promise, Report},
};
use crate::{fake_github::SESSION, http::with_cookies};
use xtask::postgres::Postgres;

/// People on the leaderboard, in addition to the season's.
const PEOPLE: &str = "10000";
const BOARD: &str = "/leaderboards";

/// Measures on SQLite, then on PostgreSQL.
pub(super) async fn run(ground: &Ground<'_>, options: &Options, report: &mut Report) -> Result<()> {
    on_engine(ground, options, None, report).await?;
    match &ground.postgres {
        Some(postgres) => on_engine(ground, options, Some(postgres), report).await,
        None => {
            report.leave_out("pages on PostgreSQL: PostgreSQL is not available");
            Ok(())
        }
    }
}

async fn on_engine(
    ground: &Ground<'_>,
    options: &Options,
    postgres: Option<&Postgres>,
    report: &mut Report,
) -> Result<()> {
    let (engine, fast) = match postgres {
        None => ("SQLite", 25.0),
        Some(_) => ("PostgreSQL", 45.0),
    };
    let installation = contestants::empty(ground, "pages", postgres).await?;
    installation.command(&["seed", "--people", PEOPLE])?;
    let serving = installation.demo().await?;
    let session = serving.session_of("contributor").await?;
    let maintainer = serving.session_of("maintainer").await?;
    let person = own_page(serving.port, &session).await?;
    let port = serving.port;
    let server = Contestant::new("guildhall", serving.daemon, port, postgres);
    let kinds = [
        ("board, cached", kept(BOARD), fast),
        ("board, rendered", rendered(BOARD), 250.0),
        ("person, signed in", signed_in(person, session), 300.0),
        ("home of a maintainer", signed_in("/".to_owned(), maintainer), 500.0),
    ];
    let promises = scores(&server, &kinds, options).await?;
    report.section(&format!("(e) Pages, compressed, on {engine}"), &[]);
    report.promises(&promises);
    let stream = Stream::of(&installation).await?;
    let promises = stream.during(port, scores(&server, &kinds, options)).await?;
    stream.expect_processed(&installation).await?;
    // Only shown: the processor time includes that of the deliveries.
    let lines: Vec<String> = promises
        .into_iter()
        .map(|promise| format!("{}: {:.0} {}", promise.what, promise.figure, promise.unit))
        .collect();
    let title = format!("(e) Pages on {engine}, while {RATE} deliveries a second come in");
    report.section(&title, &lines);
    Ok(())
}

/// A kind of page, its requests, and the limit of its processor time.
type PageKind = (&'static str, Requests, f64);

async fn scores(
    server: &Contestant,
    kinds: &[PageKind],
    options: &Options,
) -> Result<Vec<Promise>> {
    let mut promises = Vec::new();
    for (what, requests, most) in kinds {
        let course = Course::of(options);
        let rounds = contest::hold(slice::from_ref(server), requests, course).await?;
        let score = contest::median(&rounds[0]);
        promises.push(Promise {
            what: format!(
                "{what}: CPU ({:.0} + {:.0} µs, {:.0} a second, p99 {:.2} ms)",
                score.server, score.database, score.seen.rate, score.seen.p99
            ),
            figure: score.cpu(),
            unit: "µs",
            bound: Bound::AtMost(*most),
            of: "fixed".to_owned(),
        });
    }
    Ok(promises)
}

/// Returns the path of the profile of a session's person.
async fn own_page(port: u16, session: &str) -> Result<String> {
    let cookie = format!("{SESSION}={session}");
    let me = with_cookies(port, "/api/v1/me", &cookie).await?.json()?;
    let login = me["login"].as_str().context("the session has no person")?;
    Ok(format!("/people/{login}"))
}

/// Requests the same page every time, which is served from the cache.
fn kept(path: &'static str) -> Requests {
    Rc::new(move |_, request| request.extend_from_slice(ask(path, None).as_bytes()))
}

/// Requests the same ranks at another address every time, so that they are rendered.
fn rendered(path: &'static str) -> Requests {
    let first = format!("{path}?rank={:024}", 1);
    Rc::new(move |number, request| {
        let address = disguised(&first, number);
        request.extend_from_slice(ask(&address, None).as_bytes());
    })
}

/// Requests a page of a signed-in person, which is never cached.
fn signed_in(path: String, session: String) -> Requests {
    Rc::new(move |_, request| request.extend_from_slice(ask(&path, Some(&session)).as_bytes()))
}

/// Returns a request like a browser's.
pub(super) fn ask(address: &str, session: Option<&str>) -> String {
    let cookie =
        session.map_or_else(String::new, |session| format!("Cookie: {SESSION}={session}\r\n"));
    format!(
        "GET {address} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/html\r\n{cookie}\
         Accept-Encoding: gzip, deflate, br, zstd\r\n\r\n"
    )
}

//! (h) Discovery: searches among very many open issues while some change, and the match of one person with all of them.

use std::{fs, rc::Rc, slice, time::Instant};

use anyhow::{Result, ensure};
use serde_json::json;

use super::{
    Ground, Options,
    contest::{self, Contestant, Course, Score},
    full_text,
    issue_hunt::{MATCH, SEARCH, Scene},
    issues,
    load::{self, Requests},
    pages::ask,
    proc::{self, Meter},
    report::{Bound, Promise, Report},
};
use crate::{
    fake_github::SESSION,
    http::{self, request},
    installation::Serving,
};
use xtask::postgres::Postgres;

/// The most seconds from the start of a server with an index on disk until it has all issues.
const START: f64 = 3.0;
/// The most memory of the server without mapped files, in MiB.
const MEMORY: f64 = 300.0;
/// The most milliseconds of 99 of 100 searches, and the most processor time of one in microseconds.
const SEARCHED: (f64, f64) = (10.0, 2_000.0);
/// The most milliseconds of 95 of 100 matches.
const MATCHED: f64 = 20.0;
const CONNECTIONS: usize = 8;
/// The requests with several connections, as a share of the option; those with one, and the rounds.
const SHARE: u64 = 5;
const ALONE: u64 = 300;
const ROUNDS: usize = 3;
/// The searches that are sent in turn.
const SEARCHES: u64 = 2_000;

/// Measures on SQLite, then on PostgreSQL.
pub(super) async fn run(ground: &Ground<'_>, options: &Options, report: &mut Report) -> Result<()> {
    on_engine(ground, options, None, report).await?;
    match &ground.postgres {
        Some(postgres) => on_engine(ground, options, Some(postgres), report).await,
        None => {
            report.leave_out("opportunities on PostgreSQL: PostgreSQL is not available");
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
    let engine = postgres.map_or("SQLite", |_| "PostgreSQL");
    let (scene, filled) = Scene::open(ground, options.opportunities, postgres).await?;
    let title = format!("(h) {} opportunities, on {engine}", scene.opportunities);
    report.section(&title, &[filled]);
    report.note(&scene.rebuilt().await?);
    let (serving, begun) = scene.begun().await?;
    report.promises(&begun);
    let measured = scene.measured(serving, options).await?;
    report.promises(&measured.promises);
    let compared = full_text::compared(&scene.installation).await?;
    for line in measured.lines.iter().chain(&[compared]) {
        println!("{line}");
        report.note(line);
    }
    scene.pool.close().await;
    Ok(())
}

/// The figures with limits, and those without.
struct Measured {
    promises: Vec<Promise>,
    lines: Vec<String>,
}

fn at_most(what: String, figure: f64, unit: &'static str, most: f64) -> Promise {
    Promise { what, figure, unit, bound: Bound::AtMost(most), of: "fixed".to_owned() }
}

fn memory(when: &str, process: u32) -> Result<Promise> {
    let (own, resident) = (proc::own(process)?, proc::resident(process)?);
    let what = format!(
        "memory {when}, without mapped files ({resident:.0} MiB with those, each counted for every connection that maps it)"
    );
    Ok(at_most(what, own, "MiB", MEMORY))
}

impl Scene<'_> {
    /// Removes the index, and returns a line about how long it takes to build it.
    async fn rebuilt(&self) -> Result<String> {
        let index = self.installation.data.join("search");
        if index.exists() {
            fs::remove_dir_all(index)?;
        }
        let start = Instant::now();
        let serving = self.installation.serve(&["--no-jobs"]).await?;
        let meter = Meter::of(&serving.daemon, self.postgres);
        let used = meter.read();
        self.until_complete(serving.port).await?;
        let took = start.elapsed();
        let (server, database) = meter.read().since(used, 1e6);
        Ok(format!(
            "An index is built within {:.1} s ({server:.1} + {database:.1} s of CPU time); at most {:.0} MiB of memory.",
            took.as_secs_f64(),
            proc::peak(serving.daemon.pid())?
        ))
    }

    /// Starts a server with an index on disk, and measures how long it takes until searches and matches are answered.
    async fn begun(&self) -> Result<(Serving, Vec<Promise>)> {
        let start = Instant::now();
        let serving = self.installation.serve(&[]).await?;
        self.until_complete(serving.port).await?;
        let searched = start.elapsed().as_secs_f64();
        self.matched(serving.port).await?;
        let matched = start.elapsed().as_secs_f64();
        let what = format!(
            "start until searches have all (ready after {:.2} s)",
            serving.ready_after.as_secs_f64()
        );
        let promises = vec![
            at_most(what, searched, "s", START),
            at_most("start until the first match".to_owned(), matched, "s", START),
            memory("after that", serving.daemon.pid())?,
        ];
        Ok((serving, promises))
    }

    /// Matches the person with all issues, and checks that there are some.
    async fn matched(&self, port: u16) -> Result<()> {
        let cookie = format!("{SESSION}={}", self.session);
        let headers = [("Cookie", &*cookie), ("Sec-Fetch-Site", "same-origin")];
        let answer = request(port, "POST", MATCH, &headers, Some(&json!({}))).await?;
        let found = answer.json()?;
        ensure!(
            found["total"].as_u64() >= Some(20) && found["items"][0]["match"]["total"].is_f64(),
            "few issues fit: {found}"
        );
        Ok(())
    }

    /// Measures searches, with changes beside them, and matches.
    async fn measured(&self, serving: Serving, options: &Options) -> Result<Measured> {
        let (port, process) = (serving.port, serving.daemon.pid());
        let server = Contestant::new("guildhall", serving.daemon, port, self.postgres);
        let of = (&server, options);
        let paths: Vec<String> =
            (0..SEARCHES).map(|number| format!("{SEARCH}?{}", issues::search(number))).collect();
        let searches = load::gets(&paths);
        let searched = self.hooked(port, held(of, &searches, CONNECTIONS)).await?;
        let quiet = held(of, &searches, CONNECTIONS).await?;
        let words: Vec<String> = (0..SEARCHES)
            .map(|number| format!("{SEARCH}?q={}", issues::words(number).replace(' ', "+")))
            .collect();
        let words = held(of, &load::gets(&words), 1).await?;
        let page = paths.iter().map(|path| path.replace(SEARCH, "/discover"));
        let page = held(of, &load::gets(&page.collect::<Vec<_>>()), CONNECTIONS).await?;
        let floor = held(of, &same(http::get("/readyz")), CONNECTIONS).await?;
        let matched = held(of, &self.matches(), 1).await?;
        let for_you = held(of, &self.for_you(), 1).await?;
        let (p99, cpu) = SEARCHED;
        let promises = vec![
            at_most(
                format!("searches while issues change, 8 at once: p99 ({})", figures(&searched)),
                searched.seen.p99,
                "ms",
                p99,
            ),
            at_most(
                "the same: CPU of the server, with the changes".to_owned(),
                searched.server,
                "µs",
                cpu,
            ),
            at_most(
                format!("searches without changes: p99 ({})", figures(&quiet)),
                quiet.seen.p99,
                "ms",
                p99,
            ),
            at_most(
                format!("match with all, one at a time: p95 ({})", figures(&matched)),
                matched.seen.p95,
                "ms",
                MATCHED,
            ),
            at_most(
                format!("/discover/for-you, one at a time: p95 ({})", figures(&for_you)),
                for_you.seen.p95,
                "ms",
                MATCHED,
            ),
            memory("after the load", process)?,
        ];
        let lines = [
            ("The page /discover with the same searches", page),
            ("A request to /readyz", floor),
            ("Searches with words only, one at a time", words),
        ];
        let lines = lines.map(|(what, score)| {
            format!("{what}: p99 {:.2} ms ({})", score.seen.p99, figures(&score))
        });
        Ok(Measured { promises, lines: lines.into() })
    }

    fn matches(&self) -> Requests {
        let (session, body) = (&self.session, json!({}).to_string());
        let request = format!(
            "POST {MATCH} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {SESSION}={session}\r\nSec-Fetch-Site: same-origin\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        same(request)
    }

    fn for_you(&self) -> Requests {
        same(ask("/discover/for-you", Some(&self.session)))
    }
}

/// Sends the same request each time.
fn same(request: String) -> Requests {
    Rc::new(move |_, sent| sent.extend_from_slice(request.as_bytes()))
}

async fn held(
    (server, options): (&Contestant, &Options),
    requests: &Requests,
    connections: usize,
) -> Result<Score> {
    let many = options.requests / SHARE;
    let (count, rounds) = match connections {
        1 => (ALONE.min(many), 1),
        _ => (many, ROUNDS.min(options.rounds)),
    };
    let course = Course { connections, warm_up: count / 4, requests: count, rounds, first: 0 };
    let rounds = contest::hold(slice::from_ref(server), requests, course).await?;
    Ok(contest::median(&rounds[0]))
}

fn figures(score: &Score) -> String {
    format!(
        "{:.0} a second, p50 {:.2} ms, CPU {:.0} + {:.0} µs",
        score.seen.rate, score.seen.p50, score.server, score.database
    )
}

//! Judge `calendar`: three libraries read the calendars of the demo's hackathons, and the personal calendar of a person (`ical.js`,
//! `node-ical` and `vobject`, which also validates them), and must find the same events.

mod agreement;

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context as _, Result, ensure};

use self::agreement::{Events, agreed};
use super::Surroundings;
use crate::{
    http::{self, Connection, path_of},
    installation::{Installation, Serving},
};
use xtask::{fetch, process::output, tally::Tally};

/// The libraries for Node, as `read.mjs` names them, with their versions.
const NODE: [(&str, &str); 2] = [
    ("ical.js", "ical.js@2.2.1"),
    // Later versions need Node 22.
    ("node-ical", "node-ical@0.26.1"),
];
/// The person of the demo whose personal calendar is read. They organize its hackathons.
const PERSON: &str = "organizer";
const PYTHON: &str = "vobject==0.9.9";

/// Fetches the libraries.
pub(super) fn prepare(around: &Surroundings) -> Result<()> {
    let folder = folder(around);
    let packages = NODE.map(|(_, package)| package);
    fetch::npm_packages(&folder, &packages, around.install)?;
    fetch::python_packages(&folder.join("python"), &[PYTHON], around.install)
}

fn folder(around: &Surroundings) -> PathBuf {
    around.workspace.target.join("judges/calendar")
}

/// Judges a demo on SQLite: calendars do not depend on the database.
pub(super) fn run(around: &Surroundings, tally: &mut Tally) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let judged = runtime.block_on(judge(around));
    tally.step("calendars by ical.js, node-ical and vobject", judged);
    Ok(())
}

async fn judge(around: &Surroundings<'_>) -> Result<()> {
    let folder = folder(around);
    let installation = Installation::fresh(around.program(), folder.join("sqlite"), None)?;
    let serving = around.demo(&installation).await?;
    let mut connection = Connection::open(serving.port).await?;
    let mut files = Vec::new();
    for slug in hackathons(&mut connection).await? {
        let file = installation.data.join(format!("{slug}.ics"));
        fs::write(&file, calendar(&mut connection, &slug).await?)?;
        files.push(file);
    }
    let file = installation.data.join("personal.ics");
    fs::write(&file, personal_calendar(&serving).await?)?;
    files.push(file);
    drop(serving);
    ensure!(!files.is_empty(), "the demo has no public hackathon");
    let events = agreed(read(&folder, &files)?)?;
    println!("the libraries agree on {events} events of {} calendars", files.len());
    if !around.keep {
        fs::remove_dir_all(&installation.data)?;
    }
    Ok(())
}

/// Returns the slugs of all public hackathons.
async fn hackathons(connection: &mut Connection) -> Result<Vec<String>> {
    let (mut slugs, mut path) = (Vec::new(), "/api/v1/hackathons".to_owned());
    loop {
        let answer = connection.get(&path).await?;
        ensure!(answer.status == 200, "{path} was answered {}", answer.status);
        let page = answer.json()?;
        let items = page["items"].as_array().context("no list of hackathons")?;
        for item in items {
            let slug = item["slug"].as_str();
            slugs.push(slug.context("a hackathon has no slug")?.to_owned());
        }
        match page["next_cursor"].as_str() {
            Some(cursor) => path = format!("/api/v1/hackathons?cursor={cursor}"),
            None => return Ok(slugs),
        }
    }
}

/// Returns the personal calendar of a person of the demo, for which they create an address.
async fn personal_calendar(serving: &Serving) -> Result<Vec<u8>> {
    let cookie = format!("guildhall-session={}", serving.session_of(PERSON).await?);
    let headers = [("Cookie", cookie.as_str()), ("Sec-Fetch-Site", "same-origin")];
    let path = "/api/v1/me/hackathon-calendar";
    let created = http::request(serving.port, "POST", path, &headers, None).await?;
    ensure!(created.status == 201, "{path} was answered {}: {}", created.status, created.text());
    let created = created.json()?;
    let url = created["url"].as_str().context("the calendar has no URL")?;
    let mut connection = Connection::open(serving.port).await?;
    file(&mut connection, path_of(url)).await
}

/// Returns the calendar of a hackathon.
async fn calendar(connection: &mut Connection, slug: &str) -> Result<Vec<u8>> {
    file(connection, &format!("/hackathons/{slug}/calendar.ics")).await
}

/// Returns the calendar file at a path.
async fn file(connection: &mut Connection, path: &str) -> Result<Vec<u8>> {
    let answer = connection.get(path).await?;
    ensure!(answer.status == 200, "{path} was answered {}", answer.status);
    let kind = answer.header("Content-Type").unwrap_or_default();
    ensure!(kind == "text/calendar; charset=utf-8", "{path} is {kind}");
    Ok(answer.body)
}

/// Lets each library read the files; returns what it found, by its name.
fn read(folder: &Path, files: &[PathBuf]) -> Result<Vec<(&'static str, Events)>> {
    fs::write(folder.join("read.mjs"), include_str!("read.mjs"))?;
    fs::write(folder.join("read.py"), include_str!("read.py"))?;
    let found = |library, program: &[&str]| {
        let mut command = Command::new("timeout");
        command.arg("60").args(program).args(files);
        let printed = output(command.current_dir(folder))?;
        let events = serde_json::from_str(&printed);
        let events = events.with_context(|| format!("{library} printed {printed}"))?;
        anyhow::Ok((library, events))
    };
    let mut all = vec![found("vobject", &["python/bin/python", "read.py"])?];
    for (library, _) in NODE {
        all.push(found(library, &["node", "read.mjs", library])?);
    }
    Ok(all)
}

//! The figures that pages state: the counts of the header, tabs, side lists, headings and sentences are those of the rows that are
//! listed, of the inbox and of the ledger, as the API has them; and no page states a fact twice.

use std::{collections::BTreeMap, path::Path};

use anyhow::{Context, Result, ensure};
use serde::Deserialize;
use serde_json::Value;

use super::{dress, driver::Driver, folder};
use crate::{
    fake_github::SESSION,
    http::{Connection, with_cookies},
    installation::{Installation, Serving},
    judges::Surroundings,
};
use xtask::fetch;

/// The demo's people, by the value of their button.
const ROLES: [&str; 7] =
    ["contributor", "maintainer", "moderator", "coach", "organizer", "judge", "admin"];
/// The rows of a page of the list of work.
const ROWS: usize = 25;

/// The figures of the open page.
#[derive(Deserialize)]
struct Seen {
    work: i64,
    notices: i64,
    side: Vec<(String, i64)>,
    tabs: Vec<(String, i64)>,
    dues: Vec<i64>,
    /// The path of the month whose ranks are shown.
    month: String,
    lede: String,
    place: String,
    people: i64,
    rows: usize,
    needs: usize,
    listed: usize,
    elsewhere: usize,
    board: Vec<Row>,
    facts: Vec<(String, String)>,
    repeated: Vec<String>,
}

/// A rank of a board.
#[derive(Deserialize, Debug, PartialEq)]
struct Row {
    person: String,
    points: i64,
}

/// The same of the API.
struct Truth {
    login: String,
    /// The number of tasks of each kind.
    kinds: BTreeMap<String, usize>,
    work: usize,
    notices: i64,
    /// The sum of the ledger.
    points: i64,
    merged: usize,
    /// The rank on the leaderboard of merges, if the person has one.
    rank: Option<i64>,
}

/// Compares the pages of visitors and of each of the demo's people.
pub(super) async fn judge(around: &Surroundings<'_>, binary: &Path) -> Result<()> {
    let place = folder(around).join("figures");
    let installation = Installation::fresh(binary.to_owned(), place, None)?;
    let serving = around.demo(&installation).await?;
    let (browser, driver) = fetch::browser_or_install(false)?;
    let profile = installation.data.join("profile");
    let mut driver = Driver::start(&driver, &browser, &profile).await?;
    let compared = compare(around, &mut driver, &serving).await;
    // Quit the browser even after an error: it outlives the program that drives it.
    driver.end().await?;
    let complaints = compared?;
    ensure!(complaints.is_empty(), "{}", complaints.join("\n  "));
    Ok(())
}

async fn compare(
    around: &Surroundings<'_>,
    driver: &mut Driver,
    serving: &Serving,
) -> Result<Vec<String>> {
    let mut complaints = Vec::new();
    dress(driver, (1440, 900), "light").await?;
    front(driver, serving, &mut complaints).await?;
    for role in ROLES {
        let session = serving.session_of(role).await?;
        driver.begin_at(serving.port, "/sign-in").await?;
        driver.forget_cookies().await?;
        driver.begin_at(serving.port, "/sign-in").await?;
        driver.click(&format!("button[value='{role}']")).await?;
        driver.text(".account .face").await?;
        let truth = Truth::of(serving.port, &session).await?;
        let own = format!("/people/{}", truth.login);
        for page in ["/", "/work", "/inbox", "/leaderboards", &own] {
            let seen = open(driver, serving, page).await?;
            around.count("pages with figures", 1);
            let said = truth.differs(page, &seen).into_iter();
            complaints.extend(said.map(|said| format!("{page} as {role}: {said}")));
        }
        if role == "admin" || role == "moderator" {
            let side = open(driver, serving, "/admin/fair-play").await?.side;
            for (page, count) in side {
                let seen = open(driver, serving, &page).await?;
                let listed = seen.listed + seen.elsewhere;
                let is_enough = listed >= usize::try_from(count).unwrap_or(0).min(10);
                let said = || format!("{page} as {role}: {count} wait, but {listed} are listed");
                complaints.extend((!is_enough).then(said));
            }
        }
    }
    Ok(complaints)
}

async fn open(driver: &mut Driver, serving: &Serving, page: &str) -> Result<Seen> {
    driver.begin_at(serving.port, page).await?;
    let seen = driver.wait_for(include_str!("figures.js")).await?;
    serde_json::from_value(seen).with_context(|| format!("the figures of {page}"))
}

/// Compares the visitors' page and the first tab of the leaderboard.
async fn front(driver: &mut Driver, serving: &Serving, complaints: &mut Vec<String>) -> Result<()> {
    let mut connection = Connection::open(serving.port).await?;
    let seen = open(driver, serving, "/").await?;
    let (month, _) = seen.month.split_once('?').unwrap_or((&seen.month, ""));
    let path = format!("/api/v1{month}?limit=5&source=contributions");
    let board = connection.get(&path).await?.json()?;
    let people = board["people"].as_i64().unwrap_or_default();
    if seen.people != people {
        complaints.push(format!("/: {} people with points, not {people}", seen.people));
    }
    let path = "/api/v1/leaderboards/global?limit=20&source=contributions";
    let board = connection.get(path).await?.json()?;
    let items = board["items"].as_array().context("no ranks")?;
    let expected: Vec<Row> = items
        .iter()
        .map(|item| Row {
            person: format!("/people/{}", item["login"].as_str().unwrap_or_default()),
            points: item["points"].as_i64().unwrap_or_default(),
        })
        .collect();
    // The first page has fewer rows than one that begins at a rank.
    for (page, rows) in [("/leaderboards", 10), ("/leaderboards?rank=1", expected.len())] {
        let expected = &expected[..rows.min(expected.len())];
        let shown = open(driver, serving, page).await?.board;
        if shown.len() < expected.len() || shown[..expected.len()] != *expected {
            complaints.push(format!("{page}: {shown:?} instead of {expected:?}"));
        }
    }
    Ok(())
}

impl Truth {
    async fn of(port: u16, session: &str) -> Result<Self> {
        let cookie = format!("{SESSION}={session}");
        let ask = async |path: String| with_cookies(port, &path, &cookie).await?.json();
        let me = ask("/api/v1/me".to_owned()).await?;
        let login = me["login"].as_str().context("no login")?.to_owned();
        let notices = ask("/api/v1/me/notifications".to_owned()).await?["unread_count"].as_i64();
        let work = all(&ask, "/api/v1/work").await?;
        let mut kinds = BTreeMap::new();
        for task in &work {
            *kinds.entry(task["kind"].as_str().unwrap_or_default().to_owned()).or_default() += 1;
        }
        let entries = all(&ask, &format!("/api/v1/people/{login}/transactions")).await?;
        let pulls = all(&ask, &format!("/api/v1/people/{login}/pull-requests")).await?;
        let rank = format!("/api/v1/leaderboards/global/ranks/{login}?source=contributions");
        Ok(Self {
            kinds,
            work: work.len(),
            notices: notices.context("no count")?,
            points: entries.iter().filter_map(|entry| entry["points"].as_i64()).sum(),
            merged: pulls.iter().filter(|pull| pull["state"] == "MERGED").count(),
            rank: ask(rank).await?["rank"].as_i64(),
            login,
        })
    }

    /// Returns the figures of a page that are others.
    fn differs(&self, page: &str, seen: &Seen) -> Vec<String> {
        let mut said: Vec<String> =
            seen.repeated.iter().map(|fact| format!("“{fact}” is stated twice")).collect();
        let mut expect = |what: &str, is: &str, should: &str| {
            if is != should {
                said.push(format!("{what}: {is} instead of {should}"));
            }
        };
        let text = |number: usize| number.to_string();
        expect("work in the header", &seen.work.to_string(), &text(self.work));
        expect("the bell", &seen.notices.to_string(), &self.notices.to_string());
        let fact = |name: &str| {
            let found = seen.facts.iter().find(|(label, _)| label == name);
            found
                .map_or("", |(_, value)| value)
                .split([' ', '('])
                .next()
                .unwrap_or("")
                .replace(',', "")
        };
        match page {
            "/" => {
                // Figures that say nothing to the person are left out.
                let points = fact("All-time points");
                if self.points > 0 || !points.is_empty() {
                    expect("all-time points", &points, &self.points.to_string());
                }
                if self.work > 0 {
                    let is_listed = seen.needs > 0 && seen.needs <= self.work;
                    expect("tasks are listed", &is_listed.to_string(), "true");
                    expect("the sentence", &counted(&seen.lede).to_string(), &text(self.work));
                }
            }
            "/work" => {
                expect("rows", &text(seen.rows), &text(self.work.min(ROWS)));
                for (address, count) in &seen.tabs {
                    let of = address.split_once("kind=").map(|(_, kind)| kind);
                    let known =
                        of.map_or(self.work, |kind| self.kinds.get(kind).copied().unwrap_or(0));
                    expect(address, &count.to_string(), &text(known));
                }
                let dues: i64 = seen.dues.iter().sum();
                expect("tasks by deadline", &dues.to_string(), &text(self.work));
            }
            "/leaderboards" => {
                let numbers = seen.place.split(|c: char| !c.is_ascii_digit());
                let shown = numbers.filter_map(|part| part.parse::<i64>().ok()).next();
                expect("own rank", &format!("{shown:?}"), &format!("{:?}", self.rank));
            }
            "/inbox" => {}
            _ => {
                expect("points", &fact("Points"), &self.points.to_string());
                if self.merged > 0 {
                    expect("merges", &fact("Merged"), &text(self.merged));
                }
            }
        }
        said
    }
}

/// Returns the number of tasks in the sentences of the home page: the first one, and those that wait besides it.
fn counted(sentences: &str) -> usize {
    let before = sentences.split(" more thing").next().filter(|before| *before != sentences);
    let number = before.and_then(|before| before.rsplit(' ').next());
    1 + number.map_or(0, |number| match number {
        "One" => 1,
        number => number.replace(',', "").parse().unwrap_or(0),
    })
}

/// Returns the items of all pages of a list.
async fn all(ask: &impl AsyncFn(String) -> Result<Value>, path: &str) -> Result<Vec<Value>> {
    let (mut items, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = ask(format!("{path}?limit=100{cursor}")).await?;
        items.extend(page["items"].as_array().cloned().unwrap_or_default());
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return Ok(items),
        }
    }
}

//! Files about the points of a person: their days and a feed of their entries.

use axum::{Extension, extract::State, response::Response};
use kernel::Timestamp;
use platform::Context;
use ui::{
    Address, PageError, charts, csv,
    feed::{ENTRIES, Feed, FeedEntry},
    format::{self, Instant, Signed},
};

use crate::{
    Programmes,
    model::{EntryDescription, EntryWithExplanation},
    reads,
};

/// Returns the instant at which the charts of a profile begin.
#[must_use]
pub fn first_instant(context: &Context) -> Timestamp {
    let first = charts::first_day(context.now().date_naive());
    first.and_time(chrono::NaiveTime::MIN).and_utc()
}

/// Parses days; unreadable ones are left out.
#[must_use]
pub fn read_days(found: Vec<reads::Day>) -> Vec<charts::Day> {
    let day = |found: reads::Day| Some((found.day.parse().ok()?, found.points));
    found.into_iter().filter_map(day).collect()
}

/// `GET /people/{login}/days.csv`.
pub(super) async fn days_csv(
    State(context): State<Context>,
    Address(login): Address<String>,
) -> Result<Response, PageError> {
    let person = identity::reads::find_public(&context.db, &login).await?;
    let since = first_instant(&context);
    let days = reads::days(&context.db, person.id.into(), since).await?;
    let rows = read_days(days)
        .into_iter()
        .rev()
        .map(|(day, points)| [day.to_string().into(), points.into()]);
    let name = format!("{}-days", person.login);
    Ok(csv::file(&name, ["day", "points"], rows))
}

/// `GET /people/{login}/feed.atom`: the latest ledger entries of a person.
pub(super) async fn feed(
    State(context): State<Context>,
    Extension(programmes): Extension<Programmes>,
    Address(login): Address<String>,
) -> Result<Response, PageError> {
    let person = identity::reads::find_public(&context.db, &login).await?;
    let rows = reads::of_person(&context.db, person.id.into(), None, ENTRIES).await?;
    let words = programmes.describe(&context, &rows).await?;
    let page = format!("/people/{}", format::segment(&person.login));
    let entries = rows.iter().zip(words);
    let feed = Feed {
        id: person.id,
        title: format!("{}'s points", person.login),
        address: format!("{page}/feed.atom"),
        entries: entries.map(|(row, words)| published(row, words, &person.login, &page)).collect(),
        page,
    };
    feed.respond()
}

/// Returns the entry of a feed about `login`, whose profile is at `page`.
fn published(
    entry: &EntryWithExplanation,
    words: EntryDescription,
    login: &str,
    page: &str,
) -> FeedEntry {
    let points = Signed(entry.points).of("point", "points");
    let source = match (&words.source, words.hidden) {
        (Some(source), _) => format!(", {}", source.label),
        (None, Some(hidden)) => format!(", {hidden}"),
        (None, None) => String::new(),
    };
    let address = words.source.map(|source| format!("{}#ledger", source.address));
    FeedEntry {
        id: entry.id,
        title: format!("{points}: {}{source}", words.reason),
        author: login.to_owned(),
        updated: Instant(entry.created_at),
        page: address.unwrap_or_else(|| format!("{page}#points")),
        summary: format!("{}. {}", entry.kind_word(), words.sentences.join(" ")),
    }
}

//! The public page of a person.

use std::collections::HashMap;

use ui::{
    Address, PageError, PageResult, PersonFace, QueryString, Who,
    charts::{Bars, Squares},
    csv::{self, Cell},
    download::{BATCH, Batch, next_batch},
    format::{self, Instant, Number, Signed},
    paging::{List, ListPosition, ROWS, place},
    show,
};

use askama::Template;
use axum::{Extension, extract::State, response::Response};
use identity::{
    model::{Profile, UserId},
    reads::{find_public, profile},
};
use kernel::{Month, Timestamp};
use platform::{
    Context,
    module::{Modules, PanelNow, PanelPerson, PanelPlace, PanelRequest, PanelView},
};
use serde::Deserialize;

use super::{Progress, RankAndDays, first_instant};
use crate::{
    Programmes,
    model::{EntryDescription, EntryWithExplanation, SourceLink},
    reads::{self, RankInMonth, RankWithNeighbors},
};

/// The query parameters of a profile.
#[derive(Debug, Default, Deserialize)]
pub(super) struct PersonQuery {
    #[serde(default)]
    points: String,
}

#[derive(Template)]
#[template(path = "person.html")]
struct PersonPage {
    login: String,
    address: String,
    encoded: String,
    /// The face, the name and the login.
    who: Who,
    face: PersonFace<'static>,
    /// The texts of the person about themselves, as others see them.
    about: Profile,
    /// The offers that they are open to, as a sentence; empty if nothing.
    open_to: String,
    /// The address of the way to reach them.
    reach: Option<String>,
    /// The earlier of the creation of the account and the first entry.
    since: Instant,
    kind: String,
    total: Number,
    /// A sentence for other sites.
    summary: String,
    /// The rank of the present month.
    month: Option<MonthView>,
    position: Option<PositionView>,
    /// The words for an absent rank.
    no_rank: &'static str,
    months: Bars,
    days: Squares,
    /// The entries by what they were earned with, such as a pull request.
    entries: List<LedgerGroup>,
    panels: Vec<PanelView>,
}

impl PersonPage {
    /// Returns the words of the button that leads to the way to reach them.
    fn reach_words(&self) -> &'static str {
        match &self.reach {
            Some(reach) if reach.starts_with("mailto:") => "Email",
            _ => "Get in touch",
        }
    }

    /// Returns what the person is at now.
    fn at_now(&self) -> Vec<&PanelNow> {
        self.panels.iter().flat_map(|panel| &panel.now).collect()
    }

    /// Returns true if a panel is beside the main column.
    fn has_aside(&self) -> bool {
        self.panels.iter().any(|panel| panel.is_aside)
    }
}

/// A person's rank in the present month.
struct MonthView {
    name: String,
    /// The path of the board around the person.
    address: String,
    rank: String,
    is_tied: bool,
    people: String,
}

impl MonthView {
    fn of(found: RankInMonth, month: Month, login: &str) -> Self {
        let login = format::segment(login);
        Self {
            name: format::month(month),
            address: format!("/leaderboards/months/{month}?around={login}&source=all#me"),
            rank: format::ordinal(found.rank),
            is_tied: found.tied_people > 1,
            people: Number(found.people).of("person", "people"),
        }
    }
}

/// A person's rank among everyone.
struct PositionView {
    rank: String,
    is_tied: bool,
    people: String,
    /// The points to the next better rank, in words; absent at the top.
    to_next: Option<String>,
    points: Number,
    /// The points since the previous rank.
    done: i64,
    /// The points from the previous rank to the next.
    span: i64,
}

/// Entries of one source, in the order of the list.
struct LedgerGroup {
    source: Option<SourceLink>,
    /// The reason for not showing the source.
    hidden: Option<&'static str>,
    entries: Vec<LedgerLine>,
}

impl LedgerGroup {
    /// Groups entries by their source. Entries without a source that can be shown stay alone.
    fn of(entries: Vec<LedgerLine>) -> Vec<Self> {
        let mut groups: Vec<Self> = Vec::new();
        for entry in entries {
            let address = entry.source.as_ref().map(|source| &source.address);
            let known = groups.iter_mut().find(|group| {
                address.is_some() && group.source.as_ref().map(|source| &source.address) == address
            });
            match known {
                Some(group) => group.entries.push(entry),
                None => groups.push(Self {
                    source: entry.source.clone(),
                    hidden: entry.hidden,
                    entries: vec![entry],
                }),
            }
        }
        groups
    }

    /// Returns the source for a heading above several entries.
    fn shared(&self) -> Option<&SourceLink> {
        self.source.as_ref().filter(|_| self.entries.len() > 1)
    }

    /// Returns the source of a single entry, which names it in its sentence.
    fn own(&self) -> Option<&SourceLink> {
        self.source.as_ref().filter(|_| self.entries.len() == 1)
    }
}

struct LedgerLine {
    earned: Instant,
    posted: Instant,
    kind: &'static str,
    is_reversal: bool,
    reason: String,
    source: Option<SourceLink>,
    /// The reason for not showing the source.
    hidden: Option<&'static str>,
    sentences: Vec<String>,
    points: Signed,
}

/// `GET /people/{login}`.
pub(super) async fn page(
    State(context): State<Context>,
    Extension(modules): Extension<Modules>,
    Extension(programmes): Extension<Programmes>,
    Address(login): Address<String>,
    QueryString(query): QueryString<PersonQuery>,
    QueryString(parameters): QueryString<HashMap<String, String>>,
) -> PageResult {
    let person = find_public(&context.db, &login).await?;
    let id = person.id.into();
    let known = profile(&context.db, id).await?;
    let own = RankAndDays::read(&context, id, first_instant(&context)).await?;
    let entries = entries(&context, programmes, id, &query.points).await?;
    let first = reads::first_earned(&context.db, id).await?;
    let request = PanelRequest {
        person: Some(PanelPerson { id: person.id, login: person.login.clone() }),
        query: parameters,
        hidden: known.profile.hidden.iter().map(|part| part.as_str()).collect(),
        ..PanelRequest::default()
    };
    let panels = modules.panels(&context, PanelPlace::Profile, &request).await?;
    let shown = known.shown();
    let who = Who {
        login: person.login.clone(),
        name: shown.name,
        picture: shown.picture,
        has_page: true,
    };
    let about = known.profile.as_seen();
    let (month, today) = (Month::of(context.now()), context.now().date_naive());
    show(&PersonPage {
        address: format!("/people/{}", format::segment(&person.login)),
        encoded: format::segment(&person.login),
        face: PersonFace::of(&who, "xxl"),
        open_to: open_to(&about),
        reach: reach(&about),
        since: Instant(earlier(person.created_at, first)),
        who,
        about,
        kind: person.kind.as_str().to_owned(),
        total: Number(person.total_points),
        summary: format!(
            "{} on {}. See every award with its reason.",
            Number(person.total_points).of("point", "points"),
            ui::frame::community().name
        ),
        month: own.month.map(|found| MonthView::of(found, month, &person.login)),
        position: own.rank.as_ref().map(PositionView::of),
        no_rank: own.no_rank(),
        months: Bars::of(&own.days, month),
        days: Squares::of(&own.days, today),
        entries: List {
            rows: LedgerGroup::of(entries.rows),
            next: entries.next,
            is_first: entries.is_first,
            asked: entries.asked,
        },
        panels,
        login: person.login,
    })
}

/// Returns since when a person is here: since their first entry, if it is for something before they had an account.
fn earlier(created: Timestamp, first: Option<Timestamp>) -> Timestamp {
    first.map_or(created, |first| first.min(created))
}

/// Returns what a person is open to, as a sentence.
fn open_to(about: &Profile) -> String {
    let headings: Vec<_> = about.open_to.iter().map(|code| code.heading().to_lowercase()).collect();
    if headings.is_empty() { String::new() } else { format!("Open to {}.", headings.join(", ")) }
}

/// Returns the address of the way to reach a person.
fn reach(about: &Profile) -> Option<String> {
    let contact = Some(about.contact.as_str()).filter(|contact| !contact.is_empty())?;
    let is_url = contact.starts_with("https://");
    Some(if is_url { contact.to_owned() } else { format!("mailto:{contact}") })
}

/// `GET /people/{login}/ledger.csv`.
pub(super) async fn ledger_csv(
    State(context): State<Context>,
    Extension(programmes): Extension<Programmes>,
    Address(login): Address<String>,
    QueryString(query): QueryString<PersonQuery>,
) -> Result<Response, PageError> {
    let person = find_public(&context.db, &login).await?;
    let name = format!("{}-ledger", person.login);
    let id = person.id.into();
    let read = move |after| batch(context.clone(), programmes, id, after);
    let first = place(&query.points)?;
    Ok(csv::streamed(&name, &LedgerLine::HEAD, first, read))
}

async fn batch(
    context: Context,
    programmes: Programmes,
    id: UserId,
    after: ListPosition,
) -> Batch<ListPosition> {
    let rows = reads::of_person(&context.db, id, after, BATCH).await?;
    let next = next_batch(&rows, |row| Some((row.occurred_at, row.id)));
    let words = programmes.describe(&context, &rows).await?;
    let entries = rows.iter().zip(words);
    let line = |(row, words)| csv::line(&LedgerLine::of(row, words).cells());
    Ok((entries.map(line).collect(), next))
}

async fn entries(
    context: &Context,
    programmes: Programmes,
    id: UserId,
    cursor: &str,
) -> Result<List<LedgerLine>, PageError> {
    let rows = reads::of_person(&context.db, id, place(cursor)?, ROWS + 1).await?;
    let entries = List::cut(rows, ROWS, cursor, |row| (row.occurred_at, row.id));
    let mut words = programmes.describe(context, &entries.rows).await?.into_iter();
    Ok(entries.map(|row| Some(LedgerLine::of(&row, words.next()?))))
}

impl PositionView {
    fn of(found: &RankWithNeighbors) -> Self {
        let position = &found.position;
        let progress = Progress::of(found);
        Self {
            done: progress.done,
            span: progress.span,
            rank: format::ordinal(position.rank),
            is_tied: position.tied_people > 1,
            people: Number(position.people).of("person", "people"),
            to_next: position.points_to_next_rank.map(|it| Number(it).of("point", "points")),
            points: Number(position.points),
        }
    }
}

impl LedgerLine {
    fn of(entry: &EntryWithExplanation, words: EntryDescription) -> Self {
        Self {
            earned: Instant(entry.occurred_at),
            posted: Instant(entry.created_at),
            kind: entry.kind_word(),
            is_reversal: entry.is_reversal(),
            reason: words.reason,
            source: words.source,
            hidden: words.hidden,
            sentences: words.sentences,
            points: Signed(entry.points),
        }
    }

    const HEAD: [&'static str; 7] =
        ["earned_at", "posted_at", "entry", "reason", "pull_request", "why", "points"];

    fn cells(self) -> [Cell; 7] {
        [
            self.earned.0.into(),
            self.posted.0.into(),
            self.kind.into(),
            self.reason.into(),
            self.source.map(|source| source.label).unwrap_or_default().into(),
            self.sentences.join(" ").into(),
            self.points.0.into(),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_are_here_since_what_came_first() {
        let at = |text: &str| -> Timestamp { text.parse().expect("an instant") };
        let (august, november) = (at("2026-08-07T08:00:00Z"), at("2026-11-30T09:00:00Z"));
        for (created, first, since) in [
            (november, Some(august), august),
            (august, Some(november), august),
            (november, None, november),
        ] {
            assert_eq!(earlier(created, first), since);
        }
    }
}

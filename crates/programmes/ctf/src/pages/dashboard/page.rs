use std::collections::BTreeMap;

use askama::Template;
use axum::{extract::State, response::Response};
use futures_util::future::{try_join, try_join4};
use kernel::{Timestamp, counted};
use platform::{Context, db::DbError};
use ui::{
    Asked, PageError, PageResult,
    csv::{self, line},
    format::{Instant, Number, Signed},
    show,
};
use uuid::Uuid;

use super::{
    alerts::{AlertView, alerts},
    domain_name,
    domains::DomainsView,
    members::{HEAD, Loaded, Member, Query, Sort, grades, teams},
    momentum::Momentum,
    support::{SupportView, support},
};
use crate::{
    access::RosterReader,
    reads::{self, FlashMomentum, RangeTotals, RecentSolve, RosterView, StoredFigures},
    rules::{
        freshness::{self, Freshness},
        range::{LENGTHS, Range, zone},
        support::{INACTIVE_AFTER, RULE},
    },
};

/// The number of recent solves.
const RECENT: usize = 10;
/// The number of Flash CTFs.
const EVENTS: i64 = 6;

/// The head of a column: its label, classes, address, and direction if the table is in its order.
struct Column {
    label: &'static str,
    class: &'static str,
    address: String,
    direction: Option<&'static str>,
}

/// A competitor in the table.
struct Row {
    address: String,
    name: String,
    grade: Option<i64>,
    team: Option<String>,
    points: Number,
    solves: Number,
    last: Option<Instant>,
    freshness_class: &'static str,
    freshness: String,
    cause: Option<&'static str>,
}

/// A team.
struct TeamRow {
    name: String,
    /// The table of its competitors.
    address: String,
    competitors: Number,
    solves: Number,
    points: Number,
}

/// A solve in the list of recent ones.
struct SolveRow {
    title: String,
    domain: String,
    name: String,
    address: String,
    points: Number,
    at: Instant,
}

/// The figures above the table.
struct Totals {
    points: Number,
    change: Signed,
    solves: Number,
    on_demand: Number,
    flash: Number,
    active: Number,
    competitors: Number,
    /// The platform's totals of all time.
    all_points: Number,
    all_challenges: Number,
}

/// The message on the age of the figures.
struct Age {
    /// "last synced 12 minutes ago".
    words: String,
    at: Option<Instant>,
    /// The warning above figures that are stale.
    warning: Option<String>,
    is_pending: bool,
}

#[derive(Template)]
#[template(path = "roster_dashboard.html")]
struct DashboardPage {
    roster: RosterView,
    now: Instant,
    range: Range,
    query: Query,
    /// The addresses of the lengths, with whether one is shown.
    lengths: Vec<(u16, String, bool)>,
    off: Option<String>,
    age: Age,
    is_empty: bool,
    has_solves: bool,
    totals: Totals,
    alerts: Vec<AlertView>,
    /// True if the last sync of a competitor failed.
    has_errors: bool,
    support: Vec<SupportView>,
    rule: &'static str,
    columns: Vec<Column>,
    rows: Vec<Row>,
    shown: (Number, Number),
    teams: Vec<TeamRow>,
    team_names: Vec<(String, String)>,
    grades: Vec<String>,
    domains: DomainsView,
    momentum: Momentum,
    recent: Vec<SolveRow>,
    /// The address without filters, and that of the CSV.
    address: String,
    file: String,
}

/// Contents of the panels beside the table.
struct Panels {
    before: RangeTotals,
    events: Vec<FlashMomentum>,
    joining: i64,
    recent: Vec<RecentSolve>,
    division: Option<String>,
    peers: BTreeMap<String, StoredFigures>,
}

impl Panels {
    async fn read(
        context: &Context,
        roster: &RosterView,
        loaded: &Loaded,
    ) -> Result<Self, DbError> {
        let (db, id) = (&context.db, roster.key());
        let (_, to) = loaded.instants;
        let before = loaded.range.previous().instants(zone(&roster.timezone));
        let since = (latest_since(loaded), to);
        let limit = i64::try_from(RECENT).unwrap_or(i64::MAX);
        let division = loaded.division();
        let (figures, (before, events, joining, recent)) = try_join(
            peers(context, division.as_deref(), loaded.range.length),
            try_join4(
                reads::previous_totals(db, id, before),
                reads::flash_momentum(db, id, to, EVENTS),
                reads::joining(db, id),
                reads::recent_solves(db, id, since, limit),
            ),
        )
        .await?;
        Ok(Self {
            before,
            events,
            joining,
            recent,
            division,
            peers: figures,
        })
    }
}

/// Returns the figures of a division in a length of time that is compared.
async fn peers(
    context: &Context,
    division: Option<&str>,
    length: Option<u16>,
) -> Result<BTreeMap<String, StoredFigures>, DbError> {
    match (division, length) {
        (Some(division), Some(days)) => reads::division_figures(&context.db, division, days).await,
        _ => Ok(BTreeMap::new()),
    }
}

/// Returns an instant after which the latest solves of the roster are: that of the last solve of the competitor whose last solve
/// is the tenth latest. At least ten solves are not earlier, so that older ones need not be read.
fn latest_since(loaded: &Loaded) -> Timestamp {
    let mut last: Vec<_> = loaded
        .members
        .iter()
        .filter_map(|it| it.total.last)
        .collect();
    last.sort_unstable();
    let tenth = last.iter().nth_back(RECENT - 1);
    tenth.copied().unwrap_or(loaded.instants.0)
}

/// `GET /ctf/rosters/{roster}`.
pub(super) async fn page(
    State(context): State<Context>,
    reader: RosterReader,
    Asked(query): Asked<Query>,
) -> PageResult {
    reader.note(&context).await?;
    let roster = reader.roster;
    let loaded = Loaded::read(&context, &roster, &query).await?;
    let panels = Panels::read(&context, &roster, &loaded).await?;
    show(&view(roster, query, &loaded, &panels))
}

fn view(roster: RosterView, query: Query, loaded: &Loaded, panels: &Panels) -> DashboardPage {
    let shown = loaded.shown(&query);
    let total = Loaded::total(shown.iter().copied());
    let address = loaded.address(&roster);
    let division = panels.division.as_deref();
    DashboardPage {
        now: Instant(loaded.now),
        range: loaded.range,
        lengths: lengths(&roster, &query, loaded.range),
        off: loaded.off.clone(),
        age: age(loaded),
        is_empty: loaded.members.is_empty(),
        has_solves: loaded.members.iter().any(|member| member.total.solves > 0),
        totals: totals(loaded, panels.before),
        has_errors: loaded
            .members
            .iter()
            .any(|member| member.facts.sync_error.is_some()),
        alerts: alerts(loaded, &roster, panels.joining, &query.alert),
        support: support(loaded),
        rule: RULE,
        columns: columns(&query, &address),
        rows: shown.iter().map(|member| row(member, loaded.now)).collect(),
        shown: (Number(total.points), Number(total.solves)),
        teams: team_rows(loaded, &address),
        team_names: teams(&loaded.members),
        grades: grades(&loaded.members),
        domains: DomainsView::of(&loaded.figures, division, &panels.peers),
        momentum: Momentum::of(&panels.events),
        recent: recent(loaded, &panels.recent),
        file: format!(
            "{}/dashboard.csv?{}{}",
            roster.address(),
            loaded.range.query(),
            query.filters()
        ),
        address,
        query,
        roster,
    }
}

fn lengths(roster: &RosterView, query: &Query, range: Range) -> Vec<(u16, String, bool)> {
    let filters = query.filters();
    let length = |days: u16| {
        let address = format!("{}?days={days}{filters}", roster.address());
        (days, address, range.length == Some(days))
    };
    LENGTHS.into_iter().map(length).collect()
}

fn age(loaded: &Loaded) -> Age {
    let facts = loaded.members.iter().filter(|member| member.is_known());
    let facts = facts.map(|member| member.person.sync());
    let freshness = freshness::of_roster(facts, loaded.off.is_none(), loaded.now);
    let warning = match freshness {
        Some(Freshness::Stale(at, fault)) => Some(format!(
            "These figures are {} old. {} You see the last known data; no solve is lost.",
            freshness::span(loaded.now - at),
            fault.sentence()
        )),
        _ => None,
    };
    Age {
        words: match freshness {
            Some(Freshness::Fresh(at) | Freshness::Stale(at, _)) => {
                format!("last synced {}", freshness::ago(at, loaded.now))
            }
            Some(Freshness::NotOnPlatform) | None => {
                "no competitor is on the game platform".to_owned()
            }
            Some(Freshness::Pending(_)) => "never synced".to_owned(),
        },
        at: freshness.and_then(|it| it.synced_at()).map(Instant),
        is_pending: matches!(freshness, Some(Freshness::Pending(_))),
        warning,
    }
}

fn totals(loaded: &Loaded, before: RangeTotals) -> Totals {
    let total = Loaded::total(&loaded.members);
    let since = loaded.now - INACTIVE_AFTER;
    let is_active = |member: &&Member| {
        let last = member.facts.last_activity.max(member.facts.last_login_at);
        last.is_some_and(|last| last > since)
    };
    let all = || loaded.members.iter().map(|member| &member.person);
    let count = |number: usize| Number(i64::try_from(number).unwrap_or(i64::MAX));
    Totals {
        points: Number(total.points),
        change: Signed(total.points - before.points),
        solves: Number(total.solves),
        on_demand: Number(total.solves - total.flash),
        flash: Number(total.flash),
        active: count(loaded.members.iter().filter(is_active).count()),
        competitors: count(loaded.members.len()),
        all_points: Number(all().filter_map(|person| person.total_score).sum()),
        all_challenges: Number(all().filter_map(|person| person.challenges_completed).sum()),
    }
}

fn columns(query: &Query, address: &str) -> Vec<Column> {
    let column = |sort: Sort| Column {
        label: sort.heading(),
        class: sort.class(),
        address: format!("{address}{}#roster", query.sorted_by(sort)),
        direction: (query.sort() == sort).then(|| sort.direction()),
    };
    Sort::ALL.into_iter().map(column).collect()
}

fn row(member: &Member, now: Timestamp) -> Row {
    let person = &member.person;
    Row {
        address: member.address(),
        name: member.name.clone(),
        grade: person.grade,
        team: person.team.clone(),
        points: Number(member.total.points),
        solves: Number(member.total.solves),
        last: member.facts.last_activity.map(Instant),
        freshness_class: member.freshness.class(),
        freshness: member.freshness.words(now),
        cause: member.freshness.cause(),
    }
}

fn team_rows(loaded: &Loaded, address: &str) -> Vec<TeamRow> {
    let mut teams = BTreeMap::<(String, Uuid), Vec<&Member>>::new();
    for member in &loaded.members {
        let person = &member.person;
        if let (Some(name), Some(id)) = (&person.team, person.team_id) {
            teams.entry((name.clone(), id)).or_default().push(member);
        }
    }
    let team = |((name, id), members): ((String, Uuid), Vec<&Member>)| {
        let total = Loaded::total(members.iter().copied());
        TeamRow {
            name,
            address: format!("{address}&team={id}#roster"),
            competitors: Number(i64::try_from(members.len()).unwrap_or(i64::MAX)),
            solves: Number(total.solves),
            points: Number(total.points),
        }
    };
    teams.into_iter().map(team).collect()
}

fn recent(loaded: &Loaded, solves: &[RecentSolve]) -> Vec<SolveRow> {
    let members = loaded
        .members
        .iter()
        .map(|member| (member.person.id, member));
    let members: BTreeMap<Uuid, &Member> = members.collect();
    let row = |solve: &RecentSolve| {
        let member = members.get(&solve.competitor_id)?;
        Some(SolveRow {
            title: solve.title.clone(),
            domain: domain_name(&solve.domain),
            name: member.name.clone(),
            address: member.address(),
            points: Number(solve.points),
            at: Instant(solve.solved_at),
        })
    };
    solves.iter().filter_map(row).collect()
}

/// `GET /ctf/rosters/{roster}/dashboard.csv`: the rows of the table, with its filters and in its order.
pub(super) async fn csv(
    State(context): State<Context>,
    reader: RosterReader,
    Asked(query): Asked<Query>,
) -> Result<Response, PageError> {
    reader.note(&context).await?;
    let roster = reader.roster;
    let loaded = Loaded::read(&context, &roster, &query).await?;
    let name = format!("{}-{}", roster.name, loaded.range.query());
    let rows = loaded.shown(&query);
    let rows: Vec<String> = rows
        .iter()
        .map(|member| line(&member.cells(loaded.now)))
        .collect();
    Ok(csv::streamed(&name, &HEAD, rows, |mut rows| async move {
        let batch = rows.drain(..rows.len().min(BATCH)).collect();
        Ok((batch, Some(rows).filter(|rows| !rows.is_empty())))
    }))
}

/// The number of rows that are sent at once.
const BATCH: usize = 1_000;

impl DashboardPage {
    /// Says how many competitors the table shows.
    fn caption(&self) -> String {
        let shown = counted(self.rows.len(), "competitor", "competitors");
        match self.query.is_filtered() {
            true => format!("{shown} of {} match the filter", self.totals.competitors),
            false => shown,
        }
    }
}

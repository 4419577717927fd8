use askama::Template;
use axum::{Extension, extract::State, response::Response};
use chrono::NaiveDate;
use platform::Context;
use ui::{
    PageError, PageResult, QueryString,
    charts::Plot,
    csv::{self, line},
    download::{self, BATCH},
    format::{Instant, Number},
    show,
};

use super::{
    card::{self, LoadedCard},
    insights::{Comparison, insights},
    solves::{HEAD, ROWS, SolveQuery, SolveRow, cells},
    timeline::timeline,
};
use crate::{
    access::{CompetitorReader, OwnCompetitor},
    gateway::Platforms,
    model::{Division, SolveSource},
    pages::{
        dashboard::domain_name,
        own_badges::{CompetitorBadge, own_badges},
    },
    reads::{CompetitorView, EventResult, RosterView, SolveFilter, SolveOrder, SolveView, solves},
    rules::{
        freshness::Freshness,
        milestones::Milestone,
        nice,
        strengths::{RULE, percent},
    },
};

struct DomainRow {
    stored: String,
    name: String,
    solves: Number,
    points: Number,
    bar: i64,
    share: i64,
    is_strength: bool,
    is_growth_area: bool,
}

/// A Flash CTF.
struct EventRow {
    name: String,
    at: Instant,
    solves: Number,
    points: Number,
    possible: Number,
    rank: Option<Number>,
    is_vanished: bool,
}

/// A NICE work role.
struct RoleRow {
    code: String,
    name: Option<&'static str>,
    solves: Number,
}

/// A total here beside what the platform stated.
struct ComparedTotal {
    label: &'static str,
    here: Number,
    there: Option<Number>,
    differs: bool,
}

#[derive(Template)]
#[template(path = "report_card.html")]
struct CardPage {
    competitor: CompetitorView,
    roster: RosterView,
    /// True on the competitor's own page.
    is_own: bool,
    /// True if the viewer coaches the roster.
    can_manage: bool,
    address: String,
    name: String,
    team: Option<String>,
    division: Option<&'static str>,
    now: Instant,
    off: Option<String>,
    freshness: (&'static str, String, Option<&'static str>),
    quarter: (Number, Number),
    on_demand: (Number, Number),
    flash: (Number, Number),
    flash_of_month: Number,
    milestones: Vec<String>,
    badges: Vec<CompetitorBadge>,
    last: Option<Instant>,
    has_solves: bool,
    is_pending: bool,
    has_synced: bool,
    domains: Vec<DomainRow>,
    most: i64,
    rule: &'static str,
    plot: Plot,
    weeks: Vec<(NaiveDate, Number)>,
    events: Vec<EventRow>,
    roles: Vec<RoleRow>,
    insights: Vec<String>,
    peers: Option<String>,
    compared: Vec<ComparedTotal>,
    /// True if a wrong number can be reported.
    can_report: bool,
    /// When the open report was made.
    reported_at: Option<Instant>,
    stated_at: Option<Instant>,
    asked_at: Option<Instant>,
    error: Option<String>,
    query: SolveQuery,
    order: SolveOrder,
    solves: Vec<SolveRow>,
    found: Number,
    pages: (i64, i64),
}

/// `GET /ctf/competitors/{competitor}`. The read of an admin who does not coach the roster is recorded.
pub(super) async fn page(
    State(context): State<Context>,
    Extension(platforms): Extension<Platforms>,
    reader: CompetitorReader,
    QueryString(query): QueryString<SolveQuery>,
) -> PageResult {
    reader.note(&context).await?;
    let address = format!("/ctf/competitors/{}", reader.competitor.id);
    let can_manage = reader.can_manage();
    let CompetitorReader { competitor, roster, .. } = reader;
    let visit = CardVisit { address, is_own: false, can_manage };
    render(&context, &platforms, competitor, roster, query, visit).await
}

/// `GET /ctf/me/report`.
pub(super) async fn own(
    State(context): State<Context>,
    Extension(platforms): Extension<Platforms>,
    OwnCompetitor { competitor, roster, .. }: OwnCompetitor,
    QueryString(query): QueryString<SolveQuery>,
) -> PageResult {
    let address = "/ctf/me/report".to_owned();
    let visit = CardVisit { address, is_own: true, can_manage: false };
    render(&context, &platforms, competitor, roster, query, visit).await
}

/// `GET /ctf/competitors/{competitor}/solves.csv`: all solves that match the filter, in the order of the table.
pub(super) async fn csv(
    State(context): State<Context>,
    reader: CompetitorReader,
    QueryString(query): QueryString<SolveQuery>,
) -> Result<Response, PageError> {
    reader.note(&context).await?;
    Ok(file(context, &reader.competitor, query.filter()))
}

/// `GET /ctf/me/report/solves.csv`.
pub(super) async fn own_csv(
    State(context): State<Context>,
    OwnCompetitor { competitor, .. }: OwnCompetitor,
    QueryString(query): QueryString<SolveQuery>,
) -> Response {
    file(context, &competitor, query.filter())
}

fn file(context: Context, competitor: &CompetitorView, filter: SolveFilter) -> Response {
    let id = competitor.key();
    csv::streamed("solves", &HEAD, 0, move |skipped| {
        let (context, filter) = (context.clone(), filter.clone());
        async move {
            let rows = solves(&context.db, id, &filter, skipped, BATCH).await?;
            let next = download::next_batch(&rows, |_| skipped + BATCH);
            let text = rows.into_iter().map(|row: SolveView| line(&cells(row)));
            Ok((text.collect(), next))
        }
    })
}

/// The way to the card.
struct CardVisit {
    /// The path of the page.
    address: String,
    /// True if the competitor sees their own.
    is_own: bool,
    can_manage: bool,
}

async fn render(
    context: &Context,
    platforms: &Platforms,
    competitor: CompetitorView,
    roster: RosterView,
    query: SolveQuery,
    visit: CardVisit,
) -> PageResult {
    let loaded = LoadedCard::read(context, platforms, competitor, &roster).await?;
    let (found, solves) = card::solves(context, &loaded.competitor, &query).await?;
    let comparison = Comparison::of(&loaded);
    let (plot, weeks) = timeline(&loaded.days, loaded.today);
    let platform = loaded.platform.as_ref();
    let freshness = loaded.freshness();
    let numbers = |(solves, points): (i64, i64)| (Number(solves), Number(points));
    show(&CardPage {
        roster,
        is_own: visit.is_own,
        can_manage: visit.can_manage,
        address: visit.address,
        name: loaded.competitor.name(),
        team: platform.and_then(|it| it.team.clone()),
        division: platform.and_then(|it| it.division).map(Division::heading),
        now: Instant(loaded.now),
        freshness: (freshness.class(), freshness.words(loaded.now), freshness.cause()),
        quarter: numbers(loaded.quarter()),
        on_demand: numbers(loaded.of_source(SolveSource::Odl)),
        flash: numbers(loaded.of_source(SolveSource::FlashCtf)),
        flash_of_month: Number(loaded.flash_of_month()),
        milestones: headings(&loaded.milestones),
        badges: own_badges(&context.db, loaded.competitor.user_id).await?,
        last: platform.and_then(|it| it.last_activity).map(Instant),
        has_solves: !loaded.domains.is_empty(),
        is_pending: matches!(freshness, Freshness::Pending(_)),
        has_synced: freshness.synced_at().is_some(),
        domains: domains(&loaded),
        most: loaded.domains.iter().map(|it| it.points).max().unwrap_or(0).max(1),
        rule: RULE,
        plot,
        weeks: weeks.into_iter().rev().map(|(day, points)| (day, Number(points))).collect(),
        events: loaded.events.iter().map(event).collect(),
        roles: roles(&loaded),
        insights: insights(&loaded, comparison.as_ref()),
        peers: comparison.map(|it| it.peers),
        compared: both_sides(&loaded),
        can_report: loaded.can_report(),
        reported_at: loaded.reported_at.map(Instant),
        stated_at: platform.and_then(|it| it.totals_at).map(Instant),
        asked_at: platform.and_then(|it| it.attempted_at).map(Instant),
        error: platform.and_then(|it| it.error_message.clone()),
        order: query.filter().order,
        solves: solves.iter().map(SolveRow::of).collect(),
        found: Number(found),
        pages: (query.page(), (found - 1).max(0) / ROWS + 1),
        query,
        off: loaded.off,
        competitor: loaded.competitor,
    })
}

impl CardPage {
    /// Returns the label of the button that reports a wrong number.
    fn report_label(&self) -> &'static str {
        if self.compared.iter().any(|row| row.differs) {
            "Report this difference"
        } else {
            "Report a wrong number"
        }
    }
}

fn headings(milestones: &[Milestone]) -> Vec<String> {
    let headings = milestones.iter().map(|milestone| milestone.heading());
    headings.collect()
}

fn domains(loaded: &LoadedCard) -> Vec<DomainRow> {
    let total: i64 = loaded.domains.iter().map(|domain| domain.points).sum();
    let strong: Vec<&str> = loaded.strengths().iter().map(|it| it.domain.as_str()).collect();
    let growth = loaded.growth_areas();
    let untried =
        growth.iter().filter(|(area, _)| loaded.domains.iter().all(|it| it.domain != *area));
    let known = loaded.domains.iter().map(|it| (it.domain.as_str(), it.solves, it.points));
    let rows = known.chain(untried.map(|(domain, solves)| (*domain, *solves, 0)));
    let row = |(stored, solves, points): (&str, i64, i64)| DomainRow {
        stored: stored.to_owned(),
        name: domain_name(stored),
        solves: Number(solves),
        points: Number(points),
        bar: points.max(0),
        share: percent(points, total),
        is_strength: strong.contains(&stored),
        is_growth_area: growth.iter().any(|(area, _)| *area == stored),
    };
    rows.map(row).collect()
}

fn event(event: &EventResult) -> EventRow {
    EventRow {
        name: event.name.clone(),
        at: Instant(event.started_at),
        solves: Number(event.challenges_solved),
        points: Number(event.points_earned),
        possible: Number(event.max_points_possible),
        rank: event.rank.map(Number),
        is_vanished: event.vanished_at.is_some(),
    }
}

fn roles(loaded: &LoadedCard) -> Vec<RoleRow> {
    let solved = loaded.roles.iter().map(|row| (row.roles.as_str(), row.solves));
    let row = |(code, solves): (String, i64)| RoleRow {
        name: nice::name(&code),
        code,
        solves: Number(solves),
    };
    nice::coverage(solved).into_iter().map(row).collect()
}

/// Sets the totals of the stored solves beside those that the platform stated last.
fn both_sides(loaded: &LoadedCard) -> Vec<ComparedTotal> {
    let (solves, points) = loaded.counted_on_demand();
    let platform = loaded.platform.as_ref();
    let row = |label, here: i64, there: Option<i64>| ComparedTotal {
        label,
        here: Number(here),
        there: there.map(Number),
        differs: there.is_some_and(|there| there != here),
    };
    vec![
        row("Challenges on demand", solves, platform.and_then(|it| it.challenges_completed)),
        row("Points on demand", points, platform.and_then(|it| it.total_score)),
    ]
}

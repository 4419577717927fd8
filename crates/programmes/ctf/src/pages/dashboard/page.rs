use std::collections::BTreeMap;

use askama::Template;
use axum::{Extension, extract::State, response::Response};
use futures_util::future::{try_join, try_join4};
use kernel::{Timestamp, counted};
use platform::{Context, db::DbError};
use ui::{
    Form, IsRefresh, PageError, PageResult, QueryString,
    csv::{self, line},
    format::{Instant, Number, Signed},
    show,
};

use super::{
    alerts::{AlertView, alerts},
    domains::DomainsView,
    members::{HEAD, LoadedRoster, Member, MemberQuery, Sources, grades, teams},
    momentum::Momentum,
    rating::Rating,
    support::{SupportView, support},
    table::{Column, Folded, Pages, Row, SolveRow, TeamRow, columns, recent, row, team_rows},
};
use crate::{
    access::RosterReader,
    actions,
    gateway::Platforms,
    reads::{
        self, ArchivedYear, FlashMomentum, KeptFigures, RecentSolve, RosterView, StoredFigures,
        SyncProgress,
    },
    rules::{
        freshness::{self, Freshness},
        range::{DayRange, LENGTHS, zone},
        reminders,
        support::{INACTIVE_AFTER, RULE},
    },
};

/// The number of teams that are shown at once.
const TEAMS: usize = 10;
/// The number of competitors who need support that are shown at once.
const SUPPORT: usize = 5;
/// The number of recent solves.
const RECENT: usize = 10;
/// The number of Flash CTFs in the filter.
const EVENTS: usize = 24;
/// The number of Flash CTFs whose momentum is drawn.
const DRAWN: usize = 6;

/// The figures above the table.
struct DashboardTotals {
    points: Number,
    change: Signed,
    solves: Number,
    on_demand: Number,
    flash: Number,
    flash_of_month: Number,
    active: Number,
    competitors: Number,
    /// The platform's totals of all time.
    all_points: Number,
    all_challenges: Number,
    /// "of 12 of 20 synced" if the platform's totals of some competitors are missing.
    part: Option<String>,
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
    range: DayRange,
    query: MemberQuery,
    /// The addresses of the lengths, with whether one is shown.
    lengths: Vec<(u16, String, bool)>,
    off: Option<String>,
    age: Age,
    is_empty: bool,
    has_solves: bool,
    totals: DashboardTotals,
    alerts: Vec<AlertView>,
    /// True if the last sync of a competitor failed.
    has_errors: bool,
    /// True if the viewer can remind competitors, and someone has a reason to be reminded.
    can_remind: bool,
    /// The progress of the sync that is running.
    progress: Option<SyncProgress>,
    /// Competitors who need support: those who are shown at once, and the others.
    support: Folded<SupportView>,
    rule: &'static str,
    columns: Vec<Column>,
    rows: Vec<Row>,
    /// The number of competitors that match the filter, with their points and solves.
    shown: (usize, Number, Number),
    pages: Pages,
    teams: Folded<TeamRow>,
    team_names: Vec<(String, String)>,
    grades: Vec<String>,
    /// The ID and the name of each Flash CTF.
    events: Vec<(String, String)>,
    domains: DomainsView,
    momentum: Momentum,
    recent: Vec<SolveRow>,
    /// The question how well the dashboard helps.
    rating: Option<Rating>,
    /// The address without filters, and that of the CSV.
    address: String,
    file: String,
}

/// Contents of the panels beside the table.
struct Panels {
    /// The points of as many days before the range.
    before: i64,
    events: Vec<FlashMomentum>,
    joining: i64,
    recent: Vec<RecentSolve>,
    division: Option<String>,
    peers: BTreeMap<String, StoredFigures>,
}

impl Panels {
    async fn read(
        (context, _, kept): Sources<'_>,
        roster: &RosterView,
        loaded: &LoadedRoster,
    ) -> Result<Self, DbError> {
        if let Some(archive) = &loaded.archive {
            return Ok(Self::archived(archive, roster, loaded));
        }
        let (db, id) = (&context.db, roster.key());
        let to = loaded.instants.end;
        let limit = i64::try_from(RECENT).unwrap_or(i64::MAX);
        let division = loaded.division();
        let people = loaded.members.iter().map(|member| member.person.revision());
        let people: Vec<_> = people.collect();
        let previous = loaded.range.previous().instants(zone(&roster.timezone));
        let (figures, (before, events, joining, recent)) = try_join(
            peers(context, division.as_deref(), loaded.range.length),
            try_join4(
                kept.of_people(db, id, &people, &previous),
                reads::flash_momentum(db, id, to, i64::try_from(EVENTS).unwrap_or(i64::MAX)),
                reads::joining(db, id),
                reads::recent_solves(db, id, latest_since(loaded), to, limit),
            ),
        )
        .await?;
        Ok(Self {
            before: before.values().map(|person| person.total().points).sum(),
            events,
            joining,
            recent,
            division,
            peers: figures,
        })
    }

    /// Returns the panels of an archived roster. It is not compared with the division, which goes on.
    fn archived(archive: &ArchivedYear, roster: &RosterView, loaded: &LoadedRoster) -> Self {
        let previous = loaded.range.previous().instants(zone(&roster.timezone));
        let before = archive.figures(&previous);
        let to = loaded.instants.end;
        Self {
            before: before.values().map(|person| person.total().points).sum(),
            events: archive.flash_momentum(to, EVENTS),
            joining: 0,
            recent: archive.recent_solves(&(latest_since(loaded)..to), RECENT),
            division: None,
            peers: BTreeMap::new(),
        }
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
fn latest_since(loaded: &LoadedRoster) -> Timestamp {
    let mut last: Vec<_> = loaded.members.iter().filter_map(|it| it.total.last).collect();
    last.sort_unstable();
    let tenth = last.iter().nth_back(RECENT - 1);
    tenth.copied().unwrap_or(loaded.instants.start)
}

/// `GET /ctf/rosters/{roster}`. The read of an admin who does not coach the roster, and the visit of a coach, are recorded.
pub(super) async fn page(
    State(context): State<Context>,
    Extension(platforms): Extension<Platforms>,
    Extension(kept): Extension<KeptFigures>,
    reader: RosterReader,
    IsRefresh(is_refresh): IsRefresh,
    QueryString(query): QueryString<MemberQuery>,
) -> PageResult {
    // A tab that updates itself is no visit.
    if !is_refresh {
        note_visit(&context, &reader).await;
    }
    let sources = (&context, &platforms, &kept);
    render(sources, &reader, query, Form::default()).await
}

/// Notes the visit of a coach. The dashboard is shown even if that fails, because it needs no write.
async fn note_visit(context: &Context, reader: &RosterReader) {
    if reader.role.is_none() {
        return;
    }
    let noted = actions::note_dashboard_visit(context, reader.viewer.user_id).await;
    if let Err(error) = noted {
        tracing::warn!(%error, "cannot store the visit of a coach");
    }
}

/// Shows the dashboard, with the form of the rating. The read of an admin is recorded, also after an error in the form.
pub(super) async fn render(
    sources: Sources<'_>,
    reader: &RosterReader,
    query: MemberQuery,
    form: Form,
) -> PageResult {
    let (context, ..) = sources;
    reader.note(context).await?;
    let roster = reader.roster.clone();
    let loaded = LoadedRoster::read(sources, &roster, &query).await?;
    let panels = Panels::read(sources, &roster, &loaded).await?;
    let rating = Rating::read(context, reader, form).await?;
    let page = view(roster, reader.can_manage(), query, &loaded, &panels);
    show(&DashboardPage { rating, ..page })
}

fn view(
    roster: RosterView,
    can_manage: bool,
    query: MemberQuery,
    loaded: &LoadedRoster,
    panels: &Panels,
) -> DashboardPage {
    let is_due = |member: &Member| {
        member.is_known() && reminders::cause(&member.facts, loaded.now).is_some()
    };
    let shown = loaded.shown(&query);
    let total = LoadedRoster::total(shown.iter().copied());
    let address = loaded.address(&roster);
    let division = panels.division.as_deref();
    let pages = Pages::of(shown.len(), &query, &address);
    let rows = pages.cut(&shown).iter();
    DashboardPage {
        now: Instant(loaded.now),
        range: loaded.range,
        lengths: lengths(&roster, &query, loaded.range),
        off: loaded.off.clone(),
        age: age(loaded),
        is_empty: loaded.members.is_empty(),
        has_solves: loaded.members.iter().any(|member| member.total.solves > 0),
        totals: totals(loaded, panels.before),
        has_errors: loaded.members.iter().any(|member| member.facts.sync_error.is_some()),
        can_remind: can_manage && !roster.is_archived() && loaded.members.iter().any(is_due),
        progress: loaded.progress,
        alerts: alerts(loaded, &roster, panels.joining, &query.alert),
        support: Folded::after(SUPPORT, support(loaded)),
        rule: RULE,
        columns: columns(&query, &address),
        rows: rows.map(|member| row(member, loaded.now, roster.is_archived())).collect(),
        shown: (shown.len(), Number(total.points), Number(total.solves)),
        pages,
        teams: Folded::after(TEAMS, team_rows(loaded, &address)),
        team_names: teams(&loaded.members),
        grades: grades(&loaded.members),
        events: events(&panels.events),
        domains: DomainsView::of(&loaded.figures, division, &panels.peers),
        momentum: Momentum::of(panels.events.get(..DRAWN).unwrap_or(&panels.events)),
        recent: recent(loaded, &panels.recent),
        rating: None,
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

fn lengths(roster: &RosterView, query: &MemberQuery, range: DayRange) -> Vec<(u16, String, bool)> {
    let filters = query.filters();
    let length = |days: u16| {
        let address = format!("{}?days={days}{filters}", roster.address());
        (days, address, range.length == Some(days))
    };
    LENGTHS.into_iter().map(length).collect()
}

fn age(loaded: &LoadedRoster) -> Age {
    let facts = loaded.members.iter().filter(|member| member.is_known());
    let facts = facts.map(|member| member.person.sync());
    let freshness = freshness::of_roster(facts, loaded.off.is_none(), loaded.now);
    let warning = match freshness {
        Some(Freshness::Stale(at, fault)) if loaded.archive.is_none() => Some(format!(
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
            Some(Freshness::NotOnPlatform(_)) | None => {
                "no competitor is on the game platform".to_owned()
            }
            Some(Freshness::Pending(_)) => "never synced".to_owned(),
        },
        at: freshness.and_then(|it| it.synced_at()).map(Instant),
        is_pending: matches!(freshness, Some(Freshness::Pending(_))),
        warning,
    }
}

fn totals(loaded: &LoadedRoster, before: i64) -> DashboardTotals {
    let total = LoadedRoster::total(&loaded.members);
    let since = loaded.now - INACTIVE_AFTER;
    let is_active = |member: &&Member| {
        let last = member.facts.last_activity.max(member.facts.last_login_at);
        last.is_some_and(|last| last > since)
    };
    let all = || loaded.members.iter().map(|member| &member.person);
    let count = |number: usize| Number(i64::try_from(number).unwrap_or(i64::MAX));
    let (known, people) =
        (all().filter(|person| person.total_score.is_some()).count(), loaded.members.len());
    DashboardTotals {
        part: (known < people).then(|| format!("of {known} of {people} synced")),
        points: Number(total.points),
        change: Signed(total.points - before),
        solves: Number(total.solves),
        on_demand: Number(total.solves - total.flash),
        flash: Number(total.flash),
        flash_of_month: Number(all().map(|person| person.flash_of_month(loaded.now)).sum()),
        active: count(loaded.members.iter().filter(is_active).count()),
        competitors: count(loaded.members.len()),
        all_points: Number(all().filter_map(|person| person.total_score).sum()),
        all_challenges: Number(all().filter_map(|person| person.challenges_completed).sum()),
    }
}

/// Returns the ID and the name of each Flash CTF, with its month because names return.
fn events(found: &[FlashMomentum]) -> Vec<(String, String)> {
    let event = |event: &FlashMomentum| {
        let month = event.started_at.format("%Y-%m");
        (event.event_id.clone(), format!("{}, {month}", event.name))
    };
    found.iter().map(event).collect()
}

/// `GET /ctf/rosters/{roster}/dashboard.csv`: the rows of all pages of the table, with its filters and in its order.
pub(super) async fn csv(
    State(context): State<Context>,
    Extension(platforms): Extension<Platforms>,
    Extension(kept): Extension<KeptFigures>,
    reader: RosterReader,
    QueryString(query): QueryString<MemberQuery>,
) -> Result<Response, PageError> {
    reader.note(&context).await?;
    let roster = reader.roster;
    let loaded = LoadedRoster::read((&context, &platforms, &kept), &roster, &query).await?;
    let name = format!("{}-{}", roster.name, loaded.range.query());
    let rows = loaded.shown(&query);
    let rows: Vec<String> = rows.iter().map(|member| line(&member.cells(loaded.now))).collect();
    Ok(csv::streamed(&name, &HEAD, rows, |mut rows| async move {
        let batch = rows.drain(..rows.len().min(BATCH)).collect();
        Ok((batch, Some(rows).filter(|rows| !rows.is_empty())))
    }))
}

/// The number of rows that are sent at once.
const BATCH: usize = 1_000;

impl DashboardPage {
    /// Counts the alerts.
    fn alerts_words(&self) -> String {
        counted(self.alerts.len(), "alert", "alerts")
    }

    /// Counts the competitors who need support.
    fn support_words(&self) -> String {
        match self.support.first.len() + self.support.others.len() {
            1 => "1 competitor needs support".to_owned(),
            number => format!("{number} competitors need support"),
        }
    }

    /// Counts the competitors in the table, and names the page that is shown.
    fn caption(&self) -> String {
        let shown = counted(self.shown.0, "competitor", "competitors");
        let shown = if self.query.is_filtered() {
            format!("{shown} of {} match the filter", self.totals.competitors)
        } else {
            shown
        };
        match self.pages.number {
            1 => shown,
            number => format!("{shown}, page {} of {number}", self.pages.shown),
        }
    }
}

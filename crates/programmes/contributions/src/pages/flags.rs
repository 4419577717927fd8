//! The queue of flags for moderators, and the page on which they decide.

use std::collections::{BTreeMap, BTreeSet};

use askama::Template;
use axum::{extract::State, response::Response};
use github::model::PullRequestId;
use identity::{
    access::{Moderator, NextWork},
    model::UserId,
};
use kernel::{Problem, ProblemKind, Timestamp};
use platform::{
    Context, audit,
    web::{List, WebError, cursor_after},
};
use serde::Deserialize;
use ui::{
    Address, Filled, Form, PageError, PageResult, QueryString, Tag,
    format::{Instant, Number, asked, tame},
    redirect, show,
};
use uuid::Uuid;

use super::pulls::PullLink;
use crate::{
    access::unknown_flag,
    actions::{FlagDecision, decide_flags, reopen_flag},
    api::FlagSearch,
    model::{FlagEffect, FlagState},
    reads::{self, FlagDetail, FlagView, FlaggedPull, FlaggedRepository, ReportView},
    rules::fair_play::{FindingKind, GamingSign},
};

/// The number of flags per page.
const ROWS: i64 = 25;

const PATH: &str = "/admin/fair-play";

/// The cursor of the list.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct FlagQuery {
    after: String,
}

struct Row {
    number: i64,
    heading: &'static str,
    evidence: String,
    people: String,
    pull_requests: String,
    raised: Instant,
    state: Tag,
    is_late: bool,
    /// When it is to be decided.
    due: Instant,
}

impl Row {
    fn of(flag: &FlagView, now: Timestamp) -> Self {
        let first = flag.signs.first().copied();
        Self {
            number: flag.number,
            heading: flag.kind.heading(),
            evidence: first.map(GamingSign::sentence).unwrap_or_default(),
            people: Number(flag.people).of("person", "people"),
            pull_requests: Number(flag.pull_requests).of("pull request", "pull requests"),
            raised: Instant(flag.raised_at),
            is_late: flag.is_late(now),
            due: Instant(flag.due_at()),
            state: tag(flag),
        }
    }
}

fn tag(flag: &FlagView) -> Tag {
    let (class, word) = match (flag.state, flag.effect) {
        (FlagState::Open, _) => ("t-or", "Open"),
        (FlagState::Dismissed, _) => ("t-argent", "Cleared"),
        (FlagState::Confirmed, None) => ("t-azure", "Confirmed"),
        (FlagState::Confirmed, Some(FlagEffect::NoPoints)) => ("t-gules", "No points"),
        (FlagState::Confirmed, Some(FlagEffect::Spam)) => ("t-gules", "Spam"),
    };
    Tag { class, word }
}

struct Tab {
    state: &'static str,
    label: &'static str,
    count: Number,
    is_current: bool,
}

#[derive(Template)]
#[template(path = "flags.html")]
struct FlagsPage {
    tabs: Vec<Tab>,
    kinds: Vec<(FindingKind, bool)>,
    state: &'static str,
    is_open: bool,
    is_filtered: bool,
    rows: Vec<Row>,
    is_first: bool,
    next: Option<String>,
    now: Instant,
    form: Form,
}

/// `GET /admin/fair-play`.
pub(super) async fn list(
    State(context): State<Context>,
    _: Moderator,
    QueryString(search): QueryString<FlagSearch>,
    QueryString(query): QueryString<FlagQuery>,
) -> PageResult {
    render_list(&context, &search, &query, Form::default()).await
}

async fn render_list(
    context: &Context,
    search: &FlagSearch,
    query: &FlagQuery,
    form: Form,
) -> PageResult {
    let (filter, now) = (search.filter()?, context.now());
    let after = ui::paging::place(&query.after)?;
    let found = reads::flags(&context.db, filter, after, ROWS + 1).await?;
    let found = List::cut(found, ROWS, |flag| cursor_after((flag.raised_at, flag.id)));
    let counts = reads::flag_counts(&context.db).await?;
    let (state, kind) = (filter.state.as_str(), search.kind.as_str());
    let next = found.next_cursor.map(|after| {
        let others = asked([("kind", kind), ("after", after.as_str())]);
        format!("{PATH}?state={state}{others}")
    });
    show(&FlagsPage {
        tabs: tabs(filter.state, &counts),
        kinds: FindingKind::ALL.map(|kind| (kind, filter.kind == Some(kind))).into(),
        state,
        is_open: filter.state == FlagState::Open,
        is_filtered: filter.kind.is_some(),
        rows: found.items.into_iter().map(|flag| Row::of(&flag, now)).collect(),
        is_first: query.after.is_empty(),
        next,
        now: Instant(now),
        form,
    })
}

fn tabs(current: FlagState, counts: &BTreeMap<FlagState, i64>) -> Vec<Tab> {
    let states = [
        (FlagState::Open, "Open"),
        (FlagState::Confirmed, "Confirmed"),
        (FlagState::Dismissed, "Cleared"),
    ];
    let tab = |(state, label): (FlagState, &'static str)| Tab {
        state: state.as_str(),
        label,
        count: Number(counts.get(&state).copied().unwrap_or_default()),
        is_current: state == current,
    };
    states.map(tab).into()
}

/// The fields of a decision on a flag, or on several from the list.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct FlagDecisionFields {
    decision: String,
    reason: String,
}

impl FlagDecisionFields {
    fn read(&self, spared: BTreeSet<PullRequestId>) -> Result<FlagDecision, Problem> {
        let effect = match self.decision.as_str() {
            "dismiss" => return Ok(FlagDecision::Dismiss),
            "confirm" => None,
            effect => Some(FlagEffect::named(effect).ok_or_else(|| {
                let detail = "Choose a decision.";
                let problem = Problem::new(ProblemKind::Invalid, "BAD_QUERY", detail);
                problem.at("decision").with(audit::reason(&self.reason))
            })?),
        };
        Ok(FlagDecision::Confirm { effect, spared })
    }
}

/// `POST /admin/fair-play`: decides on the selected flags, without sparing a pull request.
pub(super) async fn decide_many(
    State(context): State<Context>,
    Moderator(viewer): Moderator,
    Filled(decision, form): Filled<FlagDecisionFields>,
) -> Result<Response, PageError> {
    let decided = async {
        let numbers = selected(&form)?;
        let read = decision.read(BTreeSet::new())?;
        decide_flags(&context, viewer.actor(), &numbers, &read, &decision.reason).await?;
        Ok::<_, WebError>(numbers.len())
    };
    match decided.await {
        Ok(count) => {
            let count = Number(i64::try_from(count).unwrap_or(i64::MAX)).of("flag", "flags");
            Ok(redirect(PATH, &format!("Decided on {count}")))
        }
        Err(error) => {
            let (search, query) = (FlagSearch::default(), FlagQuery::default());
            let again = |form| render_list(&context, &search, &query, form);
            form.refused(error, again).await
        }
    }
}

fn selected(form: &Form) -> Result<BTreeSet<i64>, Problem> {
    let fields = form.fields().iter();
    let numbers = fields.filter(|(name, _)| name == "flag");
    let numbers: BTreeSet<i64> = numbers.filter_map(|(_, value)| value.parse().ok()).collect();
    if numbers.is_empty() {
        let detail = "No flag is selected. Select at least one.";
        Err(Problem::new(ProblemKind::Invalid, "BAD_QUERY", detail))
    } else {
        Ok(numbers)
    }
}

struct PullRow {
    id: Uuid,
    link: PullLink,
    author: Option<String>,
    points: Number,
    is_spared: bool,
}

impl From<FlaggedPull> for PullRow {
    fn from(flagged: FlaggedPull) -> Self {
        Self {
            id: flagged.pull.id,
            link: PullLink::of(&flagged.pull),
            author: flagged.author,
            points: Number(flagged.points),
            is_spared: flagged.is_spared,
        }
    }
}

struct Report {
    by: String,
    reason: &'static str,
    words: Option<String>,
    at: Instant,
}

impl From<ReportView> for Report {
    fn from(report: ReportView) -> Self {
        Self {
            by: report.reporter,
            reason: report.reason.label(),
            words: report.words,
            at: Instant(report.reported_at),
        }
    }
}

#[derive(Template)]
#[template(path = "flag.html")]
struct FlagPage {
    number: i64,
    heading: &'static str,
    suggestion: &'static str,
    state: Tag,
    is_open: bool,
    is_late: bool,
    raised: Instant,
    evidence: Vec<String>,
    people: Vec<String>,
    pulls: Vec<PullRow>,
    repositories: Vec<FlaggedRepository>,
    reports: Vec<Report>,
    is_about_reviewers: bool,
    permits_effects: bool,
    due: Instant,
    /// The number of pull requests that are not listed.
    more: Number,
    decided: Option<(Instant, String, String)>,
    now: Instant,
    form: Form,
}

/// `GET /admin/fair-play/{number}`.
pub(super) async fn flag(
    State(context): State<Context>,
    Moderator(viewer): Moderator,
    Address(number): Address<i64>,
) -> PageResult {
    render(&context, viewer.user_id, number, Form::default()).await
}

async fn render(context: &Context, viewer: UserId, number: i64, form: Form) -> PageResult {
    let found = reads::flag(&context.db, number, viewer).await?;
    let FlagDetail { flag, people, pull_requests, decided_by, repositories, reports } =
        found.ok_or_else(|| unknown_flag(number))?;
    let now = context.now();
    let by = decided_by.unwrap_or_else(|| "an operator".to_owned());
    let reason = tame(flag.reason.as_deref().unwrap_or_default());
    let listed = i64::try_from(pull_requests.len()).unwrap_or(i64::MAX);
    show(&FlagPage {
        number,
        heading: flag.kind.heading(),
        suggestion: flag.kind.suggestion(),
        state: tag(&flag),
        is_open: flag.state == FlagState::Open,
        is_late: flag.is_late(now),
        due: Instant(flag.due_at()),
        is_about_reviewers: flag.kind.is_about_reviewers(),
        permits_effects: flag.permits_effects(),
        repositories,
        reports: reports.into_iter().map(Into::into).collect(),
        raised: Instant(flag.raised_at),
        more: Number((flag.pull_requests - listed).max(0)),
        evidence: flag.signs.into_iter().map(GamingSign::sentence).collect(),
        people,
        pulls: pull_requests.into_iter().map(Into::into).collect(),
        decided: flag.decided_at.map(|at| (Instant(at), by, reason)),
        now: Instant(now),
        form,
    })
}

/// `POST /admin/fair-play/{number}`: decides on a flag. It does not apply to pull requests whose box is not checked.
pub(super) async fn decide(
    State(context): State<Context>,
    Moderator(viewer): Moderator,
    next: NextWork,
    Address(number): Address<i64>,
    Filled(decision, form): Filled<FlagDecisionFields>,
) -> Result<Response, PageError> {
    let numbers = BTreeSet::from([number]);
    let decided = async {
        let spared = spared(&context, viewer.user_id, number, &form).await?;
        let read = decision.read(spared)?;
        decide_flags(&context, viewer.actor(), &numbers, &read, &decision.reason).await?;
        Ok::<_, WebError>(())
    };
    match decided.await {
        Ok(()) => {
            let (own, said) = (format!("{PATH}/{number}"), format!("Decided on flag F-{number}"));
            Ok(next.after(&context, &["report", "flag"], (&own, PATH), &said).await?)
        }
        Err(error) => {
            let again = |form| render(&context, viewer.user_id, number, form);
            form.refused(error, again).await
        }
    }
}

/// Returns the listed pull requests whose box is not checked. Refuses checked ones that are not listed.
async fn spared(
    context: &Context,
    viewer: UserId,
    number: i64,
    form: &Form,
) -> Result<BTreeSet<PullRequestId>, WebError> {
    let detail = reads::flag(&context.db, number, viewer).await?;
    let pulls = detail.map(|detail| detail.pull_requests).unwrap_or_default();
    let fields = form.fields().iter();
    let mut checked: BTreeSet<&str> =
        fields.filter(|(name, _)| name == "pull").map(|(_, value)| value.as_str()).collect();
    let mut spared = BTreeSet::new();
    for pull in &pulls {
        if !checked.remove(pull.pull.id.to_string().as_str()) {
            spared.insert(pull.pull.id.into());
        }
    }
    if checked.is_empty() {
        return Ok(spared);
    }
    let detail = "A checked pull request is not on this page. Check the pull requests again.";
    Err(Problem::new(ProblemKind::Invalid, "BAD_QUERY", detail).into())
}

/// The field of the form that opens a flag again.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Reopening {
    reason: String,
}

/// `POST /admin/fair-play/{number}/reopen`.
pub(super) async fn reopen(
    State(context): State<Context>,
    Moderator(viewer): Moderator,
    Address(number): Address<i64>,
    Filled(reopening, form): Filled<Reopening>,
) -> Result<Response, PageError> {
    match reopen_flag(&context, viewer.actor(), number, &reopening.reason).await {
        Ok(()) => {
            let said = format!("Flag F-{number} is open again");
            Ok(redirect(&format!("{PATH}/{number}"), &said))
        }
        Err(error) => {
            let again = |form| render(&context, viewer.user_id, number, form);
            form.refused(error, again).await
        }
    }
}

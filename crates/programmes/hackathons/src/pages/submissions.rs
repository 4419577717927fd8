//! Submissions, for organizers.

use std::collections::BTreeMap;

use askama::Template;
use axum::{Extension, extract::State, response::Response};
use kernel::Problem;
use platform::{
    Context,
    web::{WebError, bad_cursor},
};
use serde::Deserialize;
use ui::{
    Address, Filled, Form, PageError, PageResult, QueryString,
    csv::{self, Cell},
    download::{BATCH, Batch, next_batch},
    format::Instant,
    markdown, redirect, show,
};
use uuid::Uuid;

use super::{HackathonCard, LocalNow, submission::Checks};
use crate::{
    access::{Organizer, unknown_submission},
    actions::{self, NewDeadline, SettingsInput},
    model::{HackathonId, SubmissionId, SubmissionStatus, Verdict},
    reads::{
        self, CheckState, HackathonView, OwnChecks, SubmissionCounts, SubmissionPart,
        SubmissionView, VersionView,
    },
    rules::{
        expo::is_link,
        instants::instant,
        invalid, reminders,
        repository_address::CodeSites,
        rulings::Ruling,
        tracks::{Track, names},
    },
};

/// The number of submissions on a page.
const ROWS: usize = 50;

/// The part of the list that a URL selects.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct SubmissionsQuery {
    cursor: String,
}

struct Row {
    submission: SubmissionView,
    /// The names of its tracks.
    tracks: Vec<String>,
    status: SubmissionStatus,
    /// The number of its checks that did not pass.
    doubtful: usize,
}

#[derive(Template)]
#[template(path = "hackathon_submissions.html")]
struct SubmissionsPage {
    card: HackathonCard,
    rows: Vec<Row>,
    counts: SubmissionCounts,
    next: Option<Uuid>,
    is_first: bool,
    refuses_late: bool,
    required_files: String,
    reminders: String,
    workflow_event: String,
    form: Form,
    now: LocalNow,
}

/// `GET /hackathons/{slug}/submissions`.
pub(super) async fn list(
    State(context): State<Context>,
    Organizer { hackathon, .. }: Organizer,
    QueryString(query): QueryString<SubmissionsQuery>,
) -> PageResult {
    render(&context, &hackathon, &query, Form::default()).await
}

async fn render(
    context: &Context,
    hackathon: &HackathonView,
    query: &SubmissionsQuery,
    form: Form,
) -> PageResult {
    let (db, id, now) = (&context.db, hackathon.key(), context.now());
    let after = match query.cursor.as_str() {
        "" => None,
        cursor => Some(Uuid::try_parse(cursor).map_err(|_| WebError::from(bad_cursor()))?),
    };
    let part = SubmissionPart::Submitted;
    let mut found =
        reads::submissions(db, id, part, after.map(SubmissionId::new), ROWS as i64 + 1).await?;
    let more = found.len() > ROWS;
    found.truncate(ROWS);
    let settings = reads::submission_settings(db, id).await?;
    let ids = found.iter().map(SubmissionView::key).collect();
    let doubtful = reads::doubtful_checks(db, ids).await?;
    show(&SubmissionsPage {
        card: HackathonCard::of(hackathon, now),
        next: found.last().filter(|_| more).map(|last| last.id),
        rows: rows(found, hackathon, now, &doubtful, &reads::tracks(db, id).await?),
        counts: reads::submission_counts(db, id).await?,
        is_first: after.is_none(),
        refuses_late: settings.refuses_late,
        required_files: settings.required_files().join("\n"),
        reminders: reminders::shown(&settings.reminders()),
        workflow_event: settings.workflow_event.unwrap_or_default(),
        form,
        now: LocalNow(now, hackathon.zone()),
    })
}

fn rows(
    found: Vec<SubmissionView>,
    hackathon: &HackathonView,
    now: kernel::Timestamp,
    doubtful: &BTreeMap<Uuid, usize>,
    tracks: &[Track],
) -> Vec<Row> {
    let row = |submission: SubmissionView| Row {
        tracks: names(tracks, &submission.tracks()),
        status: submission.status(hackathon, now),
        doubtful: doubtful.get(&submission.id).copied().unwrap_or(0),
        submission,
    };
    found.into_iter().map(row).collect()
}

/// The fields of the form with what a hackathon requires.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct SettingsFields {
    refuses_late: String,
    required_files: String,
    reminders: String,
    workflow_event: String,
}

/// `POST /hackathons/{slug}/submissions`: saves what the hackathon requires of submissions.
pub(super) async fn settings(
    State(context): State<Context>,
    Organizer { viewer, hackathon }: Organizer,
    Filled(fields, form): Filled<SettingsFields>,
) -> Result<Response, PageError> {
    let input = SettingsInput {
        refuses_late: fields.refuses_late == "yes",
        required_files: fields.required_files,
        reminders: fields.reminders,
        workflow_event: fields.workflow_event,
    };
    let (actor, slug) = (viewer.actor(), &hackathon.slug);
    match actions::set_submission_settings(&context, actor, slug, &input).await {
        Ok(()) => Ok(redirect(&address(&hackathon), "The requirements are saved")),
        Err(error) => refused(&context, &hackathon, form, error).await,
    }
}

async fn refused(
    context: &Context,
    hackathon: &HackathonView,
    form: Form,
    error: platform::ActionError,
) -> Result<Response, PageError> {
    let query = SubmissionsQuery::default();
    let again = |form| render(context, hackathon, &query, form);
    form.refused(error, again).await
}

fn address(hackathon: &HackathonView) -> String {
    format!("{}/submissions", hackathon.address())
}

/// `POST /hackathons/{slug}/submissions/check`: has all submissions checked again.
pub(super) async fn check(
    State(context): State<Context>,
    Organizer { viewer, hackathon }: Organizer,
) -> Result<Response, PageError> {
    let checked = actions::check_all(&context, viewer.actor(), &hackathon.slug).await;
    let count = checked.map_err(WebError::from)?;
    let said =
        format!("The checks of {} begin", kernel::counted(count, "submission", "submissions"));
    Ok(redirect(&address(&hackathon), &said))
}

/// The fields of the form that gives a later deadline.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct DeadlineFields {
    name: String,
    closes_at: String,
    reason: String,
}

/// `POST /hackathons/{slug}/submissions/deadline`: gives a team or a person a later deadline.
pub(super) async fn extend(
    State(context): State<Context>,
    Organizer { viewer, hackathon }: Organizer,
    Filled(fields, form): Filled<DeadlineFields>,
) -> Result<Response, PageError> {
    let extended = match instant("closes_at", &fields.closes_at, hackathon.zone()) {
        Ok(closes_at) => {
            let new = NewDeadline { name: fields.name.clone(), closes_at, reason: fields.reason };
            actions::extend_deadline(&context, viewer.user_id, &hackathon.slug, &new).await
        }
        Err(problem) => Err(problem.into()),
    };
    match extended {
        Ok(()) => {
            let said = format!("{} has a later deadline, and is notified", fields.name.trim());
            Ok(redirect(&address(&hackathon), &said))
        }
        Err(error) => refused(&context, &hackathon, form, error).await,
    }
}

#[derive(Template)]
#[template(path = "hackathon_one_submission.html")]
struct OnePage {
    card: HackathonCard,
    submission: SubmissionView,
    /// The names of its tracks.
    tracks: Vec<String>,
    status: SubmissionStatus,
    summary: String,
    checks: Option<Checks>,
    state: Option<CheckState>,
    own_checks: Option<OwnChecks>,
    versions: Vec<VersionView>,
    /// Until when the team can submit another version, if it still can.
    open_until: Option<Instant>,
    /// The other submissions that checks point to.
    others: Vec<SubmissionView>,
    form: Form,
    now: LocalNow,
}

impl OnePage {
    fn is_invalid(&self) -> bool {
        self.submission.facts().verdict == Some(Verdict::Invalid)
    }

    fn outcome(&self) -> Option<crate::model::JuryOutcome> {
        self.submission.facts().outcome
    }
}

/// `GET /hackathons/{slug}/submissions/{id}`.
pub(super) async fn page(
    State(context): State<Context>,
    Extension(sites): Extension<CodeSites>,
    Organizer { hackathon, .. }: Organizer,
    Address((_, id)): Address<(String, Uuid)>,
) -> PageResult {
    render_one(&context, &sites, &hackathon, id, Form::default()).await
}

async fn render_one(
    context: &Context,
    sites: &CodeSites,
    hackathon: &HackathonView,
    id: Uuid,
    form: Form,
) -> PageResult {
    let (db, now) = (&context.db, context.now());
    let found = reads::submission(db, id.into()).await?;
    let of_hackathon = found.filter(|it| it.hackathon_id == hackathon.id && it.version > 0);
    let submission = of_hackathon.ok_or_else(|| WebError::from(unknown_submission()))?;
    let report = reads::latest_report(db, submission.key()).await?;
    let checks = report.map(|report| Checks::of(report, &submission.repository, sites.clone()));
    let mut others = Vec::new();
    for id in checks.iter().flat_map(|it| &it.checks).flat_map(|check| &check.submissions) {
        others.extend(reads::submission(db, (*id).into()).await?);
    }
    let closes_at = reads::submission_closes_at(db, hackathon, &submission).await?;
    show(&OnePage {
        open_until: (closes_at > now).then_some(Instant(closes_at)),
        card: HackathonCard::of(hackathon, now),
        status: submission.status(hackathon, now),
        summary: markdown::typed(&submission.summary),
        checks,
        state: reads::check_state(db, submission.key()).await?,
        own_checks: reads::own_checks(db, &submission).await?,
        versions: reads::versions(db, submission.key()).await?,
        tracks: names(&reads::tracks(db, hackathon.key()).await?, &submission.tracks()),
        submission,
        others,
        form,
        now: LocalNow(now, hackathon.zone()),
    })
}

/// The fields of the form with which an organizer decides about a submission.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct RulingFields {
    ruling: String,
    reason: String,
}

/// `POST /hackathons/{slug}/submissions/{id}`: decides about a submission.
pub(super) async fn rule(
    State(context): State<Context>,
    Extension(sites): Extension<CodeSites>,
    Organizer { viewer, hackathon }: Organizer,
    Address((_, id)): Address<(String, Uuid)>,
    Filled(fields, form): Filled<RulingFields>,
) -> Result<Response, PageError> {
    let person = viewer.user_id;
    let ruled = match ruling(&fields.ruling) {
        Ok(ruling) => {
            let id = SubmissionId::new(id);
            actions::rule_submission(&context, person, &hackathon.slug, id, ruling, &fields.reason)
                .await
        }
        Err(problem) => Err(problem.into()),
    };
    match ruled {
        Ok(submission) => {
            let said = said(&submission);
            Ok(redirect(&format!("{}/{id}", address(&hackathon)), &said))
        }
        Err(error) => {
            let again = |form| render_one(&context, &sites, &hackathon, id, form);
            form.refused(error, again).await
        }
    }
}

/// The field of the form that gives a submission a table or a link.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct PlaceFields {
    place: Option<String>,
}

/// `POST /hackathons/{slug}/submissions/{id}/place`.
pub(super) async fn place(
    State(context): State<Context>,
    Extension(sites): Extension<CodeSites>,
    Organizer { viewer, hackathon }: Organizer,
    Address((_, id)): Address<(String, Uuid)>,
    Filled(fields, form): Filled<PlaceFields>,
) -> Result<Response, PageError> {
    let placed = match fields.place.as_deref() {
        Some(place) => {
            actions::set_place(&context, viewer.actor(), &hackathon.slug, id.into(), place).await
        }
        None => {
            Err(invalid("place", "Enter a table or a link, or empty the field.".to_owned()).into())
        }
    };
    match placed {
        Ok(submission) => {
            let said = match submission.place.as_str() {
                "" => "The submission has no table now",
                place if is_link(place) => "The link is saved",
                _ => "The table is saved",
            };
            Ok(redirect(&format!("{}/{id}", address(&hackathon)), said))
        }
        Err(error) => {
            let again = |form| render_one(&context, &sites, &hackathon, id, form);
            form.refused(error, again).await
        }
    }
}

/// `POST /hackathons/{slug}/submissions/tables`: gives numbered tables to those without a place.
pub(super) async fn number_tables(
    State(context): State<Context>,
    Organizer { viewer, hackathon }: Organizer,
) -> Result<Response, PageError> {
    let placed = actions::number_tables(&context, viewer.actor(), &hackathon.slug).await;
    let placed = placed.map_err(WebError::from)?;
    let said = match placed {
        0 => "All judged submissions have a table already".to_owned(),
        _ => format!("{} a table", kernel::counted(placed, "submission got", "submissions got")),
    };
    Ok(redirect(&address(&hackathon), &said))
}

fn ruling(text: &str) -> Result<Ruling, Problem> {
    Ruling::named(text).ok_or_else(|| {
        let detail = "Choose admit, dismiss, disqualify, reinstate, finalist, winner or unchoose.";
        invalid("ruling", detail.to_owned())
    })
}

/// Returns the decision in a sentence.
fn said(submission: &SubmissionView) -> String {
    let facts = submission.facts();
    let title = ui::format::tame(&submission.title);
    match facts.outcome {
        _ if facts.is_disqualified => format!("{title} is disqualified, and its team is notified"),
        Some(outcome) => format!(
            "{title} is a {}. It shows once results are published",
            outcome.heading().to_lowercase()
        ),
        None if facts.is_judged() => format!("{title} is judged"),
        None => format!("{title} is judged only once no required check fails"),
    }
}

/// The columns of the file.
const HEAD: [&str; 16] = [
    "id",
    "team",
    "title",
    "status",
    "version",
    "submitted_at",
    "late",
    "repository",
    "branch",
    "commit",
    "verdict",
    "demo",
    "video",
    "technologies",
    "tracks",
    "place",
];

/// `GET /hackathons/{slug}/submissions.csv`: all submissions.
pub(super) async fn csv(
    State(context): State<Context>,
    Organizer { hackathon, .. }: Organizer,
) -> Result<Response, PageError> {
    let name = format!("{}-submissions", hackathon.slug);
    let read = move |after| batch(context.clone(), hackathon.clone(), after);
    Ok(csv::streamed(&name, &HEAD, None, read))
}

async fn batch(
    context: Context,
    hackathon: HackathonView,
    after: Option<SubmissionId>,
) -> Batch<Option<SubmissionId>> {
    let (part, id): (_, HackathonId) = (SubmissionPart::Submitted, hackathon.key());
    let rows = reads::submissions(&context.db, id, part, after, BATCH).await?;
    let next = next_batch(&rows, |row| Some(row.key()));
    let now = context.now();
    let line = |row: &SubmissionView| csv::line(&cells(row, row.status(&hackathon, now)));
    Ok((rows.iter().map(line).collect(), next))
}

fn cells(row: &SubmissionView, status: SubmissionStatus) -> [Cell; 16] {
    let facts = row.facts();
    [
        row.id.to_string().into(),
        row.team.clone().unwrap_or_default().into(),
        row.title.clone().into(),
        status.as_str().into(),
        row.version.into(),
        (row.submitted_at.map(|at| at.to_rfc3339())).unwrap_or_default().into(),
        if facts.is_late { "yes" } else { "no" }.into(),
        row.repository.clone().into(),
        row.branch.clone().into(),
        row.commit_sha.clone().unwrap_or_default().into(),
        facts.verdict.map_or("", Verdict::as_str).into(),
        row.demo_url.clone().into(),
        row.video_url.clone().into(),
        row.technologies.clone().into(),
        row.tracks().join(", ").into(),
        row.place.clone().into(),
    ]
}

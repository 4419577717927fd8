//! The submission of the viewer and their team.

use askama::Template;
use axum::{Extension, extract::State, response::Response};
use platform::{Context, web::WebError};
use serde::Deserialize;
use ui::{
    Confirmation, Filled, Form, PageError, PageResult,
    format::{Instant, segment, tame},
    markdown, redirect, show,
};

use super::{HackathonCard, LocalNow};
use crate::{
    access::{Insider, no_submission},
    actions,
    reads::{
        self, CheckState, OwnChecks, Participation, ReportView, SubmissionView, TeamNote,
        VersionView,
    },
    rules::{
        checks::Check,
        instants::shown_with_zone,
        repository_address::CodeSites,
        submissions::SubmissionInput,
        tracks::{MOST_CHOSEN, Track, names},
    },
};

/// A report with what is shown of it.
pub(super) struct Checks {
    pub(super) report: ReportView,
    pub(super) checks: Vec<Check>,
    pub(super) repository: String,
    sites: CodeSites,
}

impl Checks {
    pub(super) fn of(report: ReportView, repository: &str, sites: CodeSites) -> Self {
        Self { checks: report.checks(), repository: repository.to_owned(), sites, report }
    }

    /// Returns the numbers of outcomes in words, such as "5 pass, 1 warns".
    pub(super) fn summary(&self) -> String {
        use crate::model::CheckOutcome::{Fail, Pass, Warn};
        let parts =
            [(Pass, "pass"), (Warn, "to check"), (Fail, "failed")].map(|(outcome, says)| {
                let checks = self.checks.iter();
                (checks.filter(|check| check.outcome == outcome).count(), says)
            });
        let said = parts.iter().filter(|(count, _)| *count > 0);
        let said: Vec<String> = said.map(|(count, says)| format!("{count} {says}")).collect();
        said.join(", ")
    }

    /// Returns the address of a commit at the code host.
    pub(super) fn commit(&self, sha: &str) -> String {
        self.sites.commit_page(&self.repository, sha)
    }
}

/// Returns the beginning of a commit's SHA, by which people know it.
pub(super) fn short(sha: &str) -> &str {
    sha.get(..7).unwrap_or(sha)
}

#[derive(Template)]
#[template(path = "hackathon_submission_page.html")]
struct SubmissionPage {
    card: HackathonCard,
    own: Option<ShownSubmission>,
    /// Why nothing can be submitted now.
    refusal: Option<String>,
    /// The deadline of the team, with its time zone.
    deadline: String,
    /// The reason of a later deadline.
    extension: Option<String>,
    is_late: bool,
    has_place: bool,
    form: Form,
}

/// A submission, as its team sees it.
struct ShownSubmission {
    submission: SubmissionView,
    status: crate::model::SubmissionStatus,
    summary: String,
    checks: Option<Checks>,
    state: Option<CheckState>,
    own_checks: Option<OwnChecks>,
    versions: Vec<VersionView>,
    /// The notes of judges, once the results are published.
    notes: Vec<TeamNote>,
    /// The names of the tracks.
    tracks: Vec<String>,
    now: LocalNow,
}

impl ShownSubmission {
    fn is_submitted(&self) -> bool {
        self.submission.version > 0
    }

    fn is_withdrawn(&self) -> bool {
        self.submission.facts().is_withdrawn
    }
}

/// `GET /hackathons/{slug}/submission`.
pub(super) async fn page(
    State(context): State<Context>,
    Extension(sites): Extension<CodeSites>,
    insider: Insider,
) -> PageResult {
    render(&context, &sites, &insider, Form::default()).await
}

async fn render(context: &Context, sites: &CodeSites, insider: &Insider, form: Form) -> PageResult {
    let (db, now) = (&context.db, context.now());
    let hackathon = &insider.hackathon;
    let participation = reads::participation(db, hackathon, insider.viewer.user_id).await?;
    let attempt = participation.attempt(hackathon, now);
    let has_place = (insider.application.as_ref()).is_some_and(|own| own.status.holds_place());
    let may = attempt.may_submit();
    let page = SubmissionPage {
        card: HackathonCard::of(hackathon, now),
        is_late: may == Ok(true),
        refusal: may.err().map(|problem| problem.detail),
        deadline: shown_with_zone(attempt.deadline(), hackathon.zone()),
        extension: participation.extension.as_ref().map(|own| own.reason.clone()),
        own: shown(context, sites, hackathon, &participation).await?,
        has_place,
        form,
    };
    show(&page)
}

async fn shown(
    context: &Context,
    sites: &CodeSites,
    hackathon: &reads::HackathonView,
    participation: &Participation,
) -> Result<Option<ShownSubmission>, platform::db::DbError> {
    let Some(submission) = participation.submission.clone() else {
        return Ok(None);
    };
    let (db, now) = (&context.db, context.now());
    let report = reads::latest_report(db, submission.key()).await?;
    Ok(Some(ShownSubmission {
        status: submission.status(hackathon, now),
        summary: markdown::typed(&submission.summary),
        checks: report.map(|report| Checks::of(report, &submission.repository, sites.clone())),
        state: reads::check_state(db, submission.key()).await?,
        own_checks: reads::own_checks(db, &submission).await?,
        versions: reads::versions(db, submission.key()).await?,
        notes: reads::team_notes(db, hackathon, submission.key()).await?,
        tracks: names(&reads::tracks(db, hackathon.key()).await?, &submission.tracks()),
        submission,
        now: LocalNow(now, hackathon.zone()),
    }))
}

#[derive(Template)]
#[template(path = "submission_form.html")]
struct FormPage {
    card: HackathonCard,
    deadline: String,
    refusal: Option<String>,
    is_late: bool,
    /// The number of submitted versions.
    version: i64,
    required_files: Vec<String>,
    /// The names of the code hosts.
    hosts: String,
    tracks: Vec<Track>,
    form: Form,
}

/// `GET /hackathons/{slug}/submission/edit`.
pub(super) async fn form(
    State(context): State<Context>,
    Extension(sites): Extension<CodeSites>,
    insider: Insider,
) -> PageResult {
    let person = insider.viewer.user_id;
    let participation = reads::participation(&context.db, &insider.hackathon, person).await?;
    let form = participation.submission.as_ref().map(stored);
    render_form(&context, &sites, &insider, form.unwrap_or_default()).await
}

/// Fills the form with a submission.
fn stored(submission: &SubmissionView) -> Form {
    let form = submission.tracks().into_iter();
    let form = form.fold(Form::default(), |form, track| form.with("tracks", track));
    form.with("title", &submission.title)
        .with("summary", &submission.summary)
        .with("repository", &submission.repository)
        .with("branch", &submission.branch)
        .with("demo_url", &submission.demo_url)
        .with("video_url", &submission.video_url)
        .with("technologies", &submission.technologies)
}

async fn render_form(
    context: &Context,
    sites: &CodeSites,
    insider: &Insider,
    form: Form,
) -> PageResult {
    let hackathon = &insider.hackathon;
    let person = insider.viewer.user_id;
    let participation = reads::participation(&context.db, hackathon, person).await?;
    let attempt = participation.attempt(hackathon, context.now());
    let may = attempt.may_submit();
    show(&FormPage {
        card: HackathonCard::of(hackathon, context.now()),
        deadline: shown_with_zone(attempt.deadline(), hackathon.zone()),
        is_late: may == Ok(true),
        refusal: may.err().map(|problem| problem.detail),
        version: attempt.facts.version,
        required_files: participation.settings.required_files(),
        hosts: sites.names(),
        tracks: reads::tracks(&context.db, hackathon.key()).await?,
        form,
    })
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct SubmissionFields {
    title: String,
    summary: String,
    repository: String,
    branch: String,
    demo_url: String,
    video_url: String,
    technologies: String,
    /// `draft` saves without submitting.
    step: String,
}

/// `POST /hackathons/{slug}/submission`: submits a version, or saves a draft.
pub(super) async fn save(
    State(context): State<Context>,
    Extension(sites): Extension<CodeSites>,
    insider: Insider,
    Filled(fields, form): Filled<SubmissionFields>,
) -> Result<Response, PageError> {
    let (person, slug) = (insider.viewer.user_id, &insider.hackathon.slug);
    let is_draft = fields.step == "draft";
    let tracks = form.fields().iter().filter(|(name, _)| name == "tracks");
    let input = SubmissionInput {
        title: fields.title,
        summary: fields.summary,
        repository: fields.repository,
        branch: fields.branch,
        demo_url: fields.demo_url,
        video_url: fields.video_url,
        technologies: fields.technologies,
        sites: sites.clone(),
        tracks: tracks.map(|(_, slug)| slug.clone()).collect(),
    };
    let saved = if is_draft {
        actions::save_submission(&context, person, slug, &input).await
    } else {
        actions::submit(&context, person, slug, &input).await
    };
    match saved {
        Ok(submission) => {
            let said = match submission.version {
                0 => "The draft is saved. Only your team sees it".to_owned(),
                version => format!("Version {version} is submitted. Its checks begin"),
            };
            Ok(redirect(&address(slug), &said))
        }
        Err(error) => {
            let again = |form| render_form(&context, &sites, &insider, form);
            form.refused(error, again).await
        }
    }
}

fn address(slug: &str) -> String {
    format!("/hackathons/{}/submission", segment(slug))
}

/// `POST /hackathons/{slug}/submission/check`.
pub(super) async fn check(
    State(context): State<Context>,
    insider: Insider,
) -> Result<Response, PageError> {
    let slug = &insider.hackathon.slug;
    let checked = actions::check_again(&context, insider.viewer.user_id, slug).await;
    checked.map_err(WebError::from)?;
    Ok(redirect(&address(slug), "The checks begin. Reload this page in a minute"))
}

/// `GET /hackathons/{slug}/submission/withdraw`: asks before a team withdraws its submission.
pub(super) async fn ask_to_withdraw(
    State(context): State<Context>,
    insider: Insider,
) -> PageResult {
    let person = insider.viewer.user_id;
    let participation = reads::participation(&context.db, &insider.hackathon, person).await?;
    let own = participation.submission.filter(|own| own.version > 0 && !own.facts().is_withdrawn);
    let own = own.ok_or_else(|| WebError::from(no_submission()))?;
    let back = address(&insider.hackathon.slug);
    show(&Confirmation {
        question: format!("Withdraw {}?", tame(&own.title)),
        consequence: "It is not judged then. All versions are kept, and you can submit it again until submissions close."
            .to_owned(),
        facts: vec![
            ("Repository", own.repository.clone()),
            ("Versions", own.version.to_string()),
        ],
        action: format!("{back}/withdraw"),
        fields: Vec::new(),
        button: "Withdraw submission".to_owned(),
        is_ending: true,
        back,
    })
}

/// `POST /hackathons/{slug}/submission/withdraw`.
pub(super) async fn withdraw(
    State(context): State<Context>,
    insider: Insider,
) -> Result<Response, PageError> {
    let slug = &insider.hackathon.slug;
    let withdrawn = actions::withdraw_submission(&context, insider.viewer.user_id, slug).await;
    withdrawn.map_err(WebError::from)?;
    Ok(redirect(&address(slug), "The submission is withdrawn"))
}

/// The field of the form with which a team appeals.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct AppealFields {
    appeal: String,
}

/// `POST /hackathons/{slug}/submission/appeal`.
pub(super) async fn appeal(
    State(context): State<Context>,
    Extension(sites): Extension<CodeSites>,
    insider: Insider,
    Filled(fields, form): Filled<AppealFields>,
) -> Result<Response, PageError> {
    let (person, slug) = (insider.viewer.user_id, &insider.hackathon.slug);
    match actions::appeal(&context, person, slug, &fields.appeal).await {
        Ok(_) => Ok(redirect(&address(slug), "The appeal is sent to the organizers")),
        Err(error) => {
            let again = |form| render(&context, &sites, &insider, form);
            form.refused(error, again).await
        }
    }
}

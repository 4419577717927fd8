//! The API of submissions.

mod expo;
mod listed;
mod notes;
mod own;
mod projects;
mod rules;

use kernel::Timestamp;
use platform::{Context, db::DbError};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use crate::{
    model::Verdict,
    reads::{self, HackathonView, ReportView, SubmissionView},
    rules::checks,
};

/// Returns the routes of submissions.
pub(super) fn routes() -> OpenApiRouter<Context> {
    OpenApiRouter::default()
        .routes(routes!(own::submission, own::submit, own::withdraw))
        .routes(routes!(own::check))
        .routes(routes!(own::appeal))
        .routes(routes!(notes::list))
        .routes(routes!(listed::list))
        .routes(routes!(listed::one, listed::rule))
        .routes(routes!(rules::settings, rules::set_settings))
        .routes(routes!(rules::extend))
        .routes(routes!(expo::set))
        .routes(routes!(expo::number))
        .routes(routes!(projects::list))
}

/// A submission.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "id": "01900000-0000-7000-8000-000000000002", "team": "Gannet", "title": "Gannet",
    "summary": "A berth list that works offline.", "repository": "gannet-crew/berthlist", "branch": "",
    "demo_url": "", "video_url": "", "technologies": "rust", "tracks": ["harbors"], "place": "B12", "status": "valid", "version": 2, "is_late": false,
    "submitted_at": "2026-11-20T10:12:00Z", "locked_at": null, "commit_sha": null, "verdict": "valid",
    "is_admitted": false, "reason": null, "appeal": null, "report": null, "own_checks": null
}))]
pub(super) struct Submission {
    /// The ID.
    id: Uuid,
    /// The name of the team, or the login of a person without a team.
    team: Option<String>,
    /// The name of the project.
    title: String,
    /// The description, as Markdown.
    summary: String,
    /// The repository as `owner/name`, with its host before it unless it is on GitHub. Empty in a draft without one.
    repository: String,
    /// The branch. Empty for the default branch.
    branch: String,
    /// The address of a demo. Empty without one.
    demo_url: String,
    /// The address of a video. Empty without one.
    video_url: String,
    /// The technologies, separated by commas.
    technologies: String,
    /// The slugs of the tracks that it takes part in.
    tracks: Vec<String>,
    /// Its table or link at the demos. Empty without one.
    place: String,
    /// `draft`, `pending`, `valid`, `late`, `invalid`, `under_review`, `finalist`, `winner`, `disqualified` or `withdrawn`.
    status: &'static str,
    /// The number of submitted versions.
    version: i64,
    /// True if it came after the deadline.
    is_late: bool,
    /// When the current version was submitted. Null for a draft.
    #[schema(value_type = Option<String>, format = DateTime)]
    submitted_at: Option<Timestamp>,
    /// When it was frozen. Null before.
    #[schema(value_type = Option<String>, format = DateTime)]
    locked_at: Option<Timestamp>,
    /// The commit at which it is pinned. Null before the first checks.
    commit_sha: Option<String>,
    /// `valid` or `invalid`: whether a required check fails. Null before the first checks.
    verdict: Option<&'static str>,
    /// True if it is judged although a required check fails.
    is_admitted: bool,
    /// The reason of the last decision. Null without one.
    reason: Option<String>,
    /// The appeal against a disqualification. Null without one.
    appeal: Option<String>,
    /// The latest report of the checks. Null before, and in lists.
    report: Option<SubmissionReport>,
    /// The checks at the code host. Null if there are none, and in lists.
    own_checks: Option<OwnChecks>,
}

/// The checks of a submission at its code host: those of the commit at which it is pinned, and the hackathon's own ones.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "started_at": "2026-11-20T10:13:00Z", "commit_sha": "7fd1a60b01f91b314f59955a4e4d4e80d8edf11d", "refusal": null,
    "results": []
}))]
struct OwnChecks {
    /// When the hackathon's own checks were last started. Null if they were not.
    #[schema(value_type = Option<String>, format = DateTime)]
    started_at: Option<Timestamp>,
    /// The commit for which they were started.
    commit_sha: Option<String>,
    /// The reason why they could not be started. Null if they were.
    refusal: Option<String>,
    /// The results that the code host delivered, the newest first, at most 50.
    results: Vec<CheckResult>,
}

/// A result of checks at a code host.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "name": "Checks", "event": "repository_dispatch", "commit_sha": "7fd1a60b01f91b314f59955a4e4d4e80d8edf11d",
    "conclusion": "success", "url": null, "completed_at": "2026-11-20T10:15:00Z"
}))]
struct CheckResult {
    /// The name of the workflow or the app.
    name: String,
    /// The event that started the workflow, such as `push` or `repository_dispatch`. Null for the checks of an app.
    event: Option<String>,
    /// The commit that was checked.
    commit_sha: String,
    /// The code host's name of the conclusion, such as `success`, `failure` or `timed_out`.
    conclusion: String,
    /// The page of the run. Null if it has none.
    url: Option<String>,
    /// When it ended, by the code host.
    #[schema(value_type = String, format = DateTime)]
    completed_at: Timestamp,
}

impl From<reads::OwnChecks> for OwnChecks {
    fn from(own: reads::OwnChecks) -> Self {
        let result = |result: github::reads::CheckResult| CheckResult {
            name: result.name,
            event: result.event,
            commit_sha: result.head_sha,
            conclusion: result.conclusion,
            url: result.url,
            completed_at: result.completed_at,
        };
        Self {
            started_at: (own.start.as_ref())
                .filter(|start| start.refusal.is_none())
                .map(|start| start.created_at),
            commit_sha: own.start.as_ref().map(|start| start.commit_sha.clone()),
            refusal: own.start.and_then(|start| start.refusal),
            results: own.results.into_iter().map(result).collect(),
        }
    }
}

/// The report of the checks of a version.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "version": 2, "made_at": "2026-11-20T10:13:00Z", "trigger": "submit", "commit_sha": null, "checks": []
}))]
struct SubmissionReport {
    /// The version.
    version: i64,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    made_at: Timestamp,
    /// The occasion: `submit`, `push`, `poll`, `deadline` or `request`.
    trigger: &'static str,
    /// The commit at which the submission was pinned. Null if there is none.
    commit_sha: Option<String>,
    /// The checks, in the order in which they were made.
    checks: Vec<SubmissionCheck>,
}

/// The result of a check.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "check": "window", "outcome": "pass", "evidence": ["4 commits, and 0 % of the work is older. 2 pushes witnessed."],
    "commits": []
}))]
struct SubmissionCheck {
    /// `repository`, `branch`, `window`, `authors`, `files`, `secrets` or `copies`.
    check: String,
    /// `pass`, `warn` or `fail`.
    outcome: String,
    /// The evidence, in sentences.
    evidence: Vec<String>,
    /// The commits that it is about, at most ten.
    commits: Vec<String>,
}

impl Submission {
    fn of(submission: SubmissionView, hackathon: &HackathonView, now: Timestamp) -> Self {
        let facts = submission.facts();
        Self {
            tracks: (submission.tracks().into_iter().map(str::to_owned)).collect(),
            id: submission.id,
            status: submission.status(hackathon, now).as_str(),
            team: submission.team,
            title: submission.title,
            summary: submission.summary,
            repository: submission.repository,
            branch: submission.branch,
            demo_url: submission.demo_url,
            video_url: submission.video_url,
            technologies: submission.technologies,
            place: submission.place,
            version: submission.version,
            is_late: facts.is_late,
            submitted_at: submission.submitted_at,
            locked_at: submission.locked_at,
            commit_sha: submission.commit_sha,
            verdict: facts.verdict.map(Verdict::as_str),
            is_admitted: submission.is_admitted,
            reason: submission.reason,
            appeal: submission.appeal,
            report: None,
            own_checks: None,
        }
    }

    /// Returns a submission with its latest report.
    async fn detailed(
        context: &Context,
        submission: SubmissionView,
        hackathon: &HackathonView,
    ) -> Result<Self, DbError> {
        let report = reads::latest_report(&context.db, submission.key()).await?;
        let own_checks = reads::own_checks(&context.db, &submission).await?;
        Ok(Self {
            report: report.map(SubmissionReport::from),
            own_checks: own_checks.map(OwnChecks::from),
            ..Self::of(submission, hackathon, context.now())
        })
    }
}

impl From<ReportView> for SubmissionReport {
    fn from(report: ReportView) -> Self {
        let check = |check: checks::Check| SubmissionCheck {
            check: check.kind,
            outcome: check.outcome.as_str().to_owned(),
            evidence: check.evidence,
            commits: check.commits,
        };
        Self {
            trigger: report.trigger_code.as_str(),
            checks: report.checks().into_iter().map(check).collect(),
            version: report.version,
            made_at: report.created_at,
            commit_sha: report.commit_sha,
        }
    }
}

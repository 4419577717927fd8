//! The form in which people report a pull request or a repository.

use askama::Template;
use axum::{extract::State, response::Response};
use identity::access::SignedIn;
use kernel::{Problem, ProblemKind};
use platform::{Context, web::WebError};
use serde::Deserialize;
use ui::{Filled, Form, PageError, PageResult, QueryString, redirect, show};

use crate::{
    access,
    actions::{self, ReportInput},
    model::ReportReason,
    reads,
    rules::fair_play::reports::{LONGEST_REPORT, checked_words},
};

/// The subject of a report: a repository, or one of its pull requests.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ReportSubject {
    repository: String,
    number: String,
}

struct ReportedSubject {
    /// `owner/name`.
    repository: String,
    number: Option<i64>,
    /// The title of the pull request.
    title: Option<String>,
    path: String,
}

impl ReportedSubject {
    fn name(&self) -> String {
        match self.number {
            Some(number) => format!("{}#{number}", self.repository),
            None => self.repository.clone(),
        }
    }
}

async fn find(context: &Context, subject: &ReportSubject) -> Result<ReportedSubject, WebError> {
    let name = &subject.repository;
    if name.is_empty() {
        let detail = "Choose “Report” on the page of a pull request or of a project’s repository.";
        return Err(Problem::not_found(detail).into());
    }
    if subject.number.is_empty() {
        let (repository, slug) = reads::public_repository(&context.db, name)
            .await?
            .ok_or_else(|| access::no_project_has(name))?;
        return Ok(ReportedSubject {
            repository: repository.full_name,
            number: None,
            title: None,
            path: format!("/projects/{slug}"),
        });
    }
    let (pull, _) = access::pull_request(context, name, &subject.number).await?;
    Ok(ReportedSubject {
        path: reads::pull_address(&pull.full_name, pull.number),
        repository: pull.full_name,
        number: Some(pull.number),
        title: Some(pull.title),
    })
}

#[derive(Template)]
#[template(path = "report.html")]
struct ReportPage {
    name: String,
    found: ReportedSubject,
    reasons: [ReportReason; 5],
    longest: usize,
    form: Form,
}

/// `GET /reports/new`.
pub(super) async fn form(
    State(context): State<Context>,
    SignedIn(_): SignedIn,
    QueryString(subject): QueryString<ReportSubject>,
) -> PageResult {
    render(&context, &subject, Form::default()).await
}

async fn render(context: &Context, subject: &ReportSubject, form: Form) -> PageResult {
    let found = find(context, subject).await?;
    show(&ReportPage {
        name: found.name(),
        found,
        reasons: ReportReason::ALL,
        longest: LONGEST_REPORT,
        form,
    })
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ReportFields {
    #[serde(flatten)]
    subject: ReportSubject,
    reason: String,
    words: String,
}

impl ReportFields {
    fn read(&self, found: &ReportedSubject) -> Result<ReportInput, Problem> {
        let unknown = || {
            let detail = "Choose a reason from the list.";
            let problem = Problem::new(ProblemKind::Invalid, "BAD_REPORT", detail).at("reason");
            // Without a reason from the list, words are needed.
            problem.with(checked_words(ReportReason::Other, &self.words))
        };
        Ok(ReportInput {
            repository: found.repository.clone(),
            number: found.number,
            reason: ReportReason::named(&self.reason).ok_or_else(unknown)?,
            words: self.words.clone(),
        })
    }
}

/// `POST /reports`.
pub(super) async fn save(
    State(context): State<Context>,
    SignedIn(viewer): SignedIn,
    Filled(fields, form): Filled<ReportFields>,
) -> Result<Response, PageError> {
    let found = find(&context, &fields.subject).await?;
    let made = async {
        let input = fields.read(&found)?;
        let made = actions::report(&context, viewer.user_id, &input).await;
        made.map_err(WebError::from)
    };
    match made.await {
        Ok(_) => {
            let said = format!("You reported {}. You are notified of the outcome", found.name());
            Ok(redirect(&found.path, &said))
        }
        Err(error) => {
            let again = |form| render(&context, &fields.subject, form);
            form.refused(error, again).await
        }
    }
}

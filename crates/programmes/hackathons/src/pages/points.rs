//! The approval of the points of a hackathon, for admins.

use askama::Template;
use axum::{extract::State, response::Response};
use identity::access::{Admin, NextWork};
use kernel::{Checks, Points, Problem};
use platform::{ActionError, Context, web::WebError};
use serde::Deserialize;
use ui::{Address, Filled, Form, PageError, PageResult, show};

use super::HackathonCard;
use crate::{
    access::unknown_hackathon,
    actions::approve_points,
    reads::{self, ApprovedPoints},
    rules::{invalid, points::PointValues},
};

#[derive(Template)]
#[template(path = "hackathon_points.html")]
struct PointsPage {
    card: HackathonCard,
    is_approved: bool,
    form: Form,
}

impl PointsPage {
    /// Returns whether the points can no longer be changed.
    fn is_final(&self) -> bool {
        self.card.phase.is_over() && self.is_approved
    }
}

/// `GET /admin/hackathons/{slug}/points`.
pub(super) async fn form(
    State(context): State<Context>,
    _: Admin,
    Address(slug): Address<String>,
) -> PageResult {
    render(&context, &slug, None).await
}

async fn render(context: &Context, slug: &str, form: Option<Form>) -> PageResult {
    let db = &context.db;
    let found = reads::hackathon(db, slug).await?;
    let hackathon = found.ok_or_else(|| WebError::from(unknown_hackathon(slug)))?;
    let approved = reads::approved_points(db, [hackathon.key()]).await?.pop();
    let values = approved.as_ref().map(ApprovedPoints::values);
    show(&PointsPage {
        card: HackathonCard::of(&hackathon, context.now()),
        is_approved: approved.is_some(),
        form: form.unwrap_or_else(|| stored(&values.unwrap_or_default())),
    })
}

fn stored(values: &PointValues) -> Form {
    Form::default()
        .with("submission_points", values.submission.to_string())
        .with("finalist_points", values.finalist.to_string())
        .with("winner_points", values.winner.to_string())
}

/// The fields of the form.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct PointFields {
    submission_points: String,
    finalist_points: String,
    winner_points: String,
}

impl PointFields {
    /// Returns the points; an empty field stands for the usual number.
    fn read(&self) -> Result<PointValues, Problem> {
        let mut checks = Checks::default();
        let given = [
            checks.read(number("submission_points", &self.submission_points)),
            checks.read(number("finalist_points", &self.finalist_points)),
            checks.read(number("winner_points", &self.winner_points)),
        ];
        let values = checks.read(PointValues::read(given));
        checks.finish(values)
    }
}

fn number(field: &'static str, typed: &str) -> Result<Option<Points>, Problem> {
    match typed.trim() {
        "" => Ok(None),
        typed => typed.parse().map(Some).map_err(|_| {
            let detail = "Enter a whole number, such as 150.".to_owned();
            invalid(field, detail)
        }),
    }
}

/// `POST /admin/hackathons/{slug}/points`.
pub(super) async fn approve(
    State(context): State<Context>,
    Admin(viewer): Admin,
    next: NextWork,
    Address(slug): Address<String>,
    Filled(fields, form): Filled<PointFields>,
) -> Result<Response, PageError> {
    let approved = match fields.read() {
        Ok(values) => approve_points(&context, viewer.actor(), &slug, values).await,
        Err(problem) => Err(ActionError::from(problem)),
    };
    match approved {
        Ok(_) => {
            let done = format!("/admin/hackathons/{slug}/points");
            let places = (done.as_str(), "/admin/hackathons");
            Ok(next.after(&context, &["points"], places, "The points are approved").await?)
        }
        Err(error) => {
            let again = async |form| render(&context, &slug, Some(form)).await;
            form.refused(error, again).await
        }
    }
}

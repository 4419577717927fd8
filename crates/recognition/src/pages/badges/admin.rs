use askama::Template;
use axum::{Extension, extract::State, response::Response};
use identity::access::Admin;
use platform::Context;
use ui::{
    PageError, PageResult,
    format::{Instant, Number},
    redirect, show,
};

use super::BadgeView;
use crate::{
    Programmes, actions,
    reads::{self, EvaluationRow},
};

#[derive(Template)]
#[template(path = "admin_badges.html")]
struct AdminPage {
    badges: Vec<BadgeView>,
    evaluation: Option<Evaluation>,
    now: Instant,
}

/// The evaluation of everyone that began last.
struct Evaluation {
    began: Instant,
    completed: Option<Instant>,
    people: Number,
    evaluated: Number,
    awarded: Number,
    revoked: Number,
}

impl From<EvaluationRow> for Evaluation {
    fn from(row: EvaluationRow) -> Self {
        Self {
            began: Instant(row.created_at),
            completed: row.completed_at.map(Instant),
            people: Number(row.people.max(row.evaluated)),
            evaluated: Number(row.evaluated),
            awarded: Number(row.awarded),
            revoked: Number(row.revoked),
        }
    }
}

/// `GET /admin/badges`.
pub(super) async fn page(
    State(context): State<Context>,
    Extension(programmes): Extension<Programmes>,
    _: Admin,
) -> PageResult {
    let found = reads::all_badges(&context.db).await?;
    let rows = found.rows.iter();
    let evaluation = reads::last_evaluation(&context.db).await?;
    show(&AdminPage {
        badges: rows.map(|row| BadgeView::of(row, &found, programmes)).collect(),
        evaluation: evaluation.map(Into::into),
        now: Instant(context.now()),
    })
}

/// `POST /admin/badges/evaluate`: requests an evaluation of everyone.
pub(super) async fn evaluate(
    State(context): State<Context>,
    _: Admin,
) -> Result<Response, PageError> {
    actions::evaluate_everyone(&context).await?;
    Ok(redirect("/admin/badges", "The evaluation is requested"))
}

//! The parts of a pull request's page with which its author contests the points, and an admin overrides them.

use askama::Template;
use axum::{extract::State, response::Response};
use github::reads::PullRequest;
use identity::model::{Role, Viewer};
use kernel::{Checks, Problem, ProblemKind};
use platform::{Context, audit, web::WebError};
use serde::Deserialize;
use ui::{
    Filled, Form, PageError,
    format::{Instant, Number, tame},
    html, redirect,
};

use super::{
    disputes::typed_points, held::ContestWay, pull_requests::overridden_page, pulls::PullLink,
};
use crate::{
    access::PullAdmin,
    actions::{OverrideInput, lift_score_override, override_score},
    model::{DisputeKind, OverrideKind},
    reads::{self, OverrideView},
    rules::MOST_POINTS,
};

#[derive(Template)]
#[template(path = "contest_panel.html")]
struct ContestPanel {
    way: ContestWay,
}

#[derive(Template)]
#[template(path = "override_panel.html")]
struct OverridePanel {
    /// The path that the form is sent to.
    address: String,
    held: Option<CurrentOverride>,
    most: i64,
    form: Form,
}

struct CurrentOverride {
    sentence: String,
    reason: String,
    by: String,
    at: Instant,
}

impl CurrentOverride {
    fn of(held: OverrideView) -> Self {
        let points = Number(held.points.unwrap_or_default());
        Self {
            sentence: match held.kind {
                OverrideKind::Freeze => "The points are frozen.".to_owned(),
                OverrideKind::Set => {
                    format!("The points are set to {}.", points.of("point", "points"))
                }
                OverrideKind::None => "The pull request earns no points.".to_owned(),
            },
            reason: tame(&held.reason),
            by: held.by.unwrap_or_else(|| "an operator".to_owned()),
            at: Instant(held.at),
        }
    }
}

/// Renders the part of the author, or of an admin; empty for others.
pub(super) async fn own_part(
    context: &Context,
    viewer: &Viewer,
    pull: &PullRequest,
) -> Result<String, WebError> {
    if pull.author_id == Some(viewer.user_id.0) {
        return contest(context, viewer, pull).await;
    }
    if viewer.acts_as(Role::Admin) {
        panel(context, pull, Form::default()).await
    } else {
        Ok(String::new())
    }
}

async fn contest(
    context: &Context,
    viewer: &Viewer,
    pull: &PullRequest,
) -> Result<String, WebError> {
    let found = reads::contest_of_pull(&context.db, viewer.user_id, pull.id).await?;
    let Some(found) = found else {
        return Ok(String::new());
    };
    let target = format!("{}#{}", pull.full_name, pull.number);
    let way = ContestWay::of(&found, (DisputeKind::Score, &target), context.now());
    html(&ContestPanel { way })
}

/// Renders the panel of an admin, with what they typed.
pub(super) async fn panel(
    context: &Context,
    pull: &PullRequest,
    form: Form,
) -> Result<String, WebError> {
    let held = reads::held_override(&context.db, pull.id.into()).await?;
    html(&OverridePanel {
        address: format!("{}/override", PullLink::of(pull).address),
        held: held.map(CurrentOverride::of),
        most: MOST_POINTS,
        form,
    })
}

/// The fields of an override.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Fields {
    kind: String,
    points: String,
    reason: String,
}

impl Fields {
    fn read(&self) -> Result<OverrideInput, Problem> {
        let mut checks = Checks::default();
        let kind = checks.value(OverrideKind::named(&self.kind).ok_or_else(|| {
            let detail = "Choose how the points are overridden.";
            Problem::new(ProblemKind::Invalid, "BAD_DISPUTE", detail).at("kind")
        }));
        let points = checks.read(typed_points(&self.points));
        checks.read(audit::reason(&self.reason));
        let kind = checks.finish(kind)?.unwrap_or(OverrideKind::Set);
        Ok(OverrideInput { kind, points, reason: self.reason.clone() })
    }
}

/// `POST /pull-requests/{owner}/{repository}/{number}/override`.
pub(super) async fn decide(
    State(context): State<Context>,
    admin: PullAdmin,
    Filled(fields, form): Filled<Fields>,
) -> Result<Response, PageError> {
    let decided = async {
        let input = fields.read()?;
        override_score(&context, admin.viewer.actor(), admin.pull.id.into(), &input).await
    };
    let decided = decided.await;
    answer(&context, &admin, decided, form, "The points are overridden").await
}

/// The field of the form that lifts an override.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct LiftingFields {
    reason: String,
}

/// `POST /pull-requests/{owner}/{repository}/{number}/override/lift`.
pub(super) async fn lift(
    State(context): State<Context>,
    admin: PullAdmin,
    Filled(lifting, form): Filled<LiftingFields>,
) -> Result<Response, PageError> {
    let (actor, pull) = (admin.viewer.actor(), admin.pull.id.into());
    let lifted = lift_score_override(&context, actor, pull, &lifting.reason).await;
    answer(&context, &admin, lifted, form, "The points follow the rules again").await
}

async fn answer(
    context: &Context,
    admin: &PullAdmin,
    done: Result<(), platform::ActionError>,
    form: Form,
    said: &str,
) -> Result<Response, PageError> {
    match done {
        Ok(()) => {
            let address = PullLink::of(&admin.pull).address;
            Ok(redirect(&format!("{address}#override"), said))
        }
        Err(error) => {
            let again = async |form| overridden_page(context, admin, form).await;
            form.refused(WebError::from(error), again).await
        }
    }
}

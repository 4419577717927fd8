//! The people who may hold hackathons, for admins.

use askama::Template;
use axum::{extract::State, response::Response};
use identity::access::Admin;
use platform::{Context, web::WebError};
use serde::Deserialize;
use ui::{
    Address, Filled, Form, PageError, PageResult, Undo, format::Instant, pick::MOST_CHOICES,
    redirect, redirect_with_undo, show,
};

use super::HackathonCard;
use crate::{
    actions::{add_host, remove_host},
    reads::{self, ApprovedPoints, HackathonPart, HackathonView, HostView},
    rules::points::PointValues,
};

/// The number of hackathons on the page.
const ROWS: i64 = 50;

#[derive(Template)]
#[template(path = "admin_hackathons.html")]
struct HostsPage {
    hosts: Vec<HostView>,
    /// The hackathons, each with its approved points.
    hackathons: Vec<(HackathonCard, Option<PointValues>)>,
    /// The logins that the form offers.
    people: Vec<String>,
    form: Form,
    now: Instant,
}

/// `GET /admin/hackathons`.
pub(super) async fn list(State(context): State<Context>, _: Admin) -> PageResult {
    render(&context, Form::default()).await
}

async fn render(context: &Context, form: Form) -> PageResult {
    let now = context.now();
    let found = reads::hackathons(&context.db, HackathonPart::All, None, ROWS).await?;
    let ids = found.iter().map(HackathonView::key);
    let approved = reads::approved_points(&context.db, ids).await?;
    let row = |hackathon: &HackathonView| {
        let own = approved.iter().find(|it| it.hackathon_id == hackathon.id);
        let values = own.map(ApprovedPoints::values);
        (HackathonCard::of(hackathon, now), values)
    };
    show(&HostsPage {
        hosts: reads::hosts(&context.db).await?,
        hackathons: found.iter().map(row).collect(),
        people: identity::reads::likely_logins(&context.db, MOST_CHOICES).await?,
        form,
        now: Instant(now),
    })
}

/// The field of the form that adds a host.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct HostFields {
    login: String,
}

/// `POST /admin/hackathons`.
pub(super) async fn add(
    State(context): State<Context>,
    Admin(viewer): Admin,
    Filled(fields, form): Filled<HostFields>,
) -> Result<Response, PageError> {
    match add_host(&context, viewer.actor(), fields.login.trim()).await {
        Ok(login) => {
            let said = format!("{login} can hold hackathons");
            Ok(redirect("/admin/hackathons", &said))
        }
        Err(error) => form.refused(error, |form| render(&context, form)).await,
    }
}

/// `POST /admin/hackathons/hosts/{login}/remove`.
pub(super) async fn remove(
    State(context): State<Context>,
    Admin(viewer): Admin,
    Address(login): Address<String>,
) -> Result<Response, PageError> {
    let removed = remove_host(&context, viewer.actor(), &login).await;
    let login = removed.map_err(WebError::from)?;
    let said = format!("{login} can no longer hold hackathons");
    let undo = Undo::by("/admin/hackathons").with("login", login);
    Ok(redirect_with_undo("/admin/hackathons", &said, &undo))
}

use std::collections::HashMap;

use askama::Template;
use axum::{
    Extension,
    extract::State,
    response::{IntoResponse as _, Response},
};
use identity::access::Admin;
use platform::{Context, outbox::Post, web::WebError};
use serde::Deserialize;
use ui::{
    Address, Confirmation, Filled, Form, PageError, PageResult,
    format::{Instant, tame},
    redirect, show,
};
use uuid::Uuid;

use crate::{
    access, actions,
    model::CoachId,
    reads::{self, CoachView, CoachedRoster, OpenLink},
};

/// A coach with their rosters.
struct Row {
    coach: CoachView,
    rosters: Vec<CoachedRoster>,
}

#[derive(Template)]
#[template(path = "admin_ctf.html")]
struct AdminPage {
    rows: Vec<Row>,
    /// Rosters that no approved coach manages.
    abandoned: Vec<CoachedRoster>,
    invitations: Vec<OpenLink>,
    /// The link that was just created.
    created: Option<String>,
    form: Form,
    now: Instant,
}

impl AdminPage {
    /// Returns the path of the invitations.
    fn links(&self) -> &'static str {
        "/admin/ctf/links"
    }
}

/// `GET /admin/ctf`.
pub(super) async fn page(State(context): State<Context>, _: Admin) -> PageResult {
    render(&context, None, Form::default()).await
}

async fn render(context: &Context, created: Option<String>, form: Form) -> PageResult {
    let (db, now) = (&context.db, context.now());
    let mut rosters: HashMap<Uuid, Vec<CoachedRoster>> = HashMap::new();
    for roster in reads::coached_rosters(db).await? {
        rosters.entry(roster.coach_id).or_default().push(roster);
    }
    let row =
        |coach: CoachView| Row { rosters: rosters.remove(&coach.id).unwrap_or_default(), coach };
    show(&AdminPage {
        rows: reads::coaches(db).await?.into_iter().map(row).collect(),
        abandoned: reads::rosters_without_coach(db).await?,
        invitations: reads::open_coach_links(db, now).await?,
        created,
        form,
        now: Instant(now),
    })
}

/// The fields of the form that invites a coach.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct InviteFields {
    email: String,
}

/// `POST /admin/ctf`: sends an invitation, or responds with a page that shows its link once.
pub(super) async fn invite(
    State(context): State<Context>,
    Extension(post): Extension<Post>,
    Admin(viewer): Admin,
    Filled(fields, form): Filled<InviteFields>,
) -> Result<Response, PageError> {
    let email = fields.email.trim();
    match actions::invite_coach(&context, &post, viewer.actor(), email).await {
        Ok(token) if email.is_empty() => {
            let link = format!("{}/ctf/links/{token}", post.site);
            let page = render(&context, Some(link), Form::default()).await?;
            Ok(page.into_response())
        }
        Ok(_) => {
            let said = format!("The invitation is on its way to {}", tame(email));
            Ok(redirect("/admin/ctf", &said))
        }
        Err(error) => {
            let again = |form| render(&context, None, form);
            form.refused(error, again).await
        }
    }
}

/// `POST /admin/ctf/coaches/{coach}/approve`.
pub(super) async fn approve(
    State(context): State<Context>,
    Admin(viewer): Admin,
    Address(coach): Address<Uuid>,
) -> Result<Response, PageError> {
    let id = CoachId::new(coach);
    let approved = actions::set_coach_approved(&context, viewer.actor(), id, true).await;
    let login = approved.map_err(WebError::from)?;
    Ok(redirect("/admin/ctf", &format!("{login} is an approved coach")))
}

/// `GET /admin/ctf/coaches/{coach}/suspend`: asks before a coach is suspended.
pub(super) async fn ask_to_suspend(
    State(context): State<Context>,
    _: Admin,
    Address(coach): Address<Uuid>,
) -> PageResult {
    let found = reads::coach(&context.db, CoachId::new(coach)).await?;
    let login = found.ok_or_else(access::unknown_coach)?.login;
    show(&Confirmation {
        question: format!("Suspend {login}?"),
        consequence: "They no longer see any roster or competitor, until an admin approves them again, and the links that they made stop working. The other coaches of their rosters keep access.".to_owned(),
        facts: Vec::new(),
        action: format!("/admin/ctf/coaches/{coach}/suspend"),
        fields: Vec::new(),
        button: "Suspend coach".to_owned(),
        is_ending: true,
        back: "/admin/ctf".to_owned(),
    })
}

/// `POST /admin/ctf/coaches/{coach}/suspend`.
pub(super) async fn suspend(
    State(context): State<Context>,
    Admin(viewer): Admin,
    Address(coach): Address<Uuid>,
) -> Result<Response, PageError> {
    let id = CoachId::new(coach);
    let suspended = actions::set_coach_approved(&context, viewer.actor(), id, false).await;
    let login = suspended.map_err(WebError::from)?;
    Ok(redirect("/admin/ctf", &format!("{login} is suspended")))
}

/// `POST /admin/ctf/links/{link}/revoke`.
pub(super) async fn revoke_link(
    State(context): State<Context>,
    Admin(viewer): Admin,
    Address(link): Address<Uuid>,
) -> Result<Response, PageError> {
    let revoked = actions::revoke_coach_link(&context, viewer.actor(), link.into()).await;
    revoked.map_err(WebError::from)?;
    Ok(redirect("/admin/ctf", "The link no longer works"))
}

use askama::Template;
use axum::{
    Extension,
    extract::State,
    response::{IntoResponse as _, Response},
};
use platform::{Context, outbox::Post, web::WebError};
use ui::{Address, Filled, Form, PageError, PageResult, format::Instant, redirect, show};
use uuid::Uuid;

use super::rosters::RosterFields;
use crate::{
    access::{RosterCoach, RosterReader},
    actions,
    reads::{self, OpenLink, RosterView},
    rules::rosters::{NAME, SCHOOL},
};

#[derive(Template)]
#[template(path = "roster_settings.html")]
struct SettingsPage {
    roster: RosterView,
    /// True if the viewer can change the roster.
    can_change: bool,
    /// True if the viewer can reopen the archived roster.
    can_reopen: bool,
    invitations: Vec<OpenLink>,
    /// The join link that was just created.
    created: Option<String>,
    form: Form,
    now: Instant,
}

impl SettingsPage {
    /// Returns the path of the invitations.
    fn links(&self) -> String {
        format!("{}/links", self.roster.address())
    }
}

/// `GET /ctf/rosters/{roster}/settings`.
pub(super) async fn page(State(context): State<Context>, reader: RosterReader) -> PageResult {
    let can_change = reader.can_manage();
    let form = stored(&reader.roster);
    render(&context, &reader.roster, can_change, None, form).await
}

/// Fills the form with what is stored.
fn stored(roster: &RosterView) -> Form {
    Form::default()
        .with("name", &roster.name)
        .with("school", &roster.school)
        .with("school_year", &roster.school_year)
        .with("timezone", &roster.timezone)
}

async fn render(
    context: &Context,
    roster: &RosterView,
    can_change: bool,
    created: Option<String>,
    form: Form,
) -> PageResult {
    let now = context.now();
    let invitations = if can_change {
        reads::open_links(&context.db, roster.key(), now).await?
    } else {
        Vec::new()
    };
    show(&SettingsPage {
        roster: roster.clone(),
        can_change: can_change && !roster.is_archived(),
        can_reopen: can_change && roster.is_archived(),
        invitations,
        created,
        form,
        now: Instant(now),
    })
}

/// `POST /ctf/rosters/{roster}/settings`.
pub(super) async fn save(
    State(context): State<Context>,
    RosterCoach { viewer, roster, .. }: RosterCoach,
    Filled(fields, form): Filled<RosterFields>,
) -> Result<Response, PageError> {
    let input = fields.input();
    match actions::edit_roster(&context, viewer.actor(), roster.key(), &input).await {
        Ok(()) => Ok(back(&roster, "The changes are saved")),
        Err(error) => {
            let again = |form| render(&context, &roster, true, None, form);
            form.refused(error, again).await
        }
    }
}

/// `POST /ctf/rosters/{roster}/join-link`: responds with a page that shows the link once.
pub(super) async fn create_join_link(
    State(context): State<Context>,
    Extension(post): Extension<Post>,
    RosterCoach { viewer, roster, .. }: RosterCoach,
) -> Result<Response, PageError> {
    let made = actions::create_join_link(&context, viewer.actor(), roster.key()).await;
    let token = made.map_err(WebError::from)?;
    let link = format!("{}/ctf/links/{token}", post.site);
    let page = render(&context, &roster, true, Some(link), stored(&roster)).await?;
    Ok(page.into_response())
}

/// `POST /ctf/rosters/{roster}/links/{link}/revoke`.
pub(super) async fn revoke_link(
    State(context): State<Context>,
    RosterCoach { viewer, roster, .. }: RosterCoach,
    Address((_, link)): Address<(String, Uuid)>,
) -> Result<Response, PageError> {
    let actor = viewer.actor();
    let revoked = actions::revoke_roster_link(&context, actor, roster.key(), link.into()).await;
    revoked.map_err(WebError::from)?;
    Ok(back(&roster, "The link no longer works"))
}

fn back(roster: &RosterView, said: &str) -> Response {
    redirect(&format!("{}/settings", roster.address()), said)
}

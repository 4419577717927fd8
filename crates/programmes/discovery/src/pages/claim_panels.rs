//! The parts of other pages about claims: those of a person, and those in the repositories of a project.

use askama::Template;
use platform::{
    Context,
    module::{Panel, PanelNow, PanelPlace, PanelRequest, PanelView},
    web::WebError,
};
use ui::{format::Instant, frame, html};

use super::{panel_followed, panel_for_you};
use crate::{
    FLAG,
    model::ClaimStatus,
    reads::claims::{self as reads, OwnClaim, Working},
};

pub(crate) const PANELS: &[Panel] = &[
    Panel {
        place: PanelPlace::Home,
        order: 60,
        render: |context, request| frame::panel(FLAG, panel_for_you::render(context, request)),
    },
    Panel {
        place: PanelPlace::Profile,
        order: 12,
        render: |context, request| frame::panel(FLAG, of_person(context, request)),
    },
    Panel {
        place: PanelPlace::ProjectClaims,
        order: 10,
        render: |context, request| frame::panel(FLAG, of_project(context, request)),
    },
    Panel {
        place: PanelPlace::OwnPart,
        order: 60,
        render: |context, request| Box::pin(panel_followed::own_part(context, request)),
    },
];

/// The number of claims of a person that are shown.
const SHOWN: i64 = 10;

/// The number of claims in the head of a profile.
const AT_WORK: usize = 2;

/// The number of people at work in the repositories of a project that are shown.
const MOST_WORKING: i64 = 200;

#[derive(Template)]
#[template(path = "panel_claims.html")]
struct PersonPanel {
    claims: Vec<OwnClaim>,
    now: Instant,
}

async fn of_person(
    context: &Context,
    request: &PanelRequest,
) -> Result<Option<PanelView>, WebError> {
    let Some(person) = &request.person else {
        return Ok(None);
    };
    let panel = PersonPanel {
        claims: reads::public_claims(&context.db, person.id.into(), SHOWN).await?,
        now: Instant(context.now()),
    };
    if panel.claims.is_empty() {
        return Ok(None);
    }
    let active = panel.claims.iter().filter(|claim| claim.status == ClaimStatus::Active);
    let now = active.filter(|_| !request.hides("work")).take(AT_WORK).map(|claim| PanelNow {
        says: "works on",
        name: claim.title.clone(),
        address: format!("/discover/{}", claim.opportunity_id),
    });
    let now = now.collect();
    Ok(Some(PanelView { below: html(&panel)?, now, ..PanelView::default() }))
}

#[derive(Template)]
#[template(path = "panel_working.html")]
struct ProjectPanel {
    rows: Vec<Working>,
    now: Instant,
}

async fn of_project(
    context: &Context,
    request: &PanelRequest,
) -> Result<Option<PanelView>, WebError> {
    let repositories = request.repositories.iter().copied();
    let rows = reads::working_in(&context.db, repositories, MOST_WORKING).await?;
    if rows.is_empty() {
        return Ok(None);
    }
    let panel = ProjectPanel { rows, now: Instant(context.now()) };
    Ok(Some(PanelView { html: html(&panel)?, ..PanelView::default() }))
}

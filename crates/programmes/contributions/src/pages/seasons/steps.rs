//! Steps of a season, each with the page that asks before it.

use askama::Template;
use axum::{extract::State, response::Response};
use platform::{ActionError, Context, db::DbError, web::WebError};
use ui::{
    Confirmation, PageError, PageResult,
    format::{Instant, tame},
    redirect, show,
};

use crate::{
    access::Organizer,
    actions::{cancel_season, publish_season, season_closes_at, sign_off_season},
    reads::SeasonView,
    rules::seasons::SeasonState,
};

fn ask(season: &SeasonView, step: &str, button: &str, consequence: &str) -> PageResult {
    show(&Confirmation {
        question: format!("{button} {}?", tame(&season.name)),
        consequence: consequence.to_owned(),
        action: format!("/seasons/{}/{step}", season.slug),
        fields: Vec::new(),
        button: button.to_owned(),
        back: format!("/seasons/{}/edit", season.slug),
    })
}

fn taken(
    changed: Result<SeasonView, ActionError>,
    part: &str,
    said: &str,
) -> Result<Response, PageError> {
    let season = changed.map_err(WebError::from)?;
    let address = format!("/seasons/{}{part}", season.slug);
    Ok(redirect(&address, &format!("{} {said}", season.name)))
}

/// `GET /seasons/{slug}/publish`: asks before a draft is published.
pub(super) async fn ask_to_publish(Organizer { season, .. }: Organizer) -> PageResult {
    let consequence = "Everyone sees the season from now on, and people can register in the days of registration. This cannot be undone.";
    ask(&season, "publish", "Publish", consequence)
}

/// `POST /seasons/{slug}/publish`.
pub(super) async fn publish(
    State(context): State<Context>,
    Organizer { viewer, season }: Organizer,
) -> Result<Response, PageError> {
    let changed = publish_season(&context, viewer.actor(), &season.slug).await;
    taken(changed, "", "is published")
}

/// `GET /seasons/{slug}/cancel`: asks before a draft is canceled.
pub(super) async fn ask_to_cancel(Organizer { season, .. }: Organizer) -> PageResult {
    let consequence = "The draft stays invisible and can no longer be changed or published.";
    ask(&season, "cancel", "Cancel", consequence)
}

/// `POST /seasons/{slug}/cancel`.
pub(super) async fn cancel(
    State(context): State<Context>,
    Organizer { viewer, season }: Organizer,
) -> Result<Response, PageError> {
    let changed = cancel_season(&context, viewer.actor(), &season.slug).await;
    taken(changed, "/edit", "is canceled")
}

/// The page of a season that cannot be signed off now.
#[derive(Template)]
#[template(path = "season_not_final.html")]
struct NotNowPage {
    slug: String,
    name: String,
    /// Why it cannot be, and from when on it can.
    reason: String,
}

/// Returns why a season cannot be signed off now; `None` if it can.
async fn bar(context: &Context, season: &SeasonView) -> Result<Option<String>, DbError> {
    let now = context.now();
    match season.state(now) {
        SeasonState::SignedOff => return Ok(Some("The results are final.".to_owned())),
        SeasonState::Canceled => {
            let reason = "The season is canceled, so it has no results.";
            return Ok(Some(reason.to_owned()));
        }
        _ => {}
    }
    let closes_at = season_closes_at(&context.db, season).await?;
    let reason = || {
        format!(
            "The results can be final from {} on. Points may change until then.",
            Instant(closes_at).minute()
        )
    };
    Ok((now < closes_at).then(reason))
}

/// `GET /seasons/{slug}/sign-off`: asks before results become final, or says from when on they can be.
pub(super) async fn ask_to_sign_off(
    State(context): State<Context>,
    Organizer { season, .. }: Organizer,
) -> PageResult {
    if let Some(reason) = bar(&context, &season).await? {
        return show(&NotNowPage { slug: season.slug, name: season.name, reason });
    }
    let consequence = "The results are stored as they are now, and participants are notified. Corrections that come later change points, but not the results; they are listed below them. This cannot be undone.";
    ask(&season, "sign-off", "Sign off", consequence)
}

/// `POST /seasons/{slug}/sign-off`.
pub(super) async fn sign_off(
    State(context): State<Context>,
    Organizer { viewer, season }: Organizer,
) -> Result<Response, PageError> {
    let changed = sign_off_season(&context, viewer.actor(), &season.slug).await;
    taken(changed, "/results", "has final results")
}

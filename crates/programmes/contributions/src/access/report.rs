use axum::{extract::FromRequestParts, http::request::Parts};
use identity::{access::signed_in, model::Role};
use kernel::{Problem, ProblemKind};
use platform::{
    Context,
    web::{Path, WebError},
};

use super::{Slug, unknown_season};
use crate::reads::{self, SeasonReport, SeasonView};

/// The season with the `{slug}` of the path, for its report: for everyone when its results are final, and before that for its
/// organizers and for admins.
#[derive(Clone, Debug)]
pub struct ReportedSeason(pub SeasonView);

impl FromRequestParts<Context> for ReportedSeason {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, context: &Context) -> Result<Self, WebError> {
        let Path(Slug { slug }) = Path::from_request_parts(parts, context).await?;
        let season = reads::season(&context.db, &slug).await?;
        let season = season.ok_or_else(|| unknown_season(&slug))?;
        if season.signed_off_at.is_some() {
            return Ok(Self(season));
        }
        let viewer = signed_in(parts)?;
        let (id, person) = (season.id.into(), viewer.user_id);
        if viewer.acts_as(Role::Admin) || reads::is_organizer(&context.db, id, person).await? {
            return Ok(Self(season));
        }
        // The name of a draft is for organizers only.
        let detail = format!(
            "The report of the season '{slug}' is public when its results are final. Until then, only its organizers see it."
        );
        Err(Problem::new(ProblemKind::Forbidden, "ORGANIZER_REQUIRED", detail).into())
    }
}

/// Reads the report of a season, or of its project with a slug if that is not empty, with the ranks and points after the correction
/// with a number, or of the sign-off for 0.
///
/// # Errors
/// When the season has no project with the slug, or no correction with the number.
pub(crate) async fn season_report(
    context: &Context,
    season: SeasonView,
    project: &str,
    correction: i64,
) -> Result<SeasonReport, WebError> {
    let project = project.trim();
    let chosen = Some(project).filter(|slug| !slug.is_empty());
    let slug = season.slug.clone();
    let today = context.now().date_naive();
    let found = reads::season_report(&context.db, season, chosen, correction, today).await?;
    let missing = || {
        let detail =
            format!("The season '{slug}' has no project '{project}'. See /seasons/{slug}.");
        Problem::not_found(detail).at("project")
    };
    Ok(found.ok_or_else(missing)?)
}

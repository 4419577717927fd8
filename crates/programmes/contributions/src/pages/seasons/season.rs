use askama::Template;
use axum::extract::State;
use identity::{
    access::MaybePerson,
    model::{Role, Viewer},
};
use platform::Context;
use recognition::pages::Board;
use serde::Deserialize;
use ui::{PageResult, QueryString, drawn_as, patterns::Shape, show};

use super::SeasonCard;
use crate::{
    access::PublicSeason,
    model::SeasonId,
    reads::{self, Registration, SanctionView, SeasonPart, SeasonView},
};

/// The number of seasons on a page.
const SEASONS: usize = 25;
/// The number of rows of the leaderboard on a season's page.
const TOP: i64 = 10;

/// The part of the list that a URL selects.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ListQuery {
    cursor: String,
}

#[derive(Template)]
#[template(path = "seasons.html")]
struct SeasonsPage {
    seasons: Vec<SeasonCard>,
    /// Seasons that the viewer manages and that are not public.
    drafts: Vec<SeasonCard>,
    next: Option<String>,
    is_first: bool,
    is_admin: bool,
}

/// `GET /seasons`.
pub(super) async fn list(
    State(context): State<Context>,
    MaybePerson(viewer): MaybePerson,
    QueryString(query): QueryString<ListQuery>,
) -> PageResult {
    let (now, is_first) = (context.now(), query.cursor.is_empty());
    let after = (!is_first).then_some(query.cursor.as_str());
    let limit = SEASONS as i64 + 1;
    let mut found = reads::seasons(&context.db, SeasonPart::Public, after, limit).await?;
    let more = found.len() > SEASONS;
    found.truncate(SEASONS);
    let place = |season: &SeasonView| format!("{} {}", season.days().first, season.slug);
    let next = found.last().filter(|_| more).map(place);
    let drafts = match &viewer {
        Some(viewer) if is_first => drafts(&context, viewer).await?,
        _ => Vec::new(),
    };
    let card = |season: &SeasonView| SeasonCard::of(season, now);
    show(&SeasonsPage {
        seasons: found.iter().map(card).collect(),
        drafts: drafts.iter().map(card).collect(),
        next: next.map(|next| ui::format::segment(&next)),
        is_first,
        is_admin: viewer.is_some_and(|viewer| viewer.acts_as(Role::Admin)),
    })
}

/// Lists the seasons that a person manages and that are not public, at most 100.
async fn drafts(
    context: &Context,
    viewer: &Viewer,
) -> Result<Vec<SeasonView>, platform::db::DbError> {
    let part = if viewer.acts_as(Role::Admin) {
        SeasonPart::All
    } else {
        SeasonPart::OrganizedBy(viewer.user_id)
    };
    let mut found = reads::seasons(&context.db, part, None, 100).await?;
    found.retain(|season| !season.state(context.now()).is_public());
    Ok(found)
}

#[derive(Template)]
#[template(path = "season.html")]
struct SeasonPage {
    season: SeasonCard,
    /// The slugs and names of the projects.
    projects: Vec<(String, String)>,
    board: Board,
    own: Option<Registration>,
    /// True if no pull request counts as the viewer's, because no account on GitHub is linked.
    lacks_github: bool,
    sanctions: Vec<SanctionView>,
    is_signed_in: bool,
    is_organizer: bool,
    is_admin: bool,
}

impl SeasonPage {
    /// Returns the path of the banner that is drawn for it.
    fn banner(&self) -> String {
        drawn_as(Shape::Street, "season", &self.season.slug)
    }

    /// Returns the path of its arms.
    fn mark(&self) -> String {
        drawn_as(Shape::Arms, "season", &self.season.slug)
    }

    /// Returns the viewer's registration, unless it is withdrawn.
    fn taking_part(&self) -> Option<&Registration> {
        let own = self.own.as_ref();
        own.filter(|own| own.withdrawn_at.is_none())
    }
}

/// `GET /seasons/{slug}`.
pub(super) async fn page(
    State(context): State<Context>,
    MaybePerson(viewer): MaybePerson,
    PublicSeason(season): PublicSeason,
) -> PageResult {
    let (db, id) = (&context.db, SeasonId::new(season.id));
    let projects = reads::season_projects(db, id).await?;
    let projects = projects.into_iter().map(|it| (it.slug, it.name));
    let mut page = SeasonPage {
        season: SeasonCard::of(&season, context.now()),
        projects: projects.collect(),
        board: Board::first(&context, &season.board(), TOP).await?,
        own: None,
        lacks_github: false,
        sanctions: Vec::new(),
        is_signed_in: viewer.is_some(),
        is_organizer: false,
        is_admin: viewer.as_ref().is_some_and(|viewer| viewer.acts_as(Role::Admin)),
    };
    if let Some(viewer) = viewer {
        page.own = reads::registration(db, id, viewer.user_id).await?;
        page.lacks_github = !identity::reads::has_github(db, viewer.user_id).await?;
        page.sanctions = reads::sanctions_of(db, id, viewer.user_id).await?;
        page.is_organizer = page.is_admin || reads::is_organizer(db, id, viewer.user_id).await?;
    }
    show(&page)
}

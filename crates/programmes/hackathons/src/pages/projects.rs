//! The projects of a hackathon, for everyone who may see it, once its results are published.

use askama::Template;
use axum::extract::State;
use kernel::Problem;
use platform::{
    Context,
    db::{DbError, Sql},
    web::{WebError, bad_cursor},
};
use serde::Deserialize;
use ui::{Address, PageResult, QueryString, Who, markdown, show};
use uuid::Uuid;

use super::HackathonCard;
use crate::{
    access::{SeenHackathon, unknown_submission},
    model::{HackathonId, JuryOutcome, SubmissionId},
    reads::{self, PrizeAwardView, PrizeView, SubmissionPart, SubmissionView},
    rules::{judging::results::ProjectResult, points::sentence, tracks::names},
};

/// The number of projects on a page.
const ROWS: usize = 48;

/// The part of the list that a URL selects.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ProjectsQuery {
    cursor: String,
}

#[derive(Template)]
#[template(path = "hackathon_projects.html")]
struct ProjectsPage {
    card: HackathonCard,
    /// The prizes with their winners, on the first page.
    prizes: Vec<(PrizeView, Vec<PrizeAwardView>)>,
    /// The winners and finalists with their places, on the first page.
    chosen: Vec<(SubmissionView, Option<String>)>,
    projects: Vec<SubmissionView>,
    next: Option<Uuid>,
    is_first: bool,
    kept_invitation: String,
}

/// Refuses to show projects before results are published.
fn published(seen: &SeenHackathon) -> Result<(), Problem> {
    match seen.hackathon.steps().results_published_at {
        Some(_) => Ok(()),
        None => Err(Problem::not_found(format!(
            "The projects of {} are shown once its results are published.",
            seen.hackathon.title
        ))),
    }
}

/// `GET /hackathons/{slug}/projects`.
pub(super) async fn list(
    State(context): State<Context>,
    seen: SeenHackathon,
    QueryString(query): QueryString<ProjectsQuery>,
) -> PageResult {
    published(&seen).map_err(WebError::from)?;
    let (db, id) = (&context.db, seen.hackathon.key());
    let after = match query.cursor.as_str() {
        "" => None,
        cursor => Some(Uuid::try_parse(cursor).map_err(|_| WebError::from(bad_cursor()))?),
    };
    let part = SubmissionPart::Judged;
    let mut found =
        reads::submissions(db, id, part, after.map(SubmissionId::new), ROWS as i64 + 1).await?;
    let more = found.len() > ROWS;
    found.truncate(ROWS);
    let (prizes, chosen) = match after {
        None => (with_winners(db, id).await?, with_places(db, id).await?),
        Some(_) => (Vec::new(), Vec::new()),
    };
    show(&ProjectsPage {
        card: HackathonCard::of(&seen.hackathon, context.now()),
        next: found.last().filter(|_| more).map(|last| last.id),
        projects: found,
        prizes,
        chosen,
        is_first: after.is_none(),
        kept_invitation: seen.kept_invitation(),
    })
}

/// Returns the prizes of a hackathon that were won, with the submissions that won them.
async fn with_winners(
    db: &impl Sql,
    hackathon: HackathonId,
) -> Result<Vec<(PrizeView, Vec<PrizeAwardView>)>, DbError> {
    let winners = reads::prize_winners(db, hackathon).await?;
    let of = |prize: PrizeView| {
        let own = winners.iter().filter(|it| it.prize_id == prize.id);
        let own: Vec<PrizeAwardView> = own.cloned().collect();
        (prize, own)
    };
    let prizes = reads::prizes(db, hackathon).await?.into_iter().map(of);
    Ok(prizes.filter(|(_, winners)| !winners.is_empty()).collect())
}

/// Returns the winners, then the finalists, each by rank, with their places by the scores of judges.
async fn with_places(
    db: &impl Sql,
    hackathon: HackathonId,
) -> Result<Vec<(SubmissionView, Option<String>)>, DbError> {
    let chosen = reads::chosen_submissions(db, hackathon).await?;
    let results =
        if chosen.is_empty() { Vec::new() } else { reads::judging_results(db, hackathon).await? };
    let result = |id: Uuid| (results.iter().map(|it| it.result)).find(|it| it.project == id);
    let mut placed: Vec<_> =
        (chosen.into_iter()).map(|project| (result(project.id), project)).collect();
    placed.sort_by_key(|(result, project)| {
        let is_winner = project.facts().outcome == Some(JuryOutcome::Winner);
        (!is_winner, result.map_or(usize::MAX, |it| it.rank))
    });
    let place =
        |(result, project): (Option<ProjectResult>, _)| (project, result.map(|it| it.place()));
    Ok(placed.into_iter().map(place).collect())
}

#[derive(Template)]
#[template(path = "hackathon_project.html")]
struct ProjectPage {
    card: HackathonCard,
    project: SubmissionView,
    outcome: Option<JuryOutcome>,
    summary: String,
    members: Vec<Who>,
    /// The names of its tracks.
    tracks: Vec<String>,
    /// The names of the prizes that it won.
    prizes: Vec<String>,
    /// The points of each member, with what they are for.
    points: Vec<String>,
    kept_invitation: String,
}

/// `GET /hackathons/{slug}/projects/{id}`.
pub(super) async fn page(
    State(context): State<Context>,
    seen: SeenHackathon,
    Address((_, id)): Address<(String, Uuid)>,
) -> PageResult {
    published(&seen).map_err(WebError::from)?;
    let db = &context.db;
    let found = reads::submission(db, id.into()).await?;
    let shown =
        |it: &SubmissionView| it.hackathon_id == seen.hackathon.id && it.facts().is_judged();
    let project = found.filter(shown).ok_or_else(|| WebError::from(unknown_submission()))?;
    let approved = reads::approved_points(db, [seen.hackathon.key()]).await?;
    let outcome = project.facts().outcome;
    let title = &seen.hackathon.title;
    let winners = reads::prize_winners(db, seen.hackathon.key()).await?;
    let won = winners.into_iter().filter(|it| it.submission_id == project.id);
    let awards = approved.first().map(|own| own.values().awards(outcome, false));
    let awards = awards.into_iter().flatten();
    show(&ProjectPage {
        points: awards.map(|(reason, points)| sentence(reason, points, title)).collect(),
        card: HackathonCard::of(&seen.hackathon, context.now()),
        outcome,
        summary: markdown::typed(&project.summary),
        prizes: won.map(|award| award.name).collect(),
        members: reads::people_of_submission(db, project.by()).await?,
        tracks: names(&reads::tracks(db, seen.hackathon.key()).await?, &project.tracks()),
        project,
        kept_invitation: seen.kept_invitation(),
    })
}

//! Projects, pull requests, seasons and registered repositories in the results of a search.

use platform::{
    Context,
    folded::FoldedText,
    module::{Hit, SearchKind, SearchRequest},
    web::WebError,
};
use ui::format::{Number, segment};

use super::{pulls::PullLink, state::state};
use crate::{
    FLAG,
    reads::{self, SeasonPart},
};

/// The kinds of things of this module.
pub(crate) const SEARCH: &[SearchKind] = &[
    SearchKind {
        code: "projects",
        label: "Projects",
        order: 20,
        flag: Some(FLAG),
        find: |context, request| Box::pin(projects(context, request)),
    },
    SearchKind {
        code: "pull-requests",
        label: "Pull requests",
        order: 60,
        flag: Some(FLAG),
        find: |context, request| Box::pin(pulls(context, request)),
    },
    SearchKind {
        code: "seasons",
        label: "Seasons",
        order: 30,
        flag: Some(FLAG),
        find: |context, request| Box::pin(seasons(context, request)),
    },
];

/// The number of latest seasons whose names are compared.
const SEASONS: i64 = 200;

/// Finds the projects whose name or slug contains the text.
async fn projects(context: &Context, request: &SearchRequest) -> Result<Vec<Hit>, WebError> {
    let found = reads::projects_named(&context.db, &request.text, request.limit).await?;
    let hit = |project: reads::ProjectView| {
        let line = match project.description.lines().next().unwrap_or_default() {
            "" => Number(project.repositories).of("repository", "repositories"),
            line => line.chars().take(160).collect(),
        };
        let address = format!("/projects/{}", segment(&project.slug));
        let picture = project.picture().map(|(path, _)| path);
        Hit::new(project.name, address, line).drawn("project", project.slug).pictured(picture)
    };
    Ok(found.into_iter().map(hit).collect())
}

/// Finds the latest pull requests whose title or repository contains the text. Those of no project have no page.
async fn pulls(context: &Context, request: &SearchRequest) -> Result<Vec<Hit>, WebError> {
    let found = github::reads::pulls_named(&context.db, &request.text, request.limit).await?;
    let ids = found.iter().map(|pull| pull.id.into());
    let states = reads::states(&context.db, ids).await?;
    let hit = |pull: &github::reads::PullRequest| {
        let tag = state(*states.get(&pull.id)?);
        let link = PullLink::of(pull);
        Some(Hit::new(link.title, link.address, format!("{}, {}", link.label, tag.word)))
    };
    Ok(found.iter().filter_map(hit).collect())
}

/// Finds the latest published seasons whose name or slug contains the text.
async fn seasons(context: &Context, request: &SearchRequest) -> Result<Vec<Hit>, WebError> {
    let found = reads::seasons(&context.db, SeasonPart::Public, None, SEASONS).await?;
    let text = request.folded();
    let is_named = |season: &reads::SeasonView| {
        FoldedText::of(&season.name).contains(&text) || season.slug.contains(text.as_str())
    };
    let hit = |season: reads::SeasonView| {
        let line = season.days().to_string();
        let address = format!("/seasons/{}", segment(&season.slug));
        Hit::new(season.name, address, line).drawn("season", season.slug)
    };
    Ok(found.into_iter().filter(is_named).take(request.most()).map(hit).collect())
}

//! Hackathons and their projects in the results of a search.

use platform::{
    Context,
    folded::FoldedText,
    module::{Hit, SearchKind, SearchRequest},
    web::WebError,
};

use crate::{
    FLAG,
    reads::{self, HackathonPart, HackathonView, PublicPart, PublicProject},
};

/// The kinds of things of this module.
pub(crate) const SEARCH: &[SearchKind] = &[
    SearchKind {
        code: "hackathons",
        label: "Hackathons",
        order: 40,
        flag: Some(FLAG),
        find: |context, request| Box::pin(hackathons(context, request)),
    },
    SearchKind {
        code: "submissions",
        label: "Hackathon projects",
        order: 50,
        flag: Some(FLAG),
        find: |context, request| Box::pin(projects(context, request)),
    },
];

/// The number of latest hackathons whose names are compared.
const HACKATHONS: i64 = 200;

/// The number of projects with the latest results whose names are compared.
const PROJECTS: i64 = 2_000;

/// Finds the latest hackathons, but private ones, whose name, line or slug contains the text.
async fn hackathons(context: &Context, request: &SearchRequest) -> Result<Vec<Hit>, WebError> {
    let found = reads::hackathons(&context.db, HackathonPart::Listed, None, HACKATHONS).await?;
    let text = request.folded();
    let is_named = |it: &HackathonView| {
        FoldedText::of(&it.title).contains(&text)
            || FoldedText::of(&it.summary).contains(&text)
            || it.slug.contains(text.as_str())
    };
    let hit = |it: HackathonView| {
        let (address, line) = (it.address(), it.phase(context.now()).heading());
        let line =
            if it.summary.is_empty() { line.to_owned() } else { format!("{line}, {}", it.summary) };
        Hit::new(it.title, address, line).drawn("hackathon", it.slug)
    };
    Ok(found.into_iter().filter(is_named).take(request.most()).map(hit).collect())
}

/// Finds the projects whose name or line contains the text, of hackathons that are not private and have results.
async fn projects(context: &Context, request: &SearchRequest) -> Result<Vec<Hit>, WebError> {
    let found = reads::public_projects(&context.db, PublicPart::Judged, PROJECTS).await?;
    let text = request.folded();
    let is_named = |it: &PublicProject| {
        FoldedText::of(&it.title).contains(&text) || FoldedText::of(&it.summary).contains(&text)
    };
    let hit = |it: PublicProject| {
        let address = it.address();
        let line = format!("{}: {}", it.hackathon, it.summary);
        Hit::new(it.title, address, line)
            .drawn("submission", it.id.simple().to_string())
            .pictured(it.picture)
    };
    Ok(found.into_iter().filter(is_named).take(request.most()).map(hit).collect())
}

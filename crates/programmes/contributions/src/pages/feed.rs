use axum::{extract::State, response::Response};
use platform::Context;
use ui::{
    Address, PageError,
    feed::{ENTRIES, Feed, FeedEntry},
    format::{Number, segment},
};

use super::{projects::Pulls, pulls::ListedPull};
use crate::{access, reads::ContributionPart};

/// `GET /projects/{slug}/feed.atom`: the latest public pull requests of a project.
pub(super) async fn project(
    State(context): State<Context>,
    Address(slug): Address<String>,
) -> Result<Response, PageError> {
    let project = access::project(&context, &slug).await?;
    let (id, all) = (project.id.into(), ContributionPart::All);
    let pulls = Pulls::of(&context, id, all, "", ENTRIES).await?;
    let people = identity::reads::who(&context.db, pulls.authors()).await?;
    let page = format!("/projects/{}", segment(&project.slug));
    let feed = Feed {
        id: project.id,
        title: format!("Pull requests of {}", project.name),
        address: format!("{page}/feed.atom"),
        page,
        entries: pulls.shown(&people).rows.into_iter().map(entry).collect(),
    };
    feed.respond()
}

fn entry(pull: ListedPull) -> FeedEntry {
    let points = pull.points.of("point", "points");
    let pending = match pull.pending {
        Number(0) => String::new(),
        pending => format!(", {pending} pending"),
    };
    FeedEntry {
        id: pull.id,
        title: pull.link.title,
        updated: pull.closed.or(pull.merged).unwrap_or(pull.opened),
        page: pull.link.address,
        summary: format!("{}: {}, {points}{pending}.", pull.link.label, pull.state.word),
        author: pull.author.login,
    }
}

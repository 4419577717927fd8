use std::collections::HashMap;

use platform::db::{Db, DbError};
use recognition::{model::CanonicalPart, reads::dump_line};
use uuid::Uuid;

use super::{canonical, canonical::canonical_reviews, slugs};
use crate::model::project_board;

/// Returns the data from GitHub, the reviews given here, and the contributions derived from both, for a dump.
pub(crate) async fn dump(db: &Db) -> Result<CanonicalPart, DbError> {
    let (repositories, pulls, reviews) = github::reads::canonical(db).await?;
    let mut lines = Vec::new();
    lines.extend(repositories.iter().map(|it| dump_line("repository", it)));
    lines.extend(pulls.iter().map(|it| dump_line("pull_request", it)));
    lines.extend(reviews.iter().map(|it| dump_line("review", it)));
    let contributions = canonical(db).await?;
    let mut contributions: Vec<_> =
        contributions.iter().map(|it| dump_line("contribution", it)).collect();
    contributions.sort_unstable();
    lines.extend(contributions);
    let sources: HashMap<Uuid, String> =
        pulls.iter().map(|pull| (pull.id, pull.github_id.to_string())).collect();
    let own = canonical_reviews(db, &sources).await?;
    lines.extend(own.iter().map(|it| dump_line("own_review", it)));
    let boards = slugs(db).await?;
    let boards =
        boards.into_iter().map(|(id, slug)| (project_board(id), format!("project:{slug}")));
    Ok(CanonicalPart { lines, sources, boards: boards.collect() })
}

//! Projects as people name them in forms: by slug, or by their name.

use kernel::Problem;
use platform::{ActionError, db::Sql, folded::FoldedText};

use super::projects::{ProjectView, project, projects_named};
use crate::access;

/// The maximum number of projects that an error names.
const SUGGESTIONS: usize = 3;

/// Finds a project by its slug, or by a name that only one has.
///
/// # Errors
/// When there is none, or several have the name. The sentence names those that are near.
pub async fn find_project(db: &impl Sql, typed: &str) -> Result<ProjectView, ActionError> {
    let typed = typed.trim();
    if let Some(found) = project(db, typed).await? {
        return Ok(found);
    }
    let wanted = FoldedText::of(typed);
    if wanted.is_empty() {
        return Err(access::unknown(typed).into());
    }
    let most = i64::try_from(SUGGESTIONS).unwrap_or(i64::MAX) + 1;
    let mut near = projects_named(db, typed, most).await?;
    let is_wanted = |it: &ProjectView| FoldedText::of(&it.name).as_str() == wanted.as_str();
    let mut called = near.iter().filter(|it| is_wanted(it)).map(|it| it.id);
    if let (Some(only), None) = (called.next(), called.next()) {
        near.retain(|it| it.id == only);
    } else {
        let slugs: Vec<String> = near.into_iter().take(SUGGESTIONS).map(|it| it.slug).collect();
        return Err(unknown_near(typed, &slugs).into());
    }
    near.pop().ok_or_else(|| access::unknown(typed).into())
}

/// Returns the error for a project that does not exist, with the slugs of those that are near.
fn unknown_near(typed: &str, slugs: &[String]) -> Problem {
    let unknown = access::unknown(typed);
    if slugs.is_empty() {
        return unknown;
    }
    let detail = format!("{} Did you mean {}?", unknown.detail, kernel::listed(slugs, "or"));
    Problem { detail, ..unknown }
}

use identity::model::UserId;
use kernel::{Problem, ProblemKind};
use platform::{Context, web::WebError};

use super::queue::repository;
use crate::{model::ProjectId, reads::FigureScope, rules::analytics::DayRange};

/// The maximum number of characters of a searched login, as on GitHub.
const LONGEST_LOGIN: usize = 39;
/// The maximum number of people whose logins begin with a searched text.
const MOST_PEOPLE: usize = 1_000;

/// A range of days and a repository of a project, as requested. Empty texts select the default.
#[derive(Clone, Copy, Debug)]
pub(crate) struct AnalyticsAsked<'a> {
    /// The first day.
    pub(crate) from: &'a str,
    /// The last day.
    pub(crate) to: &'a str,
    /// The repository, as `owner/name`.
    pub(crate) repository: &'a str,
}

impl AnalyticsAsked<'_> {
    /// Checks the request for a project.
    ///
    /// # Errors
    /// When a day is not valid, the range is too long, or the project has no such repository.
    pub(crate) async fn read(
        self,
        context: &Context,
        project: ProjectId,
    ) -> Result<(FigureScope, DayRange), WebError> {
        let range = DayRange::read(self.from, self.to, context.now().date_naive())?;
        let name = Some(self.repository.trim()).filter(|name| !name.is_empty());
        let projects = vec![project];
        let repository = repository(context, &projects, name.map(str::to_owned)).await?;
        let scope = FigureScope { projects, repository };
        Ok((scope, range))
    }
}

/// Finds the people whose logins begin with a text; `None` without one.
///
/// # Errors
/// When the text is too long, or more than 1,000 logins begin with it.
pub(crate) async fn people_beginning(
    context: &Context,
    login: &str,
) -> Result<Option<Vec<UserId>>, WebError> {
    let login = login.trim();
    if login.is_empty() {
        return Ok(None);
    }
    if login.chars().count() > LONGEST_LOGIN {
        let detail = format!("A login has at most {LONGEST_LOGIN} characters.");
        return Err(bad(detail).into());
    }
    let limit = MOST_PEOPLE as i64 + 1;
    let found = identity::reads::people_beginning(&context.db, login, limit).await?;
    if found.len() > MOST_PEOPLE {
        let detail = format!(
            "More than {MOST_PEOPLE} logins begin with '{login}'. Enter more of the login."
        );
        return Err(bad(detail).into());
    }
    Ok(Some(found))
}

fn bad(detail: String) -> Problem {
    Problem::new(ProblemKind::Malformed, "BAD_QUERY", detail).at("login")
}

use chrono::TimeDelta;
use github::model::RepositoryId;
use kernel::{Problem, ProblemKind, Timestamp};
use platform::{Context, web::WebError};

use crate::{
    model::ProjectId,
    reads::{self, QueueFilter, QueuePart},
};

/// The maximum number of days of a filter.
const MOST_DAYS: u32 = 3_650;

/// The maximum number of characters of a searched text.
const LONGEST_TEXT: usize = 100;

/// A filter of the queue of reviews, as requested.
#[derive(Clone, Debug, Default)]
pub(crate) struct QueueAsked {
    /// The code of the part.
    pub(crate) state: Option<String>,
    /// The repository, as `owner/name`.
    pub(crate) repository: Option<String>,
    /// The minimum age in days.
    pub(crate) age_days: Option<u32>,
    /// The minimum number of days without activity.
    pub(crate) idle_days: Option<u32>,
    pub(crate) text: Option<String>,
}

impl QueueAsked {
    /// Checks the filter for the queue of some projects.
    ///
    /// # Errors
    /// When the part is unknown, a number or the text is too large, or the projects have no such repository.
    pub(crate) async fn filter(
        self,
        context: &Context,
        projects: Vec<ProjectId>,
    ) -> Result<QueueFilter, WebError> {
        let (now, text) = (context.now(), self.text.unwrap_or_default());
        if text.chars().count() > LONGEST_TEXT {
            let detail = format!("text has at most {LONGEST_TEXT} characters.");
            return Err(bad(detail, "text").into());
        }
        Ok(QueueFilter {
            part: part(self.state.as_deref())?,
            repository: repository(context, &projects, self.repository).await?,
            projects,
            opened_until: before(self.age_days, now, "age_days")?,
            active_until: before(self.idle_days, now, "idle_days")?,
            text: text.trim().to_owned(),
        })
    }
}

fn bad(detail: String, field: &'static str) -> Problem {
    Problem::new(ProblemKind::Malformed, "BAD_QUERY", detail).at(field)
}

fn part(code: Option<&str>) -> Result<QueuePart, Problem> {
    let Some(code) = code else {
        return Ok(QueuePart::All);
    };
    let unknown = || {
        let codes = QueuePart::ALL.map(QueuePart::as_str).join(", ");
        bad(format!("state is one of {codes}."), "state")
    };
    QueuePart::named(code).ok_or_else(unknown)
}

fn before(
    days: Option<u32>,
    now: Timestamp,
    field: &'static str,
) -> Result<Option<Timestamp>, Problem> {
    let Some(days) = days else {
        return Ok(None);
    };
    if days > MOST_DAYS {
        let detail = format!("{field} is at most {MOST_DAYS}, not {days}.");
        return Err(bad(detail, field));
    }
    Ok(now.checked_sub_signed(TimeDelta::days(days.into())))
}

/// Finds a repository of the projects by its name. Private ones are not found.
///
/// # Errors
/// When none has the name.
pub(super) async fn repository(
    context: &Context,
    projects: &[ProjectId],
    name: Option<String>,
) -> Result<Option<RepositoryId>, WebError> {
    let Some(name) = name else {
        return Ok(None);
    };
    let listed = reads::repositories_of(&context.db, projects).await?;
    let is_named = |found: &github::reads::RepositoryNames| {
        !found.is_private && found.full_name.eq_ignore_ascii_case(&name)
    };
    match listed.into_iter().find(is_named) {
        Some(found) => Ok(Some(found.id.into())),
        None => {
            let detail = format!("No repository '{name}' belongs to these projects.");
            Err(Problem::not_found(detail).at("repository").into())
        }
    }
}

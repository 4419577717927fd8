//! The part of the list of all work about a pull request that waits, and what the person did in the last week.

use askama::Template;
use chrono::TimeDelta;
use identity::{access::MaybePerson, model::Role};
use platform::{
    Context,
    module::{PanelRequest, PanelView},
};
use ui::{format::Number, html};

use super::{
    paths::pull_shown,
    rendered::Rendered,
    work_words::{checks, figures, opening},
};
use crate::reads::{self, PullGlance};

/// The number of files that are named.
const FILES: usize = 3;
/// The time in which what the person did is counted.
const WEEK: TimeDelta = TimeDelta::days(7);

#[derive(Template)]
#[template(path = "work_glance.html")]
struct GlancePart {
    /// The number and the title of the issue that it closes, and the beginning of its description.
    issue: Option<(i64, String, String)>,
    labels: Vec<String>,
    files: Vec<String>,
    /// The number of other files.
    more: Number,
    /// The checks of the last commit in words; empty without any.
    checks: String,
    /// The merges of its author, in words.
    author: String,
}

#[derive(Template)]
#[template(path = "work_glance_acts.html")]
struct GlanceActs {
    /// The path that reviews are sent to.
    address: String,
    /// The page on GitHub.
    github: String,
    is_begun: bool,
    is_free: bool,
}

/// Renders the panel.
pub(super) async fn panel(context: &Context, request: &PanelRequest) -> Rendered {
    let MaybePerson(Some(viewer)) = MaybePerson::of(&request.extensions) else {
        return Ok(None);
    };
    let (db, person) = (&context.db, viewer.user_id);
    let since = context.now() - WEEK;
    let week = reads::week(db, person, since, viewer.acts_as(Role::Moderator)).await?;
    let mut view = PanelView {
        figures: figures([week.reviewed, week.flags, week.disputes]),
        ..PanelView::default()
    };
    let shown = pull_shown(&request.path)
        .and_then(|(name, number)| Some((name, number.parse::<i64>().ok()?)));
    let Some((name, number)) = shown else {
        return Ok(Some(view));
    };
    if let Some(found) = reads::pull_glance(db, person, (&name, number)).await? {
        view.html = html(&GlancePart::of(&found))?;
        view.below = html(&GlanceActs {
            address: format!("{}/reviews", request.path),
            github: format!("https://github.com/{name}/pull/{number}"),
            is_begun: found.is_begun,
            is_free: found.is_free,
        })?;
    }
    Ok(Some(view))
}

impl GlancePart {
    fn of(found: &PullGlance) -> Self {
        let glance = &found.glance;
        let mut files = glance.paths();
        let more = files.len().saturating_sub(FILES);
        files.truncate(FILES);
        let body = glance.issue_body.as_deref().unwrap_or_default();
        let title = glance.issue_title.clone().unwrap_or_default();
        Self {
            issue: glance.issue.map(|number| (number, title, opening(body))),
            labels: glance.labels(),
            files,
            more: Number(i64::try_from(more).unwrap_or(i64::MAX)),
            checks: checks(glance.passed, glance.failed),
            author: match found.merged_before {
                0 => format!("nothing merged in {} yet", found.project),
                merged => format!("{} merged in {} before", Number(merged), found.project),
            },
        }
    }
}

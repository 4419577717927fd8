//! The queue of reviews, of one project or of all that a person maintains.

use std::collections::HashMap;

use askama::Template;
use axum::extract::State;
use chrono::TimeDelta;
use identity::{access::SignedIn, model::UserId};
use kernel::{Problem, ProblemKind};
use platform::{
    Context,
    web::{WebError, cursor_after},
};
use serde::Deserialize;
use ui::{
    PageResult, QueryString, Tag, Who,
    format::{self, Instant, Number},
    paging::place,
    show,
};
use uuid::Uuid;

use super::{closings::Closing, pulls::PullLink, state::state};
use crate::{
    access::{Maintainer, QueueAsked},
    model::ProjectId,
    reads::{self, ProjectView, QueuePart, Queued, ReviewerView},
};

/// The number of rows on a page.
const ROWS: i64 = 25;

/// The parts, with their labels.
const TABS: [(QueuePart, &str); 6] = [
    (QueuePart::All, "Everything"),
    (QueuePart::Open, "Open"),
    (QueuePart::UnderReview, "Under review"),
    (QueuePart::ChangesRequested, "Changes requested"),
    (QueuePart::Approved, "Approved"),
    (QueuePart::Abandoned, "Abandoned"),
];

/// The numbers of days that the filters offer.
const DAYS: [&str; 4] = ["1", "7", "14", "30"];

#[derive(Template)]
#[template(path = "queue.html")]
struct QueuePage {
    /// The project's slug and name; absent on the queue of all projects.
    project: Option<(String, String)>,
    address: String,
    /// True if the viewer maintains no project.
    has_no_project: bool,
    /// The slugs and names of the projects of the queue.
    maintained: Vec<(String, String)>,
    tabs: Vec<Tab>,
    search: QueueSearch,
    /// The names of the repositories to choose from.
    repositories: Vec<String>,
    rows: Vec<Row>,
    is_first: bool,
    /// The path of the next page.
    next: Option<String>,
    now: Instant,
}

struct Tab {
    label: &'static str,
    address: String,
    count: Number,
    is_current: bool,
}

/// A pull request of the queue.
struct Row {
    link: PullLink,
    author: Who,
    state: Tag,
    is_draft: bool,
    is_stale: bool,
    has_new_commits: bool,
    /// Lines added and deleted, or empty if they are unknown.
    size: String,
    reviewers: Vec<QueueReviewer>,
    /// The automatic closing of one that is abandoned.
    closing: Option<Closing>,
    active: Instant,
    /// The time that is left, and what happens then.
    left: String,
    end: &'static str,
}

struct QueueReviewer {
    who: Who,
    since: Instant,
}

/// The filter, as typed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct QueueSearch {
    state: String,
    repository: String,
    age_days: String,
    idle_days: String,
    text: String,
    cursor: String,
}

impl QueueSearch {
    fn is_empty(&self) -> bool {
        [&self.repository, &self.age_days, &self.idle_days, &self.text]
            .iter()
            .all(|field| field.is_empty())
    }

    fn is_age(&self, days: &str) -> bool {
        self.age_days == days
    }

    fn is_idle(&self, days: &str) -> bool {
        self.idle_days == days
    }

    /// Returns the path of a part with this filter.
    fn address(&self, base: &str, state: &str, cursor: &str) -> String {
        let fields = [
            ("state", state),
            ("repository", &self.repository),
            ("age_days", &self.age_days),
            ("idle_days", &self.idle_days),
            ("text", &self.text),
            ("cursor", cursor),
        ];
        format::address(base, fields)
    }

    fn asked(&self) -> Result<QueueAsked, Problem> {
        let given = |field: &str| (!field.is_empty()).then(|| field.to_owned());
        Ok(QueueAsked {
            state: given(&self.state),
            repository: given(&self.repository),
            age_days: days(&self.age_days, "age_days")?,
            idle_days: days(&self.idle_days, "idle_days")?,
            text: given(&self.text),
        })
    }
}

fn days(typed: &str, field: &'static str) -> Result<Option<u32>, Problem> {
    if typed.is_empty() {
        return Ok(None);
    }
    let unknown = |_| {
        let detail = format!("{field} is '{typed}'. Use a whole number of days.");
        Problem::new(ProblemKind::Malformed, "BAD_QUERY", detail)
    };
    typed.parse().map(Some).map_err(unknown)
}

/// `GET /projects/{slug}/reviews`.
pub(super) async fn of_project(
    State(context): State<Context>,
    Maintainer { project, .. }: Maintainer,
    QueryString(search): QueryString<QueueSearch>,
) -> PageResult {
    let address = format!("/projects/{}/reviews", project.slug);
    let named = Some((project.slug.clone(), project.name.clone()));
    show(&page(&context, named, address, vec![project], search).await?)
}

/// `GET /reviews`: the queue of all projects that the viewer maintains.
pub(super) async fn own(
    State(context): State<Context>,
    SignedIn(viewer): SignedIn,
    QueryString(search): QueryString<QueueSearch>,
) -> PageResult {
    let projects = reads::maintained_by(&context.db, viewer.user_id).await?;
    show(&page(&context, None, "/reviews".to_owned(), projects, search).await?)
}

async fn page(
    context: &Context,
    project: Option<(String, String)>,
    address: String,
    projects: Vec<ProjectView>,
    search: QueueSearch,
) -> Result<QueuePage, WebError> {
    let (db, now) = (&context.db, context.now());
    let ids: Vec<ProjectId> = projects.iter().map(|project| project.id.into()).collect();
    let found = reads::repositories_of(db, &ids).await?.into_iter();
    let public = found.filter(|repository| !repository.is_private);
    let repositories = public.map(|repository| repository.full_name).collect();
    let counts = reads::queue_counts(db, &ids, now).await?;
    let filter = search.asked()?.filter(context, ids).await?;
    let after = place(&search.cursor)?;
    let found = reads::queue(db, &filter, now, after, ROWS).await?;
    let tab = |(part, label): (QueuePart, &'static str)| Tab {
        label,
        address: search.address(&address, part.as_str(), ""),
        count: Number(counts.get(&part).copied().unwrap_or_default()),
        is_current: part == filter.part,
    };
    let next = found.next.map(cursor_after);
    Ok(QueuePage {
        project,
        has_no_project: projects.is_empty(),
        maintained: projects.into_iter().map(|project| (project.slug, project.name)).collect(),
        tabs: TABS.into_iter().map(tab).collect(),
        repositories,
        rows: rows(context, filter.part, found.rows).await?,
        is_first: search.cursor.is_empty(),
        next: next.map(|next| search.address(&address, filter.part.as_str(), &next)),
        search,
        address,
        now: Instant(now),
    })
}

async fn rows(
    context: &Context,
    part: QueuePart,
    found: Vec<Queued>,
) -> Result<Vec<Row>, WebError> {
    let ids = || found.iter().map(|queued| queued.pull.id.into());
    let reviewers = reads::reviewers(&context.db, ids()).await?;
    let closings = match part {
        QueuePart::Abandoned => reads::closings(&context.db, ids()).await?,
        _ => HashMap::new(),
    };
    let authors = found.iter().filter_map(|queued| queued.pull.author_id);
    let people = identity::reads::who(&context.db, authors.map(UserId::new)).await?;
    let now = Instant(context.now());
    let row = |queued: &Queued| {
        let closing = closings.get(&queued.pull.id).map(Closing::from);
        Row { closing, ..Row::of(queued, &reviewers, &people, now) }
    };
    Ok(found.iter().map(row).collect())
}

impl Row {
    fn of(
        Queued { row, pull }: &Queued,
        reviewers: &HashMap<Uuid, Vec<ReviewerView>>,
        people: &HashMap<UserId, Who>,
        Instant(now): Instant,
    ) -> Self {
        let author = pull.author_id.and_then(|id| people.get(&id.into()));
        let author = author.cloned().unwrap_or_default();
        let reviewing = |reviewer: &ReviewerView| QueueReviewer {
            who: reviewer.who.clone(),
            since: Instant(reviewer.since),
        };
        let reviewers = reviewers.get(&pull.id).into_iter().flatten();
        let size = match (pull.additions, pull.deletions) {
            (Some(added), Some(deleted)) => format!("+{} −{}", Number(added), Number(deleted)),
            _ => String::new(),
        };
        Self {
            link: PullLink::of(pull),
            author,
            state: state(row.state),
            is_draft: pull.draft,
            is_stale: row.stale_at <= now,
            has_new_commits: row.has_new_commits,
            size,
            reviewers: reviewers.map(reviewing).collect(),
            closing: None,
            active: Instant(row.active_at),
            left: span((row.due_at - now).max(TimeDelta::zero())),
            end: if row.due_at < row.abandoned_at {
                "until the review is given back"
            } else if row.abandoned_at <= now {
                "abandoned"
            } else {
                "until it is abandoned"
            },
        }
    }
}

/// Formats a time in its largest unit, such as "3 d" or "19 h", with a no-break space.
fn span(time: TimeDelta) -> String {
    let (number, unit) = match (time.num_days(), time.num_hours()) {
        (days @ 1.., _) => (days, "d"),
        (_, hours @ 1..) => (hours, "h"),
        _ => (time.num_minutes(), "min"),
    };
    format!("{}\u{a0}{unit}", Number(number))
}

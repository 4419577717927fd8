//! The work of a person on their profile: figures, the evidence of their skills, their best pull requests, and all of them.

use std::collections::{BTreeMap, HashMap};

use askama::Template;
use github::{model::PullRequestId, reads::PullRequest};
use identity::model::UserId;
use kernel::Points;
use platform::{
    Context,
    module::{PanelFigure, PanelNow, PanelPerson, PanelRequest, PanelView},
    web::WebError,
};
use ui::{
    Tag, Who,
    format::{self, Number},
    html,
    paging::{List, ROWS, place},
};
use uuid::Uuid;

use super::{
    activity::{ActivityPanel, activity},
    people::part,
    pulls::{ListedPull, PullLink},
    rendered::Rendered,
    state::state,
};
use crate::{
    access::PullsAsked,
    reads::{self, Contribution, PersonActivity},
    rules::{self, State},
};

/// The number of pull requests that stand for the work of a person.
const SELECTED: usize = 4;

/// A pull request among the best of a person.
struct Selected {
    link: PullLink,
    points: Number,
    /// The day of the merge, as `YYYY-MM-DD` and in words.
    merged: (String, String),
}

impl Selected {
    /// Shows one of the best; `None` if its repository is now private.
    fn of(
        names: &HashMap<Uuid, PullRequest>,
        (id, points, day): &(Uuid, Points, String),
    ) -> Option<Self> {
        let words = day.parse().ok().map(|day: chrono::NaiveDate| day.format("%-d %b %Y"));
        Some(Self {
            link: PullLink::of(names.get(id)?),
            points: Number(*points),
            merged: (day.clone(), words.map_or_else(String::new, |words| words.to_string())),
        })
    }
}

#[derive(Template)]
#[template(path = "panel_selected.html")]
struct SelectedPanel {
    login: String,
    selected: Vec<Selected>,
    /// True if the person has any pull requests.
    has_pulls: bool,
}

/// A state that pull requests are in, as a filter.
struct StateView {
    state: Tag,
    address: String,
    /// The number of pull requests; absent where only those of a project or a repository are listed.
    pull_requests: Option<Number>,
    is_shown: bool,
}

/// The filter of the list, as asked.
#[derive(Clone, Debug, Default)]
struct PullsFilter {
    state: Option<State>,
    /// The slug of the project, or empty.
    project: String,
    /// The repository, as `owner/name`, or empty.
    repository: String,
}

impl PullsFilter {
    fn of(request: &PanelRequest) -> Self {
        Self {
            state: State::named(request.parameter("state")),
            project: request.parameter("project").to_owned(),
            repository: request.parameter("repository").to_owned(),
        }
    }

    fn has_place(&self) -> bool {
        !self.project.is_empty() || !self.repository.is_empty()
    }

    fn is_empty(&self) -> bool {
        self.state.is_none() && !self.has_place()
    }

    /// Returns the code of the state; empty for all.
    fn code(&self) -> &'static str {
        self.state.map_or("", State::as_str)
    }

    /// Returns the fields of the query for a state, of which an empty code selects all.
    fn fields<'a>(&'a self, state: &'a str) -> [(&'static str, &'a str); 3] {
        [("state", state), ("project", &self.project), ("repository", &self.repository)]
    }

    /// Returns the query string of this filter, which ends with `&`; empty without a filter.
    fn prefix(&self) -> String {
        let asked = format::asked(self.fields(self.code()));
        asked.strip_prefix('&').map_or_else(String::new, |query| format!("{query}&"))
    }

    /// Returns the path of the list on a profile for a state, of which an empty code selects all.
    fn address(&self, profile: &str, state: &str) -> String {
        format!("{}#pulls", format::address(profile, self.fields(state)))
    }
}

/// The projects and repositories in which a person opened pull requests, to choose from.
#[derive(Clone, Debug, Default)]
struct Places {
    /// The slugs of the projects, with their names.
    projects: BTreeMap<String, String>,
    /// The names of the repositories.
    repositories: Vec<String>,
}

impl Places {
    async fn read(context: &Context, person: UserId) -> Result<Self, WebError> {
        let found = reads::repositories_of_person(&context.db, person).await?;
        if found.len() < 2 {
            return Ok(Self::default());
        }
        let ids = found.iter().map(|place| place.repository_id.into());
        let named = github::reads::named(&context.db, ids).await?;
        let public = named.into_iter().filter(|repository| !repository.is_private);
        Ok(Self {
            projects: found.into_iter().map(|place| (place.slug, place.project)).collect(),
            repositories: public.map(|repository| repository.full_name).collect(),
        })
    }
}

#[derive(Template)]
#[template(path = "panel_pulls.html")]
struct PullsPanel {
    address: String,
    pulls: List<ListedPull>,
    /// The number of all, in words.
    all: String,
    /// The points that are pending, in words; empty if there are none.
    pending: String,
    states: Vec<StateView>,
    filter: PullsFilter,
    places: Places,
    /// True if the person asked for a part of the list.
    is_open: bool,
}

/// Shows the work of a person, who can hide it as a whole.
pub(super) async fn panel(context: &Context, request: &PanelRequest) -> Rendered {
    let Some(person) = request.person.as_ref().filter(|_| !request.hides("work")) else {
        return Ok(None);
    };
    let done = activity(context, person.id.into()).await?;
    let filter = PullsFilter::of(request);
    let rows = rows(context, person.id.into(), &filter, request.parameter("pulls")).await?;
    let names = names(context, &done, &rows.rows).await?;
    let selected = done.best.iter().filter_map(|best| Selected::of(&names, best));
    let has_pulls = !done.states.is_empty();
    let selected = SelectedPanel {
        login: person.login.clone(),
        selected: selected.take(SELECTED).collect(),
        has_pulls,
    };
    let wide = if has_pulls || !done.reviews.is_empty() {
        html(&ActivityPanel::of(context, &person.login, &done, &names))?
    } else {
        String::new()
    };
    let is_asked = !filter.is_empty() || !rows.is_first;
    let below = if has_pulls || is_asked {
        let places = Places::read(context, person.id.into()).await?;
        html(&pulls(person, &done, (filter, places), rows, &names))?
    } else {
        String::new()
    };
    Ok(Some(PanelView {
        html: html(&selected)?,
        figures: figures(&done, &person.login),
        now: at_now(&done).into_iter().collect(),
        wide,
        below,
        ..PanelView::default()
    }))
}

/// Reads a page of a person's contributions, latest first.
async fn rows(
    context: &Context,
    person: UserId,
    filter: &PullsFilter,
    cursor: &str,
) -> Result<List<Contribution>, WebError> {
    let asked = PullsAsked { project: &filter.project, repository: &filter.repository };
    let found = asked.filter(context, part(filter.code())).await?;
    let rows = reads::of_person(&context.db, person, found, place(cursor)?, ROWS + 1).await?;
    Ok(List::cut(rows, ROWS, cursor, |row| (row.opened_at, row.pull_request_id)))
}

/// Reads the titles of the pull requests of all parts at once.
async fn names(
    context: &Context,
    done: &PersonActivity,
    rows: &[Contribution],
) -> Result<HashMap<Uuid, PullRequest>, WebError> {
    let best = done.best.iter().map(|(id, ..)| *id);
    let last = done.projects.iter().filter_map(|project| project.last);
    let mut ids: Vec<Uuid> =
        rows.iter().map(|row| row.pull_request_id).chain(best).chain(last).collect();
    ids.sort_unstable();
    ids.dedup();
    let ids = ids.into_iter().map(PullRequestId::from);
    Ok(github::reads::pull_requests(&context.db, ids).await?)
}

/// Counts the pull requests that are not decided; `None` without any.
fn at_now(done: &PersonActivity) -> Option<PanelNow> {
    let is_open = |state: State| {
        matches!(
            state,
            State::Open | State::UnderReview | State::ChangesRequested | State::Approved
        )
    };
    let open = done.states.iter().filter(|it| is_open(it.0)).map(|(_, count, _)| count).sum();
    (open > 0).then(|| PanelNow {
        name: Number(open).of("open pull request", "open pull requests"),
        address: "#pulls".to_owned(),
        ..PanelNow::default()
    })
}

/// Returns the figures of merges and ratings; those without anything to count are left out.
fn figures(done: &PersonActivity, login: &str) -> Vec<PanelFigure> {
    let merged: i64 = done.projects.iter().map(|project| project.merged).sum();
    let projects = done.projects.iter().filter(|project| project.merged > 0).count();
    let projects = Number(i64::try_from(projects).unwrap_or(i64::MAX)).of("project", "projects");
    let noun = if merged == 1 { "pull request" } else { "pull requests" };
    let rows = format!("/people/{}?state=MERGED#pulls", format::segment(login));
    let merges = PanelFigure {
        label: "Merged",
        value: Number(merged).to_string(),
        detail: format!("{noun} in {projects}"),
        rows: Some(("all", rows)),
    };
    let (ratings, sum) = done.ratings;
    let mean = sum as f64 / ratings.max(1) as f64;
    let rated = PanelFigure {
        label: "Rated",
        value: format!("{mean:.1}"),
        detail: format!("of 5 stars, mean of {}", Number(ratings).of("rating", "ratings")),
        rows: None,
    };
    let mut figures = Vec::new();
    figures.extend((merged > 0).then_some(merges));
    figures.extend((ratings > 0).then_some(rated));
    figures
}

fn pulls(
    person: &PanelPerson,
    done: &PersonActivity,
    (filter, places): (PullsFilter, Places),
    rows: List<Contribution>,
    names: &HashMap<Uuid, PullRequest>,
) -> PullsPanel {
    let people = HashMap::from([(UserId::from(person.id), Who::of(person.login.clone()))]);
    let all: i64 = done.states.iter().map(|(_, count, _)| count).sum();
    let pending: i64 = done.states.iter().map(|(.., pending)| pending).sum();
    let pending = (pending != 0).then(|| Number(pending).of("point pending", "points pending"));
    let is_open = !filter.is_empty() || !rows.is_first;
    let address = format!("/people/{}", format::segment(&person.login));
    PullsPanel {
        pulls: rows.map(|row| ListedPull::of(&row, names, &people)),
        all: Number(all).of("pull request", "pull requests"),
        pending: pending.unwrap_or_default(),
        states: states(done, &filter, &address),
        address,
        filter,
        places,
        is_open,
    }
}

/// Returns the states that pull requests are in, in the order of their life.
fn states(done: &PersonActivity, filter: &PullsFilter, profile: &str) -> Vec<StateView> {
    let all = rules::State::ALL.into_iter();
    let found = all.filter_map(|state| done.states.iter().find(|it| it.0 == state));
    let view = |(found, count, _): &(State, i64, Points)| StateView {
        state: state(*found),
        address: filter.address(profile, found.as_str()),
        pull_requests: (!filter.has_place()).then_some(Number(*count)),
        is_shown: filter.state == Some(*found),
    };
    found.map(view).collect()
}

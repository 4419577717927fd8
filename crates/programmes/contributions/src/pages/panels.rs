//! Panels on the home page and on profiles.

use std::collections::HashMap;

use askama::Template;
use identity::model::UserId;
use platform::{
    Context,
    module::{Panel, PanelPerson, PanelPlace, PanelRequest, PanelView},
    web::WebError,
};
use ui::{
    Tag,
    format::{self, Instant, Number},
    html,
    paging::{List, ROWS, place},
};

use super::{
    activity, manage, new_project, own_seasons,
    projects::{MOST, ProjectCard, cards},
    pulls::{ListedPull, PullLink},
    rendered::Rendered,
    review_panel, search,
    state::state,
};
use crate::{
    reads::{self, Contribution, ContributionPart, ProjectPart},
    rules::State,
};

pub(crate) const PANELS: &[Panel] = &[
    Panel {
        place: PanelPlace::Welcome,
        order: 10,
        render: |context, _| Box::pin(projects(context)),
    },
    Panel {
        place: PanelPlace::Home,
        order: 10,
        render: |context, request| Box::pin(open_pulls(context, request)),
    },
    Panel {
        place: PanelPlace::Home,
        order: 20,
        render: |context, request| Box::pin(maintained(context, request)),
    },
    Panel {
        place: PanelPlace::Search,
        order: 20,
        render: |context, request| Box::pin(search::projects(context, request)),
    },
    Panel {
        place: PanelPlace::Search,
        order: 30,
        render: |context, request| Box::pin(search::pulls(context, request)),
    },
    Panel {
        place: PanelPlace::Home,
        order: 15,
        render: |context, request| Box::pin(activity::panel(context, request)),
    },
    Panel {
        place: PanelPlace::Profile,
        order: 6,
        render: |context, request| Box::pin(own_seasons::panel(context, request)),
    },
    Panel {
        place: PanelPlace::Profile,
        order: 8,
        render: |context, request| Box::pin(activity::panel(context, request)),
    },
    Panel {
        place: PanelPlace::Profile,
        order: 10,
        render: |context, request| Box::pin(pulls(context, request)),
    },
    Panel {
        place: PanelPlace::OwnPart,
        order: 20,
        render: |context, request| Box::pin(review_panel::own_part(context, request)),
    },
    Panel {
        place: PanelPlace::OwnPart,
        order: 30,
        render: |_, request| Box::pin(async move { new_project::own_part(request) }),
    },
    Panel {
        place: PanelPlace::OwnPart,
        order: 40,
        render: |context, request| Box::pin(manage::own_part(context, request)),
    },
];

/// The maximum number of projects shown to visitors, with a link to the others.
const PROJECTS: usize = 6;

/// The maximum number of open pull requests shown.
const OPEN: i64 = 50;

#[derive(Template)]
#[template(path = "panel_projects.html")]
struct ProjectsPanel {
    projects: Vec<ProjectCard>,
    has_more: bool,
}

async fn projects(context: &Context) -> Rendered {
    let mut projects = cards(context, ProjectPart::Current, "", MOST).await?;
    let count = match projects.len() {
        many if many > MOST => format!("{MOST}+"),
        few => Number(few as i64).to_string(),
    };
    let has_more = projects.len() > PROJECTS;
    projects.truncate(PROJECTS);
    Ok(Some(PanelView {
        html: html(&ProjectsPanel { projects, has_more })?,
        stat: Some(("Projects", count)),
        ..PanelView::default()
    }))
}

#[derive(Template)]
#[template(path = "panel_open_pulls.html")]
struct OpenPullsPanel {
    pulls: Vec<OpenPull>,
}

struct OpenPull {
    link: PullLink,
    state: Tag,
    needs_author: bool,
    /// The next step, in a sentence.
    next: &'static str,
    opened: Instant,
    points: Number,
    pending: Number,
}

/// Shows a person's open pull requests. Those that need the person come first.
async fn open_pulls(context: &Context, request: &PanelRequest) -> Rendered {
    let Some(person) = &request.person else {
        return Ok(None);
    };
    let found = reads::open_of_person(&context.db, person.id.into(), OPEN).await?;
    let names = reads::pull_requests(&context.db, &found).await?;
    let pull = |row: &Contribution| {
        Some(OpenPull {
            link: PullLink::of(names.get(&row.pull_request_id)?),
            state: state(row.state),
            needs_author: row.state == State::ChangesRequested,
            next: row.state.next_step(),
            opened: Instant(row.opened_at),
            points: Number(row.score),
            pending: Number(row.opening_pending + row.merge_pending),
        })
    };
    let mut pulls: Vec<OpenPull> = found.iter().filter_map(pull).collect();
    pulls.sort_by_key(|pull| !pull.needs_author);
    let attention = match pulls.iter().filter(|pull| pull.needs_author).count() {
        0 => None,
        1 => Some("One of your pull requests needs your attention.".to_owned()),
        many => Some(format!("{many} of your pull requests need your attention.")),
    };
    Ok(Some(PanelView {
        html: html(&OpenPullsPanel { pulls })?,
        attention,
        ..PanelView::default()
    }))
}

#[derive(Template)]
#[template(path = "panel_maintained.html")]
struct MaintainedPanel {
    projects: Vec<ProjectCard>,
}

/// Shows the projects that a person maintains.
async fn maintained(context: &Context, request: &PanelRequest) -> Rendered {
    let Some(person) = &request.person else {
        return Ok(None);
    };
    let projects = reads::maintained_by(&context.db, person.id.into()).await?;
    if projects.is_empty() {
        return Ok(None);
    }
    let projects = projects.into_iter().map(Into::into).collect();
    Ok(Some(PanelView {
        html: html(&MaintainedPanel { projects })?,
        is_aside: true,
        ..PanelView::default()
    }))
}

#[derive(Template)]
#[template(path = "panel_pulls.html")]
struct PullsPanel {
    address: String,
    pulls: List<ListedPull>,
    /// The state that is shown; absent for all.
    state: Option<Tag>,
    /// The part of the query string for this state, which ends with `&`; empty for all.
    filter: String,
}

/// Shows a person's pull requests, latest first.
async fn pulls(context: &Context, request: &PanelRequest) -> Rendered {
    let Some(person) = request.person.as_ref().filter(|_| !request.hides("work")) else {
        return Ok(None);
    };
    let shown = State::named(request.parameter("state"));
    let part = shown.map_or(ContributionPart::All, ContributionPart::In);
    let pulls = pulls_of(context, person, part, request.parameter("pulls")).await?;
    let address = format!("/people/{}", format::segment(&person.login));
    Ok(Some(PanelView {
        html: html(&PullsPanel {
            address,
            pulls,
            state: shown.map(state),
            filter: shown.map_or(String::new(), |shown| format!("state={}&", shown.as_str())),
        })?,
        ..PanelView::default()
    }))
}

/// Reads a page of a person's pull requests, latest first.
async fn pulls_of(
    context: &Context,
    author: &PanelPerson,
    part: ContributionPart,
    cursor: &str,
) -> Result<List<ListedPull>, WebError> {
    let id = UserId::from(author.id);
    let rows = reads::of_person(&context.db, id, part, place(cursor)?, ROWS + 1).await?;
    let found = List::cut(rows, ROWS, cursor, |row| (row.opened_at, row.pull_request_id));
    let names = reads::pull_requests(&context.db, &found.rows).await?;
    let logins = HashMap::from([(id, author.login.clone())]);
    Ok(found.map(|row| ListedPull::of(&row, &names, &logins)))
}

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
    Pic, Tag, Who,
    format::{self, Number},
    html,
    paging::{List, ROWS, place},
};

use super::{
    activity, manage, new_project, own_seasons, pulls::ListedPull, rendered::Rendered,
    review_panel, state::state,
};
use crate::{
    reads::{self, ContributionPart, OwnOpen},
    rules::State,
};

pub(crate) const PANELS: &[Panel] = &[
    Panel {
        place: PanelPlace::Home,
        order: 10,
        render: |context, request| Box::pin(open_pulls(context, request)),
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

/// The maximum number of open pull requests read, and of those shown.
const OPEN: i64 = 50;
const SHOWN: usize = 4;

#[derive(Template)]
#[template(path = "panel_open_pulls.html")]
struct OpenPullsPanel {
    pulls: Vec<OpenPull>,
    /// The number of others.
    more: Number,
    /// The path of all of the person's pull requests.
    all: String,
}

struct OpenPull {
    address: String,
    title: String,
    /// `owner/name #number`.
    label: String,
    pic: Pic,
    state: Tag,
    /// The next step, in a sentence.
    next: &'static str,
}

/// Shows a person's open pull requests that do not wait for themselves; those are work.
async fn open_pulls(context: &Context, request: &PanelRequest) -> Rendered {
    let Some(person) = &request.person else {
        return Ok(None);
    };
    let found = reads::own_open(&context.db, person.id.into(), OPEN).await?;
    let pull = |row: OwnOpen| OpenPull {
        address: pull_path(&row.full_name, row.number),
        label: format!("{} #{}", row.full_name, row.number),
        pic: Pic::small(&row.full_name),
        title: row.title,
        state: state(row.state),
        next: row.state.next_step(),
    };
    let more = i64::try_from(found.len().saturating_sub(SHOWN)).unwrap_or_default();
    let pulls: Vec<OpenPull> = found.into_iter().take(SHOWN).map(pull).collect();
    if pulls.is_empty() {
        return Ok(None);
    }
    let all = format!("/people/{}#pulls", format::segment(&person.login));
    let panel = OpenPullsPanel { pulls, more: Number(more), all };
    Ok(Some(PanelView { html: html(&panel)?, is_half: true, ..PanelView::default() }))
}

/// Returns the path of the page of a pull request.
fn pull_path(full_name: &str, number: i64) -> String {
    let name = full_name.split('/').map(format::segment);
    format!("/pull-requests/{}/{number}", name.collect::<Vec<_>>().join("/"))
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
    let people = HashMap::from([(id, Who::of(author.login.clone()))]);
    Ok(found.map(|row| ListedPull::of(&row, &names, &people)))
}

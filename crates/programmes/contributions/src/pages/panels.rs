//! Panels on the home page and on profiles.

use askama::Template;
use platform::{
    Context,
    module::{Panel, PanelPlace, PanelRequest, PanelView},
};
use ui::{
    Pic, Tag,
    format::{self, Number},
    html,
};

use super::{
    manage, new_project, own_seasons, person_work, rendered::Rendered, review_panel, state::state,
};
use crate::reads::{self, OwnOpen};

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
        order: 4,
        render: |context, request| Box::pin(person_work::panel(context, request)),
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

//! The panel of the own open pull requests on the home page.

use askama::Template;
use platform::{
    Context,
    module::{PanelRequest, PanelView},
};
use ui::{
    Pic, Tag,
    format::{self, Instant, Number},
    html,
};

use super::{
    open_steps::{Step, pending},
    rendered::Rendered,
    state::state,
};
use crate::reads;

/// The maximum number of open pull requests read, and of those shown.
const OPEN: i64 = 50;
const SHOWN: usize = 4;

#[derive(Template)]
#[template(path = "panel_open_pulls.html")]
struct OpenPullsPanel {
    pulls: Vec<PullRow>,
    /// The number of others.
    more: Number,
    /// The path of all of the person's pull requests.
    all: String,
    now: Instant,
}

struct PullRow {
    address: String,
    title: String,
    /// `owner/name #number`.
    label: String,
    pic: Pic,
    state: Tag,
    step: Step,
}

/// Shows a person's open pull requests that do not wait for themselves; those are work.
pub(super) async fn open_pulls(context: &Context, request: &PanelRequest) -> Rendered {
    let Some(person) = &request.person else {
        return Ok(None);
    };
    let found = reads::own_open(&context.db, person.id.into(), OPEN).await?;
    let now = context.now();
    let all = format!("/people/{}#pulls", format::segment(&person.login));
    let view = PanelView { figures: pending(&found).into_iter().collect(), ..PanelView::default() };
    if found.pulls.is_empty() {
        return Ok((!view.figures.is_empty()).then_some(view));
    }
    let more = i64::try_from(found.pulls.len().saturating_sub(SHOWN)).unwrap_or_default();
    let pulls = found.pulls.into_iter().take(SHOWN).map(|pull| PullRow {
        address: reads::pull_address(&pull.full_name, pull.number),
        label: format!("{} #{}", pull.full_name, pull.number),
        pic: Pic::small(&pull.full_name),
        state: state(pull.state),
        step: Step::of(&pull, now),
        title: pull.title,
    });
    let panel =
        OpenPullsPanel { pulls: pulls.collect(), more: Number(more), all, now: Instant(now) };
    Ok(Some(PanelView { html: html(&panel)?, is_open_work: true, ..view }))
}

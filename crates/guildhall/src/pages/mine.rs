//! The home page of a signed-in person: what needs their attention, and their points.

use askama::Template;
use contributions::{
    pages::{ProjectCard, PullLink, state},
    reads::{Contribution, open_of_person},
};
use identity::model::{Role, Viewer};
use kernel::Month;
use platform::Context;
use recognition::{
    model::{GLOBAL, month_board},
    reads::rank,
};
use ui::{
    PageResult, Tag,
    format::{self, Instant, Number, segment},
    show,
};

use crate::api;

/// The most open pull requests shown.
const ROWS: i64 = 50;

#[derive(Template)]
#[template(path = "mine.html")]
struct MinePage {
    login: String,
    address: String,
    /// The login, encoded for URLs.
    encoded: String,
    total: Number,
    rank: Option<Rank>,
    month: String,
    month_address: String,
    month_points: Number,
    month_rank: Option<Rank>,
    needing: usize,
    dead: Number,
    pulls: Vec<Pull>,
    /// Projects that the viewer maintains.
    projects: Vec<ProjectCard>,
}

struct Rank {
    rank: Number,
    is_tied: bool,
    people: String,
}

struct Pull {
    link: PullLink,
    state: Tag,
    needs_author: bool,
    opened: Instant,
    points: Number,
    pending: Number,
}

impl Rank {
    fn of(position: &recognition::model::RankPosition) -> Self {
        Self {
            rank: Number(position.rank),
            is_tied: position.sharing > 1,
            people: Number(position.people).of("person", "people"),
        }
    }
}

/// Shows the home page of `viewer`.
pub(super) async fn page(context: &Context, viewer: &Viewer) -> PageResult {
    let db = &context.db;
    let month = Month::of(context.now());
    let all_time = rank(db, GLOBAL, viewer.user_id).await?;
    let this_month = rank(db, &month_board(month), viewer.user_id).await?;
    let pulls = pulls(context, viewer).await?;
    let dead = match viewer.role {
        Role::Admin => github::reads::dead(db).await?,
        _ => 0,
    };
    let projects = contributions::reads::maintained_by(db, viewer.user_id).await?;
    let points = |position: &Option<recognition::model::RankPosition>| {
        Number(position.as_ref().map_or(0, |position| position.points))
    };
    show(&MinePage {
        address: format!("/people/{}", segment(&viewer.login)),
        encoded: segment(&viewer.login),
        login: viewer.login.clone(),
        total: points(&all_time),
        rank: all_time.as_ref().map(Rank::of),
        month: format::month(month),
        month_address: format!("/leaderboards/months/{month}"),
        month_points: points(&this_month),
        month_rank: this_month.as_ref().map(Rank::of),
        needing: pulls.iter().filter(|pull| pull.needs_author).count(),
        dead: Number(dead),
        pulls,
        projects: projects.into_iter().map(Into::into).collect(),
    })
}

/// Reads the viewer's open pull requests, those that need the viewer first.
async fn pulls(context: &Context, viewer: &Viewer) -> Result<Vec<Pull>, platform::db::DbError> {
    let found = open_of_person(&context.db, viewer.user_id, ROWS).await?;
    let names = api::names(context, found.iter().map(|row| row.pull_request_id)).await?;
    let pull = |row: &Contribution| {
        Some(Pull {
            link: PullLink::of(names.get(&row.pull_request_id)?),
            state: state(&row.state),
            needs_author: row.state == "CHANGES_REQUESTED",
            opened: Instant(row.opened_at),
            points: Number(row.score),
            pending: Number(row.opening_pending + row.merge_pending),
        })
    };
    let mut pulls: Vec<Pull> = found.iter().filter_map(pull).collect();
    pulls.sort_by_key(|pull| !pull.needs_author);
    Ok(pulls)
}

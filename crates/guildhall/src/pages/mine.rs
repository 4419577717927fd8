//! The home page of a signed-in person: what needs their attention, and their points.

use askama::Template;
use identity::{
    model::{Role, Viewer},
    rules::has_profile,
};
use kernel::Month;
use platform::{
    Context,
    db::DbError,
    module::{Modules, PanelPerson, PanelPlace, PanelRequest, PanelView},
};
use recognition::{
    model::{GLOBAL, RankPosition, month_board},
    reads::{RankWithNeighbors, rank, rank_and_days},
};
use ui::{
    PageResult,
    charts::{self, Bars},
    format::{self, Number, segment},
    show,
};

use super::{people::read_days, progress::Progress};

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
    goal: Option<Goal>,
    weeks: Bars,
    /// Sentences about what needs the viewer's attention.
    attention: Vec<String>,
    dead: Number,
    panels: Vec<PanelView>,
}

struct Rank {
    rank: Number,
    is_tied: bool,
    people: String,
}

/// The next rank.
struct Goal {
    /// What it takes, such as "31 points to pass finch-ash".
    sentence: String,
    /// The path of the profile of the person at the next rank.
    address: Option<String>,
    from: Number,
    to: Number,
    progress: Progress,
}

impl Goal {
    /// Describes the rank above a person's, which `above` has; `None` at the top.
    fn of(found: &RankWithNeighbors, above: Option<&str>) -> Option<Self> {
        let missing = found.position.points_to_next_rank?;
        let progress = Progress::of(found);
        // Equal points share a rank, so that passing takes one more.
        let more = Number(missing.saturating_add(1)).of("point", "points");
        Some(Self {
            sentence: match above {
                Some(login) => format!("{more} to pass {login}"),
                None => format!("{more} to pass the next person"),
            },
            address: above.map(|login| format!("/people/{}", segment(login))),
            from: Number(progress.from),
            to: Number(found.position.points.saturating_add(missing)),
            progress,
        })
    }
}

impl Rank {
    fn of(position: &RankPosition) -> Self {
        Self {
            rank: Number(position.rank),
            is_tied: position.tied_people > 1,
            people: Number(position.people).of("person", "people"),
        }
    }
}

/// Shows the home page of `viewer`.
pub(super) async fn page(context: &Context, modules: Modules, viewer: &Viewer) -> PageResult {
    let db = &context.db;
    let month = Month::of(context.now());
    let today = context.now().date_naive();
    let since = charts::first_week(today).and_time(chrono::NaiveTime::MIN);
    let found = rank_and_days(db, GLOBAL, viewer.user_id, since.and_utc()).await?;
    let (all_time, days) = found.unzip();
    let goal = match &all_time {
        Some(found) => goal(context, found).await?,
        None => None,
    };
    let this_month = rank(db, &month_board(month), viewer.user_id).await?;
    let dead = match viewer.role {
        Role::Admin => github::reads::dead(db).await?,
        _ => 0,
    };
    let request = PanelRequest {
        person: Some(PanelPerson {
            id: viewer.user_id.into(),
            login: viewer.login.clone(),
        }),
        ..PanelRequest::default()
    };
    let panels = modules.panels(context, PanelPlace::Home, &request).await?;
    let points = |position: Option<&RankPosition>| Number(position.map_or(0, |found| found.points));
    let all_time = all_time.map(|found| found.position);
    show(&MinePage {
        address: format!("/people/{}", segment(&viewer.login)),
        encoded: segment(&viewer.login),
        login: viewer.login.clone(),
        total: points(all_time.as_ref()),
        rank: all_time.as_ref().map(Rank::of),
        month: format::month(month),
        month_address: format!("/leaderboards/months/{month}"),
        month_points: points(this_month.as_ref()),
        month_rank: this_month.as_ref().map(Rank::of),
        goal,
        weeks: Bars::by_week(&read_days(days.unwrap_or_default()), today),
        attention: panels
            .iter()
            .filter_map(|panel| panel.attention.clone())
            .collect(),
        dead: Number(dead),
        panels,
    })
}

async fn goal(context: &Context, found: &RankWithNeighbors) -> Result<Option<Goal>, DbError> {
    let logins = identity::reads::logins(&context.db, found.above).await?;
    let above = found.above.and_then(|id| logins.get(&id));
    let above = above.filter(|login| has_profile(login));
    Ok(Goal::of(found, above.map(String::as_str)))
}

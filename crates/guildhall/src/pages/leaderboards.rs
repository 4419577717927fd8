use askama::Template;
use axum::{extract::State, response::Response};
use contributions::{access, model::project_board};
use kernel::Month;
use platform::Context;
use recognition::{
    api::month_of,
    model::{GLOBAL, month_board},
};
use ui::{
    Address, Asked, PageError, PageResult, csv,
    format::{self, Number},
    show,
};

use super::{
    board::{self, Board, BoardQuery, Row},
    projects,
};

/// A link among others, one of which is the page itself.
struct Choice {
    address: String,
    label: String,
    is_current: bool,
}

#[derive(Template)]
#[template(path = "leaderboard.html")]
struct LeaderboardPage {
    heading: String,
    introduction: String,
    caption: String,
    address: String,
    /// The same part as CSV.
    csv: String,
    periods: Vec<Choice>,
    projects: Vec<Choice>,
    /// What the projects beside it are: choices of this board, or boards of their own.
    scope: &'static str,
    is_project: bool,
    board: Board,
    nothing: String,
    around: String,
}

/// Which board it is.
enum Of {
    Everybody,
    Month(Month),
    Project { slug: String, name: String },
}

impl Of {
    fn address(&self) -> String {
        match self {
            Self::Everybody => "/leaderboards".to_owned(),
            Self::Month(month) => format!("/leaderboards/months/{month}"),
            Self::Project { slug, .. } => format!("/leaderboards/projects/{slug}"),
        }
    }

    fn introduction(&self) -> String {
        match self {
            Self::Everybody => {
                "Everybody with points in a project of this server, all time.".to_owned()
            }
            Self::Month(month) => format!("Points earned in {}, by UTC.", format::month(*month)),
            Self::Project { name, .. } => format!("Points earned in {name}, all time."),
        }
    }

    fn heading(&self) -> String {
        match self {
            Self::Everybody => "Leaderboard".to_owned(),
            Self::Month(month) => format!("Leaderboard, {}", format::month(*month)),
            Self::Project { name, .. } => format!("Leaderboard of {name}"),
        }
    }

    fn nothing(&self) -> String {
        match self {
            Self::Everybody => "No points yet".to_owned(),
            Self::Month(month) => format!("No points in {}", format::month(*month)),
            Self::Project { name, .. } => format!("No points in {name} yet"),
        }
    }

    /// All time, this month and the last, an older month when it is shown, and the way to the others.
    /// A project's board knows all time only.
    fn periods(&self, now: Month) -> Vec<Choice> {
        if let Self::Project { .. } = self {
            return vec![Choice {
                address: self.address(),
                label: "All time".to_owned(),
                is_current: true,
            }];
        }
        let month = |month: Month| Choice {
            address: format!("/leaderboards/months/{month}"),
            label: format::month(month),
            is_current: matches!(self, Self::Month(shown) if *shown == month),
        };
        let all_time = Choice {
            address: "/leaderboards".to_owned(),
            label: "All time".to_owned(),
            is_current: matches!(self, Self::Everybody),
        };
        let mut periods = vec![all_time, month(now), month(now.previous())];
        if let Self::Month(shown) = self
            && periods.iter().all(|period| !period.is_current)
        {
            periods.push(month(*shown));
        }
        periods.push(Choice {
            address: "/leaderboards/months".to_owned(),
            label: "Earlier months".to_owned(),
            is_current: false,
        });
        periods
    }

    /// What the projects beside the board are.
    fn scope(&self) -> &'static str {
        match self {
            Self::Everybody => "All projects count here; each has a board of its own:",
            Self::Month(_) => {
                "A month’s board counts all projects. Boards of one project, all time:"
            }
            Self::Project { .. } => {
                "A project keeps one board, of all time. A month’s board counts all projects."
            }
        }
    }

    fn is_project(&self, other: &str) -> bool {
        matches!(self, Self::Project { slug, .. } if slug == other)
    }
}

/// A board and its key.
struct Found {
    key: String,
    of: Of,
}

impl Found {
    fn everybody() -> Self {
        Self {
            key: GLOBAL.to_owned(),
            of: Of::Everybody,
        }
    }

    async fn month(context: &Context, month: &str) -> Result<Self, PageError> {
        let month = month_of(context, month).await?;
        Ok(Self {
            key: month_board(month),
            of: Of::Month(month),
        })
    }

    async fn project(context: &Context, slug: &str) -> Result<Self, PageError> {
        let project = access::project(context, slug).await?;
        Ok(Self {
            key: project_board(project.id.into()),
            of: Of::Project {
                slug: project.slug,
                name: project.name,
            },
        })
    }
}

/// `GET /leaderboards`.
pub(super) async fn global(
    State(context): State<Context>,
    Asked(query): Asked<BoardQuery>,
) -> PageResult {
    leaderboard(&context, Found::everybody(), &query).await
}

/// `GET /leaderboards/board.csv`.
pub(super) async fn global_csv(
    State(context): State<Context>,
    Asked(query): Asked<BoardQuery>,
) -> Result<Response, PageError> {
    board_csv(&context, &Found::everybody(), &query).await
}

/// `GET /leaderboards/months/{month}`.
pub(super) async fn month(
    State(context): State<Context>,
    Address(month): Address<String>,
    Asked(query): Asked<BoardQuery>,
) -> PageResult {
    leaderboard(&context, Found::month(&context, &month).await?, &query).await
}

/// `GET /leaderboards/months/{month}/board.csv`.
pub(super) async fn month_csv(
    State(context): State<Context>,
    Address(month): Address<String>,
    Asked(query): Asked<BoardQuery>,
) -> Result<Response, PageError> {
    board_csv(&context, &Found::month(&context, &month).await?, &query).await
}

/// `GET /leaderboards/projects/{slug}`.
pub(super) async fn project(
    State(context): State<Context>,
    Address(slug): Address<String>,
    Asked(query): Asked<BoardQuery>,
) -> PageResult {
    let found = Found::project(&context, &slug).await?;
    leaderboard(&context, found, &query).await
}

/// `GET /leaderboards/projects/{slug}/board.csv`.
pub(super) async fn project_csv(
    State(context): State<Context>,
    Address(slug): Address<String>,
    Asked(query): Asked<BoardQuery>,
) -> Result<Response, PageError> {
    let found = Found::project(&context, &slug).await?;
    board_csv(&context, &found, &query).await
}

/// The rows that the page shows.
async fn board_csv(
    context: &Context,
    found: &Found,
    query: &BoardQuery,
) -> Result<Response, PageError> {
    let board = board::part(context, &found.key, query).await?;
    let name = found.of.address().replace('/', " ").trim().to_owned();
    let rows = board.rows.into_iter().map(Row::cells);
    Ok(csv::file(&name, Row::HEAD, rows))
}

async fn leaderboard(context: &Context, found: Found, query: &BoardQuery) -> PageResult {
    let Found { key, of } = found;
    let board = board::part(context, &key, query).await?;
    let page = LeaderboardPage {
        heading: of.heading(),
        introduction: of.introduction(),
        caption: format!("{}: {}", of.heading(), board.span()),
        address: of.address(),
        csv: format!("{}/board.csv{}", of.address(), query.as_asked()),
        periods: of.periods(Month::of(context.now())),
        projects: project_choices(context, &of).await?,
        scope: of.scope(),
        is_project: matches!(of, Of::Project { .. }),
        nothing: of.nothing(),
        around: query.around.clone(),
        board,
    };
    show(&page)
}

async fn project_choices(context: &Context, of: &Of) -> Result<Vec<Choice>, PageError> {
    let found = contributions::reads::projects(&context.db, "", projects::MOST as i64).await?;
    let everything = Choice {
        address: "/leaderboards".to_owned(),
        label: "All projects".to_owned(),
        is_current: matches!(of, Of::Everybody),
    };
    // A month's board is no project's: none of the choices would be a choice of it.
    let everything = (!matches!(of, Of::Month(_))).then_some(everything);
    let choice = |project: contributions::reads::ProjectView| Choice {
        address: format!("/leaderboards/projects/{}", project.slug),
        is_current: of.is_project(&project.slug),
        label: project.name,
    };
    let projects = found.into_iter().map(choice);
    Ok(everything.into_iter().chain(projects).collect())
}

/// A month in the list of all.
struct MonthLink {
    address: String,
    label: String,
    people: String,
}

#[derive(Template)]
#[template(path = "months.html")]
struct MonthsPage {
    months: Vec<MonthLink>,
}

/// `GET /leaderboards/months`.
pub(super) async fn months(State(context): State<Context>) -> PageResult {
    let link = |board: recognition::reads::MonthBoard| MonthLink {
        address: format!("/leaderboards/months/{}", board.month),
        label: format::month(board.month),
        people: Number(board.people).of("person", "people"),
    };
    let months = recognition::reads::months(&context.db).await?;
    show(&MonthsPage {
        months: months.into_iter().map(link).collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(of: &Of) -> Vec<String> {
        let now = "2026-11".parse().expect("a month");
        let mark = |choice: &Choice| if choice.is_current { "*" } else { "" };
        of.periods(now)
            .iter()
            .map(|choice| format!("{}{}", choice.label, mark(choice)))
            .collect()
    }

    #[test]
    fn an_older_month_stands_beside_the_usual_periods() {
        assert_eq!(
            labels(&Of::Everybody),
            [
                "All time*",
                "November 2026",
                "October 2026",
                "Earlier months"
            ]
        );
        let october = Of::Month("2026-10".parse().expect("a month"));
        assert_eq!(
            labels(&october),
            [
                "All time",
                "November 2026",
                "October 2026*",
                "Earlier months"
            ]
        );
        let march = Of::Month("2026-03".parse().expect("a month"));
        assert_eq!(
            labels(&march),
            [
                "All time",
                "November 2026",
                "October 2026",
                "March 2026*",
                "Earlier months"
            ]
        );
    }

    #[test]
    fn a_project_keeps_one_board() {
        let of = Of::Project {
            slug: "lantern".to_owned(),
            name: "Lantern".to_owned(),
        };
        assert_eq!(labels(&of), ["All time*"]);
    }
}

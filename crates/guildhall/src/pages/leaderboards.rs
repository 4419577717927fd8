use askama::Template;
use axum::extract::State;
use contributions::actions::project_board;
use kernel::Month;
use platform::Context;
use recognition::{
    api::month_of,
    model::{GLOBAL, month_board},
};

use super::{
    PageError,
    board::{self, Board, BoardQuery},
    extract::{Address, Asked},
    format,
    layout::{PageResult, Section, show},
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
    section: Section,
    heading: String,
    introduction: String,
    caption: String,
    address: String,
    periods: Vec<Choice>,
    projects: Vec<Choice>,
    board: Board,
    nothing: String,
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
                "Everybody with points in a project of this house, all time.".to_owned()
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

    /// All time, this month and the last; an older month beside them when it is shown. A project's
    /// board knows all time only.
    fn periods(&self, now: Month) -> Vec<Choice> {
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
        periods
    }

    fn is_project(&self, other: &str) -> bool {
        matches!(self, Self::Project { slug, .. } if slug == other)
    }
}

/// `GET /leaderboards`.
pub(super) async fn global(
    State(context): State<Context>,
    Asked(query): Asked<BoardQuery>,
) -> PageResult {
    leaderboard(&context, GLOBAL, Of::Everybody, &query).await
}

/// `GET /leaderboards/months/{month}`.
pub(super) async fn month(
    State(context): State<Context>,
    Address(month): Address<String>,
    Asked(query): Asked<BoardQuery>,
) -> PageResult {
    let month = month_of(&context, &month).await?;
    leaderboard(&context, &month_board(month), Of::Month(month), &query).await
}

/// `GET /leaderboards/projects/{slug}`.
pub(super) async fn project(
    State(context): State<Context>,
    Address(slug): Address<String>,
    Asked(query): Asked<BoardQuery>,
) -> PageResult {
    let project = projects::find(&context, &slug).await?;
    let key = project_board(project.id.into());
    let of = Of::Project {
        slug: project.slug,
        name: project.name,
    };
    leaderboard(&context, &key, of, &query).await
}

async fn leaderboard(context: &Context, key: &str, of: Of, query: &BoardQuery) -> PageResult {
    let board = board::part(context, key, query).await?;
    let page = LeaderboardPage {
        section: Section::Leaderboards,
        heading: of.heading(),
        introduction: of.introduction(),
        caption: format!("{}: {}", of.heading(), board.span()),
        address: of.address(),
        periods: of.periods(Month::of(context.now())),
        projects: project_choices(context, &of).await?,
        nothing: of.nothing(),
        board,
    };
    show(&page)
}

async fn project_choices(context: &Context, of: &Of) -> Result<Vec<Choice>, PageError> {
    let found = contributions::reads::projects(&context.db, "", projects::MOST as i64).await?;
    let everything = Choice {
        address: "/leaderboards".to_owned(),
        label: "All projects".to_owned(),
        is_current: !matches!(of, Of::Project { .. }),
    };
    let choice = |project: contributions::reads::ProjectView| Choice {
        address: format!("/leaderboards/projects/{}", project.slug),
        is_current: of.is_project(&project.slug),
        label: project.name,
    };
    Ok(std::iter::once(everything)
        .chain(found.into_iter().map(choice))
        .collect())
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
            ["All time*", "November 2026", "October 2026"]
        );
        let october = Of::Month("2026-10".parse().expect("a month"));
        assert_eq!(
            labels(&october),
            ["All time", "November 2026", "October 2026*"]
        );
        let march = Of::Month("2026-03".parse().expect("a month"));
        assert_eq!(
            labels(&march),
            ["All time", "November 2026", "October 2026", "March 2026*"]
        );
    }
}

//! The extractor of leaderboards. A handler that takes a [`Leaderboard`] serves all of them.

use std::collections::HashMap;

use axum::{extract::FromRequestParts, http::request::Parts};
use identity::model::UserId;
use kernel::{Month, ParseMonthError, Problem, ProblemKind};
use platform::{
    Context,
    db::{Db, DbError},
    web::{Path, WebError},
};
use serde::Deserialize;

use crate::{
    Programme, Programmes,
    model::{
        BoardFamily, GLOBAL, NamedBoard, SourceState, board_in_month, month_board, source_board,
    },
    reads,
};

/// The leaderboard selected by a path: by `{month}`, and by `{slug}` in the routes of a board family.
#[derive(Clone, Debug, Default)]
pub struct Leaderboard {
    /// The board that a programme adds, with its family. Absent for the leaderboard of everyone.
    pub named: Option<(&'static BoardFamily, NamedBoard)>,
    /// The month. Absent for all time.
    pub month: Option<Month>,
    /// The programme whose points count. Absent for all.
    pub source: Option<PointSource>,
    /// The programmes that earned points, in order; empty unless there are two. Only on pages of everyone's leaderboards.
    pub sources: Vec<PointSource>,
}

/// A programme whose points are counted apart from those of others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PointSource {
    /// The programme's name.
    pub name: &'static str,
    /// The kind of its sources.
    pub kind: &'static str,
    /// The origin of the points in words, such as "merges".
    pub words: &'static str,
    /// Absent if it never earned points.
    pub state: Option<SourceState>,
}

impl PointSource {
    /// Returns every programme that can earn points, in order.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn all(context: &Context, programmes: Programmes) -> Result<Vec<Self>, DbError> {
        let earning = programmes.iter().filter(|it| !it.points_from().is_empty());
        let kinds = earning.filter_map(|it| Some((it, *it.sources().first()?)));
        let kinds: Vec<(&'static dyn Programme, &'static str)> = kinds.collect();
        let named = kinds.iter().map(|(_, kind)| *kind);
        let states = reads::source_states(&context.db, named).await?;
        let source = |(programme, kind): (&'static dyn Programme, &'static str)| Self {
            name: programme.name(),
            kind,
            words: programme.points_from(),
            state: states.get(kind).copied(),
        };
        Ok(kinds.into_iter().map(source).collect())
    }

    /// Returns the key of the board of its points, within a month or of all time.
    #[must_use]
    pub fn key(self, month: Option<Month>) -> String {
        match (self.state, month) {
            (Some(SourceState::Alone), None) => GLOBAL.to_owned(),
            (Some(SourceState::Alone), Some(month)) => month_board(month),
            (_, None) => source_board(self.kind),
            (_, Some(month)) => board_in_month(&source_board(self.kind), month),
        }
    }
}

/// The value of the parameter `source` for the points of all programmes.
pub const ALL_SOURCES: &str = "all";

/// Finds the programme that a parameter names among those that can earn points. Absent for all.
///
/// # Errors
/// When no programme has the name.
pub fn source_named(sources: &[PointSource], name: &str) -> Result<Option<PointSource>, Problem> {
    if name == ALL_SOURCES {
        return Ok(None);
    }
    let found = sources.iter().find(|source| source.name == name).copied();
    found.map(Some).ok_or_else(|| {
        let names: Vec<&str> = sources.iter().map(|source| source.name).collect();
        let detail = format!("The source must be {} or {ALL_SOURCES}.", names.join(", "));
        Problem::new(ProblemKind::Malformed, "BAD_SOURCE", detail)
    })
}

impl Leaderboard {
    /// Returns the key of the leaderboard's board.
    #[must_use]
    pub fn key(&self) -> String {
        if let Some(source) = self.source.filter(|_| self.named.is_none()) {
            return source.key(self.month);
        }
        match (&self.named, self.month) {
            (None, None) => GLOBAL.to_owned(),
            (None, Some(month)) => month_board(month),
            (Some((_, board)), None) => board.key.clone(),
            (Some((_, board)), Some(month)) => board_in_month(&board.key, month),
        }
    }

    /// Returns the ranks with which those of people are compared: on the leaderboard of a month, their ranks in the
    /// month before; on others, those that were stored when this month began, or in the first month of a leaderboard,
    /// its second day or this week. People who were not on it are left out.
    pub(crate) async fn ranks_before(
        &self,
        db: &Db,
        people: Vec<UserId>,
    ) -> Result<HashMap<UserId, i64>, DbError> {
        match self.month {
            Some(month) => reads::ranks(db, &self.at(Some(month.previous())).key(), people).await,
            None => reads::first_ranks(db, &self.key(), people).await,
        }
    }

    /// Returns the board that a programme adds.
    #[must_use]
    pub fn board(&self) -> Option<&NamedBoard> {
        self.named.as_ref().map(|(_, board)| board)
    }

    /// Returns the same leaderboard in a month, or of all time.
    #[must_use]
    pub fn at(&self, month: Option<Month>) -> Self {
        Self { month, ..self.clone() }
    }

    /// Chooses the points that count on a page, by the parameter of its address: without one, those of the first programme.
    ///
    /// # Errors
    /// When no programme has the name, or the database fails.
    pub(crate) async fn with_source(
        mut self,
        context: &Context,
        programmes: Programmes,
        name: &str,
    ) -> Result<Self, WebError> {
        if self.named.is_some() {
            return Ok(self);
        }
        let all = PointSource::all(context, programmes).await?;
        let chosen = if name.is_empty() { None } else { Some(source_named(&all, name)?) };
        self.sources = all.into_iter().filter(|source| source.state.is_some()).collect();
        if self.sources.len() < 2 {
            self.sources.clear();
        }
        self.source = chosen.unwrap_or_else(|| self.sources.first().copied());
        Ok(self)
    }

    /// Returns the same leaderboard for the points of a programme, or of all.
    #[must_use]
    pub fn of(&self, source: Option<PointSource>) -> Self {
        Self { source, ..self.clone() }
    }

    /// Finds the leaderboard selected by the parameters of a path.
    pub(crate) async fn find(
        context: &Context,
        family: Option<&'static BoardFamily>,
        parameters: &HashMap<String, String>,
    ) -> Result<Self, WebError> {
        let mut leaderboard = Self::default();
        if let (Some(family), Some(slug)) = (family, parameters.get("slug")) {
            let unknown = || {
                let one = family.one;
                Problem::not_found(format!("Unknown {one} '{slug}'. See /leaderboards."))
            };
            let board = (family.find)(context, slug).await?;
            leaderboard.named = Some((family, board.ok_or_else(unknown)?));
        }
        if let Some(month) = parameters.get("month") {
            leaderboard.month = Some(month_of(context, month).await?);
        }
        Ok(leaderboard)
    }
}

impl FromRequestParts<Context> for Leaderboard {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, context: &Context) -> Result<Self, WebError> {
        let Path(parameters) = Path::from_request_parts(parts, context).await?;
        Self::find(context, family(parts), &parameters).await
    }
}

/// Returns the board family of a request, an extension of the routes of families.
pub(crate) fn family(parts: &Parts) -> Option<&'static BoardFamily> {
    parts.extensions.get::<&'static BoardFamily>().copied()
}

/// The parameter of a path that names a month.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct MonthOf {
    pub(crate) month: String,
}

/// Returns the month of a path, which must have a leaderboard.
pub(crate) async fn month_of(context: &Context, text: &str) -> Result<Month, WebError> {
    let month: Month = text.parse().map_err(|error: ParseMonthError| {
        Problem::new(ProblemKind::Malformed, "BAD_MONTH", format!("{error}."))
    })?;
    if reads::has_board(&context.db, month, Month::of(context.now())).await? {
        return Ok(month);
    }
    let detail = format!(
        "There is no leaderboard for {month}. See /leaderboards/months for all months with points."
    );
    Err(Problem::not_found(detail).into())
}

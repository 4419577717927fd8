use std::collections::HashMap;

use identity::model::UserId;
use kernel::{Points, Problem, Timestamp};
use platform::{
    Context,
    web::{self, WebError},
};
use serde::{Deserialize, Serialize};
use ui::Who;
use utoipa::{IntoParams, ToSchema};

use crate::{
    access::Leaderboard,
    model::{Finalizer, RankPosition},
    reads::{self, Cursor, Start},
};

/// The part of a board that is asked for.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PageQuery {
    /// The number of items per page: 20 by default, at most 100.
    #[param(value_type = i64, required = false, minimum = 1, maximum = 100, example = 20)]
    pub limit: Option<i64>,
    /// The `next_cursor` from the previous page. Cannot be combined with `rank`.
    #[param(value_type = String, required = false)]
    pub cursor: Option<String>,
    /// Start the page at this rank, with everyone who shares it.
    #[param(value_type = i64, required = false, minimum = 1)]
    pub rank: Option<i64>,
}

/// A page of a leaderboard.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "items": [{
        "rank": 1, "login": "wren-oak", "points": 430, "tied_people": 1,
        "rank_change": 2, "reached_at": "2026-11-09T14:20:00Z", "percentile": 99.1, "merged": 7
    }],
    "next_cursor": "430.2026-11-09T142000.000000Z.0193a1b2c3d47e5f8a9b0c1d2e3f4a5b",
    "people": 110, "state": "provisional", "final_at": null, "finalized_by": null, "corrections": 0
}))]
pub struct BoardPage {
    /// The people on this page, by rank.
    pub items: Vec<BoardItem>,
    /// Pass it as `cursor` to get the next page. Null on the last page.
    pub next_cursor: Option<String>,
    /// The number of people on the leaderboard.
    pub people: i64,
    /// `final` if ranks no longer change, otherwise `provisional`.
    pub state: &'static str,
    /// When the ranks became final. Null while they may change.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub final_at: Option<Timestamp>,
    /// The kind of actor that made the ranks final: a `job`, an `operator` of the server, or a `person`, who is an admin for a
    /// month and an organizer for a season. Null while they may change, or if an earlier release made them final.
    pub finalized_by: Option<&'static str>,
    /// The number of ledger entries that came after the ranks became final, which the leaderboard's page lists.
    pub corrections: i64,
}

impl web::Page for BoardPage {
    const START: &'static [&'static str] = &["cursor", "rank"];

    fn next_cursor(&self) -> Option<&str> {
        self.next_cursor.as_deref()
    }
}

/// A person on a leaderboard.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct BoardItem {
    /// The rank. People with equal points share a rank: 1, 2, 2, 4.
    pub rank: i64,
    /// The number of ranks that the person rose, negative if they fell. On the leaderboard of a month, it compares with
    /// their rank on that of the month before; on others, such as those of a season, with their rank when the current
    /// month began, or the month in which the leaderboard became final. In its first month, such a leaderboard compares
    /// with the beginning of its second day instead, and from the next Monday on with the beginning of the week, in
    /// UTC. Null if the person was not on it then, as everyone on its first day.
    pub rank_change: Option<i64>,
    /// The person's login. Empty on a final leaderboard if the person is no longer shown.
    pub login: String,
    /// The person's points.
    #[schema(value_type = i64)]
    pub points: Points,
    /// The number of people with the same points, including this person.
    pub tied_people: i64,
    /// When the person reached these points.
    #[schema(value_type = String, format = DateTime)]
    pub reached_at: Timestamp,
    /// The percentage of people on the leaderboard who have fewer points.
    pub percentile: f64,
    /// The number of merged pull requests that earned points.
    pub merged: i64,
}

/// A person's rank on a leaderboard.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "login": "wren-oak", "rank": 2, "points": 412, "percentile": 99.1, "tied_people": 1, "people": 110,
    "points_to_next_rank": 18, "rank_change": 2
}))]
pub struct Rank {
    /// The person's login.
    pub login: String,
    /// The rank.
    #[serde(flatten)]
    pub position: RankPosition,
    /// The number of ranks that the person rose, negative if they fell, as in the list of the leaderboard. Null if the
    /// person was not on it at the time with which it compares.
    pub rank_change: Option<i64>,
}

/// The last parameter of a rank's path.
#[derive(Clone, Debug, Deserialize)]
pub struct RankOf {
    /// The person's login.
    pub login: String,
}

impl BoardPage {
    /// Reads a page of a leaderboard.
    ///
    /// # Errors
    /// When the query is invalid.
    pub async fn of(
        context: &Context,
        leaderboard: &Leaderboard,
        query: &PageQuery,
    ) -> Result<Self, WebError> {
        let start = Start::read(query.cursor.as_deref(), query.rank)?;
        let (limit, key) = (web::limit(query.limit)?, leaderboard.key());
        let page = reads::page(&context.db, &key, start, limit).await?;
        let people = reads::shown_people(&context.db, &page).await?;
        let ids = page.rows.iter().map(|row| row.user_id).collect();
        let before = leaderboard.ranks_before(&context.db, ids).await?;
        Ok(Self::view(&page, &people, &before))
    }

    /// Shows a page with its people and the ranks that they had before.
    fn view(
        page: &reads::Page,
        people: &HashMap<UserId, Who>,
        before: &HashMap<UserId, i64>,
    ) -> Self {
        let item = |row: &reads::RankedRow| BoardItem {
            rank: row.rank,
            rank_change: before.get(&row.user_id).map(|before| before - row.rank),
            login: people.get(&row.user_id).map(|who| who.login.clone()).unwrap_or_default(),
            points: row.points,
            tied_people: row.tied_people,
            reached_at: row.reached_at,
            percentile: page.percentile(row),
            merged: row.merged,
        };
        Self {
            items: page.rows.iter().map(item).collect(),
            next_cursor: page.next.as_ref().map(Cursor::to_string),
            people: page.people,
            state: page.state.word(),
            final_at: page.state.final_at,
            finalized_by: page.state.final_by.map(Finalizer::as_str),
            corrections: page.state.corrections,
        }
    }
}

impl Rank {
    /// Reads a person's rank on a leaderboard.
    ///
    /// # Errors
    /// When the login is unknown or the person has no points on the leaderboard.
    pub async fn of(
        context: &Context,
        leaderboard: &Leaderboard,
        login: &str,
    ) -> Result<Self, WebError> {
        let person = identity::reads::person(&context.db, login).await?;
        let unknown = || Problem::not_found(format!("Unknown login '{login}'."));
        let person = person.ok_or_else(unknown)?;
        let id = person.id.into();
        let Some(position) = reads::rank(&context.db, &leaderboard.key(), id).await? else {
            let reason = reads::absence(&context.db, id, login).await?;
            return Err(Problem::not_found(reason).into());
        };
        let before = leaderboard.ranks_before(&context.db, vec![id]).await?;
        let rank_change = before.get(&id).map(|before| before - position.rank);
        Ok(Self { login: person.login, position, rank_change })
    }
}

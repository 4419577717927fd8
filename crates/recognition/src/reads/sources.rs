use std::collections::{BTreeMap, HashMap, HashSet};

use identity::model::UserId;
use kernel::Points;
use platform::db::{DbError, Kind, Rows, Sql, ids};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::model::{SourceState, kind_mark, source_board};

/// Returns how the points of kinds of sources are counted: kinds that never earned points are absent.
pub async fn source_states<'a>(
    db: &impl Sql,
    kinds: impl IntoIterator<Item = &'a str>,
) -> Result<BTreeMap<&'a str, SourceState>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        key: String,
    }
    let kinds: Vec<&str> = kinds.into_iter().collect();
    let mut rows = Rows::new([("key", Kind::Text)]);
    for kind in &kinds {
        rows.push([kind_mark(kind).into()]);
        rows.push([source_board(kind).into()]);
    }
    if rows.is_empty() {
        return Ok(BTreeMap::new());
    }
    let mut query = db.query();
    let set = query.rows(rows, "r");
    let sql = format!("SELECT b.key FROM {set} JOIN boards b ON b.key = r.key");
    let found: Vec<Row> = db.all(query.statement(sql)).await?;
    let keys: HashSet<String> = found.into_iter().map(|row| row.key).collect();
    let state = |kind: &'a str| {
        if keys.contains(&source_board(kind)) {
            Some((kind, SourceState::Apart))
        } else {
            keys.contains(&kind_mark(kind)).then_some((kind, SourceState::Alone))
        }
    };
    Ok(kinds.into_iter().filter_map(state).collect())
}

/// Points of people by the key of the board.
pub type PointsOnBoards = HashMap<(UserId, String), Points>;

/// Returns the points of people on the boards with some keys, by one statement.
pub async fn points_on_boards(
    db: &impl Sql,
    keys: &[String],
    people: impl IntoIterator<Item = UserId>,
) -> Result<PointsOnBoards, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        user_id: Uuid,
        key: String,
        points: Points,
    }
    let people: Vec<UserId> = people.into_iter().collect();
    if keys.is_empty() || people.is_empty() {
        return Ok(HashMap::new());
    }
    let mut wanted = Rows::new([("key", Kind::Text)]);
    for key in keys {
        wanted.push([key.as_str().into()]);
    }
    let mut query = db.query();
    let (wanted, people) = (query.rows(wanted, "w"), query.rows(ids(people), "p"));
    let sql = format!(
        "SELECT r.user_id, b.key, r.points FROM {wanted} JOIN boards b ON b.key = w.key \
         CROSS JOIN {people} JOIN board_rows r ON r.user_id = p.id AND r.board_id = b.id"
    );
    let found: Vec<Row> = db.all(query.statement(sql)).await?;
    Ok(found.into_iter().map(|row| ((row.user_id.into(), row.key), row.points)).collect())
}

/// Returns a person's ranks on the boards with some keys, by key, with their points. Boards without the person are absent.
pub async fn ranks_on_boards(
    db: &impl Sql,
    keys: &[String],
    person: UserId,
) -> Result<HashMap<String, (i64, Points)>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        key: String,
        points: Points,
        above: i64,
    }
    if keys.is_empty() {
        return Ok(HashMap::new());
    }
    let mut wanted = Rows::new([("key", Kind::Text)]);
    for key in keys {
        wanted.push([key.as_str().into()]);
    }
    let mut query = db.query();
    let (wanted, person) = (query.rows(wanted, "w"), query.bind(person));
    let sql = format!(
        "SELECT b.key, r.points, CAST({} AS bigint) AS above FROM {wanted} JOIN boards b ON b.key = w.key \
         JOIN board_rows r ON r.board_id = b.id AND r.user_id = {person}",
        super::counting::above_sql("r.board_id", "r.points")
    );
    let found: Vec<Row> = db.all(query.statement(sql)).await?;
    Ok(found.into_iter().map(|row| (row.key, (row.above + 1, row.points))).collect())
}

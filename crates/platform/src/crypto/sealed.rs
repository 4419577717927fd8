//! What is encrypted in the database: looked over, and brought under the newest key.

use std::collections::BTreeMap;

use sea_orm::FromQueryResult;
use uuid::Uuid;

use super::{KeyId, KeyRing};
use crate::{
    ActionError,
    db::{Db, DbError, Kind, Rows, Sql, Tx},
};

/// Values that one transaction looks at.
const AT_ONCE: i64 = 500;

/// A column that holds values of [`KeyRing::seal`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SealedColumn {
    /// Its table, whose rows have an `id`.
    pub table: &'static str,
    /// Its name.
    pub column: &'static str,
    /// The lane that whoever writes it takes before the value is sealed: what is sealed under a former
    /// key is then there to be found when [`reseal`] comes by.
    pub lock: &'static str,
}

/// How many values are sealed under which key.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Survey {
    /// Of each key that has any.
    pub of_keys: BTreeMap<KeyId, u64>,
    /// Of no key in the ring.
    pub of_none: u64,
}

impl Survey {
    /// Values of this key.
    #[must_use]
    pub fn of(&self, id: KeyId) -> u64 {
        self.of_keys.get(&id).copied().unwrap_or_default()
    }

    /// Values of keys in the ring, but of another than this.
    #[must_use]
    pub fn of_others(&self, id: KeyId) -> u64 {
        self.of_keys.values().sum::<u64>() - self.of(id)
    }
}

#[derive(FromQueryResult)]
struct Stored {
    id: Uuid,
    sealed: Vec<u8>,
}

/// Opens every value and says under which key it was.
pub async fn survey(db: &Db, ring: &KeyRing, columns: &[SealedColumn]) -> Result<Survey, DbError> {
    let mut survey = Survey::default();
    for column in columns {
        let mut after = Uuid::nil();
        loop {
            let page = page(db, column, after).await?;
            for stored in &page {
                match ring.find(|keys| keys.open(&stored.sealed)) {
                    Some((id, _)) => *survey.of_keys.entry(id).or_default() += 1,
                    None => survey.of_none += 1,
                }
            }
            match page.last() {
                Some(last) => after = last.id,
                None => break,
            }
        }
    }
    Ok(survey)
}

/// Brings every value under the newest key, some at once, and tells how many each time; gives how many
/// there were. Interrupted, it has done what was told; repeated, it goes on. What no key opens stays.
///
/// # Errors
/// When the database fails, or the machine gives no random bytes.
pub async fn reseal(
    db: &Db,
    ring: &KeyRing,
    columns: &[SealedColumn],
    mut progress: impl FnMut(u64),
) -> Result<u64, ActionError> {
    let mut all = 0;
    for column in columns {
        let mut after = Some(Uuid::nil());
        while let Some(id) = after {
            let tx = db.begin().await?;
            tx.serialize(column.lock).await?;
            let (resealed, last) = reseal_page(&tx, ring, column, id).await?;
            tx.commit().await?;
            progress(resealed);
            (all, after) = (all + resealed, last);
        }
    }
    Ok(all)
}

async fn reseal_page(
    tx: &Tx,
    ring: &KeyRing,
    column: &SealedColumn,
    after: Uuid,
) -> Result<(u64, Option<Uuid>), ActionError> {
    let keys = ring.keys();
    let page = page(tx, column, after).await?;
    let mut rows = Rows::new([("id", Kind::Uuid), ("sealed", Kind::Bytes)]);
    for stored in &page {
        if let Some((id, plain)) = keys.open(&stored.sealed)
            && id != keys.newest().id()
        {
            rows.push([stored.id.into(), keys.seal(&plain)?.into()]);
        }
    }
    let resealed = rows.len() as u64;
    if resealed > 0 {
        let SealedColumn { table, column, .. } = column;
        let mut query = tx.query();
        let rows = query.rows(rows, "r");
        let sql =
            format!("UPDATE {table} SET {column} = r.sealed FROM {rows} WHERE {table}.id = r.id");
        tx.run(query.statement(sql)).await?;
    }
    Ok((resealed, page.last().map(|last| last.id)))
}

async fn page(
    db: &impl Sql,
    SealedColumn { table, column, .. }: &SealedColumn,
    after: Uuid,
) -> Result<Vec<Stored>, DbError> {
    let sql = format!(
        "SELECT id, {column} AS sealed FROM {table} WHERE {column} IS NOT NULL AND id > $1 \
         ORDER BY id LIMIT $2"
    );
    db.all(db.statement(&sql, [after.into(), AT_ONCE.into()]))
        .await
}

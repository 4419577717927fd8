//! Encrypted values in the database: counting them by key, and encrypting them again with the newest key.

use std::collections::BTreeMap;

use uuid::Uuid;

use super::{
    KeyId, KeyRing,
    store::{self, SealedColumn},
};
use crate::{
    ActionError,
    db::{Db, DbError, Kind, Rows, Tx},
};

/// The number of values that one transaction reads.
const AT_ONCE: i64 = 500;

/// The number of values encrypted with each key.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeyUsage {
    /// The count for each key that has any.
    pub of_keys: BTreeMap<KeyId, u64>,
    /// The number of values that no key in the ring decrypts.
    pub undecryptable: u64,
    /// The columns with such values, each with their number.
    pub lost: Vec<(SealedColumn, u64)>,
}

impl KeyUsage {
    /// Returns the number of values of a key.
    #[must_use]
    pub fn of(&self, id: KeyId) -> u64 {
        self.of_keys.get(&id).copied().unwrap_or_default()
    }

    /// Names the values that no key decrypts, and what to do about each kind.
    #[must_use]
    pub fn remedies(&self) -> String {
        let named = self
            .lost
            .iter()
            .map(|(column, count)| format!("{} ({count}): {}", column.holds, column.replaced));
        named.collect::<Vec<_>>().join("; ")
    }

    /// Returns the number of values of the other keys in the ring.
    #[must_use]
    pub fn of_others(&self, id: KeyId) -> u64 {
        self.of_keys.values().sum::<u64>() - self.of(id)
    }
}

/// Counts the values of each column that has any, without decrypting them.
pub async fn sealed_values(
    db: &Db,
    columns: &[SealedColumn],
) -> Result<Vec<(SealedColumn, i64)>, DbError> {
    let mut found = Vec::new();
    for column in columns {
        match store::count(db, column).await? {
            0 => {}
            count => found.push((*column, count)),
        }
    }
    Ok(found)
}

/// Decrypts every value, and counts them by key.
pub async fn survey(
    db: &Db,
    ring: &KeyRing,
    columns: &[SealedColumn],
) -> Result<KeyUsage, DbError> {
    let mut survey = KeyUsage::default();
    for column in columns {
        let mut after = Uuid::nil();
        let mut lost = 0;
        loop {
            let page = store::page(db, column, after, AT_ONCE).await?;
            for stored in &page {
                match ring.find(|keys| keys.open(&stored.sealed)) {
                    Some((id, _)) => *survey.of_keys.entry(id).or_default() += 1,
                    None => lost += 1,
                }
            }
            match page.last() {
                Some(last) => after = last.id,
                None => break,
            }
        }
        if lost > 0 {
            survey.undecryptable += lost;
            survey.lost.push((*column, lost));
        }
    }
    Ok(survey)
}

/// Encrypts every value again with the newest key, in batches whose sizes are passed to `progress`. Returns the
/// number of values. After an interruption, a repeated call continues. Values that no key decrypts are left
/// alone.
///
/// # Errors
/// When the database fails, or the operating system provides no random bytes.
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
    let page = store::page(tx, column, after, AT_ONCE).await?;
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
        store::put(tx, column, rows).await?;
    }
    Ok((resealed, page.last().map(|last| last.id)))
}

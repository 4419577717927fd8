//! Encrypted values of the database: counted by key, and sealed again under the newest one.

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

/// Values that one transaction looks at.
const AT_ONCE: i64 = 500;

/// Number of values sealed under each key.
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

/// Opens every value and counts them by key.
pub async fn survey(db: &Db, ring: &KeyRing, columns: &[SealedColumn]) -> Result<Survey, DbError> {
    let mut survey = Survey::default();
    for column in columns {
        let mut after = Uuid::nil();
        loop {
            let page = store::page(db, column, after, AT_ONCE).await?;
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

/// Seals every value under the newest key, in batches whose sizes `progress` gets; gives how many there
/// were. Interrupted, it has done those batches; repeated, it goes on. Values that no key opens stay.
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

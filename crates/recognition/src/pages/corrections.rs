//! Entries that came after a board became final.

use std::collections::BTreeSet;

use identity::{model::UserId, rules::has_profile};
use platform::{Context, db::DbError};
use ui::{
    Who,
    format::{Instant, Signed},
};

use crate::{
    Programmes,
    model::SourceLink,
    reads::{self, Correction},
};

/// An entry that came after a board became final.
#[derive(Clone, Debug)]
pub struct CorrectionRow {
    /// The person, who is gone if they are no longer shown on leaderboards.
    pub who: Who,
    /// The points of the entry.
    pub points: Signed,
    /// The kind and the reason of the entry.
    pub cause: String,
    /// The source with a link to its explanation; absent when it must not be shown.
    pub source: Option<SourceLink>,
    /// When the entry was written.
    pub posted: Instant,
}

impl CorrectionRow {
    /// Reads the latest corrections of the board with a key.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn read(
        context: &Context,
        programmes: Programmes,
        key: &str,
        limit: i64,
    ) -> Result<Vec<Self>, DbError> {
        let found = reads::corrections(&context.db, key, limit).await?;
        if found.is_empty() {
            return Ok(Vec::new());
        }
        let people: BTreeSet<UserId> = found.iter().map(|row| row.user_id.into()).collect();
        let hidden = reads::unlisted(&context.db, people.iter().copied()).await?;
        let shown = identity::reads::who(&context.db, people).await?;
        let entries: Vec<_> = found.iter().map(|row| row.entry.clone()).collect();
        let words = programmes.describe(context, &entries).await?;
        let row = |(row, words): (&Correction, crate::model::EntryDescription)| {
            let person = UserId::from(row.user_id);
            let who = shown.get(&person).filter(|who| has_profile(&who.login));
            let who = who.filter(|_| !hidden.contains(&person));
            Self {
                who: who.cloned().unwrap_or_default(),
                points: Signed(row.points()),
                cause: format!("{}, {}", row.entry.kind_word(), words.reason),
                source: words.source,
                posted: Instant(row.entry.created_at),
            }
        };
        Ok(found.iter().zip(words).map(row).collect())
    }
}

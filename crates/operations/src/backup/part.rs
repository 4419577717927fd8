//! Parts of a backup, in a database beside the live one: what was deleted by mistake is looked up there, and entered again.

use std::path::Path;

use anyhow::{Context as _, Result, bail, ensure};
use platform::{
    db::{
        DatabaseUrl, Db,
        copy::{self, Copied, Part},
    },
    files,
};
use uuid::Uuid;

use super::{Copier, Source, beside, clear, draft_of, drafted, publish, refuse_existing};

/// The table of people, and the one of their accounts at other services, to which other tables refer.
const PEOPLE: (&str, &[&str]) = ("users", &["user_identities"]);

/// The rows to take out of a backup.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// All rows of these tables.
    Tables(Vec<String>),
    /// A person, and all rows that refer to them or to one of their accounts.
    Person(Uuid),
}

impl Copier {
    /// Writes rows of a backup into a new SQLite file, as tables without constraints. The backup and every database stay as
    /// they are.
    ///
    /// # Errors
    /// When `from` is not an undamaged backup or has no such table or person, or `to` exists already or cannot be written.
    pub async fn extract(
        self,
        from: Source<'_>,
        wanted: &Wanted,
        to: &Path,
    ) -> Result<Vec<Copied>> {
        refuse_existing(to)?;
        let (draft, whole) = (draft_of(to)?, draft_of(&beside(to, ".whole"))?);
        files::create_private(&draft, &[])
            .with_context(|| format!("cannot write {}", to.display()))?;
        let taken = drafted(&draft, async {
            from.copy_to(&whole).await?;
            let backup = self.open_copy(&whole, from.file).await?;
            let side = Db::connect(&DatabaseUrl::Sqlite(draft.clone())).await?;
            let copied = take(&backup, &side, wanted).await;
            let is_whole = side.empty_log().await;
            side.close().await;
            backup.close().await;
            let copied = copied?;
            is_whole?;
            publish(&draft, to)?;
            Ok(copied)
        });
        let taken = taken.await;
        clear(&whole)?;
        taken
    }
}

/// Copies the rows into an empty database.
async fn take(backup: &Db, side: &Db, wanted: &Wanted) -> Result<Vec<Copied>> {
    let from = backup.snapshot().await?;
    let part = match wanted {
        Wanted::Tables(names) => {
            let known = copy::tables(&from).await?;
            let unknown = names.iter().find(|name| !known.iter().any(|one| one.name == **name));
            if let Some(name) = unknown {
                bail!("the backup has no table {name}: `guildhall schema` lists all tables");
            }
            Part::Tables(names)
        }
        Wanted::Person(id) => Part::Of { table: PEOPLE.0, id: *id, through: PEOPLE.1 },
    };
    let tx = side.begin().await?;
    let copied = copy::extract(&from, &tx, part).await?;
    if let Wanted::Person(id) = wanted {
        let has_person = copied.iter().any(|table| table.table == PEOPLE.0);
        ensure!(has_person, "the backup has no person with the ID {id}");
    }
    tx.commit().await?;
    Ok(copied)
}

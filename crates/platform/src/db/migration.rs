use sea_orm_migration::MigrationTrait;
use serde::Serialize;

/// The meaning of a migration for a program that does not know it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// It only adds: the release before reads and writes the schema as ever.
    Additive,
    /// It takes away, renames or narrows what the release before uses.
    Replaces,
}

/// How a migration is undone, should a release be given up for good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WayBack {
    /// By its `down`, which ends with the schema of before.
    Down,
    /// By what an operator does, in words.
    Written(&'static str),
    /// By restoring a backup from before: it was released before ways back were declared.
    Backup,
}

/// An index of a table with rows, built after the migrations are committed, while other processes read and write the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LateIndex {
    pub name: &'static str,
    pub table: &'static str,
    /// The indexed columns or expressions, in SQL of both engines, such as `(user_id, created_at) WHERE ended_at IS NULL`.
    pub on: &'static str,
}

/// A migration, which says what it means for the release before it. Declared by [`crate::migration!`].
pub trait Migration: MigrationTrait {
    /// Returns whether the release before runs on the schema that it leaves.
    fn change(&self) -> Change;

    /// Returns how it is undone.
    fn way_back(&self) -> WayBack;

    /// Returns the indexes that it adds to tables with rows.
    fn indexes(&self) -> &'static [LateIndex];
}

/// Declares a migration of a module: its version, whether it is `additive` or `replaces` what the release before uses, the function
/// that applies it, and its way back. That is one of
///
/// - `drops["TABLE", …]`: the tables that it created, in that order;
/// - `down FUNCTION`, which restores the schema of before;
/// - `back "WORDS"`, what an operator does, to follow the words "undone by".
///
/// `indexes CONSTANT` instead of the function adds each [`LateIndex`] of a `&[LateIndex]` to a table with rows, without holding its
/// writers up. Migrations without a way back are from before ways back were declared.
#[macro_export]
macro_rules! migration {
    (@change additive) => { $crate::db::Change::Additive };
    (@change replaces) => { $crate::db::Change::Replaces };
    (
        @declare [$(#[$doc:meta])*] $name:ident, $version:literal, $change:expr, $back:expr, $indexes:expr,
        $up:path $(, $manager:ident => $down:expr)?
    ) => {
        $(#[$doc])*
        struct $name;

        impl sea_orm_migration::MigrationName for $name {
            fn name(&self) -> &str {
                $version
            }
        }

        #[sea_orm_migration::async_trait::async_trait]
        impl sea_orm_migration::MigrationTrait for $name {
            async fn up(
                &self,
                manager: &sea_orm_migration::SchemaManager,
            ) -> Result<(), sea_orm_migration::sea_orm::DbErr> {
                $up(manager).await
            }

            $(
                async fn down(
                    &self,
                    $manager: &sea_orm_migration::SchemaManager,
                ) -> Result<(), sea_orm_migration::sea_orm::DbErr> {
                    $down.await
                }
            )?
        }

        impl $crate::db::Migration for $name {
            fn change(&self) -> $crate::db::Change {
                $change
            }

            fn way_back(&self) -> $crate::db::WayBack {
                $back
            }

            fn indexes(&self) -> &'static [$crate::db::LateIndex] {
                $indexes
            }
        }
    };
    ($(#[$doc:meta])* $name:ident, $version:literal, indexes $indexes:path $(,)?) => {
        $crate::migration!(
            @declare [$(#[$doc])*] $name, $version, $crate::db::Change::Additive, $crate::db::WayBack::Down,
            $indexes, $crate::db::schema::nothing,
            manager => $crate::db::schema::drop_indexes(manager, $indexes)
        );
    };
    (
        $(#[$doc:meta])* $name:ident, $version:literal, $change:ident, $up:path,
        drops [$($table:literal),+ $(,)?] $(,)?
    ) => {
        $crate::migration!(
            @declare [$(#[$doc])*] $name, $version, $crate::migration!(@change $change),
            $crate::db::WayBack::Down, &[], $up,
            manager => $crate::db::schema::drop_tables(manager, &[$($table),+])
        );
    };
    (
        $(#[$doc:meta])* $name:ident, $version:literal, $change:ident, $up:path, down $down:path $(,)?
    ) => {
        $crate::migration!(
            @declare [$(#[$doc])*] $name, $version, $crate::migration!(@change $change),
            $crate::db::WayBack::Down, &[], $up, manager => $down(manager)
        );
    };
    (
        $(#[$doc:meta])* $name:ident, $version:literal, $change:ident, $up:path, back $words:literal $(,)?
    ) => {
        $crate::migration!(
            @declare [$(#[$doc])*] $name, $version, $crate::migration!(@change $change),
            $crate::db::WayBack::Written($words), &[], $up
        );
    };
    ($(#[$doc:meta])* $name:ident, $version:literal, $change:ident, $up:path $(,)?) => {
        $crate::migration!(
            @declare [$(#[$doc])*] $name, $version, $crate::migration!(@change $change),
            $crate::db::WayBack::Backup, &[], $up
        );
    };
}

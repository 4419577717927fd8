//! Sample data: the demo and `seed` write only into a database that holds nothing else, and never in production.

use anyhow::ensure;
use chrono::DateTime;
use platform::{
    Context,
    audit::{self, Act, Actor},
    config::{Config, Environment},
    db::{DbError, Tx, copy},
};
use uuid::Uuid;

/// The action that marks a database of sample data, in the audit log, where it cannot be removed.
pub(crate) const BEGIN: &str = "sample_data.begin";

/// Refuses sample data and simulated services in production.
///
/// # Errors
/// When the configuration says production.
pub(crate) fn refuse_in_production(config: &Config) -> anyhow::Result<()> {
    ensure!(
        config.environment != Environment::Production,
        "sample data and simulated services are refused in production: GUILDHALL_ENVIRONMENT is production. Use another \
         installation"
    );
    Ok(())
}

/// Checks that a database may get sample data, and marks it.
///
/// # Errors
/// When the configuration says production, or the database holds anything that is not sample data.
pub async fn begin(context: &Context, config: &Config) -> anyhow::Result<()> {
    refuse_in_production(config)?;
    let tx = context.begin().await?;
    if is_marked(&tx).await? {
        return Ok(());
    }
    ensure!(
        is_empty(&tx).await?,
        "this database contains data other than sample data. Use another --data-dir, and unset DATABASE_URL"
    );
    let act = Act {
        actor: Actor::Operator,
        action: BEGIN,
        target_kind: "sample_data",
        target_id: Uuid::nil(),
        before: None,
        after: None,
        reason: None,
    };
    audit::record(&tx, context, act).await?;
    Ok(tx.commit().await?)
}

/// Counts the rows of a database of sample data.
///
/// # Errors
/// When the configuration says production, or the database is not marked as one of sample data.
pub(crate) async fn rows(context: &Context, config: &Config) -> anyhow::Result<i64> {
    refuse_in_production(config)?;
    let tx = context.begin().await?;
    ensure!(
        is_marked(&tx).await?,
        "this database contains no sample data, so nothing was removed. Check --data-dir and DATABASE_URL"
    );
    let counts = copy::counts(&tx).await?;
    Ok(counts.iter().map(|table| table.rows).sum())
}

async fn is_marked(tx: &Tx) -> Result<bool, DbError> {
    let marks = audit::acts(tx, BEGIN, ("sample_data", Uuid::nil()), DateTime::UNIX_EPOCH).await?;
    Ok(!marks.is_empty())
}

/// Returns true if nothing has happened yet: no person is known, no delivery arrived, and no operator did anything.
async fn is_empty(tx: &Tx) -> Result<bool, DbError> {
    Ok(!identity::reads::has_people(tx).await?
        && !github::reads::has_deliveries(tx).await?
        && audit::search(tx, &audit::Filter::default(), 1).await?.is_empty())
}

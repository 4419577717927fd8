use kernel::Timestamp;
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::{
    Context,
    config::Network,
    db::{DbError, Sql, Tx},
};

/// A network that is exempt from rate limits by client address.
#[derive(Clone, Debug)]
pub struct ExemptNetwork {
    pub network: Network,
    /// The path of the page of its owner.
    pub owner: String,
    /// The instant from which it is not exempt any longer.
    pub ends_at: Timestamp,
}

#[derive(FromQueryResult)]
struct Row {
    network: String,
    owner: String,
    ends_at: Timestamp,
}

/// Lists the networks that are exempt at an instant, at most 1,000. A row that is not a network is left out.
pub async fn in_effect(db: &impl Sql, now: Timestamp) -> Result<Vec<ExemptNetwork>, DbError> {
    let sql = "SELECT e.network, e.owner, e.ends_at FROM exempt_networks e \
               WHERE e.starts_at <= $1 AND e.ends_at > $1 ORDER BY e.owner, e.id LIMIT 1000";
    let rows: Vec<Row> = db.all(db.statement(sql, [now.into()])).await?;
    let network = |row: Row| {
        Some(ExemptNetwork {
            network: row.network.parse().ok()?,
            owner: row.owner,
            ends_at: row.ends_at,
        })
    };
    Ok(rows.into_iter().filter_map(network).collect())
}

/// Sets the networks of an owner, which is the path of a page that says why they are exempt, and the instants between which they
/// are. Earlier ones of the owner are removed.
pub async fn set(
    tx: &Tx,
    context: &Context,
    owner: &str,
    networks: &[Network],
    starts_at: Timestamp,
    ends_at: Timestamp,
) -> Result<(), DbError> {
    let sql = "DELETE FROM exempt_networks WHERE owner = $1";
    tx.run(tx.statement(sql, [owner.into()])).await?;
    for network in networks {
        let sql = "INSERT INTO exempt_networks (id, created_at, network, owner, starts_at, ends_at) \
                   VALUES ($1, $2, $3, $4, $5, $6)";
        let id: Uuid = context.ids.next();
        let values = [
            id.into(),
            context.now().into(),
            network.to_string().into(),
            owner.into(),
            starts_at.into(),
            ends_at.into(),
        ];
        tx.run(tx.statement(sql, values)).await?;
    }
    Ok(())
}

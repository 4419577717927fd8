//! Statements for rewards, their codes and redemptions.

use identity::model::UserId;
use kernel::{Points, Timestamp};
use platform::{
    crypto::SealedColumn,
    db::{Cell, DbError, Kind, Rows, Sql, Tx},
};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::{
    model::{RedemptionId, RedemptionStatus, RewardId},
    rules::rewards::RewardDetails,
};

/// The columns that hold encrypted values.
pub(crate) const SEALED: [SealedColumn; 2] = [
    SealedColumn {
        table: "reward_redemptions",
        column: "claim_secret",
        holds: "the addresses to which rewards are sent",
        replaced: "ask these people again",
        lock: CLAIMS,
    },
    SealedColumn {
        table: "reward_codes",
        column: "code_secret",
        holds: "the coupon codes of rewards",
        replaced: "enter them again",
        lock: CODES,
    },
];

/// The lock under which claim details are encrypted.
pub(crate) const CLAIMS: &str = "hackathons.reward_claims";

/// The lock under which coupon codes are encrypted.
pub(crate) const CODES: &str = "hackathons.reward_codes";

pub(crate) async fn insert(
    tx: &Tx,
    id: RewardId,
    slug: &str,
    details: &RewardDetails,
    owner: Option<UserId>,
    now: Timestamp,
) -> Result<(), DbError> {
    let mut query = tx.query();
    let own: [(&str, Cell); 4] = [
        ("id", id.into()),
        ("created_at", now.into()),
        ("updated_at", now.into()),
        ("slug", slug.into()),
    ];
    let values = query.values(own.into_iter().chain(cells(details, owner)));
    let sql = format!("INSERT INTO rewards {values}");
    tx.run(query.statement(sql)).await?;
    Ok(())
}

/// Writes the details of a reward.
pub(crate) async fn update(
    tx: &Tx,
    id: RewardId,
    details: &RewardDetails,
    owner: Option<UserId>,
    now: Timestamp,
) -> Result<(), DbError> {
    let mut query = tx.query();
    let set = query.assignments(cells(details, owner));
    let (now, id) = (query.bind(now), query.bind(id));
    let sql = format!("UPDATE rewards SET {set}, updated_at = {now} WHERE id = {id}");
    tx.run(query.statement(sql)).await?;
    Ok(())
}

fn cells(details: &RewardDetails, owner: Option<UserId>) -> [(&'static str, Cell); 11] {
    [
        ("kind", details.kind.as_str().into()),
        ("name", details.name.as_str().into()),
        ("description", details.description.as_str().into()),
        ("cost", details.cost.into()),
        ("stock", details.stock.into()),
        ("low_stock", details.low_stock.into()),
        ("person_limit", details.person_limit.into()),
        ("claim_kind", details.claim_kind.as_str().into()),
        ("owner_id", owner.map(|owner| owner.0).into()),
        ("active_from", details.active_from.into()),
        ("active_until", details.active_until.into()),
    ]
}

/// Archives a reward, or takes it out of the archive.
pub(crate) async fn set_archived(
    tx: &Tx,
    id: RewardId,
    archived_at: Option<Timestamp>,
    now: Timestamp,
) -> Result<(), DbError> {
    let sql = "UPDATE rewards SET archived_at = $2, updated_at = $3 WHERE id = $1";
    let values = [id.into(), archived_at.into(), now.into()];
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}

/// Moves the stock of a reward that has one. The caller holds the lock of its row.
pub(crate) async fn move_stock(tx: &Tx, id: RewardId, by: i64) -> Result<(), DbError> {
    let sql = "UPDATE rewards SET stock = stock + $2 WHERE id = $1 AND stock IS NOT NULL";
    tx.run(tx.statement(sql, [id.into(), by.into()])).await?;
    Ok(())
}

/// Inserts encrypted codes of a reward.
pub(crate) async fn insert_codes(
    tx: &Tx,
    reward: RewardId,
    codes: Vec<(Uuid, Vec<u8>)>,
    now: Timestamp,
) -> Result<(), DbError> {
    let mut rows = Rows::new([("id", Kind::Uuid), ("code_secret", Kind::Bytes)]);
    for (id, sealed) in codes {
        rows.push([id.into(), sealed.into()]);
    }
    let mut query = tx.query();
    let (rows, now) = (query.rows(rows, "r"), query.bind(now));
    let reward = query.bind(reward);
    let sql = format!(
        "INSERT INTO reward_codes (id, created_at, reward_id, code_secret) \
         SELECT r.id, {now}, {reward}, r.code_secret FROM {rows}"
    );
    tx.run(query.statement(sql)).await?;
    Ok(())
}

/// Returns the encrypted codes of a reward.
pub(crate) async fn codes(db: &impl Sql, reward: RewardId) -> Result<Vec<Vec<u8>>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        code_secret: Vec<u8>,
    }
    let sql = "SELECT code_secret FROM reward_codes WHERE reward_id = $1";
    let rows: Vec<Row> = db.all(db.statement(sql, [reward.into()])).await?;
    Ok(rows.into_iter().map(|row| row.code_secret).collect())
}

/// Gives the first free code of a reward to a redemption; returns whether there was one. The caller holds the lock of the
/// reward's row.
pub(crate) async fn take_code(
    tx: &Tx,
    reward: RewardId,
    redemption: RedemptionId,
) -> Result<bool, DbError> {
    let sql = "UPDATE reward_codes SET redemption_id = $2 WHERE id = (SELECT id FROM reward_codes \
               WHERE reward_id = $1 AND redemption_id IS NULL ORDER BY id LIMIT 1)";
    let values = [reward.into(), redemption.into()];
    Ok(tx.run(tx.statement(sql, values)).await? > 0)
}

/// Makes the code of a redemption free for another.
pub(crate) async fn free_code(tx: &Tx, redemption: RedemptionId) -> Result<(), DbError> {
    let sql = "UPDATE reward_codes SET redemption_id = NULL WHERE redemption_id = $1";
    tx.run(tx.statement(sql, [redemption.into()])).await?;
    Ok(())
}

pub(crate) struct NewRedemption {
    pub(crate) id: RedemptionId,
    pub(crate) reward: RewardId,
    pub(crate) person: UserId,
    pub(crate) cost: Points,
    /// The claim details, encrypted.
    pub(crate) claim: Option<Vec<u8>>,
}

pub(crate) async fn insert_redemption(
    tx: &Tx,
    new: NewRedemption,
    now: Timestamp,
) -> Result<(), DbError> {
    let sql = "INSERT INTO reward_redemptions (id, created_at, reward_id, user_id, cost, status, status_at, claim_secret) \
               VALUES ($1, $2, $3, $4, $5, 'requested', $2, $6)";
    let values = [
        new.id.into(),
        now.into(),
        new.reward.into(),
        new.person.into(),
        new.cost.into(),
        new.claim.into(),
    ];
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}

/// Stores the status of a redemption, and the admin who decided it. A delivered or canceled one loses its claim details.
pub(crate) async fn set_status(
    tx: &Tx,
    id: RedemptionId,
    status: RedemptionStatus,
    decided_by: Option<Uuid>,
    now: Timestamp,
) -> Result<(), DbError> {
    let claim = if status.is_open() { "claim_secret" } else { "NULL" };
    let sql = format!(
        "UPDATE reward_redemptions SET status = $2, status_at = $3, decided_by_id = $4, claim_secret = {claim} WHERE id = $1"
    );
    let values = [id.into(), status.as_str().into(), now.into(), decided_by.into()];
    tx.run(tx.statement(&sql, values)).await?;
    Ok(())
}

/// Marks the open redemptions that were requested before an instant, and whose owner was not notified, as notified. Returns them.
pub(crate) async fn notify_owners(
    tx: &Tx,
    before: Timestamp,
    now: Timestamp,
) -> Result<Vec<Uuid>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        id: Uuid,
    }
    let sql = "UPDATE reward_redemptions SET owner_notified_at = $2 WHERE status IN ('requested', 'approved') \
               AND owner_notified_at IS NULL AND created_at <= $1 RETURNING id";
    let rows: Vec<Row> = tx.all(tx.statement(sql, [before.into(), now.into()])).await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// Removes the claim details of a person, and the person from the owners of rewards.
pub(crate) async fn forget(tx: &Tx, person: UserId) -> Result<(), DbError> {
    for sql in [
        "UPDATE reward_redemptions SET claim_secret = NULL WHERE user_id = $1 AND claim_secret IS NOT NULL",
        "UPDATE rewards SET owner_id = NULL WHERE owner_id = $1",
    ] {
        tx.run(tx.statement(sql, [person.into()])).await?;
    }
    Ok(())
}

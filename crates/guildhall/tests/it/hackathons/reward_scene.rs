//! Rewards and points for tests.

use std::sync::Arc;

use hackathons::{
    actions::{NewReward, add_codes, create_reward, redeem_reward},
    reads::{self, RedemptionView, RewardView},
    rules::rewards::RewardInput,
};
use identity::model::UserId;
use kernel::{Month, Points};
use platform::{audit::Actor::Operator, db::Sql as _};
use recognition::{
    actions::{SAMPLE_SOURCE, reconcile},
    model::{Entitlement, EntryKind, GLOBAL, Source, month_board},
};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::app::TestApp;

/// The details of a reward with a cost.
pub(super) fn mug(cost: i64) -> RewardInput {
    RewardInput {
        name: Some("Mug".to_owned()),
        kind: Some("swag".to_owned()),
        cost: Some(cost.to_string()),
        ..RewardInput::default()
    }
}

/// The same with a stock.
pub(super) fn mugs(cost: i64, stock: i64) -> RewardInput {
    RewardInput { stock: Some(stock.to_string()), ..mug(cost) }
}

impl TestApp {
    /// Gives points to a person, which count on boards.
    pub(super) async fn earns(&self, person: UserId, points: Points) {
        #[derive(FromQueryResult)]
        struct Row {
            id: Uuid,
        }
        let context = self.context();
        let sql = "SELECT id FROM user_identities WHERE user_id = $1 ORDER BY id LIMIT 1";
        let tx = context.begin().await.expect("a transaction");
        let account: Option<Row> = tx.one(tx.statement(sql, [person.into()])).await.expect("read");
        let source = Source { kind: SAMPLE_SOURCE, id: context.ids.next() };
        let entitlement = Entitlement {
            user_id: person,
            identity_id: account.expect("an account").id.into(),
            source,
            reason: SAMPLE_SOURCE,
            kind: EntryKind::Award,
            points,
            occurred_at: context.now(),
            boards: Arc::from([GLOBAL.to_owned(), month_board(Month::of(context.now()))]),
            explanation: "{}".to_owned(),
        };
        reconcile(&tx, context, &[(source, SAMPLE_SOURCE)], vec![entitlement])
            .await
            .expect("posted");
        tx.commit().await.expect("committed");
    }

    /// Creates a reward. Returns its slug.
    pub(super) async fn reward(&self, details: RewardInput) -> String {
        let new = NewReward { slug: None, details };
        let created = create_reward(self.context(), Operator, new).await;
        created.expect("a reward").slug
    }

    /// Creates a reward with codes. Returns its slug.
    pub(super) async fn coupons(&self, cost: i64, codes: &str) -> String {
        let slug = self
            .reward(RewardInput {
                name: Some("Hosting".to_owned()),
                claim_kind: Some("coupon_code".to_owned()),
                ..mug(cost)
            })
            .await;
        add_codes(self.context(), Operator, &slug, codes).await.expect("codes");
        slug
    }

    pub(super) async fn reward_view(&self, slug: &str) -> RewardView {
        let found = reads::reward(&self.context().db, slug).await;
        found.expect("read").expect("a reward")
    }

    /// Lets a person redeem a reward that needs no claim.
    pub(super) async fn redeems(&self, person: UserId, slug: &str) -> RedemptionView {
        let redeemed = redeem_reward(self.context(), person, slug, "").await;
        redeemed.expect("redeemed")
    }

    /// Returns the points that a person can spend, and their all-time points.
    pub(super) async fn purse(&self, person: UserId) -> (Points, Points) {
        let db = &self.context().db;
        let spendable = recognition::reads::spendable(db, person).await;
        let earned = identity::reads::points(db, person).await;
        (spendable.expect("read"), earned.expect("read"))
    }
}

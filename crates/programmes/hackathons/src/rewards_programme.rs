//! Rewards as a programme: their redemptions spend points.

use std::collections::{BTreeSet, HashMap};

use futures_util::future::BoxFuture;
use platform::{Context, db::DbError};
use recognition::{
    Programme, Targets,
    model::{
        CanonicalPart, EntryDescription, EntryWithExplanation, Mismatch, Resettled, SettlementMode,
    },
    reads::dump_line,
};
use serde_json::json;
use uuid::Uuid;

use crate::{
    actions::{mismatches_of_rewards, resettle_rewards},
    model::REDEMPTION_SOURCE,
    reads::{self, RedemptionPart, RedemptionView},
};

/// The programme whose redemptions spend points.
#[derive(Debug)]
pub struct Rewards;

impl Programme for Rewards {
    fn name(&self) -> &'static str {
        "hackathons"
    }

    fn sources(&self) -> &'static [&'static str] {
        &[REDEMPTION_SOURCE]
    }

    fn resettle<'a>(
        &'a self,
        context: &'a Context,
        mode: SettlementMode,
        progress: &'a mut (dyn FnMut(usize) + Send),
    ) -> BoxFuture<'a, Result<Resettled, DbError>> {
        Box::pin(resettle_rewards(context, mode, progress))
    }

    fn mismatches<'a>(
        &'a self,
        context: &'a Context,
    ) -> BoxFuture<'a, Result<Vec<Mismatch>, DbError>> {
        Box::pin(mismatches_of_rewards(context))
    }

    fn dump<'a>(&'a self, context: &'a Context) -> BoxFuture<'a, Result<CanonicalPart, DbError>> {
        Box::pin(async move {
            let all = RedemptionPart::All;
            let found = reads::redemptions(&context.db, all, None, i64::MAX).await?;
            let line = |it: &RedemptionView| {
                let object = json!({
                    "reward": it.slug, "cost": it.cost, "status": it.status.as_str(),
                    "redeemed_at": it.created_at,
                });
                dump_line("redemption", &object)
            };
            Ok(CanonicalPart {
                lines: found.iter().map(line).collect(),
                ..CanonicalPart::default()
            })
        })
    }

    /// Describes entries without the reward: everyone can read a person's entries.
    fn describe<'a>(
        &'a self,
        _context: &'a Context,
        entries: &'a [EntryWithExplanation],
    ) -> BoxFuture<'a, Result<Vec<EntryDescription>, DbError>> {
        let described = entries.iter().map(|it| EntryDescription::of_reason(&it.reason));
        Box::pin(std::future::ready(Ok(described.collect())))
    }

    fn targets<'a>(
        &'a self,
        context: &'a Context,
        kind: &'a str,
        ids: &'a BTreeSet<Uuid>,
    ) -> BoxFuture<'a, Result<Targets, DbError>> {
        Box::pin(async move {
            if kind != "reward" {
                return Ok(HashMap::new());
            }
            let slugs = reads::reward_slugs(&context.db, ids).await?.into_iter();
            let named = |(id, slug): (Uuid, String)| {
                let address = format!("/admin/rewards/{slug}");
                (id, (slug, address))
            };
            Ok(slugs.map(named).collect())
        })
    }
}

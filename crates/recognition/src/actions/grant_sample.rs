//! Sample data of boards: people who exist nowhere, with points from grants.

use std::{ops::Range, sync::Arc};

use identity::model::{AccountKind, Authority, GithubAccount};
use kernel::{Month, Points, Timestamp};
use platform::{Context, db::DbError};
use uuid::Uuid;

use super::reconcile;
use crate::model::{Entitlement, EntryKind, GLOBAL, Source, month_board};

/// The source kind of these grants.
pub const SAMPLE_SOURCE: &str = "seed";
/// GitHub's IDs start at 1, so negative IDs belong to no account.
const FIRST_ID: i64 = -1;

/// Registers the people of these numbers, each with the `points` of its number, in one transaction. Repeating it changes
/// nothing.
///
/// # Errors
/// When the database fails.
pub async fn grant_sample(
    context: &Context,
    numbers: Range<u32>,
    points: fn(u64) -> Points,
) -> Result<(), DbError> {
    let now = context.now();
    let tx = context.begin().await?;
    let accounts = numbers.clone().map(|number| account(number, now));
    let known = identity::actions::know_accounts(&tx, context, Authority::Github, accounts).await?;
    let boards: Arc<[String]> = Arc::from([GLOBAL.to_owned(), month_board(Month::of(now))]);
    let (mut scope, mut wanted) = (Vec::new(), Vec::new());
    for number in numbers {
        let Some(person) = known.get(&github_id(number)) else {
            continue;
        };
        let source = Source { kind: SAMPLE_SOURCE, id: Uuid::from_u128(number.into()) };
        scope.push((source, SAMPLE_SOURCE));
        wanted.push(Entitlement {
            user_id: person.user_id,
            identity_id: person.identity_id,
            source,
            reason: SAMPLE_SOURCE,
            kind: EntryKind::Award,
            points: points(number.into()),
            occurred_at: now
                - chrono::TimeDelta::seconds((u64::from(number) * 7_919 % 86_400) as i64),
            boards: Arc::clone(&boards),
            explanation: r#"{"seed":"granted to try out large boards"}"#.to_owned(),
        });
    }
    reconcile(&tx, context, &scope, wanted).await?;
    tx.commit().await
}

fn github_id(number: u32) -> i64 {
    FIRST_ID - i64::from(number)
}

fn account(number: u32, seen_at: Timestamp) -> GithubAccount {
    GithubAccount::new(github_id(number), format!("seed-{number:07}"), AccountKind::User, seen_at)
}

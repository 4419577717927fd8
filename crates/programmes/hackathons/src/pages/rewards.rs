//! The catalogue of rewards.

use askama::Template;
use axum::{extract::State, response::Response};
use identity::{
    access::{MaybePerson, SignedIn},
    model::Viewer,
};
use kernel::Points;
use platform::{Context, db::DbError};
use serde::Deserialize;
use ui::{
    Filled, Form, PageError, PageResult, QueryString,
    format::{Instant, exact},
    markdown, redirect, show,
};

use crate::{
    access::SeenReward,
    actions::redeem_reward,
    model::ClaimKind,
    reads::{self, RewardPart, RewardView},
    rules::rewards::ADDRESS,
};

/// The number of rewards on a page.
const ROWS: usize = 50;

/// The part of the list that a URL selects.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct RewardsQuery {
    pub(super) cursor: String,
}

#[derive(Template)]
#[template(path = "rewards.html")]
struct RewardsPage {
    rewards: Vec<RewardView>,
    /// The points that the person can spend; `None` for a visitor.
    balance: Option<Points>,
    next: Option<String>,
    is_first: bool,
}

impl RewardsPage {
    /// Returns the tag of a reward: its class and label.
    fn state(&self, reward: &RewardView) -> (&'static str, String) {
        let missing = self.balance.map(|balance| reward.cost - balance);
        match (reward.offer().is_sold_out(), missing) {
            (true, _) => ("t-sable", "Sold out".to_owned()),
            (false, None) => ("t-azure", "Available".to_owned()),
            (false, Some(missing)) if missing > 0 => {
                ("t-argent", format!("{} points to go", exact(missing)))
            }
            (false, Some(_)) => ("t-vert", "You can redeem it".to_owned()),
        }
    }
}

/// Returns the points that a person can spend.
async fn balance(context: &Context, viewer: Option<&Viewer>) -> Result<Option<Points>, DbError> {
    match viewer {
        Some(viewer) => {
            let balance = recognition::reads::spendable(&context.db, viewer.user_id).await?;
            Ok(Some(balance))
        }
        None => Ok(None),
    }
}

/// `GET /rewards`.
pub(super) async fn list(
    State(context): State<Context>,
    MaybePerson(viewer): MaybePerson,
    QueryString(query): QueryString<RewardsQuery>,
) -> PageResult {
    let after = Some(query.cursor.as_str()).filter(|cursor| !cursor.is_empty());
    let part = RewardPart::Active(context.now());
    let mut found = reads::rewards(&context.db, part, after, ROWS as i64 + 1).await?;
    let more = found.len() > ROWS;
    found.truncate(ROWS);
    show(&RewardsPage {
        next: found.last().filter(|_| more).map(|last| last.slug.clone()),
        is_first: after.is_none(),
        balance: balance(&context, viewer.as_ref()).await?,
        rewards: found,
    })
}

#[derive(Template)]
#[template(path = "reward.html")]
struct RewardPage {
    reward: RewardView,
    description: String,
    balance: Option<Points>,
    /// How many of it the person has redeemed.
    held: i64,
    /// The reason that the person cannot redeem it now.
    refusal: Option<String>,
    form: Form,
}

/// `GET /rewards/{slug}`.
pub(super) async fn page(State(context): State<Context>, seen: SeenReward) -> PageResult {
    render(&context, seen, Form::default()).await
}

async fn render(context: &Context, seen: SeenReward, form: Form) -> PageResult {
    let SeenReward { reward, viewer } = seen;
    let balance = balance(context, viewer.as_ref()).await?;
    let held = match &viewer {
        Some(viewer) => reads::redemptions_held(&context.db, reward.key(), viewer.user_id).await?,
        None => 0,
    };
    let refused = reward.offer().admit(held, context.now()).err();
    let missing = balance.map_or(0, |balance| reward.cost - balance);
    let refusal = match refused {
        Some(problem) => Some(problem.detail),
        None if missing > 0 => Some(format!("You need {} more points.", exact(missing))),
        None => None,
    };
    show(&RewardPage {
        description: markdown::typed(&reward.description),
        reward,
        balance,
        held,
        refusal,
        form,
    })
}

/// The field of the form that redeems a reward.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ClaimFields {
    claim: String,
}

/// `POST /rewards/{slug}`: redeems the reward.
pub(super) async fn redeem(
    State(context): State<Context>,
    SignedIn(viewer): SignedIn,
    seen: SeenReward,
    Filled(fields, form): Filled<ClaimFields>,
) -> Result<Response, PageError> {
    match redeem_reward(&context, viewer.user_id, seen.reward.slug.as_str(), fields.claim.as_str())
        .await
    {
        Ok(redemption) => {
            let said = format!("You redeemed {}", redemption.name);
            Ok(redirect("/rewards/redemptions", &said))
        }
        Err(error) => {
            let again = |form| render(&context, seen, form);
            form.refused(error, again).await
        }
    }
}

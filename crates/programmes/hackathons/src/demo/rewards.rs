//! The rewards of the demo, which an admin offers.

use platform::{Context, audit::Actor};

use super::allowed;
use crate::{
    actions::{NewReward, add_codes, create_reward, redeem_reward},
    reads,
    rules::rewards::RewardInput,
};

/// A reward of the demo: its slug, name, description, kind, cost, claim and stock.
struct Offer {
    slug: &'static str,
    name: &'static str,
    description: &'static str,
    kind: &'static str,
    cost: &'static str,
    claim_kind: &'static str,
    stock: &'static str,
}

const OFFERS: [Offer; 3] = [
    Offer {
        slug: "tide-stickers",
        name: "Tide stickers",
        description: "A sheet of stickers that survive salt water.",
        kind: "swag",
        cost: "100",
        claim_kind: "address",
        stock: "40",
    },
    Offer {
        slug: "hosting-voucher",
        name: "Hosting voucher",
        description: "Six months of a small server. You get a **code** as soon as an admin approves it.",
        kind: "coupon",
        cost: "400",
        claim_kind: "coupon_code",
        stock: "",
    },
    Offer {
        slug: "hour-with-a-maintainer",
        name: "An hour with a maintainer",
        description: "Come with a question about your code, and leave with an answer.",
        kind: "mentorship",
        cost: "800",
        claim_kind: "none",
        stock: "",
    },
];

/// The codes of the voucher.
const CODES: &str = "HARBOR-7KD2\nHARBOR-9QXM\nHARBOR-3TRV";

/// The person of the season who redeems a reward, and where it is sent.
const REDEEMS: (&str, &str) = ("bexley-umberto", "Bexley Umberto\nVia del Mare 3\nTrieste");

/// Offers the rewards. Those that exist stay as they are. Returns the number of rewards.
pub(super) async fn offer(context: &Context) -> anyhow::Result<usize> {
    for offer in &OFFERS {
        if reads::reward(&context.db, offer.slug).await?.is_some() {
            continue;
        }
        let text = |text: &str| Some(text.to_owned());
        let details = RewardInput {
            kind: text(offer.kind),
            name: text(offer.name),
            description: text(offer.description),
            cost: text(offer.cost),
            claim_kind: text(offer.claim_kind),
            stock: text(offer.stock).filter(|stock| !stock.is_empty()),
            ..RewardInput::default()
        };
        let new = NewReward { slug: text(offer.slug), details };
        create_reward(context, Actor::Operator, new).await?;
        match offer.claim_kind {
            "coupon_code" => {
                add_codes(context, Actor::Operator, offer.slug, CODES).await?;
            }
            "address" => redeem(context, offer.slug).await?,
            _ => {}
        }
    }
    Ok(OFFERS.len())
}

/// Lets a person redeem a reward, if they are known and have enough points.
async fn redeem(context: &Context, slug: &str) -> anyhow::Result<()> {
    let (login, address) = REDEEMS;
    if let Some(person) = identity::reads::person(&context.db, login).await? {
        allowed(redeem_reward(context, person.id.into(), slug, address).await)?;
    }
    Ok(())
}
